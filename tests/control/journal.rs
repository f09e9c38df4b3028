//! The journal over HTTP.

use http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::stand::Stand;

#[tokio::test]
async fn exchanges_are_listed_by_kind_and_by_pages() {
    let stand = Stand::new().await;
    stand.sync().await.unwrap();
    let all = stand.get("/journal").await.good();
    let exchanges = all["exchanges"].as_array().unwrap();
    assert_eq!(exchanges.len(), 5);
    let schemas = stand.get("/journal?server=portal&method=get&path=/v1/apis/*/schema").await.good();
    assert_eq!(schemas["exchanges"].as_array().unwrap().len(), 2);
    assert_eq!(schemas["exchanges"][0]["status"], 200);
    let mut since = 0;
    for number in 1..=5 {
        let page = stand.get(&format!("/journal?limit=1&since={since}")).await.good();
        assert_eq!(page["exchanges"][0]["number"], number);
        since = page["mark"].as_u64().unwrap();
    }
    let last = stand.get(&format!("/journal?since={since}")).await.good();
    assert_eq!(last, json!({"exchanges": [], "mark": 5}));
}

#[tokio::test]
async fn exchanges_are_counted_without_the_portals_own() {
    let stand = Stand::new().await;
    stand.sync().await.unwrap();
    let listed = stand.get("/journal?server=idp").await.good();
    let callers: Vec<&Value> =
        listed["exchanges"].as_array().unwrap().iter().map(|exchange| &exchange["caller"]).collect();
    assert_eq!(callers.len(), 2);
    assert_eq!(stand.get("/journal/count?server=idp").await.good(), json!({"count": 1}));
    assert_eq!(stand.get("/journal/count?path=/v1/**&since=1").await.good(), json!({"count": 3}));
}

#[tokio::test]
async fn a_request_is_waited_for_whether_it_has_come_or_comes_yet() {
    let stand = Stand::new().await;
    let kind = json!({"server": "portal", "path": "/v1/apis"});
    let wait = stand.request(Method::POST, "/journal/wait").json(&json!({"kind": kind, "timeout": "30s"}));
    let waiting = tokio::spawn(async move { wait.send().await.unwrap().json::<Value>().await.unwrap() });
    stand.sync().await.unwrap();
    let came = waiting.await.unwrap();
    assert_eq!(came["path"], "/v1/apis");
    assert_eq!(stand.post("/journal/wait", &json!({"kind": kind})).await.good(), came);
}

#[tokio::test]
async fn a_request_that_never_comes_is_told_when_time_is_up() {
    let stand = Stand::new().await;
    let kind = json!({"server": "portal", "path": "/v1/apis"});
    let answer = stand.post("/journal/wait", &json!({"kind": kind, "timeout": "20ms"})).await;
    assert_snapshot!(answer.text(), @r#"504 {"error":{"code":"never-came","message":"no such request came within 20ms; 0 others did since then"}}"#);
    let answer = stand.post("/journal/wait", &json!({"kind": kind, "timeout": "61s"})).await;
    assert_snapshot!(answer.text(), @r#"422 {"error":{"code":"unprocessable","message":"`timeout` is `60s` at most; ask again to wait longer"}}"#);
    stand.sync().await.unwrap();
    let answer = stand.post("/journal/wait", &json!({"kind": kind, "since": 5, "timeout": "20ms"})).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (504, "never-came"));
}

#[tokio::test]
async fn a_stream_tells_what_has_passed_and_then_what_passes() {
    let stand = Stand::new().await;
    stand.sync().await.unwrap();
    let mut stream = stand.request(Method::GET, "/journal/stream?path=/v1/apis").send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "application/x-ndjson");
    let mut seen = String::new();
    read_lines(&mut stream, &mut seen, 1).await;
    stand.sync().await.unwrap();
    read_lines(&mut stream, &mut seen, 2).await;
    let paths: Vec<Value> =
        seen.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["path"].clone()).collect();
    assert_eq!(paths, ["/v1/apis", "/v1/apis"]);
}

#[tokio::test]
async fn a_stream_of_events_goes_on_where_it_broke_off() {
    let stand = Stand::new().await;
    stand.sync().await.unwrap();
    let stream = stand.request(Method::GET, "/journal/stream?limit=2").header("accept", "text/event-stream");
    let stream = stream.header("last-event-id", "3").send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let events = stream.text().await.unwrap();
    let ids: Vec<&str> = events.lines().filter_map(|line| line.strip_prefix("id: ")).collect();
    assert_eq!(ids, ["4", "5"]);
    let data = events.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(data).unwrap()["number"], 4);
}

#[tokio::test]
async fn a_cleared_journal_is_empty_and_its_numbers_go_on() {
    let stand = Stand::new().await;
    stand.sync().await.unwrap();
    assert_eq!(stand.delete("/journal").await.good()["mark"], 5);
    assert_eq!(stand.get("/journal").await.good(), json!({"exchanges": [], "mark": 5}));
    stand.sync().await.unwrap();
    assert_eq!(stand.get("/journal").await.good()["exchanges"][0]["number"], 6);
}

async fn read_lines(stream: &mut reqwest::Response, seen: &mut String, lines: usize) {
    while seen.lines().count() < lines || !seen.ends_with('\n') {
        seen.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
}
