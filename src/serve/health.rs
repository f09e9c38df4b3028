//! `/healthz`: whether there is something to read, and how the last sync went.

use std::time::SystemTime;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use jiff::Timestamp;
use serde::Serialize;
use understudy_provider::{Progress, SyncResult};

use super::Offer;
use super::answer::why_not_yet;

/// What `/healthz` answers: 200 once a good sync has given something to read, 503 before.
#[derive(Serialize)]
struct Health {
    /// `ok`; `stale` where the last sync failed and what was synced before is shown; `starting` before the first good one.
    status: &'static str,
    entities: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_success: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sync: Option<LastSync>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

#[derive(Serialize)]
struct LastSync {
    ended: Option<Timestamp>,
    result: &'static str,
    took_ms: u128,
}

/// `GET /healthz`
pub(super) async fn health(State(state): State<super::State>) -> Response {
    let shown = state.shown.borrow().clone();
    let progress = &shown.progress;
    let entities = match state.offer {
        Offer::Catalog => shown.document.as_ref().map(|document| document.len()),
        Offer::Figures => progress.outcome.as_ref().map(|outcome| outcome.mutation.entities().count()),
    };
    let why = progress.failure.as_ref().map(|failure| failure.message.clone()).or(shown.trouble.clone());
    let health = match entities {
        None => Health { status: "starting", entities: 0, why: Some(why_not_yet(&shown)), ..times(progress) },
        Some(entities) => {
            let status = if why.is_none() { "ok" } else { "stale" };
            Health { status, entities, why, ..times(progress) }
        }
    };
    let status = if entities.is_some() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut text = serde_json::to_string(&health).expect("texts, numbers and times are JSON");
    text.push('\n');
    (status, [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], text).into_response()
}

fn times(progress: &Progress) -> Health {
    let last_sync = progress.last_duration.map(|took| LastSync {
        ended: progress.ended_at.and_then(timestamp),
        result: progress.failure.as_ref().map_or(SyncResult::Good, |failure| failure.result).as_str(),
        took_ms: took.as_millis(),
    });
    let last_success = progress.succeeded_at.and_then(timestamp);
    Health { status: "", entities: 0, last_success, last_sync, why: None }
}

fn timestamp(time: SystemTime) -> Option<Timestamp> {
    let time = Timestamp::try_from(time).ok()?;
    Timestamp::from_millisecond(time.as_millisecond()).ok()
}
