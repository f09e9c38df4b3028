//! How long an answer is held back, and how many requests a quota lets through.

use std::f64::consts::TAU;
use std::time::Duration;

use understudy_scenarios::{Delay, DelaySpread, Lapse};

use super::trigger::Hit;

/// No answer is held back longer, however wide the spread.
const LONGEST: Duration = Duration::from_secs(3600);
/// The standard deviation of the logarithm, in hundredths, where none is given.
const SIGMA: u32 = 50;

/// How long the answer to this request is held back.
pub(super) fn length(delay: &Delay, hit: Hit) -> Duration {
    let by = delay.by.forward();
    let drawn = match delay.spread {
        DelaySpread::Fixed => by,
        DelaySpread::Uniform => {
            let to = delay.to.map_or(by, Lapse::forward);
            by + to.saturating_sub(by).mul_f64(hit.fraction(1))
        }
        DelaySpread::LogNormal => {
            let sigma = f64::from(delay.sigma_percent.unwrap_or(SIGMA)) / 100.0;
            let factor = (sigma * normal(hit)).exp();
            Duration::try_from_secs_f64(by.as_secs_f64() * factor).unwrap_or(LONGEST)
        }
    };
    drawn.min(LONGEST)
}

/// A draw from the standard normal distribution (Box and Muller 1958).
fn normal(hit: Hit) -> f64 {
    let radius = (-2.0 * (1.0 - hit.fraction(1)).ln()).sqrt();
    radius * (TAU * hit.fraction(2)).cos()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    const SECOND: Lapse = Lapse(SignedDuration::from_secs(1));

    fn delay(spread: DelaySpread) -> Delay {
        let to = (spread == DelaySpread::Uniform).then_some(Lapse(SignedDuration::from_secs(3)));
        Delay { by: SECOND, spread, to, sigma_percent: None }
    }

    fn lengths(spread: DelaySpread) -> Vec<f64> {
        let mut lengths: Vec<f64> =
            (1..=2_001).map(|number| length(&delay(spread), Hit::of(7, number)).as_secs_f64()).collect();
        lengths.sort_by(f64::total_cmp);
        lengths
    }

    #[test]
    fn a_fixed_delay_is_always_the_same() {
        assert!(lengths(DelaySpread::Fixed).iter().all(|length| (*length - 1.0).abs() < 1e-9));
    }

    #[test]
    fn a_uniform_delay_lies_between_its_bounds() {
        let lengths = lengths(DelaySpread::Uniform);
        assert!(lengths[0] >= 1.0 && lengths[0] < 1.05);
        assert!(lengths[2_000] < 3.0 && lengths[2_000] > 2.95);
        assert!((lengths[1_000] - 2.0).abs() < 0.1, "{}", lengths[1_000]);
    }

    #[test]
    fn a_log_normal_delay_has_its_median_and_a_long_tail() {
        let lengths = lengths(DelaySpread::LogNormal);
        assert!((lengths[1_000] - 1.0).abs() < 0.1, "{}", lengths[1_000]);
        assert!(lengths[0] > 0.0 && lengths[1_990] > 2.5, "{}", lengths[1_990]);
    }

    #[test]
    fn the_same_request_is_held_back_as_long_again() {
        assert_eq!(lengths(DelaySpread::LogNormal), lengths(DelaySpread::LogNormal));
    }
}
