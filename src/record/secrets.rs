//! The secrets that a recording was made with, in every form in which a server may repeat them.

use std::fmt;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use url::form_urlencoded;

/// A shorter text may stand anywhere by chance: it can't be looked for.
const SHORTEST: usize = 8;
/// The parts of a token that are shorter are not secret: `e30` is `{}`.
const SHORTEST_PART: usize = 16;

/// Texts that must stand nowhere.
#[derive(Default)]
pub(super) struct Secrets(Vec<Form>);

/// One form of a secret.
struct Form {
    /// What it is a form of: `the client secret`.
    what: &'static str,
    text: SecretString,
}

impl Secrets {
    /// Adds a secret as it is and in the forms in which it may be sent. Answers whether it is long enough to be looked for.
    pub(super) fn add(&mut self, what: &'static str, secret: &str) -> bool {
        if secret.len() < SHORTEST {
            return false;
        }
        for text in forms(secret) {
            if self.0.iter().all(|form| form.text.expose_secret() != text) {
                self.0.push(Form { what, text: text.into() });
            }
        }
        true
    }

    /// Adds a token and its parts.
    pub(super) fn add_token(&mut self, token: &str) -> bool {
        let is_searchable = self.add("the access token", token);
        for part in token.split('.').filter(|part| part.len() >= SHORTEST_PART && part.len() < token.len()) {
            self.add("a part of the access token", part);
        }
        is_searchable
    }

    /// Where in a text they stand, in its order and apart.
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, &'static str)> {
        let mut found: Vec<(Range<usize>, &'static str)> = Vec::new();
        for form in &self.0 {
            let secret = form.text.expose_secret();
            if secret.len() <= text.len() {
                found.extend(text.match_indices(secret).map(|(at, _)| (at..at + secret.len(), form.what)));
            }
        }
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut apart: Vec<(Range<usize>, &'static str)> = Vec::with_capacity(found.len());
        for (range, what) in found {
            match apart.last_mut() {
                Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
                _ => apart.push((range, what)),
            }
        }
        apart
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Secrets").field("forms", &self.0.len()).finish()
    }
}

fn forms(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let json = json[1..json.len() - 1].to_owned();
    let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let percent: String = secret.bytes().map(percent).collect();
    let hex = |byte: u8| format!("{byte:02x}");
    let mut forms = vec![
        secret.to_owned(),
        json.replace('/', "\\/"),
        json,
        form.replace('+', "%20"),
        form,
        percent.to_ascii_lowercase(),
        percent,
        secret.bytes().map(|byte| hex(byte).to_uppercase()).collect(),
        secret.bytes().map(hex).collect(),
    ];
    for offset in 0..3 {
        forms.push(base64_core(&STANDARD_NO_PAD, secret, offset));
        forms.push(base64_core(&URL_SAFE_NO_PAD, secret, offset));
    }
    forms
}

/// RFC 3986 section 2.1, of all but unreserved characters.
fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// The characters that a secret has in Base64 whatever stands around it, where so many bytes stand before it, modulo 3: as
/// in the `Authorization: Basic` of a client's id and secret.
fn base64_core(engine: &impl Engine, secret: &str, offset: usize) -> String {
    let mut bytes = vec![0; offset];
    bytes.extend_from_slice(secret.as_bytes());
    let encoded = engine.encode(&bytes);
    // A character holds 6 bits: those that hold one of a neighbour's too are left out.
    let (first, end) = ((offset * 8).div_ceil(6), bytes.len() * 8 / 6);
    encoded[first..end].to_owned()
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    fn secrets(secret: &str) -> Secrets {
        let mut secrets = Secrets::default();
        assert!(secrets.add("the client secret", secret));
        secrets
    }

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secret = "mark\"er/s+cr t";
        let secrets = secrets(secret);
        let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        for text in [
            secret.to_owned(),
            serde_json::json!({ "a": secret }).to_string(),
            r#"{"a":"mark\"er\/s+cr t"}"#.to_owned(),
            format!("client_secret={encoded}"),
            "mark%22er%2fs%2bcr%20t".to_owned(),
            STANDARD.encode(secret),
            STANDARD.encode(format!("backstage:{secret}")),
            URL_SAFE_NO_PAD.encode(format!("??{secret}??")),
            secret.bytes().map(|byte| format!("{byte:02X}")).collect(),
        ] {
            assert!(!secrets.find(&text).is_empty(), "{text}");
        }
        assert!(!format!("{secrets:?}").contains("mark"));
    }

    #[test]
    fn a_short_secret_is_not_looked_for() {
        let mut secrets = Secrets::default();
        assert!(!secrets.add("the client secret", "secret"));
        assert_eq!(secrets.find("a secret"), []);
    }

    #[test]
    fn the_parts_of_a_token_are_secrets_too() {
        let mut secrets = Secrets::default();
        secrets.add_token("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln");
        assert_eq!(secrets.find("x eyJhbGciOiJSUzI1NiJ9 y")[0].1, "a part of the access token");
        assert_eq!(secrets.find("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln"), [(0..41, "the access token")]);
        assert_eq!(secrets.find("c2ln"), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_stands_around_it_a_secret_in_base64_is_found(
            secret in "\\PC{8,24}", before in prop::collection::vec(any::<u8>(), 0..5), after in prop::collection::vec(any::<u8>(), 0..5),
        ) {
            let bytes = [before.as_slice(), secret.as_bytes(), after.as_slice()].concat();
            let secrets = secrets(&secret);
            prop_assert!(!secrets.find(&STANDARD.encode(&bytes)).is_empty());
            prop_assert!(!secrets.find(&URL_SAFE_NO_PAD.encode(&bytes)).is_empty());
        }
    }
}
