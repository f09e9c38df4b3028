//! When a fault hits: which of the requests that fit, counted and drawn so that the same requests meet the same faults,
//! however the tasks that serve them are scheduled.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use understudy_scenarios::When;

/// Decides which requests a fault hits. Those that come outside of its window are not counted.
#[derive(Debug)]
pub(super) struct Trigger {
    when: When,
    seed: u64,
    seen: AtomicU64,
}

/// One request that a fault hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// The how-manieth it is of those that fit, from 1.
    number: u64,
    seed: u64,
}

impl Trigger {
    /// `seed` and `id` are what is drawn with where `when` names no seed.
    pub(super) fn new(when: &When, seed: u64, id: u64) -> Self {
        let seed = when.seed.unwrap_or_else(|| mix(seed, id));
        Self { when: when.clone(), seed, seen: AtomicU64::new(0) }
    }

    /// Whether the time is in the window of a fault that began `since`.
    pub(super) fn is_open(&self, since: Timestamp, now: Timestamp) -> bool {
        let age = now.duration_since(since);
        self.when.from.is_none_or(|from| age >= from.0) && self.when.until.is_none_or(|until| age < until.0)
    }

    /// How long it is from `now` until the window opens and closes, as far as that is still to come.
    pub(super) fn edges(&self, since: Timestamp, now: Timestamp) -> impl Iterator<Item = Duration> + use<> {
        let age = now.duration_since(since);
        let edges = [self.when.from, self.when.until];
        edges
            .into_iter()
            .flatten()
            .filter_map(move |edge| Duration::try_from(edge.0.saturating_sub(age)).ok())
            .filter(|left| !left.is_zero())
    }

    /// Counts a request that fits, and answers whether it is hit.
    pub(super) fn pull(&self, since: Timestamp, now: Timestamp) -> Option<Hit> {
        if !self.is_open(since, now) {
            return None;
        }
        let number = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        let When { nth, first, every, probability, .. } = self.when;
        let hit = Hit { number, seed: self.seed };
        let hits = nth.is_none_or(|nth| number == nth)
            && first.is_none_or(|first| number <= first)
            && every.is_none_or(|every| number.is_multiple_of(every))
            && probability.is_none_or(|probability| probability.happens(hit.draw(0)));
        hits.then_some(hit)
    }
}

impl Hit {
    /// An even draw, which depends on the seed, the request's number and `which` one it is of that request, alone.
    pub(super) fn draw(self, which: u64) -> u64 {
        mix(mix(self.seed, self.number), which)
    }

    /// The same from 0 to 1, 1 not included.
    pub(super) fn fraction(self, which: u64) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "53 bits are what it holds")]
        let bits = (self.draw(which) >> 11) as f64;
        bits / (1_u64 << 53) as f64
    }

    #[cfg(test)]
    pub(super) fn of(seed: u64, number: u64) -> Self {
        Self { number, seed }
    }
}

/// `SplitMix64` (Steele, Lea and Flood 2014), the `number`th of the sequence of `seed`.
fn mix(seed: u64, number: u64) -> u64 {
    let mut z = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use understudy_scenarios::{Lapse, Probability};

    use super::*;

    const BEGUN: Timestamp = Timestamp::UNIX_EPOCH;

    fn hits(when: When, requests: u64) -> Vec<u64> {
        let trigger = Trigger::new(&when, 0, 1);
        (1..=requests).filter(|_| trigger.pull(BEGUN, BEGUN).is_some()).collect()
    }

    fn in_order(when: When) -> Vec<u64> {
        let trigger = Trigger::new(&when, 0, 1);
        (1..=10).filter(|_| trigger.pull(BEGUN, BEGUN).is_some()).collect()
    }

    #[test]
    fn without_conditions_every_request_is_hit() {
        assert_eq!(hits(When::default(), 3), [1, 2, 3]);
    }

    #[test]
    fn the_nth_the_first_and_every_nth_are_counted_from_one() {
        assert_eq!(in_order(When { nth: Some(3), ..When::default() }), [3]);
        assert_eq!(in_order(When { first: Some(2), ..When::default() }), [1, 2]);
        assert_eq!(in_order(When { every: Some(4), ..When::default() }), [4, 8]);
        assert_eq!(in_order(When { every: Some(4), first: Some(5), ..When::default() }), [4]);
    }

    #[test]
    fn no_probability_never_hits_and_a_whole_one_always() {
        let with = |probability| When { probability: Some(Probability::new(probability).unwrap()), ..When::default() };
        assert_eq!(hits(with(0.0), 10_000).len(), 0);
        assert_eq!(hits(with(1.0), 10_000).len(), 10_000);
        let half = hits(with(0.5), 10_000).len();
        assert!((4_700..5_300).contains(&half), "{half}");
    }

    #[test]
    fn the_same_seed_hits_the_same_requests() {
        let with =
            |seed| When { probability: Some(Probability::new(0.3).unwrap()), seed: Some(seed), ..When::default() };
        assert_eq!(hits(with(7), 200), hits(with(7), 200));
        assert_ne!(hits(with(7), 200), hits(with(8), 200));
    }

    #[test]
    fn a_window_opens_and_closes_on_the_clock_and_what_comes_outside_does_not_count() {
        let seconds = |seconds| Some(Lapse(SignedDuration::from_secs(seconds)));
        let when = When { from: seconds(10), until: seconds(20), first: Some(1), ..When::default() };
        let trigger = Trigger::new(&when, 0, 1);
        let at = |seconds| BEGUN + SignedDuration::from_secs(seconds);
        assert!(trigger.pull(BEGUN, at(9)).is_none());
        assert!(trigger.pull(BEGUN, at(20)).is_none());
        assert!(trigger.pull(BEGUN, at(10)).is_some());
        assert!(trigger.pull(BEGUN, at(11)).is_none());
        let left: Vec<u64> = trigger.edges(BEGUN, at(12)).map(|left| left.as_secs()).collect();
        assert_eq!(left, [8]);
    }

    #[test]
    fn requests_at_once_are_counted_once_each() {
        let trigger = Trigger::new(&When { first: Some(3), ..When::default() }, 0, 1);
        let hits = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| (0..100).filter(|_| trigger.pull(BEGUN, BEGUN).is_some()).count()))
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).sum::<usize>()
        });
        assert_eq!(hits, 3);
    }
}
