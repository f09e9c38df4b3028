//! The CORS policy: a portal's UI calls from another origin, with a bearer token.

use axum::http::{Method, Request, header};
use insta::assert_snapshot;

use crate::stand::Stand;

fn preflight(path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(Method::OPTIONS)
        .uri(path)
        .header(header::ORIGIN, "http://ui.test")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization")
}

#[tokio::test]
async fn a_preflight_is_answered_before_external_auth() {
    let stand = Stand::with("{}").await;
    let answered = stand.send(preflight("/v1/apis")).await;
    assert_eq!(answered.header("access-control-allow-origin"), "*");
    assert_snapshot!(answered, @r"
    200 OK
    access-control-allow-methods: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS
    access-control-allow-headers: Authorization, Content-Type
    ");
    assert_eq!(stand.idp.asked(), 0);
}

#[tokio::test]
async fn options_without_a_preflight_s_headers_goes_through_external_auth() {
    let stand = Stand::with("{}").await;
    let request = Request::builder().method(Method::OPTIONS).uri("/v1/apis");
    assert_eq!(stand.send(request).await.status, 401);
}

#[tokio::test]
async fn every_answer_may_be_read_by_any_origin() {
    let stand = Stand::with("{}").await;
    let origin = |answered: crate::stand::Answered| answered.header("access-control-allow-origin").to_owned();
    assert_eq!(origin(stand.get("/v1/apis").await), "*");
    assert_eq!(origin(stand.get("/v1/nope").await), "*");
    assert_eq!(origin(stand.send(Request::get("/v1/apis")).await), "*");
}
