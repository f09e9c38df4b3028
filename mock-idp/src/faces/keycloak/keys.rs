//! Keycloak's keys and the JWKS that publishes them: those that sign, and before them one for encryption, which trips
//! clients that take the first key or do not look at `use`.

use axum::response::Response;
use bytes::Bytes;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use understudy_scenarios::{IssuerKeys, Note};

use super::Realm;
use crate::answer::{self, json};
use crate::cors;
use crate::dispatch::Call;
use crate::keys::{COMMITTED, Certificate, Ring, SigningKey};

/// Each key with its certificate.
const PEMS: [(&str, &str); COMMITTED] = [
    (
        include_str!("../../../keys/keycloak-development-signing-key.pem"),
        include_str!("../../../keys/keycloak-development-signing-certificate.pem"),
    ),
    (
        include_str!("../../../keys/keycloak-development-signing-key-1.pem"),
        include_str!("../../../keys/keycloak-development-signing-certificate-1.pem"),
    ),
    (
        include_str!("../../../keys/keycloak-development-signing-key-2.pem"),
        include_str!("../../../keys/keycloak-development-signing-certificate-2.pem"),
    ),
    (
        include_str!("../../../keys/keycloak-development-signing-key-3.pem"),
        include_str!("../../../keys/keycloak-development-signing-certificate-3.pem"),
    ),
];
const ENCRYPTION: &str = include_str!("../../../keys/keycloak-development-encryption-certificate.pem");

/// The keys of every Keycloak realm.
pub(crate) struct Keyring(Ring<Key>);

struct Key {
    signing: SigningKey,
    certificate: Certificate,
}

/// The members in Keycloak's order.
#[derive(Serialize)]
struct Jwk<'a> {
    kid: &'a str,
    kty: &'static str,
    alg: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    x5c: [&'a str; 1],
    x5t: &'a str,
    #[serde(rename = "x5t#S256")]
    x5t_s256: &'a str,
    n: &'a str,
    e: &'a str,
}

#[derive(Serialize)]
struct Jwks<'a> {
    keys: Vec<Jwk<'a>>,
}

impl Default for Keyring {
    fn default() -> Self {
        Self(Ring::new(Key::parse))
    }
}

impl Keyring {
    /// What the tokens of a realm with these keys are signed with.
    pub(super) fn signing(&self, keys: IssuerKeys) -> &SigningKey {
        &self.0.current(keys).signing
    }

    /// The public half of that key, as `SubjectPublicKeyInfo` in base64.
    pub(super) fn public_key_info(&self, keys: IssuerKeys) -> &str {
        &self.0.current(keys).certificate.public_key_info
    }
}

impl Key {
    fn parse(number: usize) -> Self {
        let (key, certificate) = PEMS[number];
        let certificate = Certificate::from_pem(certificate);
        // Keycloak writes this header by hand, spaces and all.
        let header = |_: &_| format!(r#"{{"alg":"RS256","typ" : "JWT","kid" : "{}"}}"#, certificate.key_id);
        let (signing, _) = SigningKey::from_pem(key, header);
        Self { signing, certificate }
    }
}

fn render(keys: &[&Key]) -> Bytes {
    let encryption = Certificate::from_pem(ENCRYPTION);
    let signing = keys.iter().map(|key| jwk(&key.certificate, "RS256", "sig"));
    answer::render(&Jwks { keys: [jwk(&encryption, "RSA-OAEP", "enc")].into_iter().chain(signing).collect() })
}

fn jwk<'a>(certificate: &'a Certificate, alg: &'static str, usage: &'static str) -> Jwk<'a> {
    Jwk {
        kid: &certificate.key_id,
        kty: "RSA",
        alg,
        usage,
        x5c: [&certificate.x5c],
        x5t: &certificate.x5t,
        x5t_s256: &certificate.x5t_s256,
        n: &certificate.public.n,
        e: &certificate.public.e,
    }
}

/// Answers with the public keys.
pub(super) fn answer(call: &Call<'_>, realm: &Realm, note: Note) -> Response {
    let (jwks, signing) = call.idp.keycloak_keys.0.published(realm.keys, render);
    let mut response = json(StatusCode::OK, jwks, note.outcome(format!("{} keys", signing + 1)));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    cors::allow_credentials(&call.request.headers, response.headers_mut());
    response
}
