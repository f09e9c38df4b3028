//! The world: shown, replaced, changed, and as it was.

use http::Method;
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::json;

use crate::stand::Stand;

#[tokio::test]
async fn the_world_is_shown_without_secrets_and_documents() {
    let stand = Stand::new().await;
    let world = stand.get("/world").await.good();
    assert!(!world.to_string().contains("backstage-dev-secret"));
    assert!(!world.to_string().contains("developer-dev-password"));
    insta::with_settings!({ filters => vec![(r"localhost:\d+", "localhost:[port]")] }, {
        assert_json_snapshot!(world, @r#"
        {
          "clients": [
            "backstage"
          ],
          "family": "gloo-mesh-gateway",
          "generation": 0,
          "issuers": [
            {
              "issuer": "http://localhost:[port]/oauth2/default",
              "jwks_uri": "http://localhost:[port]/oauth2/default/v1/keys",
              "kind": "okta",
              "name": "okta",
              "token_endpoint": "http://localhost:[port]/oauth2/default/v1/token"
            },
            {
              "issuer": "http://localhost:[port]",
              "jwks_uri": "http://localhost:[port]/oauth2/v1/keys",
              "kind": "okta",
              "name": "okta-org",
              "token_endpoint": "http://localhost:[port]/oauth2/v1/token"
            },
            {
              "issuer": "http://localhost:[port]/realms/gloo",
              "jwks_uri": "http://localhost:[port]/realms/gloo/protocol/openid-connect/certs",
              "kind": "keycloak",
              "name": "keycloak",
              "token_endpoint": "http://localhost:[port]/realms/gloo/protocol/openid-connect/token"
            }
          ],
          "products": [
            {
              "id": "petstore",
              "name": "Petstore",
              "versions": [
                {
                  "id": "petstore-v1",
                  "name": "v1",
                  "title": "Petstore REST API"
                }
              ]
            },
            {
              "id": "tracks",
              "name": "Tracks",
              "versions": [
                {
                  "id": "tracks-v1",
                  "name": "v1",
                  "title": "Tracks REST API"
                }
              ]
            }
          ],
          "scenario": "quickstart",
          "shape": "grouped",
          "users": [
            "developer"
          ]
        }
        "#);
    });
}

#[tokio::test]
async fn a_scenario_replaces_the_world() {
    let stand = Stand::new().await;
    let text = "portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}, {name: v3}]}]}";
    let answer = stand.yaml(Method::PUT, "/world", text).await;
    assert_snapshot!(answer.text(), @r#"200 {"done":"world","generation":1,"mark":0,"now":"[time]"}"#);
    assert_eq!(stand.sync().await, Ok(3 + 3));
    let json = json!({"portal": {"products": []}});
    stand.request(Method::PUT, "/world").json(&json).send().await.unwrap();
    assert_eq!(stand.sync().await, Ok(3));
}

#[tokio::test]
async fn a_scenario_with_a_mistake_changes_nothing_and_is_told_with_its_place() {
    let stand = Stand::new().await;
    let answer = stand.yaml(Method::PUT, "/world", "portal:\n  produts: []\n").await;
    assert_snapshot!(answer.text(), @r#"422 {"error":{"code":"invalid-body","column":3,"line":2,"message":"unknown key `…` in `portal`: did you mean `products`?; what may stand there: `family`, `shape`, `inlineSpecs`, `visibility`, `auth`, `products`, `usagePlans`"}}"#);
    let answer = stand
        .yaml(Method::PUT, "/world", "portal: {products: [{id: a, versions: [{name: v1, spec: ./a.yaml}]}]}")
        .await;
    assert_snapshot!(answer.text(), @r#"422 {"error":{"code":"invalid-body","column":57,"line":1,"message":"`…` can't be found: this scenario is a text of its own, beside which no file lies; write the document in the scenario, or load the scenario from its file"}}"#);
    assert_eq!(stand.get("/world").await.good()["generation"], 0);
}

#[tokio::test]
async fn a_change_is_seen_by_the_next_sync_and_one_of_what_is_not_there_changes_nothing() {
    let stand = Stand::new().await;
    stand.post("/world/changes", &json!({"removeProducts": ["petstore"]})).await.good();
    assert_eq!(stand.sync().await, Ok(4));
    let answer = stand.post("/world/changes", &json!({"removeProducts": ["petstore", "tracks"]})).await;
    assert_snapshot!(answer.text(), @r#"422 {"error":{"code":"unprocessable","message":"`change.removeProducts[0]`: there is no product `petstore` (the products: `…`)"}}"#);
    assert_eq!(stand.sync().await, Ok(4));
}

#[tokio::test]
async fn a_document_is_not_read_from_this_machine_for_whoever_asks() {
    let stand = Stand::new().await;
    let version = json!({"product": "petstore", "version": {"name": "v9", "spec": "./Cargo.toml"}});
    let answer = stand.post("/world/changes", &json!({"addVersions": [version]})).await;
    assert_snapshot!(answer.text(), @r#"422 {"error":{"code":"unprocessable","message":"`change.addVersions[0].version.spec`: the document `…` can't be read"}}"#);
}

#[tokio::test]
async fn a_reset_makes_all_as_it_was() {
    let stand = Stand::new().await;
    stand.post("/world/changes", &json!({"removeAll": true})).await.good();
    stand.post("/keys", &json!({"rotate": "okta"})).await.good();
    stand.post("/tokens", &json!({"opaque": true})).await.good();
    stand.post("/faults", &json!({"does": "reset"})).await.good();
    stand.post("/clock", &json!({"set": "2030-01-01T00:00:00Z"})).await.good();
    stand.post("/clock", &json!("freeze")).await.good();
    stand.post("/clock", &json!({"skew": {"server": "idp", "by": "1h"}})).await.good();
    assert_snapshot!(stand.request(Method::POST, "/reset").send().await.unwrap().status(), @"200 OK");
    assert_eq!(stand.get("/journal").await.good()["exchanges"], json!([]));
    assert_eq!(stand.sync().await, Ok(5));
    assert_eq!(stand.get("/faults").await.good(), json!({"faults": []}));
    let clock = stand.get("/clock").await.good();
    assert!(clock["now"].as_str().unwrap() < "2030", "{clock}");
    assert_eq!((&clock["frozen"], &clock["skew"]), (&json!(false), &json!({"portal": "0s", "idp": "0s"})));
}
