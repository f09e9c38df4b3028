//! A Keycloak in a container, with a realm like the one that the mock's bundled scenarios have.

use std::time::{Duration, Instant};

use testcontainers::core::{IntoContainerPort as _, WaitFor};
use testcontainers::runners::AsyncRunner as _;
use testcontainers::{ContainerAsync, GenericImage, ImageExt as _, TestcontainersError};

use crate::KEYCLOAK;
use crate::admin::Admin;

/// How long Keycloak may take to start: some seconds, and more on a machine that is at something else.
const START: Duration = Duration::from_secs(600);
const PORT: u16 = 8080;
const ADMIN: &str = "admin";
const ADMIN_PASSWORD: &str = "admin-dev-password";

/// A Keycloak in a container of its own, which ends with this value.
///
/// Its realm [`REALM`](Self::REALM) has three clients: one with a service account, one without, and a public one; and a user.
#[derive(Debug)]
pub struct Keycloak {
    container: ContainerAsync<GenericImage>,
    base: String,
    /// How long it took until it served and was made fit.
    pub took: Duration,
}

/// Why there is no Keycloak.
#[derive(Debug, thiserror::Error)]
pub enum KeycloakError {
    /// The container did not start.
    #[error("Keycloak's container did not start: {0}")]
    Container(#[from] TestcontainersError),
    /// The admin API can't be reached.
    #[error("Keycloak's admin API can't be reached: {0}")]
    Http(#[from] reqwest::Error),
    /// The admin API said no.
    #[error("Keycloak's admin API answered {what} with {status}: {body}")]
    Refused {
        /// What was asked.
        what: String,
        /// The status of the answer.
        status: reqwest::StatusCode,
        /// The answer.
        body: String,
    },
}

impl Keycloak {
    /// The realm's name.
    pub const REALM: &'static str = "gloo";
    /// A confidential client with a service account, as a portal's sync has it.
    pub const CLIENT: &'static str = "backstage";
    /// A confidential client without a service account.
    pub const WITHOUT_SERVICE_ACCOUNT: &'static str = "portal-login";
    /// A client without a secret.
    pub const PUBLIC: &'static str = "portal-page";
    /// The secret of both confidential clients.
    pub const SECRET: &'static str = "backstage-dev-secret";
    /// Where logins of all three may return to.
    pub const REDIRECT_URI: &'static str = "http://localhost:3000/callback";
    /// Who can log in.
    pub const USER: &'static str = "developer";
    /// The user's password.
    pub const PASSWORD: &'static str = "developer-dev-password";

    /// Starts one and makes it fit.
    ///
    /// # Errors
    /// When the container does not start, or the admin API does not do as it is asked.
    pub async fn start() -> Result<Self, KeycloakError> {
        let begun = Instant::now();
        let container = KEYCLOAK
            .generic()
            .with_exposed_port(PORT.tcp())
            .with_wait_for(WaitFor::message_on_stdout("Listening on:"))
            .with_cmd(["start-dev"])
            .with_env_var("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN)
            .with_env_var("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN_PASSWORD)
            .with_env_var("JAVA_OPTS_KC_HEAP", "-Xms128m -Xmx512m")
            .with_startup_timeout(START)
            .start()
            .await?;
        let base = format!("http://localhost:{}", container.get_host_port_ipv4(PORT.tcp()).await?);
        let admin = Admin::log_in(&base, ADMIN, ADMIN_PASSWORD).await?;
        admin.create_realm(Self::REALM).await?;
        admin.create_client(Self::REALM, Self::CLIENT, Some(Self::SECRET), true, Self::REDIRECT_URI).await?;
        admin
            .create_client(Self::REALM, Self::WITHOUT_SERVICE_ACCOUNT, Some(Self::SECRET), false, Self::REDIRECT_URI)
            .await?;
        admin.create_client(Self::REALM, Self::PUBLIC, None, false, Self::REDIRECT_URI).await?;
        admin.create_user(Self::REALM, Self::USER, Self::PASSWORD).await?;
        Ok(Self { container, base, took: begun.elapsed() })
    }

    /// Its base URL, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The realm's issuer.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("{}/realms/{}", self.base, Self::REALM)
    }

    /// Ends it, and waits until it is gone.
    ///
    /// # Errors
    /// When the engine can't be reached any more.
    pub async fn remove(self) -> Result<(), KeycloakError> {
        Ok(self.container.rm().await?)
    }
}
