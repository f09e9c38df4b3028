//! Why a request got no whole answer.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::body::EncodingProblem;
use crate::quote::ShownUrl;

/// Why a request got no whole answer.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// The server could not be reached, or the connection broke.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// The body is larger than the configuration's `body_limit`.
    #[error("{url} answered more than {limit} bytes, which is the limit")]
    TooLarge {
        /// What was asked.
        url: ShownUrl,
        /// The limit in bytes.
        limit: u64,
    },
    /// The body is not encoded as its headers say, or as nobody asked for.
    #[error("{url} answered a body that can't be unpacked: {problem}")]
    Encoding {
        /// What was asked.
        url: ShownUrl,
        /// What is wrong with it.
        problem: EncodingProblem,
    },
}

/// A server that could not be reached, or did not answer to the end.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{url}: {cause}")]
pub struct ConnectionError {
    url: ShownUrl,
    failure: ConnectionFailure,
    cause: String,
    #[source]
    source: Arc<reqwest::Error>,
}

/// At which point a connection failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionFailure {
    /// The client could not be made: no root certificate was found.
    Setup,
    /// The host's name has no address.
    Resolve,
    /// Nobody accepted the connection.
    Connect,
    /// TLS could not be agreed on, or the certificate is not trusted.
    Tls,
    /// There was no whole answer in time.
    TimedOut,
    /// The connection broke, or what came is not HTTP.
    Broken,
}

impl ConnectionError {
    pub(super) fn new(url: &Url, timeout: Duration, source: reqwest::Error) -> Self {
        let failure = ConnectionFailure::of(&source);
        let cause = match failure {
            ConnectionFailure::TimedOut => format!("no whole answer within {timeout:?}"),
            _ => cause(&source),
        };
        Self { url: ShownUrl::of(url), failure, cause, source: Arc::new(source.without_url()) }
    }

    pub(super) fn setup(url: &Url, source: reqwest::Error) -> Self {
        let cause = cause(&source);
        Self {
            url: ShownUrl::of(url),
            failure: ConnectionFailure::Setup,
            cause,
            source: Arc::new(source.without_url()),
        }
    }

    /// What was asked.
    #[must_use]
    pub fn url(&self) -> &ShownUrl {
        &self.url
    }

    /// At which point it failed.
    #[must_use]
    pub fn failure(&self) -> ConnectionFailure {
        self.failure
    }

    /// What to look at next, as a sentence about `server`.
    pub(crate) fn advice(&self, server: &str) -> String {
        match self.failure {
            ConnectionFailure::Setup => "Name a PEM file of root certificates in CA_FILE".to_owned(),
            ConnectionFailure::Resolve => format!("Is the host name right, and is {server} running?"),
            ConnectionFailure::Connect => format!("Is {server} running, and is the port right?"),
            ConnectionFailure::Tls => format!(
                "Is {server} running, and does it speak https there? If its certificate comes from a private authority, \
                 name that authority's PEM file in CA_FILE"
            ),
            ConnectionFailure::TimedOut => {
                format!("Is {server} running, and does a firewall or proxy let this through?")
            }
            ConnectionFailure::Broken => {
                let scheme = self.url.as_str().split(':').next().unwrap_or_default();
                format!("Is {server} running, and is that its {scheme} port?")
            }
        }
    }
}

impl ConnectionFailure {
    fn of(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::TimedOut
        } else if error.is_dns() {
            Self::Resolve
        } else if error.is_connect() {
            if chain(error).filter_map(|error| error.downcast_ref()).any(is_tls) { Self::Tls } else { Self::Connect }
        } else {
            Self::Broken
        }
    }
}

/// Whether it is an error of TLS: rustls wraps its errors into I/O errors of this kind, and others wrap those into theirs,
/// which their `source` then leaves out.
fn is_tls(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    error.kind() == io::ErrorKind::InvalidData || inner.is_some_and(is_tls)
}

/// The innermost cause, in words: "connection refused", not "error sending request".
pub(super) fn cause(error: &(dyn Error + 'static)) -> String {
    let innermost = chain(error).last().unwrap_or(error);
    let text = innermost.to_string();
    // "Connection refused (os error 111)": the number differs from system to system and tells nobody anything.
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}
