//! What a portal's owner changes while it runs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::file::{ProductFile, SpecFile, UsagePlanFile, VersionFile};
use crate::load::trail::{Trail, trail};
use crate::{ApiId, ProductId, SpecForm};

/// A change of what the portal shows: one new world, or none where part of it can't be. What is left out stays as it is.
/// Removals come first, then the usage plans, then edits of products and of versions, then additions.
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
    /// The usage plans from now on, in place of those that are there. A version that could be used under all has all
    /// then, and any other keeps those of its plans that are there still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_plans: Option<Vec<UsagePlanFile>>,
    /// Made-up products that come, for a portal of a size that nobody writes by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grow: Option<Growth>,
}

impl Change {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The documents in it, each with its place under the change.
    pub(crate) fn specs(&self) -> impl Iterator<Item = (Trail, &SpecFile)> {
        let edited = self.edit_versions.iter().enumerate().map(|(at, edit)| {
            let trail = trail!["editVersions", at, "spec"];
            (trail, &edit.spec)
        });
        let products = self.add_products.iter().enumerate().flat_map(|(product, file)| {
            file.versions.iter().enumerate().map(move |(version, file)| {
                let trail = trail!["addProducts", product, "versions", version, "spec"];
                (trail, &file.spec)
            })
        });
        let versions = self.add_versions.iter().enumerate().map(|(at, new)| {
            let trail = trail!["addVersions", at, "version", "spec"];
            (trail, &new.version.spec)
        });
        edited.chain(products).chain(versions).filter_map(|(trail, spec)| Some((trail, spec.as_ref()?)))
    }

    /// The same documents, to be changed.
    pub(crate) fn specs_mut(&mut self) -> impl Iterator<Item = &mut SpecFile> {
        let edited = self.edit_versions.iter_mut().map(|edit| &mut edit.spec);
        let products = self.add_products.iter_mut().flat_map(|file| &mut file.versions).map(|file| &mut file.spec);
        let versions = self.add_versions.iter_mut().map(|new| &mut new.version.spec);
        edited.chain(products).chain(versions).flatten()
    }
}

impl Growth {
    /// The most products.
    pub const MOST_PRODUCTS: u32 = 10_000;
    /// The most versions that a portal has after it grew.
    pub const MOST_VERSIONS: usize = 100_000;
}

/// A product that changes. Versions that have taken over its words, such as their title from its name, follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProductEdit {
    /// Which one.
    pub id: ProductId,
    /// Another id; those of its versions' ids that begin with the old one and a dash begin with the new one then.
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

/// Made-up products with small documents: `generated-0001` and so on, counted on from those that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Growth {
    /// How many products, 10,000 at most.
    pub products: u32,
    /// How many versions each: `v1` and so on. The portal may have 100,000 versions then at most.
    pub versions_each: u32,
}
