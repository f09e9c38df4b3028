//! The scenario file's words for who there is: issuers, clients, users and groups.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Grant, Secret};

/// Who there is. A list that is left out has the bundled scenarios' content; an empty one is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IdentityFile {
    /// By default an Okta custom authorization server `default`, its org, and a Keycloak realm `gloo`. At least one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuers: Option<Vec<IssuerFile>>,
    /// By default one confidential client `backstage` with the secret `backstage-dev-secret`. At least one; the first is
    /// the service account that a sync uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<Vec<ClientFile>>,
    /// By default one user `developer` with the password `developer-dev-password`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<UserFile>>,
    /// By default the groups that the users name. Where they are listed, a user can be in no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<GroupFile>>,
}

/// One issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssuerFile {
    /// Whose ways it has.
    pub face: FaceFile,
    /// What it is called; by default its face: `okta`, `okta-org` or `keycloak`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The id of an Okta custom authorization server; `default` by default. The other faces have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The name of a Keycloak realm; `gloo` by default. The other faces have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub realm: Option<String>,
    /// Where it sits under the identity provider's base URL; by default `/oauth2/<server>`, nothing for an Okta org, and
    /// `/realms/<realm>`. It starts with `/` and does not end with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The scopes beside the OpenID ones; by default `portal` on Okta and none on Keycloak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// The scopes of a client that asks for none; by default all of `scopes`. A fresh Okta has none (`[]`), and then
    /// refuses a client that asks for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_scopes: Option<Vec<String>>,
    /// The `aud` of its access tokens; by default `api://default` for an Okta custom authorization server, the issuer
    /// itself for an Okta org, and `account` for Keycloak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// How long an access token is good for, in whole seconds from one up: `1h`, `5m`, `90s`. By default an hour on Okta
    /// and five minutes on Keycloak.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "jiff::fmt::serde::duration::friendly::compact::optional"
    )]
    #[schemars(with = "Option<String>")]
    pub access_token_lifetime: Option<SignedDuration>,
    /// Whether its access tokens are opaque: no JWT, so that a portal that checks JWTs turns them away. Not by default.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub opaque_tokens: bool,
    /// Claims that its access tokens lack though they should have them, such as `exp`; none by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drop_claims: Vec<String>,
}

impl IssuerFile {
    /// An issuer with this face and nothing but defaults.
    #[must_use]
    pub fn new(face: FaceFile) -> Self {
        Self {
            face,
            name: None,
            server: None,
            realm: None,
            path: None,
            scopes: None,
            default_scopes: None,
            audience: None,
            access_token_lifetime: None,
            opaque_tokens: false,
            drop_claims: Vec::new(),
        }
    }
}

/// The faces that an issuer can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaceFile {
    /// An Okta custom authorization server.
    Okta,
    /// An Okta org's own authorization server.
    OktaOrg,
    /// A Keycloak realm.
    Keycloak,
}

/// One client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientFile {
    /// The client id.
    pub id: String,
    /// The client secret; a client without one is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
    /// The grants that are enabled; by default all that the client can use: without a secret not `client_credentials`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<Vec<Grant>>,
    /// Where a login may return to, as absolute URLs; by default nowhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirect_uris: Vec<String>,
}

impl ClientFile {
    /// A public client with this id and nothing but defaults.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), secret: None, grants: None, redirect_uris: Vec::new() }
    }
}

/// One user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserFile {
    /// What the person logs in with.
    pub username: String,
    /// The password.
    pub password: Secret,
    /// The full name; the username by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The email address; `<username>@example.com` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The groups that the person is in; none by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
}

impl UserFile {
    /// A user with this name and password and nothing but defaults.
    #[must_use]
    pub fn new(username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { username: username.into(), password: password.into(), name: None, email: None, groups: Vec::new() }
    }
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupFile {
    /// The group's name.
    pub name: String,
}
