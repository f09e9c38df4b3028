//! Gloo Gateway's answers: products, and the versions of each with their OpenAPI documents.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use understudy_scenarios::{Portal, Product, Status, UsagePlan, Version};
use utoipa::ToSchema;

use super::document::Document;
use super::{ById, counted};
use crate::respond::Answer;

/// All answers of Gloo Gateway that depend on the world alone.
#[derive(Debug)]
pub(crate) struct Answers {
    /// `GET /v1/api-products`
    pub(crate) products: Answer,
    /// `GET /v1/api-products/{id}`
    pub(crate) details: ById,
    /// `GET /v1/api-products/{id}/versions`
    pub(crate) versions: ById,
}

impl Answers {
    pub(crate) fn of(portal: &Portal) -> Self {
        let products = &portal.products;
        let summaries: Vec<_> = products.iter().map(|product| Summary::of(product, &portal.usage_plans)).collect();
        Self {
            products: Answer::json(&summaries, counted(summaries.len(), "product", "products")),
            details: products
                .iter()
                .map(|product| (product.id.as_str(), Answer::json(&Details::of(product), "1 product")))
                .collect(),
            versions: products
                .iter()
                .zip(&Document::all_of(portal))
                .map(|(product, documents)| (product.id.as_str(), versions(product, documents)))
                .collect(),
        }
    }
}

fn versions(product: &Product, documents: &[Document<'_>]) -> Answer {
    let versions = product.versions.iter().zip(documents);
    let versions: Vec<_> = versions.map(|(version, document)| ProductVersion::of(product, version, document)).collect();
    Answer::json(&versions, counted(versions.len(), "version", "versions"))
}

/// A product in the list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiProductSummary)]
pub(crate) struct Summary<'w> {
    /// The id.
    id: &'w str,
    /// The name for people.
    name: &'w str,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description: Option<&'w str>,
    /// How many versions it has.
    versions_count: usize,
    #[serde(flatten)]
    times: Times,
    /// Free metadata.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    api_product_metadata: &'w BTreeMap<String, String>,
    /// Whether one of its usage plans takes an API key; left out when it has no usage plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    api_key_enabled: Option<bool>,
    /// Whether one of its usage plans takes an OAuth token; left out when it has no usage plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    oauth_enabled: Option<bool>,
}

impl<'w> Summary<'w> {
    fn of(product: &'w Product, plans: &[UsagePlan]) -> Self {
        let its = |plan: &&UsagePlan| product.versions.iter().any(|version| version.usage_plans.contains(&plan.name));
        let mut auth_types = plans.iter().filter(its).map(|plan| plan.auth_types.as_slice()).peekable();
        let (mut api_key_enabled, mut oauth_enabled) = (None, None);
        if auth_types.peek().is_some() {
            let auth_types: Vec<&String> = auth_types.flatten().collect();
            let takes = |start: &str| auth_types.iter().any(|kind| kind.to_ascii_lowercase().starts_with(start));
            (api_key_enabled, oauth_enabled) = (Some(takes("apikey")), Some(takes("oauth")));
        }
        Self {
            id: product.id.as_str(),
            times: Times { created_at: product.created_at, updated_at: product.updated_at },
            name: &product.name,
            description: product.description.as_deref(),
            versions_count: product.versions.len(),
            api_product_metadata: &product.metadata,
            api_key_enabled,
            oauth_enabled,
        }
    }
}

/// A product by itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiProductDetails)]
pub(crate) struct Details<'w> {
    /// The id.
    id: &'w str,
    /// The name for people.
    name: &'w str,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description: Option<&'w str>,
    #[serde(flatten)]
    times: Times,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "email", nullable = false)]
    contact_email: Option<&'w str>,
    /// Whether subscriptions are approved by themselves.
    auto_approval: bool,
    /// Free metadata.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    api_product_metadata: &'w BTreeMap<String, String>,
}

impl<'w> Details<'w> {
    fn of(product: &'w Product) -> Self {
        Self {
            id: product.id.as_str(),
            times: Times { created_at: product.created_at, updated_at: product.updated_at },
            name: &product.name,
            description: product.description.as_deref(),
            contact_email: product.contact_email.as_deref(),
            auto_approval: product.auto_approval,
            api_product_metadata: &product.metadata,
        }
    }
}

/// A version of a product.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApiProductVersion)]
pub(crate) struct ProductVersion<'w> {
    /// The API's id.
    id: &'w str,
    /// Its product's id.
    api_product_id: &'w str,
    /// The version's name.
    name: &'w str,
    /// The title for people.
    title: &'w str,
    /// The publication status.
    status: PublicationStatus,
    /// The OpenAPI document: an object, or a text that holds it as JSON or YAML.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Value>, nullable = false)]
    api_spec: Option<&'w Document<'w>>,
    /// Why the document could not be loaded; there is none then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    api_spec_error: Option<&'w str>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    documentation: Option<&'w str>,
    /// The terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    terms_of_service: Option<&'w str>,
    /// The licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    license: Option<&'w str>,
    /// Free metadata.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    product_version_metadata: &'w BTreeMap<String, String>,
    #[serde(flatten)]
    times: Times,
}

impl<'w> ProductVersion<'w> {
    fn of(product: &'w Product, version: &'w Version, document: &'w Document<'w>) -> Self {
        Self {
            id: version.id.as_str(),
            times: Times { created_at: version.created_at, updated_at: version.updated_at },
            api_product_id: product.id.as_str(),
            name: &version.name,
            title: &version.title,
            status: version.status.into(),
            api_spec: document.served(),
            api_spec_error: document.error(),
            documentation: version.description.as_deref(),
            terms_of_service: version.terms_of_service.as_deref(),
            license: version.license.as_deref(),
            product_version_metadata: &version.metadata,
        }
    }
}

/// When a thing of this family was made and changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Times {
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) updated_at: Timestamp,
}

/// The publication status of a version.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PublicationStatus {
    /// Ready to be used.
    Published,
    /// Not ready yet.
    Draft,
    /// Still there, to be left.
    Deprecated,
}

impl From<Status> for PublicationStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Published => Self::Published,
            Status::Draft => Self::Draft,
            Status::Deprecated => Self::Deprecated,
        }
    }
}
