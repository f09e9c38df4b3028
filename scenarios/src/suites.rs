//! Suites: scenarios that are played together, by name.

use crate::{LoadError, Scenario, bundled, hazards, read_only};

/// A suite that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// Every hazard of the catalogue.
    Hazards,
    /// A handful of hazards that tell most in seconds, on any subject.
    Quick,
    /// The bundled worlds without steps: what a subject makes of them is compared with what the published plugin does.
    PluginParity,
    /// What must hold on any portal, a real one too, since nothing is changed there.
    ReadOnly,
}

impl Suite {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::Hazards, Self::Quick, Self::PluginParity, Self::ReadOnly];

    /// The suite with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.name() == name)
    }

    /// What it is asked for by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hazards => "hazards",
            Self::Quick => "quick",
            Self::PluginParity => "plugin-parity",
            Self::ReadOnly => "read-only",
        }
    }

    /// What it is for, in a sentence.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Hazards => "Everything in the catalogue that goes wrong in the field.",
            Self::Quick => "A handful of hazards that tell most in seconds.",
            Self::PluginParity => "The bundled portals, compared entity by entity with the published plugin.",
            Self::ReadOnly => "What must hold on any portal, a real one too: nothing is changed there.",
        }
    }

    /// The names of its scenarios, in the order in which they are played.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        match self {
            Self::Hazards => hazards::all().iter().map(|hazard| hazard.id).collect(),
            Self::Quick => hazards::all().iter().filter(|hazard| hazard.is_quick).map(|hazard| hazard.id).collect(),
            Self::PluginParity => bundled::all().iter().map(|bundled| bundled.name).collect(),
            Self::ReadOnly => read_only::all().iter().map(|scenario| scenario.name).collect(),
        }
    }

    /// Its scenarios, in the order of [`names`](Self::names).
    ///
    /// # Errors
    /// Never, as long as this crate's tests pass.
    pub fn scenarios(self) -> Result<Vec<Scenario>, LoadError> {
        self.names().into_iter().map(Scenario::find).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_is_found_by_its_name_and_holds_what_it_names() {
        for suite in Suite::ALL {
            assert_eq!(Suite::find(suite.name()), Some(suite));
            let scenarios = suite.scenarios().unwrap();
            let names: Vec<_> = scenarios.iter().map(Scenario::name).collect();
            assert_eq!(names, suite.names());
            assert!(!names.is_empty(), "{}", suite.name());
        }
        assert_eq!(Suite::find("none"), None);
    }

    #[test]
    fn no_two_scenarios_have_one_name() {
        let mut names = Suite::PluginParity.names();
        names.extend(Suite::Hazards.names());
        names.extend(Suite::ReadOnly.names());
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
