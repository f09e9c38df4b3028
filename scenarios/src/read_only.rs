//! Scenarios that change nothing, so that they can be played on any portal: a real one as well as a mock.
//!
//! Each is a file of `read-only/`. The portal in it is what a mock shows; a real portal shows its own.

use crate::{LoadError, Scenario};

/// A scenario that changes nothing.
#[derive(Debug)]
pub struct ReadOnly {
    /// What it is asked for by: `second-sync-changes-nothing`.
    pub name: &'static str,
    /// What must hold, in a sentence.
    pub description: &'static str,
    /// The scenario file.
    pub text: &'static str,
}

impl ReadOnly {
    /// The scenario itself.
    ///
    /// # Errors
    /// Never, as long as this crate's tests pass.
    pub fn scenario(&self) -> Result<Scenario, LoadError> {
        Scenario::from_yaml(self.name, self.text)
    }
}

macro_rules! read_only {
    ($name:literal, $description:literal) => {
        ReadOnly {
            name: $name,
            description: $description,
            text: include_str!(concat!("../read-only/", $name, ".yaml")),
        }
    };
}

static ALL: &[ReadOnly] = &[
    read_only!(
        "first-sync-is-whole",
        "The catalog holds each API that the portal shows, with its document, and no other."
    ),
    read_only!(
        "every-entity-is-valid",
        "Backstage takes every entity as it was handed over; none is refused, and none comes twice."
    ),
    read_only!("second-sync-changes-nothing", "A portal that has not changed leaves the catalog as it is."),
    read_only!("many-syncs-lose-nothing", "However often it is synced, nothing is lost, and nothing is refused."),
    read_only!("restart-loses-nothing", "A provider that is started anew gives what it gave before."),
    read_only!(
        "portal-is-only-read",
        "Nothing is written to the portal: it is asked for lists and documents, and for nothing else."
    ),
];

/// All of them, in the order in which they are played.
#[must_use]
pub fn all() -> &'static [ReadOnly] {
    ALL
}

/// The one with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static ReadOnly> {
    all().iter().find(|scenario| scenario.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Restart, Step};

    #[test]
    fn each_changes_nothing_and_expects_something() {
        for read_only in all() {
            let scenario = read_only.scenario().unwrap();
            assert_eq!(scenario.file().description, read_only.description, "{}", read_only.name);
            let changes = |step: &Step| !matches!(step, Step::Sync | Step::Expect(_) | Step::Restart(Restart::Subject));
            assert!(!scenario.steps().iter().any(changes), "{}", read_only.name);
            assert!(scenario.steps().iter().any(|step| matches!(step, Step::Expect(_))), "{}", read_only.name);
        }
    }
}
