//! How text from elsewhere (URLs, bodies) is shown in a message: short, on one line, without secrets.

use std::fmt;

use serde::Serialize;
use url::{Url, form_urlencoded};

/// How many characters of a foreign text a message shows.
const SHOWN: usize = 200;
/// How many characters of a URL a message shows: more than any that leads somewhere has.
const LONGEST_URL: usize = 500;

/// A URL as messages show it: without user name, password, the values of its query, or a fragment, and cut where it is
/// beyond reading.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ShownUrl(String);

impl ShownUrl {
    /// The URL without what may be secret.
    #[must_use]
    pub fn of(url: &Url) -> Self {
        let mut shown = url.clone();
        let has_query = url.query().is_some();
        shown.set_query(None);
        shown.set_fragment(None);
        // Both fail only on URLs that cannot hold credentials in the first place.
        let _ = shown.set_username("");
        let _ = shown.set_password(None);
        let mut shown = String::from(shown);
        if shown.len() > LONGEST_URL {
            // A parsed URL is of ASCII alone.
            shown.truncate(LONGEST_URL);
            shown.push('…');
        }
        if has_query {
            shown.push_str("?…");
        }
        Self(shown)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShownUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for ShownUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

/// The beginning of a body in quotes and on one line, without the secret even where the server echoes it; `secret` may be
/// empty where there is none.
#[must_use]
pub fn body(body: &[u8], secret: &str) -> String {
    // The longest form that is looked for: every byte of the secret as `\u001f`.
    let longest = secret.len() * 6;
    let window = 4 * SHOWN + longest;
    let text = if body.len() <= window {
        redact(&String::from_utf8_lossy(body), secret)
    } else {
        let text = redact(&String::from_utf8_lossy(&body[..window]), secret);
        // The window may end in the middle of a secret, which then was not found: drop as much as that could be.
        let kept = text.chars().count().saturating_sub(longest);
        text.chars().take(kept).collect()
    };
    let line = one_line(&text);
    if line.is_empty() { "an empty body".to_owned() } else { format!("\"{line}\"") }
}

/// A server's own words on one line and cut, without the secret even where the server echoes it.
#[must_use]
pub fn words(text: &str, secret: &str) -> String {
    one_line(&redact(text, secret))
}

/// An id or a name in backquotes, on one line.
#[must_use]
pub fn name(name: &str) -> String {
    format!("`{}`", one_line(name))
}

/// What a member is: its value in backquotes, or the word "empty".
#[must_use]
pub fn value(value: &str) -> String {
    if value.trim().is_empty() { "empty".to_owned() } else { name(value) }
}

fn redact(text: &str, secret: &str) -> String {
    if secret.is_empty() {
        return text.to_owned();
    }
    let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = serde_json::Value::from(secret).to_string();
    let json = &json[1..json.len() - 1];
    [secret, &form, json, &json.replace('/', "\\/")].iter().fold(text.to_owned(), |text, form| text.replace(form, "…"))
}

/// Runs of white space and control characters become one space; a long text is cut.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for (count, character) in text
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .flat_map(|word| std::iter::once(' ').chain(word.chars()))
        .skip(1)
        .enumerate()
    {
        if count == SHOWN {
            line.push('…');
            break;
        }
        line.push(character);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_what_may_be_secret() {
        let url = Url::parse("https://user:pass@idp.example/token?key=secret#part").unwrap();
        assert_eq!(ShownUrl::of(&url).as_str(), "https://idp.example/token?…");
    }

    #[test]
    fn a_url_beyond_reading_is_cut() {
        let url = Url::parse(&format!("https://portal.example/{}?a=b", "x".repeat(70_000))).unwrap();
        let shown = ShownUrl::of(&url);
        assert_eq!((shown.as_str().chars().count(), shown.as_str().ends_with("x…?…")), (503, true));
    }

    #[test]
    fn a_body_is_quoted_on_one_line_and_cut() {
        assert_eq!(body(b"<html>\n  <body>\tno\r\n", ""), r#""<html> <body> no""#);
        assert_eq!(body(b" \n", ""), "an empty body");
        assert_eq!(body("é".repeat(1000).as_bytes(), ""), format!("\"{}…\"", "é".repeat(200)));
    }

    #[test]
    fn an_echoed_secret_is_not_quoted_in_any_form() {
        assert_eq!(body(b"you sent s3cr t!+ or s3cr+t%21%2B", "s3cr t!+"), r#""you sent … or …""#);
        assert_eq!(body(br#"{"secret":"a\"b\/c"}"#, "a\"b/c"), r#""{"secret":"…"}""#);
        assert_eq!(body(br#"{"secret":"a\"b/c"}"#, "a\"b/c"), r#""{"secret":"…"}""#);
    }

    #[test]
    fn a_secret_that_the_window_cuts_is_not_quoted_in_part() {
        let quoted = body("marker-secret".repeat(500).as_bytes(), "marker-secret");
        assert!(!quoted.contains("mark"), "{quoted}");
    }
}
