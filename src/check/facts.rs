//! What checks find out and later ones stand on.

use secrecy::SecretString;
use serde_json::{Map, Value};
use understudy_provider::Entity;
use url::Url;

use super::client::Granted;
use super::content::Naming;
use super::plugin::Seen;
use super::portal::Shape;
use super::token::Jwt;

/// Whose identity provider it is, as told by what it answers and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Vendor {
    /// Okta, by a custom authorization server such as `default`.
    Okta,
    /// Okta, by the org's own authorization server.
    OktaOrg,
    /// Keycloak.
    Keycloak,
    /// Another one, or none that can be told.
    Other,
}

impl Vendor {
    /// Its name in a sentence.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Okta => "Okta, a custom authorization server",
            Self::OktaOrg => "Okta, the org authorization server",
            Self::Keycloak => "Keycloak",
            Self::Other => "neither Okta nor Keycloak",
        }
    }

    /// By the path of the token endpoint, which is each vendor's own.
    pub(super) fn of_token_endpoint(url: &Url) -> Self {
        let segments: Vec<&str> = url.path().split('/').skip(1).collect();
        match segments.as_slice() {
            ["oauth2", "v1", "token"] => Self::OktaOrg,
            ["oauth2", _, "v1", "token"] => Self::Okta,
            [.., "realms", _, "protocol", "openid-connect", "token"] => Self::Keycloak,
            _ => Self::Other,
        }
    }

    pub(super) fn is_okta(self) -> bool {
        matches!(self, Self::Okta | Self::OktaOrg)
    }
}

/// What is known so far. Each is none until a check has found it.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// By the configuration's URLs at first, then by what the issuer answers.
    pub(super) vendor: Option<Vendor>,
    /// The issuer's identifier, as its discovery document has it.
    pub(super) issuer: Option<String>,
    /// The whole discovery document.
    pub(super) discovery: Option<Map<String, Value>>,
    /// The keys that tokens may be signed with: the `keys` of the JWKS that are for signatures.
    pub(super) signing_keys: Option<Vec<Value>>,
    /// Where the token is asked for: the configuration's, or the one that was discovered.
    pub(super) token_endpoint: Option<Url>,
    /// An access token that the identity provider gave.
    pub(super) token: Option<SecretString>,
    /// What came with it.
    pub(super) granted: Option<Granted>,
    /// What is in it, where it is a JWT.
    pub(super) jwt: Option<Jwt>,
    /// What the portal's list looks like.
    pub(super) shape: Option<Shape>,
    /// What the portal answered to a sync.
    pub(super) seen: Option<Seen>,
    /// What is wrong with the names that the APIs' ids make.
    pub(super) naming: Option<Naming>,
    /// What the catalog should hold.
    pub(super) entities: Option<Vec<Entity>>,
}
