//! Secrets that nobody named, known by their shape: what looks like a token or a key is one until somebody says otherwise.

use std::fmt;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// A JSON Web Token (RFC 7519), or an encrypted one (RFC 7516).
    Jwt,
    /// A private key in PEM form (RFC 7468).
    PrivateKey,
    /// What follows `Bearer`, `Basic` or `SSWS` in a header.
    Credentials,
    /// A password in a URL.
    UrlPassword,
    /// What begins as the keys of a known service do.
    AccessKey,
    /// Many characters in no order that a name has.
    Random,
}

impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Jwt => "a JSON Web Token",
            Self::PrivateKey => "a private key",
            Self::Credentials => "credentials of a header",
            Self::UrlPassword => "a password in a URL",
            Self::AccessKey => "an access key",
            Self::Random => "a long random text, as tokens are",
        })
    }
}

/// The parts of a text that look like secrets, in their order and apart.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, Shape)> {
    let mut found = Vec::new();
    private_keys(text, &mut found);
    url_passwords(text, &mut found);
    credentials(text, &mut found);
    runs(text, &mut found);
    found.sort_by_key(|(range, shape)| (range.start, *shape));
    let mut apart: Vec<(Range<usize>, Shape)> = Vec::with_capacity(found.len());
    for (range, shape) in found {
        match apart.last_mut() {
            Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
            _ => apart.push((range, shape)),
        }
    }
    apart
}

fn private_keys(text: &str, found: &mut Vec<(Range<usize>, Shape)>) {
    let mut at = 0;
    while let Some(start) = text[at..].find("-----BEGIN ").map(|start| at + start) {
        let label = start + "-----BEGIN ".len();
        at = label;
        let Some(end) = text[label..].find("-----").map(|end| label + end) else { break };
        if end - label > 40 || !text[label..end].ends_with("PRIVATE KEY") {
            continue;
        }
        let end = match text[end..].find("-----END ") {
            Some(last) => {
                let last = end + last + "-----END ".len();
                text[last..].find("-----").map_or(text.len(), |close| last + close + 5)
            }
            None => text.len(),
        };
        found.push((start..end, Shape::PrivateKey));
        at = end;
    }
}

fn url_passwords(text: &str, found: &mut Vec<(Range<usize>, Shape)>) {
    let mut at = 0;
    while let Some(start) = text[at..].find("://").map(|start| at + start + 3) {
        at = start;
        let ends = |character: char| character.is_whitespace() || "/?#\"'<>`\\".contains(character);
        let end = text[start..].find(ends).map_or(text.len(), |end| start + end);
        let Some(at_sign) = text[start..end].rfind('@') else { continue };
        let user = &text[start..start + at_sign];
        // `http://${USER}:${PASSWORD}@host` and the like hold a place for one.
        if user
            .split_once(':')
            .is_some_and(|(_, password)| !password.is_empty() && !password.starts_with(['$', '{', '<']))
        {
            found.push((start..start + at_sign, Shape::UrlPassword));
        }
    }
}

/// RFC 6750, RFC 7617, and the scheme of Okta's management API.
fn credentials(text: &str, found: &mut Vec<(Range<usize>, Shape)>) {
    const SCHEMES: [&str; 3] = ["bearer ", "basic ", "ssws "];
    for (at, _) in text.match_indices(' ') {
        let Some(scheme) = SCHEMES.iter().find(|scheme| {
            let start = (at + 1).checked_sub(scheme.len());
            start.and_then(|start| text.get(start..=at)).is_some_and(|word| word.eq_ignore_ascii_case(scheme))
        }) else {
            continue;
        };
        let start = at + 1;
        let is_of_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        let length = text[start..].bytes().take_while(|byte| is_of_token(*byte)).count();
        let token = &text[start..start + length];
        let is_secret = match *scheme {
            "basic " => STANDARD.decode(token).is_ok_and(|pair| pair.contains(&b':')),
            _ => length >= 20 && token.bytes().any(|byte| byte.is_ascii_digit()),
        };
        if is_secret {
            found.push((start..start + length, Shape::Credentials));
        }
    }
}

/// What lies between characters that no token has.
fn runs(text: &str, found: &mut Vec<(Range<usize>, Shape)>) {
    let is_of_run = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+=~".contains(&byte);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|byte| is_of_run(**byte)).count();
        // No key of a known service is shorter.
        if length >= 20 {
            let run = &text[at..at + length];
            let mut add = |range: Range<usize>, shape| found.push((at + range.start..at + range.end, shape));
            jwts(run, &mut add);
            access_keys(run, &mut add);
            // What an image in a document is written as.
            if !text[..at].ends_with("base64,") {
                random(run, &mut add);
            }
        }
        at += length + 1;
    }
}

fn jwts(run: &str, add: &mut impl FnMut(Range<usize>, Shape)) {
    let mut at = 0;
    // `{"` in Base64.
    while let Some(start) = run[at..].find("eyJ").map(|start| at + start) {
        at = start + 3;
        let is_of_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let mut end = start;
        let mut parts = 0;
        for part in run[start..].split('.').take(5) {
            let length = part.bytes().take_while(|byte| is_of_part(*byte)).count();
            if length == 0 {
                break;
            }
            end += usize::from(parts > 0) + length;
            parts += 1;
            if length < part.len() {
                break;
            }
        }
        let header = run[start..].split('.').next().unwrap_or_default();
        if parts >= 2 && is_header(header) {
            add(start..end, Shape::Jwt);
            at = end;
        }
    }
}

/// Whether this is the header of a token (RFC 7515 section 4): an object that names an algorithm.
fn is_header(part: &str) -> bool {
    let json = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    serde_json::from_slice::<Map<String, Value>>(&json).is_ok_and(|header| header.contains_key("alg"))
}

fn access_keys(run: &str, add: &mut impl FnMut(Range<usize>, Shape)) {
    /// What keys begin with, and how many characters follow at least.
    const KEYS: [(&str, usize); 16] = [
        ("ghp_", 36),
        ("gho_", 36),
        ("ghu_", 36),
        ("ghs_", 36),
        ("github_pat_", 22),
        ("glpat-", 20),
        ("xoxb-", 20),
        ("xoxp-", 20),
        ("xoxa-", 20),
        ("AKIA", 16),
        ("ASIA", 16),
        ("AIza", 35),
        ("sk_live_", 16),
        ("rk_live_", 16),
        ("npm_", 36),
        ("hvs.", 20),
    ];
    for (prefix, least) in KEYS {
        for (start, _) in run.match_indices(prefix) {
            let is_start = !run[..start].ends_with(|before: char| before.is_ascii_alphanumeric());
            let rest = &run[start + prefix.len()..];
            let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)).count();
            let has_digit = rest[..length].bytes().any(|byte| byte.is_ascii_digit());
            if is_start && length >= least && has_digit {
                add(start..start + prefix.len() + length, Shape::AccessKey);
            }
        }
    }
}

fn random(run: &str, add: &mut impl FnMut(Range<usize>, Shape)) {
    let mut start = 0;
    for piece in run.split(['.', '=', '~']) {
        if is_random(piece) {
            add(start..start + piece.len(), Shape::Random);
        }
        start += piece.len() + 1;
    }
}

/// Whether a piece changes between capitals, small letters and digits as drawn characters do: at 62 of 100 steps on the average,
/// and between letters and digits at 27. A name of several short words has as many capitals, but few digits.
fn is_random(piece: &str) -> bool {
    const SHORTEST: usize = 32;
    if piece.len() < SHORTEST {
        return false;
    }
    let kind = |byte: &u8| match byte {
        b'A'..=b'Z' => Some(0_usize),
        b'a'..=b'z' => Some(1),
        b'0'..=b'9' => Some(2),
        _ => None,
    };
    let kinds: Vec<usize> = piece.as_bytes().iter().filter_map(kind).collect();
    let has_all = (0..3).all(|kind| kinds.iter().filter(|seen| **seen == kind).count() >= 2);
    let changes = kinds.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let of_digits = kinds.windows(2).filter(|pair| (pair[0] == 2) != (pair[1] == 2)).count();
    let steps = kinds.len().saturating_sub(1);
    has_all && kinds.len() >= SHORTEST - 2 && changes * 100 >= steps * 45 && of_digits * 100 >= steps * 12
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A token that nobody ever issued.
    fn jwt() -> String {
        format!(
            "{}.{}.{}",
            URL_SAFE_NO_PAD.encode(r#"{"kid":"k","alg":"RS256"}"#),
            URL_SAFE_NO_PAD.encode(r#"{"sub":"backstage"}"#),
            "c2lnbmF0dXJl"
        )
    }

    fn shown(text: &str) -> Vec<(&str, Shape)> {
        find(text).into_iter().map(|(range, shape)| (&text[range], shape)).collect()
    }

    #[test]
    fn a_token_is_found_wherever_it_stands() {
        let jwt = jwt();
        for text in [jwt.clone(), format!("token={jwt}."), format!("say \"{jwt}\" to it"), format!("é{jwt}é")] {
            assert_eq!(shown(&text), [(jwt.as_str(), Shape::Jwt)], "{text}");
        }
        assert_eq!(shown(&format!("Authorization: Bearer {jwt}")).len(), 1);
    }

    #[test]
    fn a_private_key_is_found_to_its_end() {
        let key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----";
        assert_eq!(shown(&format!("a {key} b")), [(key, Shape::PrivateKey)]);
        assert_eq!(shown("-----BEGIN PRIVATE KEY-----\nMHcC").len(), 1);
        assert_eq!(shown("-----BEGIN CERTIFICATE-----\nMHcC\n-----END CERTIFICATE-----"), []);
    }

    #[test]
    fn credentials_are_found_by_what_stands_before_them() {
        assert_eq!(shown("Bearer 0123456789abcdef0123"), [("0123456789abcdef0123", Shape::Credentials)]);
        assert_eq!(shown("authorization: basic YTpi"), [("YTpi", Shape::Credentials)]);
        assert_eq!(shown("https://a:b@portal.example/c"), [("a:b", Shape::UrlPassword)]);
        assert_eq!(shown("https://portal.example/@c https://a@b.example https://${A}:${B}@c"), []);
        assert_eq!(shown("ghp_0123456789abcdefghijklmnopqrstuvwxyz")[0].1, Shape::AccessKey);
    }

    #[test]
    fn a_long_random_text_is_found() {
        for secret in
            ["k3Jf9sLq2Xv8Pz1Wm6Tb4Yc7Rd5Ng0Ha", "Zx8Q~".repeat(2).as_str(), "qT7vK2mX9bL4nR8cW1dY6fZ3gH5jP0sA-_uE"]
        {
            let is_long = secret.len() >= 32;
            assert_eq!(!shown(secret).is_empty(), is_long, "{secret}");
        }
    }

    #[test]
    fn what_documents_are_full_of_is_left_alone() {
        for text in [
            "getPetsByStatusAndCategoryV2UsingFilterOfOwnerGroup3",
            "550e8400-e29b-41d4-a716-446655440000",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "#/components/schemas/PetWithOwnerAndVeterinaryPractice",
            "https://api.example.com/v1/petstore/owners/{ownerId}/pets/{petId}/vaccinations",
            "Bearer authentication-is-required-here",
            "basic authentication",
            "data:image/png;base64,k3Jf9sLq2Xv8Pz1Wm6Tb4Yc7Rd5Ng0Ha",
            "application/vnd.example.resource.collection.v2+json",
            "THE_VERY_LONG_NAME_OF_A_CONSTANT_IN_CAPITALS_NUMBER_17",
        ] {
            assert_eq!(shown(text), [], "{text}");
        }
    }

    #[test]
    fn the_bundled_documents_hold_nothing_of_such_a_shape() {
        for scenario in understudy_scenarios::bundled::all() {
            let scenario = understudy_scenarios::Scenario::find(scenario.name).unwrap();
            for version in scenario.world().portal.products.iter().flat_map(|product| &product.versions) {
                assert_eq!(shown(version.spec.get()), []);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_the_text_what_is_found_is_in_it_and_apart(
            parts in prop::collection::vec(prop_oneof![
                any::<String>(), Just(jwt()), Just("Bearer ".to_owned()), Just("://a:b@".to_owned()), Just("eyJ".to_owned()),
                Just("-----BEGIN PRIVATE KEY-----".to_owned()), "[A-Za-z0-9._=+~-]{0,60}",
            ], 0..6),
        ) {
            let text = parts.concat();
            let mut end = 0;
            for (range, _) in find(&text) {
                prop_assert!(range.start >= end && range.end <= text.len() && !text[range.clone()].is_empty());
                end = range.end;
            }
        }
    }
}
