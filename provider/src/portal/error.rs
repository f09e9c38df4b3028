//! Why a portal could not be read.

use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;
use url::Url;

use crate::config::ServerUrl;
use crate::http::{Answer, ConnectionError, EncodingProblem, HttpError};
use crate::quote::{self, ShownUrl};
use crate::token::TokenError;

/// Why a portal could not be read; its text says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PortalError {
    /// There was no token to ask with.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The portal could not be reached.
    #[error("the portal cannot be reached at {_0}. {}", _0.advice("it"))]
    Unreachable(#[from] ConnectionError),
    /// The portal, or the external auth before it, did not let the token in: 401 or 403.
    #[error("the portal refused the access token: {url} answered {status}, {message}. {}", refused(*status))]
    Refused {
        /// What was asked.
        url: ShownUrl,
        /// 401 or 403.
        status: StatusCode,
        /// What the portal said, in quotes.
        message: String,
    },
    /// The portal pointed to another origin, or from one place to the next without end. The token is meant for the portal
    /// alone, so only redirects that stay with its scheme, host and port are followed, and five at most.
    #[error(
        "{url} answered {status}, a redirect to {}, which is not followed. If that is a login page, the portal's external \
         auth takes no bearer tokens; if it is another address of the portal, use that as the portal's URL",
        host.as_deref().unwrap_or("nowhere, or one of too many in a row on the same host")
    )]
    Redirected {
        /// What was asked.
        url: ShownUrl,
        /// 3xx.
        status: StatusCode,
        /// The host it pointed to, where it left the origin.
        host: Option<String>,
    },
    /// The portal had too many requests and asked to be left alone for longer than a request may wait, so it was not asked.
    #[error(
        "{url} was not asked: the portal answered 429 Too Many Requests to {by} and is left alone for another {} s. Let fewer \
         requests run at once, or sync less often",
        rest.as_secs_f64().ceil()
    )]
    Paused {
        /// What was to be asked.
        url: ShownUrl,
        /// What it answered 429 to.
        by: ShownUrl,
        /// How much longer it is left alone.
        rest: Duration,
    },
    /// The portal answered with a status that says that something is wrong.
    #[error("{url} answered {status}, {message}. {}", wrong_status(*status))]
    Status {
        /// What was asked.
        url: ShownUrl,
        /// Neither 200, nor 3xx, 401 or 403.
        status: StatusCode,
        /// What the portal said, in quotes.
        message: String,
    },
    /// The answer is not JSON.
    #[error("{url} answered no JSON ({problem}) but {body}. {}", not_json(body))]
    NotJson {
        /// What was asked.
        url: ShownUrl,
        /// Where the JSON ends.
        problem: String,
        /// How the body begins, in quotes.
        body: String,
    },
    /// The answer is larger than the configuration allows.
    #[error("{url} answered more than {limit} bytes, which is the limit")]
    TooLarge {
        /// What was asked.
        url: ShownUrl,
        /// The limit in bytes.
        limit: u64,
    },
    /// The time that a whole sync has was over first.
    #[error(
        "{url} had not answered when the time of the sync was over, after {limit:?}. Let more requests run at once, or give \
         a sync more time"
    )]
    OutOfTime {
        /// What was asked, or was still to be asked.
        url: ShownUrl,
        /// How long there was.
        limit: Duration,
    },
    /// The answer is not packed as its headers say.
    #[error(
        "{url} answered a body that can't be unpacked: {problem}. Look at what is before the portal: a gateway, a proxy"
    )]
    Encoding {
        /// What was asked.
        url: ShownUrl,
        /// What is wrong with it.
        problem: EncodingProblem,
    },
    /// The server is there, but neither family's list is.
    #[error(
        "no portal at {server}: /apis gave {not_mesh}; /api-products gave {not_gateway}. {}",
        no_portal(not_mesh, not_gateway)
    )]
    NoPortal {
        /// The portal's URL as it was configured.
        server: ServerUrl,
        /// What came for `/apis`.
        not_mesh: String,
        /// What came for `/api-products`.
        not_gateway: String,
    },
    /// Something in an answer cannot be understood.
    #[error("{item} in the answer of {url} cannot be understood: {problem}")]
    Item {
        /// What was asked.
        url: ShownUrl,
        /// Which API, product or item it is.
        item: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl PortalError {
    /// What an answer other than 200 means. The token is not quoted even where the portal echoes it.
    pub(super) fn from_answer(url: &Url, answer: &Answer, token: &str) -> Self {
        let status = answer.status();
        let message = message(answer.body(), token);
        let url = ShownUrl::of(url);
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::Refused { url, status, message },
            _ => Self::Status { url, status, message },
        }
    }
}

impl From<HttpError> for PortalError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Connection(error) => Self::Unreachable(error),
            HttpError::TooLarge { url, limit } => Self::TooLarge { url, limit },
            HttpError::Encoding { url, problem } => Self::Encoding { url, problem },
        }
    }
}

pub(super) fn status_and_message(answer: &Answer, token: &str) -> String {
    format!("{}, {}", answer.status(), message(answer.body(), token))
}

/// The portal's own words in quotes: the `message` of its errors, or how the body begins.
pub(super) fn message(body: &[u8], token: &str) -> String {
    #[derive(Deserialize)]
    struct Message {
        message: String,
    }
    match serde_json::from_slice(body) {
        Ok(Message { message }) => format!("\"{}\"", quote::words(&message, token)),
        Err(_) => quote::body(body, token),
    }
}

fn refused(status: StatusCode) -> &'static str {
    if status == StatusCode::FORBIDDEN {
        "The token is known, but may not see this: look at the portal's PortalGroups and external auth policy"
    } else {
        "Check that the portal's external auth policy trusts the issuer that the token comes from, and its audience"
    }
}

fn wrong_status(status: StatusCode) -> &'static str {
    match status {
        StatusCode::TOO_MANY_REQUESTS => "Wait a minute and try again, or let fewer requests run at once",
        status if status.is_server_error() => "Look at the logs of the portal and of the gateway before it",
        _ => "Is this the portal's REST server, and has the portal changed in the meantime?",
    }
}

fn not_json(body: &str) -> &'static str {
    // As it is quoted.
    if body.starts_with("\"<") {
        "That is a web page: is the portal's URL that of its REST server?"
    } else {
        "Look at the logs of the portal and of the gateway before it"
    }
}

fn no_portal(not_mesh: &str, not_gateway: &str) -> &'static str {
    // What a portal server says before a Portal resource exists for the host that it is asked by.
    if [not_mesh, not_gateway].iter().any(|answer| answer.contains("portal config not found")) {
        "The server is there, but no Portal resource names this host yet"
    } else {
        "Check the portal's URL: its path usually ends in /v1"
    }
}
