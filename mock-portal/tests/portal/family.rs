//! Only the family that the world names answers, and each path has only the methods that it has.

use axum::http::{Method, Request, header};
use insta::assert_snapshot;

use crate::stand::Stand;

const MESH: [&str; 3] = ["/v1/apis", "/v1/apis/petstore-v1/schema", "/v1/usage-plans"];
const GATEWAY: [&str; 3] = ["/v1/api-products", "/v1/api-products/petstore", "/v1/api-products/petstore/versions"];
const PRODUCTS: &str = "products: [{id: petstore, versions: [{name: v1}]}]";

#[tokio::test]
async fn a_mesh_portal_knows_no_path_of_the_other_family() {
    let stand = Stand::with(&format!("{{{PRODUCTS}}}")).await;
    for path in GATEWAY {
        assert_eq!(stand.get(path).await.status, 404, "{path}");
    }
    assert_snapshot!(stand.get("/v1/api-products").await, @r#"
    404 Not Found
    content-type: text/plain; charset=utf-8
    x-content-type-options: nosniff

    404 page not found
    "#);
}

#[tokio::test]
async fn a_gateway_portal_knows_no_path_of_the_other_family() {
    let stand = Stand::with(&format!("{{family: gloo-gateway, {PRODUCTS}}}")).await;
    for path in MESH {
        assert_eq!(stand.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_family_follows_the_world() {
    let stand = Stand::with(&format!("{{{PRODUCTS}}}")).await;
    assert_eq!(stand.get("/v1/apis").await.status, 200);
    stand.live.replace(crate::stand::world(&format!("{{family: gloo-gateway, {PRODUCTS}}}")));
    assert_eq!(stand.get("/v1/apis").await.status, 404);
    assert_eq!(stand.get("/v1/api-products").await.status, 200);
}

#[tokio::test]
async fn a_path_that_nobody_knows_is_not_found() {
    let stand = Stand::with("{}").await;
    for path in ["/v1", "/v1/", "/v1/nope", "/v1/apis/", "/v1/apis/x", "/v1//apis", "/v12", "/apis", "/", "/V1/apis"] {
        let answered = stand.get(path).await;
        assert_eq!((answered.status.as_u16(), answered.note.route), (404, None), "{path}");
        assert_eq!(answered.body, "404 page not found\n");
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_told_which_it_has() {
    let stand = Stand::with("{}").await;
    let authorization = format!("Bearer {}", stand.token());
    let request = Request::post("/v1/apis").header(header::AUTHORIZATION, authorization);
    assert_snapshot!(stand.send(request).await, @r#"
    405 Method Not Allowed
    content-type: application/json
    allow: GET,HEAD

    {
      "message": "Method not allowed"
    }
    "#);
}

#[tokio::test]
async fn a_wrong_method_on_the_other_family_s_path_is_not_found() {
    let stand = Stand::with("{}").await;
    let authorization = format!("Bearer {}", stand.token());
    let request = Request::post("/v1/api-products").header(header::AUTHORIZATION, authorization);
    let answered = stand.send(request).await;
    assert_eq!((answered.status.as_u16(), answered.header("allow")), (404, ""));
}

#[tokio::test]
async fn head_answers_as_get_without_the_body() {
    let stand = Stand::with(&format!("{{{PRODUCTS}}}")).await;
    let get = stand.get("/v1/apis").await;
    let authorization = format!("Bearer {}", stand.token());
    let request = Request::builder().method(Method::HEAD).uri("/v1/apis").header(header::AUTHORIZATION, authorization);
    let head = stand.send(request).await;
    assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    assert_eq!(head.header("etag"), get.header("etag"));
    assert_eq!(head.note, get.note);
}
