//! What a real portal was read to show, as the world of a stage has it, so that both are judged alike.

use std::collections::BTreeMap;

use jiff::Timestamp;
use understudy_provider::{Api, Definition, Listing};
use understudy_scenarios::{Access, Portal, Product, Spec, SpecForm, Status, Version};

/// The portal with the products and versions of a listing, as far as they matter for what a catalog must hold.
pub(super) fn portal(listing: &Listing) -> Portal {
    let mut products: Vec<Product> = Vec::new();
    for api in &listing.apis {
        let id = api.facts.product.clone().unwrap_or_else(|| api.id.clone());
        let version = version(api);
        match products.iter_mut().find(|product| product.id.as_str() == id) {
            Some(product) => product.versions.push(version),
            None => products.push(Product {
                name: api.facts.product_name.clone().unwrap_or_else(|| id.clone()),
                id: id.into(),
                description: api.facts.product_description.clone(),
                contact_email: None,
                auto_approval: false,
                metadata: BTreeMap::new(),
                created_at: Timestamp::UNIX_EPOCH,
                updated_at: Timestamp::UNIX_EPOCH,
                versions: vec![version],
            }),
        }
    }
    Portal { products, access: Access::default(), ..Portal::default() }
}

fn version(api: &Api) -> Version {
    let (spec, missing) = match &api.definition {
        Definition::Document(text) => (Spec::from_json(text).ok(), None),
        // It is YAML, or nothing that can be compared.
        Definition::Text(text) => (serde_saphyr::from_str(text).ok(), None),
        Definition::Missing(reason) => (None, reason.clone()),
    };
    let name = api.version.clone().unwrap_or_default();
    Version {
        id: api.id.as_str().into(),
        title: api.facts.title.clone().unwrap_or_else(|| api.id.clone()),
        description: api.description.clone(),
        contact: None,
        license: None,
        terms_of_service: None,
        lifecycle: api.facts.lifecycle.clone(),
        status: Status::Published,
        usage_plans: Vec::new(),
        metadata: BTreeMap::new(),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        spec_form: if spec.is_some() { SpecForm::Object } else { SpecForm::Missing },
        spec: spec.unwrap_or_else(|| Spec::placeholder(&api.id, &name)),
        spec_fetch_error: missing,
        name,
    }
}

#[cfg(test)]
mod tests {
    use understudy_provider::Family;

    use super::*;

    fn api(id: &str, product: Option<&str>, definition: Definition) -> Api {
        let facts = understudy_provider::Facts { product: product.map(str::to_owned), ..Default::default() };
        Api { id: id.to_owned(), version: Some("v1".to_owned()), description: None, definition, facts: facts.into() }
    }

    #[test]
    fn versions_of_one_product_are_together_and_documents_are_what_can_be_compared() {
        let listing = Listing {
            family: Family::GlooMesh,
            apis: vec![
                api("a-v1", Some("a"), Definition::Document("{\"x\":1}".into())),
                api("b", None, Definition::Text("x: 1\n".into())),
                api("a-v2", Some("a"), Definition::Missing(Some("it is not there".to_owned()))),
            ],
        };
        let portal = portal(&listing);
        let told: Vec<_> = portal
            .products
            .iter()
            .map(|product| {
                let versions = product.versions.iter().map(|version| (version.id.as_str(), version.spec_form));
                (product.id.as_str(), versions.collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            told,
            [
                ("a", vec![("a-v1", SpecForm::Object), ("a-v2", SpecForm::Missing)]),
                ("b", vec![("b", SpecForm::Object)])
            ]
        );
        assert_eq!(portal.products[1].versions[0].spec.get(), "{\"x\":1}");
    }
}
