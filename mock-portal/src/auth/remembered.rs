//! The tokens that were found good, so that the next request with one costs a look-up and not a signature check.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;

use super::caller::Caller;
use super::jwks::FoundKey;
use super::verify::Times;

/// How many tokens are remembered at most.
const MOST: usize = 1_024;
/// The longest token that is remembered, in bytes.
const LONGEST: usize = 16 * 1_024;

/// A token that was found good: whose it is, and how long the finding holds.
pub(crate) struct Pass {
    pub(crate) caller: Arc<Caller>,
    /// Not before the token's own times and the fetch of the key.
    from: Timestamp,
    /// Until the token ends or the key is too old, whichever is sooner.
    until: Timestamp,
    key: FoundKey,
}

impl Pass {
    pub(crate) fn new(caller: Arc<Caller>, times: Times, key: FoundKey) -> Self {
        Self { caller, from: times.from.max(key.fresh.start), until: times.until.min(key.fresh.end), key }
    }

    fn holds(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until && self.key.is_current()
    }
}

/// The tokens that were found good in one world. It is never printed: it holds the tokens.
#[derive(Default)]
pub(crate) struct Remembered(RwLock<HashMap<Box<str>, Pass>>);

impl Remembered {
    /// Whose token it is, where that is known and still holds.
    pub(crate) fn recall(&self, token: &str, now: Timestamp) -> Option<Arc<Caller>> {
        let passes = self.0.read().unwrap_or_else(PoisonError::into_inner);
        passes.get(token).filter(|pass| pass.holds(now)).map(|pass| Arc::clone(&pass.caller))
    }

    /// Remembers a token. When there are too many, those that no longer hold go, and if none of them does, all go: each
    /// costs one signature check when it comes again.
    pub(crate) fn remember(&self, token: &str, pass: Pass, now: Timestamp) {
        if token.len() > LONGEST {
            return;
        }
        let mut passes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if passes.len() >= MOST {
            passes.retain(|_, pass| pass.holds(now));
        }
        if passes.len() >= MOST {
            passes.clear();
        }
        passes.insert(token.into(), pass);
    }
}

impl fmt::Debug for Remembered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Remembered(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::claims::Claims;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn pass(until: Timestamp) -> Pass {
        let caller = Arc::new(Caller::of("http://idp.test", &Claims::default()));
        Pass::new(caller, Times { from: Timestamp::MIN, until }, FoundKey::lasting())
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_token_is_known_until_it_ends() {
        let remembered = Remembered::default();
        remembered.remember("token", pass(second(10)), START);
        assert!(remembered.recall("token", second(9)).is_some());
        assert!(remembered.recall("token", second(10)).is_none());
        assert!(remembered.recall("other", second(9)).is_none());
    }

    #[test]
    fn never_more_than_so_many_are_remembered() {
        let remembered = Remembered::default();
        for number in 0..3 * MOST {
            remembered.remember(&number.to_string(), pass(Timestamp::MAX), START);
            assert!(remembered.0.read().unwrap().len() <= MOST);
            assert!(remembered.recall(&number.to_string(), START).is_some());
        }
    }

    #[test]
    fn those_that_ended_go_first() {
        let remembered = Remembered::default();
        remembered.remember("lasting", pass(Timestamp::MAX), START);
        for number in 1..MOST {
            remembered.remember(&number.to_string(), pass(second(10)), START);
        }
        remembered.remember("one more", pass(Timestamp::MAX), second(10));
        assert!(remembered.recall("lasting", second(10)).is_some());
        assert_eq!(remembered.0.read().unwrap().len(), 2);
    }

    #[test]
    fn a_token_of_unusual_length_is_not_kept() {
        let remembered = Remembered::default();
        let token = "x".repeat(LONGEST + 1);
        remembered.remember(&token, pass(Timestamp::MAX), START);
        assert!(remembered.recall(&token, START).is_none());
    }

    #[test]
    fn what_is_remembered_is_never_printed() {
        let remembered = Remembered::default();
        remembered.remember("token", pass(Timestamp::MAX), START);
        assert_eq!(format!("{remembered:?}"), "Remembered(…)");
    }
}
