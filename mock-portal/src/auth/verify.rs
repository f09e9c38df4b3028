//! The checks that a token must pass, one function each, in the order in which they are made.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, dangerous};
use serde::Deserialize;
use serde_json::value::RawValue;
use understudy_scenarios::{Cutoff, CutoffReason};

use super::claims::Claims;
use super::jwks::Rsa;
use super::refused::Refused;

/// What a token says of itself before anything is checked: enough to find the key.
pub(crate) struct Presented {
    /// Its `iss`; empty without one.
    pub(crate) issuer: String,
    /// Its header's `kid`.
    pub(crate) key_id: String,
}

/// The times between which a token is good.
pub(crate) struct Times {
    /// From `nbf` and `iat`, whichever is later.
    pub(crate) from: Timestamp,
    /// From `exp`: at this time it is no longer good (RFC 7519, section 4.1.4). Never without one.
    pub(crate) until: Timestamp,
}

/// A JOSE header (RFC 7515, section 4). Read here and not by jsonwebtoken, which knows neither `none` nor what `crit` asks.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Box<RawValue>>,
}

impl Header {
    fn of(token: &str) -> Option<Self> {
        let json = URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// Reads a token without trusting it.
pub(crate) fn read(token: &str) -> Result<Presented, Refused> {
    if !token.contains('.') {
        return Err(Refused::Opaque);
    }
    let header = Header::of(token).ok_or(Refused::NotAJwt)?;
    if header.alg != "RS256" {
        return Err(Refused::Algorithm(header.alg));
    }
    if header.crit.is_some() {
        return Err(Refused::Critical);
    }
    let claims: Claims = dangerous::insecure_decode_claims(token).map_err(|_| Refused::NotAJwt)?;
    let key_id = header.kid.ok_or(Refused::NoKeyId)?;
    Ok(Presented { issuer: claims.text("iss").unwrap_or_default().to_owned(), key_id })
}

/// Checks the signature, and only then hands out the claims. Times and audience are checked by [`times`] and
/// [`audience`], against our own clock and in our own words.
pub(crate) fn signature(token: &str, key: &Rsa) -> Result<Claims, Refused> {
    let key = DecodingKey::from_rsa_components(&key.n, &key.e).map_err(|_| Refused::Signature)?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    jsonwebtoken::decode::<Claims>(token, &key, &validation).map(|token| token.claims).map_err(|_| Refused::Signature)
}

/// Checks that `now` lies within the token's times, without leeway.
pub(crate) fn times(claims: &Claims, now: Timestamp) -> Result<Times, Refused> {
    let until = claims.time("exp")?.unwrap_or(Timestamp::MAX);
    if now >= until {
        return Err(Refused::Expired(now.duration_since(until)));
    }
    let from = claims.time("nbf")?.max(claims.time("iat")?).unwrap_or(Timestamp::MIN);
    if now < from {
        return Err(Refused::NotYet(from.duration_since(now)));
    }
    Ok(Times { from, until })
}

/// Checks that the token was issued after the world's cutoff, if there is one. A token that does not tell when it was
/// issued can't be told from those before.
pub(crate) fn cutoff(claims: &Claims, cutoff: Option<Cutoff>) -> Result<(), Refused> {
    let Some(Cutoff { at, reason }) = cutoff else { return Ok(()) };
    if claims.time("iat")?.is_some_and(|issued| issued > at) {
        return Ok(());
    }
    Err(match reason {
        CutoffReason::Expired => Refused::ExpiredEarly,
        CutoffReason::Revoked => Refused::Revoked,
    })
}

/// Checks that the token is for the audience that the portal asks for, if it asks for one.
pub(crate) fn audience(claims: &Claims, asked: Option<&str>) -> Result<(), Refused> {
    match asked {
        Some(asked) if !claims.texts("aud").any(|held| held == asked) => {
            Err(Refused::audience(claims.texts("aud"), asked))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(json: &str) -> String {
        URL_SAFE_NO_PAD.encode(json)
    }

    /// All that is looked at of a token before its signature, and its claims as if that were good.
    fn look(token: &str) {
        let _ = read(token);
        let claims = token.split('.').nth(1).and_then(|claims| URL_SAFE_NO_PAD.decode(claims).ok());
        if let Some(claims) = claims.and_then(|claims| serde_json::from_slice::<Claims>(&claims).ok()) {
            let _ = times(&claims, Timestamp::UNIX_EPOCH);
            let _ = cutoff(&claims, Some(Cutoff { at: Timestamp::UNIX_EPOCH, reason: CutoffReason::Expired }));
            let _ = audience(&claims, Some("a"));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_a_token_or_refused(text in any::<String>(), parts in "[A-Za-z0-9_.=-]{0,60}") {
            look(&text);
            look(&parts);
        }

        #[test]
        fn a_token_of_any_claims_with_something_put_in_or_cut_out_is_one_or_refused(
            exp in any::<f64>(), iat in any::<i64>(), iss in any::<String>(), kid in any::<String>(),
            at in any::<prop::sample::Index>(), cut in 0..4_usize, put in "[A-Za-z0-9_.-]{0,3}",
        ) {
            let header = serde_json::json!({"alg": "RS256", "kid": kid});
            let claims = serde_json::json!({"iss": iss, "exp": exp, "iat": iat, "nbf": exp, "aud": [iss, 1], "sub": null});
            let mut token = format!("{}.{}.c2ln", part(&header.to_string()), part(&claims.to_string()));
            look(&token);
            let at = at.index(token.len() + 1);
            let until = (at + cut).min(token.len());
            token.replace_range(at..until, &put);
            look(&token);
        }
    }
}
