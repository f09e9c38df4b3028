//! What the portal shows, with every default filled in.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::file::{FamilyFile, PortalFile, ProductFile, SpecFile, UsagePlanFile, VersionFile};
use crate::{Access, ApiId, Family, Identity, Portal, Product, RateLimit, Shape, Spec, Status, UsagePlan, Version};

pub(super) fn resolve(file: &PortalFile, identity: &Identity, documents: &HashMap<String, Spec>) -> Portal {
    let usage_plans: Vec<UsagePlan> = file.usage_plans.iter().map(usage_plan).collect();
    let products = file.products.iter().map(|file| product(file, &usage_plans, documents)).collect();
    let all_issuers = || identity.issuers.iter().map(|issuer| issuer.name.clone()).collect();
    let access = Access {
        issuers: file.auth.issuers.clone().unwrap_or_else(all_issuers),
        audience: file.auth.audience.clone(),
        cutoff: None,
    };
    Portal { family: family(file), access, products, usage_plans }
}

fn family(file: &PortalFile) -> Family {
    match file.family {
        FamilyFile::GlooMeshGateway => {
            let shape = file.shape.unwrap_or(Shape::Grouped);
            let inline_specs = file.inline_specs.unwrap_or(shape == Shape::Flat);
            Family::GlooMeshGateway { shape, inline_specs }
        }
        FamilyFile::GlooGateway => Family::GlooGateway,
    }
}

pub(crate) fn usage_plan(file: &UsagePlanFile) -> UsagePlan {
    UsagePlan {
        name: file.name.clone(),
        auth_types: file.auth_types.clone().unwrap_or_else(|| vec!["apiKeyAuth".to_owned()]),
        rate_limit: file.rate_limit.map(|limit| RateLimit { requests_per_unit: limit.requests, unit: limit.per }),
    }
}

/// A product with its versions. `documents` holds those that it names by path.
pub(crate) fn product(file: &ProductFile, plans: &[UsagePlan], documents: &HashMap<String, Spec>) -> Product {
    let created_at = file.created_at.unwrap_or_else(start_of_2026);
    let product = Product {
        id: file.id.clone(),
        name: file.name.clone().unwrap_or_else(|| file.id.to_string()),
        description: file.description.clone(),
        contact_email: file.contact_email.clone(),
        auto_approval: file.auto_approval,
        metadata: file.custom_metadata.clone(),
        created_at,
        updated_at: file.updated_at.unwrap_or(created_at),
        versions: Vec::new(),
    };
    let versions = file.versions.iter().map(|file| version(file, &product, plans, documents)).collect();
    Product { versions, ..product }
}

/// A version of `product`. `documents` holds the one that it names by path.
pub(crate) fn version(
    file: &VersionFile,
    product: &Product,
    plans: &[UsagePlan],
    documents: &HashMap<String, Spec>,
) -> Version {
    let title = file.title.clone().unwrap_or_else(|| product.name.clone());
    let created_at = file.created_at.unwrap_or(product.created_at);
    let spec = match &file.spec {
        Some(SpecFile::Inline(spec)) => spec.clone(),
        Some(SpecFile::Path(path)) => {
            documents.get(path).expect("the loader reads every document that the file names").clone()
        }
        None => Spec::placeholder(&title, &file.name),
    };
    Version {
        id: file.id.clone().unwrap_or_else(|| ApiId::of(&product.id, &file.name)),
        name: file.name.clone(),
        description: file.description.clone().or_else(|| product.description.clone()),
        contact: file.contact.clone().or_else(|| product.contact_email.clone()),
        license: file.license.clone(),
        terms_of_service: file.terms_of_service.clone(),
        lifecycle: file.lifecycle.clone(),
        status: file.status.unwrap_or(Status::Published),
        usage_plans: file.usage_plans.clone().unwrap_or_else(|| plans.iter().map(|plan| plan.name.clone()).collect()),
        metadata: file.custom_metadata.clone(),
        created_at,
        updated_at: file.updated_at.unwrap_or(created_at),
        title,
        spec,
        spec_form: file.spec_form,
        spec_fetch_error: file.spec_fetch_error.clone(),
    }
}

fn start_of_2026() -> Timestamp {
    Timestamp::from_second(1_767_225_600).expect("a second of 2026 is a time")
}

#[cfg(test)]
mod tests {
    use crate::{Family, Scenario, Shape, Status};

    fn portal(text: &str) -> crate::Portal {
        Scenario::from_yaml("test", text).unwrap().world().portal.clone()
    }

    #[test]
    fn the_smallest_scenario_is_one_product_with_one_version() {
        let portal = portal("portal: {products: [{id: petstore, versions: [{name: v1}]}]}");
        let version = &portal.products[0].versions[0];
        assert_eq!(version.id.as_str(), "petstore-v1");
        assert_eq!(version.title, "petstore");
        assert_eq!(version.status, Status::Published);
        assert_eq!(version.created_at.to_string(), "2026-01-01T00:00:00Z");
        assert_eq!(version.spec.get(), r#"{"openapi":"3.0.3","info":{"title":"petstore","version":"v1"},"paths":{}}"#);
        assert_eq!(portal.access.issuers, ["okta", "okta-org", "keycloak"]);
        assert_eq!(portal.access.audience, None);
    }

    #[test]
    fn grouped_lists_leave_the_documents_out_and_flat_ones_hold_them() {
        let family = |text| portal(text).family;
        assert_eq!(family("portal: {}"), Family::GlooMeshGateway { shape: Shape::Grouped, inline_specs: false });
        assert_eq!(family("portal: {shape: flat}"), Family::GlooMeshGateway { shape: Shape::Flat, inline_specs: true });
        assert_eq!(
            family("portal: {inlineSpecs: true}"),
            Family::GlooMeshGateway { shape: Shape::Grouped, inline_specs: true }
        );
    }

    #[test]
    fn a_version_has_its_products_words_where_it_has_none_of_its_own() {
        let portal = portal(
            "portal:
               usagePlans: [{name: gold}, {name: silver}]
               products:
                 - id: pets
                   name: Pets
                   description: All pets.
                   contactEmail: pets@example.com
                   createdAt: 2026-02-03T00:00:00Z
                   versions: [{name: v1}, {name: v2, description: New., usagePlans: [gold]}]",
        );
        let [v1, v2] = &portal.products[0].versions[..] else { panic!("two versions") };
        assert_eq!(v1.description.as_deref(), Some("All pets."));
        assert_eq!(v1.contact.as_deref(), Some("pets@example.com"));
        assert_eq!(v1.updated_at.to_string(), "2026-02-03T00:00:00Z");
        assert_eq!(v1.usage_plans, ["gold", "silver"]);
        assert_eq!(v2.description.as_deref(), Some("New."));
        assert_eq!(v2.usage_plans, ["gold"]);
    }
}
