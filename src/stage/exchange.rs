//! One request and its answer, as the stage saw them pass.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use understudy_scenarios::{Note, Server};

/// A request and its answer. It holds no header, query or body, and so no secret.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The how-manieth it is of its stage, from 1.
    pub number: u64,
    /// When the request came, by the stage's clock.
    pub at: Timestamp,
    /// Which mock was asked.
    pub server: Server,
    /// The request's method.
    pub method: Method,
    /// The request's path, without the query.
    pub path: String,
    /// The answer's status; none where a fault left the request without an answer.
    pub status: Option<StatusCode>,
    /// What the mock said of it.
    pub note: Note,
    /// The names of the faults that were played on it.
    pub faults: Vec<Arc<str>>,
    /// How long the mock took, in real time, until it had the answer's head.
    pub elapsed: Duration,
}

impl Exchange {
    /// Whether the portal itself asked, for an issuer's keys.
    #[must_use]
    pub fn is_by_the_gateway(&self) -> bool {
        self.note.caller.as_deref() == Some(super::GATEWAY)
    }
}

/// One flat object: `{"number", "at", "server", "method", "path", "status", "route", "caller", "outcome", "refusal",
/// "faults", "elapsed_ms"}`; what there is not is left out.
impl Serialize for Exchange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'a> {
            number: u64,
            at: Timestamp,
            server: Server,
            method: &'a str,
            path: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            status: Option<u16>,
            #[serde(skip_serializing_if = "Option::is_none")]
            route: Option<&'static str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            caller: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            outcome: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            refusal: Option<&'a str>,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            faults: &'a [Arc<str>],
            elapsed_ms: f64,
        }
        Line {
            number: self.number,
            at: self.at,
            server: self.server,
            method: self.method.as_str(),
            path: &self.path,
            status: self.status.map(|status| status.as_u16()),
            route: self.note.route,
            caller: self.note.caller.as_deref(),
            outcome: self.note.outcome.as_deref(),
            refusal: self.note.refusal.as_ref().map(|refusal| &*refusal.0),
            faults: &self.faults,
            elapsed_ms: self.elapsed.as_secs_f64() * 1e3,
        }
        .serialize(serializer)
    }
}
