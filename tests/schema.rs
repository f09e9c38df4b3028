//! The scenario file's JSON Schema, at work in a validator.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;
use understudy::Scenario;
use understudy::scenarios::{bundled, hazards};
use understudy_scenarios::arbitrary;

fn validator() -> Validator {
    jsonschema::options().should_validate_formats(true).build(&Scenario::schema()).unwrap()
}

fn read(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).unwrap()
}

#[test]
fn the_schema_is_what_reviewers_have_seen() {
    insta::assert_json_snapshot!(Scenario::schema());
}

#[test]
fn every_bundled_scenario_passes() {
    let worlds = bundled::all().iter().map(|bundled| (bundled.name, bundled.text));
    let hazards = hazards::all().iter().map(|hazard| (hazard.id, hazard.text));
    let validator = validator();
    for (name, text) in worlds.chain(hazards) {
        let errors: Vec<String> = validator.iter_errors(&read(text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn a_misspelt_key_a_wrong_type_and_an_unknown_word_fail_as_they_do_in_the_loader() {
    for mistaken in [
        "portal: {produts: []}",
        "portal: {products: [{name: x}]}",
        "portal: {products: petstore}",
        "portal: {family: gloo-gatway}",
        "portal: {visibility: restricted}",
        "portal: {products: [{id: a, versions: [{name: v1, spec: 7}]}]}",
        "portal: {products: [{id: a, createdAt: yesterday}]}",
        "identity: {issuers: [{face: auth0}]}",
        "identity: {clients: [{id: a, secret: b, grants: [password]}]}",
        "identity: {clients: [{id: a, scret: b}]}",
    ] {
        assert!(!validator().is_valid(&read(mistaken)), "{mistaken}");
        assert!(Scenario::from_yaml("mistaken", mistaken).is_err(), "{mistaken}");
    }
}

proptest! {
    #[test]
    fn whatever_the_model_can_hold_passes(scenario in arbitrary::scenario()) {
        let file = serde_json::to_value(scenario.file()).unwrap();
        let errors: Vec<String> = validator().iter_errors(&file).map(|error| error.to_string()).collect();
        prop_assert!(errors.is_empty(), "{errors:?}");
    }
}
