//! The last look at a recording before it is written: no secret is in it, in any form, and nothing of a secret's shape.

use std::fmt;

use understudy_scenarios::{Spec, read_text};

use super::secrets::Secrets;
use super::{json, shape};

/// A secret in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The file, by its path in the recording.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What stands there: never the secret itself.
    pub what: String,
}

impl fmt::Display for Leak {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, line {}: {}", self.file, self.line, self.what)
    }
}

/// Looks through a file: as it is written, and through what its strings say, which may be written otherwise.
pub(super) fn file(name: &str, text: &str, secrets: &Secrets) -> Vec<Leak> {
    let mut leaks: Vec<Leak> = Vec::new();
    for (at, what) in hits(text, secrets) {
        add(&mut leaks, Leak { file: name.to_owned(), line: line(text, at), what });
    }
    if text.trim_start().starts_with('{') {
        json::strings(text, |place, said| {
            for (_, what) in hits(said, secrets) {
                add(&mut leaks, Leak { file: name.to_owned(), line: line(text, place.offset), what });
            }
        });
    } else if let Ok(document) = read_text::<Spec>(name, text) {
        json::strings(document.get(), |_, said| {
            for (_, what) in hits(said, secrets) {
                // YAML has many ways to write a string, so that nobody can tell the line of what was not found as it stands.
                if leaks.iter().all(|leak| leak.what != what) {
                    leaks.push(Leak { file: name.to_owned(), line: 1, what });
                }
            }
        });
    }
    leaks.sort_by_key(|leak| leak.line);
    leaks
}

fn hits(text: &str, secrets: &Secrets) -> impl Iterator<Item = (usize, String)> {
    let known = secrets.find(text).into_iter().map(|(range, what)| (range.start, what.to_owned()));
    known.chain(shape::find(text).into_iter().map(|(range, shape)| (range.start, shape.to_string())))
}

fn add(leaks: &mut Vec<Leak>, leak: Leak) {
    if !leaks.contains(&leak) {
        leaks.push(leak);
    }
}

/// The line of an offset in bytes, from 1.
fn line(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaks(name: &str, text: &str) -> Vec<String> {
        let mut secrets = Secrets::default();
        secrets.add("the client secret", "marker-secret");
        file(name, text, &secrets).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_secret_is_found_with_its_line() {
        assert_eq!(leaks("a.yaml", "a: b\nc: xmarker-secret\n"), ["a.yaml, line 2: the client secret"]);
        assert_eq!(leaks("a.yaml", "a: b\n"), [""; 0]);
    }

    #[test]
    fn a_secret_that_is_written_with_escapes_is_found() {
        assert_eq!(leaks("a.json", "{\n\"a\": \"m\\u0061rker-secret\"}"), ["a.json, line 2: the client secret"]);
        assert_eq!(leaks("a.yaml", "a: \"m\\x61rker-secret\"\n"), ["a.yaml, line 1: the client secret"]);
    }

    #[test]
    fn what_looks_like_a_secret_is_found_though_nobody_named_it() {
        let text = "key: |\n  -----BEGIN PRIVATE KEY-----\n  MHcCAQ\n  -----END PRIVATE KEY-----\n";
        assert_eq!(leaks("a.yaml", text), ["a.yaml, line 2: a private key"]);
    }
}
