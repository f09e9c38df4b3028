//! Who is let through.

use http::Method;
use insta::assert_snapshot;
use understudy::{Scenario, Stage};

use crate::stand::Stand;

/// Every route that needs the token.
const CLOSED: [(&str, &str); 22] = [
    ("GET", "/"),
    ("GET", "/world"),
    ("PUT", "/world"),
    ("POST", "/world/changes"),
    ("GET", "/faults"),
    ("POST", "/faults"),
    ("DELETE", "/faults"),
    ("DELETE", "/faults/1"),
    ("GET", "/clock"),
    ("POST", "/clock"),
    ("POST", "/keys"),
    ("POST", "/tokens"),
    ("POST", "/restarts"),
    ("GET", "/journal"),
    ("DELETE", "/journal"),
    ("GET", "/journal/count"),
    ("POST", "/journal/wait"),
    ("GET", "/journal/stream"),
    ("POST", "/steps"),
    ("POST", "/verify"),
    ("POST", "/reset"),
    ("GET", "/nothing-here"),
];

#[tokio::test]
async fn every_route_of_the_api_but_two_needs_the_token() {
    let stand = Stand::new().await;
    for (method, path) in CLOSED {
        let answer =
            stand.raw(&format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{method} {path}: {answer}");
        assert!(answer.contains("www-authenticate: Bearer realm=\"understudy control\"\r\n"), "{answer}");
    }
    for path in ["/health", "/openapi.json"] {
        let answer = stand.raw(&format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
    }
}

#[tokio::test]
async fn the_list_of_closed_routes_is_the_documents() {
    let document = understudy::control::openapi();
    let mut closed: Vec<(String, String)> = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation["security"][0].as_object().is_none_or(|schemes| !schemes.is_empty()) {
                closed.push((method.to_uppercase(), path.replace("{id}", "1")));
            }
        }
    }
    let mut tested: Vec<_> = CLOSED[..21].iter().map(|(method, path)| (method.to_string(), path.to_string())).collect();
    closed.sort();
    tested.sort();
    assert_eq!(closed, tested);
}

#[tokio::test]
async fn who_has_no_token_is_told_where_it_is() {
    let stand = Stand::new().await;
    let url = format!("{}/world", stand.stage.control().unwrap().url());
    let response = stand.client.get(url).bearer_auth("wrong").send().await.unwrap();
    assert_snapshot!(response.text().await.unwrap(), @r#"{"error":{"code":"unauthorized","message":"this needs `Authorization: Bearer TOKEN`, with the token that `understudy up` prints beside this API's address (`control.token` with --output json), or that UNDERSTUDY_CONTROL_TOKEN gave it"}}"#);
}

#[tokio::test]
async fn a_token_is_another_at_each_start_unless_one_is_given() {
    let (one, other) = (Stand::new().await, Stand::new().await);
    assert_ne!(one.token(), other.token());
    let scenario = Scenario::find("quickstart").unwrap();
    let stage = Stage::builder(scenario).control_port(0).control_token("mine".into()).start().await.unwrap();
    assert_eq!(stage.control().unwrap().token().expose(), "mine");
    assert!(!format!("{stage:?}").contains("mine"));
}

#[tokio::test]
async fn a_name_that_was_pointed_here_is_turned_away_even_with_the_token() {
    let stand = Stand::new().await;
    let token = stand.token();
    for hosts in [
        "host: evil.example\r\n",
        "host: localhost.evil.example:31070\r\n",
        "",
        "host: localhost\r\nhost: evil.example\r\n",
    ] {
        let answer = stand
            .raw(&format!("GET /world HTTP/1.1\r\n{hosts}authorization: Bearer {token}\r\nconnection: close\r\n\r\n"))
            .await;
        assert!(answer.starts_with("HTTP/1.1 421 "), "{hosts:?}: {answer}");
    }
    let answer = stand.raw(&format!(
        "GET http://evil.example/world HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    )).await;
    assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
    for host in ["localhost", "LocalHost:1", "127.0.0.1:31070", "[::1]:31070"] {
        let answer = stand
            .raw(&format!(
                "GET /world HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
            ))
            .await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{host}: {answer}");
    }
}

#[tokio::test]
async fn the_public_name_is_this_servers_too() {
    let scenario = Scenario::find("quickstart").unwrap();
    let stage = Stage::builder(scenario).control_port(0).public_host("understudy.internal").start().await.unwrap();
    let control = stage.control().unwrap();
    assert!(control.url().starts_with("http://understudy.internal:"));
    let url = format!("http://{}/health", control.addresses()[0]);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let status = |host: &'static str| {
        let request = client.get(&url).header("host", host);
        async move { request.send().await.unwrap().status() }
    };
    assert_eq!(status("understudy.internal").await, 200);
    assert_eq!(status("understudy.internal.evil.example").await, 421);
}

#[tokio::test]
async fn a_web_page_of_another_site_is_turned_away_even_with_the_token() {
    let stand = Stand::new().await;
    let own = stand.stage.control().unwrap().url().to_owned();
    for (origin, status) in [
        ("https://evil.example", 403),
        ("null", 403),
        ("http://localhost:1", 403),
        ("http://localhost", 403),
        (&own.replace("http:", "https:"), 403),
        (&own, 200),
    ] {
        for path in ["/health", "/world"] {
            let response = stand.request(Method::GET, path).header("origin", origin).send().await.unwrap();
            assert_eq!(response.status(), status, "{origin} {path}");
            assert!(response.headers().keys().all(|name| !name.as_str().starts_with("access-control-")));
        }
    }
    let preflight = stand.request(Method::OPTIONS, "/world").header("origin", "https://evil.example");
    let preflight = preflight.header("access-control-request-method", "PUT").send().await.unwrap();
    assert_eq!(preflight.status(), 403);
}

#[tokio::test]
async fn a_form_that_a_page_can_send_without_asking_is_no_body() {
    let stand = Stand::new().await;
    for form in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=a"] {
        let request = stand.request(Method::POST, "/clock").header("content-type", form).body("advance: 1h");
        assert_eq!(request.send().await.unwrap().status(), 415, "{form}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_in_the_same_form() {
    let stand = Stand::new().await;
    assert_snapshot!(stand.get("/nothing").await.text(), @r#"404 {"error":{"code":"not-found","message":"there is nothing at this path; GET / lists what there is"}}"#);
    assert_snapshot!(stand.delete("/world").await.text(), @r#"405 {"error":{"code":"method-not-allowed","message":"there is something at this path, but not for this method; `Allow` names those that it has"}}"#);
    assert_snapshot!(stand.get("/journal?sicne=1").await.text(), @r#"400 {"error":{"code":"invalid-query","message":"the query has a key or a value that is not taken here: `since` and `limit` are numbers, `server` is `portal` or `idp`, `method` is a method, and `path` is a path with `*` and `**`"}}"#);
}

#[tokio::test]
async fn a_stage_has_no_control_api_unless_it_is_asked_for() {
    let stage = Stage::start(Scenario::find("quickstart").unwrap()).await.unwrap();
    assert!(stage.control().is_none());
}

#[tokio::test]
async fn a_dropped_stage_ends_its_control_api_and_the_streams_of_it() {
    let stand = Stand::new().await;
    stand.sync().await.unwrap();
    let mut stream = stand.request(Method::GET, "/journal/stream").send().await.unwrap();
    stream.chunk().await.unwrap().unwrap();
    drop(stand);
    while let Ok(Some(_)) = stream.chunk().await {}
}
