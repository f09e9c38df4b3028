//! Okta's signing keys and the JWKS that publishes them.

use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;
use understudy_scenarios::{IssuerKeys, Note};

use super::{Server, cache_for};
use crate::answer::{self, json};
use crate::cors;
use crate::dispatch::Call;
use crate::keys::{COMMITTED, PublicKey, Ring, SigningKey};

const PEMS: [&str; COMMITTED] = [
    include_str!("../../../keys/okta-development-signing-key.pem"),
    include_str!("../../../keys/okta-development-signing-key-1.pem"),
    include_str!("../../../keys/okta-development-signing-key-2.pem"),
    include_str!("../../../keys/okta-development-signing-key-3.pem"),
];

/// How often Okta rotates its keys, in seconds: every 90 days. A JWKS says how long that still is; here the key stays
/// until a scenario rotates it.
const ROTATION: i64 = 90 * 86_400;

/// The keys that sign for every Okta issuer.
pub(crate) struct Keyring(Ring<Key>);

struct Key {
    signing: SigningKey,
    public: PublicKey,
    kid: String,
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
    keys: Vec<Jwk<'a>>,
}

impl Default for Keyring {
    fn default() -> Self {
        Self(Ring::new(Key::parse))
    }
}

impl Keyring {
    /// What the tokens of an issuer with these keys are signed with.
    pub(super) fn signing(&self, keys: IssuerKeys) -> &SigningKey {
        &self.0.current(keys).signing
    }
}

impl Key {
    fn parse(number: usize) -> Self {
        // No `typ`: Okta's headers have none.
        let header = |key: &PublicKey| format!(r#"{{"kid":"{}","alg":"RS256"}}"#, key.thumbprint());
        let (signing, public) = SigningKey::from_pem(PEMS[number], header);
        let kid = public.thumbprint();
        Self { signing, public, kid }
    }

    fn jwk(&self) -> Jwk<'_> {
        Jwk { kty: "RSA", alg: "RS256", kid: &self.kid, usage: "sig", e: &self.public.e, n: &self.public.n }
    }
}

fn render(keys: &[&Key]) -> Bytes {
    answer::render(&Jwks { keys: keys.iter().map(|key| key.jwk()).collect() })
}

/// Answers with the public keys.
pub(super) fn answer(call: &Call<'_>, server: &Server, note: Note) -> Response {
    let (jwks, count) = call.idp.okta_keys.0.published(server.keys, render);
    let outcome = if count == 1 { "1 key".to_owned() } else { format!("{count} keys") };
    let mut response = json(StatusCode::OK, jwks, note.outcome(outcome));
    let to_the_next_rotation = ROTATION - call.idp.clock.now().as_second().rem_euclid(ROTATION);
    cache_for(call, to_the_next_rotation, &mut response);
    cors::allow_origin(&call.request.headers, response.headers_mut());
    response
}
