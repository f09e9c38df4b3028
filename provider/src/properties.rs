//! Property tests over the way from a portal's answer to entities: whatever the portal holds, there are only entities
//! that Backstage takes; and a list is read, or an item is named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use crate::config::ServerUrl;
use crate::entity::{Entity, EntityKind, Mapping, Profile, entities_of};
use crate::portal::{Api, Definition, Facts, Family, Limit, Listing, PortalError, UsagePlan, UsagePlans, ids_in_list};

/// Mostly ids as portals give them; else anything.
fn id() -> impl Strategy<Value = String> {
    prop_oneof![6 => "[a-z]{1,12}(-[a-z0-9]{1,5})?-v[0-9]", 2 => "[aAé][ /-]{1,2}[aB.]?", 2 => "[A-Za-z0-9 ._/-]{1,70}", 1 => any::<String>()]
}

fn optional(text: impl Strategy<Value = String>) -> impl Strategy<Value = Option<String>> {
    prop::option::of(text)
}

fn version() -> impl Strategy<Value = String> {
    prop_oneof![6 => "v[0-9]{1,2}", 2 => "[vV]?[0-9]\\.[0-9](-[a-z]{1,5})?", 1 => any::<String>()]
}

fn api() -> impl Strategy<Value = Api> {
    let definition = prop_oneof![
        12 => Just(Definition::Document(r#"{"openapi":"3.0.3"}"#.into())),
        1 => Just(Definition::Text("openapi: 3.0.3".into())),
        1 => any::<String>().prop_map(|text| Definition::Text(format!("{text}.").into())),
        1 => prop::option::of(any::<String>()).prop_map(Definition::Missing),
    ];
    let parts = (id(), optional(version()), optional(any::<String>()), definition, facts());
    parts.prop_map(|(id, version, description, definition, facts)| {
        let facts = facts.into();
        Api { id, version, description, definition, facts }
    })
}

/// What a portal may say of a contact, a licence, terms, a plan or metadata.
fn said() -> impl Strategy<Value = String> {
    prop_oneof![
        "(https?://|mailto:|javascript:)?[a-z@./ -]{0,12}",
        prop::sample::select(vec!["MIT", "gold", "gold plan", "GOLD", "a|b", "published", "team-a", "user:me"])
            .prop_map(str::to_owned),
        any::<String>(),
    ]
}

fn metadata() -> impl Strategy<Value = BTreeMap<String, String>> {
    let key = prop_oneof!["[a-c][ ./-]?[a-cA]?", "(backstage.io|x.y|gloo-portal)/[a-z-]{1,5}", any::<String>()];
    prop::collection::btree_map(key, said(), 0..4)
}

fn facts() -> impl Strategy<Value = Facts> {
    let product = (optional("[ab][ /-]?[ab]?|gloo-platform-portal-apis"), optional(said()), optional(any::<String>()));
    let words = prop::array::uniform6(optional(said()));
    let rest = (prop::collection::vec(said(), 0..4), any::<bool>(), any::<bool>(), metadata(), metadata());
    (product, words, rest).prop_map(|((product, product_name, product_description), words, rest)| {
        let [title, documentation, contact, license, terms_of_service, lifecycle] = words;
        let (usage_plans, api_key_enabled, oauth_enabled, product_metadata, metadata) = rest;
        Facts {
            product,
            product_name,
            product_description,
            title,
            documentation,
            contact,
            license,
            terms_of_service,
            lifecycle,
            usage_plans,
            api_key_enabled,
            oauth_enabled,
            product_metadata,
            metadata,
        }
    })
}

fn profile() -> impl Strategy<Value = Profile> {
    let yaml = "{owner: {default: platform, metadataKey: a}, lifecycle: {published: GA}, metadataPrefix: x.y}";
    let mapping: Mapping = serde_saphyr::from_str(yaml).unwrap();
    prop::sample::select(vec![Profile::Plugin, Profile::Enriched(Mapping::default()), Profile::Enriched(mapping)])
}

fn plans() -> impl Strategy<Value = UsagePlans> {
    let limit = prop::option::of((any::<u64>(), any::<String>()).prop_map(|(requests, unit)| Limit { requests, unit }));
    let plan = (prop::collection::vec(any::<String>(), 0..3), limit)
        .prop_map(|(auth_types, limit)| UsagePlan { auth_types, limit });
    prop::collection::vec((said(), plan), 0..3).prop_map(|plans| plans.into_iter().collect())
}

fn listing() -> impl Strategy<Value = Listing> {
    let family = prop_oneof![Just(Family::GlooMesh), Just(Family::GlooGateway)];
    (family, prop::collection::vec(api(), 0..8)).prop_map(|(family, apis)| Listing { family, apis })
}

/// Any JSON; a third of its objects have members that portals have.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        id().prop_map(Value::from),
    ];
    let member = prop_oneof![
        2 => prop::sample::select(vec![
            "id", "name", "description", "apiId", "apiProductId", "apiVersion", "apiVersions", "openapiSpec",
            "openapiSpecFetchErr", "apiSpec",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((member.clone(), inner), 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn server() -> ServerUrl {
    ServerUrl::as_is("http://localhost:31080/v1").unwrap()
}

fn assert_good(entities: &[Entity]) -> Result<(), TestCaseError> {
    let mut references = BTreeSet::new();
    for entity in entities {
        prop_assert_eq!(entity.validate(), Ok(()));
        prop_assert!(references.insert(entity.reference()), "{} is there twice", entity.reference());
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_listing_gives_a_valid_entity_of_its_own_for_each_id(
        listing in listing(), again in any::<bool>(), profile in profile(), plans in plans(),
    ) {
        let mut listing = listing;
        if again {
            listing.apis.extend(listing.apis.clone().into_iter().rev());
        }
        let made = entities_of(&listing, &server(), &profile, &Arc::new(plans));
        assert_good(&made.entities)?;
        let mut ids: Vec<&str> = Vec::new();
        for api in &listing.apis {
            if !ids.contains(&api.id.as_str()) {
                ids.push(&api.id);
            }
        }
        let apis: Vec<&Entity> = made.entities.iter().filter(|entity| entity.kind() == EntityKind::Api).collect();
        prop_assert_eq!(apis.len(), ids.len());
        for (entity, id) in apis.into_iter().zip(ids) {
            let metadata = &entity.metadata;
            let told = match profile {
                Profile::Plugin => metadata.title.as_deref().unwrap_or_default(),
                Profile::Enriched(_) => &metadata.annotations["gloo-portal/api-id"],
            };
            prop_assert_eq!(told, id);
            for link in &metadata.links {
                prop_assert!(["http:", "https:", "mailto:"].iter().any(|scheme| link.url.starts_with(scheme)));
            }
        }
        for notice in &made.notices {
            let is_about = |api: &Api| Some(&api.id) == notice.about.as_ref() || api.facts.product == notice.about;
            prop_assert!(listing.apis.iter().any(is_about), "{}", notice);
        }
    }

    #[test]
    fn well_formed_lists_are_read_in_their_order(
        products in prop::collection::vec(prop::collection::vec((id(), optional(version()), optional(any::<String>())), 0..4), 0..4),
        flat in any::<bool>(),
    ) {
        let api = |(id, version, description): &(String, Option<String>, Option<String>)| {
            json!({"apiId": id, "apiVersion": version, "description": description, "apiProductId": "p", "openapiSpec": {}})
        };
        let list: Vec<Value> = if flat {
            products.iter().flatten().map(api).collect()
        } else {
            products.iter().map(|versions| {
                json!({"apiProductId": "p", "apiVersions": versions.iter().map(api).collect::<Vec<_>>()})
            }).collect()
        };
        let body = serde_json::to_vec_pretty(&list).unwrap();
        let ids: Vec<&String> = products.iter().flatten().map(|(id, ..)| id).collect();
        match ids_in_list(&body, &Url::parse("http://localhost/v1/apis").unwrap()) {
            Ok(read) => prop_assert_eq!(read.iter().collect::<Vec<_>>(), ids),
            // Ids that cannot be asked for.
            Err(error) => prop_assert!(ids.iter().any(|id| matches!(id.as_str(), "" | "." | "..")), "{}", error),
        }
    }

    #[test]
    fn whatever_a_body_is_it_is_read_or_told(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = ids_in_list(&body, &Url::parse("http://localhost/v1/apis").unwrap()).map_err(|error| error.to_string());
    }

    #[test]
    fn a_list_with_something_put_in_or_cut_out_is_read_or_told(
        grouped in any::<bool>(), at in any::<prop::sample::Index>(), cut in 0..6_usize, put in "[\\[\\]{}:,\"\\\\a-c0-9. ]{0,4}",
    ) {
        let api = json!({"apiId": "a-v1", "apiProductId": "a", "apiVersion": "v1", "openapiSpec": {"openapi": "3.0.3", "x": 1.5}});
        let list = if grouped { json!([{"apiProductId": "a", "apiVersions": [api]}]) } else { json!([api]) };
        let mut body = list.to_string();
        let at = at.index(body.len() + 1);
        let until = (at + cut).min(body.len());
        body.replace_range(at..until, &put);
        let _ = ids_in_list(body.as_bytes(), &Url::parse("http://localhost/v1/apis").unwrap()).map_err(|error| error.to_string());
    }

    #[test]
    fn whatever_a_list_holds_it_is_read_or_an_item_is_named(list in prop::collection::vec(any_json(), 0..4)) {
        let body = serde_json::to_vec(&list).unwrap();
        if let Err(error) = ids_in_list(&body, &Url::parse("http://localhost/v1/apis").unwrap()) {
            let PortalError::Item { item, .. } = &error else { panic!("{error}") };
            prop_assert!(["item [", "API `", "product `"].iter().any(|start| item.starts_with(start)), "{}", item);
        }
    }
}
