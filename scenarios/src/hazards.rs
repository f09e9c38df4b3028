//! The hazard catalogue: what goes wrong in the field, each as a scenario that shows it and a page that explains it.
//!
//! A hazard is two files of `hazards/`: `<id>.yaml`, which is played like any scenario, and `<id>.md`. Its id is stable:
//! reports, declared failures and links name it.

mod table;

use crate::{LoadError, Scenario};

/// Something that goes wrong in the field.
#[derive(Debug)]
pub struct Hazard {
    /// What it is asked for by, in kebab-case: `list-unreachable`. It never changes.
    pub id: &'static str,
    /// What it is about.
    pub part: Part,
    /// The scenario file that shows it.
    pub text: &'static str,
    /// The page, in Markdown: what it is, how it is known, why it happens, what good looks like, how to mend it.
    pub page: &'static str,
    /// Whether it is one of the few that tell most in seconds.
    pub is_quick: bool,
    /// What a subject must be like, or the scenario can't show it.
    pub need: Need,
}

/// What a hazard is about: the parts of the catalogue, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The list of APIs or products can't be read, or is not what it seems.
    List,
    /// A document, or one product's versions, can't be read.
    Documents,
    /// The portal's owner changes something, or shows something unusual.
    Changes,
    /// Getting, keeping and losing access tokens.
    Tokens,
    /// Clocks, keys, certificates, restarts and the log.
    Around,
}

impl Part {
    /// All of them, in the catalogue's order.
    pub const ALL: [Self; 5] = [Self::List, Self::Documents, Self::Changes, Self::Tokens, Self::Around];

    /// Its heading in the catalogue.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::List => "The list",
            Self::Documents => "Documents and versions",
            Self::Changes => "What the portal shows",
            Self::Tokens => "Tokens",
            Self::Around => "Clocks, keys, certificates, restarts and the log",
        }
    }

    /// Its hazards.
    pub fn hazards(self) -> impl Iterator<Item = &'static Hazard> {
        all().iter().filter(move |hazard| hazard.part == self)
    }
}

/// What a subject must be like, or a scenario can't show its hazard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Any subject will do.
    Nothing,
    /// One that keeps running between syncs: one that starts anew for each has no timers to go wrong.
    Keep,
    /// One that goes by the stage's clock: it runs in this process.
    Clock,
    /// A whole Backstage, since the hazard is in how a provider starts within it.
    Backstage,
}

impl Need {
    /// Why the scenario can't be played against a subject that lacks it; nothing to say where any will do.
    #[must_use]
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Keep => Some("only a subject that keeps running between syncs can show it"),
            Self::Clock => Some("only a subject that goes by the stage's clock can show it"),
            Self::Backstage => Some("only a whole Backstage can show it"),
        }
    }
}

impl Hazard {
    /// What it is called: the heading of its page.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.page.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or(self.id)
    }

    /// The scenario that shows it.
    ///
    /// # Errors
    /// Never, as long as this crate's tests pass.
    pub fn scenario(&self) -> Result<Scenario, LoadError> {
        Scenario::from_yaml(self.id, self.text)
    }
}

/// Which of them subjects are known to fail, and why: a YAML list of `{scenario, subject, reason}`.
pub const EXPECTED_FAILURES: &str = include_str!("../expected-failures.yaml");

/// All of them, part by part.
#[must_use]
pub fn all() -> &'static [Hazard] {
    table::ALL
}

/// The one with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Hazard> {
    all().iter().find(|hazard| hazard.id == id)
}

#[cfg(test)]
mod tests;
