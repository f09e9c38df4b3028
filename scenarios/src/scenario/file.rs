//! The scenario file's own words. Everything with a default may be left out; unknown keys are errors.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{ApiId, Grant, ProductId, RateUnit, Secret, Shape, Spec, Status};

/// A scenario as its file says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ScenarioFile {
    /// What messages call it; the file's name by default.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it is for, in a sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Issuers, clients, users and groups.
    #[serde(skip_serializing_if = "is_default")]
    pub identity: IdentityFile,
    /// Products, versions, specs and usage plans.
    #[serde(skip_serializing_if = "is_default")]
    pub portal: PortalFile,
}

/// Who there is. A list that is left out has the bundled scenarios' content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IdentityFile {
    /// By default an Okta custom authorization server `default`, its org, and a Keycloak realm `gloo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuers: Option<Vec<IssuerFile>>,
    /// By default one confidential client `backstage`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<Vec<ClientFile>>,
    /// By default one user `developer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<UserFile>>,
    /// By default whatever groups the users name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<GroupFile>>,
}

/// One issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssuerFile {
    /// Whose ways it has.
    pub face: FaceFile,
    /// What it is called; the face by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The id of an Okta custom authorization server; `default` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The name of a Keycloak realm; `gloo` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub realm: Option<String>,
    /// Where it sits under the identity provider's base URL; by default `/oauth2/<server>`, nothing for an Okta org, and
    /// `/realms/<realm>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The scopes beside the OpenID ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// The scopes of a client that asks for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_scopes: Option<Vec<String>>,
    /// The `aud` of its access tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// How long an access token is good for: `1h`, `5m`, `90s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_lifetime: Option<SignedDuration>,
}

/// The faces that an issuer can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientFile {
    /// The client id.
    pub id: String,
    /// The client secret; a client without one is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
    /// The grants that are enabled; by default all that the client can use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<Vec<Grant>>,
    /// Where a login may return to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirect_uris: Vec<String>,
}

/// One user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The groups that the person is in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupFile {
    /// The group's name.
    pub name: String,
}

/// What the portal shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PortalFile {
    /// Which portal server it is.
    #[serde(skip_serializing_if = "is_default")]
    pub family: FamilyFile,
    /// How Gloo Mesh Gateway lists APIs; grouped by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<Shape>,
    /// Whether Gloo Mesh Gateway's list holds the documents; by default a flat list does and a grouped one does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inline_specs: Option<bool>,
    /// Who sees what.
    #[serde(skip_serializing_if = "is_default")]
    pub visibility: Visibility,
    /// Who is let in; by default every issuer's tokens.
    #[serde(skip_serializing_if = "is_default")]
    pub auth: AuthFile,
    /// The API products, in the portal's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<ProductFile>,
    /// The usage plans.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub usage_plans: Vec<UsagePlanFile>,
}

/// Which portal server it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FamilyFile {
    /// Gloo Mesh Gateway.
    #[default]
    GlooMeshGateway,
    /// Gloo Gateway.
    GlooGateway,
}

/// Who sees what of the portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Every caller that is let in sees everything.
    #[default]
    Public,
    /// Groups decide. Not served yet: a scenario that says so is refused.
    Restricted,
}

/// External auth before the portal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AuthFile {
    /// The names of the issuers that are trusted; by default all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuers: Option<Vec<String>>,
    /// What a token's `aud` must hold; not checked without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}

/// One API product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProductFile {
    /// The id.
    pub id: ProductId,
    /// The display name; the id by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whom to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// Whether subscriptions are approved by themselves.
    #[serde(default, skip_serializing_if = "is_default")]
    pub auto_approval: bool,
    /// Free metadata.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_metadata: BTreeMap<String, String>,
    /// When it was created; the start of 2026 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed; when it was created by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// The versions, in the portal's order.
    #[serde(default)]
    pub versions: Vec<VersionFile>,
}

/// One version of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VersionFile {
    /// The version's name, such as `v1`.
    pub name: String,
    /// The API's id; `<product>-<version>` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ApiId>,
    /// The title; the product's display name by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is; the product's description by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whom to ask; the product's contact by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The licence's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// The terms of service, or where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_of_service: Option<String>,
    /// Free text such as `production`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<String>,
    /// The publication status; published by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The usage plans that it can be used under; by default all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_plans: Option<Vec<String>>,
    /// Free metadata.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_metadata: BTreeMap<String, String>,
    /// When it was created; when the product was by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed; when it was created by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// The OpenAPI document, written here or as the path of a file beside the scenario; by default one with nothing but
    /// a title and a version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<SpecFile>,
}

/// Where a version's document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpecFile {
    /// Written in the scenario itself: a mapping.
    Inline(Spec),
    /// In a file beside the scenario: its path, relative to the scenario.
    Path(String),
}

/// One usage plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UsagePlanFile {
    /// The name.
    pub name: String,
    /// The ways to prove oneself; `apiKeyAuth` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_types: Option<Vec<String>>,
    /// How much may be called; no limit by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimitFile>,
}

/// A number of requests in a unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RateLimitFile {
    /// The requests in one unit.
    pub requests: u32,
    /// The unit.
    pub per: RateUnit,
}

impl Serialize for SpecFile {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Inline(spec) => spec.serialize(serializer),
            Self::Path(path) => serializer.serialize_str(path),
        }
    }
}

impl<'de> Deserialize<'de> for SpecFile {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = SpecFile;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an OpenAPI document, or the path of a file that holds one")
            }

            fn visit_str<E>(self, path: &str) -> Result<Self::Value, E> {
                Ok(SpecFile::Path(path.to_owned()))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let document = serde::de::value::MapAccessDeserializer::new(map);
                Spec::deserialize(document).map(SpecFile::Inline)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
