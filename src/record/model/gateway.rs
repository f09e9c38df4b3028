//! Gloo Gateway's answers as a scenario's file: products, each with its details and its versions.

use std::collections::HashSet;

use http::StatusCode;
use understudy_scenarios::file::{FamilyFile, PortalFile, ProductFile, UsagePlanFile, VersionFile};
use understudy_scenarios::{ApiId, ProductId, SpecForm, Status};

use super::super::answers::{self, Answer, Asked, Members};
use super::super::error::RecordError;
use super::item::Item;
use super::{Making, are_all};

/// This family has no usage plans to ask for, but tells of a product which ways its plans let callers in: a plan for each.
const API_KEY: &str = "api-key";
const OAUTH: &str = "oauth";
const NEITHER: &str = "other";

pub(super) fn portal(products: &Answer, making: &mut Making<'_>) -> Result<PortalFile, RecordError> {
    let list = answers::items(&products.body).ok_or_else(|| RecordError::Changed(products.shown()))?;
    let mut portal = PortalFile { family: FamilyFile::GlooGateway, ..PortalFile::default() };
    let (mut seen, mut apis) = (HashSet::new(), HashSet::new());
    let mut plans_of = Vec::new();
    for members in list {
        let id = answers::text(&members, "id").ok_or_else(|| RecordError::Changed(products.shown()))?;
        if !seen.insert(id.clone()) {
            making.notes.tell(format!(
                "product `{id}` stands in the list more than once; it is recorded once, as it stands first"
            ));
            continue;
        }
        let (product, plans) = product(members, &id, &mut apis, making)?;
        portal.products.push(product);
        plans_of.push(plans);
    }
    for name in [API_KEY, OAUTH, NEITHER] {
        if plans_of.iter().flatten().any(|plan| *plan == name) {
            let auth_types = match name {
                API_KEY => None,
                OAUTH => Some(vec!["oauth2".to_owned()]),
                _ => Some(Vec::new()),
            };
            portal.usage_plans.push(UsagePlanFile { auth_types, ..UsagePlanFile::new(name) });
        }
    }
    for (product, plans) in portal.products.iter_mut().zip(plans_of) {
        let plans: Vec<String> = plans.into_iter().map(str::to_owned).collect();
        if !plans.is_empty() && product.versions.is_empty() {
            making.notes.tell(format!(
                "product `{}` has no version, so that the recording does not tell which ways let its callers in",
                product.id
            ));
        }
        for version in &mut product.versions {
            version.usage_plans = Some(plans.clone()).filter(|plans| !are_all(plans, &portal.usage_plans));
        }
    }
    Ok(portal)
}

/// A product, and the plans that tell which ways let callers in.
fn product(
    members: Members<'_>,
    id: &str,
    apis: &mut HashSet<String>,
    making: &mut Making<'_>,
) -> Result<(ProductFile, Vec<&'static str>), RecordError> {
    let name = format!("product `{id}`");
    let mut item = Item::new(members, "a product", name.clone());
    item.ignore(&["id", "versionsCount"]);
    let notes = &mut making.notes;
    let mut product = ProductFile {
        // An empty name counts as none; one that is left out would be the id.
        name: Some(item.text("name", notes).unwrap_or_default()).filter(|name| name != id),
        description: item.text("description", notes),
        custom_metadata: item.metadata("apiProductMetadata", notes),
        created_at: item.time("createdAt", notes),
        updated_at: item.time("updatedAt", notes),
        ..ProductFile::new(ProductId::from(id))
    };
    let plans = match (item.flag("apiKeyEnabled"), item.flag("oauthEnabled")) {
        (None, None) => vec![],
        (Some(true), Some(true)) => vec![API_KEY, OAUTH],
        (Some(true), _) => vec![API_KEY],
        (_, Some(true)) => vec![OAUTH],
        _ => vec![NEITHER],
    };
    // What says nothing new is left out.
    product.updated_at = product.updated_at.filter(|updated| Some(*updated) != product.created_at);
    item.finish(notes);
    details(&mut product, id, &name, making);
    let answer = making
        .about(Asked::Versions, id)
        .ok_or_else(|| RecordError::Changed(format!("/api-products/{id}/versions")))?;
    let versions = answers::items(&answer.body).ok_or_else(|| RecordError::Changed(answer.shown()))?;
    for members in versions {
        let id = answers::text(&members, "id").ok_or_else(|| RecordError::Changed(answer.shown()))?;
        if !apis.insert(id.clone()) {
            making.notes.tell(format!(
                "API `{id}` stands in the lists more than once; it is recorded once, as it stands first"
            ));
            continue;
        }
        let version = version(members, &id, &product, making);
        product.versions.push(version);
    }
    Ok((product, plans))
}

/// What is told only to who asks for a product by itself.
fn details(product: &mut ProductFile, id: &str, name: &str, making: &mut Making<'_>) {
    let Some(answer) = making.about(Asked::Product, id) else { return };
    let members = serde_json::from_str::<Members<'_>>(&answer.body).ok().filter(|_| answer.status == StatusCode::OK);
    let Some(members) = members else {
        making.notes.tell(format!(
            "{name}: the portal answered {} for its details; the recording has no contact of it",
            answer.status
        ));
        return;
    };
    let mut item = Item::new(members, "a product", name.to_owned());
    // The list has told them.
    item.ignore(&["id", "name", "description", "versionsCount", "apiProductMetadata", "createdAt", "updatedAt"]);
    item.ignore(&["apiKeyEnabled", "oauthEnabled"]);
    product.contact_email = item.text("contactEmail", &mut making.notes);
    product.auto_approval = item.flag("autoApproval").unwrap_or_default();
    item.finish(&mut making.notes);
}

fn version(members: Members<'_>, id: &str, product: &ProductFile, making: &mut Making<'_>) -> VersionFile {
    let mut item = Item::new(members, "a version", format!("API `{id}`"));
    item.ignore(&["id", "apiProductId"]);
    let notes = &mut making.notes;
    let name = item.text("name", notes).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| {
        notes.tell(format!("API `{id}` has no version; it is recorded as `unnamed`"));
        "unnamed".to_owned()
    });
    let product_name = product.name.clone().unwrap_or_else(|| product.id.to_string());
    let title = Some(item.text("title", notes).unwrap_or_default()).filter(|title| *title != product_name);
    let documentation = item.text("documentation", notes);
    let status = item.text("status", notes);
    let known = status.as_deref().and_then(|status| match status {
        "published" => Some(Status::Published),
        "draft" => Some(Status::Draft),
        "deprecated" => Some(Status::Deprecated),
        _ => None,
    });
    if known.is_none() {
        let status = status.map_or_else(|| "no status".to_owned(), |status| format!("the status `{status}`"));
        notes.tell(format!("{}: it has {status}, which no scenario can say; it is recorded as published", item.name()));
    }
    let mut version = VersionFile {
        id: Some(ApiId::from(id)).filter(|id| *id != ApiId::of(&product.id, &name)),
        title,
        // One that is left out would be the product's.
        description: documentation.or_else(|| product.description.as_ref().map(|_| String::new())),
        license: item.text("license", notes),
        terms_of_service: item.text("termsOfService", notes),
        status: known.filter(|status| *status != Status::Published),
        custom_metadata: item.metadata("productVersionMetadata", notes),
        created_at: item.time("createdAt", notes),
        updated_at: item.time("updatedAt", notes),
        ..VersionFile::new(name)
    };
    // What says nothing new is left out.
    version.created_at = version.created_at.filter(|created| Some(*created) != product.created_at);
    let created = version.created_at.or(product.created_at);
    version.updated_at = version.updated_at.filter(|updated| Some(*updated) != created);
    let error = item.words("apiSpecError").filter(|error| !error.is_empty());
    match item.take("apiSpec") {
        Some(document) => {
            if error.is_some() {
                notes.tell(format!("{}: it has a document and an error of it; the error is left out", item.name()));
            }
            making.documents.add(&mut version, id, item.name(), document, notes);
        }
        None if error.is_some() => version.spec_fetch_error = error,
        None => version.spec_form = SpecForm::Missing,
    }
    item.finish(&mut making.notes);
    version
}
