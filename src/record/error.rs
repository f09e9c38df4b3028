//! Why nothing was recorded.

use std::io;
use std::path::PathBuf;

use understudy_provider::{ConfigError, FailureKind, PortalError, SyncError};
use understudy_scenarios::LoadError;

use super::scan::Leak;
use crate::stage::StageError;

/// Why a portal could not be recorded; its text says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The portal can't be synced, and so not recorded either.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// The portal shows nothing to this client.
    #[error(
        "{portal} shows this client no API, so that there is nothing to record. Look at the portal's PortalGroups: one must \
         match a claim of the client's tokens (`cid` of Okta, `client_id` of Keycloak) and open APIs to it"
    )]
    Empty {
        /// The portal's URL.
        portal: String,
    },
    /// The portal answered otherwise than a moment before.
    #[error("{0} answered otherwise than to the sync a moment before: the portal changes just now. Record it again")]
    Changed(String),
    /// A secret would stand in the recording.
    #[error("{}", leaks(.0))]
    Leak(Vec<Leak>),
    /// What was made of the portal's answers is no scenario.
    #[error("what the portal shows can't be said in a scenario: {0}")]
    Scenario(LoadError),
    /// The stage that plays the recording did not start.
    #[error("the recording can't be played: {0}")]
    Stage(#[from] StageError),
    /// No port of this machine could be had.
    #[error("no port of this machine can be had to play the recording at: {0}")]
    Listen(io::Error),
    /// The folder is not empty.
    #[error("{} is not empty; choose another folder, or replace the recording in it with --force", .0.display())]
    NotEmpty(PathBuf),
    /// The folder holds something else than a recording.
    #[error(
        "{} holds `{other}`, which is no part of a recording, and --force replaces nothing else; choose another folder",
        folder.display()
    )]
    NotARecording {
        /// The folder.
        folder: PathBuf,
        /// What is in it.
        other: String,
    },
    /// The folder or a file in it can't be written.
    #[error("can't write {}: {source}", path.display())]
    Unwritable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl RecordError {
    /// Whose turn it is to act.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::Sync(error) => error.kind(),
            Self::NotEmpty(_) | Self::NotARecording { .. } | Self::Unwritable { .. } | Self::Listen(_) => {
                FailureKind::Configuration
            }
            Self::Empty { .. } => FailureKind::Refused,
            Self::Changed(_) | Self::Leak(_) | Self::Scenario(_) | Self::Stage(_) => FailureKind::Invalid,
        }
    }
}

impl From<PortalError> for RecordError {
    fn from(error: PortalError) -> Self {
        Self::Sync(error.into())
    }
}

impl From<ConfigError> for RecordError {
    fn from(error: ConfigError) -> Self {
        Self::Sync(error.into())
    }
}

fn leaks(leaks: &[Leak]) -> String {
    /// How many are told.
    const TOLD: usize = 10;
    let mut text = "a secret would stand in the recording, so that nothing was written:".to_owned();
    for leak in leaks.iter().take(TOLD) {
        text.push_str(&format!("\n  {leak}"));
    }
    if leaks.len() > TOLD {
        text.push_str(&format!("\n  and {} more", leaks.len() - TOLD));
    }
    text.push_str("\nTake it out of what the portal shows, or put something in its place with --replace");
    text
}
