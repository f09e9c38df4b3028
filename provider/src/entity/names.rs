//! Which name each API has in the catalog: the plugin's wherever Backstage takes that and no other API has it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};

use super::name::{LONGEST, sanitize_name};
use crate::validate::is_name;

/// How many hexadecimal digits of a hash end a name.
const DIGITS: usize = 8;

/// The names of a portal's APIs: each is one that Backstage takes, and no two are the same.
///
/// An id gets the plugin's name, unless
/// - Backstage refuses that name: it is empty, or begins or ends in other than a letter or digit;
/// - another id makes the same name. The id that is this name itself, letter for letter, keeps it; all others give it up.
///
/// Such an id gets what is readable of the plugin's name, a dash, and the first 8 hexadecimal digits of the id's SHA-256:
/// `orders-v1 (beta)` is `orders-v1-beta-bd7c2a56`.
///
/// A name depends on which ids there are, never on their order, nor on what was before: two providers, or one that was
/// restarted, agree. An id that is a valid name in lower case has that name whatever else comes and goes, and one whose
/// plugin's name Backstage refuses keeps its own as well. Only an id that lost characters on its way to a valid name is
/// renamed, when another makes the same name, or no longer does. It would be steadier to hash every such id, but then most
/// portals with a `v1.0 beta` would have other names than with the plugin; and were the first of two to keep the name,
/// what it stands for would change without a sign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Those that are not the plugin's, by id.
    changed: HashMap<String, String>,
}

impl Names {
    /// Gives each id its name. An id may come more than once.
    #[must_use]
    pub fn assign<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self::assign_besides(&[], ids)
    }

    /// Gives each id its name, where these names are somebody else's.
    pub(super) fn assign_besides<'a>(others: &[&str], ids: impl IntoIterator<Item = &'a str>) -> Self {
        let ids: BTreeSet<&str> = ids.into_iter().collect();
        let mut taken: HashSet<String> = others.iter().map(|&name| name.to_owned()).collect();
        let mut left = Vec::new();
        for (name, ids) in grouped(ids, sanitize_name) {
            let keeper = match ids[..] {
                _ if !is_name(&name) || others.contains(&name.as_str()) => None,
                [id] => Some(id),
                _ => ids.iter().copied().find(|id| *id == name),
            };
            left.extend(ids.into_iter().filter(|id| Some(*id) != keeper));
            if keeper.is_some() {
                taken.insert(name);
            }
        }
        let mut changed = HashMap::new();
        // Two hashes may begin alike, and an id may have been made to look like another's name.
        let mut round = 0;
        while !left.is_empty() {
            let mut again = Vec::new();
            for (name, ids) in grouped(left, |id| hashed("api", id, round)) {
                match ids[..] {
                    [id] if !taken.contains(&name) => {
                        changed.insert(id.to_owned(), name.clone());
                        taken.insert(name);
                    }
                    _ => again.extend(ids),
                }
            }
            left = again;
            round += 1;
        }
        Self { changed }
    }

    /// The name that the plugin gives an id, whether or not Backstage takes it and whoever else has it.
    #[must_use]
    pub fn plugins(id: &str) -> String {
        sanitize_name(id)
    }

    /// The name of one of the ids.
    #[must_use]
    pub fn of(&self, id: &str) -> Cow<'_, str> {
        match self.changed.get(id) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(sanitize_name(id)),
        }
    }
}

fn grouped<'a>(ids: impl IntoIterator<Item = &'a str>, name: impl Fn(&str) -> String) -> HashMap<String, Vec<&'a str>> {
    let mut grouped: HashMap<String, Vec<&str>> = HashMap::new();
    for id in ids {
        grouped.entry(name(id)).or_default().push(id);
    }
    grouped
}

/// What is readable of an id, or `blank` where nothing is, and the beginning of its hash; of the hash's hash in the next
/// round, and so on.
pub(super) fn hashed(blank: &str, id: &str, round: usize) -> String {
    let hash = (0..round).fold(digest(&SHA256, id.as_bytes()), |hash, _| digest(&SHA256, hash.as_ref()));
    let plain = sanitize_name(id);
    let is_dashing = |character: char| !character.is_ascii_alphanumeric();
    let readable = plain.trim_start_matches(is_dashing);
    // What is kept is ASCII.
    let readable = readable[..readable.len().min(LONGEST - 1 - DIGITS)].trim_end_matches(is_dashing);
    let mut name = format!("{}-", if readable.is_empty() { blank } else { readable });
    for byte in &hash.as_ref()[..DIGITS / 2] {
        write!(name, "{byte:02x}").expect("text can always be added to text");
    }
    name
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use proptest::prelude::*;

    use super::*;

    fn named(ids: &[&str]) -> String {
        let names = Names::assign(ids.iter().copied());
        ids.iter().map(|id| format!("{id} = {}\n", names.of(id))).collect()
    }

    #[test]
    fn a_valid_name_of_its_own_is_the_plugins() {
        assert_snapshot!(named(&["petstore-v1", "Orders v2.0 Beta", &"long".repeat(20)]), @"
        petstore-v1 = petstore-v1
        Orders v2.0 Beta = orders-v2.0-beta
        longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong = longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglo
        ");
    }

    #[test]
    fn a_name_that_backstage_refuses_is_trimmed_and_has_a_hash() {
        assert_snapshot!(named(&["orders-v1 (beta)", "倉庫-v1", "注文-v1", "倉庫", "-"]), @"
        orders-v1 (beta) = orders-v1-beta-bd7c2a56
        倉庫-v1 = v1-cd4afa78
        注文-v1 = v1-d594335e
        倉庫 = api-2113227f
        - = api-3973e022
        ");
    }

    #[test]
    fn ids_that_make_one_name_have_a_hash_each() {
        assert_snapshot!(named(&["a b", "a/b", "A.b"]), @"
        a b = a-b-c8687a08
        a/b = a-b-c14cddc0
        A.b = a.b
        ");
        let long = "the-international-warehouse-and-logistics-services-of-the-group";
        assert_snapshot!(named(&[&format!("{long}-v1"), &format!("{long}-v2")]), @"
        the-international-warehouse-and-logistics-services-of-the-group-v1 = the-international-warehouse-and-logistics-services-of-6ef14922
        the-international-warehouse-and-logistics-services-of-the-group-v2 = the-international-warehouse-and-logistics-services-of-1b4cff7d
        ");
    }

    #[test]
    fn an_id_that_is_a_name_keeps_it_whatever_comes() {
        assert_snapshot!(named(&["a b", "a-b", "A-B"]), @"
        a b = a-b-c8687a08
        a-b = a-b
        A-B = a-b-77101aaa
        ");
    }

    #[test]
    fn an_id_made_to_look_like_anothers_name_takes_nothing_from_it() {
        let first = hashed("api", "a b", 0);
        let second = hashed("api", "a b", 1);
        let names = Names::assign(["a b", "a/b", &first]);
        assert_eq!((names.of(&first).as_ref(), names.of("a b").as_ref()), (first.as_str(), second.as_str()));
    }

    #[test]
    fn a_name_that_is_somebody_elses_is_given_to_none() {
        let names = Names::assign_besides(&["a-b"], ["a-b", "c"]);
        assert_eq!((names.of("a-b").as_ref(), names.of("c").as_ref()), (hashed("api", "a-b", 0).as_str(), "c"));
    }

    /// Ids that are close to each other, so that many make one name.
    fn ids() -> impl Strategy<Value = Vec<String>> {
        let id = prop_oneof!["[ab][ /.-]{0,2}[AB]?", "[a-zé -]{0,3}", "[a ]{61,65}", any::<String>()];
        prop::collection::vec(id, 0..12)
    }

    proptest! {
        #[test]
        fn any_ids_have_valid_names_of_their_own(ids in ids()) {
            let ids: BTreeSet<String> = ids.into_iter().collect();
            let names = Names::assign(ids.iter().map(String::as_str));
            let mut seen = HashSet::new();
            for id in &ids {
                let name = names.of(id).into_owned();
                prop_assert!(is_name(&name), "{id:?} is {name:?}");
                let plain = sanitize_name(id);
                let shared = ids.iter().filter(|other| sanitize_name(other) == plain).count() > 1;
                prop_assert_eq!(name == plain, is_name(&plain) && (!shared || *id == plain), "{} is {}", id, name);
                prop_assert!(seen.insert(name.to_lowercase()), "{name:?} is there twice");
            }
        }

        #[test]
        fn names_do_not_depend_on_the_order_of_the_ids(mut ids in ids()) {
            let names = Names::assign(ids.iter().map(String::as_str));
            ids.reverse();
            prop_assert_eq!(&names, &Names::assign(ids.iter().map(String::as_str)));
            ids.sort();
            prop_assert_eq!(names, Names::assign(ids.iter().chain(&ids).map(String::as_str)));
        }

        #[test]
        fn a_valid_id_and_a_refused_one_keep_their_names_whatever_comes(ids in ids(), more in ids()) {
            let before = Names::assign(ids.iter().map(String::as_str));
            let after = Names::assign(ids.iter().chain(&more).map(String::as_str));
            for id in &ids {
                let plain = sanitize_name(id);
                if !is_name(&plain) || *id == plain {
                    prop_assert_eq!(before.of(id), after.of(id));
                }
            }
        }
    }
}
