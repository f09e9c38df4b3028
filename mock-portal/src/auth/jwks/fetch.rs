//! One fetch of a JWK set: over HTTP, straight, quick and small.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use reqwest::{Certificate, Client, redirect};
use tokio::sync::OnceCell;

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
/// names itself to the identity provider, knows no proxy, follows nobody elsewhere and keeps no connection (keys are fetched minutes apart).
#[derive(Debug, Default)]
pub(crate) struct Fetcher {
    /// Who the identity provider is trusted by, in PEM, where it is asked by TLS.
    authority: Option<Arc<str>>,
    client: OnceCell<Client>,
}

impl Fetcher {
    pub(crate) fn trusting(authority: Option<&str>) -> Self {
        Self { authority: authority.map(Into::into), client: OnceCell::new() }
    }

    pub(crate) async fn fetch(&self, url: &str) -> Result<KeySet, FetchError> {
        self.attempt(url).await.map_err(|why| FetchError { url: url.to_owned(), why })
    }

    async fn attempt(&self, url: &str) -> Result<KeySet, Why> {
        let client = self.client.get_or_try_init(async || client(self.authority.as_deref())).await?;
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

fn client(authority: Option<&str>) -> Result<Client, Why> {
    let roots = authority.map_or_else(|| Ok(Vec::new()), |pem| Certificate::from_pem_bundle(pem.as_bytes()));
    let roots = roots.map_err(|error| Why::Client(innermost(&error)))?;
    Client::builder()
        // The system's authorities vouch for no mock, and take long to load.
        .tls_certs_only(roots)
        .user_agent(USER_AGENT)
        .no_proxy()
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
