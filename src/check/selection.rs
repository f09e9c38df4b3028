//! Which checks are wanted: all, some by their ids or parts, or all but some.

use std::collections::HashSet;

use super::catalogue::{Check, Part};

/// Which checks are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// None for all.
    ids: Option<Ids>,
}

#[derive(Clone, Debug)]
struct Ids {
    told: HashSet<&'static str>,
    /// Those that are told, and those that they stand on.
    made: HashSet<&'static str>,
}

impl Selection {
    /// All checks.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// The checks that `only` names, or all where it names none, but for those that `skip` names; each by its id, or by
    /// the name of a part for all of that part's.
    ///
    /// # Errors
    /// When there is no such check or part.
    pub fn of(only: &[String], skip: &[String]) -> Result<Self, UnknownCheck> {
        let named = |names: &[String]| -> Result<HashSet<&'static str>, UnknownCheck> {
            let found = names.iter().map(|name| find(name)).collect::<Result<Vec<_>, _>>()?;
            Ok(found.into_iter().flatten().map(|check| check.id).collect())
        };
        let mut told = if only.is_empty() { Check::all().map(|check| check.id).collect() } else { named(only)? };
        let skip = named(skip)?;
        told.retain(|id| !skip.contains(id));
        let mut made = told.clone();
        // A check needs only what comes before it.
        for check in Check::all().collect::<Vec<_>>().into_iter().rev() {
            if made.contains(check.id) {
                made.extend(check.needs);
            }
        }
        Ok(Self { ids: Some(Ids { told, made }) })
    }

    /// Whether what this check finds is to be told.
    #[must_use]
    pub fn has(&self, check: &Check) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.told.contains(check.id))
    }

    /// Whether the check is to be made: it is wanted, or one that is wanted stands on it.
    #[must_use]
    pub fn runs(&self, check: &Check) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.made.contains(check.id))
    }
}

fn find(name: &str) -> Result<Vec<&'static Check>, UnknownCheck> {
    let name = name.trim();
    if let Some(part) = Part::ALL.into_iter().find(|part| part.name() == name) {
        return Ok(part.checks().to_vec());
    }
    Check::find(name).map(|check| vec![check]).ok_or_else(|| UnknownCheck { name: name.to_owned() })
}

/// A name that no check and no part has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no check `{name}`{}", nearest(name))]
pub struct UnknownCheck {
    name: String,
}

fn nearest(name: &str) -> String {
    let lower = name.to_lowercase();
    let names = Part::ALL.into_iter().map(Part::name).chain(Check::all().map(|check| check.id));
    // What comes after the dot is often all that is remembered.
    let ends_so = |id: &str| id.split_once('.').is_some_and(|(_, rest)| rest == lower);
    let near = names
        .map(|known| (if ends_so(known) { 0 } else { strsim::damerau_levenshtein(&lower, known) }, known))
        .min()
        .filter(|(distance, known)| *distance <= 2.max(known.len() / 3));
    near.map_or_else(
        || "; `understudy check --list` tells all".to_owned(),
        |(_, known)| format!(": did you mean `{known}`? `understudy check --list` tells all"),
    )
}
