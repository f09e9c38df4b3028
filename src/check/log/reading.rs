//! Reads a log of any length, a piece at a time, and keeps what its lines tell: how often each thing was told, and where.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use super::lines::{self, Line};
use crate::token_shape::token;

/// How much of a line is looked at: `debugLogging` writes whole answers on one line, and what is known stands before them.
const LOOKED_AT: usize = 64 * 1024;
/// How much is read at once.
const PIECE: usize = 64 * 1024;
/// How much of a line is shown.
const SHOWN: usize = 200;
/// How many names are kept of a kind of line.
const NAMES: usize = 5;

/// What a log tells.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// How many lines it has.
    pub(super) lines: u64,
    /// How many are the plugin's own.
    pub(super) of_plugin: u64,
    seen: BTreeMap<Line, Seen>,
}

/// How often a line was told, and where.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) count: u64,
    /// The number of the first, from 1.
    pub(super) first: u64,
    /// The number of the last.
    pub(super) last: u64,
    /// What the last says, on one line, without tokens.
    pub(super) text: String,
    /// What they name, such as an entity; some of them.
    pub(super) names: BTreeSet<String>,
    /// Whether there were more names.
    pub(super) more: bool,
}

impl Seen {
    /// `line 7`, or `3 times, lines 7 to 90`.
    pub(super) fn places(&self) -> String {
        match self.count {
            ..=1 => format!("line {}", self.first),
            count => format!("{count} times, lines {} to {}", self.first, self.last),
        }
    }

    /// What they name, for a sentence.
    pub(super) fn named(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let more = if self.more { " and more" } else { "" };
        format!("{}{more}", names.join(", "))
    }
}

impl Reading {
    /// What is known of a line.
    pub(super) fn seen(&self, line: Line) -> Option<&Seen> {
        self.seen.get(&line)
    }

    /// How often a line was told.
    pub(super) fn count(&self, line: Line) -> u64 {
        self.seen(line).map_or(0, |seen| seen.count)
    }

    fn take(&mut self, text: &str, secret: Option<&str>) {
        self.lines += 1;
        if text.contains(lines::PLUGIN) {
            self.of_plugin += 1;
        }
        for (line, name) in lines::known(text) {
            self.note(line, name, text, secret);
        }
        if token(text).is_some() {
            self.note(Line::Token, None, text, secret);
        }
        if secret.is_some_and(|secret| text.contains(secret)) {
            self.note(Line::ClientSecret, None, text, secret);
        }
    }

    fn note(&mut self, line: Line, name: Option<&str>, text: &str, secret: Option<&str>) {
        let number = self.lines;
        let seen = self.seen.entry(line).or_default();
        seen.count += 1;
        if seen.count == 1 {
            seen.first = number;
        }
        seen.last = number;
        seen.text = shown(text, secret);
        if let Some(name) = name {
            let name = shown(name, secret);
            if seen.names.len() < NAMES || seen.names.contains(&name) {
                seen.names.insert(name);
            } else {
                seen.more = true;
            }
        }
    }
}

/// Reads a log to its end. `secret` is the client's, where it is known: it should not be there.
pub(super) fn read(mut log: impl Read, secret: Option<&str>) -> io::Result<Reading> {
    let mut reading = Reading::default();
    let mut piece = vec![0; PIECE];
    // The beginning of the line that is under way, and whether there is one.
    let (mut line, mut is_under_way) = (Vec::new(), false);
    loop {
        let length = match log.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let mut rest = &piece[..length];
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == b'\n');
            let part = &rest[..end.unwrap_or(rest.len())];
            line.extend_from_slice(&part[..part.len().min(LOOKED_AT - line.len())]);
            is_under_way = true;
            rest = match end {
                Some(end) => {
                    reading.take(&plain(&line), secret);
                    line.clear();
                    is_under_way = false;
                    &rest[end + 1..]
                }
                None => &[],
            };
        }
    }
    if is_under_way {
        reading.take(&plain(&line), secret);
    }
    Ok(reading)
}

/// The text of a line, without the colours of a terminal.
fn plain(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let mut plain = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..at]);
        let codes = &rest[at + 2..];
        let end = codes.find(|c: char| c.is_ascii_alphabetic()).map_or(codes.len(), |end| end + 1);
        rest = &codes[end..];
    }
    plain.push_str(rest);
    plain
}

/// A text on one line, shortened, without what is secret.
fn shown(text: &str, secret: Option<&str>) -> String {
    let mut text = text.to_owned();
    if let Some(secret) = secret {
        text = text.replace(secret, "…");
    }
    while let Some((start, end)) = token(&text) {
        text.replace_range(start..end, "…");
    }
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

    #[test]
    fn a_line_is_known_with_its_number_whatever_surrounds_it() {
        let log = "one\n\u{1b}[2m12:00\u{1b}[22m \u{1b}[34mcatalog\u{1b}[39m \u{1b}[33mwarn\u{1b}[39m gloo-platform-portal: access token is expired! \nthree";
        let reading = read(log.as_bytes(), None).unwrap();
        let seen = reading.seen(Line::TokenExpired).unwrap();
        assert_eq!((reading.lines, reading.of_plugin, seen.places()), (3, 1, "line 2".to_owned()));
        assert_eq!(seen.text, "12:00 catalog warn gloo-platform-portal: access token is expired!");
    }

    #[test]
    fn a_token_is_found_and_never_kept() {
        let log =
            format!("gloo-platform-portal: x\nwith header: \"Authorization: Bearer {TOKEN}\"\n{TOKEN} my-own-secret\n");
        let reading = read(log.as_bytes(), Some("my-own-secret")).unwrap();
        assert_eq!(reading.seen(Line::Token).unwrap().places(), "2 times, lines 2 to 3");
        assert_eq!(reading.count(Line::ClientSecret), 1);
        let all = format!("{reading:?}");
        assert!(!all.contains("eyJ") && !all.contains("my-own-secret"), "{all}");
    }

    #[test]
    fn a_line_without_end_takes_no_memory_and_the_next_is_read() {
        let long = io::repeat(b'x').take(20_000_000);
        let log = long.chain(&b"\ngloo-platform-portal: access token is expired!"[..]);
        let reading = read(log, None).unwrap();
        assert_eq!((reading.lines, reading.seen(Line::TokenExpired).unwrap().first), (2, 2));
    }
}
