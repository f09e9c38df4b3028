//! Which of the published keys a token was signed by, and whether the signature holds.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

/// What came of checking a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    /// By this one of the keys, counted from 0.
    By(usize),
    /// By a key of this id that is not among them.
    UnknownKey,
    /// By none of those that it can be by.
    ByNobody,
}

/// The algorithm of this name, where a portal can check it by a published key.
pub(super) fn algorithm(name: &str) -> Option<Algorithm> {
    let algorithm: Algorithm = name.parse().ok()?;
    let is_secret = matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512);
    (!is_secret).then_some(algorithm)
}

/// Checks a token's signature by an issuer's keys: by the one of its `kid`, or by each where it names none.
pub(super) fn check(token: &str, algorithm: Algorithm, kid: Option<&str>, keys: &[Value]) -> Signed {
    let Some((message, signature)) = token.rsplit_once('.') else { return Signed::ByNobody };
    let is_it = |key: &Value| kid.is_none_or(|kid| key.get("kid").and_then(Value::as_str) == Some(kid));
    let mut is_known = false;
    for (at, key) in keys.iter().enumerate().filter(|(_, key)| is_it(key)) {
        is_known = true;
        // A key of another kind than the algorithm's verifies nothing.
        let key = serde_json::from_value::<Jwk>(key.clone()).ok().and_then(|key| DecodingKey::from_jwk(&key).ok());
        let holds = |key: &DecodingKey| {
            jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, algorithm).unwrap_or(false)
        };
        if key.as_ref().is_some_and(holds) {
            return Signed::By(at);
        }
    }
    if is_known { Signed::ByNobody } else { Signed::UnknownKey }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    fn base64(bytes: &[u8]) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    fn key(pair: &EcdsaKeyPair, kid: &str) -> Value {
        let point = pair.public_key().as_ref();
        json!({"kty": "EC", "crv": "P-256", "kid": kid, "x": base64(&point[1..33]), "y": base64(&point[33..])})
    }

    #[test]
    fn a_signature_holds_by_the_key_that_made_it_alone() {
        let pair = || EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let (own, other) = (pair(), pair());
        let message = format!("{}.{}", base64(br#"{"alg":"ES256"}"#), base64(b"{}"));
        let signature = own.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        let token = format!("{message}.{}", base64(signature.as_ref()));
        let algorithm = algorithm("ES256").unwrap();
        let keys = [json!({"kty": "oct", "kid": "a"}), key(&other, "a"), key(&own, "b")];
        assert_eq!(check(&token, algorithm, Some("b"), &keys), Signed::By(2));
        assert_eq!(check(&token, algorithm, None, &keys), Signed::By(2));
        assert_eq!(check(&token, algorithm, Some("a"), &keys), Signed::ByNobody);
        assert_eq!(check(&token, algorithm, Some("c"), &keys), Signed::UnknownKey);
        assert_eq!(check("opaque", algorithm, None, &keys), Signed::ByNobody);
    }

    #[test]
    fn a_shared_secret_s_algorithm_is_none_that_a_published_key_checks() {
        for name in ["HS256", "HS512", "none", "RS1", ""] {
            assert_eq!(algorithm(name), None, "{name}");
        }
    }
}
