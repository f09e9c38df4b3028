//! Who there is: issuers with their faces, clients, users and groups.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Secret;

/// All that an identity provider knows. Every client and user is known to every issuer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The issuers, each with its own face, all up at once; names are unique, and so are paths.
    pub issuers: Vec<Issuer>,
    /// The registered clients; ids are unique. The first is the service account that a sync uses.
    pub clients: Vec<Client>,
    /// The people who can log in; usernames are unique.
    pub users: Vec<User>,
    /// The groups that users are in; names are unique.
    pub groups: Vec<Group>,
}

impl Identity {
    /// The client with this id.
    #[must_use]
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }
}

/// An OpenID provider's issuer: one authorization server or realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// What the scenario calls it: `okta`.
    pub name: String,
    /// Whose ways it has.
    pub face: Face,
    /// Where it sits under the identity provider's base URL: empty, or `/…` without a slash at the end. The issuer's
    /// identifier is the base URL and this.
    pub path: String,
    /// The scopes that a client may ask for beside the OpenID ones, in the server's order.
    pub scopes: Vec<String>,
    /// The scopes that a client gets which asks for none. Empty with Okta: such a request is refused.
    pub default_scopes: Vec<String>,
    /// The `aud` of its access tokens; empty for the issuer's own identifier.
    pub audience: String,
    /// How long an access token is good for, in whole seconds.
    pub access_token_lifetime: Duration,
    /// Whether its access tokens are opaque: no JWT.
    pub opaque_tokens: bool,
    /// Claims that its access tokens lack.
    pub dropped_claims: Vec<String>,
    /// The keys that it signs with and publishes.
    pub keys: IssuerKeys,
}

/// An issuer's signing keys, counted from 0 in the order in which it takes them into use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IssuerKeys {
    /// The oldest that is published still.
    pub oldest: u32,
    /// The one that it signs with, which is the newest.
    pub current: u32,
}

impl Issuer {
    /// Where clients ask for tokens: a path under the identity provider's base URL.
    #[must_use]
    pub fn token_path(&self) -> String {
        self.under("token")
    }

    /// Where the public keys are: a path under the identity provider's base URL.
    #[must_use]
    pub fn jwks_path(&self) -> String {
        self.under(match self.face {
            Face::OktaOrg | Face::OktaCustom { .. } => "keys",
            Face::Keycloak { .. } => "certs",
        })
    }

    /// The path of the endpoint that the face calls `endpoint`, such as `introspect` or `token/introspect`.
    #[must_use]
    pub fn under(&self, endpoint: &str) -> String {
        let protocol = match self.face {
            Face::OktaOrg => "oauth2/v1",
            Face::OktaCustom { .. } => "v1",
            Face::Keycloak { .. } => "protocol/openid-connect",
        };
        format!("{}/{protocol}/{endpoint}", self.path)
    }
}

/// Whose ways an issuer has: paths, claims, headers and errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Face {
    /// An Okta org's own authorization server, at the org's base URL.
    OktaOrg,
    /// An Okta custom authorization server; `server` is its id, such as `default`.
    OktaCustom {
        /// The id in its path.
        server: String,
    },
    /// A Keycloak realm.
    Keycloak {
        /// The realm's name, as in its path.
        realm: String,
    },
}

/// A registered OAuth client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The client id.
    pub id: String,
    /// The client secret. Without one, the client is public.
    pub secret: Option<Secret>,
    /// The grants that are enabled for it, in the order in which they are listed.
    pub grants: Vec<Grant>,
    /// Where a login may return to, matched exactly.
    pub redirect_uris: Vec<String>,
}

/// A way to get a token (RFC 6749).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// For a service account: what a sync uses.
    ClientCredentials,
    /// For a login in a browser.
    AuthorizationCode,
    /// To prolong a login.
    RefreshToken,
}

impl Grant {
    /// The `grant_type` on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// A person who can log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// What the person logs in with.
    pub username: String,
    /// The password.
    pub password: Secret,
    /// The full name.
    pub name: String,
    /// The email address.
    pub email: String,
    /// The names of the groups that the person is in.
    pub groups: Vec<String>,
}

/// A group of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The name, as in a `groups` claim.
    pub name: String,
}
