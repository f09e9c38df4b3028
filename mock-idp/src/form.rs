//! The form that a token request is: `application/x-www-form-urlencoded`, of limited size, each parameter once.

use std::collections::HashSet;

use axum::body::Body;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

/// The longest body that is read, in bytes.
pub(crate) const LIMIT: usize = 64 * 1024;

/// A form's parameters, decoded. It may hold secrets, so it is never printed.
pub(crate) struct Form(Vec<(String, String)>);

/// Why a body is no form.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormError {
    #[error("the body is not a form")]
    NotAForm,
    #[error("the body is longer than {LIMIT} bytes")]
    TooLong,
    #[error("the body ended before its time")]
    Broken,
}

impl Form {
    /// A form without parameters.
    pub(crate) const EMPTY: Self = Self(Vec::new());

    /// Reads a request's body.
    pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Self, FormError> {
        let body = Limited::new(body, LIMIT)
            .collect()
            .await
            .map_err(|error| if error.is::<LengthLimitError>() { FormError::TooLong } else { FormError::Broken })?;
        let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(FormError::NotAForm);
        }
        Ok(Self::parse(&body.to_bytes()))
    }

    /// Reads the text of a form or of a query.
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// The parameter's value. One without a value counts as left out (RFC 6749 section 3.2).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        (!value.is_empty()).then_some(value.as_str())
    }

    /// The parameter's value, though it be empty.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a parameter comes twice, which none may (RFC 6749 section 3.2).
    pub(crate) fn has_duplicates(&self) -> bool {
        let mut seen = HashSet::with_capacity(self.0.len());
        !self.0.iter().all(|(key, _)| seen.insert(key.as_str()))
    }

    /// The scopes asked for, each once, in the order asked (RFC 6749 section 3.3).
    pub(crate) fn scopes(&self) -> Vec<&str> {
        let mut scopes = Vec::new();
        let mut seen = HashSet::new();
        for scope in self.get("scope").unwrap_or_default().split_ascii_whitespace() {
            if seen.insert(scope) {
                scopes.push(scope);
            }
        }
        scopes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_without_a_value_counts_as_left_out() {
        let form = Form::parse(b"scope=&grant_type=client_credentials");
        assert_eq!(form.get("scope"), None);
        assert_eq!(form.get("grant_type"), Some("client_credentials"));
    }

    #[test]
    fn a_parameter_that_comes_twice_is_noticed_even_with_the_same_value() {
        assert!(Form::parse(b"a=1&b=2&a=1").has_duplicates());
        assert!(!Form::parse(b"a=1&b=1").has_duplicates());
    }

    #[test]
    fn scopes_are_asked_for_once_each() {
        assert_eq!(Form::parse(b"scope=b+a%20b").scopes(), ["b", "a"]);
    }
}
