//! Verdicts over HTTP.

use insta::assert_snapshot;
use serde_json::json;

use crate::stand::Stand;

#[tokio::test]
async fn requests_are_judged_since_a_mark() {
    let stand = Stand::new().await;
    stand.sync().await.unwrap();
    let check = json!({"requests": [
        {"server": "portal", "path": "/v1/apis", "atMost": 1, "atLeast": 1},
        {"server": "idp", "method": "POST", "atMost": 1},
    ]});
    assert_snapshot!(stand.post("/verify", &check).await.text(), @r#"200 {"findings":[],"passed":true}"#);
    stand.sync().await.unwrap();
    assert_snapshot!(stand.post("/verify", &check).await.text(), @r#"200 {"findings":["2 of kind 1 came, 1 is the most","2 of kind 2 came, 1 is the most"],"passed":false}"#);
    let mut since = check.clone();
    since["since"] = json!(10);
    assert_snapshot!(stand.post("/verify", &since).await.text(), @r#"200 {"findings":["0 of kind 1 came, 1 is the least"],"passed":false}"#);
}

#[tokio::test]
async fn a_request_that_comes_too_early_is_a_finding() {
    let stand = Stand::new().await;
    let from = stand.get("/clock").await.good()["now"].clone();
    stand.sync().await.unwrap();
    let check = json!({"from": from, "requests": [{"server": "portal", "notBefore": "1h"}]});
    let verdict = stand.post("/verify", &check).await.good();
    assert_eq!(verdict["passed"], false);
    let finding = verdict["findings"][0].as_str().unwrap();
    assert!(
        finding.starts_with("the first of kind 1 came ") && finding.ends_with("after then, 1h is the soonest"),
        "{finding}"
    );
    let check = json!({"from": from, "requests": [{"server": "portal", "notBefore": "-1h"}]});
    assert_eq!(stand.post("/verify", &check).await.good(), json!({"passed": true, "findings": []}));
}

#[tokio::test]
async fn a_check_that_can_not_fail_is_refused() {
    let stand = Stand::new().await;
    assert_snapshot!(stand.post("/verify", &json!({"requests": []})).await.text(), @r#"422 {"error":{"code":"unprocessable","message":"this would pass whatever came: give each of `requests` an `atMost`, an `atLeast` above 0 or a `notBefore`"}}"#);
    let unbounded = json!({"requests": [{"server": "portal"}]});
    assert_eq!(stand.post("/verify", &unbounded).await.status, 422);
    let none = json!({"requests": [{"server": "portal", "atLeast": 0}]});
    assert_eq!(stand.post("/verify", &none).await.status, 422);
    let timeless = json!({"requests": [{"server": "portal", "notBefore": "1s"}]});
    assert_snapshot!(stand.post("/verify", &timeless).await.text(), @r#"422 {"error":{"code":"unprocessable","message":"`notBefore` counts from a time: give it as `from`, such as the `now` of an earlier answer"}}"#);
}
