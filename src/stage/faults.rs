//! The faults that are in force on a stage, and when each of them is.
//!
//! Faults on requests are played as requests pass ([`play`]). Those that come before any request are a state of a mock's
//! port, which [`Faults::settle`] sees to: whenever a fault comes or goes, the clock's course changes, or a time has come.

mod answer;
mod body;
mod caller;
mod check;
mod content;
mod delay;
mod edit;
mod guard;
mod play;
mod quota;
mod trigger;
mod vendor;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_rustls::rustls::ServerConfig;
use understudy_scenarios::{Clock, Fault, FaultKind, Ids, LiveWorld, Server};

use super::port::Port;
use super::secure::Certificates;
pub use check::FaultError;
pub use guard::FaultGuard;
pub(super) use play::play;
use quota::Meter;
use trigger::Trigger;

/// The faults that are in force on a stage; clones share them.
#[derive(Clone, Debug)]
pub struct Faults(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    clock: Clock,
    world: LiveWorld,
    ids: Ids,
    /// What faults draw with that name no seed of their own.
    seed: u64,
    /// The host names that a redirect may lead to beside this machine's own: those that the mocks are known by.
    hosts: Vec<String>,
    ports: [(Server, Port); 2],
    certificates: Option<Certificates>,
    /// Whether there is any, to be asked without a lock by every request.
    any: AtomicBool,
    next: AtomicU64,
    active: RwLock<Vec<Arc<Active>>>,
    /// Held while the ports are brought in line.
    settling: Mutex<()>,
    changed: Notify,
}

/// What faults need of their stage.
pub(super) struct Ground {
    pub(super) clock: Clock,
    pub(super) world: LiveWorld,
    pub(super) seed: u64,
    pub(super) hosts: Vec<String>,
    pub(super) ports: [(Server, Port); 2],
    /// None on a stage without TLS.
    pub(super) certificates: Option<Certificates>,
}

/// A fault in force.
#[derive(Debug)]
pub struct Active {
    /// Which one it is of its stage, from 1.
    pub id: u64,
    /// What it does, on which requests.
    pub fault: Fault,
    /// When it began, by the stage's clock.
    pub since: Timestamp,
    /// What `lift` calls it, shared by the exchanges on which it was played.
    name: Arc<str>,
    /// When it ends by itself, in real time.
    expires: Option<Instant>,
    trigger: Trigger,
    meter: Meter,
    played: AtomicU64,
    /// What it shows in place of the server's own certificate.
    certificate: Option<Arc<ServerConfig>>,
    /// Whether the connections of before it came into force have been closed.
    has_cleared: AtomicBool,
}

impl Active {
    /// On how many requests, or TLS handshakes, it was played.
    #[must_use]
    pub fn played(&self) -> u64 {
        self.played.load(Ordering::Relaxed)
    }

    fn has_expired(&self) -> bool {
        self.expires.is_some_and(|expires| expires <= Instant::now())
    }
}

impl Faults {
    pub(super) fn new(ground: Ground) -> Self {
        let Ground { clock, world, seed, hosts, ports, certificates } = ground;
        Self(Arc::new(Shared {
            clock,
            world,
            ids: Ids::seeded(seed),
            seed,
            hosts,
            ports,
            certificates,
            any: AtomicBool::new(false),
            next: AtomicU64::new(1),
            active: RwLock::default(),
            settling: Mutex::default(),
            changed: Notify::new(),
        }))
    }

    /// Puts a fault in force, and answers its id. It holds for the first request that comes after this returns.
    ///
    /// # Errors
    /// When the fault can't be played, such as one that is to refuse the connections of one caller. Nothing has changed
    /// then.
    pub fn inject(&self, fault: Fault) -> Result<u64, FaultError> {
        check::check(&fault, &self.0.hosts)?;
        let certificate = match &fault.does {
            FaultKind::Tls(wrong) => {
                let certificates = self.0.certificates.as_ref().ok_or(FaultError::NoTls)?;
                Some(certificates.spoilt(*wrong).map_err(|error| FaultError::Certificate(error.to_string()))?)
            }
            _ => None,
        };
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        let active = Active {
            id,
            since: self.0.clock.now(),
            name: fault.name().into(),
            // A time to live beyond all times is none.
            expires: fault.time_to_live.and_then(|lapse| Instant::now().checked_add(lapse.forward())),
            trigger: Trigger::new(&fault.when, self.0.seed, id),
            meter: Meter::default(),
            played: AtomicU64::new(0),
            certificate,
            has_cleared: AtomicBool::new(false),
            fault,
        };
        let mut faults = self.0.active.write().unwrap_or_else(PoisonError::into_inner);
        faults.push(Arc::new(active));
        self.0.any.store(true, Ordering::Release);
        drop(faults);
        self.settle();
        self.0.changed.notify_one();
        Ok(id)
    }

    /// Lifts the faults of this name, or all with `all`, and answers how many those were.
    pub fn lift(&self, name: &str) -> usize {
        self.remove(|active| name == "all" || &*active.name == name)
    }

    /// Lifts the fault with this id, and answers whether there was one.
    pub fn lift_id(&self, id: u64) -> bool {
        self.remove(|active| active.id == id) > 0
    }

    /// The faults in force, in the order in which they came.
    #[must_use]
    pub fn active(&self) -> Vec<Arc<Active>> {
        if self.is_idle() {
            return Vec::new();
        }
        let faults = self.0.active.read().unwrap_or_else(PoisonError::into_inner);
        faults.iter().filter(|active| !active.has_expired()).cloned().collect()
    }

    /// Whether there is no fault at all.
    pub(super) fn is_idle(&self) -> bool {
        !self.0.any.load(Ordering::Acquire)
    }

    /// Brings the ports in line with the faults and the clock as they are now.
    pub(super) fn settle(&self) {
        // Dropped last: what is under way on a connection is taken down when that ends, and whoever is told may come back.
        let mut ended = Vec::new();
        let _one_at_a_time = self.0.settling.lock().unwrap_or_else(PoisonError::into_inner);
        let faults = self.active();
        let begun: Vec<_> = faults.iter().filter(|active| active.begins_to_spoil(&self.0.clock)).collect();
        for (server, port) in &self.0.ports {
            let refuses = faults.iter().any(|active| active.refuses(*server, &self.0.clock));
            ended.extend(port.refuse(refuses));
            // A connection that was kept would never meet another certificate.
            if begun.iter().any(|active| active.is_of(*server)) {
                ended.extend(port.hang_up());
            }
        }
    }

    /// What a server shows to the next that connects, where a fault has another certificate in place of its own.
    pub(super) fn certificate(&self, server: Server) -> Option<Arc<ServerConfig>> {
        let now = self.0.clock.now();
        self.active().into_iter().find_map(|active| {
            let certificate = active.certificate.as_ref().filter(|_| active.is_of(server))?;
            active.trigger.pull(active.since, now)?;
            active.played.fetch_add(1, Ordering::Relaxed);
            Some(Arc::clone(certificate))
        })
    }

    /// Follows the clock and the times at which faults come, end or begin, for as long as the stage is up.
    pub(super) async fn watch(self) {
        let mut moves = self.0.clock.subscribe();
        loop {
            self.remove(Active::has_expired);
            let next = tokio::time::sleep(self.until_next());
            tokio::select! {
                () = next => {}
                () = self.0.changed.notified() => {}
                _ = moves.changed() => {}
            }
            self.settle();
        }
    }

    /// How long it is, in real time, until a fault ends, or a port may have to be closed or opened.
    fn until_next(&self) -> Duration {
        const NOTHING_NEAR: Duration = Duration::from_secs(3600);
        let clock = &self.0.clock;
        let times = self.active().into_iter().flat_map(|active| {
            let end = active.expires.map(|expires| expires.saturating_duration_since(Instant::now()));
            let window = active.fault.does.is_before_requests() && !clock.is_frozen();
            let edges = active.trigger.edges(active.since, clock.now());
            end.into_iter().chain(window.then_some(edges).into_iter().flatten())
        });
        // A timer that fires a little early would find nothing to do, and be set again at once.
        times.min().map_or(NOTHING_NEAR, |time| time.min(NOTHING_NEAR) + Duration::from_millis(1))
    }

    fn remove(&self, goes: impl Fn(&Active) -> bool) -> usize {
        let mut faults = self.0.active.write().unwrap_or_else(PoisonError::into_inner);
        let before = faults.len();
        faults.retain(|active| !goes(active));
        self.0.any.store(!faults.is_empty(), Ordering::Release);
        let gone = before - faults.len();
        drop(faults);
        if gone > 0 {
            self.settle();
            self.0.changed.notify_one();
        }
        gone
    }
}

impl Active {
    /// Whether it is a fault of this server's.
    fn is_of(&self, server: Server) -> bool {
        self.fault.server.is_none_or(|of| of == server)
    }

    /// Whether it has this server refuse connections now.
    fn refuses(&self, server: Server, clock: &Clock) -> bool {
        matches!(self.fault.does, FaultKind::Refuse)
            && self.is_of(server)
            && self.trigger.is_open(self.since, clock.now())
    }

    /// Whether it has shown another certificate from now on, and not when this was last asked.
    fn begins_to_spoil(&self, clock: &Clock) -> bool {
        let spoils = self.certificate.is_some() && self.trigger.is_open(self.since, clock.now());
        spoils && !self.has_cleared.swap(spoils, Ordering::AcqRel)
    }
}
