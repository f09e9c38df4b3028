//! JSON text with some of its strings changed, and everything else as it stands: order, digits, spaces.

use std::borrow::Cow;

/// A step on the way to a place in a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    Item(usize),
}

/// Where a string stands in a JSON text.
#[derive(Debug)]
pub(super) struct Place<'p> {
    path: &'p [Step],
    /// Where in the text the string begins, in bytes.
    pub(super) offset: usize,
    /// Whether it is a member's name.
    pub(super) is_name: bool,
}

impl Place<'_> {
    /// The names of the members that lead there, without the positions in lists.
    pub(super) fn names(&self) -> Vec<&str> {
        let names = self.path.iter().filter_map(|step| match step {
            Step::Member(name) => Some(name.as_str()),
            Step::Item(_) => None,
        });
        names.collect()
    }

    /// The place as a JSON pointer (RFC 6901); of a member's name, that of its value.
    pub(super) fn pointer(&self) -> String {
        let step = |step: &Step| match step {
            Step::Member(name) => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
            Step::Item(at) => format!("/{at}"),
        };
        self.path.iter().map(step).collect()
    }
}

/// Calls `change` with each string of a JSON text, members' names too, and puts what that answers in its place. A string with
/// half a surrogate pair is no text, and stays. Of a text that is no JSON nothing can be said.
pub(super) fn rewrite(json: &str, mut change: impl FnMut(&Place<'_>, &str) -> Option<String>) -> String {
    let mut rewritten = String::with_capacity(json.len());
    let (mut at, mut copied, mut awaits_name) = (0, 0, false);
    let mut path: Vec<Step> = Vec::new();
    let bytes = json.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = end_of_string(bytes, at);
                let text = text(&json[at..end]);
                let is_name = awaits_name;
                if let (true, Some(Step::Member(name))) = (is_name, path.last_mut()) {
                    text.as_deref().unwrap_or_default().clone_into(name);
                    awaits_name = false;
                }
                let place = Place { path: &path, offset: at, is_name };
                if let Some(changed) = text.and_then(|text| change(&place, &text)) {
                    rewritten.push_str(&json[copied..at]);
                    rewritten.push_str(&serde_json::Value::from(changed).to_string());
                    copied = end;
                }
                at = end;
                continue;
            }
            b'{' => {
                path.push(Step::Member(String::new()));
                awaits_name = true;
            }
            b'[' => {
                path.push(Step::Item(0));
                awaits_name = false;
            }
            b'}' | b']' => {
                path.pop();
                awaits_name = false;
            }
            b',' => match path.last_mut() {
                Some(Step::Item(item)) => *item += 1,
                _ => awaits_name = true,
            },
            _ => {}
        }
        at += 1;
    }
    rewritten.push_str(&json[copied..]);
    rewritten
}

/// Calls `see` with each string of a JSON text.
pub(super) fn strings(json: &str, mut see: impl FnMut(&Place<'_>, &str)) {
    rewrite(json, |place, text| {
        see(place, text);
        None
    });
}

/// Where the string that begins at `start` ends, its closing quote included.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// What a string in quotes says.
fn text(quoted: &str) -> Option<Cow<'_, str>> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(quoted).ok().map(Cow::Owned) } else { Some(inner.into()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use understudy_scenarios::arbitrary;

    use super::*;

    #[test]
    fn only_what_is_changed_changes() {
        let json = "{ \"a\\u0062\" : [1.10, \"x\\/y\", {\"k\": \"x/y\"}],\n \"z\":\"\\ud800\" }";
        let changed = rewrite(json, |_, text| (text == "x/y").then(|| "\"new\"".to_owned()));
        assert_eq!(
            changed,
            "{ \"a\\u0062\" : [1.10, \"\\\"new\\\"\", {\"k\": \"\\\"new\\\"\"}],\n \"z\":\"\\ud800\" }"
        );
    }

    #[test]
    fn each_string_is_seen_with_its_place() {
        let mut seen = Vec::new();
        strings(r#"{"a":{"b/c":["x",{"d":"y"}]},"e":"z"}"#, |place, text| {
            seen.push(format!("{} {} {text}", place.pointer(), place.is_name));
        });
        assert_eq!(
            seen,
            [
                "/a true a",
                "/a/b~1c true b/c",
                "/a/b~1c/0 false x",
                "/a/b~1c/1/d true d",
                "/a/b~1c/1/d false y",
                "/e true e",
                "/e false z"
            ]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_document_with_every_string_read_and_written_says_the_same(spec in arbitrary::spec()) {
            let rewritten = rewrite(spec.get(), |_, text| Some(text.to_owned()));
            let value = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
            prop_assert_eq!(value(&rewritten), value(spec.get()));
            prop_assert_eq!(rewrite(spec.get(), |_, _| None), spec.get());
        }

        #[test]
        fn a_text_that_is_no_json_ends(text in any::<String>()) {
            rewrite(&text, |_, _| None);
        }
    }
}
