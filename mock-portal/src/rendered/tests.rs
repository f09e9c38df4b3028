//! Whatever a world holds, what is rendered of it is JSON, and its ids come in the world's order.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;
use understudy_scenarios::{
    Access, Family, Portal, Product, RateLimit, RateUnit, Shape, Spec, SpecForm, Status, UsagePlan, Version,
};

use super::{gateway, mesh};

/// Any text at all, control characters and all planes included.
fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..8).prop_map(String::from_iter)
}

fn metadata() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(text(), text(), 0..3)
}

fn time() -> impl Strategy<Value = Timestamp> {
    (0..253_402_000_000_i64).prop_map(|second| Timestamp::from_second(second).unwrap())
}

prop_compose! {
    fn version()(
        id in text(), name in text(), title in text(), metadata in metadata(), created_at in time(),
        optional in vec(option::of(text()), 5), usage_plans in vec(text(), 0..3),
    ) -> Version {
        let spec = Spec::placeholder(&title, &name);
        let [description, contact, license, terms_of_service, lifecycle] = optional.try_into().unwrap();
        Version {
            id: id.into(), name, title, description, contact, license, terms_of_service, lifecycle,
            status: Status::Deprecated, usage_plans, metadata, created_at, updated_at: created_at, spec,
            spec_form: SpecForm::Object, spec_fetch_error: None,
        }
    }
}

prop_compose! {
    fn product()(
        id in text(), name in text(), description in option::of(text()), contact_email in option::of(text()),
        auto_approval: bool, metadata in metadata(), created_at in time(), versions in vec(version(), 0..4),
    ) -> Product {
        Product {
            id: id.into(), name, description, contact_email, auto_approval, metadata, created_at,
            updated_at: created_at, versions,
        }
    }
}

prop_compose! {
    fn portal()(
        products in vec(product(), 0..4),
        plans in vec((text(), vec(text(), 0..3), option::of(any::<u32>())), 0..3),
    ) -> Portal {
        let usage_plans = plans.into_iter().map(|(name, auth_types, requests)| {
            let limit = |requests_per_unit| RateLimit { requests_per_unit, unit: RateUnit::Day };
            UsagePlan { name, auth_types, rate_limit: requests.map(limit) }
        });
        Portal {
            family: Family::default(), access: Access::default(), products, usage_plans: usage_plans.collect(),
        }
    }
}

fn items(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap()
}

fn members<'a>(items: &'a [Value], name: &str) -> Vec<&'a str> {
    items.iter().map(|item| item[name].as_str().unwrap()).collect()
}

fn ids(portal: &Portal) -> Vec<&str> {
    portal.products.iter().flat_map(|product| &product.versions).map(|version| version.id.as_str()).collect()
}

proptest! {
    #[test]
    fn a_grouped_list_holds_every_id_in_order(portal in portal(), inline: bool) {
        let answers = mesh::Answers::of(&portal, Shape::Grouped, inline);
        let products = items(answers.apis.text());
        let expected: Vec<_> = portal.products.iter().map(|product| product.id.as_str()).collect();
        prop_assert_eq!(members(&products, "apiProductId"), expected);
        let versions: Vec<Value> = products.iter().flat_map(|p| p["apiVersions"].as_array().unwrap()).cloned().collect();
        prop_assert_eq!(members(&versions, "apiId"), ids(&portal));
        prop_assert!(versions.iter().all(|version| version.get("openapiSpec").is_some() == inline));
        prop_assert_eq!(items(answers.usage_plans.text()).len(), portal.usage_plans.len());
    }

    #[test]
    fn a_flat_list_holds_every_id_in_order(portal in portal(), inline: bool) {
        let answers = mesh::Answers::of(&portal, Shape::Flat, inline);
        let apis = items(answers.apis.text());
        prop_assert_eq!(members(&apis, "apiId"), ids(&portal));
        prop_assert!(apis.iter().all(|api| api.get("openapiSpec").is_some() == inline));
    }

    #[test]
    fn every_api_has_its_schema(portal in portal()) {
        let answers = mesh::Answers::of(&portal, Shape::Grouped, false);
        for id in ids(&portal) {
            let Some(mesh::Schema::Served(schema)) = answers.schemas.get(id) else { panic!("a document") };
            let schema: Value = serde_json::from_str(schema.text()).unwrap();
            prop_assert_eq!(&schema["openapi"], "3.0.3");
        }
    }

    #[test]
    fn every_product_has_its_details_and_versions_in_order(portal in portal()) {
        let answers = gateway::Answers::of(&portal);
        let summaries = items(answers.products.text());
        let expected: Vec<_> = portal.products.iter().map(|product| product.id.as_str()).collect();
        prop_assert_eq!(members(&summaries, "id"), expected);
        for (at, product) in portal.products.iter().enumerate() {
            let id = product.id.as_str();
            if portal.products[..at].iter().any(|earlier| earlier.id == product.id) {
                continue;
            }
            let details: Value = serde_json::from_str(answers.details.get(id).unwrap().text()).unwrap();
            prop_assert_eq!(&details["id"], id);
            let expected: Vec<_> = product.versions.iter().map(|version| version.id.as_str()).collect();
            let versions = items(answers.versions.get(id).unwrap().text());
            prop_assert_eq!(members(&versions, "id"), expected);
        }
    }
}
