//! What the portal shows: products, their versions and specs, usage plans, and who is let in.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Spec;

/// All that a portal knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Portal {
    /// Which portal server it is.
    pub family: Family,
    /// Who is let in.
    pub access: Access,
    /// The API products in the portal's order; ids are unique.
    pub products: Vec<Product>,
    /// The usage plans; names are unique.
    pub usage_plans: Vec<UsagePlan>,
}

/// Which of the two portal servers answers. They share no path but `/v1/me`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Gloo Mesh Gateway 2.4 and later ("Gloo Platform Portal").
    GlooMeshGateway {
        /// How it lists APIs.
        shape: Shape,
        /// Whether the list itself holds `openapiSpec`.
        inline_specs: bool,
    },
    /// Gloo Gateway 1.18 and later ("Gloo Portal server").
    GlooGateway,
}

impl Default for Family {
    fn default() -> Self {
        Self::GlooMeshGateway { shape: Shape::Grouped, inline_specs: false }
    }
}

/// How Gloo Mesh Gateway lists APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// By product, each with its versions (2.5 and later).
    Grouped,
    /// One item a version (2.4).
    Flat,
}

/// Whom external auth lets in: bearers of a token that one of these issuers signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The names of the issuers that are trusted.
    pub issuers: Vec<String>,
    /// What a token's `aud` must hold; not checked without one.
    pub audience: Option<String>,
    /// Tokens that were issued at this time or before are turned away; none is without one.
    pub cutoff: Option<Cutoff>,
}

/// From when on tokens are good, and what is said of those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cutoff {
    /// Tokens with this `iat` or an earlier one are turned away.
    pub at: Timestamp,
    /// What is said of them.
    pub reason: CutoffReason,
}

/// Why tokens before a time are turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutoffReason {
    /// They count as expired.
    Expired,
    /// They were revoked.
    Revoked,
}

/// An API product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The id, as in paths and in its versions' ids.
    pub id: ProductId,
    /// The display name.
    pub name: String,
    /// What it is, in a sentence or more.
    pub description: Option<String>,
    /// Whom to ask (Gloo Gateway's `contactEmail`).
    pub contact_email: Option<String>,
    /// Whether subscriptions are approved by themselves (Gloo Gateway).
    pub auto_approval: bool,
    /// Free metadata of the product.
    pub metadata: BTreeMap<String, String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Its versions in the portal's order.
    pub versions: Vec<Version>,
}

/// One version of an API product: what Backstage calls an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The API's id, unique in the portal: `<product>-<version>` unless the scenario says otherwise.
    pub id: ApiId,
    /// The version's name: `v1`.
    pub name: String,
    /// The title for people.
    pub title: String,
    /// What it is, in a sentence or more.
    pub description: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// The licence's name.
    pub license: Option<String>,
    /// The terms of service, or where they are.
    pub terms_of_service: Option<String>,
    /// Free text such as `production` (Gloo Mesh Gateway).
    pub lifecycle: Option<String>,
    /// The publication status (Gloo Gateway).
    pub status: Status,
    /// The names of the usage plans that it can be used under.
    pub usage_plans: Vec<String>,
    /// Free metadata of the version.
    pub metadata: BTreeMap<String, String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Its OpenAPI document.
    pub spec: Spec,
    /// In which form the portal serves the document.
    pub spec_form: SpecForm,
    /// What the portal says went wrong when it fetched the document, in place of the document.
    pub spec_fetch_error: Option<String>,
}

/// In which form a portal serves an OpenAPI document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SpecForm {
    /// As a JSON object, as it should be.
    #[default]
    Object,
    /// As a string that holds JSON.
    JsonText,
    /// As a string that holds YAML.
    YamlText,
    /// Not at all.
    Missing,
}

/// The publication status of a version (the current backend's contract).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Ready to be used.
    Published,
    /// Not ready yet.
    Draft,
    /// Still there, to be left.
    Deprecated,
}

/// A usage plan: how callers prove themselves, and how much they may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsagePlan {
    /// The name that versions refer to.
    pub name: String,
    /// The ways to prove oneself, such as `apiKeyAuth` or `oauth2`.
    pub auth_types: Vec<String>,
    /// How much may be called; no limit without one.
    pub rate_limit: Option<RateLimit>,
}

/// A number of requests in a unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The requests in one unit.
    pub requests_per_unit: u32,
    /// The unit.
    pub unit: RateUnit,
}

/// A unit of time, as rate limits have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RateUnit {
    /// `SECOND` on the wire.
    Second,
    /// `MINUTE` on the wire.
    Minute,
    /// `HOUR` on the wire.
    Hour,
    /// `DAY` on the wire.
    Day,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

id! {
    /// The id of an API product: `petstore`.
    ProductId
}

id! {
    /// The id of one version of an API product: `petstore-v1`.
    ApiId
}

impl ApiId {
    /// The id that the portal makes for a version that is given none: product id, dash, version.
    #[must_use]
    pub fn of(product: &ProductId, version: &str) -> Self {
        Self(format!("{product}-{version}"))
    }
}
