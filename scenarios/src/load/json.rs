//! What the JSON reader reports, in the words of whoever writes a document.

use serde_json::Error;

use super::error::{LoadError, Mistake, Spot};
use super::outline;

/// The error that stopped the reading of `text`, the text of `file`, told with its place.
pub(super) fn explain(error: &Error, file: &str, text: &str) -> LoadError {
    let line = error.line().max(1);
    let start = outline::offset(text, line, 1);
    // The reader counts bytes, from 1, and 0 where a line has ended.
    let mut at = (start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let column = text[start..at].chars().count() + 1;
    let told = error.to_string();
    let told = told.split(" at line ").next().unwrap_or_default();
    Mistake::on(Spot { line, column, bytes: at..at }, plain(told)).of(file, Some(text))
}

fn plain(told: &str) -> String {
    let plain = match told {
        _ if told.starts_with("EOF") => "the JSON ends too early",
        "key must be a string" => "a key in quotes is missing here: JSON has no `,` before a `}`",
        "expected value" | "expected ident" => {
            "a value is missing here: text is in `\"`, and no `,` stands before a `]`"
        }
        "trailing characters" => "something stands after the end of the JSON",
        "invalid number" | "number out of range" => "this is no number that every reader of JSON can read",
        "recursion limit exceeded" => "it is nested deeper than 127 lists and mappings",
        _ if told.starts_with("control character") => "a line break or a tab in JSON text is written `\\n` or `\\t`",
        _ if told.contains("escape") || told.contains("surrogate") => {
            "this is no character that JSON writes with a `\\`"
        }
        _ => return format!("this is no JSON: {told}"),
    };
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let error = crate::Spec::from_json(text).unwrap_err();
        explain(&error, "a.json", text).to_string().lines().take(2).collect()
    }

    #[test]
    fn each_mistake_is_told_in_plain_words() {
        assert_eq!(
            told("{\"a\": 1,\n}"),
            "a key in quotes is missing here: JSON has no `,` before a `}` --> a.json:2:1"
        );
        assert_eq!(
            told("[1,]"),
            "a value is missing here: text is in `\"`, and no `,` stands before a `]` --> a.json:1:4"
        );
        assert_eq!(told("{\"ä\" 1}"), "this is no JSON: expected `:` --> a.json:1:6");
        assert_eq!(told("\n\n[1e999]"), "this is no number that every reader of JSON can read --> a.json:3:6");
        assert_eq!(told("[\"\\ud800\"]"), "this is no character that JSON writes with a `\\` --> a.json:1:9");
        assert_eq!(told("[\"a\nb\"]"), "a line break or a tab in JSON text is written `\\n` or `\\t` --> a.json:1:3");
        assert_eq!(
            told("[yes]"),
            "a value is missing here: text is in `\"`, and no `,` stands before a `]` --> a.json:1:2"
        );
        assert_eq!(told("{}\n{}"), "something stands after the end of the JSON --> a.json:2:1");
        assert_eq!(told("{"), "the JSON ends too early --> a.json:1:1");
        assert_eq!(told(""), "the JSON ends too early --> a.json:1:1");
    }
}
