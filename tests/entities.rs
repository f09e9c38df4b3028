//! What Backstage gets from each bundled scenario, as a reviewer reads it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use insta::{assert_yaml_snapshot, with_settings};
use serde_json::Value;
use understudy::{Scenario, Stage};

/// The entities of one sync, with each definition parsed so that it can be read, and the port left out.
async fn entities(scenario: &str) -> Vec<Value> {
    let stage = Stage::start(Scenario::find(scenario).unwrap()).await.unwrap();
    let mutation = stage.provider().unwrap().sync().await.unwrap().mutation;
    let mut entities: Vec<Value> = mutation.entities().map(|entity| serde_json::to_value(entity).unwrap()).collect();
    for definition in entities.iter_mut().filter_map(|entity| entity.pointer_mut("/spec/definition")) {
        *definition = serde_json::from_str(definition.as_str().unwrap()).unwrap();
    }
    entities
}

async fn assert_entities(scenario: &str) {
    let entities = entities(scenario).await;
    with_settings!({
        filters => vec![(r"localhost:\d+", "localhost:[port]")],
        omit_expression => true,
        prepend_module_to_snapshot => false,
    }, {
        assert_yaml_snapshot!(scenario, entities);
    });
}

#[tokio::test]
async fn quickstart_gives_a_group_a_user_a_system_and_two_apis() {
    assert_entities("quickstart").await;
}

#[tokio::test]
async fn a_flat_portal_gives_the_same_as_a_grouped_one() {
    assert_entities("gloo-mesh-flat").await;
}

#[tokio::test]
async fn a_gloo_gateway_gives_its_versions() {
    assert_entities("gloo-gateway").await;
}

#[tokio::test]
async fn an_empty_portal_gives_the_three_that_are_always_there() {
    assert_entities("empty-portal").await;
}
