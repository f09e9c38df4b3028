//! Why there is no token, in the identity provider's own words.

use http::StatusCode;
use http::header::LOCATION;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::remedy;
use crate::config::UrlProblem;
use crate::http::{Answer, ConnectionError, HttpError};
use crate::quote::{self, ShownUrl};

/// Why there is no token; its text says what to do about it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The token endpoint refused the client, and said why.
    #[error("the token endpoint {url} refused the client: {status}, {code}{}{}", said(description), next(remedy))]
    Refused {
        /// The token endpoint.
        url: ShownUrl,
        /// The answer's status.
        status: StatusCode,
        /// RFC 6749's `error`, or the `errorCode` of Okta's other error shape, as it came.
        code: String,
        /// RFC 6749's `error_description`, or Okta's `errorSummary`, as it came.
        description: Option<String>,
        /// What to do about it, where that is known.
        remedy: Option<&'static str>,
    },
    /// What came is neither a token nor a refusal.
    #[error("{url} gave no token: {problem}")]
    InvalidAnswer {
        /// The token endpoint.
        url: ShownUrl,
        /// What is wrong with the answer.
        problem: String,
    },
    /// The issuer does not tell its token endpoint.
    #[error("{url} tells no token endpoint that can be used: {problem}")]
    Discovery {
        /// The issuer's OpenID configuration.
        url: ShownUrl,
        /// What is wrong with it.
        problem: String,
    },
    /// What is taken for an issuer is no URL that can be asked.
    #[error("the issuer cannot be used: {_0}")]
    Issuer(UrlProblem),
    /// The identity provider could not be reached.
    #[error("the identity provider cannot be reached at {_0}. {}", _0.advice("it"))]
    Unreachable(#[from] ConnectionError),
}

impl TokenError {
    /// What an answer of a token endpoint says that is no token; nothing where it is one. `secret`, by which the client
    /// proved itself, is not quoted even where the server echoes it.
    #[must_use]
    pub fn of_answer(url: &Url, answer: &http::Response<Vec<u8>>, secret: &SecretString) -> Option<Self> {
        (!is_token(answer)).then(|| no_token(&ShownUrl::of(url), answer, secret.expose_secret()))
    }
}

impl From<HttpError> for TokenError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Connection(error) => Self::Unreachable(error),
            HttpError::Encoding { url, problem } => {
                Self::InvalidAnswer { url, problem: format!("its answer can't be unpacked: {problem}") }
            }
            HttpError::TooLarge { url, limit } => {
                Self::InvalidAnswer { url, problem: format!("it answered more than {limit} bytes") }
            }
        }
    }
}

fn said(description: &Option<String>) -> String {
    description.as_ref().map(|description| format!(": {}", description.trim_end_matches('.'))).unwrap_or_default()
}

fn next(remedy: &Option<&'static str>) -> String {
    remedy.map(|remedy| format!(". {remedy}")).unwrap_or_default()
}

/// The members of a refusal: RFC 6749 section 5.2, or the shape of Okta's management API, which its token endpoint also
/// uses (an unknown client, too many requests).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: Option<Value>,
    error_description: Option<Value>,
    #[serde(rename = "errorCode")]
    okta_code: Option<Value>,
    #[serde(rename = "errorSummary")]
    okta_summary: Option<Value>,
    access_token: Option<Value>,
}

/// Whether an answer is to be read as a token: status 200, a JSON object with an `access_token` and no `error`.
pub(super) fn is_token(answer: &Answer) -> bool {
    let parsed = object(answer.body());
    answer.status() == StatusCode::OK
        && parsed.is_some_and(|parsed| parsed.access_token.is_some() && parsed.error.is_none())
}

/// What an answer without a token says.
pub(super) fn no_token(url: &ShownUrl, answer: &Answer, secret: &str) -> TokenError {
    let text = |value: Option<Value>| value.as_ref().and_then(Value::as_str).map(|text| quote::words(text, secret));
    let url = url.clone();
    let status = answer.status();
    let refusal = object(answer.body());
    let is_object = refusal.is_some();
    let refusal = refusal.unwrap_or_default();
    let (code, description) = match text(refusal.error) {
        Some(code) => (Some(code), text(refusal.error_description)),
        None => (text(refusal.okta_code), text(refusal.okta_summary)),
    };
    let problem = match code {
        // The client is not to blame for it.
        Some(code) if status.is_server_error() => format!("{status}, {code}{}", said(&description)),
        Some(code) => {
            let remedy = remedy::of(status, &code, description.as_deref().unwrap_or_default());
            return TokenError::Refused { url, status, code, description, remedy };
        }
        // However malformed the answer is, there may be a token in it, which is not to be quoted.
        None if mentions_token(answer.body()) => {
            format!("{status} with what may be a token in it, but not as RFC 6749 section 5.1 has it")
        }
        None if is_object && status == StatusCode::OK => "there is no access_token in the answer".to_owned(),
        None => status_and_body(answer, secret),
    };
    let next = match status {
        StatusCode::NOT_FOUND => {
            ". Is this the token endpoint? It is `token_endpoint` in the issuer's /.well-known/openid-configuration"
        }
        status if status.is_server_error() => ". Look at the logs of the identity provider and of what is before it",
        _ => "",
    };
    TokenError::InvalidAnswer { url, problem: problem + next }
}

/// Whether a body names a token, in JSON or not: cut off, with a member twice, as a form.
fn mentions_token(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    ["access_token", "accesstoken", "id_token", "refresh_token"].iter().any(|name| text.contains(name))
}

/// What an answer that is not understood looks like: its status, where it points, how it begins.
pub(super) fn status_and_body(answer: &Answer, secret: &str) -> String {
    let status = answer.status();
    let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    if let Some(location) = location.filter(|_| status.is_redirection()) {
        let host = url::Url::parse(location).ok().and_then(|url| url.host_str().map(str::to_owned));
        return match host {
            Some(host) => format!("{status}, a redirect to {host}, which is not followed"),
            None => format!("{status}, a redirect on the same host, which is not followed"),
        };
    }
    format!("{status} and {}", quote::body(answer.body(), secret))
}

fn object(body: &[u8]) -> Option<Refusal> {
    // Only an object: a derived struct would also read an array.
    body.trim_ascii_start().starts_with(b"{").then(|| serde_json::from_slice(body).ok()).flatten()
}
