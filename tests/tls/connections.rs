//! Faults on connections that speak TLS, by either protocol: what a client sees is an error, and no answer.

use std::time::Duration;

use understudy::Stage;

use crate::client::{Connection, connect, fault, stage, token};

const SPOKEN: [&str; 2] = ["http/1.1", "h2"];

/// What the errors under an error say.
fn told(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        words = format!("{words}: {error}");
        source = error.source();
    }
    words
}

async fn whole(stage: &Stage, token: &str) -> Vec<u8> {
    let (mut connection, _) = Connection::open(stage, "http/1.1").await;
    connection.get(stage, "/v1/apis", token).await.unwrap().1.to_vec()
}

#[tokio::test]
async fn many_requests_are_answered_on_one_connection() {
    let stage = stage("quickstart").await;
    let token = token(&stage).await;
    let whole = whole(&stage, &token).await;
    for spoken in SPOKEN {
        let (mut connection, _) = Connection::open(&stage, spoken).await;
        for _ in 0..10 {
            let (status, body, end) = connection.get(&stage, "/v1/apis", &token).await.unwrap();
            assert_eq!((status.as_u16(), &body[..], end.is_ok()), (200, &whole[..], true), "{spoken}");
        }
    }
}

#[tokio::test]
async fn a_reset_breaks_the_connection_with_a_tcp_rst() {
    let stage = stage("quickstart").await;
    let token = token(&stage).await;
    let _fault = stage.fault(fault("{server: portal, path: /v1/apis, does: reset}")).unwrap();
    for spoken in SPOKEN {
        let (mut connection, ended) = Connection::open(&stage, spoken).await;
        let error = connection.get(&stage, "/v1/apis", &token).await.unwrap_err();
        let end = ended.await.unwrap().map_err(|error| told(&error));
        let told = format!("{} {end:?}", told(&error));
        assert!(told.to_lowercase().contains("connection reset"), "{spoken}: {told}");
    }
}

#[tokio::test]
async fn a_close_ends_the_connection_without_an_answer_and_without_a_reset() {
    let stage = stage("quickstart").await;
    let token = token(&stage).await;
    let _fault = stage.fault(fault("{server: portal, path: /v1/apis, does: close}")).unwrap();
    for spoken in SPOKEN {
        for _ in 0..10 {
            let (mut connection, ended) = Connection::open(&stage, spoken).await;
            let error = connection.get(&stage, "/v1/apis", &token).await.unwrap_err();
            let end = ended.await.unwrap().map_err(|error| told(&error));
            let told = format!("{} {end:?}", told(&error));
            assert!(!told.contains("reset"), "{spoken}: {told}");
        }
    }
    assert_eq!(stage.journal().exchanges().last().unwrap().status, None);
}

#[tokio::test]
async fn what_is_under_way_on_the_same_connection_ends_with_it() {
    let stage = stage("quickstart").await;
    let token = token(&stage).await;
    let _slow = stage.fault(fault("{server: portal, path: /v1/apis, does: {latency: {by: 1h}}}")).unwrap();
    let (connection, ended) = Connection::open(&stage, "h2").await;
    let Connection::Http2(sender) = connection else { unreachable!() };
    let ask = |path: &'static str| {
        let (mut connection, stage, token) = (Connection::Http2(sender.clone()), &stage, &token);
        async move { connection.get(stage, path, token).await }
    };
    let _fault = stage.fault(fault("{server: portal, path: /v1/apis/*/schema, does: reset}")).unwrap();
    let held = ask("/v1/apis");
    let broken = async {
        while stage.faults().active()[0].played() == 0 {
            tokio::task::yield_now().await;
        }
        ask("/v1/apis/petstore-v1/schema").await
    };
    let (held, broken) = tokio::time::timeout(Duration::from_secs(30), async { tokio::join!(held, broken) })
        .await
        .expect("both end at once");
    assert!(held.is_err() && broken.is_err());
    assert!(ended.await.unwrap().is_err());
    // Both were taken down, without an answer.
    assert!(stage.journal().exchanges().iter().rev().take(2).all(|exchange| exchange.status.is_none()));
}

#[tokio::test]
async fn a_body_that_is_cut_off_has_the_bytes_that_were_said_and_an_error_after_them() {
    let stage = stage("quickstart").await;
    let token = token(&stage).await;
    let whole = whole(&stage, &token).await;
    for after in [0, 1, 100] {
        let cut = format!("{{server: portal, path: /v1/apis, does: {{truncate: {{after: {after}}}}}}}");
        let _fault = stage.fault(fault(&cut)).unwrap();
        for spoken in SPOKEN {
            let (mut connection, _) = Connection::open(&stage, spoken).await;
            let (status, body, end) = connection.get(&stage, "/v1/apis", &token).await.unwrap();
            assert_eq!((status.as_u16(), &body[..]), (200, &whole[..after]), "{spoken}, {after}");
            assert!(end.is_err(), "{spoken}, {after}");
        }
    }
}

#[tokio::test]
async fn bodies_that_are_cut_off_side_by_side_on_one_connection_all_end() {
    let stage = stage("quickstart").await;
    let token = token(&stage).await;
    let _pad = stage.fault(fault("{server: portal, path: /v1/apis/*/schema, does: {pad: {bytes: 300000}}}")).unwrap();
    let _cut =
        stage.fault(fault("{server: portal, path: /v1/apis/*/schema, does: {truncate: {after: 200000}}}")).unwrap();
    let (connection, _) = Connection::open(&stage, "h2").await;
    let Connection::Http2(sender) = connection else { unreachable!() };
    let asked = (0..8).map(|_| {
        let (mut connection, stage, token) = (Connection::Http2(sender.clone()), &stage, &token);
        async move { connection.get(stage, "/v1/apis/petstore-v1/schema", token).await }
    });
    let all = futures_util::future::join_all(asked);
    for answer in tokio::time::timeout(Duration::from_secs(30), all).await.expect("all end") {
        let (status, body, end) = answer.unwrap();
        assert_eq!((status.as_u16(), body.len(), end.is_err()), (200, 200_000, true));
    }
}

#[tokio::test]
async fn answers_are_put_in_place_and_edited_on_either_protocol() {
    let stage = stage("quickstart").await;
    let token = token(&stage).await;
    let whole = whole(&stage, &token).await;
    for (does, status, body) in [
        ("{status: 503}", 503, None),
        ("html", 200, Some(&b"<"[..])),
        ("empty-body", 200, Some(b"")),
        ("{content-type: text/plain}", 200, Some(&whole[..])),
        ("{slow-body: {bytes: 100, every: 1ms}}", 200, Some(&whole[..])),
        ("{latency: {by: 1ms}}", 200, Some(&whole[..])),
        ("null-in-list", 200, Some(b"[null,")),
        ("{items: none}", 200, Some(b"[]")),
        ("{redirect: {}}", 302, Some(b"")),
        ("{rate-limit: {requests: 0, per: minute}}", 429, None),
    ] {
        let _fault = stage.fault(fault(&format!("{{server: portal, path: /v1/apis, does: {does}}}"))).unwrap();
        for spoken in SPOKEN {
            let (mut connection, _) = Connection::open(&stage, spoken).await;
            let (got, read, end) = connection.get(&stage, "/v1/apis", &token).await.unwrap();
            assert_eq!((got.as_u16(), end.is_ok()), (status, true), "{spoken}, {does}");
            assert!(body.is_none_or(|body| read.starts_with(body)), "{spoken}, {does}: {read:?}");
        }
    }
}

#[tokio::test]
async fn refusing_closes_connections_that_speak_tls() {
    let stage = stage("quickstart").await;
    let token = token(&stage).await;
    for spoken in SPOKEN {
        let (mut connection, ended) = Connection::open(&stage, spoken).await;
        assert_eq!(connection.get(&stage, "/v1/apis", &token).await.unwrap().0, 200);
        let refuse = stage.fault(fault("{server: portal, does: refuse}")).unwrap();
        ended.await.unwrap().ok();
        let error = connect(&stage, &[spoken]).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
        drop(refuse);
        connect(&stage, &[spoken]).await.unwrap();
    }
}
