//! The provider under test, whatever it is: what it is told, what it can be asked, and what comes of a sync.

#[allow(dead_code, reason = "whoever plays scenarios asks it")]
mod exec;
#[allow(dead_code, reason = "whoever plays scenarios asks it")]
mod leaks;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

/// What a subject is told of the stage that it is to sync from.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The Gloo guide's variables, and `UNDERSTUDY_APP_CONFIG`.
    pub variables: Vec<(String, String)>,
    /// The app-config file that `UNDERSTUDY_APP_CONFIG` names.
    pub app_config: PathBuf,
    /// How long one sync may take, in real time.
    pub timeout: Duration,
}

/// What one sync came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncOutcome {
    /// What the subject hands to the catalog, in order: mutations as Backstage has them, `{"type": "full", "entities":
    /// [{"entity": …, "locationKey": …}]}` or `{"type": "delta", "added": …, "removed": …}`. None where it applied
    /// nothing.
    pub mutations: Vec<Value>,
    /// What it told of an error, for people.
    pub error: Option<String>,
}

impl SyncOutcome {
    /// A sync that applied nothing and told why.
    #[must_use]
    pub fn failed(error: impl Into<String>) -> Self {
        Self { mutations: Vec::new(), error: Some(error.into()) }
    }
}

/// Why a subject can't be used at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubjectError {
    /// Its command can't be started.
    #[error("the subject `{command}` can't be started: {source}")]
    Start {
        /// The command.
        command: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// It ended, or fell silent, or speaks something else.
    #[error("{0}")]
    Protocol(String),
}
