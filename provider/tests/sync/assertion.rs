//! `private_key_jwt`: what an assertion says, that it is signed, and which keys are taken.

use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256,
    UnparsedPublicKey,
};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use insta::assert_snapshot;
use secrecy::SecretString;
use serde_json::{Value, json};
use understudy_provider::{AssertionKey, ClientAuth, InvalidKey, Provider};

use crate::support::{Canned, HandClock, Reply, Server, json as answer, retries, status, token_answer};

const RSA: &str = include_str!("keys/rsa.pem");
const EC: &str = include_str!("keys/ec.pem");

fn key(pem: &str) -> Result<AssertionKey, InvalidKey> {
    AssertionKey::from_pem(&SecretString::from(pem))
}

/// The form of the first token request of a client with this key, by a clock that stands at 1,800,000,000.
async fn form(server: &Server, key: AssertionKey) -> Vec<(String, String)> {
    let mut config = server.config();
    config.client_auth = ClientAuth::PrivateKeyJwt(key);
    Provider::with_clock(config, HandClock::new()).unwrap().sync().await.unwrap();
    url::form_urlencoded::parse(server.asked()[0].body.as_bytes()).into_owned().collect()
}

fn assertion(form: &[(String, String)]) -> &str {
    &form.iter().find(|(name, _)| name == "client_assertion").unwrap().1
}

fn decode(part: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&decode(part)).unwrap()
}

/// Header, claims, what was signed, and the signature.
fn parts(assertion: &str) -> (Value, Value, &str, Vec<u8>) {
    let (signed, signature) = assertion.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    (decoded(header), decoded(claims), signed, decode(signature))
}

#[tokio::test]
async fn an_rsa_key_signs_in_place_of_the_secret() {
    let server = Canned::new().mesh("[]").start().await;
    let form = form(&server, key(RSA).unwrap().with_kid("k1")).await;
    let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["grant_type", "client_id", "client_assertion_type", "client_assertion"]);
    assert_eq!(form[2].1, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

    let (header, mut claims, signed, signature) = parts(assertion(&form));
    assert_eq!(header, json!({"alg": "RS256", "typ": "JWT", "kid": "k1"}));
    assert_eq!(claims["jti"].take().as_str().unwrap().len(), 22);
    let endpoint = format!("{}/token", server.base);
    assert_eq!(
        claims,
        json!({"iss": "backstage", "sub": "backstage", "aud": endpoint, "jti": null, "iat": 1_800_000_000, "exp": 1_800_000_300})
    );
    let (_, der) = pem_rfc7468::decode_vec(RSA.as_bytes()).unwrap();
    let pair = RsaKeyPair::from_pkcs8(&der).unwrap();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref());
    public.verify(signed.as_bytes(), &signature).unwrap();
}

#[tokio::test]
async fn an_ec_key_signs_for_the_audience_that_is_named() {
    let server = Canned::new().mesh("[]").start().await;
    let form = form(&server, key(EC).unwrap().with_audience("https://idp.example")).await;
    let (header, claims, signed, signature) = parts(assertion(&form));
    assert_eq!(header, json!({"alg": "ES256", "typ": "JWT"}));
    assert_eq!(claims["aud"], "https://idp.example");
    let (_, der) = pem_rfc7468::decode_vec(EC.as_bytes()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).unwrap();
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref());
    public.verify(signed.as_bytes(), &signature).unwrap();
}

#[tokio::test]
async fn a_request_that_is_repeated_has_an_assertion_of_its_own() {
    let first = Canned::new().mesh("[]").on("POST /token", status(503, ""));
    let server = first.then("POST /token", answer(&token_answer("t"))).start().await;
    let mut config = server.config();
    config.client_auth = ClientAuth::PrivateKeyJwt(key(EC).unwrap());
    config.retries = retries(1);
    Provider::new(config).unwrap().sync().await.unwrap();
    let jti = |at: usize| {
        let form: Vec<_> = url::form_urlencoded::parse(server.asked()[at].body.as_bytes()).into_owned().collect();
        parts(assertion(&form)).1["jti"].clone()
    };
    assert_ne!(jti(0), jti(1));
}

#[tokio::test]
async fn an_assertion_that_is_echoed_is_not_quoted() {
    let server = Canned::new().on("POST /token", Reply::Echo(401)).start().await;
    let mut config = server.config();
    config.client_auth = ClientAuth::PrivateKeyJwt(key(EC).unwrap());
    let failure = server.failure_with(config).await;
    assert!(failure.contains("client_assertion=…"), "{failure}");
    assert!(!failure.contains("eyJ"), "{failure}");
}

#[test]
fn keys_are_taken_as_openssl_has_long_written_them() {
    assert_eq!(key(include_str!("keys/rsa-pkcs1.pem")), key(RSA));
    assert_eq!(key(include_str!("keys/ec-sec1.pem")), key(EC));
    assert_ne!(key(RSA), key(EC));
    assert_ne!(key(EC), key(EC).map(|key| key.with_kid("k1")));
}

#[test]
fn what_is_no_key_is_told() {
    let problem = |pem: &str| key(pem).unwrap_err().to_string();
    assert_snapshot!(problem("hunter2"), @"it is not whole and in PEM form, with -----BEGIN PRIVATE KEY----- in a line of its own");
    assert_snapshot!(problem(include_str!("keys/encrypted.pem")), @"it is encrypted; decrypt it first: openssl pkcs8 -in KEY -out PLAIN");
    assert_snapshot!(problem(include_str!("tls/ca.pem")), @"it holds a CERTIFICATE, not a PRIVATE KEY");
    assert_snapshot!(problem(include_str!("keys/ec-p384.pem")), @"it is neither an RSA key of 2048 bits or more nor an EC key on the curve P-256");
    assert_snapshot!(problem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), @"it is neither an RSA key of 2048 bits or more nor an EC key on the curve P-256");
}

#[test]
fn a_key_shows_nothing_that_is_secret() {
    assert_snapshot!(format!("{:?}", key(EC).unwrap().with_kid("k1")), @r#"AssertionKey { alg: "ES256", kid: Some("k1"), audience: None, .. }"#);
}

#[tokio::test]
async fn an_audience_is_asked_for_when_named() {
    let server = Canned::new().mesh("[]").start().await;
    let mut config = server.config();
    config.audience = Some("https://portal.example/api".to_owned());
    Provider::new(config).unwrap().sync().await.unwrap();
    assert!(server.asked()[0].body.ends_with("&audience=https%3A%2F%2Fportal.example%2Fapi"));
}
