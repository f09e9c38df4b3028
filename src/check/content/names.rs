//! Which names the plugin would give a portal's APIs, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use understudy_provider::Names;

/// How many characters of an id a name has at most: there the plugin cuts.
pub(in crate::check) const LONGEST: usize = 62;

/// What is wrong with the names that ids make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::check) struct Naming {
    /// Names that several ids make, and those ids.
    pub(in crate::check) shared: Vec<(String, Vec<String>)>,
    /// Ids whose names Backstage refuses.
    pub(in crate::check) refused: Vec<String>,
    /// Ids of which a name does not hold all.
    pub(in crate::check) cut: Vec<String>,
}

impl Naming {
    pub(in crate::check) fn of<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let mut by_name: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for id in ids {
            by_name.entry(Names::plugins(id)).or_default().insert(id);
        }
        let mut naming = Self::default();
        for (name, ids) in by_name {
            let owned = |id: &&str| (*id).to_owned();
            // An id that is alone keeps the plugin's name, unless Backstage refuses that.
            naming.refused.extend(ids.iter().filter(|id| Names::assign([**id]).of(id) != name).map(owned));
            naming.cut.extend(ids.iter().filter(|id| id.chars().count() > LONGEST).map(owned));
            if ids.len() > 1 {
                naming.shared.push((name, ids.iter().map(owned).collect()));
            }
        }
        naming
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_shared_refused_and_cut() {
        let long = "x".repeat(63);
        let naming = Naming::of(["a b", "a/b", "petstore-v1", "petstore-v1", "orders (beta)", &long]);
        assert_eq!(naming.shared, [("a-b".to_owned(), vec!["a b".to_owned(), "a/b".to_owned()])]);
        assert_eq!((naming.refused, naming.cut), (vec!["orders (beta)".to_owned()], vec![long]));
    }

    proptest! {
        #[test]
        fn any_ids_can_be_named(ids in prop::collection::vec(any::<String>(), 0..8)) {
            let naming = Naming::of(ids.iter().map(String::as_str));
            prop_assert!(naming.shared.iter().all(|(_, ids)| ids.len() > 1));
        }
    }
}
