//! The time that token lifetimes are measured by, so that a test or a stage can move it.

use std::fmt;
use std::time::SystemTime;

/// Tells the time that the lifetimes of tokens are measured by.
///
/// Waits on sockets do not go by it: a request's time limit is real time.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// The system's time.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this clock is the one place that asks the system")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}
