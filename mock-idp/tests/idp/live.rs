//! A world that changes while it is served.

use crate::app::{App, KEYCLOAK, OKTA, world};

#[tokio::test]
async fn a_client_that_is_added_gets_a_token() {
    let app = App::with("{clients: [{id: other, secret: other-secret}]}");
    assert_eq!(app.client_credentials(OKTA, "").await.refusal(), "unknown client");
    app.world.replace(world("{}"));
    assert_eq!(app.client_credentials(OKTA, "").await.status, 200);
}

#[tokio::test]
async fn a_secret_that_is_changed_makes_the_old_one_wrong() {
    let app = App::new();
    assert_eq!(app.client_credentials(KEYCLOAK, "").await.status, 200);
    app.world.replace(world("{clients: [{id: backstage, secret: rotated}]}"));
    assert_eq!(app.client_credentials(KEYCLOAK, "").await.refusal(), "wrong client secret");
}

#[tokio::test]
async fn an_issuer_that_is_added_answers_and_one_that_is_gone_does_not() {
    let app = App::with("{issuers: [{face: keycloak}]}");
    let added = "/realms/added/.well-known/openid-configuration";
    assert_eq!(app.get(added).send().await.status, 404);
    app.world.replace(world("{issuers: [{face: keycloak, realm: added}]}"));
    assert_eq!(app.get(added).send().await.member("issuer"), "http://idp.test/realms/added");
    assert_eq!(app.get("/realms/gloo").send().await.status, 404);
}

#[tokio::test]
async fn an_issuer_whose_path_is_changed_moves() {
    let app = App::with("{issuers: [{face: okta}]}");
    app.world.replace(world("{issuers: [{face: okta, path: /sso/default}]}"));
    let moved = app.get("/sso/default/.well-known/openid-configuration").send().await;
    assert_eq!(moved.member("token_endpoint"), "http://idp.test/sso/default/v1/token");
    assert_eq!(app.client_credentials("/sso/default/v1/token", "").await.status, 200);
    assert_eq!(app.client_credentials(OKTA, "").await.status, 404);
}
