//! The answers to Backstage: the document, what has not changed, or why there is none yet.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body::Frame;

use super::{CATALOG_INFO, HEALTH, METRICS, Offer, Shown};

/// RFC 9512.
const YAML: HeaderValue = HeaderValue::from_static("application/yaml");
pub(super) const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const NO_SNIFFING: HeaderValue = HeaderValue::from_static("nosniff");
/// Asked for anew each time, so that nothing between keeps an old catalog.
const ALWAYS_ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// `GET /catalog-info.yaml`
pub(super) async fn catalog_info(State(state): State<super::State>, headers: HeaderMap) -> Response {
    let document = state.shown.borrow().document.clone();
    let mut response = match document {
        None => unavailable(&state),
        Some(document) => {
            let mut response = if is_known(&headers, &document.etag) {
                answer(StatusCode::NOT_MODIFIED, Body::new(Nothing))
            } else {
                let mut response = answer(StatusCode::OK, Body::from(document.body.clone()));
                response.headers_mut().insert(CONTENT_TYPE, YAML);
                response
            };
            response.headers_mut().insert(ETAG, document.etag.clone());
            response
        }
    };
    response.headers_mut().insert(CACHE_CONTROL, ALWAYS_ASK);
    state.requests.count(response.status());
    response
}

/// 503, which Backstage takes for an error that leaves its catalog as it is.
fn unavailable(state: &super::State) -> Response {
    let (why, wait) = {
        let shown = state.shown.borrow();
        (why_not_yet(&shown), shown.progress.wait)
    };
    let wait = wait.map_or(1, |wait| wait.as_secs().max(1));
    let mut response = text(StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n"));
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait));
    response
}

/// Why there is nothing to read before the first good sync.
pub(super) fn why_not_yet(shown: &Shown) -> String {
    match (&shown.progress.failure, &shown.trouble) {
        (Some(failure), _) => format!("nothing has been synced yet: {failure}"),
        (None, Some(trouble)) => format!("what was synced can't be shown: {trouble}"),
        (None, None) => "nothing has been synced yet: the first sync is under way".to_owned(),
    }
}

/// 404 for whatever else is asked.
pub(super) async fn not_found(State(state): State<super::State>) -> Response {
    let there = match state.offer {
        Offer::Catalog => format!("{CATALOG_INFO}, {HEALTH} and {METRICS}"),
        Offer::Figures => format!("{HEALTH} and {METRICS}"),
    };
    text(StatusCode::NOT_FOUND, format!("there is nothing here; there are {there}\n"))
}

/// An answer to read.
pub(super) fn text(status: StatusCode, text: String) -> Response {
    let mut response = answer(status, Body::from(text));
    response.headers_mut().insert(CONTENT_TYPE, TEXT);
    response
}

fn answer(status: StatusCode, body: Body) -> Response {
    (status, [(X_CONTENT_TYPE_OPTIONS, NO_SNIFFING)], body).into_response()
}

/// Whether the caller has it already: `If-None-Match`, compared weakly (RFC 9110, section 13.1.2).
fn is_known(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let lines = headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == etag.as_bytes())
}

/// A body without bytes and without a length: an empty one would be told as `Content-Length: 0`, which a 304 must not have,
/// since its length is that of the 200 (RFC 9110, section 8.6).
struct Nothing;

impl http_body::Body for Nothing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}
