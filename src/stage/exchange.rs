//! One request and its answer, as the stage saw them pass.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use understudy_scenarios::{Note, Server};
use utoipa::ToSchema;

use crate::elapsed::milliseconds;

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
            elapsed_ms: milliseconds(self.elapsed),
        }
        .serialize(serializer)
    }
}

/// A request and its answer, as they are written down. What there is not is left out.
#[derive(Serialize, ToSchema)]
#[schema(as = Exchange)]
pub(crate) struct Line<'a> {
    /// The how-manieth it is of its stage, from 1.
    number: u64,
    /// When the request came, by the stage's clock.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Which mock was asked: `portal` or `idp`.
    #[schema(value_type = String)]
    server: Server,
    /// The request's method.
    method: &'a str,
    /// The request's path, without the query.
    path: &'a str,
    /// The answer's status; none where a fault left the request without an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The operation, such as `GET /v1/apis/{id}/schema`.
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<&'static str>,
    /// Who asked, by its client id.
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<&'a str>,
    /// What came of it, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'a str>,
    /// Why it was turned away.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'a str>,
    /// The names of the faults that were played on it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>)]
    faults: &'a [Arc<str>],
    /// How long the mock took, in milliseconds of real time.
    elapsed_ms: f64,
}
