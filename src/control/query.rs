//! What stands behind the `?` of a request, and in its path.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::refusal::Refusal;

/// A query with a fixed set of keys.
pub(super) trait Keys: DeserializeOwned {
    /// The keys and what they take, for whoever gave others.
    const TAKES: &'static str;
}

/// A query, read. Unknown keys are errors.
pub(super) struct Query<T>(pub(super) T);

impl<S: Sync, T: Keys> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let query = parts.uri.query().unwrap_or_default();
        let wrong = |_| {
            let message = format!("the query has a key or a value that is not taken here: {}", T::TAKES);
            Refusal::new(StatusCode::BAD_REQUEST, "invalid-query", message)
        };
        serde_urlencoded::from_str(query).map(Self).map_err(wrong)
    }
}

/// The number in a path; none where it is not a number.
pub(super) fn number(path: Result<Path<u64>, PathRejection>) -> Option<u64> {
    path.ok().map(|Path(number)| number)
}
