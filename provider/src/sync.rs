//! The provider: from a configuration to a mutation.

use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::entity::entities_of;
use crate::http::{ConnectionError, ConnectionFailure, HttpClient};
use crate::mutation::Mutation;
use crate::outcome::Outcome;
use crate::portal::{PortalClient, PortalError};
use crate::token::{ClientCredentials, TokenError};

/// Syncs a portal's APIs into Backstage entities.
#[derive(Clone, Debug)]
pub struct Provider {
    portal: PortalClient,
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
        let tokens = Arc::new(ClientCredentials::new(&config, http.clone(), clock));
        Ok(Self::over(PortalClient::new(&config, http, tokens)))
    }

    /// A provider that reads through the given client.
    #[must_use]
    pub fn over(portal: PortalClient) -> Self {
        Self { portal }
    }

    /// Reads the whole portal and tells what the catalog should hold.
    ///
    /// # Errors
    /// When anything along the way fails; then there is no mutation, and the catalog stays as it is.
    pub async fn sync(&self) -> Result<Outcome, SyncError> {
        let listing = self.portal.fetch().await?;
        let made = entities_of(&listing, self.portal.server());
        Ok(Outcome::new(Mutation::full(made.entities), made.notices))
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
        TokenError::InvalidAnswer { .. } | TokenError::Discovery { .. } => FailureKind::Invalid,
        TokenError::Unreachable(error) => of_connection(error),
    }
}

fn of_portal(error: &PortalError) -> FailureKind {
    match error {
        PortalError::Token(error) => of_token(error),
        PortalError::Unreachable(error) => of_connection(error),
        PortalError::Refused { .. } | PortalError::Redirected { .. } => FailureKind::Refused,
        PortalError::Status { .. }
        | PortalError::Paused { .. }
        | PortalError::NotJson { .. }
        | PortalError::TooLarge { .. }
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
