//! Keycloak's discovery and realm page, and its words where nothing is.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::Method;
use insta::assert_snapshot;

use crate::app::{App, alike};

const DISCOVERY: &str = "/realms/gloo/.well-known/openid-configuration";

#[tokio::test]
async fn a_realms_discovery_lists_keycloaks_members_in_keycloaks_order() {
    let answer = App::new().get(DISCOVERY).send().await;
    assert_eq!(answer.status, 200);
    assert_snapshot!("keycloak_discovery", answer.pretty());
    assert_eq!(answer.note.route, Some("GET /realms/{realm}/.well-known/openid-configuration"));
}

#[tokio::test]
async fn a_realms_own_scopes_come_after_those_that_every_realm_has() {
    let app = App::with("{issuers: [{face: keycloak, scopes: [email, read], defaultScopes: [read]}]}");
    let scopes = app.get(DISCOVERY).send().await.json()["scopes_supported"].clone();
    let scopes: Vec<_> = scopes.as_array().unwrap().iter().map(|scope| scope.as_str().unwrap()).collect();
    assert_eq!(scopes.iter().filter(|scope| **scope == "email").count(), 1);
    assert_eq!(scopes.last(), Some(&"read"));
}

#[tokio::test]
async fn the_same_document_is_served_under_rfc_8414s_name() {
    let app = App::new();
    let document = app.get(DISCOVERY).send().await.text;
    assert_eq!(app.get("/realms/gloo/.well-known/oauth-authorization-server").send().await.text, document);
}

#[tokio::test]
async fn discovery_is_not_kept_and_may_be_read_from_any_origin() {
    let answer = App::new().get(DISCOVERY).header("origin", "http://localhost:3000").send().await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-cache, must-revalidate, no-transform, no-store");
    assert_eq!(answer.header("access-control-allow-origin"), "http://localhost:3000");
}

#[tokio::test]
async fn the_realms_page_has_its_public_key() {
    let app = App::new();
    let answer = app.get("/realms/gloo").send().await;
    let members = ["realm", "public_key", "token-service", "account-service", "tokens-not-before"];
    assert_eq!(answer.members(), members);
    assert_eq!(answer.member("token-service"), "http://idp.test/realms/gloo/protocol/openid-connect");
    let keys = app.get("/realms/gloo/protocol/openid-connect/certs").send().await.json()["keys"].clone();
    let signing = keys.as_array().unwrap().iter().find(|key| key["use"] == "sig").unwrap();
    let decode = |text: &str| BASE64_STANDARD.decode(text).unwrap();
    let (certificate, key) = (decode(signing["x5c"][0].as_str().unwrap()), decode(&answer.member("public_key")));
    assert!(certificate.windows(key.len()).any(|part| part == key), "the signing certificate holds the key");
}

#[tokio::test]
async fn a_realm_that_is_not_there_does_not_exist() {
    let app = App::new();
    let paths = ["/realms/nope", "/realms/nope/protocol/openid-connect/certs", "/realms/glooo"];
    assert_snapshot!(alike(app.gets(&paths).await), @r#"
    404 Not Found
    {"error":"Realm does not exist"}
    "#);
}

#[tokio::test]
async fn a_path_that_is_not_there_matches_nothing() {
    let app = App::new();
    let paths = ["/auth/realms/gloo/.well-known/openid-configuration", "/realms"];
    assert_snapshot!(alike(app.gets(&paths).await), @r#"
    404 Not Found
    {"error":"Unable to find matching target resource method"}
    "#);
}

#[tokio::test]
async fn a_realm_says_of_a_path_of_its_own_that_it_is_not_found() {
    let app = App::new();
    let paths = ["/realms/gloo/nope", "/realms/gloo/protocol/openid-connect/nope"];
    let [one, other] = app.gets(&paths).await.try_into().ok().unwrap();
    // Discovery is found by path and method together.
    let posted = app.post(DISCOVERY).send().await;
    assert_eq!(one.header("x-frame-options"), "SAMEORIGIN");
    assert_snapshot!(alike([one, other, posted]), @r#"
    404 Not Found
    {"error":"HTTP 404 Not Found"}
    "#);
}

#[tokio::test]
async fn another_method_is_refused() {
    let answer = App::new().ask(Method::PUT, "/realms/gloo/protocol/openid-connect/certs").send().await;
    assert_snapshot!(answer, @r#"
    405 Method Not Allowed
    {"error":"HTTP 405 Method Not Allowed"}
    "#);
}

#[tokio::test]
async fn an_endpoint_that_discovery_lists_and_the_mock_lacks_says_so() {
    let answer = App::new().get("/realms/gloo/protocol/openid-connect/userinfo").send().await;
    assert_snapshot!(answer, @r#"
    404 Not Found
    {"error":"Unable to find matching target resource method","error_description":"this mock does not serve userinfo yet"}
    "#);
}

#[tokio::test]
async fn the_administration_api_says_that_the_mock_lacks_it() {
    let answer = App::new().get("/admin/realms/gloo/clients?clientId=backstage").send().await;
    assert_eq!((answer.status.as_u16(), answer.refusal()), (404, "this mock does not serve admin yet"));
}

#[tokio::test]
async fn every_endpoint_that_discovery_lists_is_known() {
    let app = App::new();
    let document = app.get(DISCOVERY).send().await.json();
    let top = document.as_object().unwrap();
    let aliases = top["mtls_endpoint_aliases"].as_object().unwrap();
    for (name, url) in top.iter().chain(aliases) {
        let Some(path) = url.as_str().and_then(|url| url.strip_prefix("http://idp.test")) else { continue };
        let answer = app.get(path).send().await;
        assert!(answer.status == 200 || answer.status == 405 || answer.refusal().contains("yet"), "{name}: {answer}");
    }
}
