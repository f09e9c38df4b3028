//! Answers as JSON.

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::stage::Controls;

/// A value that is answered as JSON.
pub(super) struct Answer<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        match serde_json::to_vec(&self.0) {
            Ok(mut body) => {
                body.push(b'\n');
                ([(CONTENT_TYPE, JSON)], body).into_response()
            }
            // No answer has a key that is no text, or a value that can't be written.
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// Where the stage is after it was moved, to go on from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Done {
    /// The word of the step that was played.
    #[schema(example = "clock")]
    done: &'static str,
    /// The generation of the world: one more for each change of it.
    generation: u64,
    /// The number of the newest exchange in the journal, to be given as `since`.
    mark: u64,
    /// The time by the stage's clock, to be given as `from`.
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
}

impl Done {
    pub(super) fn new(done: &'static str, controls: &Controls) -> Self {
        Self {
            done,
            generation: controls.world().current().generation,
            mark: controls.journal().mark().0,
            now: controls.clock().now(),
        }
    }
}
