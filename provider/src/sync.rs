//! The provider: from a configuration to a mutation.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError, ServerUrl};
use crate::entity::Profile;
use crate::http::{ConnectionError, ConnectionFailure, HttpClient};
use crate::kept::Kept;
use crate::outcome::Outcome;
use crate::portal::{Family, PortalClient, PortalError};
use crate::token::{ClientCredentials, TokenError};

/// Syncs a portal's APIs into Backstage entities.
///
/// It keeps the last good state from one sync to the next, so that an error keeps what it concerns as it was: a list that
/// fails keeps all, a product that fails keeps its APIs, and an API keeps its document. Only a whole, valid, authenticated
/// answer removes, and where much is gone at once (all of a list, or more than half of it and more than three) only when three syncs
/// have seen it, or after [`confirm_removals`](Self::confirm_removals). Clones share this state, and sync one after the
/// other.
#[derive(Clone)]
pub struct Provider {
    portal: PortalClient,
    shows_plans: bool,
    kept: Arc<Mutex<Kept>>,
}

impl Provider {
    /// The name that the plugin gives its entity provider.
    pub const NAME: &'static str = "gloo-platform-portal-backend-provider";

    /// A provider that goes by the system's clock. Nothing is asked yet.
    ///
    /// # Errors
    /// When the configuration's `ca_file` cannot be used.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        Self::with_clock(config, Arc::new(SystemClock))
    }

    /// A provider that goes by the given clock. Nothing is asked yet.
    ///
    /// # Errors
    /// When the configuration's `ca_file` cannot be used.
    pub fn with_clock(config: Config, clock: Arc<dyn Clock>) -> Result<Self, ConfigError> {
        let http = HttpClient::new(&config)?;
        Ok(Self::through(http, config, clock))
    }

    /// A provider that asks all through the given client, such as one that is [observed](HttpClient::observed). Nothing is
    /// asked yet.
    #[must_use]
    pub fn through(http: HttpClient, config: Config, clock: Arc<dyn Clock>) -> Self {
        let tokens = Arc::new(ClientCredentials::new(&config, http.clone(), clock));
        let portal = PortalClient::new(&config, http, tokens);
        Self::keeping(portal, config.profile, config.state_file)
    }

    /// A provider that reads through the given client and makes the plugin's entities, without a state file.
    #[must_use]
    pub fn over(portal: PortalClient) -> Self {
        Self::keeping(portal, Profile::default(), None)
    }

    fn keeping(portal: PortalClient, profile: Profile, state_file: Option<PathBuf>) -> Self {
        let shows_plans = profile != Profile::Plugin;
        let kept = Kept::new(state_file, portal.server().clone(), profile);
        Self { portal, shows_plans, kept: Arc::new(Mutex::new(kept)) }
    }

    /// The portal that it reads.
    pub(crate) fn server(&self) -> &ServerUrl {
        self.portal.server()
    }

    /// Reads the portal and tells what the catalog should hold: all that could be read, and what could not as it was. What
    /// has not been answered after nine tenths of the schedule's `timeout` counts as what could not be read. A sync that is
    /// dropped before its end changes nothing.
    ///
    /// # Errors
    /// When the list can't be read, and nothing was ever synced. Then there is no mutation, and the catalog is to stay as
    /// it is.
    pub async fn sync(&self) -> Result<Outcome, SyncError> {
        let mut kept = self.kept.lock().await;
        kept.load().await;
        let found = self.portal.read(kept.answers()).await.map_err(SyncError::from);
        let plans = match &found {
            // Gloo Gateway's come with its APIs.
            Ok((reading, _)) if self.shows_plans && reading.family() == Family::GlooMesh => {
                Some(self.portal.usage_plans().await)
            }
            _ => None,
        };
        kept.take_in(found, plans).await
    }

    /// Lets go what is held back now: the next sync removes it, if it is still gone then. Answers from how many lists
    /// something was held back.
    pub async fn confirm_removals(&self) -> usize {
        let mut kept = self.kept.lock().await;
        kept.load().await;
        kept.confirm_removals()
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Provider").field("portal", &self.portal).finish_non_exhaustive()
    }
}

/// Why a sync gave no mutation. Its text is whole by itself: what failed, on what, and what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There is no token.
    #[error(transparent)]
    Token(TokenError),
    /// The portal cannot be read.
    #[error(transparent)]
    Portal(PortalError),
}

/// What kind of failure it is: whose turn it is to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The configuration is wrong: the caller's turn.
    Configuration,
    /// The identity provider or the portal refused: a wrong secret, a token that is not let in.
    Refused,
    /// A server could not be reached: DNS, TCP, TLS, or no answer in time.
    Unreachable,
    /// A server answered something that cannot be used.
    Invalid,
}

impl SyncError {
    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::Config(_) => FailureKind::Configuration,
            Self::Token(error) => of_token(error),
            Self::Portal(error) => of_portal(error),
        }
    }
}

impl From<PortalError> for SyncError {
    fn from(error: PortalError) -> Self {
        match error {
            PortalError::Token(error) => Self::Token(error),
            error => Self::Portal(error),
        }
    }
}

fn of_token(error: &TokenError) -> FailureKind {
    match error {
        TokenError::Refused { .. } => FailureKind::Refused,
        TokenError::InvalidAnswer { .. } | TokenError::Discovery { .. } | TokenError::Issuer(_) => FailureKind::Invalid,
        TokenError::Unreachable(error) => of_connection(error),
    }
}

fn of_portal(error: &PortalError) -> FailureKind {
    match error {
        PortalError::Token(error) => of_token(error),
        PortalError::Unreachable(error) => of_connection(error),
        PortalError::OutOfTime { .. } => FailureKind::Unreachable,
        PortalError::Refused { .. } | PortalError::Redirected { .. } => FailureKind::Refused,
        PortalError::Status { .. }
        | PortalError::Paused { .. }
        | PortalError::NotJson { .. }
        | PortalError::TooLarge { .. }
        | PortalError::Encoding { .. }
        | PortalError::NoPortal { .. }
        | PortalError::Item { .. } => FailureKind::Invalid,
    }
}

fn of_connection(error: &ConnectionError) -> FailureKind {
    match error.failure() {
        // No root certificates on this machine: nothing was asked.
        ConnectionFailure::Setup => FailureKind::Configuration,
        _ => FailureKind::Unreachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sync_can_run_on_any_thread() {
        fn assert_send<T: Send>(_: T) {}
        fn sync(provider: &Provider) {
            assert_send(provider.sync());
        }
        let _ = sync;
        fn assert_error<T: std::error::Error + Send + Sync + 'static>() {}
        assert_error::<SyncError>();
    }
}
