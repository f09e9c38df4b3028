//! How many requests a rate limit lets through: fixed windows of the stage's time, the first of which begins with the
//! fault.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use understudy_scenarios::{Quota, RateUnit};

/// What is used of a quota.
#[derive(Debug, Default)]
pub(super) struct Meter(Mutex<Used>);

#[derive(Debug, Default)]
struct Used {
    /// The how-manieth window it is that requests were counted in.
    window: i64,
    requests: u32,
}

impl Meter {
    /// Counts a request, at `now`, for a limit that began `since`.
    ///
    /// # Errors
    /// When the quota is used up: in how many seconds the next window begins, rounded up.
    pub(super) fn count(&self, quota: Quota, since: Timestamp, now: Timestamp) -> Result<(), i64> {
        let unit = seconds(quota.per) * 1_000;
        let age = i64::try_from(now.duration_since(since).as_millis()).unwrap_or(i64::MAX);
        let window = age.div_euclid(unit);
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.window != window {
            *used = Used { window, requests: 0 };
        }
        if used.requests < quota.requests {
            used.requests += 1;
            return Ok(());
        }
        let left = unit - age.rem_euclid(unit);
        Err(left.div_euclid(1_000) + i64::from(left % 1_000 != 0))
    }
}

fn seconds(unit: RateUnit) -> i64 {
    match unit {
        RateUnit::Second => 1,
        RateUnit::Minute => 60,
        RateUnit::Hour => 3_600,
        RateUnit::Day => 86_400,
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_quota_is_used_up_and_comes_back_with_the_next_window() {
        let (meter, quota) = (Meter::default(), Quota { requests: 2, per: RateUnit::Minute });
        let since = Timestamp::UNIX_EPOCH;
        let at = |millis| meter.count(quota, since, since + SignedDuration::from_millis(millis));
        assert_eq!((at(0), at(10_000)), (Ok(()), Ok(())));
        assert_eq!(at(10_500), Err(50));
        assert_eq!(at(59_999), Err(1));
        assert_eq!((at(60_000), at(60_000), at(60_000)), (Ok(()), Ok(()), Err(60)));
    }

    #[test]
    fn no_requests_are_let_through_by_a_quota_of_none() {
        let quota = Quota { requests: 0, per: RateUnit::Second };
        assert_eq!(Meter::default().count(quota, Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH), Err(1));
    }
}
