//! A token that is kept, and for how long: all that a source does by the time.

use std::time::{Duration, SystemTime};

use super::grant::Granted;
use super::{AccessToken, TokenError};

/// However short a token's life, it is used for this long: no `expires_in` makes a loop.
const SHORTEST_USE: Duration = Duration::from_secs(1);
/// However long a token's life, a new one is asked for after this long.
const LONGEST_USE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a token is used whose life the server does not tell.
const UNTOLD_USE: Duration = Duration::from_secs(60);
/// A token is not shown to the portal in the last part of its life, which a slow request may need: a tenth of it, but no
/// more than this.
const LONGEST_MARGIN: Duration = Duration::from_secs(5);
/// Tokens that are turned away when they are younger than this count as turned away in a row.
const YOUNG: Duration = Duration::from_secs(60);

/// A token that can be used again, and the spans of its life.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) token: AccessToken,
    since: SystemTime,
    /// From here on a new one is asked for, while this one is still used.
    renew_at: SystemTime,
    /// From here on it is only used if no other one can be had.
    until: SystemTime,
    /// From here on it is not used any more.
    ends: SystemTime,
    /// The portal did not let it in.
    is_turned_away: bool,
    /// How many tokens were turned away in a row before this one.
    turned_away_before: u32,
}

/// What a kept token is good for at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It is used.
    Good,
    /// It is used, and a new one is asked for meanwhile.
    Renewed,
    /// It is used only if no new one can be had.
    Ending,
    /// It has ended, or the portal turned it away, or the clock was set back to before it.
    Over,
}

impl Kept {
    /// Keeps a token; `jitter`, from 0 to 1, says when between 80 and 90 hundredths of its use it is renewed.
    pub(super) fn new(granted: Granted, turned_away_before: u32, jitter: f64) -> Self {
        let Granted { token, asked_at: since, life } = granted;
        let used = used(life);
        let after = |span: Duration| since.checked_add(span).unwrap_or(since);
        let (renew_at, until) = (after(used.mul_f64(0.8 + jitter / 10.0)), after(used));
        let ends = after(life.unwrap_or(used)).max(until);
        Self { token, since, renew_at, until, ends, is_turned_away: false, turned_away_before }
    }

    pub(super) fn at(&self, now: SystemTime) -> Use {
        if self.is_turned_away || now < self.since || now >= self.ends {
            Use::Over
        } else if now >= self.until {
            Use::Ending
        } else if now < self.renew_at.max(self.since + SHORTEST_USE) {
            Use::Good
        } else {
            Use::Renewed
        }
    }

    /// Takes it that the portal turned the token away. Nothing where that is known already; else how many were turned away
    /// in a row, this one included.
    pub(super) fn turn_away(&mut self, now: SystemTime) -> Option<u32> {
        if self.is_turned_away {
            return None;
        }
        self.is_turned_away = true;
        let is_young = now.duration_since(self.since).is_ok_and(|age| age < YOUNG);
        let in_a_row = if is_young { self.turned_away_before.saturating_add(1) } else { 1 };
        self.turned_away_before = in_a_row;
        Some(in_a_row)
    }

    /// How many tokens have been turned away in a row, where this one has.
    pub(super) fn turned_away(&self) -> u32 {
        if self.is_turned_away { self.turned_away_before } else { 0 }
    }

    pub(super) fn is_turned_away(&self) -> bool {
        self.is_turned_away
    }
}

/// How long a token with this life is used.
fn used(life: Option<Duration>) -> Duration {
    let Some(life) = life else { return UNTOLD_USE };
    life.saturating_sub((life / 10).min(LONGEST_MARGIN)).clamp(SHORTEST_USE, LONGEST_USE)
}

/// A span in which nothing is asked of the token endpoint, because of what came before.
#[derive(Debug)]
pub(super) struct Hold {
    since: SystemTime,
    length: Duration,
    /// What failed, where it was a request rather than a token.
    pub(super) error: Option<TokenError>,
}

impl Hold {
    pub(super) fn new(since: SystemTime, length: Duration, error: Option<TokenError>) -> Self {
        Self { since, length, error }
    }

    /// How much of it is left; nothing when it is over, or the clock was set back to before it.
    pub(super) fn rest(&self, now: SystemTime) -> Option<Duration> {
        let passed = now.duration_since(self.since).ok()?;
        self.length.checked_sub(passed).filter(|rest| !rest.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
    }

    fn kept(life: Option<Duration>, turned_away_before: u32, jitter: f64) -> Kept {
        let token = AccessToken::new("t", None).unwrap();
        Kept::new(Granted { token, asked_at: start(), life }, turned_away_before, jitter)
    }

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn a_token_is_renewed_within_the_fifth_before_its_end_and_used_until_shortly_before() {
        for (jitter, renewed) in [(0.0, 2876.0), (1.0, 3235.5)] {
            let kept = kept(Some(seconds(3600.0)), 0, jitter);
            assert_eq!(kept.at(start()), Use::Good);
            assert_eq!(kept.at(start() + seconds(renewed - 1.0)), Use::Good);
            assert_eq!(kept.at(start() + seconds(renewed + 0.1)), Use::Renewed);
            assert_eq!(kept.at(start() + seconds(3594.9)), Use::Renewed);
            assert_eq!(kept.at(start() + seconds(3595.0)), Use::Ending);
            assert_eq!(kept.at(start() + seconds(3600.0)), Use::Over);
        }
    }

    #[test]
    fn a_token_is_used_for_a_second_at_least_and_a_day_at_most() {
        assert_eq!(used(Some(Duration::ZERO)), seconds(1.0));
        assert_eq!(used(Some(seconds(0.5))), seconds(1.0));
        assert_eq!(used(Some(seconds(10.0))), seconds(9.0));
        assert_eq!(used(Some(seconds(60.0))), seconds(55.0));
        assert_eq!(used(Some(seconds(100.0 * 365.0 * 86_400.0))), seconds(86_400.0));
        assert_eq!(used(None), seconds(60.0));
        let shortest = kept(Some(Duration::ZERO), 0, 0.0);
        assert_eq!(shortest.at(start() + seconds(0.99)), Use::Good);
        assert_eq!(shortest.at(start() + seconds(1.0)), Use::Over);
    }

    #[test]
    fn a_clock_that_is_set_back_ends_a_token_and_a_hold() {
        assert_eq!(kept(None, 0, 0.0).at(start() - seconds(1.0)), Use::Over);
        assert_eq!(Hold::new(start(), seconds(9.0), None).rest(start() - seconds(1.0)), None);
        assert_eq!(Hold::new(start(), seconds(9.0), None).rest(start() + seconds(2.0)), Some(seconds(7.0)));
        assert_eq!(Hold::new(start(), seconds(9.0), None).rest(start() + seconds(9.0)), None);
    }

    #[test]
    fn tokens_are_turned_away_in_a_row_only_while_they_are_young() {
        let mut young = kept(None, 2, 0.0);
        assert_eq!(young.turn_away(start() + seconds(1.0)), Some(3));
        assert_eq!(young.turn_away(start() + seconds(1.0)), None);
        assert_eq!(young.at(start() + seconds(1.0)), Use::Over);
        assert_eq!(kept(Some(seconds(3600.0)), 2, 0.0).turn_away(start() + seconds(61.0)), Some(1));
    }
}
