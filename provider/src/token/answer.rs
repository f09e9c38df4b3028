//! A token response (RFC 6749 section 5.1) as the oauth2 crate reads it.

use std::time::Duration;

use oauth2::basic::BasicTokenType;
use oauth2::{RefreshToken, Scope, TokenResponse};
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer, Serialize};

/// A token response (RFC 6749 section 5.1), read leniently where servers are known to be lax.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct TokenAnswer {
    access_token: oauth2::AccessToken,
    /// Compared without case (RFC 6749 section 5.1); left out, it counts as Bearer.
    #[serde(default, deserialize_with = "lower_case")]
    token_type: Option<BasicTokenType>,
    /// In seconds; anything that is no number counts as not told.
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<f64>,
}

impl TokenAnswer {
    pub(super) fn is_bearer(&self) -> bool {
        matches!(self.token_type, None | Some(BasicTokenType::Bearer))
    }

    /// How long the token lives, where that is told: not at all, if `expires_in` is negative.
    pub(super) fn life(&self) -> Option<Duration> {
        // 10^10 seconds are 300 years, and any clock can hold them.
        self.expires_in.map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, 1e10)))
    }

    pub(super) fn into_secret(self) -> String {
        self.access_token.into_secret()
    }
}

impl TokenResponse for TokenAnswer {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &oauth2::AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        self.token_type.as_ref().unwrap_or(&BasicTokenType::Bearer)
    }

    fn expires_in(&self) -> Option<Duration> {
        self.life()
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

fn lower_case<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<BasicTokenType>, D::Error> {
    let Some(token_type) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    BasicTokenType::deserialize(token_type.to_ascii_lowercase().into_deserializer()).map(Some)
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let seconds = match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Number(number) => number.as_f64(),
        serde_json::Value::String(text) => text.parse().ok(),
        _ => None,
    };
    Ok(seconds.filter(|seconds| seconds.is_finite()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expires_in_of_any_kind_is_read() {
        let read = |expires_in: &str| {
            let json = format!(r#"{{"access_token":"t","token_type":"bearer","expires_in":{expires_in}}}"#);
            serde_json::from_str::<TokenAnswer>(&json).unwrap().expires_in
        };
        assert_eq!(read("3600"), Some(3600.0));
        assert_eq!(read("\"3600\""), Some(3600.0));
        assert_eq!(read("-1.5"), Some(-1.5));
        assert_eq!(read("1e300"), Some(1e300));
        assert_eq!(read("null"), None);
        assert_eq!(read("\"soon\""), None);
        assert_eq!(read("{}"), None);
    }
}
