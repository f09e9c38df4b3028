//! What products, versions, usage plans and access must hold to.

use std::collections::HashSet;

use jiff::Timestamp;

use super::identity::issuer_names;
use super::{Taken, item, not_empty};
use crate::ApiId;
use crate::file::{FamilyFile, IdentityFile, PortalFile, ProductFile, VersionFile, Visibility};
use crate::load::error::Mistake;
use crate::load::trail::{Trail, trail};
use crate::load::wording::{did_you_mean, listed, quoted};

/// 0000-01-01T00:00:00Z in seconds since the Unix epoch.
const YEAR_0: i64 = -62_167_219_200;

pub(super) fn check(file: &PortalFile, identity: &IdentityFile) -> Result<(), Mistake> {
    check_family(file)?;
    if file.visibility == Visibility::Restricted {
        return Err(Mistake::at(
            trail!["portal", "visibility"],
            "`visibility: restricted` can't be played yet: the mock portal shows every caller the same",
        )
        .help("leave `visibility` out, or write `public`"));
    }
    check_issuers(file, identity)?;
    let mut plans = Taken::new("the usage plan");
    for (position, plan) in file.usage_plans.iter().enumerate() {
        let name = || item(&["portal", "usagePlans"], position).then("name");
        not_empty(&plan.name, name, "the usage plan's name")?;
        plans.take(&plan.name, name())?;
    }
    check_products(file)?;
    check_weight(file)
}

fn check_family(file: &PortalFile) -> Result<(), Mistake> {
    if file.family == FamilyFile::GlooMeshGateway {
        return Ok(());
    }
    let only = "it is for `family: gloo-mesh-gateway`; Gloo Gateway has one way to list, and its versions hold their documents";
    if file.shape.is_some() {
        return Err(Mistake::at_key(trail!["portal", "shape"], "Gloo Gateway has no `shape`").help(only));
    }
    if file.inline_specs.is_some() {
        return Err(Mistake::at_key(trail!["portal", "inlineSpecs"], "Gloo Gateway has no `inlineSpecs`").help(only));
    }
    Ok(())
}

fn check_issuers(file: &PortalFile, identity: &IdentityFile) -> Result<(), Mistake> {
    let known = issuer_names(identity);
    for (position, name) in file.auth.issuers.iter().flatten().enumerate() {
        if !known.contains(&&**name) {
            let message = format!("there is no issuer {}{}", quoted(name), did_you_mean(name, known.iter().copied()));
            return Err(Mistake::at(trail!["portal", "auth", "issuers", position], message)
                .help(format!("the issuers: {}", listed(known.iter().copied()))));
        }
    }
    Ok(())
}

fn check_products(file: &PortalFile) -> Result<(), Mistake> {
    let ids: Vec<Vec<ApiId>> = file.products.iter().map(api_ids).collect();
    let plans: HashSet<&str> = file.usage_plans.iter().map(|plan| &*plan.name).collect();
    let (mut products, mut apis) = (Taken::new("the product id"), Taken::new("the API id"));
    for (position, product) in file.products.iter().enumerate() {
        let at = item(&["portal", "products"], position);
        not_empty(product.id.as_str(), || at.then("id"), "the product's id")?;
        products.take(product.id.as_str(), at.then("id"))?;
        check_times(product.created_at, product.updated_at, &at)?;
        for (position, (version, id)) in product.versions.iter().zip(&ids[position]).enumerate() {
            let at = at.then("versions").then(position);
            check_version(version, &plans, file, &at)?;
            let named = if version.id.is_some() { "id" } else { "name" };
            apis.take(id.as_str(), at.then(named)).map_err(|mistake| {
                mistake.help("an API's id is `<product>-<version>`, unless the version has an `id` of its own")
            })?;
        }
    }
    Ok(())
}

fn api_ids(product: &ProductFile) -> Vec<ApiId> {
    let id = |version: &VersionFile| version.id.clone().unwrap_or_else(|| ApiId::of(&product.id, &version.name));
    product.versions.iter().map(id).collect()
}

fn check_version(version: &VersionFile, plans: &HashSet<&str>, file: &PortalFile, at: &Trail) -> Result<(), Mistake> {
    not_empty(&version.name, || at.then("name"), "the version's name")?;
    if let Some(id) = &version.id {
        not_empty(id.as_str(), || at.then("id"), "the API's id")?;
    }
    check_times(version.created_at, version.updated_at, at)?;
    for (position, plan) in version.usage_plans.iter().flatten().enumerate() {
        if !plans.contains(&**plan) {
            let known = || file.usage_plans.iter().map(|plan| &*plan.name);
            let message = format!("there is no usage plan {}{}", quoted(plan), did_you_mean(plan, known()));
            let mistake = Mistake::at(at.then("usagePlans").then(position), message);
            return Err(if plans.is_empty() {
                mistake.help("list the plans in `portal.usagePlans`, each with a `name`")
            } else {
                mistake.help(format!("the plans in `portal.usagePlans`: {}", listed(known())))
            });
        }
    }
    Ok(())
}

/// Times go over the wire as RFC 3339 has them, which knows no year before 0.
fn check_times(created: Option<Timestamp>, updated: Option<Timestamp>, at: &Trail) -> Result<(), Mistake> {
    for (key, time) in [("createdAt", created), ("updatedAt", updated)] {
        if time.is_some_and(|time| time.as_second() < YEAR_0) {
            return Err(Mistake::at(at.then(key), format!("`{key}` is before the year 0, which no portal can tell")));
        }
    }
    Ok(())
}

/// Refuses what would grow far beyond its file: every version takes over its product's words, and every usage plan,
/// unless it has its own.
fn check_weight(file: &PortalFile) -> Result<(), Mistake> {
    /// In bytes of text.
    const HEAVIEST: usize = 256 * 1024 * 1024;
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let plans: usize = file.usage_plans.iter().map(|plan| plan.name.len() + size_of::<String>()).sum();
    let mut weight = 0_usize;
    for (position, product) in file.products.iter().enumerate() {
        let words = 2 * product.id.as_str().len()
            + 2 * length(&product.name)
            + length(&product.description)
            + length(&product.contact_email);
        for version in &product.versions {
            weight = weight.saturating_add(words + if version.usage_plans.is_none() { plans } else { 0 });
        }
        if weight > HEAVIEST {
            let message =
                "with their product's words and every usage plan, the versions up to here take more than 256 MiB";
            return Err(Mistake::at(item(&["portal", "products"], position), message)
                .help("give versions a short `description`, or `usagePlans` of their own"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_thousands_of_versions_would_repeat_are_refused() {
        let versions = (0..3000).map(|n| VersionFile::new(format!("v{n}"))).collect();
        let description = Some("x".repeat(100_000));
        let product = ProductFile { description, versions, ..ProductFile::new("pets") };
        let file = PortalFile { products: vec![product], ..PortalFile::default() };
        assert!(check(&file, &IdentityFile::default()).is_err());
    }
}
