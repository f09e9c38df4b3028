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
