//! One catalog against another, and against what the portal shows.

use serde_json::Value;
use understudy_scenarios::{ApiId, World};

use super::TOLD;
use crate::play::catalog::{Catalog, definition, is_api};
use crate::play::difference;
use crate::play::matching::{Assignment, document_of, versions};

/// The catalogs that the one of now is seen against.
#[derive(Clone, Copy)]
pub(super) struct Before<'b> {
    /// After the first sync.
    pub(super) baseline: &'b Catalog,
    /// When an expectation last held.
    pub(super) held: &'b Catalog,
}

/// The catalog is what it was.
pub(super) fn same(was: &Catalog, is: &Catalog, assignment: &Assignment, findings: &mut Vec<String>) {
    let name = |reference: &str| named(reference, assignment);
    let gone: Vec<&str> = was.entities().map(|(reference, _)| reference).filter(|it| is.get(it).is_none()).collect();
    let apis_gone: Vec<&str> = gone.iter().copied().filter(|reference| is_api(reference)).collect();
    let is_deleted = !apis_gone.is_empty() && is.apis().next().is_none();
    if is_deleted {
        findings.push(whole_catalog_deleted(&apis_gone));
    }
    let gone = gone.into_iter().filter(|reference| !is_deleted || !is_api(reference));
    tell(findings, gone.map(|reference| format!("{} is gone", name(reference))));
    let came = is.entities().filter(|(reference, _)| was.get(reference).is_none());
    tell(findings, came.map(|(reference, _)| format!("{} came", name(reference))));
    let changed = was.entities().filter_map(|(reference, entity)| {
        let difference = difference::of_entities(entity, is.get(reference)?)?;
        Some(format!("{} changed:{difference}", name(reference)))
    });
    tell(findings, changed);
}

/// The catalog has one entity for each API that the portal shows, with its document, no other API, and the rest as it
/// was. An API that the portal shows without a document may be there or not: no entity can stand for it rightly.
pub(super) fn exactly(
    before: Before<'_>,
    world: &World,
    is: &Catalog,
    assignment: &Assignment,
    findings: &mut Vec<String>,
) {
    let shown: Vec<_> = versions(world).collect();
    let wanted = shown.iter().filter(|version| document_of(version).is_some());
    if is.apis().next().is_none() && wanted.clone().next().is_some() {
        let gone: Vec<&str> = before.held.apis().map(|(reference, _)| reference).collect();
        if gone.is_empty() {
            let ids: Vec<&str> = shown.iter().map(|version| version.id.as_str()).collect();
            findings.push(format!("the catalog holds no API, and the portal shows {}", listed(&ids)));
        } else {
            findings.push(whole_catalog_deleted(&gone));
        }
    } else {
        let missing = wanted.clone().filter(|version| assignment.entity_of(&version.id).is_none());
        tell(findings, missing.map(|version| format!("{} is missing: the portal shows it", version.id)));
    }
    let others = wanted.filter_map(|version| {
        let reference = assignment.entity_of(&version.id)?;
        other_document(&version.id, reference, document_of(version)?, is.get(reference)?)
    });
    tell(findings, others);
    let is_shown = |api: &ApiId| shown.iter().any(|version| version.id == *api);
    let extra = is.apis().filter_map(|(reference, _)| match assignment.api_of(reference) {
        Some(api) if is_shown(api) => None,
        Some(api) => Some(format!("{api} is still there, as {reference}: the portal shows it no more")),
        None => Some(format!("{reference} is there, and stands for no API that the portal shows")),
    });
    tell(findings, extra);
    rest_as_it_was(before.baseline, is, findings);
}

/// The catalog is another one, definitions compared as documents.
pub(super) fn equal(wanted: &Catalog, is: &Catalog, findings: &mut Vec<String>) {
    let missing = wanted.entities().filter(|(reference, _)| is.get(reference).is_none());
    tell(findings, missing.map(|(reference, _)| format!("{reference} is missing: the plugin gives it")));
    let extra = is.entities().filter(|(reference, _)| wanted.get(reference).is_none());
    tell(findings, extra.map(|(reference, _)| format!("{reference} is there: the plugin does not give it")));
    let other = wanted.entities().filter_map(|(reference, entity)| {
        let difference = difference::of_entities(entity, is.get(reference)?)?;
        Some(format!("{reference} is not as the plugin gives it:{difference}"))
    });
    tell(findings, other);
}

/// What is wrong with the document of an API's entity.
pub(super) fn other_document(api: &ApiId, reference: &str, wanted: &str, entity: &Value) -> Option<String> {
    let held = definition(entity);
    if held.is_some_and(|held| difference::same_document(wanted, held)) {
        return None;
    }
    let difference = difference::of_definitions(Some(wanted), held);
    Some(format!("{api} ({reference}) has another document than the portal shows: {difference}"))
}

fn rest_as_it_was(was: &Catalog, is: &Catalog, findings: &mut Vec<String>) {
    let rest = |catalog: &Catalog| -> Vec<(String, Value)> {
        let rest = catalog.entities().filter(|(reference, _)| !is_api(reference));
        rest.map(|(reference, entity)| (reference.to_owned(), entity.clone())).collect()
    };
    let (was_rest, is_rest) = (rest(was), rest(is));
    let gone = was_rest.iter().filter(|(reference, _)| is.get(reference).is_none());
    tell(findings, gone.map(|(reference, _)| format!("{reference} is gone")));
    let came = is_rest.iter().filter(|(reference, _)| was.get(reference).is_none());
    tell(findings, came.map(|(reference, _)| format!("{reference} came")));
    let changed = was_rest.iter().filter_map(|(reference, entity)| {
        Some(format!("{reference} changed:{}", difference::of_entities(entity, is.get(reference)?)?))
    });
    tell(findings, changed);
}

fn whole_catalog_deleted(gone: &[&str]) -> String {
    let names: Vec<&str> = gone.iter().map(|reference| short(reference)).collect();
    let are = if gone.len() == 1 { "API is gone" } else { "APIs are gone" };
    format!("the whole catalog was deleted: {} {are} ({})", gone.len(), listed(&names))
}

fn named(reference: &str, assignment: &Assignment) -> String {
    match assignment.api_of(reference) {
        Some(api) if short(reference) != api.as_str() => format!("{api} ({reference})"),
        _ => reference.to_owned(),
    }
}

/// An entity's name, with its namespace where that is not the usual one.
fn short(reference: &str) -> &str {
    let after_kind = reference.split_once(':').map_or(reference, |(_, rest)| rest);
    after_kind.strip_prefix("default/").unwrap_or(after_kind)
}

fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    match names.len() {
        ..=SHOWN => names.join(", "),
        count => format!("{} and {} more", names[..SHOWN].join(", "), count - SHOWN),
    }
}

/// Adds findings of one kind, not more than a person reads.
pub(super) fn tell(findings: &mut Vec<String>, all: impl Iterator<Item = String>) {
    let mut all = all;
    findings.extend(all.by_ref().take(TOLD));
    let more = all.count();
    if more > 0 {
        findings.push(format!("… and {more} more like these"));
    }
}
