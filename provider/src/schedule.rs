//! How often a provider syncs, and for how long a sync may go on.

use std::time::Duration;

/// How often a running provider syncs: the plugin's `syncFrequency` and `syncTimeout`, with the plugin's defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Schedule {
    /// The time from one sync to the next; 5 minutes by default.
    pub frequency: Duration,
    /// How long a whole sync may take, in real time; 30 s by default.
    pub timeout: Duration,
}

impl Schedule {
    /// This schedule with another time from one sync to the next.
    #[must_use]
    pub fn every(self, frequency: Duration) -> Self {
        Self { frequency, ..self }
    }
}

impl Default for Schedule {
    fn default() -> Self {
        Self { frequency: Duration::from_secs(300), timeout: Duration::from_secs(30) }
    }
}
