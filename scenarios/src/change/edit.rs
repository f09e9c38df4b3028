//! Products and versions that change.

use super::error::ChangeProblem;
use super::find::{
    self, Outcome, counted, failed, find_product, find_version, know_plans, not_empty, product_positions,
    version_positions,
};
use crate::file::SpecFile;
use crate::load::trail::trail;
use crate::{ApiId, Portal, Product, ProductEdit, Version, VersionEdit};

pub(super) fn products(portal: &mut Portal, edits: &[ProductEdit]) -> Outcome {
    if edits.is_empty() {
        return Ok(());
    }
    // All are found before any is renamed, so that two can change places.
    let positions = product_positions(portal);
    let found: Vec<usize> = edits
        .iter()
        .enumerate()
        .map(|(at, edit)| find_product(portal, &positions, &edit.id, || trail!["change", "editProducts", at, "id"]))
        .collect::<Outcome<_>>()?;
    for (edit, position) in edits.iter().zip(&found) {
        edit_product(&mut portal.products[*position], edit);
    }
    let mut taken = counted(portal.products.iter().map(|product| &product.id));
    for (at, edit) in edits.iter().enumerate() {
        let Some(id) = &edit.new_id else { continue };
        let at = || trail!["change", "editProducts", at, "newId"];
        not_empty(id.as_str(), at, "the product's id")?;
        if taken.remove(id).is_some_and(|count| count > 1) {
            return failed(at(), ChangeProblem::ProductTaken(id.clone()));
        }
    }
    if edits.iter().any(|edit| edit.new_id.is_some()) {
        let taken = counted(find::versions(portal).map(|version| &version.id));
        for (at, position) in found.iter().enumerate().filter(|(at, _)| edits[*at].new_id.is_some()) {
            let twice = portal.products[*position].versions.iter().find(|version| taken[&version.id] > 1);
            if let Some(version) = twice {
                let at = trail!["change", "editProducts", at, "newId"];
                return failed(at, ChangeProblem::VersionTaken(version.id.clone()));
            }
        }
    }
    Ok(())
}

fn edit_product(product: &mut Product, edit: &ProductEdit) {
    if let Some(id) = &edit.new_id {
        for version in &mut product.versions {
            let rest = version.id.as_str().strip_prefix(product.id.as_str()).filter(|rest| rest.starts_with('-'));
            if let Some(rest) = rest {
                version.id = ApiId::from(format!("{id}{rest}"));
            }
        }
        product.id = id.clone();
    }
    if let Some(name) = &edit.name {
        let before = std::mem::replace(&mut product.name, name.clone());
        for version in product.versions.iter_mut().filter(|version| version.title == before) {
            version.title.clone_from(name);
        }
    }
    if edit.description.is_some() {
        let before = std::mem::replace(&mut product.description, edit.description.clone());
        for version in product.versions.iter_mut().filter(|version| version.description == before) {
            version.description.clone_from(&edit.description);
        }
    }
    if edit.contact_email.is_some() {
        let before = std::mem::replace(&mut product.contact_email, edit.contact_email.clone());
        for version in product.versions.iter_mut().filter(|version| version.contact == before) {
            version.contact.clone_from(&edit.contact_email);
        }
    }
    if let Some(metadata) = &edit.custom_metadata {
        product.metadata.clone_from(metadata);
    }
}

pub(super) fn versions(portal: &mut Portal, edits: &[VersionEdit]) -> Outcome {
    if edits.is_empty() {
        return Ok(());
    }
    let positions = version_positions(portal);
    let found: Vec<(usize, usize)> = edits
        .iter()
        .enumerate()
        .map(|(at, edit)| find_version(portal, &positions, &edit.id, || trail!["change", "editVersions", at, "id"]))
        .collect::<Outcome<_>>()?;
    for (at, (edit, (product, version))) in edits.iter().zip(found).enumerate() {
        if let Some(plans) = &edit.usage_plans {
            know_plans(&portal.usage_plans, plans, &trail!["change", "editVersions", at])?;
        }
        edit_version(&mut portal.products[product].versions[version], edit);
    }
    let mut taken = counted(find::versions(portal).map(|version| &version.id));
    for (at, edit) in edits.iter().enumerate() {
        let Some(id) = &edit.new_id else { continue };
        let at = || trail!["change", "editVersions", at, "newId"];
        not_empty(id.as_str(), at, "the API's id")?;
        if taken.remove(id).is_some_and(|count| count > 1) {
            return failed(at(), ChangeProblem::VersionTaken(id.clone()));
        }
    }
    Ok(())
}

fn edit_version(version: &mut Version, edit: &VersionEdit) {
    fn set<T: Clone>(value: &mut T, edit: Option<&T>) {
        if let Some(edit) = edit {
            value.clone_from(edit);
        }
    }
    set(&mut version.id, edit.new_id.as_ref());
    set(&mut version.title, edit.title.as_ref());
    set(&mut version.usage_plans, edit.usage_plans.as_ref());
    set(&mut version.metadata, edit.custom_metadata.as_ref());
    set(&mut version.spec_form, edit.spec_form.as_ref());
    if edit.description.is_some() {
        version.description.clone_from(&edit.description);
    }
    if edit.lifecycle.is_some() {
        version.lifecycle.clone_from(&edit.lifecycle);
    }
    if let Some(SpecFile::Inline(spec)) = &edit.spec {
        version.spec = spec.clone();
    }
    if let Some(error) = &edit.spec_fetch_error {
        version.spec_fetch_error = (!error.is_empty()).then(|| error.clone());
    }
}
