//! Gloo Mesh Gateway's answers: APIs grouped by product or flat, their OpenAPI documents, and the usage plans.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Serialize;
use understudy_scenarios::{Portal, Product, RateLimit, RateUnit, Shape, Spec, UsagePlan, Version};
use utoipa::ToSchema;

use super::document::Document;
use super::{ById, counted};
use crate::respond::Answer;

/// All answers of Gloo Mesh Gateway that depend on the world alone.
#[derive(Debug)]
pub(crate) struct Answers {
    /// `GET /v1/apis`
    pub(crate) apis: Answer,
    /// `GET /v1/apis/{id}/schema`
    pub(crate) schemas: ById<Schema>,
    /// `GET /v1/usage-plans`
    pub(crate) usage_plans: Answer,
}

impl Answers {
    pub(crate) fn of(portal: &Portal, shape: Shape, inline_specs: bool) -> Self {
        let versions = || portal.products.iter().flat_map(|product| &product.versions);
        let plans: Vec<_> = portal.usage_plans.iter().map(|plan| Plan::of(plan, versions())).collect();
        let documents = Document::all_of(portal);
        let list = ApiList::of(&portal.products, &documents, shape, inline_specs);
        Self {
            apis: Answer::json(&list, list.outcome()),
            schemas: versions()
                .zip(documents.iter().flatten())
                .map(|(version, document)| (version.id.as_str(), Schema::of(version, document)))
                .collect(),
            usage_plans: Answer::json(&plans, counted(plans.len(), "usage plan", "usage plans")),
        }
    }
}

/// What is answered to who asks for an API's document.
#[derive(Debug)]
pub(crate) enum Schema {
    /// The document.
    Served(Answer),
    /// There is none.
    Missing,
    /// It could not be fetched.
    Failed,
}

impl Schema {
    fn of(version: &Version, document: &Document<'_>) -> Self {
        match document {
            Document::Object(_) => Self::Served(whole(&version.spec)),
            Document::Text(text) => Self::Served(Answer::json(&document, sized(text.len()))),
            Document::Missing => Self::Missing,
            Document::Failed(_) => Self::Failed,
        }
    }
}

/// An OpenAPI document as it is: the answer shares the world's text.
fn whole(spec: &Spec) -> Answer {
    struct Shared(Spec);
    impl AsRef<[u8]> for Shared {
        fn as_ref(&self) -> &[u8] {
            self.0.get().as_bytes()
        }
    }
    Answer::new(Bytes::from_owner(Shared(spec.clone())), sized(spec.get().len()))
}

fn sized(bytes: usize) -> String {
    match bytes {
        bytes @ ..1_000 => format!("{bytes} B spec"),
        bytes => format!("{} kB spec", bytes / 1_000),
    }
}

/// The APIs, in one of the two shapes that are in the wild.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ApiList<'w> {
    /// By product (Gloo Mesh Gateway 2.5 and later).
    Grouped(Vec<ApiProduct<'w>>),
    /// One item a version (Gloo Mesh Gateway 2.4).
    Flat(Vec<Api<'w>>),
}

impl<'w> ApiList<'w> {
    fn of(products: &'w [Product], documents: &'w [Vec<Document<'w>>], shape: Shape, inline: bool) -> Self {
        let products = products.iter().zip(documents);
        match shape {
            Shape::Grouped => {
                Self::Grouped(products.map(|(product, documents)| ApiProduct::of(product, documents, inline)).collect())
            }
            Shape::Flat => {
                Self::Flat(products.flat_map(|(product, documents)| Api::all_of(product, documents, inline)).collect())
            }
        }
    }

    fn outcome(&self) -> std::borrow::Cow<'static, str> {
        match self {
            Self::Grouped(products) => counted(products.len(), "product", "products"),
            Self::Flat(apis) => counted(apis.len(), "API", "APIs"),
        }
    }
}

/// A product and its versions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiProduct<'w> {
    /// The product's id.
    api_product_id: &'w str,
    /// Its name for people.
    api_product_display_name: &'w str,
    /// Its versions.
    api_versions: Vec<ApiVersion<'w>>,
}

impl<'w> ApiProduct<'w> {
    fn of(product: &'w Product, documents: &'w [Document<'w>], inline: bool) -> Self {
        let versions = product.versions.iter().zip(documents);
        Self {
            api_product_id: product.id.as_str(),
            api_product_display_name: &product.name,
            api_versions: versions.map(|(version, document)| ApiVersion::of(version, document, inline)).collect(),
        }
    }
}

/// A version in a grouped list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiVersion<'w> {
    /// The API's id.
    api_id: &'w str,
    #[serde(flatten)]
    details: ApiDetails<'w>,
}

impl<'w> ApiVersion<'w> {
    fn of(version: &'w Version, document: &'w Document<'w>, inline: bool) -> Self {
        Self { api_id: version.id.as_str(), details: ApiDetails::of(version, document, inline) }
    }
}

/// A version in a flat list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Api<'w> {
    /// The API's id.
    api_id: &'w str,
    /// Its product's id.
    api_product_id: &'w str,
    /// Its product's name for people.
    api_product_display_name: &'w str,
    #[serde(flatten)]
    details: ApiDetails<'w>,
}

impl<'w> Api<'w> {
    fn all_of(product: &'w Product, documents: &'w [Document<'w>], inline: bool) -> impl Iterator<Item = Self> {
        product.versions.iter().zip(documents).map(move |(version, document)| Self {
            api_id: version.id.as_str(),
            api_product_id: product.id.as_str(),
            api_product_display_name: &product.name,
            details: ApiDetails::of(version, document, inline),
        })
    }
}

/// What both shapes tell of a version.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiDetails<'w> {
    /// The version's name.
    api_version: &'w str,
    /// The title for people.
    title: &'w str,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description: Option<&'w str>,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    contact: Option<&'w str>,
    /// The licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    license: Option<&'w str>,
    /// The terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    terms_of_service: Option<&'w str>,
    /// Where it is in its life, in free words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    lifecycle: Option<&'w str>,
    /// The names of the usage plans that it can be used under.
    usage_plans: &'w [String],
    /// Free metadata.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    custom_metadata: &'w BTreeMap<String, String>,
    /// The OpenAPI document, in a portal whose list holds it: an object, or a text that holds it as JSON or YAML.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Value>, nullable = false)]
    openapi_spec: Option<&'w Document<'w>>,
    /// What went wrong when the portal fetched the document; there is none then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    openapi_spec_fetch_err: Option<&'w str>,
}

impl<'w> ApiDetails<'w> {
    fn of(version: &'w Version, document: &'w Document<'w>, inline: bool) -> Self {
        Self {
            api_version: &version.name,
            title: &version.title,
            description: version.description.as_deref(),
            contact: version.contact.as_deref(),
            license: version.license.as_deref(),
            terms_of_service: version.terms_of_service.as_deref(),
            lifecycle: version.lifecycle.as_deref(),
            usage_plans: &version.usage_plans,
            custom_metadata: &version.metadata,
            openapi_spec: document.served().filter(|_| inline),
            openapi_spec_fetch_err: document.error(),
        }
    }
}

/// A usage plan.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UsagePlan)]
pub(crate) struct Plan<'w> {
    /// The name.
    name: &'w str,
    /// The ways to prove oneself.
    auth_policies: Vec<AuthPolicy<'w>>,
    /// How much may be called; no limit without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rate_limit_policy: Option<RateLimitPolicy>,
    /// The APIs that can be used under it.
    api_ids: Vec<&'w str>,
}

/// A way to prove oneself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthPolicy<'w> {
    /// Its kind, such as `apiKeyAuth`.
    auth_type: &'w str,
}

/// A number of requests in a unit of time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RateLimitPolicy {
    /// `SECOND`, `MINUTE`, `HOUR` or `DAY`.
    unit: &'static str,
    /// The requests in one unit.
    requests_per_unit: u32,
}

impl<'w> Plan<'w> {
    fn of(plan: &'w UsagePlan, versions: impl Iterator<Item = &'w Version>) -> Self {
        let under = |version: &&Version| version.usage_plans.contains(&plan.name);
        Self {
            name: &plan.name,
            auth_policies: plan.auth_types.iter().map(|auth_type| AuthPolicy { auth_type }).collect(),
            rate_limit_policy: plan.rate_limit.map(RateLimitPolicy::from),
            api_ids: versions.filter(under).map(|version| version.id.as_str()).collect(),
        }
    }
}

impl From<RateLimit> for RateLimitPolicy {
    fn from(limit: RateLimit) -> Self {
        let unit = match limit.unit {
            RateUnit::Second => "SECOND",
            RateUnit::Minute => "MINUTE",
            RateUnit::Hour => "HOUR",
            RateUnit::Day => "DAY",
        };
        Self { unit, requests_per_unit: limit.requests_per_unit }
    }
}
