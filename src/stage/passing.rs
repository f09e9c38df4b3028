//! A request on its way: what the journal will hold of it, once it is known how it ended.

use std::mem;
use std::sync::Arc;
use std::time::Instant;

use http::header::USER_AGENT;
use http::{Method, Request, StatusCode};
use jiff::Timestamp;
use understudy_scenarios::{Note, Server};

use super::exchange::Exchange;
use super::serve::Way;

/// A request on its way. It is taken down when it ends, also when that is because its caller gave up or its connection
/// was broken: then without a status.
pub(super) struct Passing {
    way: Arc<Way>,
    at: Timestamp,
    started: Instant,
    method: Method,
    path: String,
    by_gateway: bool,
    /// The names of the faults that were played on it.
    pub(super) faults: Vec<Arc<str>>,
    /// What is known of it before the mock has spoken.
    pub(super) note: Note,
    status: Option<StatusCode>,
}

impl Passing {
    pub(super) fn new<B>(way: &Arc<Way>, request: &Request<B>) -> Self {
        let front = &way.front;
        Self {
            way: Arc::clone(way),
            at: front.clock.now(),
            started: Instant::now(),
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            by_gateway: front.server == Server::Idp && is_by_the_gateway(request),
            faults: Vec::new(),
            note: Note::default(),
            status: None,
        }
    }

    pub(super) fn server(&self) -> Server {
        self.way.front.server
    }

    pub(super) fn method(&self) -> &Method {
        &self.method
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Whether the portal itself asks, for an issuer's keys.
    pub(super) fn is_by_the_gateway(&self) -> bool {
        self.by_gateway
    }

    /// Ends with an answer of this status, of which the mock said `note`.
    pub(super) fn answered(mut self, status: StatusCode, note: Option<Note>) {
        self.status = Some(status);
        if let Some(note) = note {
            let caller = self.note.caller.take();
            self.note = Note { caller: note.caller.or(caller), ..note };
        }
    }
}

/// Ends: with an answer, or without one.
impl Drop for Passing {
    fn drop(&mut self) {
        if self.by_gateway {
            self.note.caller = Some(Arc::clone(&self.way.front.gateway));
        }
        let exchange = self.way.front.journal.take_down(Exchange {
            number: 0,
            at: self.at,
            server: self.way.front.server,
            method: mem::take(&mut self.method),
            path: mem::take(&mut self.path),
            status: self.status,
            note: mem::take(&mut self.note),
            faults: mem::take(&mut self.faults),
            elapsed: self.started.elapsed(),
        });
        if let Some(observer) = &self.way.front.observer {
            observer(&exchange);
        }
    }
}

fn is_by_the_gateway<B>(request: &Request<B>) -> bool {
    request.headers().get(USER_AGENT).is_some_and(|agent| agent == understudy_portal::USER_AGENT)
}
