//! The health paths, outside `/v1` and outside external auth: a server that answers is alive and ready.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use understudy_scenarios::Note;

use crate::respond;

pub(crate) const HEALTH: &str = "GET /health";
pub(crate) const HEALTHZ: &str = "GET /healthz";
pub(crate) const READYZ: &str = "GET /readyz";

/// All of them, for any state.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/health", get(health))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .method_not_allowed_fallback(async || respond::wrong_method(Note::default()))
}

/// Is the server alive? (The path that older servers have.)
#[utoipa::path(get, path = "/health", tag = "health", responses((status = 200, description = "It is.", body = String)))]
pub(crate) async fn health() -> Response {
    respond::text(StatusCode::OK, "OK", Note::of(HEALTH))
}

/// Is the server alive?
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, description = "It is.", body = String)))]
pub(crate) async fn healthz() -> Response {
    respond::text(StatusCode::OK, "OK", Note::of(HEALTHZ))
}

/// Is the server ready for requests?
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200, description = "It is.", body = String)))]
pub(crate) async fn readyz() -> Response {
    respond::text(StatusCode::OK, "OK", Note::of(READYZ))
}
