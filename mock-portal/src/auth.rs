//! External auth: who is let in to `/v1`. A gateway's external auth service, with its caches.

mod caller;
mod claims;
mod jwks;
mod refused;
mod remembered;
mod verify;

use std::sync::Arc;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use understudy_scenarios::{Cutoff, Endpoints, World};

pub(crate) use caller::Caller;
pub(crate) use jwks::KeyStore;
use jwks::RemoteKeys;
pub use jwks::USER_AGENT;
pub(crate) use refused::Refused;
use remembered::{Pass, Remembered};

/// Whom a world lets in, and the tokens that were found good in it.
#[derive(Debug)]
pub(crate) struct Trust {
    /// The trusted issuers by their identifiers, in the world's order.
    issuers: Vec<(String, Arc<RemoteKeys>)>,
    /// What a token's `aud` must hold; not checked without one.
    audience: Option<String>,
    /// Tokens that were issued then or before are turned away.
    cutoff: Option<Cutoff>,
    remembered: Remembered,
}

impl Trust {
    /// The trust of `world`: its issuers are known by the public base URL, and their keys fetched at the direct one, unless
    /// an issuer outside stands in for them.
    pub(crate) fn of(world: &World, endpoints: &Endpoints, keys: &KeyStore) -> Self {
        let access = &world.portal.access;
        let trusted = world.identity.issuers.iter().filter(|issuer| access.issuers.contains(&issuer.name));
        let issuers = match endpoints.outside_issuer() {
            Some(outside) => {
                trusted.take(1).map(|_| (outside.issuer.clone(), keys.at(outside.jwks_uri.clone()))).collect()
            }
            None => trusted
                .map(|issuer| {
                    let identifier = format!("{}{}", endpoints.idp(), issuer.path);
                    let jwks = format!("{}{}", endpoints.idp_direct(), issuer.jwks_path());
                    (identifier, keys.at(jwks))
                })
                .collect(),
        };
        Self { issuers, audience: access.audience.clone(), cutoff: access.cutoff, remembered: Remembered::default() }
    }

    /// Who calls with these headers at `now`.
    ///
    /// # Errors
    /// When the caller is not let in, or nobody can tell because the issuer's keys can't be fetched.
    pub(crate) async fn admit(&self, headers: &HeaderMap, now: Timestamp) -> Result<Arc<Caller>, Refused> {
        let token = bearer(headers)?;
        if let Some(caller) = self.remembered.recall(token, now) {
            return Ok(caller);
        }
        let pass = self.verify(token, now).await?;
        let caller = Arc::clone(&pass.caller);
        self.remembered.remember(token, pass, now);
        Ok(caller)
    }

    async fn verify(&self, token: &str, now: Timestamp) -> Result<Pass, Refused> {
        let presented = verify::read(token)?;
        let keys = self.keys_of(&presented.issuer)?;
        let key = keys.find(&presented.key_id, now).await?.ok_or(Refused::UnknownKey)?;
        let claims = verify::signature(token, &key.rsa)?;
        let times = verify::times(&claims, now)?;
        verify::cutoff(&claims, self.cutoff)?;
        verify::audience(&claims, self.audience.as_deref())?;
        let caller = Arc::new(Caller::of(&presented.issuer, &claims));
        Ok(Pass::new(caller, times, key))
    }

    fn keys_of(&self, issuer: &str) -> Result<&Arc<RemoteKeys>, Refused> {
        let trusted = self.issuers.iter().find(|(trusted, _)| trusted == issuer);
        trusted.map(|(_, keys)| keys).ok_or_else(|| {
            let trusted: Vec<&str> = self.issuers.iter().map(|(issuer, _)| issuer.as_str()).collect();
            Refused::issuer(issuer, &trusted)
        })
    }
}

/// The bearer token of a request (RFC 6750, section 2.1); the scheme's case does not matter (RFC 9110, section 11.1), and
/// there is one such header at most (section 5.3): which of two the server behind reads, nobody can tell.
fn bearer(headers: &HeaderMap) -> Result<&str, Refused> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let credentials = lines.next().ok_or(Refused::NoToken)?;
    if lines.next().is_some() {
        return Err(Refused::Several);
    }
    let credentials = credentials.to_str().map_err(|_| Refused::NotAJwt)?;
    let (scheme, token) = credentials.split_once(' ').ok_or(Refused::NoToken)?;
    let token = token.trim_matches(' ');
    if scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty() { Ok(token) } else { Err(Refused::NoToken) }
}
