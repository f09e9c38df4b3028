//! Property tests over the way from a portal's answer to entities: whatever the portal holds, there are only entities
//! that Backstage takes; and a list is read, or an item is named.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use crate::config::ServerUrl;
use crate::entity::{Entity, entities_of};
use crate::portal::{Api, Definition, Family, Listing, PortalError, ids_in_list};

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
    let parts = (id(), optional(version()), optional(any::<String>()), definition);
    parts.prop_map(|(id, version, description, definition)| Api { id, version, description, definition })
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
    fn any_listing_gives_a_valid_entity_of_its_own_for_each_id(listing in listing(), again in any::<bool>()) {
        let mut listing = listing;
        if again {
            listing.apis.extend(listing.apis.clone().into_iter().rev());
        }
        let made = entities_of(&listing, &server());
        assert_good(&made.entities)?;
        let mut ids: Vec<&str> = Vec::new();
        for api in &listing.apis {
            if !ids.contains(&api.id.as_str()) {
                ids.push(&api.id);
            }
        }
        prop_assert_eq!(made.entities.len(), 3 + ids.len());
        for (entity, id) in made.entities[3..].iter().zip(ids) {
            prop_assert_eq!(entity.metadata.title.as_deref().unwrap_or_default(), id);
        }
        for notice in &made.notices {
            prop_assert!(listing.apis.iter().any(|api| Some(&api.id) == notice.about.as_ref()), "{}", notice);
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
    fn whatever_a_list_holds_it_is_read_or_an_item_is_named(list in prop::collection::vec(any_json(), 0..4)) {
        let body = serde_json::to_vec(&list).unwrap();
        if let Err(error) = ids_in_list(&body, &Url::parse("http://localhost/v1/apis").unwrap()) {
            let PortalError::Item { item, .. } = &error else { panic!("{error}") };
            prop_assert!(["item [", "API `", "product `"].iter().any(|start| item.starts_with(start)), "{}", item);
        }
    }
}
