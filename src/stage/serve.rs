//! Sockets: binding a mock's port, accepting, and handing connections to its router.
//!
//! The accept loop is ours, not axum's, because a stage must end its connections when it ends, and later must be able to
//! break them on purpose.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tower::Service;
use understudy_scenarios::{Clock, Note, Server};

use super::exchange::Exchange;
use super::journal::Journal;

/// Called with each exchange as it passes.
pub(super) type Observer = Arc<dyn Fn(&Exchange) + Send + Sync>;

/// A listener's accept loop, which ends with this value, and its connections with it.
#[derive(Debug)]
pub(super) struct Serving(AbortHandle);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What all connections to one mock share.
#[derive(Clone)]
pub(super) struct Front {
    pub(super) server: Server,
    pub(super) router: Router,
    pub(super) clock: Clock,
    pub(super) journal: Journal,
    pub(super) observer: Option<Observer>,
}

/// Binds `port` on `bind`, or on both loopback addresses: `localhost` may mean either.
pub(crate) async fn listen(bind: Option<IpAddr>, port: u16) -> io::Result<Vec<TcpListener>> {
    if let Some(address) = bind {
        return Ok(vec![TcpListener::bind((address, port)).await?]);
    }
    // A port that is free on 127.0.0.1 may be taken on ::1; with any port asked for, another one is tried.
    let mut attempts = 16;
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

/// Serves connections to `listener` until the answer is dropped.
pub(super) fn serve(listener: TcpListener, front: Front) -> Serving {
    let task = tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => {
                        connections.spawn(serve_connection(stream, peer, front.clone()));
                    }
                    // Out of file descriptors, or a peer that went away in between: neither is the listener's end.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
    });
    Serving(task.abort_handle())
}

async fn serve_connection(stream: TcpStream, peer: SocketAddr, front: Front) {
    // Without it, an answer in two writes waits for the peer's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(front.clone(), peer, request));
    // An error here is the peer's: it spoke something else, or went away.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    mut front: Front,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    let (at, started) = (front.clock.now(), Instant::now());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = front.router.call(request).await?;
    let note = response.extensions_mut().remove::<Note>().unwrap_or_default();
    let exchange = front.journal.take_down(Exchange {
        number: 0,
        at,
        server: front.server,
        method,
        path,
        status: Some(response.status()),
        note,
        faults: Vec::new(),
        elapsed: started.elapsed(),
    });
    if let Some(observer) = front.observer {
        observer(&exchange);
    }
    Ok(response)
}
