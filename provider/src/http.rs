//! The one place that builds an HTTP client and sends requests through it.

mod attempts;
mod body;
mod error;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method, Request};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::{Host, Url};

use crate::config::{Config, ConfigError};
use crate::retries::{Jitter, Retries};
use crate::small_file;
pub(crate) use attempts::{Attempts, retry_after};
pub use body::EncodingProblem;
use body::{Body, BodyError};
pub use error::{ConnectionError, ConnectionFailure, HttpError};

/// Status, headers and the whole body, whatever the status.
pub(crate) type Answer = ::http::Response<Vec<u8>>;

/// The HTTP client that tokens and the portal are asked through; clones share its connections.
///
/// It trusts the system's root certificates and those of the configuration's `ca_file`, of which a server on this machine
/// must have one if there are any, goes through the system's
/// proxies except to loopback addresses, keeps no cookies and follows no redirect, so that a token or a secret never
/// leaves the origin that it was meant for. TLS is set up only once an https URL, or a host beyond this machine, is asked:
/// loading the system's roots takes longer than a whole sync on a laptop.
#[derive(Clone)]
pub struct HttpClient {
    inner: Arc<Inner>,
    observer: Option<Observer>,
}

/// Who is told of each exchange.
type Observer = Arc<dyn Fn(&Exchange<'_>) + Send + Sync>;

/// One request and what came of it, for who watches a client: [`HttpClient::observed`].
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The request's method.
    pub method: &'a Method,
    /// What was asked, as it was; show it as a [`ShownUrl`](crate::ShownUrl).
    pub url: &'a Url,
    /// The answer, whatever its status, with its whole body; or why there is none.
    pub result: Result<&'a ::http::Response<Vec<u8>>, &'a HttpError>,
    /// How long it took, in real time.
    pub elapsed: Duration,
}

struct Inner {
    roots: Vec<Certificate>,
    timeout: Duration,
    body_limit: u64,
    retries: Retries,
    jitter: Jitter,
    loopback: OnceCell<Client>,
    loopback_tls: OnceCell<Client>,
    remote: OnceCell<Client>,
}

impl HttpClient {
    /// A client with the configuration's roots, time limit and size limit.
    ///
    /// # Errors
    /// When the configuration's `ca_file` cannot be read, or it or the `ca_pem` not be used.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let mut roots = Vec::new();
        if let Some(path) = &config.ca_file {
            let told = |problem| ConfigError::CaFile { path: path.clone(), problem };
            let pem = small_file::read(path).map_err(|error| told(error::cause(&error)))?;
            roots.extend(certificates(&pem).map_err(told)?);
        }
        if let Some(pem) = &config.ca_pem {
            roots.extend(certificates(pem.as_bytes()).map_err(|problem| ConfigError::CaPem { problem })?);
        }
        Ok(Self::over(roots, config.request_timeout, config.body_limit, config.retries))
    }

    /// A client that trusts the system's root certificates alone, for what is no portal. `timeout` is how long one request
    /// may take in real time, and `body_limit` how many bytes an answer's body may have.
    #[must_use]
    pub fn with_limits(timeout: Duration, body_limit: u64) -> Self {
        Self::over(Vec::new(), timeout, body_limit, Retries::none())
    }

    fn over(roots: Vec<Certificate>, timeout: Duration, body_limit: u64, retries: Retries) -> Self {
        let inner = Inner {
            roots,
            timeout,
            body_limit,
            retries,
            jitter: Jitter::new(retries.seed),
            loopback: OnceCell::new(),
            loopback_tls: OnceCell::new(),
            remote: OnceCell::new(),
        };
        Self { inner: Arc::new(inner), observer: None }
    }

    /// The same client, over the same connections, which tells `observer` of each attempt that it makes, a repeated one
    /// too. What is told may hold secrets: a token endpoint's answer, a portal's echo.
    #[must_use]
    pub fn observed(mut self, observer: impl Fn(&Exchange<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Attempts at one request, all within the time limit.
    pub(crate) fn attempts(&self) -> Attempts<'_> {
        Attempts::new(self, &self.inner.retries, &self.inner.jitter, self.inner.timeout)
    }

    pub(crate) fn retries(&self) -> &Retries {
        &self.inner.retries
    }

    pub(crate) fn jitter(&self) -> &Jitter {
        &self.inner.jitter
    }

    /// Gets what is at a URL, with a bearer token where the server wants one, within the time and size limits. Any status
    /// is an answer. A token that no header can hold is left out, and the server then says that it misses one.
    ///
    /// # Errors
    /// When the server can't be reached, breaks off, or answers too much.
    pub async fn get(&self, url: Url, bearer: Option<&SecretString>) -> Result<::http::Response<Vec<u8>>, HttpError> {
        let mut request = Request::new(Method::GET, url);
        let header = bearer.and_then(|token| HeaderValue::try_from(format!("Bearer {}", token.expose_secret())).ok());
        if let Some(mut header) = header {
            header.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, header);
        }
        self.attempts().all(request).await
    }

    /// Sends one request, once, within the time and size limits. Any status is an answer. It is for who looks at answers that
    /// [`TokenSource`](crate::TokenSource)s and the [`PortalClient`](crate::PortalClient) would take for errors.
    ///
    /// # Errors
    /// When the server can't be reached, breaks off, or answers too much.
    pub async fn send(
        &self,
        method: ::http::Method,
        url: Url,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<::http::Response<Vec<u8>>, HttpError> {
        let mut request = Request::new(method, url);
        *request.headers_mut() = headers;
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        self.attempts().send(request).await
    }

    /// Sends a request and reads the whole answer, by the deadline and within the size limit. Any status is an answer.
    async fn send_by(&self, request: Request, deadline: Instant) -> Result<Answer, HttpError> {
        let Some(observer) = &self.observer else { return self.exchange(request, deadline).await };
        let (method, url, started) = (request.method().clone(), request.url().clone(), Instant::now());
        let result = self.exchange(request, deadline).await;
        let elapsed = started.elapsed();
        observer(&Exchange { method: &method, url: &url, result: result.as_ref(), elapsed });
        result
    }

    async fn exchange(&self, mut request: Request, deadline: Instant) -> Result<Answer, HttpError> {
        let url = request.url().clone();
        let failed = |error| ConnectionError::new(&url, self.inner.timeout, error);
        *request.timeout_mut() = Some(deadline.saturating_duration_since(Instant::now()));
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let client = self.client(&url).await?;
        let mut response = client.execute(request).await.map_err(failed)?;

        let limit = self.inner.body_limit;
        let unreadable = |error| match error {
            BodyError::TooLarge => HttpError::TooLarge { url: crate::ShownUrl::of(&url), limit },
            BodyError::Encoding(problem) => HttpError::Encoding { url: crate::ShownUrl::of(&url), problem },
        };
        if response.content_length().is_some_and(|length| length > limit) {
            return Err(unreadable(BodyError::TooLarge));
        }
        // 304 and 204 have the headers of a body without one (RFC 9110 section 15.4.5).
        let mut first = response.chunk().await.map_err(failed)?;
        let headers = if first.is_some() { response.headers() } else { &HeaderMap::new() };
        let mut body = Body::begin(headers, limit).map_err(unreadable)?;
        while let Some(chunk) = first {
            body.push(&chunk).map_err(unreadable)?;
            first = response.chunk().await.map_err(failed)?;
        }
        let body = body.finish().map_err(unreadable)?;
        let mut answer = Answer::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        // They are the packed body's.
        if answer.headers_mut().remove(CONTENT_ENCODING).is_some() {
            answer.headers_mut().remove(CONTENT_LENGTH);
        }
        Ok(answer)
    }

    async fn client(&self, url: &Url) -> Result<&Client, ConnectionError> {
        let route = Route::to(url);
        let cell = match route {
            Route::Loopback => &self.inner.loopback,
            Route::LoopbackTls => &self.inner.loopback_tls,
            Route::Remote => &self.inner.remote,
        };
        cell.get_or_try_init(|| async { route.client(&self.inner.roots) })
            .await
            .map_err(|error| ConnectionError::setup(url, error))
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpClient")
            .field("roots", &self.inner.roots.len())
            .field("timeout", &self.inner.timeout)
            .field("body_limit", &self.inner.body_limit)
            .finish_non_exhaustive()
    }
}

/// Which way a request goes, and so what its client must be able to do.
#[derive(Clone, Copy)]
enum Route {
    /// To this machine in plain text: no proxy, no TLS.
    Loopback,
    /// To this machine by TLS: no proxy.
    LoopbackTls,
    /// To anywhere else: perhaps by TLS, perhaps through a proxy.
    Remote,
}

impl Route {
    fn to(url: &Url) -> Self {
        match (is_loopback(url), url.scheme()) {
            (true, "http") => Self::Loopback,
            (true, _) => Self::LoopbackTls,
            (false, _) => Self::Remote,
        }
    }

    fn client(self, roots: &[Certificate]) -> reqwest::Result<Client> {
        let builder = Client::builder()
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none());
        match self {
            Self::Loopback => builder.no_proxy().tls_certs_only([]),
            // Nobody but the user vouches for this machine, and loading the system's roots takes long.
            Self::LoopbackTls if !roots.is_empty() => builder.no_proxy().tls_certs_only(roots.to_vec()),
            Self::LoopbackTls => builder.no_proxy().tls_certs_merge([]),
            Self::Remote => builder.tls_certs_merge(roots.to_vec()),
        }
        .build()
    }
}

/// The certificates of a PEM text, all of which a client takes: only a built one tells, and a mistake is best told at once.
fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, String> {
    let roots = Certificate::from_pem_bundle(pem).map_err(|error| error::cause(&error))?;
    if roots.is_empty() {
        return Err("there is no certificate in it".to_owned());
    }
    Client::builder().tls_certs_only(roots.clone()).build().map_err(|error| error::cause(&error))?;
    Ok(roots)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // RFC 6761 section 6.3: `localhost` and all below it are this machine.
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_known_by_its_names_and_addresses() {
        for url in ["http://localhost:1", "http://idp.localhost", "http://127.1.2.3", "https://[::1]:8443/v1"] {
            assert!(is_loopback(&Url::parse(url).unwrap()), "{url}");
        }
        for url in ["http://localhost.example", "http://10.0.0.1", "https://[::2]"] {
            assert!(!is_loopback(&Url::parse(url).unwrap()), "{url}");
        }
    }
}
