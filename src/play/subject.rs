//! The provider under test, whatever it is: how it is named, what it is told, what it can be asked, and what comes of a
//! sync.
//!
//! A kind of subject is a variant of [`Subject`] (what was asked for) and one of [`Running`] (what was started for one
//! scenario), and an arm in each function here; what it does is in a file of its own under `subject/`.

mod address;
mod backstage;
mod exec;
mod http;
mod leaks;
mod named;
mod outside;
mod own;
pub(super) mod provider;
mod restart;
mod rhythm;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use understudy_scenarios::hazards::Need;

use understudy_scenarios::{Expect, Scenario};

use super::ground::Ground;
use crate::Stage;
pub use named::{Addressed, CommandLine, Setup, UnknownSubject};
use outside::Outside;
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
    /// A command, of any language: `exec:CMD`.
    Exec(CommandLine),
    /// A `catalog-info.yaml` that somebody serves: `http:URL`.
    Http(Addressed),
    /// A whole Backstage: `backstage:URL`.
    Backstage(Addressed),
}

/// How long a subject may take, in real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For one sync; 30 s by default.
    pub sync: Duration,
    /// For one request of a subject in this process, its answer included; 2 s by default.
    pub request: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { sync: Duration::from_secs(30), request: Duration::from_secs(2) }
    }
}

impl Subject {
    /// Whether it goes by the stage's clock, so that a step may move that.
    pub(super) fn follows_the_clock(&self) -> bool {
        match self {
            Self::Provider | Self::Own(_) => true,
            Self::Exec(_) | Self::Http(_) | Self::Backstage(_) => false,
        }
    }

    /// Whether it is such as a hazard needs, to be shown at all.
    pub(super) fn meets(&self, need: Need) -> bool {
        match self {
            Self::Provider | Self::Own(_) => need != Need::Backstage,
            Self::Exec(command) => match need {
                Need::Nothing => true,
                Need::Keep => command.keep,
                Need::Clock | Need::Backstage => false,
            },
            // Whoever serves a file keeps running, as far as can be seen from here.
            Self::Http(_) => matches!(need, Need::Nothing | Need::Keep),
            Self::Backstage(_) => need != Need::Clock,
        }
    }

    /// Why it can't be restarted, where it can't.
    pub(super) fn no_restart(&self) -> Option<String> {
        match self {
            Self::Provider | Self::Own(_) | Self::Exec(_) => None,
            Self::Http(at) | Self::Backstage(at) => {
                let why = "the subject can't be started anew from here: say how with --restart CMD";
                at.setup.restart.is_none().then(|| why.to_owned())
            }
        }
    }

    /// The ports of the portal and the identity provider that it is set up for; none where it takes what it is told, so
    /// that scenarios can be played side by side.
    pub(super) fn ports(&self) -> Option<(u16, u16)> {
        match self {
            Self::Provider | Self::Own(_) | Self::Exec(_) => None,
            Self::Http(at) | Self::Backstage(at) => Some((at.setup.portal_port, at.setup.idp_port)),
        }
    }

    /// Before the first scenario is played against a subject that is configured for fixed ports: calls `tell` with a
    /// stage of it, whose [app-config](Stage::app_config) the subject must hold, and waits until the subject has asked
    /// that stage for its list of APIs. Other subjects are told by themselves, and there is nothing to wait for.
    ///
    /// # Errors
    /// When a port is taken, or the requests never came: the error says which.
    pub async fn introduce(
        &self,
        scenario: &Scenario,
        limits: Limits,
        tell: impl FnOnce(&Stage),
    ) -> Result<(), SubjectError> {
        let (Self::Http(at) | Self::Backstage(at)) = self else { return Ok(()) };
        let builder = Stage::builder(scenario.clone());
        let stage = builder.portal_port(at.setup.portal_port).idp_port(at.setup.idp_port).start().await?;
        tell(&stage);
        at.meet(&stage, limits).await
    }

    /// Starts it for the scenario that is played on `ground`.
    pub(super) async fn start(&self, ground: &Ground, limits: Limits) -> Result<Running, SubjectError> {
        let stage = &ground.stage;
        match self {
            Self::Provider => provider::Running::start(ground, limits).map(Running::Provider),
            Self::Exec(line) => Outside::exec(line, ground, limits).map(Running::Outside),
            _ if !ground.is_mock() => Err(SubjectError::Misfit(MOCKS_ONLY.to_owned())),
            Self::Own(own) => Ok(Running::Own(own.start(stage, limits))),
            Self::Http(at) => Outside::http(at, stage, limits).await.map(Running::Outside),
            Self::Backstage(at) => Outside::backstage(at, stage, limits).await.map(Running::Outside),
        }
    }
}

/// Why a subject can't be played on servers that are there: it is told a stage, or watched by what it asks of one.
const MOCKS_ONLY: &str = "on real servers only the subjects `provider` and `exec:` can be played";

/// A subject that was started for one scenario; it ends with this value.
pub(super) enum Running {
    Provider(provider::Running),
    Own(own::Running),
    Outside(Outside),
}

impl Running {
    /// Lets it sync once, and waits until it has.
    pub(super) async fn sync(&mut self) -> Result<SyncOutcome, SubjectError> {
        match self {
            Self::Provider(provider) => Ok(provider.sync().await),
            Self::Own(own) => Ok(own.sync().await),
            Self::Outside(outside) => outside.sync().await,
        }
    }

    /// Starts it anew, so that it has forgotten all but its configuration.
    pub(super) async fn restart(&mut self, ground: &Ground) -> Result<(), SubjectError> {
        match self {
            Self::Provider(provider) => provider.restart(ground),
            Self::Own(own) => {
                own.restart(&ground.stage);
                Ok(())
            }
            Self::Outside(outside) => outside.restart().await,
        }
    }

    /// What it wrote for people since it was started, with the stage's secrets blotted out.
    pub(super) fn take_log(&mut self) -> String {
        match self {
            Self::Provider(_) | Self::Own(_) => String::new(),
            Self::Outside(outside) => outside.log(),
        }
    }

    /// The stage's secrets that it wrote where they can be read: `the bearer token`.
    pub(super) fn leaks(&self) -> Vec<String> {
        match self {
            Self::Provider(_) | Self::Own(_) => Vec::new(),
            Self::Outside(outside) => outside.leaks(),
        }
    }

    /// What can be judged of an expectation; nothing where none of it can.
    pub(super) fn judgeable(&self, expect: &Expect) -> Option<Expect> {
        match self {
            Self::Provider(_) | Self::Own(_) => Some(expect.clone()),
            Self::Outside(outside) => {
                let judgeable = outside.judgeable(expect);
                (judgeable != Expect::default() || *expect == judgeable).then_some(judgeable)
            }
        }
    }
}

/// What a subject is told of the stage that it is to sync from.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The Gloo guide's variables, those by which a stage with TLS is trusted, and `UNDERSTUDY_APP_CONFIG`.
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
    /// It is not set up for this scenario.
    #[error("{0}")]
    Misfit(String),
    /// The stage can't say what a subject must know.
    #[error(transparent)]
    Stage(#[from] crate::StageError),
}
