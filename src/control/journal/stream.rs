//! The journal as it grows: a line of JSON an exchange, or server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use tokio::sync::watch;

use super::Which;
use crate::Exchange;
use crate::control::query::Query;
use crate::stage::{Controls, Journal, Mark};

/// How often a stream of events says that it is still there, so that neither side waits for one that is gone.
const STILL_THERE: Duration = Duration::from_secs(15);

/// The header with which a client goes on where a stream of events broke off.
const LAST_EVENT_ID: &str = "last-event-id";

/// Follows the journal: what is kept since `since`, then each exchange as it passes, until the caller or the stage goes.
#[utoipa::path(
    get, path = "/journal/stream", operation_id = "followJournal", tag = "journal", params(Which),
    responses((
        status = 200,
        description = "An exchange a line; with `Accept: text/event-stream`, one a server-sent event whose id is its \
                       number, so that `Last-Event-ID` goes on after it.",
        content(
            (ref("#/components/schemas/Exchange") = "application/x-ndjson"),
            (ref("#/components/schemas/Exchange") = "text/event-stream"),
        ),
    )),
)]
pub(in crate::control) async fn stream(
    State(controls): State<Controls>,
    Query(mut which): Query<Which>,
    headers: HeaderMap,
) -> Response {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wants_events = text(ACCEPT.as_str()).contains("text/event-stream");
    if let Ok(seen) = text(LAST_EVENT_ID).parse() {
        which.since = seen;
    }
    let limit = which.limit.unwrap_or(usize::MAX);
    let exchanges = follow(controls.journal().clone(), which).take(limit);
    if wants_events {
        let events = exchanges.map(|exchange| {
            let event = Event::default().id(exchange.number.to_string());
            Ok::<_, Infallible>(event.data(serde_json::to_string(&*exchange).unwrap_or_default()))
        });
        return Sse::new(events).keep_alive(KeepAlive::new().interval(STILL_THERE)).into_response();
    }
    let lines = exchanges.map(|exchange| {
        let mut line = serde_json::to_vec(&*exchange).unwrap_or_default();
        line.push(b'\n');
        Ok::<_, Infallible>(line)
    });
    const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");
    ([(CONTENT_TYPE, NDJSON)], Body::from_stream(lines)).into_response()
}

struct Following {
    journal: Journal,
    newest: watch::Receiver<u64>,
    which: Which,
    ready: VecDeque<Arc<Exchange>>,
}

/// What fits `which`, in order, without end.
fn follow(journal: Journal, which: Which) -> impl Stream<Item = Arc<Exchange>> {
    let following = Following { newest: journal.subscribe(), journal, which, ready: VecDeque::new() };
    stream::unfold(following, |mut following| async {
        loop {
            if let Some(exchange) = following.ready.pop_front() {
                return Some((exchange, following));
            }
            // Marked as seen before it is read, so that what comes in between is not slept over.
            following.newest.borrow_and_update();
            let Following { journal, which, ready, newest } = &mut following;
            let passed = journal.since(Mark(which.since));
            if let Some(last) = passed.last() {
                which.since = last.number;
                ready.extend(passed.into_iter().filter(|exchange| which.fits(exchange)));
                continue;
            }
            newest.changed().await.ok()?;
        }
    })
}
