//! What a run found: a report of plain values, which JUnit, JSON, HTML and the terminal are written from.

pub mod html;
pub mod json;
pub mod junit;
mod text;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::Exchange;
pub(crate) use text::{count, printable};

/// What one run found.
#[derive(Clone, Debug, Serialize)]
pub struct RunReport {
    /// The version of this program.
    pub version: &'static str,
    /// The subject as the command line names it: `provider`, `exec:…`.
    pub subject: String,
    /// The suite, where one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suite: Option<String>,
    /// The seed that everything random was drawn with.
    pub seed: u64,
    /// The scenarios in the order in which they were asked for.
    pub scenarios: Vec<ScenarioReport>,
    /// How long the run took, in real time.
    #[serde(rename = "elapsed_ms", serialize_with = "milliseconds")]
    pub elapsed: Duration,
}

/// What became of one scenario.
#[derive(Clone, Debug, Serialize)]
pub struct ScenarioReport {
    /// Its stable name.
    pub name: String,
    /// The file that it was read from; none where it is bundled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What it is for.
    pub description: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Its steps, the undisturbed first sync included.
    pub steps: Vec<StepReport>,
    /// What was asked and answered, the oldest first.
    pub requests: Vec<Arc<Exchange>>,
    /// The catalog after the undisturbed first sync.
    pub before: Vec<CatalogLine>,
    /// The catalog at the end.
    pub after: Vec<CatalogLine>,
    /// What the subject wrote to its standard error, with the stage's secrets blotted out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub log: String,
    /// How long it took, in real time.
    #[serde(rename = "elapsed_ms", serialize_with = "milliseconds")]
    pub elapsed: Duration,
}

/// How a scenario ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Outcome {
    /// All that was expected held.
    Passed,
    /// Something that was expected did not hold.
    Failed,
    /// It can't be played against this subject.
    Skipped {
        /// Why.
        reason: String,
    },
    /// Something did not hold, as was declared.
    FailedAsExpected {
        /// Why it was declared.
        reason: String,
    },
    /// It was declared to fail, and all held: the declaration is to go.
    PassedUnexpectedly {
        /// Why it was declared.
        reason: String,
    },
    /// It could not be judged: the subject could not be started, or its first sync failed.
    Broken {
        /// Why.
        reason: String,
    },
}

impl Outcome {
    /// Whether a run with this outcome may end well.
    #[must_use]
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Passed | Self::Skipped { .. } | Self::FailedAsExpected { .. })
    }

    /// The word that reports use, the same as in JSON: `passed`, `failed-as-expected`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped { .. } => "skipped",
            Self::FailedAsExpected { .. } => "failed-as-expected",
            Self::PassedUnexpectedly { .. } => "passed-unexpectedly",
            Self::Broken { .. } => "broken",
        }
    }

    /// Why it ended so, where that was declared or found out.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Passed | Self::Failed => None,
            Self::Skipped { reason }
            | Self::FailedAsExpected { reason }
            | Self::PassedUnexpectedly { reason }
            | Self::Broken { reason } => Some(reason),
        }
    }

    /// Whether anything was checked.
    #[must_use]
    pub fn has_checked(&self) -> bool {
        matches!(self, Self::Passed | Self::Failed | Self::FailedAsExpected { .. } | Self::PassedUnexpectedly { .. })
    }
}

/// What became of one step.
#[derive(Clone, Debug, Serialize)]
pub struct StepReport {
    /// The step in a few words: `sync`, `fault status on portal GET /v1/apis`.
    pub words: String,
    /// The line of the step in its file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What was found.
    pub verdict: Verdict,
    /// What the subject told of an error, for a sync.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it began, by the stage's clock, so that the requests, which go by it too, have their place in real time.
    pub at: Timestamp,
    /// What the catalog said of what a sync handed over, such as an entity that it refuses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// When it began, in real time since the scenario began.
    #[serde(rename = "began_ms", serialize_with = "milliseconds")]
    pub began: Duration,
    /// How long it took, in real time.
    #[serde(rename = "elapsed_ms", serialize_with = "milliseconds")]
    pub elapsed: Duration,
    /// The number of the first exchange during it or after it, so that a timeline can put the requests in their place.
    pub first_request: u64,
}

/// What a step found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Verdict {
    /// It was played; nothing was to be judged.
    Done,
    /// All that it expects holds.
    Passed,
    /// Something does not hold.
    Failed {
        /// What, each in a sentence or a difference of several lines.
        findings: Vec<String>,
    },
    /// It was not played.
    Skipped {
        /// Why.
        reason: String,
    },
}

/// An entity of a catalog, short enough to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CatalogLine {
    /// `api:default/petstore-v1`
    pub reference: String,
    /// The title, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What the entity says apart from its definition.
    pub entity: Value,
    /// The definition's first 16 hexadecimal digits of SHA-256, and its length in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<(String, usize)>,
}

fn milliseconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(crate::elapsed::milliseconds(*duration))
}
