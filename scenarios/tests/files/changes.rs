//! What becomes of a world when a change is made to it, and what is said of one that can't be.

use understudy_scenarios::{Change, Scenario, SpecForm, Step, World};

const WORLD: &str = "
portal:
  usagePlans: [{name: gold}]
  products:
    - {id: pets, name: Pets, description: All pets., versions: [{name: v1}, {name: v2, title: New pets}]}
    - {id: tracks, versions: [{name: v1}]}
";

fn world() -> World {
    Scenario::from_yaml("test", WORLD).unwrap().world().clone()
}

/// A change that can be made to that world.
fn change(yaml: &str) -> Change {
    let scenario = Scenario::from_yaml("test", &format!("{WORLD}steps: [{{change: {yaml}}}]")).unwrap();
    let [Step::Change(change)] = scenario.steps() else { panic!("a change") };
    Change::clone(change)
}

fn ids(world: &World) -> Vec<String> {
    let products = world.portal.products.iter();
    products.flat_map(|product| &product.versions).map(|version| version.id.to_string()).collect()
}

fn after(yaml: &str) -> World {
    world().changed(&change(yaml)).unwrap()
}

/// What is said of a change that can't be made, by a world that did not load it.
fn refused(yaml: &str) -> String {
    let change: Change = serde_json::from_str(yaml).unwrap();
    world().changed(&change).unwrap_err().to_string()
}

#[test]
fn products_and_versions_go() {
    assert_eq!(ids(&after("{removeProducts: [pets]}")), ["tracks-v1"]);
    assert_eq!(ids(&after("{removeVersions: [pets-v1]}")), ["pets-v2", "tracks-v1"]);
    assert!(after("{removeAll: true}").portal.products.is_empty());
}

#[test]
fn a_product_that_is_renamed_takes_its_versions_along() {
    let world = after("{editProducts: [{id: pets, newId: animals, name: Animals, description: All animals.}]}");
    assert_eq!(ids(&world), ["animals-v1", "animals-v2", "tracks-v1"]);
    let [v1, v2] = &world.portal.products[0].versions[..] else { panic!("two versions") };
    assert_eq!((&*v1.title, &*v2.title), ("Animals", "New pets"));
    assert_eq!(v1.description.as_deref(), Some("All animals."));
}

#[test]
fn two_products_may_change_places() {
    let world = after("{editProducts: [{id: pets, newId: tracks}, {id: tracks, newId: pets}]}");
    assert_eq!(ids(&world), ["tracks-v1", "tracks-v2", "pets-v1"]);
}

#[test]
fn a_version_changes_its_words_its_document_and_its_form() {
    let edit = "{id: pets-v1, newId: cats, title: Cats, lifecycle: old, usagePlans: [], customMetadata: {a: b}, \
                spec: {openapi: 3.1.0}, specForm: yaml-text, specFetchError: no route}";
    let world = after(&format!("{{editVersions: [{edit}]}}"));
    let version = &world.portal.products[0].versions[0];
    assert_eq!((version.id.as_str(), &*version.title, version.lifecycle.as_deref()), ("cats", "Cats", Some("old")));
    assert_eq!((version.spec.get(), version.spec_form), (r#"{"openapi":"3.1.0"}"#, SpecForm::YamlText));
    assert_eq!(version.spec_fetch_error.as_deref(), Some("no route"));
    assert!(version.usage_plans.is_empty() && version.metadata["a"] == "b");
}

#[test]
fn an_empty_fetch_error_ends_it() {
    let failing = change("{editVersions: [{id: pets-v1, specFetchError: no route}]}");
    let mended = change("{editVersions: [{id: pets-v1, specFetchError: ''}]}");
    let world = world().changed(&failing).unwrap().changed(&mended).unwrap();
    assert_eq!(world.portal.products[0].versions[0].spec_fetch_error, None);
}

#[test]
fn what_comes_has_the_defaults_of_a_file_and_stands_last() {
    let world = after(
        "{addProducts: [{id: cats, versions: [{name: v1}]}], addVersions: [{product: pets, version: {name: v3}}, \
         {product: cats, version: {name: v2, id: kittens}}]}",
    );
    assert_eq!(ids(&world), ["pets-v1", "pets-v2", "pets-v3", "tracks-v1", "cats-v1", "kittens"]);
    let v3 = &world.portal.products[0].versions[2];
    assert_eq!((&*v3.title, v3.description.as_deref()), ("Pets", Some("All pets.")));
    assert_eq!(v3.usage_plans, ["gold"]);
}

#[test]
fn what_goes_may_come_again_in_one_change() {
    let world = after("{removeProducts: [pets], addProducts: [{id: pets, versions: [{name: v9}]}]}");
    assert_eq!(ids(&world), ["tracks-v1", "pets-v9"]);
}

#[test]
fn new_usage_plans_are_those_of_versions_that_had_all() {
    let text = WORLD.replace("{name: v2,", "{name: v2, usagePlans: [],");
    let world = Scenario::from_yaml("test", &text).unwrap().world().clone();
    let world = world.changed(&change("{usagePlans: [{name: silver}, {name: gold}]}")).unwrap();
    let plans: Vec<_> = world.portal.products[0].versions.iter().map(|version| version.usage_plans.join(",")).collect();
    assert_eq!(plans, ["silver,gold", ""]);
}

#[test]
fn a_portal_grows_and_counts_on() {
    let world = after("{grow: {products: 2, versionsEach: 2}}");
    assert_eq!(ids(&world)[3..], ["generated-0001-v1", "generated-0001-v2", "generated-0002-v1", "generated-0002-v2"]);
    let more = world.changed(&change("{grow: {products: 1, versionsEach: 1}}")).unwrap();
    assert_eq!(ids(&more).last().unwrap(), "generated-0003-v1");
    assert!(more.portal.products[2].versions[0].spec.get().contains("Generated 1"));
}

#[test]
fn the_largest_portal_is_made_in_no_time() {
    let world = after("{grow: {products: 10000, versionsEach: 9}}");
    assert_eq!(ids(&world).len(), 90_003);
}

#[test]
fn what_is_not_there_is_named_with_the_nearest() {
    insta::assert_snapshot!(refused(r#"{"removeProducts": ["trakcs"]}"#), @"`change.removeProducts[0]`: there is no product `trakcs`: did you mean `tracks`? (the products: `pets`, `tracks`)");
    insta::assert_snapshot!(refused(r#"{"removeVersions": ["pets-v1", "pet-v2"]}"#), @"`change.removeVersions[1]`: there is no API `pet-v2`: did you mean `pets-v2`? (the APIs: `pets-v1`, `pets-v2`, `tracks-v1`)");
    insta::assert_snapshot!(refused(r#"{"editProducts": [{"id": "cats"}]}"#), @"`change.editProducts[0].id`: there is no product `cats` (the products: `pets`, `tracks`)");
    insta::assert_snapshot!(refused(r#"{"editVersions": [{"id": "pets-v1", "usagePlans": ["golf"]}]}"#), @"`change.editVersions[0].usagePlans[0]`: there is no usage plan `golf`: did you mean `gold`? (the usage plans: `gold`)");
    insta::assert_snapshot!(refused(r#"{"addVersions": [{"product": "pats", "version": {"name": "v1"}}]}"#), @"`change.addVersions[0].product`: there is no product `pats`: did you mean `pets`? (the products: `pets`, `tracks`)");
}

#[test]
fn what_would_stand_twice_is_refused() {
    insta::assert_snapshot!(refused(r#"{"addProducts": [{"id": "pets"}]}"#), @"`change.addProducts[0].id`: the product id `pets` would stand twice");
    insta::assert_snapshot!(refused(r#"{"addVersions": [{"product": "pets", "version": {"name": "v1"}}]}"#), @"`change.addVersions[0].version.name`: the API id `pets-v1` would stand twice");
    insta::assert_snapshot!(refused(r#"{"editProducts": [{"id": "pets", "newId": "tracks"}]}"#), @"`change.editProducts[0].newId`: the product id `tracks` would stand twice");
    insta::assert_snapshot!(refused(r#"{"editVersions": [{"id": "pets-v1", "newId": "tracks-v1"}]}"#), @"`change.editVersions[0].newId`: the API id `tracks-v1` would stand twice");
    insta::assert_snapshot!(refused(r#"{"usagePlans": [{"name": "a"}, {"name": "a"}]}"#), @"`change.usagePlans[1].name`: the usage plan `a` stands twice");
}

#[test]
fn a_document_of_elsewhere_and_a_growth_beyond_all_bounds_are_refused() {
    insta::assert_snapshot!(refused(r#"{"editVersions": [{"id": "pets-v1", "spec": "./pets.yaml"}]}"#), @"`change.editVersions[0].spec`: the document `./pets.yaml` can't be read: there is no file that it lies beside (write the document itself in its place)");
    insta::assert_snapshot!(refused(r#"{"grow": {"products": 10001, "versionsEach": 1}}"#), @"`change.grow.products`: 10001 made-up products are more than 10000");
    insta::assert_snapshot!(refused(r#"{"grow": {"products": 10000, "versionsEach": 10}}"#), @"`change.grow.versionsEach`: the portal would have 100003 versions, more than 100000");
    insta::assert_snapshot!(refused(r#"{"grow": {"products": 0, "versionsEach": 1}}"#), @"`change.grow`: nothing grows: `products` and `versionsEach` are at least 1");
}

#[test]
fn a_change_that_fails_in_its_last_part_changes_nothing() {
    let change: Change =
        serde_json::from_str(r#"{"removeAll": true, "addVersions": [{"product": "pets", "version": {"name": "v1"}}]}"#)
            .unwrap();
    let before = world();
    assert!(before.changed(&change).is_err());
    assert_eq!(before, world());
}
