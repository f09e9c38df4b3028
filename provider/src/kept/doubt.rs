//! When a list that has lost much is believed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// In how many further syncs a loss must be seen before it is believed.
pub(super) const FURTHER_SYNCS: u32 = 2;
/// How many items somebody may well remove between two syncs.
const ORDINARY: usize = 3;

/// A list that may lose something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Scope {
    /// All API versions, when the portal is of another family than it was.
    Family,
    /// All API versions.
    Apis,
    /// Gloo Gateway's list of products.
    Products,
    /// The versions of this product of Gloo Gateway.
    Versions(String),
}

/// A loss that is or was not believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Doubt {
    /// In how many syncs it was seen.
    seen: u32,
    /// The ids that were gone when it was last seen.
    gone: BTreeSet<String>,
    /// Whether somebody has said that these ids may go.
    confirmed: bool,
}

/// The losses of the last sync, most of them not believed yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(Scope, Doubt)>", into = "Vec<(Scope, Doubt)>")]
pub(super) struct Doubts(BTreeMap<Scope, Doubt>);

impl Doubts {
    /// Whether a loss is to be held back, which is noted here; `earlier` are the doubts of the sync before.
    ///
    /// `before` is how many items the list had, `left` how many it has now.
    pub(super) fn hold_back(
        &mut self,
        earlier: &Self,
        scope: Scope,
        before: usize,
        left: usize,
        gone: BTreeSet<String>,
    ) -> bool {
        if !is_suspicious(before, left, gone.len()) && (scope != Scope::Family || gone.is_empty()) {
            return false;
        }
        let doubt = earlier.0.get(&scope);
        // What was believed or confirmed was what could be seen then: it says nothing of a greater loss.
        let has_grown = doubt.is_some_and(|doubt| !doubt.holds() && !gone.is_subset(&doubt.gone));
        let doubt = match doubt.filter(|_| !has_grown) {
            Some(doubt) => Doubt { seen: doubt.seen + 1, gone, confirmed: doubt.confirmed },
            None => Doubt { seen: 1, gone, confirmed: false },
        };
        let holds = doubt.holds();
        // One that holds no more stays: what is gone may be held back by another list, and would be doubted anew.
        self.0.insert(scope, doubt);
        holds
    }

    /// Takes over a doubt about a list that could not be read this time: it is neither seen again nor refuted.
    pub(super) fn take_over(&mut self, earlier: &Self, scope: Scope) {
        if let Some(doubt) = earlier.0.get(&scope) {
            self.0.insert(scope, doubt.clone());
        }
    }

    /// Lets go what is held back now; answers from how many lists something was.
    pub(super) fn confirm(&mut self) -> usize {
        let holding = self.0.values_mut().filter(|doubt| doubt.holds());
        holding.map(|doubt| doubt.confirmed = true).count()
    }
}

impl Doubt {
    fn holds(&self) -> bool {
        self.seen <= FURTHER_SYNCS && !self.confirmed
    }
}

/// Whether a list has lost so much that it may be the list that is wrong: it has become empty, or has lost more than half
/// of its items, and more than [`ORDINARY`].
///
/// What is gone is counted, not how much shorter the list is: one that shows as many others instead may be another
/// portal's.
fn is_suspicious(before: usize, left: usize, gone: usize) -> bool {
    gone > 0 && (left == 0 || (gone > ORDINARY && gone * 2 > before))
}

impl From<Vec<(Scope, Doubt)>> for Doubts {
    fn from(doubts: Vec<(Scope, Doubt)>) -> Self {
        Self(doubts.into_iter().collect())
    }
}

impl From<Doubts> for Vec<(Scope, Doubt)> {
    fn from(doubts: Doubts) -> Self {
        doubts.0.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Syncs in which a list of 10 has these left, and whether the loss was held back in each.
    fn held(left: &[usize]) -> Vec<bool> {
        let mut doubts = Doubts::default();
        let sync = |left: &usize| {
            let mut next = Doubts::default();
            let gone = (*left..10).map(|id| id.to_string()).collect();
            let held = next.hold_back(&doubts, Scope::Apis, 10, *left, gone);
            doubts = next;
            held
        };
        left.iter().map(sync).collect()
    }

    #[test]
    fn a_list_that_loses_more_than_half_is_held_back_for_two_further_syncs() {
        assert_eq!(held(&[4, 4, 4]), [true, true, false]);
        assert_eq!(held(&[0, 3, 0]), [true, true, false]);
        assert_eq!(held(&[5]), [false]);
    }

    #[test]
    fn a_list_that_is_whole_again_ends_the_doubt() {
        assert_eq!(held(&[0, 0, 10, 0]), [true, true, false, true]);
    }

    #[test]
    fn a_few_items_may_go_unless_they_were_all() {
        assert!(!is_suspicious(2, 1, 1));
        assert!(is_suspicious(1, 0, 1));
        assert!(!is_suspicious(4, 1, 3));
        assert!(is_suspicious(5, 1, 4));
        assert!(!is_suspicious(0, 0, 0));
    }

    #[test]
    fn a_list_that_shows_others_instead_has_lost_its_own() {
        assert!(is_suspicious(10, 10, 10));
        assert!(!is_suspicious(10, 10, 1));
    }

    #[test]
    fn what_is_believed_stays_so_while_it_is_seen() {
        assert_eq!(held(&[0, 0, 0, 0]), [true, true, false, false]);
        assert_eq!(held(&[4, 4, 4, 3]), [true, true, false, true]);
    }

    #[test]
    fn what_was_confirmed_may_go_and_nothing_more() {
        let ids = |from: usize| (from..10).map(|id| id.to_string()).collect::<BTreeSet<_>>();
        let mut first = Doubts::default();
        assert!(first.hold_back(&Doubts::default(), Scope::Apis, 10, 4, ids(4)));
        assert_eq!(first.confirm(), 1);
        assert!(!Doubts::default().hold_back(&first, Scope::Apis, 10, 4, ids(4)));
        assert!(Doubts::default().hold_back(&first, Scope::Apis, 10, 0, ids(0)));
    }
}
