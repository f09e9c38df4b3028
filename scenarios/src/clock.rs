//! The one clock that issuing, checking and every printed time go by.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Tells the time to the mocks; clones share it.
///
/// The system's time by default. A [fixed](Clock::fixed) clock stands still until it is
/// [advanced](Clock::advance), so that lifetimes can be tested without waiting.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    /// The system's time plus an offset in microseconds.
    System(AtomicI64),
    /// Microseconds since the Unix epoch.
    Fixed(AtomicI64),
}

impl Clock {
    /// The system's time.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Source::System(AtomicI64::new(0))))
    }

    /// A clock that stands still at `time` (to the microsecond).
    #[must_use]
    pub fn fixed(time: Timestamp) -> Self {
        Self(Arc::new(Source::Fixed(AtomicI64::new(time.as_microsecond()))))
    }

    /// The time now.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "the clock is the one place that asks the system")]
    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Source::System(offset) => {
                let now = Timestamp::now();
                let offset = SignedDuration::from_micros(offset.load(Ordering::Relaxed));
                now.saturating_add(offset).unwrap_or(now)
            }
            Source::Fixed(micros) => {
                Timestamp::from_microsecond(micros.load(Ordering::Relaxed)).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// Moves the clock forward, or back with a negative duration. Ends at the years that a timestamp can hold.
    pub fn advance(&self, by: SignedDuration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(if by.is_negative() { i64::MIN } else { i64::MAX });
        let (Source::System(at) | Source::Fixed(at)) = &*self.0;
        let _ = at.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |at| Some(at.saturating_add(micros)));
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_stands_still_until_it_is_advanced() {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let clock = Clock::fixed(start);
        let shared = clock.clone();
        assert_eq!(clock.now(), start);
        shared.advance(SignedDuration::from_secs(90));
        assert_eq!(clock.now(), start + SignedDuration::from_secs(90));
    }

    #[test]
    fn a_clock_moved_beyond_all_years_still_tells_a_time() {
        let clock = Clock::fixed(Timestamp::MAX);
        clock.advance(SignedDuration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
    }
}
