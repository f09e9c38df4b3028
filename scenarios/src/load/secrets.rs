//! Which parts of a line of the user's file are nobody's business.

use std::ops::{ControlFlow, Range};

use super::outline::{Part, Visit, walk};
use super::trail::{Step, Trail};

/// The parts of a line that hold a secret's value, in order and apart.
pub(super) fn secrets(text: &str, line: &Range<usize>) -> Vec<Range<usize>> {
    let mut search = Search::default();
    let whole = walk(text, |visit| {
        if visit.bytes().start >= line.end && search.open.is_none() {
            return ControlFlow::Break(());
        }
        search.see(visit, text);
        ControlFlow::Continue(())
    });
    if whole.is_err() {
        search.unread(text, line);
    }
    apart(search.found, line)
}

#[derive(Default)]
struct Search {
    found: Vec<Range<usize>>,
    /// Where a list or mapping of secrets begins that has not ended, and how deep it is.
    open: Option<(usize, usize)>,
    /// Where the last thing seen ends.
    reached: usize,
    /// Where the last thing seen begins, if what follows may belong to a secret.
    pending: Option<usize>,
}

impl Search {
    fn see(&mut self, visit: &Visit<'_>, text: &str) {
        let bytes = visit.bytes();
        let secret = hides(visit.trail);
        self.reached = bytes.end;
        self.pending = match visit.part {
            Part::Key => secret.then_some(bytes.end),
            Part::Value => (secret && !ended(text, bytes.end)).then_some(bytes.start),
        };
        if visit.part == Part::Key {
            return;
        }
        match self.open {
            Some((start, depth)) if visit.is_end() && depth == visit.trail.len() => {
                self.found.push(start..bytes.end);
                self.open = None;
            }
            None if secret && visit.is_open() => self.open = Some((bytes.start, visit.trail.len())),
            None if secret && !visit.is_end() => {
                // Text over several lines takes the space before the next key, too.
                let length = text.get(bytes.clone()).map_or(bytes.len(), |value| value.trim_end().len());
                self.found.push(bytes.start..bytes.start + length);
            }
            _ => {}
        }
    }

    /// What could not be read any more may still be a secret's value.
    fn unread(&mut self, text: &str, line: &Range<usize>) {
        if let Some(start) = self.pending.or(self.open.map(|(start, _)| start)) {
            let rest = text.get(start..).unwrap_or_default();
            let space = rest.len() - rest.trim_start().len();
            let colon = usize::from(rest[space..].starts_with(':'));
            self.found.push(start + space + colon..text.len());
        }
        let rest = self.reached.max(line.start)..line.end;
        let Some(unread) = text.get(rest.clone()) else { return };
        let after_key = unread.match_indices(':').map(|(colon, _)| rest.start + colon).find(|colon| {
            let before = text[line.start..*colon].trim_end_matches(['"', '\'', ' ', '\t']);
            let key = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').next();
            key.is_some_and(is_secret)
        });
        self.found.extend(after_key.map(|colon| colon + 1..rest.end));
    }
}

/// Whether a value is over for sure: within brackets, where `,` or a bracket follows.
fn ended(text: &str, end: usize) -> bool {
    text.get(end..).is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with([',', '}', ']']))
}

/// What lies on the line, in order, with what touches made one.
fn apart(mut ranges: Vec<Range<usize>>, line: &Range<usize>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        let range = range.start.max(line.start)..range.end.min(line.end);
        match apart.last_mut() {
            _ if range.is_empty() => {}
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// Whether what stands at `trail` is nobody's business.
pub(super) fn hides(trail: &Trail) -> bool {
    // In a client or a user, what is not known to be no secret may be one under a misspelt key.
    const CLIENT: [&str; 3] = ["id", "grants", "redirectUris"];
    const USER: [&str; 4] = ["username", "name", "email", "groups"];
    match trail.steps() {
        [Step::Key(identity), Step::Key(list), Step::Item(_), Step::Key(key), ..] if identity == "identity" => {
            match &**list {
                "clients" => !CLIENT.contains(&&**key),
                "users" => !USER.contains(&&**key),
                _ => is_secret(key),
            }
        }
        _ => trail.last_key().is_some_and(is_secret),
    }
}

/// Whether what stands at `key` is nobody's business, also where the key is misspelt.
fn is_secret(key: &str) -> bool {
    /// Longer keys are compared by what they contain only.
    const LONGEST: usize = 32;
    let key = key.to_lowercase();
    let near = |word| key.len() <= LONGEST && strsim::damerau_levenshtein(&key, word) <= 2;
    ["secret", "passw"].iter().any(|word| key.contains(word)) || near("secret") || near("password")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line that holds `part`, without its secrets.
    fn seen(text: &str, part: &str) -> String {
        let at = text.find(part).unwrap();
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = start..text[at..].find('\n').map_or(text.len(), |end| at + end);
        let mut shown = String::new();
        let mut from = line.start;
        for secret in secrets(text, &line) {
            shown.push_str(&text[from..secret.start]);
            shown.push('…');
            from = secret.end;
        }
        shown + &text[from..line.end]
    }

    #[test]
    fn a_secret_over_several_lines_is_hidden_on_each() {
        let text = "a:\n  secret: |\n    hunter2\n    more\n  b: c\n";
        assert_eq!(seen(text, "hunter2"), "    …");
        assert_eq!(seen(text, "more"), "…");
        assert_eq!(seen(text, "b"), "  b: c");
    }

    #[test]
    fn a_secret_in_a_list_or_under_a_misspelt_key_is_hidden() {
        assert_eq!(seen("a: {secret: [hunter2, x], b: c}", "b"), "a: {secret: …, b: c}");
        assert_eq!(seen("a: {secrt: hunter2}", "secrt"), "a: {secrt: …}");
        assert_eq!(seen("a: {clientSecret: hunter2, Password: \"x y\"}", "a"), "a: {clientSecret: …, Password: …}");
    }

    #[test]
    fn whatever_a_client_or_a_user_has_under_an_unknown_key_is_hidden() {
        let text = "identity: {clients: [{id: a, key: hunter2}], users: [{username: b, pin: {is: 1234}, groups: [c]}]}";
        let shown = "identity: {clients: [{id: a, key: …}], users: [{username: b, pin: …, groups: [c]}]}";
        assert_eq!(seen(text, "a"), shown);
    }

    #[test]
    fn secrets_are_hidden_in_what_cannot_be_read() {
        assert_eq!(seen("a: {secret: \"hunter2}", "a"), "a: {secret:…");
        assert_eq!(seen("{a: b c: d, \"password\" : hunter2}", "c"), "{a: b c: d, \"password\" :…");
        assert_eq!(seen("secret: hunter2\n  more: x\n", "more"), "…");
        assert_eq!(seen("secret: hunter2: x\n", "x"), "secret: …");
        assert_eq!(seen("secret: [hunter2\nmore", "more"), "…");
        assert_eq!(seen("{secret: hunter2, a: b c: d}", "c"), "{secret: …, a: b c: d}");
        assert_eq!(seen("id: a  secret: hunter2\n", "id"), "id: a  secret:…");
    }

    #[test]
    fn a_lifetime_and_a_grant_are_no_secrets() {
        let text = "{accessTokenLifetime: 5m, grants: [client_credentials]}";
        assert_eq!(seen(text, "5m"), text);
    }
}
