//! An access token taken apart, without trusting it and without ever showing it.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// How long a token is taken apart at all: headers have no room for longer ones.
const LONGEST: usize = 64 * 1024;

/// A JSON Web Token in its compact form (RFC 7519, RFC 7515 section 7.1), its signature not checked.
#[derive(Debug)]
pub(in crate::check) struct Jwt {
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

/// Why a token is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum NotJwt {
    /// It does not have three parts: most likely opaque.
    Opaque,
    /// It is encrypted, in five parts (RFC 7516).
    Encrypted,
    /// Its header or its claims are no JSON object in base64url.
    Part(&'static str),
    /// It is longer than any header may be.
    TooLong,
}

/// A claim that holds a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::check) enum Time {
    /// It is not there.
    Absent,
    /// It is there and no number, so that nobody can go by it.
    NotANumber,
    /// Seconds since 1970, not always whole (RFC 7519 section 2).
    At(f64),
}

impl Jwt {
    pub(in crate::check) fn read(token: &str) -> Result<Self, NotJwt> {
        if token.len() > LONGEST {
            return Err(NotJwt::TooLong);
        }
        let parts: Vec<&str> = token.split('.').collect();
        match parts[..] {
            [header, claims, _] => Ok(Self { header: object(header, "header")?, claims: object(claims, "claims")? }),
            // Of the five, the first alone can be read.
            [header, _, _, _, _] if object(header, "header").is_ok() => Err(NotJwt::Encrypted),
            _ => Err(NotJwt::Opaque),
        }
    }

    /// The header's `alg`.
    pub(in crate::check) fn algorithm(&self) -> Option<&str> {
        self.header.get("alg").and_then(Value::as_str)
    }

    /// The header's `kid`.
    pub(in crate::check) fn key_id(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }

    /// A claim that is a text, and not an empty one.
    pub(in crate::check) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A claim that is one text or a list of them, as `aud` is (RFC 7519 section 4.1.3).
    pub(in crate::check) fn texts(&self, name: &str) -> Vec<&str> {
        match self.claims.get(name) {
            Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }

    pub(in crate::check) fn time(&self, name: &str) -> Time {
        match self.claims.get(name) {
            None => Time::Absent,
            Some(claim) => claim.as_f64().filter(|seconds| seconds.is_finite()).map_or(Time::NotANumber, Time::At),
        }
    }

    /// The names of its claims, in their order.
    pub(in crate::check) fn names(&self) -> impl Iterator<Item = &str> {
        self.claims.keys().map(String::as_str)
    }
}

impl Time {
    pub(in crate::check) fn seconds(self) -> Option<f64> {
        match self {
            Self::At(seconds) => Some(seconds),
            Self::Absent | Self::NotANumber => None,
        }
    }
}

/// A time as claims have it.
pub(in crate::check) fn since_1970(time: SystemTime) -> f64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => since.as_secs_f64(),
        Err(before) => -before.duration().as_secs_f64(),
    }
}

/// So many seconds in words: `45 s`, `5 min`, `90 min`, `12 days`; the longer, the less exact.
pub(in crate::check) fn span(seconds: f64) -> String {
    // No claim of a sane token is beyond; what is, is told as that.
    let whole = Duration::try_from_secs_f64(seconds.abs().round()).map_or(u64::MAX, |span| span.as_secs());
    let nearest = |unit: u64| whole.saturating_add(unit / 2) / unit;
    let two = |big: u64, unit: &str, small: u64, below: &str| match small {
        0 => format!("{big} {unit}"),
        small => format!("{big} {unit} {small} {below}"),
    };
    match whole {
        0..120 => format!("{whole} s"),
        120..600 => two(whole / 60, "min", whole % 60, "s"),
        600..7200 => format!("{} min", nearest(60)),
        7200..172_800 => two(nearest(60) / 60, "h", nearest(60) % 60, "min"),
        172_800..315_576_000 => two(nearest(3600) / 24, "days", nearest(3600) % 24, "h"),
        _ => "more than 10 years".to_owned(),
    }
}

fn object(part: &str, name: &'static str) -> Result<Map<String, Value>, NotJwt> {
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).map_err(|_| NotJwt::Part(name))?;
    serde_json::from_slice(&bytes).map_err(|_| NotJwt::Part(name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(header: &str, claims: &str) -> String {
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn a_token_is_read_by_its_parts() {
        let jwt = Jwt::read(&token(r#"{"alg":"RS256","kid":"k"}"#, r#"{"aud":["a",1],"exp":1.5,"nbf":"x","cid":""}"#));
        let jwt = jwt.unwrap();
        assert_eq!((jwt.algorithm(), jwt.key_id()), (Some("RS256"), Some("k")));
        assert_eq!((jwt.texts("aud"), jwt.text("cid")), (vec!["a"], None));
        assert_eq!(
            (jwt.time("exp"), jwt.time("nbf"), jwt.time("iat")),
            (Time::At(1.5), Time::NotANumber, Time::Absent)
        );
    }

    #[test]
    fn what_is_no_jwt_is_told_apart() {
        let read = |token: &str| Jwt::read(token).unwrap_err();
        assert_eq!(read("oaauth-opaque"), NotJwt::Opaque);
        assert_eq!(read(&format!("{}.a.b.c.d", URL_SAFE_NO_PAD.encode("{}"))), NotJwt::Encrypted);
        assert_eq!(read("a.b.c.d.e"), NotJwt::Opaque);
        assert_eq!(read("!.e30.c2ln"), NotJwt::Part("header"));
        assert_eq!(read(&token("{}", "[]")), NotJwt::Part("claims"));
        assert_eq!(read(&"a".repeat(LONGEST + 1)), NotJwt::TooLong);
    }

    #[test]
    fn spans_are_told_as_people_do() {
        let told = [0.0, 45.4, 301.0, 3599.0, 5400.0, 93_600.0, 2_591_999.0, 2.0e9, f64::INFINITY, -90.0].map(span);
        assert_eq!(
            told.join(", "),
            "0 s, 45 s, 5 min 1 s, 60 min, 90 min, 26 h, 30 days, more than 10 years, more than 10 years, 90 s"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(token in any::<String>(), header in any::<String>(), claims in any::<String>()) {
            let _ = Jwt::read(&token);
            let made = format!("{}.{}.{token}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
            let _ = Jwt::read(&made);
        }

        #[test]
        fn any_number_is_a_span(seconds in any::<f64>()) {
            prop_assert!(!span(seconds).is_empty());
        }
    }
}
