//! What an answer of a token endpoint means: a token, a refusal for a reason, or something else altogether.

use std::time::{Duration, SystemTime};

use http::{Response, StatusCode};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use understudy_provider::TokenError;
use url::Url;

use super::super::examination::AskError;

/// What came of a token request.
#[derive(Debug)]
pub(super) enum Came {
    /// A token.
    Token(Box<Granted>),
    /// A refusal in the way of RFC 6749 section 5.2, or in Okta's other one.
    Refused(Refusal),
    /// An answer that no token endpoint gives, or one that is out of order.
    Unusable { why: Unusable, problem: String },
    /// No answer.
    Nothing(AskError),
}

/// A token as it came.
#[derive(Clone, Debug)]
pub(in crate::check) struct Granted {
    pub(in crate::check) token: SecretString,
    /// Its life in seconds, as the answer tells it beside the token.
    pub(in crate::check) expires_in: Option<f64>,
    /// The server's time, as its `Date` header tells it.
    pub(in crate::check) date: Option<SystemTime>,
    /// When it came, by our clock.
    pub(in crate::check) came_at: SystemTime,
    /// How long the request took.
    pub(in crate::check) took: Duration,
}

/// A refusal.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) reason: Reason,
    /// Status, code and description in the server's words, without the secret.
    pub(super) said: String,
}

/// Why a client gets no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Nobody knows this client id.
    UnknownClient,
    /// What the client proves itself by is not right. Some servers say the same of a client that they don't know.
    Credentials { is_known: bool },
    /// The client may not use the grant.
    Grant,
    /// The client has no secret of its own, so that it can't use the grant (Keycloak).
    PublicClient,
    /// The client has no service account (Keycloak).
    ServiceAccount,
    /// No scope was asked for, and there is no default.
    DefaultScope,
    /// There is no such scope for the client.
    Scope,
    /// No policy lets the client in.
    Policy,
    /// Another one.
    Other,
}

/// In which way an answer can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    RateLimited,
    Page,
    Redirect,
    NotFound,
    NoRealm,
    OldPath,
    Method,
    Server,
    /// A token of another type than Bearer, or with characters that no header can hold.
    Token,
    Other,
}

/// The members of a token answer that are looked at.
#[derive(Deserialize)]
struct Members {
    access_token: Option<Value>,
    token_type: Option<Value>,
    expires_in: Option<Value>,
}

/// Reads an answer. What the client proved itself by is not quoted even where the server echoes it.
pub(super) fn read(url: &Url, answer: &Response<Vec<u8>>, secret: &SecretString, now: SystemTime) -> Came {
    let status = answer.status();
    match TokenError::of_answer(url, answer, secret) {
        None => token(answer, now),
        Some(TokenError::Refused { code, description, .. }) => refused(status, &code, &description.unwrap_or_default()),
        Some(TokenError::InvalidAnswer { problem, .. }) => {
            // What to do is told by the remedy.
            let advice = [". Is this the token endpoint?", ". Look at the logs of the identity provider"];
            let end = advice.iter().filter_map(|advice| problem.rfind(advice)).min().unwrap_or(problem.len());
            let problem = problem[..end].to_owned();
            Came::Unusable { why: unusable(status, answer.body()), problem }
        }
        Some(error) => Came::Unusable { why: Unusable::Other, problem: error.to_string() },
    }
}

/// The same of an error that a token source gives.
pub(super) fn of_error(error: TokenError) -> Came {
    match error {
        TokenError::Refused { status, code, description, .. } => {
            let description = description.unwrap_or_default();
            refused(status, &code, &description)
        }
        TokenError::Unreachable(error) => Came::Nothing(AskError::Http(error.into())),
        error => Came::Unusable { why: Unusable::Other, problem: error.to_string() },
    }
}

fn refused(status: StatusCode, code: &str, description: &str) -> Came {
    let said = said(status, code, description);
    match out_of_order(status, code, description) {
        Some(why) => Came::Unusable { why, problem: said },
        None => Came::Refused(Refusal { reason: reason(code, description), said }),
    }
}

fn token(answer: &Response<Vec<u8>>, now: SystemTime) -> Came {
    let unusable = |problem: &str| Came::Unusable { why: Unusable::Token, problem: problem.to_owned() };
    let Ok(members) = serde_json::from_slice::<Members>(answer.body()) else {
        return unusable("it holds an access_token, but is not as RFC 6749 section 5.1 has it");
    };
    let token_type = members.token_type.as_ref().and_then(Value::as_str).unwrap_or("Bearer");
    if !token_type.eq_ignore_ascii_case("Bearer") {
        return unusable("it gave a token whose token_type is not Bearer");
    }
    let token = members.access_token.as_ref().and_then(Value::as_str).unwrap_or_default();
    // RFC 6749 appendix A.12.
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return unusable("its access_token is empty, or has characters that no header can hold");
    }
    let expires_in = members.expires_in.and_then(|told| told.as_f64().or_else(|| told.as_str()?.parse().ok()));
    let date = answer.headers().get(http::header::DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
    let expires_in = expires_in.filter(|seconds: &f64| seconds.is_finite());
    Came::Token(Box::new(Granted { token: token.into(), expires_in, date, came_at: now, took: Duration::ZERO }))
}

fn said(status: StatusCode, code: &str, description: &str) -> String {
    match description.trim_end_matches('.') {
        "" => format!("{status}, {code}"),
        description => format!("{status}, {code}: {description}"),
    }
}

/// Whether what reads like a refusal is about the request's way and not about the client.
fn out_of_order(status: StatusCode, code: &str, description: &str) -> Option<Unusable> {
    match code {
        "E0000047" => Some(Unusable::RateLimited),
        "E0000022" => Some(Unusable::Method),
        "Realm does not exist" => Some(Unusable::NoRealm),
        "Unable to find matching target resource method" => Some(Unusable::OldPath),
        _ if status == StatusCode::TOO_MANY_REQUESTS => Some(Unusable::RateLimited),
        _ if status == StatusCode::METHOD_NOT_ALLOWED => Some(Unusable::Method),
        _ if status == StatusCode::NOT_FOUND => Some(Unusable::NotFound),
        // RFC 6749 section 4.1.2.1 knows these two, and some token endpoints use them.
        "server_error" | "temporarily_unavailable" | "unknown_error" => Some(Unusable::Server),
        "invalid_request" if description.contains("grant_type") => Some(Unusable::Other),
        _ => None,
    }
}

fn unusable(status: StatusCode, body: &[u8]) -> Unusable {
    match status {
        StatusCode::TOO_MANY_REQUESTS => Unusable::RateLimited,
        StatusCode::NOT_FOUND => Unusable::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Unusable::Method,
        status if status.is_redirection() => Unusable::Redirect,
        status if status.is_server_error() => Unusable::Server,
        _ if body.trim_ascii_start().starts_with(b"<") => Unusable::Page,
        _ => Unusable::Other,
    }
}

/// The reason by the vendors' words: Okta's and Keycloak's as they were observed, else as RFC 6749 section 5.2 has the codes.
fn reason(code: &str, description: &str) -> Reason {
    let says = |words: &str| description.contains(words);
    match code {
        "invalid_client" if says("'client_id'") || says("client_id must be provided") => Reason::UnknownClient,
        "invalid_client" if says("Invalid client or Invalid client credentials") => Reason::UnknownClient,
        "invalid_client" if says("client secret supplied") => Reason::Credentials { is_known: true },
        "invalid_client" => Reason::Credentials { is_known: false },
        "unauthorized_client" if says("Invalid client or Invalid client credentials") => {
            Reason::Credentials { is_known: true }
        }
        "unauthorized_client" if says("Public client") => Reason::PublicClient,
        "unauthorized_client" if says("service account") => Reason::ServiceAccount,
        "unauthorized_client" | "unsupported_grant_type" => Reason::Grant,
        "invalid_scope" if says("default scopes") => Reason::DefaultScope,
        "invalid_scope" => Reason::Scope,
        "access_denied" => Reason::Policy,
        _ => Reason::Other,
    }
}

impl Came {
    /// How far the client came: the higher, the further.
    pub(super) fn reached(&self) -> Reached {
        match self {
            Self::Token(_) => Reached::Token,
            Self::Nothing(_) | Self::Unusable { .. } => Reached::Nothing,
            Self::Refused(refusal) => match refusal.reason {
                Reason::UnknownClient => Reached::Endpoint,
                Reason::Credentials { is_known: false } | Reason::Other => Reached::Endpoint,
                Reason::Credentials { is_known: true } => Reached::Known,
                Reason::Grant | Reason::PublicClient | Reason::ServiceAccount => Reached::Proven,
                Reason::DefaultScope | Reason::Scope => Reached::Grant,
                Reason::Policy => Reached::Scope,
            },
        }
    }

    /// Why it was refused, where it was.
    pub(super) fn reason(&self) -> Option<Reason> {
        match self {
            Self::Refused(refusal) => Some(refusal.reason),
            _ => None,
        }
    }

    /// What the server said, in its words.
    pub(super) fn said(&self) -> &str {
        match self {
            Self::Refused(refusal) => &refusal.said,
            Self::Unusable { problem, .. } => problem,
            Self::Token(_) | Self::Nothing(_) => "",
        }
    }
}

/// The stations that a token request passes, in the order in which identity providers look at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reached {
    /// Not even a token endpoint.
    Nothing,
    /// A token endpoint, which does not say that it knows the client.
    Endpoint,
    /// The client is known.
    Known,
    /// It has proven itself.
    Proven,
    /// It may use the grant.
    Grant,
    /// Its scopes are fine.
    Scope,
    /// It got a token.
    Token,
}
