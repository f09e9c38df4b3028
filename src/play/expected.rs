//! Failures that are declared: which scenarios a subject is known to fail, and why.

use std::collections::BTreeSet;

use serde::Deserialize;
use understudy_scenarios::hazards;

use super::report::Outcome;
use super::subject::Subject;

/// Scenarios that are declared to fail, each with a reason. A declared failure that does not happen is a failure too, so
/// that no declaration outlives its reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedFailures(Vec<ExpectedFailure>);

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFailure {
    /// The scenario's name.
    scenario: String,
    /// Why it fails.
    reason: String,
    /// Only for this subject: as the command line names it, or its kind, such as `exec`. Any by default.
    #[serde(default)]
    subject: Option<String>,
}

/// What is wrong with a list of expected failures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidExpectation {
    /// It is not what it should be.
    #[error(
        "the expected failures can't be read: {0}\nthey are a list of `- {{scenario: NAME, reason: WHY}}`, each with an optional `subject`"
    )]
    Form(String),
    /// One gives no reason.
    #[error("the expected failure of `{0}` gives no reason: say why it fails")]
    NoReason(String),
    /// One stands twice.
    #[error("the expected failure of `{0}` stands twice")]
    Twice(String),
    /// One is of a scenario that is not played.
    #[error("a failure of `{0}` is expected, and there is no such scenario in this run")]
    Unknown(String),
}

impl ExpectedFailures {
    /// Reads a YAML list of `{scenario, reason, subject}`.
    ///
    /// # Errors
    /// When it is no such list, a reason is missing, or a scenario stands twice for one subject.
    pub fn from_yaml(text: &str) -> Result<Self, InvalidExpectation> {
        let failures: Vec<ExpectedFailure> = if text.trim().is_empty() {
            Vec::new()
        } else {
            serde_saphyr::from_str(text).map_err(|error| InvalidExpectation::Form(error.to_string()))?
        };
        let mut seen = BTreeSet::new();
        for failure in &failures {
            if failure.reason.trim().is_empty() {
                return Err(InvalidExpectation::NoReason(failure.scenario.clone()));
            }
            if !seen.insert((&failure.scenario, &failure.subject)) {
                return Err(InvalidExpectation::Twice(failure.scenario.clone()));
            }
        }
        Ok(Self(failures))
    }

    /// Those that are known of the subjects that come with understudy, in its own hazards.
    #[must_use]
    pub fn known() -> Self {
        Self::from_yaml(hazards::EXPECTED_FAILURES).expect("a test reads the list")
    }

    /// The scenarios that are declared to fail, each with the reason.
    pub fn reasons(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|failure| (failure.scenario.as_str(), failure.reason.as_str()))
    }

    /// With those of another list besides; where both have one for a scenario, that of this one counts.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Only those of these scenarios.
    #[must_use]
    pub fn only(mut self, scenarios: &[&str]) -> Self {
        self.0.retain(|failure| scenarios.contains(&failure.scenario.as_str()));
        self
    }

    /// Checks that each is of one of these scenarios.
    ///
    /// # Errors
    /// When one is not.
    pub fn check(&self, scenarios: &[&str]) -> Result<(), InvalidExpectation> {
        match self.0.iter().find(|failure| !scenarios.contains(&failure.scenario.as_str())) {
            Some(failure) => Err(InvalidExpectation::Unknown(failure.scenario.clone())),
            None => Ok(()),
        }
    }

    /// How a scenario ended, in view of what was expected of it.
    pub(super) fn seen(&self, scenario: &str, subject: &Subject, outcome: Outcome) -> Outcome {
        let subject = subject.to_string();
        let kind = subject.split(':').next().unwrap_or_default();
        let is_meant = |failure: &&ExpectedFailure| {
            let meant = failure.subject.as_deref();
            failure.scenario == scenario && meant.is_none_or(|meant| meant == subject || meant == kind)
        };
        match (self.0.iter().find(is_meant), outcome) {
            (Some(failure), Outcome::Failed) => Outcome::FailedAsExpected { reason: failure.reason.clone() },
            (Some(failure), Outcome::Passed) => Outcome::PassedUnexpectedly { reason: failure.reason.clone() },
            (_, outcome) => outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn the_known_failures_are_of_hazards() {
        let ids: Vec<&str> = hazards::all().iter().map(|hazard| hazard.id).collect();
        assert_eq!(ExpectedFailures::known().check(&ids), Ok(()));
    }

    #[test]
    fn an_expected_failure_must_give_a_reason() {
        let told = |text: &str| ExpectedFailures::from_yaml(text).unwrap_err().to_string();
        assert_snapshot!(told("- {scenario: a, reason: ' '}"), @"the expected failure of `a` gives no reason: say why it fails");
        assert_snapshot!(told("- {scenario: a, reason: x}\n- {scenario: a, reason: y}"), @"the expected failure of `a` stands twice");
        assert!(told("- {scenario: a}").contains("reason"), "{}", told("- {scenario: a}"));
        assert_eq!(ExpectedFailures::from_yaml(""), Ok(ExpectedFailures::default()));
    }

    #[test]
    fn a_failure_is_expected_of_one_subject_or_of_all() {
        let failures =
            ExpectedFailures::from_yaml("- {scenario: a, reason: x}\n- {scenario: b, reason: y, subject: exec}")
                .unwrap();
        let seen = |scenario| failures.seen(scenario, &Subject::Provider, Outcome::Failed);
        assert_eq!(seen("a"), Outcome::FailedAsExpected { reason: "x".to_owned() });
        assert_eq!(seen("b"), Outcome::Failed);
        let passed = failures.seen("a", &Subject::Provider, Outcome::Passed);
        assert_eq!(passed, Outcome::PassedUnexpectedly { reason: "x".to_owned() });
    }

    #[test]
    fn a_scenario_that_is_not_played_cannot_be_expected_to_fail() {
        let failures = ExpectedFailures::from_yaml("- {scenario: a, reason: x}").unwrap();
        assert_eq!(failures.check(&["a", "b"]), Ok(()));
        assert_snapshot!(failures.check(&["b"]).unwrap_err(), @"a failure of `a` is expected, and there is no such scenario in this run");
        assert_eq!(failures.only(&["b"]), ExpectedFailures::default());
    }
}
