//! The report as JSON.

use serde_json::Value;
use understudy::play::report::json;

use super::fixture;

#[test]
fn the_document_is_the_model_with_its_schema_first() {
    insta::assert_snapshot!(json::render(&fixture::run(vec![fixture::portal_down()])));
}

#[test]
fn what_subjects_and_callers_said_comes_back_as_it_was() {
    let document: Value = serde_json::from_str(&json::render(&fixture::hostile())).unwrap();
    assert_eq!(document["schema"], json::SCHEMA);
    assert_eq!(document["scenarios"][0]["requests"][0]["path"], fixture::said("path"));
    assert_eq!(document["scenarios"][0]["log"], fixture::said("log"));
}
