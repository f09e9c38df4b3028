//! What a portal's owner changes while it runs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::file::{ProductFile, SpecFile, UsagePlanFile, VersionFile};
use crate::{ApiId, ProductId, SpecForm};

/// A change of what the portal shows: one new world. What is left out stays as it is. Removals come first, then edits,
/// then additions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Change {
    /// Products that go, with all their versions, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_products: Vec<ProductId>,
    /// Versions that go, by their API id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_versions: Vec<ApiId>,
    /// Whether all products go.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub remove_all: bool,
    /// Products that change, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edit_products: Vec<ProductEdit>,
    /// Versions that change, by their API id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edit_versions: Vec<VersionEdit>,
    /// Products that come, after the ones that are there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_products: Vec<ProductFile>,
    /// Versions that come, each to a product that is there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_versions: Vec<NewVersion>,
    /// The usage plans from now on, in place of those that are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_plans: Option<Vec<UsagePlanFile>>,
    /// Made-up products that come, for a portal of a size that nobody writes by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grow: Option<Growth>,
}

/// A product that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProductEdit {
    /// Which one.
    pub id: ProductId,
    /// Another id; those of its versions' ids that begin with the old one begin with the new one then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_id: Option<ProductId>,
    /// Another display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Another description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Another contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// Other free metadata, in place of all that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_metadata: Option<BTreeMap<String, String>>,
}

/// A version that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VersionEdit {
    /// Which one, by its API id.
    pub id: ApiId,
    /// Another API id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_id: Option<ApiId>,
    /// Another title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Another description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Other words on where it is in its life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<String>,
    /// Other usage plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_plans: Option<Vec<String>>,
    /// Other free metadata, in place of all that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_metadata: Option<BTreeMap<String, String>>,
    /// Another document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<SpecFile>,
    /// Another form in which the document is served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec_form: Option<SpecForm>,
    /// What the portal says went wrong when it fetched the document, in place of the document; an empty text ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec_fetch_error: Option<String>,
}

/// A version that comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewVersion {
    /// The product that it is a version of.
    pub product: ProductId,
    /// The version itself.
    pub version: VersionFile,
}

/// Made-up products, `generated-0001` and so on, with small documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Growth {
    /// How many products, 10,000 at most.
    pub products: u32,
    /// How many versions each, so that there are 100,000 versions at most.
    pub versions_each: u32,
}
