//! Why a caller is turned away: in words for the terminal, and in a challenge for the caller.

use axum::response::Response;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};
use jiff::SignedDuration;
use understudy_scenarios::Note;

use super::jwks::FetchError;
use crate::respond;

/// Why a caller is turned away. The words are for a person who watches, and never hold the token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("no bearer token")]
    NoToken,
    #[error("several Authorization headers")]
    Several,
    #[error("not a JWT")]
    NotAJwt,
    #[error("not a JWT but an opaque token")]
    Opaque,
    #[error("signed with {}, not RS256", shown(.0))]
    Algorithm(String),
    #[error("has a critical extension that is not understood (crit)")]
    Critical,
    #[error("names no key to check its signature with (no kid)")]
    NoKeyId,
    #[error("{0}")]
    Issuer(String),
    #[error("signed with an unknown key")]
    UnknownKey,
    #[error("bad signature")]
    Signature,
    #[error("its {0} is not a time")]
    NotATime(&'static str),
    #[error("token expired {} ago", spoken(.0))]
    Expired(SignedDuration),
    #[error("token expired before its time")]
    ExpiredEarly,
    #[error("token revoked")]
    Revoked,
    #[error("token not yet valid for {}", spoken(.0))]
    NotYet(SignedDuration),
    #[error("{0}")]
    Audience(String),
    #[error(transparent)]
    Keys(#[from] FetchError),
}

impl Refused {
    /// The issuer is none of the `trusted` ones.
    pub(crate) fn issuer(issuer: &str, trusted: &[&str]) -> Self {
        let trusted = if trusted.is_empty() { "none".to_owned() } else { trusted.join(", ") };
        Self::Issuer(match issuer {
            "" => format!("names no issuer (trusted: {trusted})"),
            issuer => format!("issuer {} is not trusted (trusted: {trusted})", shown(issuer)),
        })
    }

    /// The token is for these audiences, and not for the one that is `asked`.
    pub(crate) fn audience<'a>(held: impl Iterator<Item = &'a str>, asked: &str) -> Self {
        let held: Vec<String> = held.map(shown).collect();
        Self::Audience(match held.as_slice() {
            [] => format!("no audience, where {asked} is asked for"),
            held => format!("audience {} is not {asked}", held.join(", ")),
        })
    }

    /// 401 with a challenge (RFC 6750, section 3); 503 where the keys are missing, since a 401 would send the caller
    /// for a new token, which would not help.
    pub(crate) fn respond(&self, note: Note) -> Response {
        let note = note.refused(self.to_string());
        if let Self::Keys(_) = self {
            let words = "External auth can't fetch the issuer's keys";
            return respond::message(StatusCode::SERVICE_UNAVAILABLE, words, note);
        }
        let mut response = respond::message(StatusCode::UNAUTHORIZED, "Unauthorized", note);
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(self.challenge()));
        response
    }

    /// The error and its description belong to a token that was presented; without one there is the realm alone.
    fn challenge(&self) -> &'static str {
        macro_rules! invalid_token {
            ($why:literal) => {
                concat!(r#"Bearer realm="gloo-portal", error="invalid_token", error_description=""#, $why, "\"")
            };
        }
        match self {
            Self::NoToken | Self::Keys(_) => r#"Bearer realm="gloo-portal""#,
            Self::Several => concat!(
                r#"Bearer realm="gloo-portal", error="invalid_request", "#,
                r#"error_description="There is more than one Authorization header""#
            ),
            Self::NotAJwt | Self::Opaque | Self::NotATime(_) => invalid_token!("The token is malformed"),
            Self::Algorithm(_) | Self::Critical | Self::NoKeyId | Self::UnknownKey | Self::Signature => {
                invalid_token!("The token's signature can't be verified")
            }
            Self::Issuer(_) => invalid_token!("The token's issuer is not trusted"),
            Self::Expired(_) | Self::ExpiredEarly => invalid_token!("The token has expired"),
            Self::Revoked => invalid_token!("The token was revoked"),
            Self::NotYet(_) => invalid_token!("The token is not valid yet"),
            Self::Audience(_) => invalid_token!("The token is for another audience"),
        }
    }
}

/// A duration in one unit, the largest that there are two of: `12 s`, `90 min`, `36 h`, `8 d`.
fn spoken(duration: &SignedDuration) -> String {
    match duration.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// What a stranger sent, made fit for a terminal: without control characters, and not too long.
fn shown(text: &str) -> String {
    const MOST: usize = 200;
    let mut shown: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_told_in_the_largest_unit_that_there_are_two_of() {
        let spoken = |seconds| spoken(&SignedDuration::from_secs(seconds));
        assert_eq!([spoken(12), spoken(119), spoken(120)], ["12 s", "119 s", "2 min"]);
        assert_eq!([spoken(7_199), spoken(7_200), spoken(172_800)], ["119 min", "2 h", "2 d"]);
    }

    #[test]
    fn what_a_stranger_sent_can_t_move_the_cursor() {
        let refused = Refused::issuer("http://\u{1b}[2J\n", &["http://idp"]);
        assert_eq!(refused.to_string(), r"issuer http://\u{1b}[2J\n is not trusted (trusted: http://idp)");
        assert!(Refused::issuer(&"x".repeat(10_000), &[]).to_string().chars().count() < 300);
    }
}
