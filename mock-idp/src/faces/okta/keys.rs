//! Okta's signing key and the JWKS that publishes it.

use std::sync::OnceLock;

use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;
use understudy_scenarios::Note;

use super::cache_for;
use crate::answer::{self, json};
use crate::cors;
use crate::dispatch::Call;
use crate::keys::{PublicKey, SigningKey};

const KEY: &str = include_str!("../../../keys/okta-development-signing-key.pem");

/// How often Okta rotates its keys, in seconds: every 90 days. A JWKS says how long that still is; here the key stays.
const ROTATION: i64 = 90 * 86_400;

/// The key that signs for every Okta issuer, parsed at the first use.
#[derive(Default)]
pub(crate) struct Keyring(OnceLock<Parsed>);

struct Parsed {
    signing: SigningKey,
    jwks: Bytes,
}

/// The members in Okta's order.
#[derive(Serialize)]
struct Jwk<'a> {
    kty: &'static str,
    alg: &'static str,
    kid: &'a str,
    #[serde(rename = "use")]
    usage: &'static str,
    e: &'a str,
    n: &'a str,
}

#[derive(Serialize)]
struct Jwks<'a> {
    keys: [Jwk<'a>; 1],
}

impl Keyring {
    /// What tokens are signed with.
    pub(super) fn signing(&self) -> &SigningKey {
        &self.parsed().signing
    }

    fn parsed(&self) -> &Parsed {
        self.0.get_or_init(|| {
            // No `typ`: Okta's headers have none.
            let header = |key: &PublicKey| format!(r#"{{"kid":"{}","alg":"RS256"}}"#, key.thumbprint());
            let (signing, public) = SigningKey::from_pem(KEY, header);
            let kid = public.thumbprint();
            let jwk = Jwk { kty: "RSA", alg: "RS256", kid: &kid, usage: "sig", e: &public.e, n: &public.n };
            let jwks = answer::render(&Jwks { keys: [jwk] });
            Parsed { signing, jwks }
        })
    }
}

/// Answers with the public keys.
pub(super) fn answer(call: &Call<'_>, note: Note) -> Response {
    let mut response = json(StatusCode::OK, call.idp.okta_keys.parsed().jwks.clone(), note.outcome("1 key"));
    let to_the_next_rotation = ROTATION - call.idp.clock.now().as_second().rem_euclid(ROTATION);
    cache_for(call, to_the_next_rotation, &mut response);
    cors::allow_origin(&call.request.headers, response.headers_mut());
    response
}
