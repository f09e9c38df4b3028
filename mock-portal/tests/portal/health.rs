//! The health paths, and the base path under which a portal may be known.

use axum::http::Request;
use insta::assert_snapshot;

use crate::stand::{Stand, world};

#[tokio::test]
async fn health_is_told_to_anybody() {
    let stand = Stand::with("{}").await;
    for path in ["/health", "/healthz", "/readyz"] {
        let answered = stand.send(Request::get(path)).await;
        assert_eq!(answered.note.route.unwrap(), format!("GET {path}"));
        assert_eq!(answered.to_string(), "200 OK\ncontent-type: text/plain; charset=utf-8\n\nOK");
    }
}

#[tokio::test]
async fn health_is_asked_with_get() {
    let stand = Stand::with("{}").await;
    let answered = stand.send(Request::post("/readyz")).await;
    assert_snapshot!(answered, @r#"
    405 Method Not Allowed
    content-type: application/json
    allow: GET,HEAD

    {
      "message": "Method not allowed"
    }
    "#);
}

#[tokio::test]
async fn a_portal_with_a_base_path_answers_there_and_at_the_root() {
    let stand = Stand::of(world("{}"), "http://portal.test/gloo/portal/").await;
    for path in ["/gloo/portal/v1/apis?x=y", "/v1/apis"] {
        assert_eq!(stand.get(path).await.status, 200, "{path}");
    }
    assert_eq!(stand.send(Request::get("/gloo/portal/readyz")).await.status, 200);
    assert_eq!(stand.send(Request::get("/gloo/portal/v1/apis")).await.status, 401);
    assert_eq!(stand.get("/gloo/v1/apis").await.status, 404);
}

#[tokio::test]
async fn a_base_path_may_hold_any_characters() {
    for base in ["/:x", "/*", "/{x}", "/%7B%7D", "/a//b", "/v1"] {
        let stand = Stand::of(world("{}"), &format!("http://portal.test{base}")).await;
        let path = stand.endpoints.portal_path();
        assert_eq!(stand.get(&format!("{path}/v1/apis")).await.status, 200, "{base}");
    }
}
