//! Providers with names of their own pass when they behave.

use insta::assert_snapshot;
use serde_json::json;
use understudy::play::report::Outcome;
use understudy::play::{Options, Subject, play};

use crate::{findings, played, renamed, scenario};

const STEPS: &str = "\
- change: {addProducts: [{id: orders, versions: [{name: v1}]}], removeProducts: [tracks]}
- sync
- expect: {catalog: exactly, contains: [orders-v1], lacks: [tracks-v1]}
";

/// Our provider with a prefix, titles, a namespace and an owner of its own.
fn prefixed() -> Subject {
    renamed(|entity| {
        if entity["kind"] == "API" {
            let name = format!("acme.{}", entity["metadata"]["name"].as_str().unwrap());
            entity["metadata"]["name"] = json!(name);
            entity["metadata"]["namespace"] = json!("apis");
            entity["metadata"]["title"] = json!("An API of ours");
            entity["spec"]["owner"] = json!("group:acme");
        }
    })
}

#[tokio::test]
async fn a_provider_with_a_prefix_a_namespace_and_an_owner_of_its_own_passes() {
    let report = played(&scenario("prefixed", STEPS), &prefixed()).await;
    assert_eq!(report.outcome, Outcome::Passed, "{}", findings(&report));
    assert_snapshot!(report.steps[0].words, @"sync, undisturbed (metadata.name is `acme.{api}`)");
}

#[tokio::test]
async fn a_provider_that_tells_its_apis_by_an_annotation_passes() {
    let annotated = renamed(|entity| {
        if entity["kind"] == "API" {
            let id = entity["metadata"]["title"].take();
            let number = if id == "petstore-v1" {
                1
            } else if id == "tracks-v1" {
                2
            } else {
                3
            };
            entity["metadata"]["annotations"]["acme.example/api"] = id;
            entity["metadata"]["name"] = json!(format!("api-{number}"));
            entity["metadata"]["title"] = json!("An API of ours");
            entity["spec"]["definition"] = json!("openapi: 3.1.0");
        }
    });
    let steps =
        "- change: {addProducts: [{id: orders, versions: [{name: v1}]}]}\n- sync\n- expect: {lacks: [orders-v1]}\n";
    let report = played(&scenario("annotated", steps), &annotated).await;
    assert_snapshot!(report.steps[0].words, @"sync, undisturbed (the annotation acme.example/api is `{api}`)");
    assert_snapshot!(findings(&report), @"orders-v1 is in the catalog, as api:default/api-3");
}

#[tokio::test]
async fn what_entities_are_matched_by_can_be_told() {
    let options = Options { match_by: "name:acme.{api}".parse().unwrap(), ..Options::default() };
    let report = play(&scenario("told", STEPS), &prefixed(), &options).await.unwrap();
    assert_eq!(report.outcome, Outcome::Passed, "{}", findings(&report));
    let options = Options { match_by: "title".parse().unwrap(), ..Options::default() };
    let report = play(&scenario("told", STEPS), &prefixed(), &options).await.unwrap();
    let Outcome::Broken { reason } = &report.outcome else { panic!("{:?}", report.outcome) };
    assert_snapshot!(reason, @"no entity could be matched to an API of the portal by what --match says: the portal shows petstore-v1, tracks-v1, the catalog holds api:apis/acme.petstore-v1, api:apis/acme.tracks-v1");
}
