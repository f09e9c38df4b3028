//! Okta's discovery, and its words where nothing is.

use http::Method;
use insta::assert_snapshot;

use crate::app::{App, alike};

const DISCOVERY: &str = "/oauth2/default/.well-known/openid-configuration";

#[tokio::test]
async fn a_custom_servers_discovery_lists_oktas_members_in_oktas_order() {
    let answer = App::new().get(DISCOVERY).send().await;
    assert_eq!(answer.status, 200);
    assert_snapshot!("okta_custom_discovery", answer.pretty());
    assert_eq!(answer.note.route, Some("GET /oauth2/{server}/.well-known/openid-configuration"));
}

#[tokio::test]
async fn the_orgs_own_server_has_its_endpoints_under_oauth2_v1() {
    let answer = App::new().get("/.well-known/openid-configuration").send().await;
    assert_eq!(answer.member("issuer"), "http://idp.test");
    assert_eq!(answer.member("token_endpoint"), "http://idp.test/oauth2/v1/token");
    assert_eq!(answer.member("jwks_uri"), "http://idp.test/oauth2/v1/keys");
    assert_eq!(answer.member("registration_endpoint"), "http://idp.test/oauth2/v1/clients");
}

#[tokio::test]
async fn the_document_is_served_under_all_its_names() {
    let app = App::new();
    let document = app.get(DISCOVERY).send().await.text;
    for path in [
        "/oauth2/default/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/oauth2/default",
    ] {
        assert_eq!(app.get(path).send().await.text, document);
    }
}

#[tokio::test]
async fn discovery_may_be_kept_for_a_day_and_read_from_any_origin() {
    let answer = App::new().get(DISCOVERY).header("origin", "http://localhost:3000").send().await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "max-age=86400, must-revalidate");
    assert_eq!(answer.header("expires"), "Wed, 25 Nov 2026 12:00:00 GMT");
    assert_eq!(answer.header("vary"), "Origin");
    assert_eq!(answer.header("access-control-allow-origin"), "http://localhost:3000");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-okta-request-id").len(), 32);
}

#[tokio::test]
async fn discovery_for_a_client_is_refused_where_the_client_is_unknown() {
    let app = App::new();
    assert_eq!(app.get(&format!("{DISCOVERY}?client_id=backstage")).send().await.status, 200);
    let answer = app.get(&format!("{DISCOVERY}?client_id=nobody")).send().await;
    assert_snapshot!(answer, @r#"
    400 Bad Request
    {"errorCode":"invalid_client","errorSummary":"Invalid value for 'client_id' parameter.","errorLink":"invalid_client","errorId":"oae…","errorCauses":[]}
    "#);
    assert_eq!(answer.note.caller.as_deref(), Some("nobody"));
}

#[tokio::test]
async fn another_method_is_refused() {
    let answer = App::new().ask(Method::DELETE, DISCOVERY).send().await;
    assert_snapshot!(answer, @r#"
    405 Method Not Allowed
    {"errorCode":"E0000022","errorSummary":"The endpoint does not support the provided HTTP method","errorLink":"E0000022","errorId":"oae…","errorCauses":[]}
    "#);
    assert_eq!(answer.header("allow"), "GET");
}

#[tokio::test]
async fn an_authorization_server_that_is_not_there_is_not_found() {
    let app = App::new();
    let paths = ["/oauth2/nope/v1/keys", "/oauth2/nope/.well-known/openid-configuration"];
    assert_snapshot!(alike(app.gets(&paths).await), @r#"
    404 Not Found
    {"errorCode":"E0000007","errorSummary":"Not found: Resource not found: nope (AuthorizationServer)","errorLink":"E0000007","errorId":"oae…","errorCauses":[]}
    "#);
}

#[tokio::test]
async fn an_endpoint_that_discovery_lists_and_the_mock_lacks_says_so() {
    let answer = App::new().get("/oauth2/default/v1/userinfo").send().await;
    assert_snapshot!(answer, @r#"
    404 Not Found
    {"errorCode":"E0000008","errorSummary":"The requested path was not found","errorLink":"E0000008","errorId":"oae…","errorCauses":[{"errorSummary":"this mock does not serve userinfo yet"}]}
    "#);
    assert_eq!(answer.refusal(), "this mock does not serve userinfo yet");
}

#[tokio::test]
async fn the_management_api_says_that_the_mock_lacks_it() {
    let app = App::new();
    let refusals = app.gets(&["/api/v1/apps?q=portal", "/.well-known/okta-organization"]).await;
    let refusals: Vec<_> = refusals.iter().map(|answer| (answer.status.as_u16(), answer.refusal())).collect();
    let lacking = ["this mock does not serve api/v1 yet", "this mock does not serve okta-organization yet"];
    assert_eq!(refusals, lacking.map(|lacking| (404, lacking)));
}

#[tokio::test]
async fn every_endpoint_that_discovery_lists_is_known() {
    let app = App::new();
    for path in [DISCOVERY, "/.well-known/openid-configuration"] {
        let document = app.get(path).send().await.json();
        for (name, url) in document.as_object().unwrap() {
            if !(name.ends_with("_endpoint") || name.ends_with("_uri")) {
                continue;
            }
            let answer = app.get(url.as_str().unwrap().strip_prefix("http://idp.test").unwrap()).send().await;
            assert!(
                answer.status == 200 || answer.status == 405 || answer.refusal().contains("yet"),
                "{name}: {answer}"
            );
        }
    }
}
