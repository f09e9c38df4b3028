//! Steps, keys, tokens and the clock over HTTP.

use http::Method;
use insta::assert_snapshot;
use serde_json::json;

use crate::stand::Stand;

#[tokio::test]
async fn a_step_is_played_as_in_a_scenario() {
    let stand = Stand::new().await;
    let answer = stand.yaml(Method::POST, "/steps", "change: {removeProducts: [petstore]}").await;
    assert_snapshot!(answer.text(), @r#"200 {"done":"change","generation":1,"mark":0,"now":"[time]"}"#);
    stand.yaml(Method::POST, "/steps", "fault: {name: gone, does: close}").await.good();
    assert_snapshot!(stand.post("/steps", &json!({"lift": "gone"})).await.text(), @r#"200 {"done":"lift","generation":1,"mark":0,"now":"[time]"}"#);
    assert_snapshot!(stand.post("/steps", &json!({"lift": "gone"})).await.text(), @r#"404 {"error":{"code":"no-such-fault","message":"no fault with this name is in force; GET /faults lists them"}}"#);
}

#[tokio::test]
async fn a_step_about_a_subject_is_refused_with_the_reason() {
    let stand = Stand::new().await;
    assert_snapshot!(stand.post("/steps", &json!("sync")).await.text(), @r#"422 {"error":{"code":"needs-subject","message":"the step is about a subject, and a stage by itself has none; `understudy run` plays it"}}"#);
    for step in [json!({"expect": {"catalog": "same"}}), json!({"restart": "subject"})] {
        let answer = stand.post("/steps", &step).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (422, "needs-subject"), "{step}");
    }
}

#[tokio::test]
async fn keys_are_rotated_and_retired_and_an_issuer_that_is_not_there_is_refused() {
    let stand = Stand::new().await;
    let keys = || async {
        let url = &stand.stage.issuers()[0].jwks_uri;
        let jwks: serde_json::Value = stand.client.get(url).send().await.unwrap().json().await.unwrap();
        jwks["keys"].as_array().unwrap().len()
    };
    assert_eq!(keys().await, 1);
    stand.post("/keys", &json!({"rotate": "okta"})).await.good();
    assert_eq!(keys().await, 2);
    stand.post("/keys", &json!({"retire": "okta"})).await.good();
    assert_eq!(keys().await, 1);
    assert_snapshot!(stand.post("/keys", &json!({"rotate": "nobody"})).await.text(), @r#"422 {"error":{"code":"unprocessable","message":"`keys.rotate`: there is no issuer `…` (the issuers: `okta`, `okta-org`, `keycloak`)"}}"#);
}

#[tokio::test]
async fn tokens_that_are_opaque_are_refused_by_the_portal() {
    let stand = Stand::new().await;
    stand.post("/tokens", &json!({"opaque": true})).await.good();
    assert!(stand.sync().await.is_err());
    stand.post("/tokens", &json!({"opaque": false})).await.good();
    assert_eq!(stand.sync().await, Ok(5));
}

#[tokio::test]
async fn the_clock_is_frozen_moved_and_skewed() {
    let stand = Stand::new().await;
    stand.post("/clock", &json!("freeze")).await.good();
    let at = "2030-01-01T00:00:00Z";
    stand.post("/clock", &json!({"set": at})).await.good();
    stand.yaml(Method::POST, "/clock", "advance: 90m").await.good();
    stand.yaml(Method::POST, "/clock", "skew: {server: idp, by: -2h}").await.good();
    assert_snapshot!(stand.get("/clock").await.body, @r#"{"frozen":true,"now":"2030-01-01T01:30:00Z","skew":{"idp":"-2h","portal":"0s"}}"#);
    stand.post("/clock", &json!("run")).await.good();
    assert_eq!(stand.get("/clock").await.good()["frozen"], false);
}

#[tokio::test]
async fn a_token_is_refused_once_its_time_is_over_on_the_stages_clock() {
    let stand = Stand::new().await;
    let provider = stand.stage.provider().unwrap();
    provider.sync().await.unwrap();
    stand.post("/clock", &json!({"skew": {"server": "portal", "by": "2h"}})).await.good();
    assert!(!provider.sync().await.unwrap().is_whole());
    stand.post("/clock", &json!({"skew": {"server": "portal", "by": "0s"}})).await.good();
    assert!(provider.sync().await.unwrap().is_whole());
}

#[tokio::test]
async fn a_mock_is_started_anew() {
    let stand = Stand::new().await;
    let connected = tokio::net::TcpStream::connect(stand.stage.addresses()[0]).await.unwrap();
    assert_eq!(stand.post("/restarts", &json!("portal")).await.good()["done"], "restart");
    connected.readable().await.unwrap();
    assert_eq!(connected.try_read(&mut [0; 1]).unwrap_or(0), 0);
    assert_eq!(stand.sync().await, Ok(5));
}

#[tokio::test]
async fn many_move_a_stage_at_once() {
    let stand = Stand::new().await;
    let moves = (0..40).map(|number| {
        let request = match number % 4 {
            0 => stand.request(Method::POST, "/faults").json(&json!({"does": "close", "server": "idp", "path": "/no"})),
            1 => stand.request(Method::POST, "/keys").json(&json!({"rotate": "okta"})),
            2 => stand.request(Method::GET, "/world"),
            _ => stand.request(Method::GET, "/journal"),
        };
        tokio::spawn(async move { request.send().await.unwrap().status() })
    });
    for answer in moves.collect::<Vec<_>>() {
        assert_eq!(answer.await.unwrap(), 200);
    }
    assert_eq!(stand.get("/faults").await.good()["faults"].as_array().unwrap().len(), 10);
    assert_eq!(stand.get("/world").await.good()["generation"], 10);
}
