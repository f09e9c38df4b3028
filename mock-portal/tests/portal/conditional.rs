//! `ETag` and `If-None-Match`.

use axum::http::{Request, header};

use crate::stand::{Stand, world};

const PORTAL: &str = "{products: [{id: petstore, versions: [{name: v1}]}]}";

#[tokio::test]
async fn a_caller_that_has_an_answer_already_is_told_so() {
    let stand = Stand::with(PORTAL).await;
    for path in ["/v1/apis", "/v1/apis/petstore-v1/schema", "/v1/usage-plans"] {
        let first = stand.get(path).await;
        let request = Request::get(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", stand.token()))
            .header(header::IF_NONE_MATCH, first.header("etag"));
        let second = stand.send(request).await;
        assert_eq!(second.header("etag"), first.header("etag"));
        assert_eq!(second.header("content-length"), "", "a 304's length would be taken for the 200's");
        assert_eq!(second.note.outcome.as_deref(), Some("not modified"));
        assert_eq!(second.to_string(), "304 Not Modified\n\n");
    }
}

#[tokio::test]
async fn who_has_an_answer_already_must_still_be_let_in() {
    let stand = Stand::with(PORTAL).await;
    let request = Request::get("/v1/apis").header(header::IF_NONE_MATCH, "*");
    assert_eq!(stand.send(request).await.status, 401);
}

#[tokio::test]
async fn a_change_of_the_world_gives_another_answer_with_another_tag() {
    let stand = Stand::with(PORTAL).await;
    let before = stand.get("/v1/apis").await;
    stand.live.replace(world("{products: [{id: tracks, versions: [{name: v1}]}]}"));
    let request = Request::get("/v1/apis")
        .header(header::AUTHORIZATION, format!("Bearer {}", stand.token()))
        .header(header::IF_NONE_MATCH, before.header("etag"));
    let after = stand.send(request).await;
    assert_eq!(after.status, 200);
    assert_ne!(after.header("etag"), before.header("etag"));
    assert!(after.body.contains("tracks-v1"));
}

#[tokio::test]
async fn a_change_that_changes_nothing_here_keeps_the_tag() {
    let stand = Stand::with(PORTAL).await;
    let before = stand.get("/v1/apis").await;
    stand.live.edit(Clone::clone);
    assert_eq!(stand.get("/v1/apis").await.header("etag"), before.header("etag"));
}

#[tokio::test]
async fn a_304_to_head_tells_no_length_either() {
    for portal_url in ["http://portal.test", "http://portal.test/gloo"] {
        let stand = Stand::of(world(PORTAL), portal_url).await;
        let request = Request::head(format!("{}/v1/apis", stand.endpoints.portal_path()))
            .header(header::AUTHORIZATION, format!("Bearer {}", stand.token()))
            .header(header::IF_NONE_MATCH, "*");
        let answered = stand.send(request).await;
        assert_eq!((answered.status.as_u16(), answered.header("content-length")), (304, ""), "{portal_url}");
    }
}

#[tokio::test]
async fn over_a_socket_a_304_has_neither_body_nor_length() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let stand = Stand::with(PORTAL).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut socket = tokio::net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let portal = stand.portal.clone();
    tokio::spawn(async { axum::serve(listener, portal).await });
    let request = format!(
        "GET /v1/apis HTTP/1.1\r\nhost: portal\r\nauthorization: Bearer {}\r\nif-none-match: *\r\nconnection: close\r\n\r\n",
        stand.token()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 304 "), "{answer}");
    assert!(answer.ends_with("\r\n\r\n") && !answer.contains("content-length"), "{answer}");
    assert!(!answer.contains("transfer-encoding"), "{answer}");
}
