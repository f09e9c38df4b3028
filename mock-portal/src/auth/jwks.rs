//! The issuers' public keys, fetched over HTTP and kept as a gateway keeps them.
//!
//! An issuer's keys are fetched when the first token of its comes, kept for [`MAX_AGE`], and fetched anew when they are
//! older than that. A `kid` that they don't hold makes them be fetched anew as well (a key may have been added), but
//! only once in [`REFETCH_INTERVAL`]. Requests that need the same fetch share it, and its failure too; a failure is not
//! kept beyond those that waited for it, so the next request tries again.

mod fetch;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use understudy_scenarios::Endpoints;

pub(crate) use fetch::FetchError;
use fetch::Fetcher;
pub use fetch::USER_AGENT;

/// How long fetched keys are good for.
pub(crate) const MAX_AGE: SignedDuration = SignedDuration::from_mins(5);
/// How long an unknown `kid` fetches nothing after another one did.
pub(crate) const REFETCH_INTERVAL: SignedDuration = SignedDuration::from_secs(5);

/// The keys of every issuer that was ever trusted. They outlive a change of the world.
#[derive(Debug, Default)]
pub(crate) struct KeyStore {
    fetcher: Arc<Fetcher>,
    remotes: Mutex<HashMap<String, Arc<RemoteKeys>>>,
}

impl KeyStore {
    /// No keys yet, and a way to fetch those of the endpoints' issuers.
    pub(crate) fn of(endpoints: &Endpoints) -> Self {
        Self { fetcher: Arc::new(Fetcher::of(endpoints)), ..Self::default() }
    }

    /// The keys that are served at `url`.
    pub(crate) fn at(&self, url: String) -> Arc<RemoteKeys> {
        let mut remotes = self.remotes.lock().unwrap_or_else(PoisonError::into_inner);
        let remote = remotes.entry(url).or_insert_with_key(|url| Arc::new(RemoteKeys::new(url, &self.fetcher)));
        Arc::clone(remote)
    }
}

/// One issuer's keys.
#[derive(Debug)]
pub(crate) struct RemoteKeys {
    url: String,
    fetcher: Arc<Fetcher>,
    held: RwLock<Arc<Held>>,
    /// The edition of the keys that are held, to be asked without a lock.
    edition: AtomicU64,
    /// Held by whoever fetches; the others wait for it.
    flight: tokio::sync::Mutex<()>,
}

/// What is known of an issuer's keys at a time.
#[derive(Debug, Default)]
struct Held {
    keys: KeySet,
    /// Counts the changes of `keys`.
    edition: u64,
    /// From when until when `keys` are good; nothing before the first fetch.
    fresh: Option<Range<Timestamp>>,
    /// When an unknown `kid` last had them fetched.
    refetched: Option<Timestamp>,
    /// Counts the fetches that ended, well or not.
    flights: u64,
    /// How the last one failed, if it did.
    failure: Option<FetchError>,
}

/// A key, and how long one may rely on it.
#[derive(Debug)]
pub(crate) struct FoundKey {
    pub(crate) rsa: Rsa,
    pub(crate) fresh: Range<Timestamp>,
    edition: u64,
    remote: Arc<RemoteKeys>,
}

impl FoundKey {
    /// Whether the issuer's keys are still the ones among which this was found.
    pub(crate) fn is_current(&self) -> bool {
        self.remote.edition.load(Ordering::Acquire) == self.edition
    }

    /// A key that nobody serves and that is good at all times.
    #[cfg(test)]
    pub(crate) fn lasting() -> Self {
        let remote = Arc::new(RemoteKeys::new("http://idp.test/keys", &Arc::default()));
        let rsa = Rsa { n: String::new(), e: String::new() };
        Self { rsa, fresh: Timestamp::MIN..Timestamp::MAX, edition: 0, remote }
    }
}

impl RemoteKeys {
    fn new(url: &str, fetcher: &Arc<Fetcher>) -> Self {
        Self {
            url: url.to_owned(),
            fetcher: Arc::clone(fetcher),
            held: RwLock::default(),
            edition: AtomicU64::new(0),
            flight: tokio::sync::Mutex::default(),
        }
    }

    /// The key called `kid`, or nothing when the issuer has no such key.
    ///
    /// # Errors
    /// When the keys had to be fetched and could not be.
    pub(crate) async fn find(self: &Arc<Self>, kid: &str, now: Timestamp) -> Result<Option<FoundKey>, FetchError> {
        let held = self.held();
        let held = match held.need(kid, now) {
            None => held,
            Some(need) => self.fetch(&held, need, now).await?,
        };
        let found = held.keys.0.get(kid).zip(held.fresh.clone());
        let remote = Arc::clone(self);
        Ok(found.map(|(rsa, fresh)| FoundKey { rsa: rsa.clone(), fresh, edition: held.edition, remote }))
    }

    /// Fetches the keys, unless somebody else has since `seen`: then that fetch counts for this one too.
    async fn fetch(&self, seen: &Held, need: Need, now: Timestamp) -> Result<Arc<Held>, FetchError> {
        let _flight = self.flight.lock().await;
        let before = self.held();
        let after = if before.flights == seen.flights {
            let fetched = self.fetcher.fetch(&self.url).await;
            self.hold(before.after(fetched, need, now))
        } else {
            before
        };
        after.failure.clone().map_or(Ok(after), Err)
    }

    fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn hold(&self, held: Held) -> Arc<Held> {
        let held = Arc::new(held);
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&held);
        self.edition.store(held.edition, Ordering::Release);
        held
    }
}

/// Why keys are to be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// There are none, or they are too old.
    Fresh,
    /// They don't hold the `kid` that is asked for.
    UnknownKid,
}

impl Held {
    fn need(&self, kid: &str, now: Timestamp) -> Option<Need> {
        // A clock that was moved back before the fetch makes the keys no better than a clock moved on too far.
        let fresh = self.fresh.as_ref().is_some_and(|fresh| fresh.contains(&now));
        let rests = self.refetched.is_some_and(|last| (last..later(last, REFETCH_INTERVAL)).contains(&now));
        match () {
            () if !fresh => Some(Need::Fresh),
            () if self.keys.0.contains_key(kid) || rests => None,
            () => Some(Need::UnknownKid),
        }
    }

    /// What is known after a fetch: the new keys, or the old ones as they were and the failure.
    fn after(&self, fetched: Result<KeySet, FetchError>, need: Need, now: Timestamp) -> Self {
        let refetched = if need == Need::UnknownKid { Some(now) } else { self.refetched };
        let flights = self.flights + 1;
        match fetched {
            Ok(keys) => Self {
                edition: self.edition + u64::from(keys != self.keys),
                keys,
                fresh: Some(now..later(now, MAX_AGE)),
                refetched,
                flights,
                failure: None,
            },
            Err(failure) => Self {
                keys: self.keys.clone(),
                edition: self.edition,
                fresh: self.fresh.clone(),
                refetched,
                flights,
                failure: Some(failure),
            },
        }
    }
}

fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// The keys of a JWK set (RFC 7517) that RS256 signatures can be checked with, by `kid`. Shared with every copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct KeySet(Arc<BTreeMap<String, Rsa>>);

/// An RSA public key as a JWK holds it: modulus and exponent in base64url.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rsa {
    pub(crate) n: String,
    pub(crate) e: String,
}

impl KeySet {
    /// Reads a JWK set. A key of a kind that is not understood is passed over (RFC 7517, section 5), and so is one
    /// without a `kid`, for another algorithm, or for encryption; of two with one `kid` the first counts.
    fn parse(json: &[u8]) -> serde_json::Result<Self> {
        let listed: Listed = serde_json::from_slice(json)?;
        let mut keys = BTreeMap::new();
        for key in listed.keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok()) {
            if key.checks_rs256() {
                keys.entry(key.kid).or_insert(Rsa { n: key.n, e: key.e });
            }
        }
        Ok(Self(Arc::new(keys)))
    }
}

#[derive(Deserialize)]
struct Listed {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    n: String,
    e: String,
    alg: Option<String>,
    r#use: Option<String>,
}

impl Jwk {
    fn checks_rs256(&self) -> bool {
        self.kty == "RSA"
            && self.alg.as_deref().is_none_or(|alg| alg == "RS256")
            && self.r#use.as_deref().is_none_or(|r#use| r#use == "sig")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kids(json: &str) -> Vec<String> {
        KeySet::parse(json.as_bytes()).unwrap().0.keys().cloned().collect()
    }

    #[test]
    fn keys_for_encryption_for_other_algorithms_and_of_other_kinds_are_passed_over() {
        let json = r#"{"keys":[
            {"kty":"RSA","kid":"enc","use":"enc","alg":"RSA-OAEP","n":"AQ","e":"AQAB"},
            {"kty":"RSA","kid":"enc-plain","use":"enc","n":"AQ","e":"AQAB"},
            {"kty":"RSA","kid":"pss","alg":"PS256","n":"AQ","e":"AQAB"},
            {"kty":"EC","kid":"ec","crv":"P-256","x":"AQ","y":"AQ"},
            {"kty":"RSA","n":"AQ","e":"AQAB"},
            17,
            {"kty":"RSA","kid":"sig","use":"sig","alg":"RS256","n":"AQ","e":"AQAB"},
            {"kty":"RSA","kid":"plain","n":"AQ","e":"AQAB"}
        ]}"#;
        assert_eq!(kids(json), ["plain", "sig"]);
    }

    #[test]
    fn what_is_no_key_set_is_an_error() {
        assert!(KeySet::parse(b"<html>").is_err());
        assert!(KeySet::parse(b"{\"error\":\"nope\"}").is_err());
    }
}
