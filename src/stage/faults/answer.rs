//! Answers in place of the mock's own.

use axum::body::Body;
use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Response, StatusCode, Uri};
use jiff::Timestamp;
use understudy_scenarios::{Ids, RedirectFault, Server, StatusFault, World};

use super::vendor::{self, Voice, Words};

/// What an answer's words depend on beside the fault.
pub(super) struct Scene<'a> {
    pub(super) server: Server,
    pub(super) uri: &'a Uri,
    pub(super) world: &'a World,
    pub(super) ids: &'a Ids,
    pub(super) now: Timestamp,
}

/// What a proxy or an identity provider sends to whom it takes for a browser.
const LOGIN_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Sign in</title></head>\n\
    <body>\n<h1>Sign in</h1>\n<form method=\"post\" action=\"/login\">\n<label>Username <input name=\"username\"></label>\n\
    <label>Password <input name=\"password\" type=\"password\"></label>\n<button>Sign in</button>\n</form>\n</body>\n</html>\n";

impl Scene<'_> {
    pub(super) fn status(&self, fault: &StatusFault) -> Response<Body> {
        let status = status(fault.code);
        let words = match (&fault.body, fault.error) {
            (Some(body), _) => {
                let (content_type, body) = (vendor::content_type(&body.0), body.0.clone());
                Words { body, content_type, headers: Vec::new() }
            }
            (None, Some(error)) => vendor::said(error, status, self.ids, self.now),
            (None, None) => self.voice().words(status, self.ids, self.now),
        };
        let mut response = speak(status, words);
        let given = fault.headers.iter();
        for (name, value) in given.filter_map(|(name, value)| Some((name.parse::<HeaderName>().ok()?, value))) {
            // Checked when the fault was put in force.
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }

    /// 429, to be tried again in so many seconds.
    pub(super) fn too_many(&self, seconds: i64) -> Response<Body> {
        let status = StatusCode::TOO_MANY_REQUESTS;
        let mut response = speak(status, self.voice().words(status, self.ids, self.now));
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        response
    }

    pub(super) fn redirect(&self, fault: &RedirectFault) -> Response<Body> {
        let own = || self.uri.path_and_query().map_or("/", |own| own.as_str());
        let to = fault.to.as_deref().unwrap_or_else(own);
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status(fault.code.unwrap_or(302));
        // Checked when the fault was put in force, and a request's own path has none but visible characters.
        if let Ok(to) = HeaderValue::from_str(to) {
            response.headers_mut().insert(LOCATION, to);
        }
        response
    }

    fn voice(&self) -> Voice {
        Voice::at(self.server, self.uri.path(), self.world)
    }
}

/// A page of HTML, with 200.
pub(super) fn html() -> Response<Body> {
    let content_type = HeaderValue::from_static("text/html; charset=utf-8");
    speak(StatusCode::OK, Words { body: LOGIN_PAGE.to_owned(), content_type, headers: Vec::new() })
}

fn speak(status: StatusCode, words: Words) -> Response<Body> {
    let has_body = !matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED);
    let mut response = Response::new(if has_body { Body::from(words.body) } else { Body::empty() });
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.extend(words.headers);
    if has_body {
        headers.insert(CONTENT_TYPE, words.content_type);
    }
    response
}

fn status(code: u16) -> StatusCode {
    // Checked when the fault was put in force.
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
