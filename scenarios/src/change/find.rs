//! Finding what a change names, and refusing what can't be.

use std::collections::HashMap;
use std::hash::Hash;

use jiff::Timestamp;

use super::error::{ChangeError, ChangeProblem, known};
use crate::load::trail::Trail;
use crate::{ApiId, Portal, ProductId, UsagePlan, Version};

/// 0000-01-01T00:00:00Z in seconds since the Unix epoch.
const YEAR_0: i64 = -62_167_219_200;

pub(super) type Outcome<T = ()> = Result<T, ChangeError>;

pub(super) fn failed<T>(at: Trail, problem: ChangeProblem) -> Outcome<T> {
    Err(ChangeError::new(at, problem))
}

pub(super) fn versions(portal: &Portal) -> impl Iterator<Item = &Version> {
    portal.products.iter().flat_map(|product| &product.versions)
}

pub(super) fn product_positions(portal: &Portal) -> HashMap<ProductId, usize> {
    portal.products.iter().enumerate().map(|(at, product)| (product.id.clone(), at)).collect()
}

pub(super) fn version_positions(portal: &Portal) -> HashMap<ApiId, (usize, usize)> {
    let products = portal.products.iter().enumerate();
    products
        .flat_map(|(at, product)| {
            product.versions.iter().enumerate().map(move |(position, version)| (version.id.clone(), (at, position)))
        })
        .collect()
}

pub(super) fn find_product(
    portal: &Portal,
    positions: &HashMap<ProductId, usize>,
    id: &ProductId,
    at: impl FnOnce() -> Trail,
) -> Outcome<usize> {
    positions.get(id).copied().ok_or_else(|| {
        let known = known(id.as_str(), portal.products.iter().map(|product| product.id.as_str()));
        ChangeError::new(at(), ChangeProblem::NoProduct { id: id.clone(), known })
    })
}

pub(super) fn find_version(
    portal: &Portal,
    positions: &HashMap<ApiId, (usize, usize)>,
    id: &ApiId,
    at: impl FnOnce() -> Trail,
) -> Outcome<(usize, usize)> {
    positions.get(id).copied().ok_or_else(|| {
        let ids: Vec<&str> = versions(portal).map(|version| version.id.as_str()).collect();
        let known = known(id.as_str(), ids.iter().copied());
        ChangeError::new(at(), ChangeProblem::NoVersion { id: id.clone(), known })
    })
}

pub(super) fn know_plans(plans: &[UsagePlan], names: &[String], at: &Trail) -> Outcome {
    for (position, name) in names.iter().enumerate() {
        if !plans.iter().any(|plan| plan.name == *name) {
            let known = known(name, plans.iter().map(|plan| &*plan.name));
            let at = at.then("usagePlans").then(position);
            return failed(at, ChangeProblem::NoUsagePlan { name: name.clone(), known });
        }
    }
    Ok(())
}

/// How often each id stands.
pub(super) fn counted<'i, T: Hash + Eq + Clone + 'i>(ids: impl Iterator<Item = &'i T>) -> HashMap<T, usize> {
    let mut counted = HashMap::new();
    for id in ids {
        *counted.entry(id.clone()).or_default() += 1;
    }
    counted
}

pub(super) fn not_empty(text: &str, at: impl FnOnce() -> Trail, what: &'static str) -> Outcome {
    if text.trim().is_empty() { failed(at(), ChangeProblem::Empty(what)) } else { Ok(()) }
}

pub(super) fn check_times(created: Option<Timestamp>, updated: Option<Timestamp>, at: &Trail) -> Outcome {
    for (key, time) in [("createdAt", created), ("updatedAt", updated)] {
        if time.is_some_and(|time| time.as_second() < YEAR_0) {
            return failed(at.then(key), ChangeProblem::TooEarly(key));
        }
    }
    Ok(())
}
