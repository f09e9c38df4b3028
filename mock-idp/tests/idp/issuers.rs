//! Several issuers at once, and what they have in common: base URL and clock.

use understudy_scenarios::World;

use serde_json::Value;

use crate::app::{App, KEYCLOAK, OKTA, part};

#[tokio::test]
async fn two_faces_are_up_at_once_and_sign_with_their_own_keys() {
    let app = App::new();
    let okta = app.client_credentials(OKTA, "").await.member("access_token");
    let keycloak = app.client_credentials(KEYCLOAK, "").await.member("access_token");
    assert_eq!(app.verified("/oauth2/default/v1/keys", &okta).await["iss"], "http://idp.test/oauth2/default");
    let certs = "/realms/gloo/protocol/openid-connect/certs";
    assert_eq!(app.verified(certs, &keycloak).await["iss"], "http://idp.test/realms/gloo");
    assert_ne!(part(&okta, 0), part(&keycloak, 0));
}

#[tokio::test]
async fn two_servers_of_one_face_differ_in_issuer_and_audience() {
    let app = App::with("{issuers: [{face: okta}, {face: okta, name: b, server: b, audience: api://b}]}");
    let token = app.client_credentials("/oauth2/b/v1/token", "").await.member("access_token");
    let claims = app.verified("/oauth2/b/v1/keys", &token).await;
    assert_eq!((&claims["iss"], &claims["aud"]), (&"http://idp.test/oauth2/b".into(), &"api://b".into()));
}

#[tokio::test]
async fn the_issuer_comes_from_the_base_url_and_never_from_the_host_header() {
    let app = App::at("https://sso.example.com/idp", "{}");
    for path in ["/idp/realms/gloo", "/realms/gloo"] {
        let discovery = format!("{path}/.well-known/openid-configuration");
        let document = app.get(&discovery).header("host", "evil.test").send().await;
        assert_eq!(document.member("issuer"), "https://sso.example.com/idp/realms/gloo");
        assert!(!document.text.contains("evil"));
    }
}

#[tokio::test]
async fn discovery_and_the_world_name_the_same_endpoints() {
    let app = App::new();
    for issuer in &app.world.current().world.identity.issuers {
        let discovery = format!("{}/.well-known/openid-configuration", issuer.path);
        let document = app.get(&discovery).send().await;
        assert_eq!(document.member("issuer"), format!("http://idp.test{}", issuer.path));
        assert_eq!(document.member("token_endpoint"), format!("http://idp.test{}", issuer.token_path()));
        assert_eq!(document.member("jwks_uri"), format!("http://idp.test{}", issuer.jwks_path()));
    }
}

#[tokio::test]
async fn times_come_from_the_clock_in_whole_seconds() {
    let app = App::with("{issuers: [{face: okta, accessTokenLifetime: 90s}]}");
    let times = async || {
        let token = app.client_credentials(OKTA, "").await.member("access_token");
        let claims: Value = serde_json::from_str(&part(&token, 1)).unwrap();
        (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap())
    };
    assert_eq!(times().await, (1_795_521_600, 1_795_521_690));
    app.clock.advance(jiff::SignedDuration::from_secs(60));
    assert_eq!(times().await, (1_795_521_660, 1_795_521_750));
}

#[tokio::test]
async fn a_world_without_issuers_says_so() {
    let app = App::new();
    app.world.replace(World::default());
    let answer = app.get("/").send().await;
    assert_eq!((answer.status.as_u16(), answer.refusal()), (404, "this world has no issuers"));
}
