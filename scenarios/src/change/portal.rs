//! A portal after a change: removals, usage plans, edits, additions, growth, in this order.

use std::collections::HashSet;

use super::error::{ChangeError, ChangeProblem};
use super::find::{
    Outcome, failed, find_product, find_version, not_empty, product_positions, version_positions, versions,
};
use super::{add, edit};
use crate::file::{ProductFile, SpecFile, UsagePlanFile, VersionFile};
use crate::load::trail::trail;
use crate::scenario::resolve;
use crate::{ApiId, Change, Growth, Portal, Product, ProductId};

pub(super) fn changed(portal: &Portal, change: &Change) -> Outcome<Portal> {
    if let Some((at, SpecFile::Path(path))) = change.specs().find(|(_, spec)| matches!(spec, SpecFile::Path(_))) {
        let problem = ChangeProblem::UnreadDocument(path.clone());
        return Err(ChangeError::new(at.under("change"), problem));
    }
    let mut portal = portal.clone();
    remove(&mut portal, change)?;
    if let Some(plans) = &change.usage_plans {
        replace_plans(&mut portal, plans)?;
    }
    edit::products(&mut portal, &change.edit_products)?;
    edit::versions(&mut portal, &change.edit_versions)?;
    add::add(&mut portal, &change.add_products, &change.add_versions)?;
    if let Some(growth) = change.grow {
        grow(&mut portal, growth)?;
    }
    Ok(portal)
}

fn remove(portal: &mut Portal, change: &Change) -> Outcome {
    if !change.remove_products.is_empty() {
        let positions = product_positions(portal);
        for (at, id) in change.remove_products.iter().enumerate() {
            find_product(portal, &positions, id, || trail!["change", "removeProducts", at])?;
        }
        let gone: HashSet<&ProductId> = change.remove_products.iter().collect();
        portal.products.retain(|product| !gone.contains(&product.id));
    }
    if !change.remove_versions.is_empty() {
        let positions = version_positions(portal);
        for (at, id) in change.remove_versions.iter().enumerate() {
            find_version(portal, &positions, id, || trail!["change", "removeVersions", at])?;
        }
        let gone: HashSet<&ApiId> = change.remove_versions.iter().collect();
        for product in &mut portal.products {
            product.versions.retain(|version| !gone.contains(&version.id));
        }
    }
    if change.remove_all {
        portal.products.clear();
    }
    Ok(())
}

fn replace_plans(portal: &mut Portal, files: &[UsagePlanFile]) -> Outcome {
    let mut names = HashSet::new();
    for (at, file) in files.iter().enumerate() {
        let at = || trail!["change", "usagePlans", at, "name"];
        not_empty(&file.name, at, "the usage plan's name")?;
        if !names.insert(&*file.name) {
            return failed(at(), ChangeProblem::UsagePlanTaken(file.name.clone()));
        }
    }
    let before: Vec<String> = portal.usage_plans.iter().map(|plan| plan.name.clone()).collect();
    portal.usage_plans = files.iter().map(resolve::usage_plan).collect();
    for version in portal.products.iter_mut().flat_map(|product| &mut product.versions) {
        if version.usage_plans == before {
            version.usage_plans = files.iter().map(|file| file.name.clone()).collect();
        } else {
            version.usage_plans.retain(|name| names.contains(&**name));
        }
    }
    Ok(())
}

fn grow(portal: &mut Portal, growth: Growth) -> Outcome {
    let at = || trail!["change", "grow"];
    let Growth { products, versions_each } = growth;
    if products == 0 || versions_each == 0 {
        return failed(at(), ChangeProblem::NoGrowth);
    }
    if products > Growth::MOST_PRODUCTS {
        return failed(at().then("products"), ChangeProblem::TooManyProducts(products));
    }
    let all = versions(portal).count() as u64 + u64::from(products) * u64::from(versions_each);
    if all > Growth::MOST_VERSIONS as u64 {
        return failed(at().then("versionsEach"), ChangeProblem::TooManyVersions(all));
    }
    let number = |product: &Product| product.id.as_str().strip_prefix("generated-")?.parse::<u32>().ok();
    let last = portal.products.iter().filter_map(number).max().unwrap_or(0);
    let made: Vec<ProductFile> = (1..=products)
        .map(|number| {
            let number = u64::from(last) + u64::from(number);
            ProductFile {
                name: Some(format!("Generated {number}")),
                versions: (1..=versions_each).map(|number| VersionFile::new(format!("v{number}"))).collect(),
                ..ProductFile::new(format!("generated-{number:04}"))
            }
        })
        .collect();
    add::add(portal, &made, &[]).map_err(|error| ChangeError::new(at(), error.problem().clone()))
}
