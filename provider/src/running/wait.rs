//! How long a running provider waits from one sync to the next.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::clock::Clock;
use crate::schedule::Schedule;

/// The wait after a first failure; each further one doubles it, up to the schedule's frequency.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// No schedule syncs more often.
const SHORTEST: Duration = Duration::from_millis(50);
/// None less often: beyond that, sums with a time overflow.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);
/// By how much of itself a wait is longer or shorter, so that many providers don't ask in step.
const JITTER: f64 = 0.1;
/// How often a clock that may be moved is asked while a wait goes on.
const GLANCE: Duration = Duration::from_millis(100);

/// The wait after so many failures in a row. `chance` lies between 0 and 1.
pub(super) fn before_next(schedule: &Schedule, failures: u32, chance: f64) -> Duration {
    let frequency = schedule.frequency.clamp(SHORTEST, LONGEST);
    let wait = match failures {
        0 => frequency,
        failures => FIRST_RETRY.saturating_mul(1 << (failures - 1).min(16)).min(frequency),
    };
    wait.mul_f64(1.0 - JITTER + 2.0 * JITTER * chance)
}

/// A number from 0 to 1. The standard library seeds each map's hashes with the system's random numbers; a wait needs none
/// that nobody can guess.
pub(super) fn chance() -> f64 {
    RandomState::new().hash_one(0) as f64 / u64::MAX as f64
}

/// Returns once `wait` is over since `from` by the clock, or since `since` in real time: a clock that stands still or was
/// set back must not keep the next sync from coming.
pub(super) async fn until_over(clock: &dyn Clock, from: SystemTime, since: Instant, wait: Duration) {
    while let Some(left) = wait.checked_sub(since.elapsed()).filter(|left| !left.is_zero()) {
        let passed = clock.now().duration_since(from).unwrap_or_default();
        let Some(by_clock) = wait.checked_sub(passed).filter(|left| !left.is_zero()) else { return };
        tokio::time::sleep(left.min(by_clock).min(GLANCE)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(frequency: Duration) -> Schedule {
        Schedule { frequency, ..Schedule::default() }
    }

    #[test]
    fn a_good_sync_is_followed_by_the_next_after_the_frequency_more_or_less() {
        let minute = every(Duration::from_secs(60));
        assert_eq!(before_next(&minute, 0, 0.0), Duration::from_secs(54));
        assert_eq!(before_next(&minute, 0, 0.5), Duration::from_secs(60));
        assert_eq!(before_next(&minute, 0, 1.0), Duration::from_secs(66));
    }

    #[test]
    fn failures_are_followed_sooner_and_ever_later_but_not_later_than_that() {
        let minute = every(Duration::from_secs(60));
        let waits: Vec<u64> = (1..9).map(|failures| before_next(&minute, failures, 0.5).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(before_next(&minute, u32::MAX, 0.5), Duration::from_secs(60));
        assert_eq!(before_next(&every(Duration::from_millis(200)), 1, 0.5), Duration::from_millis(200));
    }

    #[test]
    fn no_frequency_makes_a_loop_or_overflows() {
        assert_eq!(before_next(&every(Duration::ZERO), 0, 0.5), SHORTEST);
        assert_eq!(before_next(&every(Duration::MAX), 0, 0.5), LONGEST);
    }

    #[test]
    fn chances_lie_between_nothing_and_all() {
        let chances: Vec<f64> = (0..100).map(|_| chance()).collect();
        assert!(chances.iter().all(|chance| (0.0..=1.0).contains(chance)));
        assert!(chances.iter().any(|chance| *chance < 0.5) && chances.iter().any(|chance| *chance > 0.5));
    }
}
