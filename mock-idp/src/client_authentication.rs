//! How a client proves itself at an endpoint (RFC 6749 section 2.3): by HTTP Basic or by the form. Never by both, says the RFC;
//! Keycloak takes what each says.

use std::borrow::Cow;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;
use understudy_scenarios::Secret;

use crate::directory::{Client, Directory};
use crate::form::Form;

/// Base64 with or without padding, as clients send both.
const BASIC: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a request says about who sends it. It holds a secret, so it is never printed.
pub(crate) struct Presented<'f> {
    basic: Option<(String, String)>,
    id: Option<Cow<'f, str>>,
    secret: Option<Cow<'f, str>>,
    assertion: bool,
}

/// Why a client is not who it says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    NoClientId,
    UnknownClient,
    NoSecret,
    WrongSecret,
    /// A `client_assertion`, for which no client of a world has a key.
    Assertion,
}

impl<'f> Presented<'f> {
    /// Takes what the header and the form say. A header of another scheme, or one that makes no sense, says nothing.
    pub(crate) fn new(headers: &HeaderMap, form: &'f Form) -> Self {
        Self {
            basic: headers.get(AUTHORIZATION).and_then(|value| basic(value.as_bytes())),
            id: form.get("client_id").map(Cow::Borrowed),
            secret: form.get("client_secret").map(Cow::Borrowed),
            assertion: form.get("client_assertion").is_some(),
        }
    }

    /// Takes id and secret each from the form, though it be empty there, and else from the header: Keycloak's way. An
    /// assertion says nothing, since no client of a world has a key.
    pub(crate) fn form_first(headers: &HeaderMap, form: &'f Form) -> Self {
        let header = headers.get(AUTHORIZATION).and_then(|value| basic(value.as_bytes()));
        let (id, secret) = header.unzip();
        let first = |name, other: Option<String>| form.given(name).map(Cow::Borrowed).or(other.map(Cow::Owned));
        Self { basic: None, id: first("client_id", id), secret: first("client_secret", secret), assertion: false }
    }

    /// The client that the request names.
    pub(crate) fn client_id(&self) -> Option<&str> {
        self.basic.as_ref().map(|(id, _)| id.as_str()).filter(|id| !id.is_empty()).or(self.id.as_deref())
    }

    /// Whether the client proves itself by the `Authorization` header.
    pub(crate) fn by_header(&self) -> bool {
        self.basic.is_some()
    }

    /// Whether there is a client id in the form beside the header: too much for Okta, even where they are equal.
    pub(crate) fn names_itself_twice(&self) -> bool {
        self.basic.is_some() && self.id.is_some()
    }

    /// Whether there are proofs of two kinds, which there may not be (RFC 6749 section 2.3).
    pub(crate) fn has_two_proofs(&self) -> bool {
        [self.basic.is_some(), self.secret.is_some(), self.assertion].iter().filter(|given| **given).count() > 1
    }

    /// The client that it is. A public client has nothing to prove.
    pub(crate) fn authenticate<'d>(&self, directory: &'d Directory) -> Result<&'d Client, Failure> {
        let Some(id) = self.client_id() else {
            return Err(if self.assertion { Failure::Assertion } else { Failure::NoClientId });
        };
        let client = directory.client(id).ok_or(Failure::UnknownClient)?;
        let Some(secret) = &client.secret else {
            return Ok(client);
        };
        match self.basic.as_ref().map(|(_, secret)| secret.as_str()).or(self.secret.as_deref()) {
            Some(presented) if is_equal(presented, secret) => Ok(client),
            Some(presented) if !presented.is_empty() => Err(Failure::WrongSecret),
            _ if self.assertion => Err(Failure::Assertion),
            _ => Err(Failure::NoSecret),
        }
    }
}

/// Whether a header says that it is of this scheme, and is no base64.
pub(crate) fn is_garbled(headers: &HeaderMap) -> bool {
    let encoded = headers.get(AUTHORIZATION).and_then(|value| encoded(value.as_bytes()));
    encoded.is_some_and(|encoded| BASIC.decode(encoded).is_err())
}

fn encoded(header: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = header.split_at_checked(6)?;
    scheme.eq_ignore_ascii_case(b"basic ").then(|| rest.trim_ascii())
}

/// The client id and the secret, each form-encoded before it was put into the header (RFC 6749 section 2.3.1).
fn basic(header: &[u8]) -> Option<(String, String)> {
    let pair = String::from_utf8(BASIC.decode(encoded(header)?).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

/// Decodes one value of a form.
fn form_decoded(value: &str) -> String {
    percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// Compares digests in constant time, so that not even the secret's length can be told from how long it takes.
fn is_equal(presented: &str, secret: &Secret) -> bool {
    let presented = digest(&SHA256, presented.as_bytes());
    let secret = digest(&SHA256, secret.expose().as_bytes());
    verify_slices_are_equal(presented.as_ref(), secret.as_ref()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::BASE64_STANDARD;

    fn header(pair: &str) -> Vec<u8> {
        format!("Basic {}", BASE64_STANDARD.encode(pair)).into_bytes()
    }

    #[test]
    fn basic_credentials_are_form_decoded() {
        let decoded = basic(&header("my%20app:a%3Ab+c%25")).unwrap();
        assert_eq!(decoded, ("my app".to_owned(), "a:b c%".to_owned()));
    }

    #[test]
    fn only_the_first_colon_parts_the_id_from_the_secret() {
        assert_eq!(basic(&header("app:a:b&c=d")).unwrap().1, "a:b&c=d");
    }

    #[test]
    fn a_lone_percent_sign_stands_for_itself() {
        assert_eq!(basic(&header("app:100%")).unwrap().1, "100%");
    }

    #[test]
    fn another_scheme_or_rubbish_says_nothing() {
        for header in [&b"Bearer abc"[..], b"Basic", b"Basic !!!", b"", b"Basic YWJj"] {
            assert!(basic(header).is_none());
        }
    }
}
