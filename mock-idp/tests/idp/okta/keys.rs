//! Okta's JWKS, and the tokens' header that refers to it.

use insta::assert_snapshot;

use crate::app::{App, OKTA, part};

#[tokio::test]
async fn the_jwks_has_one_key_the_same_at_every_start_with_oktas_members_in_oktas_order() {
    let answer = App::new().get("/oauth2/default/v1/keys").send().await;
    assert_snapshot!("okta_keys", answer.pretty());
    assert_eq!(answer.json()["keys"][0]["kid"].as_str().unwrap().len(), 43);
    assert_eq!(answer.note.route, Some("GET /oauth2/{server}/v1/keys"));
}

#[tokio::test]
async fn the_jwks_may_be_kept_until_the_next_rotation() {
    let answer = App::new().get("/oauth2/v1/keys").header("origin", "http://localhost:3000").send().await;
    assert_eq!(answer.header("cache-control"), "max-age=734400, must-revalidate");
    assert_eq!(answer.header("vary"), "Origin");
    assert_eq!(answer.header("access-control-allow-origin"), "http://localhost:3000");
    assert_eq!(answer.header("expires"), "Thu, 03 Dec 2026 00:00:00 GMT");
}

#[tokio::test]
async fn a_tokens_header_names_the_key_first_and_has_no_type() {
    let app = App::new();
    let kid = app.get("/oauth2/default/v1/keys").send().await.json()["keys"][0]["kid"].clone();
    let token = app.client_credentials(OKTA, "").await.member("access_token");
    assert_eq!(part(&token, 0), format!(r#"{{"kid":{kid},"alg":"RS256"}}"#));
}
