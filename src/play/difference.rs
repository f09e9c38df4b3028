//! What differs between two entities, short enough to read: members line by line, documents by their first difference.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use understudy_scenarios::Spec;

use super::catalog::{definition, fingerprint, without_definition};

/// How many lines of a difference are shown.
const LINES: usize = 40;
/// How many characters of a value are shown.
const SHOWN: usize = 60;

/// Whether two JSON values say the same to a reader in JavaScript, in which all numbers are doubles.
pub(super) fn same_json(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_json(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same_json(value, other)))
        }
        (one, other) => one == other,
    }
}

/// A definition's document: JSON, or else YAML.
pub(crate) fn document(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    // Through `Spec`, which takes keys such as `200:` as they are written.
    let spec: Spec = serde_saphyr::from_str(text).ok()?;
    serde_json::from_str(spec.get()).ok()
}

/// Whether two texts hold the same document, whatever its order and spacing.
pub(crate) fn same_document(one: &str, other: &str) -> bool {
    one == other || matches!((document(one), document(other)), (Some(one), Some(other)) if same_json(&one, &other))
}

/// What differs between two definitions, in a sentence: `the definition was … and is …`.
pub(crate) fn of_definitions(was: Option<&str>, is: Option<&str>) -> String {
    let told = |text: Option<&str>| match text {
        Some(text) => format!("{} of {} bytes", fingerprint(text), text.len()),
        None => "missing".to_owned(),
    };
    let mut line = format!("the definition should be {} and is {}", told(was), told(is));
    let (Some(was), Some(is)) = (was, is) else { return line };
    match (document(was), document(is)) {
        (Some(was), Some(is)) => {
            if let Some((path, was, is)) = first_difference(&was, &is) {
                let _ = write!(line, "; they differ first at {path}: should be {was}, is {is}");
            }
        }
        (_, None) => line.push_str("; it is neither JSON nor YAML"),
        (None, _) => {}
    }
    line
}

/// What differs between two entities: the lines that went and came, then their definitions. None where all is the same.
pub(crate) fn of_entities(was: &Value, is: &Value) -> Option<String> {
    let mut text = String::new();
    let (was_rest, is_rest) = (without_definition(was), without_definition(is));
    if !same_json(&was_rest, &is_rest) {
        let (was_text, is_text) = (yaml(&was_rest), yaml(&is_rest));
        let diff = TextDiff::from_lines(&was_text, &is_text);
        let changes = diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal);
        let lines: Vec<String> =
            changes.map(|change| format!("  {} {}", change.tag(), change.value().trim_end())).collect();
        for line in lines.iter().take(LINES) {
            text.push('\n');
            text.push_str(line);
        }
        if lines.len() > LINES {
            let _ = write!(text, "\n  … and {} lines more", lines.len() - LINES);
        }
    }
    let (was_text, is_text) = (definition(was), definition(is));
    let same = match (was_text, is_text) {
        (Some(was), Some(is)) => same_document(was, is),
        (was, is) => was == is,
    };
    if !same {
        let _ = write!(text, "\n  {}", of_definitions(was_text, is_text));
    }
    (!text.is_empty()).then_some(text)
}

/// Where two values differ first, as a JSON pointer, and what is there in each.
fn first_difference(was: &Value, is: &Value) -> Option<(String, String, String)> {
    let mut path = String::new();
    let (was, is) = descend(was, is, &mut path)?;
    let path = if path.is_empty() { "the top".to_owned() } else { path };
    Some((path, shown(was), shown(is)))
}

fn descend<'v>(was: &'v Value, is: &'v Value, path: &mut String) -> Option<(Option<&'v Value>, Option<&'v Value>)> {
    let length = path.len();
    let mut below = |key: &str, was: Option<&'v Value>, is: Option<&'v Value>| {
        path.push('/');
        path.push_str(&key.replace('~', "~0").replace('/', "~1"));
        let found = match (was, is) {
            (Some(was), Some(is)) => descend(was, is, path),
            (was, is) => Some((was, is)),
        };
        if found.is_none() {
            path.truncate(length);
        }
        found
    };
    match (was, is) {
        (Value::Object(was), Value::Object(is)) => {
            let gone_or_changed = was.iter().find_map(|(key, value)| below(key, Some(value), is.get(key)));
            gone_or_changed.or_else(|| {
                is.iter()
                    .filter(|(key, _)| !was.contains_key(*key))
                    .find_map(|(key, value)| below(key, None, Some(value)))
            })
        }
        (Value::Array(was), Value::Array(is)) => {
            (0..was.len().max(is.len())).find_map(|at| below(&at.to_string(), was.get(at), is.get(at)))
        }
        (was, is) => (!same_json(was, is)).then_some((Some(was), Some(is))),
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "not there".to_owned(),
        Some(Value::Object(members)) => format!("an object of {} members", members.len()),
        Some(Value::Array(items)) => format!("a list of {} items", items.len()),
        Some(value) => cut(&value.to_string()).into_owned(),
    }
}

/// A text, cut where it is long.
pub(crate) fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        None => text.into(),
        Some((end, _)) => format!("{}…", &text[..end]).into(),
    }
}

fn yaml(value: &Value) -> String {
    // What YAML can't write, JSON can.
    serde_saphyr::to_string(value).unwrap_or_else(|_| format!("{value:#}"))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use serde_json::json;

    use super::super::catalog::tests::api;
    use super::*;

    #[test]
    fn documents_are_compared_as_what_they_say() {
        assert!(same_document(r#"{"a":1,"b":[2.0]}"#, r#"{ "b": [2], "a": 1 }"#));
        assert!(same_document(
            r#"{"responses":{"200":{"description":"ok"}}}"#,
            "responses:\n  200: {description: ok}\n"
        ));
        assert!(!same_document(r#"{"a":1}"#, r#""{\"a\":1}""#));
        assert!(!same_document("[", "[".repeat(2).as_str()));
    }

    #[test]
    fn the_first_difference_of_two_documents_is_told_with_its_place() {
        let was = r#"{"info":{"title":"Pets"},"paths":{"/pets/{id}":{"get":{}}}}"#;
        let told = |is: &str| of_definitions(Some(was), Some(is)).split_once("; ").map(|(_, told)| told.to_owned());
        assert_eq!(told(was), None);
        assert_snapshot!(told(&was.replace("Pets", "Pots")).unwrap(), @r#"they differ first at /info/title: should be "Pets", is "Pots""#);
        assert_snapshot!(told(&was.replace(r#"{"get":{}}"#, "[]")).unwrap(), @"they differ first at /paths/~1pets~1{id}: should be an object of 1 members, is a list of 0 items");
        assert_snapshot!(told(r#"{"info":{"title":"Pets"}}"#).unwrap(), @"they differ first at /paths: should be an object of 1 members, is not there");
        assert_snapshot!(told("<html>: {").unwrap(), @"it is neither JSON nor YAML");
        assert_snapshot!(of_definitions(Some("{}"), None), @"the definition should be 44136fa355b3678a of 2 bytes and is missing");
    }

    #[test]
    fn only_the_lines_that_differ_are_shown() {
        let (was, mut is) = (api("a", "{}"), api("a", "[]"));
        assert_eq!(of_entities(&was, &was), None);
        is["metadata"]["title"] = json!("Other");
        assert_snapshot!(of_entities(&was, &is).unwrap(), @"
        -   title: a
        +   title: Other
        the definition should be 44136fa355b3678a of 2 bytes and is 4f53cda18c2baa0c of 2 bytes; they differ first at the top: should be an object of 0 members, is a list of 0 items
        ");
    }
}
