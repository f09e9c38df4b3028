//! What is asked again after it failed in passing, how often, and when not.

use std::time::{Duration, Instant};

use insta::assert_snapshot;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use understudy_provider::{Config, Provider, ServerUrl};

use crate::support::{Canned, Reply, Server, json, retries, status};

fn repeating(server: &Server, count: u32) -> Config {
    let mut config = server.config();
    config.retries = retries(count);
    config
}

fn too_many(retry_after: &str) -> Reply {
    Reply::Answer { status: 429, headers: vec![("retry-after", retry_after.to_owned())], body: "slow down".to_owned() }
}

#[tokio::test]
async fn what_fails_in_passing_is_asked_again() {
    for code in [502, 503, 504, 429] {
        let server = Canned::new()
            .on("GET /v1/apis", status(code, ""))
            .then("GET /v1/apis", status(code, ""))
            .then("GET /v1/apis", json("[]"))
            .start()
            .await;
        Provider::new(repeating(&server, 2)).unwrap().sync().await.unwrap();
        assert_eq!(server.count("GET /v1/apis"), 3, "{code}");
    }
}

#[tokio::test]
async fn it_is_asked_again_as_often_as_is_configured_and_then_told() {
    let server = Canned::new().on("GET /v1/apis", status(503, "no healthy upstream")).start().await;
    let config = repeating(&server, 2);
    assert_snapshot!(server.failure_with(config).await, @r#"Invalid: http://127.0.0.1:PORT/v1/apis answered 503 Service Unavailable, "no healthy upstream". Look at the logs of the portal and of the gateway before it"#);
    assert_eq!(server.count("GET /v1/apis"), 3);
}

#[tokio::test]
async fn what_would_fail_again_is_asked_once() {
    for code in [400, 403, 404, 500, 501] {
        let server = Canned::new().on("GET /v1/apis", status(code, "")).start().await;
        Provider::new(repeating(&server, 2)).unwrap().sync().await.unwrap_err();
        assert_eq!(server.count("GET /v1/apis"), 1, "{code}");
    }
}

#[tokio::test]
async fn a_token_is_asked_for_again_too() {
    let answer = crate::support::token_answer("t");
    let server = Canned::new().mesh("[]").on("POST /token", status(503, "")).then("POST /token", json(&answer)).start();
    let server = server.await;
    Provider::new(repeating(&server, 1)).unwrap().sync().await.unwrap();
    assert_eq!(server.count("POST /token"), 2);
}

/// A portal whose first connection ends with these bytes, and whose others answer an empty list.
async fn breaking_once(first: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut answer = first;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer).await;
            answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n[]";
        }
    });
    base
}

#[tokio::test]
async fn a_broken_connection_and_half_a_body_are_asked_again() {
    let server = Canned::new().start().await;
    for first in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{"] {
        let mut config = repeating(&server, 1);
        config.portal = ServerUrl::as_is(&breaking_once(first).await).unwrap();
        Provider::new(config).unwrap().sync().await.unwrap();
    }
}

#[tokio::test]
async fn a_repetition_never_goes_beyond_the_time_limit() {
    let server = Canned::new().on("GET /v1/apis", status(503, "")).start().await;
    let mut config = repeating(&server, 2);
    config.retries.first_wait = Duration::from_secs(4);
    config.request_timeout = Duration::from_secs(1);
    let began = Instant::now();
    server.failure_with(config).await;
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(server.count("GET /v1/apis"), 1);
}

#[tokio::test]
async fn a_portal_that_asks_for_more_patience_than_a_sync_has_is_left_alone() {
    let server = Canned::new().on("GET /v1/apis", too_many("60")).start().await;
    let provider = Provider::new(repeating(&server, 2)).unwrap();
    let first = provider.sync().await.unwrap_err().to_string();
    assert_snapshot!(server.hide_port(&first), @r#"http://127.0.0.1:PORT/v1/apis answered 429 Too Many Requests, "slow down". Wait a minute and try again, or let fewer requests run at once"#);
    let second = provider.sync().await.unwrap_err().to_string();
    assert_snapshot!(server.hide_port(&second), @"http://127.0.0.1:PORT/v1/apis was not asked: the portal answered 429 Too Many Requests to http://127.0.0.1:PORT/v1/apis and is left alone for another 60 s. Let fewer requests run at once, or sync less often");
    assert_eq!(server.count("GET /v1/apis"), 1);
}

#[tokio::test]
async fn patience_is_for_all_requests_and_no_longer_than_is_configured() {
    let list = r#"[{"apiProductId": "a", "apiVersions": [{"apiId": "a-v1"}, {"apiId": "a-v2"}]}]"#;
    let server = Canned::new()
        .mesh(list)
        .on("GET /v1/apis/a-v1/schema", too_many("60"))
        .on("GET /v1/apis/a-v2/schema", json("{}"))
        .start()
        .await;
    let mut config = repeating(&server, 2);
    config.concurrency = std::num::NonZeroUsize::MIN;
    config.retries.longest_pause = Duration::from_millis(20);
    let began = Instant::now();
    let outcome = Provider::new(config).unwrap().sync().await.unwrap();
    // The second request comes once the pause is over that the first one caused.
    assert!(began.elapsed() >= Duration::from_millis(20) && !outcome.is_whole());
    assert_eq!(server.count("GET /v1/apis/a-v2/schema"), 1);
}
