//! One mock's port: accepting, refusing while the port stays taken, and the connections that are open.
//!
//! The accept loop is ours, not axum's, because a stage must end its connections when it ends, and be able to break
//! them on purpose.

use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::{AbortHandle, Id, JoinSet};

use super::held::{Held, Serving as Served};
use super::serve::{self, Front};

/// How many connections the system keeps until they are accepted.
const BACKLOG: u32 = 1024;
/// How often a port is asked for again that somebody else had in between.
const ATTEMPTS: u32 = 16;

/// One mock's port, on one or two addresses; clones share it.
#[derive(Clone, Debug)]
pub(super) struct Port(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    doors: Vec<Door>,
    inside: Mutex<Inside>,
    runtime: Handle,
}

/// Who is connected.
#[derive(Debug)]
struct Inside {
    connections: JoinSet<()>,
    held: HashMap<Id, Held>,
    /// None before the mock serves, and after it has ended.
    router: Option<Router>,
    /// Whether nobody is let in.
    refuses: bool,
}

/// One address of a port.
#[derive(Debug)]
struct Door {
    address: SocketAddr,
    socket: Mutex<Socket>,
    opened: Notify,
}

#[derive(Debug)]
enum Socket {
    Listening(TcpListener),
    /// Bound, so that nobody else gets the port, and not listening, so that the system refuses who connects.
    Held(TcpSocket),
    /// Not bound: the stage has ended, or the system would not give the port back.
    Gone,
}

/// A port's accept loops, which end with this value, and its connections with it.
#[derive(Debug)]
pub(super) struct Serving {
    port: Port,
    loops: Vec<AbortHandle>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.loops.iter().for_each(AbortHandle::abort);
        self.port.end();
    }
}

impl Port {
    /// Binds `port` on `bind`, or on both loopback addresses: `localhost` may mean either.
    pub(super) async fn bind(bind: Option<IpAddr>, port: u16) -> io::Result<Self> {
        let doors = listen(bind, port).await?.into_iter().map(Door::new).collect::<io::Result<_>>()?;
        let inside = Inside { connections: JoinSet::new(), held: HashMap::new(), router: None, refuses: false };
        Ok(Self(Arc::new(Shared { doors, inside: Mutex::new(inside), runtime: Handle::current() })))
    }

    /// The addresses, the IPv4 one first.
    pub(super) fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.0.doors.iter().map(|door| door.address)
    }

    /// Serves whoever connects, until the answer is dropped.
    pub(super) fn serve(&self, router: Router, front: &Arc<Front>) -> Serving {
        self.inside().router = Some(router);
        let accept = |door: usize| {
            let (port, front) = (self.clone(), Arc::clone(front));
            tokio::spawn(async move {
                loop {
                    match port.0.doors[door].accept().await {
                        Ok((stream, peer)) => port.let_in(stream, peer, &front),
                        // Out of file descriptors, or a peer that went away in between: neither is the port's end.
                        Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                    }
                }
            })
            .abort_handle()
        };
        Serving { port: self.clone(), loops: (0..self.0.doors.len()).map(accept).collect() }
    }

    fn let_in(&self, stream: TcpStream, peer: SocketAddr, front: &Arc<Front>) {
        // Dropped after the lock.
        let mut gone = Vec::new();
        let mut inside = self.inside();
        while let Some(ended) = inside.connections.try_join_next_with_id() {
            let id = ended.map_or_else(|panicked| panicked.id(), |(id, ())| id);
            gone.extend(inside.held.remove(&id));
        }
        if let Some(router) = inside.router.clone().filter(|_| !inside.refuses) {
            let front = Arc::clone(front);
            let held = Held::new(|over| serve::connection(stream, peer, router, front, over));
            let id = inside.connections.spawn(held.clone().run()).id();
            inside.held.insert(id, held);
        }
    }

    /// Refuses whoever connects from now on, and closes the connections that are open, or ends that. When this returns,
    /// the system refuses, or accepts, and the connections have ended once the answer is dropped.
    #[must_use]
    pub(super) fn refuse(&self, refuses: bool) -> Vec<Served> {
        let mut inside = self.inside();
        if inside.refuses == refuses || inside.router.is_none() {
            return Vec::new();
        }
        inside.refuses = refuses;
        // A listener is registered with the runtime, and a fault may be lifted from a thread that is in none.
        let _runtime = self.0.runtime.enter();
        for door in &self.0.doors {
            if refuses { door.close() } else { door.open() }
        }
        if refuses { inside.end_all() } else { Vec::new() }
    }

    /// Closes the connections that are open: they have ended once the answer is dropped.
    #[must_use]
    pub(super) fn hang_up(&self) -> Vec<Served> {
        self.inside().end_all()
    }

    /// Closes the connections that are open; the next ones come to `router`.
    pub(super) fn restart(&self, router: Router) {
        let _ended;
        let mut inside = self.inside();
        if inside.router.is_some() {
            inside.router = Some(router);
            _ended = inside.end_all();
        }
    }

    fn end(&self) {
        let _ended;
        let mut inside = self.inside();
        inside.router = None;
        _ended = inside.end_all();
        for door in &self.0.doors {
            *door.socket() = Socket::Gone;
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    /// Ends all connections; what the answer holds has ended when it is dropped, after the lock.
    fn end_all(&mut self) -> Vec<Served> {
        let ended = self.held.drain().filter_map(|(_, held)| held.end()).collect();
        // Those that are being served right now end after that.
        self.connections.abort_all();
        ended
    }
}

impl Door {
    fn new(listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self { address, socket: Mutex::new(Socket::Listening(listener)), opened: Notify::new() })
    }

    async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        loop {
            let accepted = poll_fn(|context| match &*self.socket() {
                Socket::Listening(listener) => listener.poll_accept(context),
                Socket::Held(_) | Socket::Gone => Poll::Pending,
            });
            tokio::select! {
                accepted = accepted => return accepted,
                () = self.opened.notified() => {}
            }
        }
    }

    /// Stops listening and keeps the port.
    fn close(&self) {
        let mut socket = self.socket();
        // The old socket must be gone before the new one can be bound. Should somebody get the port between the two, the
        // system still refuses nobody on our behalf, but lets us try again.
        *socket = Socket::Gone;
        for _ in 0..ATTEMPTS {
            if let Ok(held) = hold(self.address) {
                *socket = Socket::Held(held);
                return;
            }
        }
    }

    /// Listens again.
    fn open(&self) {
        let mut socket = self.socket();
        let held = match std::mem::replace(&mut *socket, Socket::Gone) {
            Socket::Held(held) => Ok(held),
            Socket::Listening(listener) => return *socket = Socket::Listening(listener),
            Socket::Gone => hold(self.address),
        };
        // Connections of before may still be in their last wait (`TIME_WAIT`): without `SO_REUSEADDR` they bar the port.
        let listener = held.and_then(|held| {
            reuse(&held, true)?;
            held.listen(BACKLOG)
        });
        if let Ok(listener) = listener {
            *socket = Socket::Listening(listener);
            self.opened.notify_one();
        }
    }

    fn socket(&self) -> MutexGuard<'_, Socket> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A socket that has `address` to itself and does not listen.
fn hold(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // To be bound beside the connections that are left, and then to let nobody else be bound beside it.
    reuse(&socket, true)?;
    socket.bind(address)?;
    reuse(&socket, false)?;
    Ok(socket)
}

/// Sets `SO_REUSEADDR`, which on Windows means something else: there, anybody could take the port.
fn reuse(socket: &TcpSocket, reuse: bool) -> io::Result<()> {
    if cfg!(unix) { socket.set_reuseaddr(reuse) } else { Ok(()) }
}

/// Binds `port` on `bind`, or on both loopback addresses.
pub(crate) async fn listen(bind: Option<IpAddr>, port: u16) -> io::Result<Vec<TcpListener>> {
    if let Some(address) = bind {
        return Ok(vec![TcpListener::bind((address, port)).await?]);
    }
    // A port that is free on 127.0.0.1 may be taken on ::1; with any port asked for, another one is tried.
    let mut attempts = ATTEMPTS;
    loop {
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        match TcpListener::bind((Ipv6Addr::LOCALHOST, v4.local_addr()?.port())).await {
            Ok(v6) => return Ok(vec![v4, v6]),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                attempts -= 1;
                if port != 0 || attempts == 0 {
                    return Err(error);
                }
            }
            // This machine has no IPv6.
            Err(_) => return Ok(vec![v4]),
        }
    }
}
