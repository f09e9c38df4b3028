//! What a container tells when it is ready: the line that `up --output json` prints.

use std::future::Future;

use ::testcontainers::{ContainerAsync, TestcontainersError};
use serde::Deserialize;
use understudy_scenarios::Secret;

use super::UnderstudyImage;

/// By what that line is known among others.
pub(super) const MARK: &str = "\"server_url\":";

/// Where a container is reached, and by whom.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Ready {
    /// The portal.
    pub portal: Portal,
    /// The issuers, as the scenario has them.
    pub issuers: Vec<Issuer>,
    /// The clients, of which the first is the one that a sync uses.
    pub clients: Vec<Client>,
    /// The control API.
    pub control: ControlApi,
}

/// The portal of a container.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Portal {
    /// Its base URL, without `/v1`.
    pub url: String,
    /// The same with `/v1`: the plugin's `portalServerUrl`.
    pub server_url: String,
}

/// An issuer of a container.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Issuer {
    /// Its name in the scenario.
    pub name: String,
    /// `okta`, `okta-org` or `keycloak`.
    pub kind: String,
    /// Its identifier, the `iss` of its tokens.
    pub issuer: String,
    /// Where tokens are asked for.
    pub token_endpoint: String,
    /// Where its public keys are.
    pub jwks_uri: String,
}

/// A client that every issuer of a container knows.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Client {
    /// Its id.
    pub client_id: String,
    /// Its secret; a public client has none.
    pub client_secret: Option<Secret>,
}

/// The control API of a container.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct ControlApi {
    /// Its base URL.
    pub url: String,
    /// What a caller must send as `Authorization: Bearer …`.
    pub token: Secret,
}

impl Ready {
    /// The Gloo guide's variables, for the provider under test: the first client at the first issuer.
    #[must_use]
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let mut variables =
            vec![("PORTAL_URL", self.portal.url.clone()), ("PORTAL_SERVER_URL", self.portal.server_url.clone())];
        if let Some(client) = self.clients.first() {
            let secret = client.client_secret.as_ref().map_or("", Secret::expose);
            variables.extend([("CLIENT_ID", client.client_id.clone()), ("CLIENT_SECRET", secret.to_owned())]);
        }
        if let Some(issuer) = self.issuers.first() {
            variables
                .extend([("ISSUER_URL", issuer.issuer.clone()), ("TOKEN_ENDPOINT", issuer.token_endpoint.clone())]);
        }
        variables
    }
}

/// What a started container of Understudy is asked.
pub trait UnderstudyContainer {
    /// Where it is reached, and by whom, as it said when it was ready.
    ///
    /// # Errors
    /// When its output can't be read, or is not what `up --output json` prints.
    fn ready(&self) -> impl Future<Output = Result<Ready, TestcontainersError>> + Send;
}

impl UnderstudyContainer for ContainerAsync<UnderstudyImage> {
    async fn ready(&self) -> Result<Ready, TestcontainersError> {
        let printed = self.stdout_to_vec().await?;
        let line = printed.split(|byte| *byte == b'\n').find_map(|line| serde_json::from_slice(line).ok());
        line.ok_or_else(|| {
            TestcontainersError::other("the container has not printed the line of `understudy up --output json`")
        })
    }
}
