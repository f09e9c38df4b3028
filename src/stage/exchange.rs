//! One request and its answer, as the stage saw them pass.

use std::fmt;
use std::time::Duration;

use http::{Method, StatusCode};
use jiff::Timestamp;
use understudy_scenarios::Note;

/// Which of the two mocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// The portal.
    Portal,
    /// The OpenID provider.
    Idp,
}

impl Server {
    /// The word that lines and options use: `portal` or `idp`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Idp => "idp",
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A request and its answer. It holds no header, query or body, and so no secret.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// When the request came, by the stage's clock.
    pub at: Timestamp,
    /// Which mock was asked.
    pub server: Server,
    /// The request's method.
    pub method: Method,
    /// The request's path, without the query.
    pub path: String,
    /// The answer's status.
    pub status: StatusCode,
    /// What the mock said of it.
    pub note: Note,
    /// How long the mock took, in real time, until it had the answer's head.
    pub elapsed: Duration,
}
