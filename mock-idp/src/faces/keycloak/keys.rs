//! Keycloak's keys and the JWKS that publishes them: one that signs, and before it one for encryption, which trips
//! clients that take the first key or do not look at `use`.

use std::sync::OnceLock;

use axum::response::Response;
use bytes::Bytes;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use understudy_scenarios::Note;

use crate::answer::{self, json};
use crate::cors;
use crate::dispatch::Call;
use crate::keys::{Certificate, SigningKey};

const KEY: &str = include_str!("../../../keys/keycloak-development-signing-key.pem");
const CERTIFICATE: &str = include_str!("../../../keys/keycloak-development-signing-certificate.pem");
const ENCRYPTION: &str = include_str!("../../../keys/keycloak-development-encryption-certificate.pem");

/// The keys of every Keycloak realm, parsed at the first use.
#[derive(Default)]
pub(crate) struct Keyring(OnceLock<Parsed>);

struct Parsed {
    signing: SigningKey,
    public_key_info: String,
    jwks: Bytes,
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
    keys: [Jwk<'a>; 2],
}

impl Keyring {
    /// What tokens are signed with.
    pub(super) fn signing(&self) -> &SigningKey {
        &self.parsed().signing
    }

    /// The signing key's public half as `SubjectPublicKeyInfo` in base64.
    pub(super) fn public_key_info(&self) -> &str {
        &self.parsed().public_key_info
    }

    fn parsed(&self) -> &Parsed {
        self.0.get_or_init(|| {
            let certificate = Certificate::from_pem(CERTIFICATE);
            // Keycloak writes this header by hand, spaces and all.
            let header = |_: &_| format!(r#"{{"alg":"RS256","typ" : "JWT","kid" : "{}"}}"#, certificate.key_id);
            let (signing, _) = SigningKey::from_pem(KEY, header);
            let encryption = Certificate::from_pem(ENCRYPTION);
            let keys = [jwk(&encryption, "RSA-OAEP", "enc"), jwk(&certificate, "RS256", "sig")];
            let jwks = answer::render(&Jwks { keys });
            Parsed { signing, public_key_info: certificate.public_key_info, jwks }
        })
    }
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
pub(super) fn answer(call: &Call<'_>, note: Note) -> Response {
    let mut response = json(StatusCode::OK, call.idp.keycloak_keys.parsed().jwks.clone(), note.outcome("2 keys"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    cors::allow_origin(&call.request.headers, response.headers_mut());
    response
}
