//! Keycloak's answers to CORS preflights: the origin echoed, credentials allowed, good for an hour.

use axum::response::Response;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, CONTENT_TYPE, ORIGIN,
};
use http::{HeaderValue, StatusCode};
use understudy_scenarios::Note;

use crate::answer::json;
use crate::cors;
use crate::dispatch::Call;

/// Answers `OPTIONS` for an endpoint that takes `methods`.
pub(super) fn answer(call: &Call<'_>, methods: &'static str) -> Response {
    let mut response = json(StatusCode::OK, "", Note::default().outcome("preflight"));
    let headers = response.headers_mut();
    headers.remove(CONTENT_TYPE);
    cors::allow_credentials(&call.request.headers, headers);
    if call.request.headers.contains_key(ORIGIN) {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
        let allowed = "Origin, Accept, X-Requested-With, Content-Type, Access-Control-Request-Method, \
                       Access-Control-Request-Headers, DPoP, Authorization";
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(allowed));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
    }
    response
}
