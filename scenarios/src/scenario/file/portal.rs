//! The scenario file's words for what the portal shows: products, versions, specs, usage plans, and who is let in.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::is_default;
use crate::{ApiId, ProductId, RateUnit, Shape, Spec, SpecForm, Status};

/// What the portal shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PortalFile {
    /// Which portal server it is; Gloo Mesh Gateway by default.
    #[serde(skip_serializing_if = "is_default")]
    pub family: FamilyFile,
    /// How Gloo Mesh Gateway lists APIs; grouped by default. Gloo Gateway has one way only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<Shape>,
    /// Whether Gloo Mesh Gateway's list holds the documents; by default a flat list does and a grouped one does not.
    /// Gloo Gateway's versions always do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inline_specs: Option<bool>,
    /// Who sees what; by default every caller that is let in sees everything.
    #[serde(skip_serializing_if = "is_default")]
    pub visibility: Visibility,
    /// Who is let in; by default every issuer's tokens.
    #[serde(skip_serializing_if = "is_default")]
    pub auth: AuthFile,
    /// The API products, in the portal's order; none by default.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<ProductFile>,
    /// The usage plans; none by default.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub usage_plans: Vec<UsagePlanFile>,
}

/// Which portal server it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FamilyFile {
    /// Gloo Mesh Gateway.
    #[default]
    GlooMeshGateway,
    /// Gloo Gateway.
    GlooGateway,
}

/// Who sees what of the portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Every caller that is let in sees everything.
    #[default]
    Public,
    /// Groups decide. Not served yet: a scenario that says so is refused, and the schema does not offer it.
    #[schemars(skip)]
    Restricted,
}

/// External auth before the portal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProductFile {
    /// The id, as in its versions' ids.
    pub id: ProductId,
    /// The display name; the id by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is; nothing by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whom to ask (Gloo Gateway's `contactEmail`); nobody by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// Whether subscriptions are approved by themselves (Gloo Gateway); not by default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub auto_approval: bool,
    /// Free metadata; none by default.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_metadata: BTreeMap<String, String>,
    /// When it was created; the start of 2026 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub created_at: Option<Timestamp>,
    /// When it was last changed; when it was created by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub updated_at: Option<Timestamp>,
    /// The versions, in the portal's order; none by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<VersionFile>,
}

impl ProductFile {
    /// A product with this id, no version, and nothing but defaults.
    #[must_use]
    pub fn new(id: impl Into<ProductId>) -> Self {
        Self {
            id: id.into(),
            name: None,
            description: None,
            contact_email: None,
            auto_approval: false,
            custom_metadata: BTreeMap::new(),
            created_at: None,
            updated_at: None,
            versions: Vec::new(),
        }
    }
}

/// One version of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// The licence's name; none by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// The terms of service, or where they are; none by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_of_service: Option<String>,
    /// Free text such as `production` (Gloo Mesh Gateway); none by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<String>,
    /// The publication status (Gloo Gateway); published by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The names of the usage plans that it can be used under; by default all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_plans: Option<Vec<String>>,
    /// Free metadata; none by default.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_metadata: BTreeMap<String, String>,
    /// When it was created; when the product was by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub created_at: Option<Timestamp>,
    /// When it was last changed; when it was created by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub updated_at: Option<Timestamp>,
    /// The OpenAPI document, written here or as the path of a file, relative to the scenario; by default one with
    /// nothing but a title and a version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<SpecFile>,
    /// In which form the portal serves the document; as an object by default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub spec_form: SpecForm,
    /// What the portal says went wrong when it fetched the document (Gloo Mesh Gateway's `openapiSpecFetchErr`, Gloo
    /// Gateway's `apiSpecError`), in place of the document; nothing by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec_fetch_error: Option<String>,
}

impl VersionFile {
    /// A version with this name and nothing but defaults.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            id: None,
            title: None,
            description: None,
            contact: None,
            license: None,
            terms_of_service: None,
            lifecycle: None,
            status: None,
            usage_plans: None,
            custom_metadata: BTreeMap::new(),
            created_at: None,
            updated_at: None,
            spec: None,
            spec_form: SpecForm::Object,
            spec_fetch_error: None,
        }
    }
}

/// Where a version's document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpecFile {
    /// Written in the scenario itself, as a mapping. Its numbers are values: `1.10` is read as `1.1`.
    Inline(Spec),
    /// In a file of JSON or YAML: its path, relative to the scenario's folder. JSON is served digit for digit.
    Path(String),
}

/// One usage plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

impl UsagePlanFile {
    /// A usage plan with this name and nothing but defaults.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), auth_types: None, rate_limit: None }
    }
}

/// A number of requests in a unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RateLimitFile {
    /// The requests in one unit.
    pub requests: u32,
    /// The unit.
    pub per: RateUnit,
}

impl JsonSchema for SpecFile {
    fn schema_name() -> Cow<'static, str> {
        "SpecFile".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The OpenAPI document itself, or the path of the file that holds it, relative to the scenario.",
            "type": ["object", "string"],
        })
    }
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
