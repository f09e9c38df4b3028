//! Why a request was turned away, and the one form in which that is answered.
//!
//! Nothing that the caller sent is repeated, so that an answer of this server can carry nobody's script, link or secret.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use understudy_scenarios::LoadError;
use utoipa::ToSchema;

use super::answer::Answer;
use crate::stage::PlayError;

/// A refusal on its way to being answered.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    error: Error,
}

/// What every refusal answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Refused {
    error: Error,
}

/// Why it was refused.
#[derive(Debug, Serialize, ToSchema)]
struct Error {
    /// For programs, such as `not-found`.
    code: &'static str,
    /// For people. It repeats nothing of the request.
    #[schema(value_type = String)]
    message: Cow<'static, str>,
    /// The line of the body that is at fault, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// The column in that line, in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, error: Error { code, message: message.into(), line: None, column: None } }
    }

    /// The body says what can't be done.
    pub(super) fn unprocessable(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", message)
    }

    pub(super) fn at(mut self, line: Option<usize>, column: Option<usize>) -> Self {
        (self.error.line, self.error.column) = (line, column);
        self
    }
}

impl From<LoadError> for Refusal {
    fn from(error: LoadError) -> Self {
        // The loader speaks of files; here there is a body.
        let message = error.without_content().replace("the file", "the body");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", message).at(error.line(), error.column())
    }
}

impl From<PlayError> for Refusal {
    fn from(error: PlayError) -> Self {
        match error {
            PlayError::NeedsSubject(_) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "needs-subject",
                "the step is about a subject, and a stage by itself has none; `understudy run` plays it",
            ),
            PlayError::Step(error) => Self::unprocessable(error.without_content()),
            PlayError::Change(error) => Self::unprocessable(error.without_content()),
            PlayError::Fault(error) => Self::unprocessable(error.without_content()),
            PlayError::NoFault(_) => Self::new(
                StatusCode::NOT_FOUND,
                "no-such-fault",
                "no fault with this name is in force; GET /faults lists them",
            ),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.status;
        let mut response = (status, Answer(Refused { error: self.error })).into_response();
        if status == StatusCode::UNAUTHORIZED {
            const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer realm=\"understudy control\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, CHALLENGE);
        }
        response
    }
}

pub(super) async fn not_found() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this path; GET / lists what there is")
}

pub(super) async fn method_not_allowed() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "there is something at this path, but not for this method; `Allow` names those that it has",
    )
}
