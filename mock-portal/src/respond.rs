//! The one place that makes responses: shared bytes with an `ETag`, errors as `{"message": "…"}`, and the headers of
//! the portal's CORS policy on each.

use std::borrow::Cow;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, ETAG, ORIGIN, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body::Frame;
use serde::Serialize;
use understudy_scenarios::Note;
use utoipa::ToSchema;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const ANY_ORIGIN: HeaderValue = HeaderValue::from_static("*");

/// An answer that was rendered once and is shared by all requests until the world changes.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    body: Bytes,
    etag: HeaderValue,
    outcome: Cow<'static, str>,
}

impl Answer {
    /// An answer with these bytes, which `outcome` describes in a few words.
    pub(crate) fn new(body: Bytes, outcome: impl Into<Cow<'static, str>>) -> Self {
        let etag = etag(&body);
        Self { body, etag, outcome: outcome.into() }
    }

    /// `value` as JSON.
    pub(crate) fn json(value: &impl Serialize, outcome: impl Into<Cow<'static, str>>) -> Self {
        Self::new(to_json(value), outcome)
    }

    /// 200 with the bytes, or 304 without them where the caller has them already.
    pub(crate) fn respond(&self, known: &KnownTags, note: Note) -> Response {
        let held = known.hold(&self.etag);
        let mut response = if held {
            respond(StatusCode::NOT_MODIFIED, Body::new(Nothing), note.outcome("not modified"))
        } else {
            let mut response =
                respond(StatusCode::OK, Body::from(self.body.clone()), note.outcome(self.outcome.clone()));
            response.headers_mut().insert(CONTENT_TYPE, JSON);
            response
        };
        response.headers_mut().insert(ETAG, self.etag.clone());
        response
    }

    /// The JSON text.
    #[cfg(test)]
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// A body without bytes and without a length. An ordinary empty body would get a `Content-Length: 0`, which a `304` must
/// not carry: its length is that of the `200` (RFC 9110, section 8.6).
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

/// Hands on what an inner router answered. After a `HEAD` its body is empty, and the router around it would tell that as
/// the length of a `304`.
pub(crate) fn relay(response: Response) -> Response {
    if response.status() == StatusCode::NOT_MODIFIED { response.map(|_| Body::new(Nothing)) } else { response }
}

/// The tags of a request's `If-None-Match` headers, which may come in several lines.
#[derive(Debug)]
pub(crate) struct KnownTags(Vec<HeaderValue>);

impl KnownTags {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self(headers.get_all(http::header::IF_NONE_MATCH).iter().cloned().collect())
    }

    /// Whether `etag` is among them, by the weak comparison that `If-None-Match` asks for (RFC 9110, section 13.1.2).
    fn hold(&self, etag: &HeaderValue) -> bool {
        self.0
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == etag.as_bytes())
    }
}

/// An error as every operation answers it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Message {
    /// What went wrong, in words.
    message: &'static str,
}

/// An error with these words.
pub(crate) fn message(status: StatusCode, words: &'static str, note: Note) -> Response {
    json(status, &Message { message: words }, note)
}

/// 404: nobody serves this path. In the words of Go's `net/http`, in which the portal servers are written, and not as
/// JSON: the published plugin (0.0.74) asks a flat Gloo Mesh portal for `/api-products` too, and takes whatever JSON it
/// gets there, even an error, in place of the list.
pub(crate) fn unknown_path(note: Note) -> Response {
    let mut response = text(StatusCode::NOT_FOUND, "404 page not found\n", note.outcome("no such path"));
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// 405: the path is served, with other methods. Whoever routes adds `Allow`.
pub(crate) fn wrong_method(note: Note) -> Response {
    message(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", note.outcome("no such method"))
}

/// `value` as JSON, rendered for this request alone.
pub(crate) fn json(status: StatusCode, value: &impl Serialize, note: Note) -> Response {
    let mut response = respond(status, Body::from(to_json(value)), note);
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

/// A few words of plain text.
pub(crate) fn text(status: StatusCode, words: &'static str, note: Note) -> Response {
    let mut response = respond(status, Body::from(words), note);
    response.headers_mut().insert(CONTENT_TYPE, TEXT);
    response
}

/// Whether a browser asks if it may ask: a CORS preflight (Fetch, section "CORS-preflight request").
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(ORIGIN) && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a preflight: any origin, all methods, and the two headers that the portal's UI sends.
pub(crate) fn preflight() -> Response {
    let note = Note { outcome: Some(Cow::Borrowed("preflight")), ..Note::default() };
    let mut response = respond(StatusCode::OK, Body::empty(), note);
    let headers = response.headers_mut();
    let methods = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Authorization, Content-Type"));
    response
}

/// Every response has a note and the CORS policy's one constant header (constant, so no `Vary` is called for).
fn respond(status: StatusCode, body: Body, note: Note) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY_ORIGIN);
    response.extensions_mut().insert(note);
    response
}

fn to_json(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).expect("texts, numbers and raw JSON under names always make JSON").into()
}

/// A strong validator: the first half of the bytes' SHA-256 in hexadecimal digits, in quotes.
fn etag(body: &[u8]) -> HeaderValue {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let hash = digest(&SHA256, body);
    let mut tag = Vec::with_capacity(34);
    tag.push(b'"');
    for byte in &hash.as_ref()[..16] {
        tag.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    tag.push(b'"');
    HeaderValue::from_bytes(&tag).expect("quoted hexadecimal digits make a header value")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(lines: &[&'static str]) -> KnownTags {
        KnownTags(lines.iter().map(|line| HeaderValue::from_static(line)).collect())
    }

    #[test]
    fn a_known_tag_may_be_weak_one_of_several_or_a_star() {
        let tag = HeaderValue::from_static("\"a\"");
        assert!(known(&["\"a\""]).hold(&tag));
        assert!(known(&["\"b\" , W/\"a\""]).hold(&tag));
        assert!(known(&["\"b\"", "\"a\""]).hold(&tag));
        assert!(known(&["*"]).hold(&tag));
    }

    #[test]
    fn another_tag_is_not_known() {
        let tag = HeaderValue::from_static("\"a\"");
        assert!(!known(&["\"b\"", "a", ""]).hold(&tag));
        assert!(!known(&[]).hold(&tag));
    }

    #[test]
    fn a_tag_depends_on_the_bytes_alone() {
        assert_eq!(etag(b"[]"), etag(b"[]"));
        assert_ne!(etag(b"[]"), etag(b"{}"));
    }
}
