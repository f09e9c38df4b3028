//! The scenario file's own words, which may be told to anybody, whatever a text holds.

use std::collections::HashSet;
use std::sync::OnceLock;

use serde_json::Value;

use crate::Scenario;

/// What messages quote beside the words of the model, to show how something is written.
const EXAMPLES: [&str; 19] = [
    "key",
    "value",
    "true",
    "false",
    "http",
    "https",
    "localhost",
    "openapi",
    "petstore",
    "yaml",
    "v1",
    "n",
    "t",
    "---",
    "2026-01-31T12",
    "00Z",
    "1h",
    "5m",
    "90s",
];

/// Where a message goes over to what a type of the model, or one of another crate, says of a value.
const REASON: &str = " can't be read: ";

/// `message` without what it quotes, but for the scenario file's own words.
pub(crate) fn without_content(message: &str) -> String {
    let (ours, reason) = message.split_once(REASON).map_or((message, ""), |(ours, _)| (ours, " can't be read"));
    let parts = ours.split('`').enumerate();
    let parts: Vec<&str> = parts
        .map(|(position, part)| {
            let is_quoted = position % 2 == 1;
            if is_quoted && !part.split(between_words).all(is_word) { "…" } else { part }
        })
        .collect();
    parts.join("`") + reason
}

fn between_words(c: char) -> bool {
    c.is_whitespace() || (c.is_ascii_punctuation() && c != '-') || c == '…'
}

fn is_word(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<String>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let mut words: HashSet<String> = EXAMPLES.iter().map(ToString::to_string).collect();
        collect(&Scenario::schema(), &mut words);
        words
    });
    word.is_empty() || word.bytes().all(|byte| byte.is_ascii_digit()) || words.contains(word)
}

/// The keys and values that a schema names.
fn collect(schema: &Value, words: &mut HashSet<String>) {
    match schema {
        Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
        Value::Object(members) => {
            for (key, member) in members {
                match (&**key, member) {
                    ("properties", Value::Object(properties)) => words.extend(properties.keys().cloned()),
                    ("const", Value::String(word)) => drop(words.insert(word.clone())),
                    ("enum", Value::Array(values)) => {
                        words.extend(values.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => {}
                }
                collect(member, words);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::{Scenario, Step, read_text};

    fn told(text: &str) -> String {
        Scenario::from_yaml("body", text).unwrap_err().without_content()
    }

    #[test]
    fn only_the_words_of_the_model_are_told() {
        insta::assert_snapshot!(
            told("portal:\n  MARKER: []\n"),
            @"unknown key `…` in `portal`; what may stand there: `family`, `shape`, `inlineSpecs`, `visibility`, `auth`, `products`, `usagePlans`"
        );
        insta::assert_snapshot!(
            told("portal: {family: MARKER}"),
            @"`portal.family` can't be `…`; what may stand there: `gloo-mesh-gateway`, `gloo-gateway`"
        );
        insta::assert_snapshot!(
            told("portal: {products: [{id: MARKER}, {id: MARKER}]}"),
            @"the product id `…` stands twice; the first is on line 1"
        );
        insta::assert_snapshot!(
            told("portal: {products: [{id: a, createdAt: MARKER}]}"),
            @"`portal.products[0].createdAt` must be a time such as `2026-01-31T12:00:00Z`, found `…`"
        );
        insta::assert_snapshot!(
            told("portal: {products: MARKER}"),
            @"`portal.products` must be a list, found `…`"
        );
    }

    #[test]
    fn quotes_in_a_text_do_not_end_those_of_a_message() {
        for text in ["portal: {\"a` MARKER `b\": 1}", "portal: {family: \"a` MARKER `b\"}", "a: {\"` MARKER \": 1}"] {
            assert!(!told(text).contains("MARKER"), "{}", told(text));
        }
    }

    #[test]
    fn what_another_crate_says_of_a_value_is_left_out() {
        let error = read_text::<Step>("body", "clock: {set: MARKER}").unwrap_err();
        assert_eq!((error.line(), error.column()), (Some(1), Some(14)));
        insta::assert_snapshot!(error.without_content(), @"`clock.set` must be a time such as `2026-01-31T12:00:00Z`, found `…`");
        let error = read_text::<Step>("body", "clock: {advance: MARKER}").unwrap_err();
        assert_eq!((error.line(), error.column()), (Some(1), Some(18)));
        insta::assert_snapshot!(error.without_content(), @"`clock.advance` must be a duration such as `1h`, `5m` or `90s`, found `…`");
    }
}
