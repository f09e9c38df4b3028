//! One fetch of a JWK set: over HTTP, straight, quick and small.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use reqwest::{Certificate, Client, Url, redirect};
use tokio::sync::OnceCell;
use understudy_scenarios::Endpoints;

use super::KeySet;

/// How long a fetch may take from the connection to the last byte. It is real time: a socket knows no other.
const TIME_LIMIT: Duration = Duration::from_secs(3);
/// How large a JWK set may be, in bytes.
const SIZE_LIMIT: usize = 256 * 1_024;

/// The `User-Agent` with which a portal fetches its issuers' keys, so that an identity provider can tell these requests
/// from its clients'.
pub const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Why an issuer's keys could not be fetched.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the keys at {url} can't be fetched: {why}")]
pub(crate) struct FetchError {
    url: String,
    why: Why,
}

#[derive(Clone, Debug, thiserror::Error)]
enum Why {
    #[error("no HTTP client could be made ({0})")]
    Client(String),
    #[error("no answer within {} s", TIME_LIMIT.as_secs())]
    Time,
    #[error("{0}")]
    Network(String),
    #[error("the answer is {0}")]
    Status(StatusCode),
    #[error("the answer is larger than {} KiB", SIZE_LIMIT / 1_024)]
    Size,
    #[error("the answer is not a JWK set")]
    Content,
}

/// The one HTTP client of a portal. It is made at the first need, since that takes longer than all the rest of a start,
/// names itself to the identity provider, follows nobody elsewhere and keeps no connection (keys are fetched minutes apart).
#[derive(Debug, Default)]
pub(crate) struct Fetcher {
    /// Who the identity provider is trusted by, in PEM, where it is asked by TLS.
    authority: Option<Arc<str>>,
    way: Way,
    client: OnceCell<Client>,
}

/// The way to an identity provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    /// It is on this machine: no proxy, and nobody vouches for it but its own authority. The system's vouch for no mock, and
    /// take long to load.
    #[default]
    Here,
    /// It is elsewhere: through the system's proxies, and trusted by the system's authorities too.
    Abroad,
}

impl Way {
    fn to(url: &str) -> Self {
        let url = Url::parse(url).ok();
        let is_here = match url.as_ref().and_then(Url::host_str) {
            Some("localhost" | "[::1]") => true,
            Some(host) => host.ends_with(".localhost") || host.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback()),
            None => false,
        };
        if is_here { Self::Here } else { Self::Abroad }
    }
}

impl Fetcher {
    /// Fetches from the identity provider of these endpoints: the mock, or the one outside that stands in for it.
    pub(crate) fn of(endpoints: &Endpoints) -> Self {
        let (authority, way) = match endpoints.outside_issuer() {
            Some(outside) => (outside.ca_pem.as_deref(), Way::to(&outside.jwks_uri)),
            None => (endpoints.idp_authority(), Way::Here),
        };
        Self { authority: authority.map(Into::into), way, client: OnceCell::new() }
    }

    pub(crate) async fn fetch(&self, url: &str) -> Result<KeySet, FetchError> {
        self.attempt(url).await.map_err(|why| FetchError { url: url.to_owned(), why })
    }

    async fn attempt(&self, url: &str) -> Result<KeySet, Why> {
        let client = self.client.get_or_try_init(async || client(self.authority.as_deref(), self.way)).await?;
        let mut response = client.get(url).send().await?;
        if response.status() != StatusCode::OK {
            return Err(Why::Status(response.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > SIZE_LIMIT {
                return Err(Why::Size);
            }
            body.extend_from_slice(&chunk);
        }
        KeySet::parse(&body).map_err(|_| Why::Content)
    }
}

fn client(authority: Option<&str>, way: Way) -> Result<Client, Why> {
    let roots = authority.map_or_else(|| Ok(Vec::new()), |pem| Certificate::from_pem_bundle(pem.as_bytes()));
    let roots = roots.map_err(|error| Why::Client(innermost(&error)))?;
    let builder = match way {
        Way::Here => Client::builder().no_proxy().tls_certs_only(roots),
        Way::Abroad => Client::builder().tls_certs_merge(roots),
    };
    builder
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .timeout(TIME_LIMIT)
        .build()
        .map_err(|error| Why::Client(innermost(&error)))
}

impl From<reqwest::Error> for Why {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() { Self::Time } else { Self::Network(innermost(&error)) }
    }
}

/// The last cause: the outer ones repeat the URL and say "error sending request".
fn innermost(error: &reqwest::Error) -> String {
    let mut error: &dyn std::error::Error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_provider_is_on_this_machine_by_its_names_and_addresses() {
        for url in ["http://localhost:1/certs", "http://idp.localhost", "https://127.1.2.3:8443", "http://[::1]:2/"] {
            assert_eq!(Way::to(url), Way::Here, "{url}");
        }
        for url in ["http://localhost.example", "https://example.okta.com/oauth2/v1/keys", "http://10.0.0.1", "?"] {
            assert_eq!(Way::to(url), Way::Abroad, "{url}");
        }
    }
}
