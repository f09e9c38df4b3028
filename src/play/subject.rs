//! The provider under test, whatever it is: how it is named, what it is told, what it can be asked, and what comes of a
//! sync.
//!
//! A kind of subject is a variant of [`Subject`] (what was asked for) and one of [`Running`] (what was started for one
//! scenario), and an arm in each function here; what it does is in a file of its own under `subject/`.

#[allow(dead_code, reason = "whoever plays scenarios asks it")]
mod exec;
#[allow(dead_code, reason = "whoever plays scenarios asks it")]
mod leaks;
mod own;
pub(super) mod provider;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use understudy_scenarios::hazards::Need;

use crate::Stage;
pub use own::Own;

/// Which provider is under test.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Subject {
    /// Ours, in this process and going by the stage's clock: `provider`.
    #[default]
    Provider,
    /// One of your own in this process: [`Subject::own`].
    Own(Own),
}

/// How long a subject may take, in real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For one sync; 30 s by default.
    pub sync: Duration,
    /// For one request of a subject in this process, its answer included; 250 ms by default.
    pub request: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { sync: Duration::from_secs(30), request: Duration::from_millis(250) }
    }
}

impl Subject {
    /// The subject that a command line names, such as `provider`.
    ///
    /// # Errors
    /// When there is no such kind of subject: the text says which there are.
    pub fn named(name: &str) -> Result<Self, UnknownSubject> {
        match name {
            "provider" => Ok(Self::Provider),
            _ => Err(UnknownSubject(name.to_owned())),
        }
    }

    /// Whether it goes by the stage's clock, so that a step may move that.
    pub(super) fn follows_the_clock(&self) -> bool {
        match self {
            Self::Provider | Self::Own(_) => true,
        }
    }

    /// Whether it is such as a hazard needs, to be shown at all.
    pub(super) fn meets(&self, need: Need) -> bool {
        match self {
            Self::Provider | Self::Own(_) => need != Need::Backstage,
        }
    }

    /// Why it can't be restarted, where it can't.
    pub(super) fn no_restart(&self) -> Option<String> {
        match self {
            Self::Provider | Self::Own(_) => None,
        }
    }

    /// The ports of the portal and the identity provider that it is set up for; none where it takes what it is told, so
    /// that scenarios can be played side by side.
    pub(super) fn ports(&self) -> Option<(u16, u16)> {
        match self {
            Self::Provider | Self::Own(_) => None,
        }
    }

    /// Starts it for the scenario that `stage` plays.
    pub(super) async fn start(&self, stage: &Stage, limits: Limits) -> Result<Running, SubjectError> {
        match self {
            Self::Provider => provider::Running::start(stage, limits).map(Running::Provider),
            Self::Own(own) => Ok(Running::Own(own.start(stage, limits))),
        }
    }
}

/// As the command line names it.
impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider => formatter.write_str("provider"),
            Self::Own(own) => formatter.write_str(own.name()),
        }
    }
}

/// A subject that was started for one scenario; it ends with this value.
pub(super) enum Running {
    Provider(provider::Running),
    Own(own::Running),
}

impl Running {
    /// Lets it sync once, and waits until it has.
    pub(super) async fn sync(&mut self) -> Result<SyncOutcome, SubjectError> {
        match self {
            Self::Provider(provider) => Ok(provider.sync().await),
            Self::Own(own) => Ok(own.sync().await),
        }
    }

    /// Starts it anew, so that it has forgotten all but its configuration.
    pub(super) async fn restart(&mut self, stage: &Stage) -> Result<(), SubjectError> {
        match self {
            Self::Provider(provider) => provider.restart(stage),
            Self::Own(own) => {
                own.restart(stage);
                Ok(())
            }
        }
    }

    /// What it wrote for people since it was started, with the stage's secrets blotted out.
    pub(super) fn take_log(&mut self) -> String {
        match self {
            Self::Provider(_) | Self::Own(_) => String::new(),
        }
    }
}

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
    /// A sync that handed over one mutation.
    #[must_use]
    pub fn applied(mutation: Value) -> Self {
        Self { mutations: vec![mutation], error: None }
    }

    /// A sync that applied nothing and told why.
    #[must_use]
    pub fn failed(error: impl Into<String>) -> Self {
        Self { mutations: Vec::new(), error: Some(error.into()) }
    }
}

/// A name that stands for no subject.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no subject `{0}`; one is `provider`, which is understudy's own")]
pub struct UnknownSubject(String);

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
    /// The stage can't say what a subject must know.
    #[error(transparent)]
    Stage(#[from] crate::StageError),
}
