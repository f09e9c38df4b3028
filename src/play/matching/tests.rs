use insta::assert_snapshot;
use understudy_scenarios::Scenario;

use super::super::catalog::tests::{api, catalog};
use super::*;

fn world() -> World {
    Scenario::find("quickstart").unwrap().world().clone()
}

/// A catalog with one entity a version of `world`, as `make` has it of the API's id and document.
fn made(world: &World, make: impl Fn(&str, &str) -> Value) -> Catalog {
    catalog(versions(world).map(|version| make(version.id.as_str(), version.spec.get())).collect())
}

/// How the entities are matched, and which they are.
fn learnt(by: &MatchBy, make: impl Fn(&str, &str) -> Value) -> String {
    let world = world();
    let catalog = made(&world, make);
    match Matching::learn(by, &world, &catalog) {
        Err(why) => why,
        Ok(mut matching) => {
            let assignment = matching.assign(&world, &catalog);
            let pairs = assignment.entity_of.iter().map(|(api, reference)| format!("\n{api} = {reference}"));
            matching.words() + &pairs.collect::<String>()
        }
    }
}

fn titled(name: &str, title: &str, definition: &str) -> Value {
    let mut entity = api(name, definition);
    entity["metadata"]["title"] = title.into();
    entity
}

#[test]
fn a_title_that_is_the_apis_id_tells_the_api() {
    assert_snapshot!(learnt(&MatchBy::Learnt, api), @"
    metadata.title is `{api}`
    petstore-v1 = api:default/petstore-v1
    tracks-v1 = api:default/tracks-v1
    ");
}

#[test]
fn a_prefix_and_a_suffix_are_learnt() {
    assert_snapshot!(learnt(&MatchBy::Learnt, |id, spec| titled(&format!("gloo-{id}.api"), "An API", spec)), @"
    metadata.name is `gloo-{api}.api`
    petstore-v1 = api:default/gloo-petstore-v1.api
    tracks-v1 = api:default/gloo-tracks-v1.api
    ");
}

#[test]
fn a_name_in_other_letters_is_learnt() {
    assert_snapshot!(learnt(&MatchBy::Learnt, |id, spec| titled(&id.to_uppercase().replace('-', "_"), "An API", spec)), @"
    metadata.name is `{api}`, but for case and punctuation
    petstore-v1 = api:default/petstore_v1
    tracks-v1 = api:default/tracks_v1
    ");
}

#[test]
fn entities_are_told_by_their_definitions_where_they_say_nothing_else() {
    let name = |id: &str| if id.starts_with('p') { "x1" } else { "x2" };
    assert_snapshot!(learnt(&MatchBy::Learnt, |id, spec| titled(name(id), "An API", spec)), @"
    only the definitions tell which API an entity is
    petstore-v1 = api:default/x1
    tracks-v1 = api:default/x2
    ");
}

#[test]
fn entities_with_definitions_of_their_own_are_told_by_their_names() {
    assert_snapshot!(learnt(&MatchBy::Learnt, |id, _| titled(id, "An API", "openapi: 3.1.0")), @"
    metadata.name is `{api}`
    petstore-v1 = api:default/petstore-v1
    tracks-v1 = api:default/tracks-v1
    ");
}

#[test]
fn a_name_by_template_is_taken_at_its_word() {
    let by: MatchBy = "name:{product}.{version}".parse().unwrap();
    assert_snapshot!(learnt(&by, |id, spec| titled(&id.replace('-', "."), "An API", spec)), @"
    metadata.name is `{product}.{version}`, but for case and punctuation
    petstore-v1 = api:default/petstore.v1
    tracks-v1 = api:default/tracks.v1
    ");
    assert_snapshot!(learnt(&by, |_, spec| titled("other", "An API", spec)), @"no entity could be matched to an API of the portal by what --match says: the portal shows petstore-v1, tracks-v1, the catalog holds api:default/other");
}

#[test]
fn what_cannot_be_matched_is_told() {
    assert_snapshot!(learnt(&MatchBy::Learnt, |_, _| titled("other", "An API", "{}")), @"no entity could be matched to an API of the portal by definition, title, name, annotation or label; say by what with --match: the portal shows petstore-v1, tracks-v1, the catalog holds api:default/other");
    let nothing = Matching::learn(&MatchBy::Learnt, &world(), &Catalog::default()).unwrap_err();
    assert_snapshot!(nothing, @"after an undisturbed sync the catalog holds no API, while the portal shows 2 (petstore-v1, tracks-v1)");
    assert!("name:{version}".parse::<MatchBy>().is_err());
    assert!("annotation:".parse::<MatchBy>().is_err());
}

#[test]
fn an_api_that_comes_later_is_matched_by_what_was_learnt() {
    let before = world();
    let mut matching = Matching::learn(
        &MatchBy::Learnt,
        &before,
        &made(&before, |id, spec| titled(&format!("x-{id}"), "An API", spec)),
    )
    .unwrap();
    let mut after = before.clone();
    after.portal.products[0].versions[0].id = "petstore-v2".into();
    let catalog = made(&after, |id, _| titled(&format!("x-{id}"), "An API", "{}"));
    let assignment = matching.assign(&after, &catalog);
    assert_eq!(assignment.entity_of(&"petstore-v2".into()), Some("api:default/x-petstore-v2"));
    assert_eq!(assignment.entity_of(&"petstore-v1".into()), None);
}
