//! Keycloak's JWKS, and the tokens' header that refers to it.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use insta::assert_snapshot;

use crate::app::{App, KEYCLOAK, part};

const CERTS: &str = "/realms/gloo/protocol/openid-connect/certs";

#[tokio::test]
async fn the_jwks_has_an_encryption_key_before_the_signing_key_with_keycloaks_members() {
    let answer = App::new().get(CERTS).send().await;
    assert_snapshot!("keycloak_certs", answer.pretty());
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert_eq!(answer.note.route, Some("GET /realms/{realm}/protocol/openid-connect/certs"));
}

#[tokio::test]
async fn the_thumbprints_are_those_of_the_certificates() {
    use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
    let answer = App::new().get(CERTS).send().await.json();
    for key in answer["keys"].as_array().unwrap() {
        let certificate = BASE64_STANDARD.decode(key["x5c"][0].as_str().unwrap()).unwrap();
        let sha1 = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &certificate));
        let sha256 = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, &certificate));
        assert_eq!((&key["x5t"], &key["x5t#S256"]), (&sha1.into(), &sha256.into()));
        assert_eq!(key["kid"].as_str().unwrap().len(), 43);
    }
}

#[tokio::test]
async fn a_tokens_header_is_keycloaks_and_names_the_signing_key() {
    let app = App::new();
    let keys = app.get(CERTS).send().await.json()["keys"].clone();
    let signs = |key: &&serde_json::Value| key["use"] == "sig" && key["alg"] == "RS256";
    let kid = &keys.as_array().unwrap().iter().find(signs).unwrap()["kid"];
    let token = app.client_credentials(KEYCLOAK, "").await.member("access_token");
    assert_eq!(part(&token, 0), format!(r#"{{"alg":"RS256","typ" : "JWT","kid" : {kid}}}"#));
}
