//! A fault that lasts as long as a value in somebody's test.

use super::Faults;

/// A fault in force, until this is dropped.
#[derive(Debug)]
#[must_use = "the fault is lifted when this is dropped"]
pub struct FaultGuard {
    faults: Faults,
    id: u64,
    lifts: bool,
}

impl FaultGuard {
    pub(in crate::stage) fn new(faults: Faults, id: u64) -> Self {
        Self { faults, id, lifts: true }
    }

    /// Which fault it is of its stage.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// On how many requests the fault was played, as long as it is in force.
    #[must_use]
    pub fn played(&self) -> u64 {
        self.faults.active().iter().find(|active| active.id == self.id).map_or(0, |active| active.played())
    }

    /// Lifts the fault now.
    pub fn lift(self) {}

    /// Leaves the fault in force, until somebody lifts it or it ends by itself; answers its id.
    pub fn keep(mut self) -> u64 {
        self.lifts = false;
        self.id
    }
}

impl Drop for FaultGuard {
    fn drop(&mut self) {
        if self.lifts {
            self.faults.lift_id(self.id);
        }
    }
}
