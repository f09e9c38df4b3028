//! The one shape that all answers have: JSON, with a note for the stage beside it.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use understudy_scenarios::Note;

/// An answer with JSON text as body.
pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>, note: Note) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.extensions_mut().insert(note);
    response
}

/// A value as JSON text; members keep their order.
pub(crate) fn render(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).expect("an answer is text, numbers and lists with text as keys").into()
}
