//! How often a failed request is repeated and how long is waited before: a growing wait with jitter.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How requests that failed in passing are repeated: a connection that could not be made or broke, a body cut short, 429,
/// 502, 503 and 504.
///
/// Before the n-th repetition passes `first_wait` · 2ⁿ⁻¹, at most `longest_wait`, of which jitter takes up to a half; or as
/// long as the server's `Retry-After` says. Whatever the number, a request with all its repetitions ends within the
/// configuration's `request_timeout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retries {
    /// How often a request is repeated; 2 by default, and 0 turns repeating off.
    pub count: u32,
    /// The wait before the first repetition; 200 ms by default.
    pub first_wait: Duration,
    /// The longest wait within one request; 5 s by default. What would have to wait longer, because of `Retry-After` or after
    /// many failures, fails at once instead: a sync has 30 s, and the next one comes soon enough.
    pub longest_wait: Duration,
    /// For how long a server that asked for patience by `Retry-After` is left alone at most; 10 minutes by default.
    pub longest_pause: Duration,
    /// What the jitter is drawn with, for who wants it repeatable; another one for each client by default, so that those that
    /// fail together don't come back together.
    pub seed: Option<u64>,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            count: 2,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(5),
            longest_pause: Duration::from_secs(600),
            seed: None,
        }
    }
}

impl Retries {
    /// Every request is made once.
    #[must_use]
    pub fn none() -> Self {
        Self { count: 0, ..Self::default() }
    }

    /// The time that passes after the n-th failure in a row, the first one being 1.
    pub(crate) fn backoff(&self, failures: u32, longest: Duration, jitter: &Jitter) -> Duration {
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        self.first_wait.saturating_mul(doubled).min(longest).mul_f64(1.0 - jitter.draw() / 2.0)
    }
}

/// Draws evenly from 0 to 1 (SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug)]
pub(crate) struct Jitter(AtomicU64);

impl Jitter {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

    pub(crate) fn new(seed: Option<u64>) -> Self {
        // The standard library keys its hash maps at random: that is random enough to keep clients apart.
        Self(AtomicU64::new(seed.unwrap_or_else(|| RandomState::new().build_hasher().finish())))
    }

    /// A number from 0 up to but not including 1.
    pub(crate) fn draw(&self) -> f64 {
        let mut z = self.0.fetch_add(Self::STEP, Ordering::Relaxed).wrapping_add(Self::STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        // 53 bits are what an f64 holds exactly.
        (z >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_jitter_takes_half_at_most() {
        let (retries, jitter) = (Retries::default(), Jitter::new(Some(7)));
        for (failures, whole) in
            [(1, 200), (2, 400), (3, 800), (4, 1600), (5, 3200), (6, 5000), (40, 5000), (u32::MAX, 5000)]
        {
            for _ in 0..100 {
                let wait = retries.backoff(failures, retries.longest_wait, &jitter).as_millis();
                assert!((whole / 2..=whole).contains(&wait), "{failures}: {wait}");
            }
        }
    }

    #[test]
    fn jitter_is_repeatable_with_a_seed_and_differs_without() {
        let draws = |jitter: Jitter| [jitter.draw(), jitter.draw(), jitter.draw()];
        assert_eq!(draws(Jitter::new(Some(1))), draws(Jitter::new(Some(1))));
        assert_ne!(draws(Jitter::new(Some(1))), draws(Jitter::new(Some(2))));
        assert_ne!(draws(Jitter::new(None)), draws(Jitter::new(None)));
    }
}
