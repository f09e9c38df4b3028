//! Gloo Mesh Gateway's answers as a scenario's file: grouped or flat, with its usage plans.

use std::collections::HashSet;

use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use understudy_scenarios::file::{PortalFile, ProductFile, RateLimitFile, UsagePlanFile, VersionFile};
use understudy_scenarios::{ApiId, ProductId, RateUnit, Shape, SpecForm};

use super::super::answers::{self, Answer, Asked, Members, has, is_true};
use super::super::error::RecordError;
use super::item::Item;
use super::{Making, are_all};

/// What a version is called whose name the portal does not tell.
const UNNAMED: &str = "unnamed";

pub(super) fn portal(apis: &Answer, making: &mut Making<'_>) -> Result<PortalFile, RecordError> {
    let changed = || RecordError::Changed(apis.shown());
    let list = answers::items(&apis.body).ok_or_else(changed)?;
    let is_grouped = list.first().is_none_or(|first| has(first, "apiVersions"));
    let usage_plans = usage_plans(making);
    let mut portal = PortalFile { shape: (!is_grouped).then_some(Shape::Flat), usage_plans, ..PortalFile::default() };
    let mut reading = Reading { seen: HashSet::new(), inline: 0, asked: 0 };
    for item in list {
        if is_grouped {
            let versions = answers::versions(&item).ok_or_else(changed)?;
            let at = product(&item, &mut portal, making);
            let mut item = Item::new(item, "a product", format!("product `{}`", portal.products[at].id));
            item.ignore(&["apiProductId", "apiProductDisplayName", "apiVersions"]);
            item.finish(&mut making.notes);
            for item in versions {
                reading.version(item, at, &mut portal, making).ok_or_else(changed)?;
            }
        } else {
            let at = product(&item, &mut portal, making);
            reading.version(item, at, &mut portal, making).ok_or_else(changed)?;
        }
    }
    portal.inline_specs = reading.inline_specs(is_grouped, making);
    Ok(portal)
}

/// The product that an item tells of, by its position; one that is new is added.
fn product(item: &Members<'_>, portal: &mut PortalFile, making: &mut Making<'_>) -> usize {
    let id = answers::text(item, "apiProductId").filter(|id| !id.trim().is_empty()).unwrap_or_else(|| {
        making.notes.tell("a product has no id; it is recorded as `unnamed`".to_owned());
        UNNAMED.to_owned()
    });
    let name = answers::text(item, "apiProductDisplayName").unwrap_or_default();
    if let Some(at) = portal.products.iter().position(|product| product.id.as_str() == id) {
        if portal.products[at].name.as_ref().unwrap_or(&id) != &name {
            making.notes.tell(format!("product `{id}` has two display names; it is recorded with the first"));
        }
        return at;
    }
    let name = Some(name).filter(|name| *name != id);
    portal.products.push(ProductFile { name, ..ProductFile::new(ProductId::from(id)) });
    portal.products.len() - 1
}

/// What is known of the versions that were read.
struct Reading {
    seen: HashSet<String>,
    /// How many documents stood in the list.
    inline: usize,
    /// How many had to be asked for.
    asked: usize,
}

impl Reading {
    /// Reads a version into the product at a position; none where it is none.
    fn version(
        &mut self,
        item: Members<'_>,
        product: usize,
        portal: &mut PortalFile,
        making: &mut Making<'_>,
    ) -> Option<()> {
        let id = answers::text(&item, "apiId")?;
        if !self.seen.insert(id.clone()) {
            making
                .notes
                .tell(format!("API `{id}` stands in the list more than once; it is recorded once, as it stands first"));
            return Some(());
        }
        let is_inline = is_true(&item, "openapiSpec");
        let is_failed = is_true(&item, "openapiSpecFetchErr");
        let mut item = Item::new(item, "an API", format!("API `{id}`"));
        item.ignore(&["apiId", "apiProductId", "apiProductDisplayName"]);
        let notes = &mut making.notes;
        let name = item.text("apiVersion", notes).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| {
            notes.tell(format!("API `{id}` has no version; it is recorded as `{UNNAMED}`"));
            UNNAMED.to_owned()
        });
        let ProductFile { id: product_id, name: product_name, .. } = &portal.products[product];
        let product_name = product_name.clone().unwrap_or_else(|| product_id.to_string());
        // An empty title counts as none; one that is left out would be the product's.
        let title = Some(item.text("title", notes).unwrap_or_default()).filter(|title| *title != product_name);
        let mut version = VersionFile {
            id: Some(ApiId::from(id.as_str())).filter(|id| *id != ApiId::of(product_id, &name)),
            title,
            description: item.text("description", notes),
            contact: item.text("contact", notes),
            license: item.text("license", notes),
            terms_of_service: item.text("termsOfService", notes),
            lifecycle: item.text("lifecycle", notes),
            custom_metadata: item.metadata("customMetadata", notes),
            ..VersionFile::new(name)
        };
        let plans = item.texts("usagePlans", notes);
        let (known, unknown): (Vec<_>, Vec<_>) =
            plans.into_iter().partition(|name| portal.usage_plans.iter().any(|plan| plan.name == *name));
        for plan in unknown {
            notes.tell(format!("{}: its usage plan `{plan}` is not among the portal's, and is left out", item.name()));
        }
        version.usage_plans = Some(known).filter(|known| !are_all(known, &portal.usage_plans));
        let inline = item.take("openapiSpec").filter(|_| is_inline);
        let error = item.words("openapiSpecFetchErr").filter(|_| is_failed);
        match (inline, error) {
            (Some(document), error) => {
                self.inline += 1;
                if error.is_some() {
                    notes.tell(format!("{}: it has a document and an error of it; the error is left out", item.name()));
                }
                making.documents.add(&mut version, &id, item.name(), document, notes);
            }
            (None, Some(error)) => version.spec_fetch_error = Some(error),
            (None, None) => {
                self.asked += usize::from(document(&mut version, &id, item.name(), making));
            }
        }
        item.finish(&mut making.notes);
        portal.products[product].versions.push(version);
        Some(())
    }

    /// Whether the list holds the documents, where that is not the shape's default.
    fn inline_specs(&self, is_grouped: bool, making: &mut Making<'_>) -> Option<bool> {
        if self.inline > 0 && self.asked > 0 {
            making.notes.tell(format!(
                "{} of {} documents stand in the list, and the others have to be asked for; in the recording all stand in the list",
                self.inline,
                self.inline + self.asked
            ));
        }
        match (self.inline, self.asked) {
            (0, 0) => None,
            (0, _) => (!is_grouped).then_some(false),
            _ => is_grouped.then_some(true),
        }
    }
}

/// Puts what the portal answered to who asked for a document beside its version; whether there was one.
fn document(version: &mut VersionFile, id: &str, name: &str, making: &mut Making<'_>) -> bool {
    let answer = making.about(Asked::Schema, id);
    let told = match answer {
        Some(answer) if answer.status == StatusCode::OK => match serde_json::from_str::<&RawValue>(&answer.body) {
            Ok(served) => {
                making.documents.add(version, id, name, served, &mut making.notes);
                return version.spec.is_some();
            }
            Err(_) => "what is no JSON".to_owned(),
        },
        Some(answer) if answer.status == StatusCode::NOT_FOUND => {
            version.spec_form = SpecForm::Missing;
            return false;
        }
        Some(answer) => answer.status.to_string(),
        None => "nothing".to_owned(),
    };
    making.notes.tell(format!(
        "{name}: the portal answered {told} for its document; it is recorded as one that the portal could not fetch"
    ));
    version.spec_fetch_error = Some(format!("the portal answered {told}"));
    false
}

/// `UsagePlan` of the published contract, all of whose members may be left out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RateLimitPolicy {
    unit: Option<String>,
    requests_per_unit: Option<u64>,
}

fn usage_plans(making: &mut Making<'_>) -> Vec<UsagePlanFile> {
    let Some(answer) = making.usage_plans else { return Vec::new() };
    let items = if answer.status == StatusCode::OK { answers::items(&answer.body) } else { None };
    let Some(items) = items else {
        making
            .notes
            .tell(format!("/usage-plans answered {} and no list; the recording has no usage plans", answer.status));
        return Vec::new();
    };
    let mut plans: Vec<UsagePlanFile> = Vec::new();
    for members in items {
        let name = answers::text(&members, "name").unwrap_or_default();
        if name.trim().is_empty() || plans.iter().any(|plan| plan.name == name) {
            making.notes.tell(format!(
                "a usage plan {} is left out",
                if name.trim().is_empty() { "without a name" } else { "that stands twice" }
            ));
            continue;
        }
        let mut item = Item::new(members, "a usage plan", format!("usage plan `{name}`"));
        item.ignore(&["name", "apiIds"]);
        plans.push(UsagePlanFile {
            auth_types: auth_types(&mut item),
            rate_limit: rate_limit(&mut item, making),
            name,
        });
        item.finish(&mut making.notes);
    }
    plans
}

fn auth_types(item: &mut Item<'_>) -> Option<Vec<String>> {
    let policies =
        item.take("authPolicies").and_then(|policies| serde_json::from_str::<Vec<Members<'_>>>(policies.get()).ok());
    let kinds: Vec<String> =
        policies.unwrap_or_default().iter().filter_map(|policy| answers::text(policy, "authType")).collect();
    // What a plan has that says nothing.
    Some(kinds).filter(|kinds| *kinds != ["apiKeyAuth"])
}

fn rate_limit(item: &mut Item<'_>, making: &mut Making<'_>) -> Option<RateLimitFile> {
    let policy = item.take("rateLimitPolicy")?;
    let policy = serde_json::from_str::<RateLimitPolicy>(policy.get()).ok();
    let limit = policy.and_then(|policy| {
        let per = match policy.unit?.to_ascii_uppercase().as_str() {
            "SECOND" => RateUnit::Second,
            "MINUTE" => RateUnit::Minute,
            "HOUR" => RateUnit::Hour,
            "DAY" => RateUnit::Day,
            _ => return None,
        };
        Some(RateLimitFile { requests: u32::try_from(policy.requests_per_unit?).ok()?, per })
    });
    if limit.is_none() {
        making.notes.tell(format!("{}: its rate limit is none that a scenario can hold, and is left out", item.name()));
    }
    limit
}
