//! Answers that come packed: asked for, unpacked within the size limit, and told when they are not as they are labelled.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use insta::assert_snapshot;
use understudy_provider::Provider;

use crate::support::{Canned, Reply, json, retries};

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn labelled(encoding: &str, body: Vec<u8>) -> Reply {
    Reply::Bytes { headers: vec![("content-encoding", encoding.to_owned())], body }
}

#[tokio::test]
async fn packed_answers_are_asked_for_and_read() {
    let list = r#"[{"apiId": "a-v1", "apiProductId": "a", "openapiSpec": {"x": 1}}]"#;
    let server = Canned::new().on("GET /v1/apis", labelled("gzip", packed(list))).start().await;
    assert_snapshot!(server.apis().await, @r#"a-v1 ["gloo-platform"] {"x":1}"#);
    assert_eq!(server.asked()[1].accept_encoding.as_deref(), Some("gzip"));
}

#[tokio::test]
async fn a_packed_token_is_read_too() {
    let token = packed(&crate::support::token_answer("t"));
    Canned::new().mesh("[]").on("POST /token", labelled("gzip", token)).start().await.sync().await.unwrap();
}

#[tokio::test]
async fn the_size_limit_is_for_what_is_unpacked() {
    let server = Canned::new().on("GET /v1/apis", labelled("gzip", packed(&" ".repeat(10_000_000)))).start().await;
    let mut config = server.config();
    config.body_limit = 1_000_000;
    assert_snapshot!(server.failure_with(config).await, @"Invalid: http://127.0.0.1:PORT/v1/apis answered more than 1000000 bytes, which is the limit");
}

#[tokio::test]
async fn what_is_not_as_it_is_labelled_is_told() {
    let server = Canned::new().on("GET /v1/apis", labelled("gzip", b"[]".to_vec())).start().await;
    assert_snapshot!(server.failure().await, @"Invalid: http://127.0.0.1:PORT/v1/apis answered a body that can't be unpacked: Content-Encoding is gzip, but the body is not. Look at what is before the portal: a gateway, a proxy");
    let server = Canned::new().on("GET /v1/apis", labelled("br", b"[]".to_vec())).start().await;
    assert_snapshot!(server.failure().await, @"Invalid: http://127.0.0.1:PORT/v1/apis answered a body that can't be unpacked: Content-Encoding is `br`, though only gzip was asked for. Look at what is before the portal: a gateway, a proxy");
    let server = Canned::new().on("POST /token", labelled("gzip", b"{}".to_vec())).start().await;
    assert_snapshot!(server.failure().await, @"Invalid: http://127.0.0.1:PORT/token gave no token: its answer can't be unpacked: Content-Encoding is gzip, but the body is not");
}

#[tokio::test]
async fn half_of_what_is_packed_is_asked_for_again() {
    let whole = packed("[]");
    let half = labelled("gzip", whole[..whole.len() / 2].to_vec());
    let server = Canned::new().on("GET /v1/apis", half).then("GET /v1/apis", json("[]")).start().await;
    let mut config = server.config();
    config.retries = retries(1);
    Provider::new(config).unwrap().sync().await.unwrap();
    assert_eq!(server.count("GET /v1/apis"), 2);
}
