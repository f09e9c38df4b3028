//! The faults that are in force on a stage.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use understudy_scenarios::{Clock, Fault};

/// The faults that are in force on a stage; clones share them.
#[derive(Clone, Debug)]
pub struct Faults(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    clock: Clock,
    /// Whether there is any, to be asked without a lock by every request.
    any: AtomicBool,
    next: AtomicU64,
    active: RwLock<Vec<Arc<Active>>>,
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
}

impl Faults {
    pub(super) fn new(clock: Clock) -> Self {
        let shared = Shared { clock, any: AtomicBool::new(false), next: AtomicU64::new(1), active: RwLock::default() };
        Self(Arc::new(shared))
    }

    /// Puts a fault in force, and answers its id.
    pub fn inject(&self, fault: Fault) -> u64 {
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        let active = Arc::new(Active { id, fault, since: self.0.clock.now() });
        self.0.active.write().unwrap_or_else(PoisonError::into_inner).push(active);
        self.0.any.store(true, Ordering::Release);
        id
    }

    /// Lifts the faults of this name, or all with `all`, and answers how many those were.
    pub fn lift(&self, name: &str) -> usize {
        self.retain(|active| name != "all" && active.fault.name() != name)
    }

    /// Lifts the fault with this id, and answers whether there was one.
    pub fn lift_id(&self, id: u64) -> bool {
        self.retain(|active| active.id != id) > 0
    }

    /// The faults in force, in the order in which they came.
    #[must_use]
    pub fn active(&self) -> Vec<Arc<Active>> {
        if !self.0.any.load(Ordering::Acquire) {
            return Vec::new();
        }
        self.0.active.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn retain(&self, stays: impl Fn(&Active) -> bool) -> usize {
        let mut active = self.0.active.write().unwrap_or_else(PoisonError::into_inner);
        let before = active.len();
        active.retain(|active| stays(active));
        self.0.any.store(!active.is_empty(), Ordering::Release);
        before - active.len()
    }
}
