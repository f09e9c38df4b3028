//! Faults over HTTP.

use http::Method;
use insta::assert_snapshot;
use serde_json::json;

use crate::stand::Stand;

#[tokio::test]
async fn a_fault_is_injected_listed_and_lifted_by_its_id() {
    let stand = Stand::new().await;
    let fault = json!({"server": "portal", "path": "/v1/apis", "does": {"status": 503}});
    let injected = stand.post("/faults", &fault).await.good();
    assert_eq!(injected["id"], 1);
    let listed = stand.get("/faults").await.good();
    assert_eq!(listed["faults"][0]["id"], 1);
    assert_eq!(listed["faults"][0]["name"], "status");
    assert_eq!(listed["faults"][0]["fault"], fault);
    assert_snapshot!(stand.delete("/faults/1").await.text(), @r#"200 {"lifted":1}"#);
    assert_snapshot!(stand.delete("/faults/1").await.text(), @r#"404 {"error":{"code":"no-such-fault","message":"no fault with this id is in force; GET /faults lists them"}}"#);
    assert_snapshot!(stand.delete("/faults/one").await.text(), @r#"404 {"error":{"code":"no-such-fault","message":"no fault with this id is in force; GET /faults lists them"}}"#);
}

#[tokio::test]
async fn faults_are_lifted_by_name_or_all_at_once() {
    let stand = Stand::new().await;
    for name in ["a", "a", "b", "c"] {
        stand.yaml(Method::POST, "/faults", &format!("{{name: {name}, does: close}}")).await.good();
    }
    assert_eq!(stand.delete("/faults?name=a").await.good()["lifted"], 2);
    assert_eq!(stand.delete("/faults").await.good()["lifted"], 2);
    assert_eq!(stand.delete("/faults").await.good()["lifted"], 0);
    assert_eq!(stand.delete("/faults?nam=a").await.status, 400);
}

#[tokio::test]
async fn a_fault_with_a_mistake_is_told_with_its_place_and_what_may_stand_there() {
    let stand = Stand::new().await;
    assert_snapshot!(stand.yaml(Method::POST, "/faults", "server: portal\ndoes: tea\n").await.text(), @r#"422 {"error":{"code":"invalid-body","column":7,"line":2,"message":"`does` can't be `…`; what may stand there: `status`, `latency`, `slow-body`, `truncate`, `content-type`, `content-encoding`, `html`, `malformed-json`, `empty-body`, `null-in-list`, `redirect`, `reset`, `refuse`, `close`, `tls`, `items`, `rate-limit`, `pad`"}}"#);
    assert_snapshot!(stand.yaml(Method::POST, "/faults", "does: close\nservr: portal\n").await.text(), @r#"422 {"error":{"code":"invalid-body","column":1,"line":2,"message":"unknown key `…`: did you mean `server`?; what may stand there: `name`, `server`, `method`, `path`, `caller`, `does`, `when`, `timeToLive`"}}"#);
    assert_snapshot!(stand.post("/faults", &json!({"does": {"status": 42}})).await.text(), @r#"422 {"error":{"code":"unprocessable","message":"`fault.does.status`: an HTTP status is from 200 to 599, found 42"}}"#);
    assert_snapshot!(stand.post("/faults", &json!({"does": {"tls": "expired"}})).await.text(), @r#"422 {"error":{"code":"unprocessable","message":"this stage serves no TLS, so there is no certificate for `tls` to spoil"}}"#);
    assert_snapshot!(stand.post("/faults", &json!({"server": "portal"})).await.text(), @r#"422 {"error":{"code":"invalid-body","column":11,"line":1,"message":"`server` has no `does`; `does` has no default"}}"#);
    let request = stand.request(Method::POST, "/faults").header("content-type", "application/json");
    assert_eq!(request.body("does: close").send().await.unwrap().status(), 422);
    assert_eq!(stand.get("/faults").await.good(), json!({"faults": []}));
}

#[tokio::test]
async fn a_fault_hits_who_syncs_until_it_is_lifted() {
    let stand = Stand::new().await;
    let fault = json!({"name": "down", "server": "portal", "path": "/v1/apis", "does": {"status": 503}});
    let mark = stand.post("/faults", &fault).await.good()["mark"].clone();
    assert!(stand.sync().await.is_err());
    let hit = stand.get(&format!("/journal?server=portal&since={mark}")).await.good();
    assert_eq!(hit["exchanges"][0]["status"], 503);
    assert_eq!(hit["exchanges"][0]["faults"], json!(["down"]));
    stand.delete("/faults?name=down").await.good();
    assert_eq!(stand.sync().await, Ok(5));
}

#[tokio::test]
async fn a_body_without_end_is_not_read_to_its_end() {
    let stand = Stand::new().await;
    let answer = stand.yaml(Method::POST, "/faults", &"#".repeat(1024 * 1024 + 1)).await;
    assert_snapshot!(answer.text(), @r#"413 {"error":{"code":"too-large","message":"the body is larger than the 1048576 bytes that are read here"}}"#);
}
