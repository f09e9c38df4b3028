//! Durations as reports and the journal write them.

use std::time::Duration;

/// Milliseconds, to the microsecond.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_digits_are_made_up() {
        assert_eq!(milliseconds(Duration::from_nanos(28_434)).to_string(), "0.028");
        assert_eq!(milliseconds(Duration::from_micros(1_234_567)).to_string(), "1234.567");
    }
}
