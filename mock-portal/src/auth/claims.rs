//! A token's claims, read as leniently as a gateway reads them: a claim of another type is as good as absent, save
//! for times.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Refused;

/// The claims of a JWT (RFC 7519, section 4).
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Claims(Map<String, Value>);

impl Claims {
    /// A claim that is a text, and not an empty one.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A claim that is one text or a list of them, as `aud` is (RFC 7519, section 4.1.3).
    pub(crate) fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        let claim = self.0.get(name);
        let list = claim.and_then(Value::as_array).into_iter().flatten();
        claim.into_iter().chain(list).filter_map(Value::as_str)
    }

    /// A claim that is a NumericDate (RFC 7519, section 2): seconds since the epoch, not always whole. A time outside
    /// the years that a timestamp can hold is the nearest one that it can.
    ///
    /// # Errors
    /// When the claim is there and is not a number: a token whose end can't be told is not let in.
    pub(crate) fn time(&self, name: &'static str) -> Result<Option<Timestamp>, Refused> {
        let Some(claim) = self.0.get(name) else { return Ok(None) };
        let seconds = claim.as_f64().ok_or(Refused::NotATime(name))?;
        let nearest = if seconds < 0.0 { Timestamp::MIN } else { Timestamp::MAX };
        let since_epoch = SignedDuration::try_from_secs_f64(seconds).ok();
        Ok(Some(since_epoch.and_then(|since| Timestamp::from_duration(since).ok()).unwrap_or(nearest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(json: &str) -> Claims {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_audience_is_one_text_or_several() {
        assert_eq!(claims(r#"{"aud":"a"}"#).texts("aud").collect::<Vec<_>>(), ["a"]);
        assert_eq!(claims(r#"{"aud":["a",1,"b"]}"#).texts("aud").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(claims("{}").texts("aud").count(), 0);
    }

    #[test]
    fn a_time_may_have_a_fraction_and_be_out_of_all_years() {
        let claims = claims(r#"{"exp":1.5,"nbf":-1e300,"iat":1e18}"#);
        assert_eq!(claims.time("exp").unwrap(), Some(Timestamp::from_millisecond(1500).unwrap()));
        assert_eq!(claims.time("nbf").unwrap(), Some(Timestamp::MIN));
        assert_eq!(claims.time("iat").unwrap(), Some(Timestamp::MAX));
        assert_eq!(claims.time("auth_time").unwrap(), None);
    }

    #[test]
    fn a_time_that_is_no_number_is_refused() {
        assert!(claims(r#"{"exp":"tomorrow"}"#).time("exp").is_err());
        assert!(claims(r#"{"exp":null}"#).time("exp").is_err());
    }
}
