//! Products and versions that come, with the defaults that a scenario file gives them.

use std::collections::{HashMap, HashSet};

use super::error::ChangeProblem;
use super::find::{self, Outcome, check_times, failed, find_product, know_plans, not_empty, product_positions};
use crate::file::{ProductFile, VersionFile};
use crate::load::trail::{Trail, trail};
use crate::scenario::resolve;
use crate::{ApiId, NewVersion, Portal, ProductId};

/// Adds products after those that are there, and then versions to the products.
pub(super) fn add(portal: &mut Portal, products: &[ProductFile], versions: &[NewVersion]) -> Outcome {
    /// All that is added together, in bytes of text.
    const HEAVIEST: usize = 256 * 1024 * 1024;
    if products.is_empty() && versions.is_empty() {
        return Ok(());
    }
    let no_documents = HashMap::new();
    let mut taken: HashSet<ApiId> = find::versions(portal).map(|version| version.id.clone()).collect();
    let mut positions = product_positions(portal);
    let mut weight = 0_usize;
    for (at, file) in products.iter().enumerate() {
        let at = trail!["change", "addProducts", at];
        not_empty(file.id.as_str(), || at.then("id"), "the product's id")?;
        check_times(file.created_at, file.updated_at, &at)?;
        if positions.insert(file.id.clone(), portal.products.len()).is_some() {
            return failed(at.then("id"), ChangeProblem::ProductTaken(file.id.clone()));
        }
        for (position, version) in file.versions.iter().enumerate() {
            check_version(version, &file.id, portal, &mut taken, &at.then("versions").then(position))?;
        }
        weight = weight.saturating_add(file.versions.len().saturating_mul(words_of(file) + plans_of(portal)));
        if weight > HEAVIEST {
            return failed(at, ChangeProblem::TooHeavy);
        }
        portal.products.push(resolve::product(file, &portal.usage_plans, &no_documents));
    }
    for (at, NewVersion { product, version }) in versions.iter().enumerate() {
        let at = trail!["change", "addVersions", at];
        let position = find_product(portal, &positions, product, || at.then("product"))?;
        check_version(version, product, portal, &mut taken, &at.then("version"))?;
        let Portal { products, usage_plans, .. } = &mut *portal;
        let product = &mut products[position];
        let version = resolve::version(version, product, usage_plans, &no_documents);
        product.versions.push(version);
    }
    Ok(())
}

fn words_of(product: &ProductFile) -> usize {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    2 * product.id.as_str().len()
        + 2 * length(&product.name)
        + length(&product.description)
        + length(&product.contact_email)
}

fn plans_of(portal: &Portal) -> usize {
    portal.usage_plans.iter().map(|plan| plan.name.len() + size_of::<String>()).sum()
}

fn check_version(
    version: &VersionFile,
    product: &ProductId,
    portal: &Portal,
    taken: &mut HashSet<ApiId>,
    at: &Trail,
) -> Outcome {
    not_empty(&version.name, || at.then("name"), "the version's name")?;
    if let Some(id) = &version.id {
        not_empty(id.as_str(), || at.then("id"), "the API's id")?;
    }
    check_times(version.created_at, version.updated_at, at)?;
    if let Some(plans) = &version.usage_plans {
        know_plans(&portal.usage_plans, plans, at)?;
    }
    let id = version.id.clone().unwrap_or_else(|| ApiId::of(product, &version.name));
    if taken.contains(&id) {
        let at = at.then(if version.id.is_some() { "id" } else { "name" });
        return failed(at, ChangeProblem::VersionTaken(id));
    }
    taken.insert(id);
    Ok(())
}
