//! What a later file says over what an earlier one says (`packages/config/src/reader.ts`).

use super::resolve::{Value, What};

/// Mappings are merged member by member; all else is replaced. What a later file leaves out, because a variable is not set
/// or altogether, stays; what it says is `null` goes.
pub(super) fn over(later: Option<Value>, earlier: Option<Value>) -> Option<Value> {
    let (later, earlier) = match (later, earlier) {
        (Some(later), Some(earlier)) => (later, earlier),
        (later, earlier) => return later.or(earlier),
    };
    let what = match (later.what, earlier.what) {
        (What::Unset(_), what) => return Some(Value { what, place: earlier.place }),
        (What::Map(later), What::Map(mut earlier)) => {
            for (key, value) in later {
                match earlier.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, before)) => {
                        if let Some(merged) = over(Some(value), Some(before.clone())) {
                            *before = merged;
                        }
                    }
                    None => earlier.push((key, value)),
                }
            }
            What::Map(earlier)
        }
        (what, _) => what,
    };
    Some(Value { what, place: later.place })
}
