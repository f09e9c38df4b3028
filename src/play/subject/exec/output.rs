//! What a command prints, read: the mutations in it, or what is wrong with it.

use serde_json::{Map, Value, json};

use crate::play::subject::SyncOutcome;

/// What a one-shot command has printed: `catalog-info` YAML of any number of documents, a JSON list of entities, one
/// mutation, or a line as a kept command prints it.
///
/// # Errors
/// In words that go on from `what it printed`.
pub(super) fn one_shot(text: &str) -> Result<SyncOutcome, String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with(['{', '[']) {
        return documents(text);
    }
    match serde_json::from_str(text) {
        Ok(Value::Array(entities)) => full(entities),
        Ok(Value::Object(object)) if object.contains_key("kind") => full(vec![Value::Object(object)]),
        Ok(Value::Object(object)) if object.contains_key("type") => Ok(applied(vec![mutation(Value::Object(object))?])),
        Ok(Value::Object(object)) => answer(object),
        // JSON is all but a part of YAML, which may have several documents.
        Ok(_) => documents(text),
        Err(error) => documents(text).map_err(|_| format!("is no JSON: {error}")),
    }
}

/// The entities of a `catalog-info` file, as one full mutation.
///
/// # Errors
/// In words that go on from the name of the file.
pub(in crate::play::subject) fn documents(text: &str) -> Result<SyncOutcome, String> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            // An entity's definition is text, so that nothing honest is deep.
            max_depth: 40,
            max_documents: 100_000,
            max_events: 4_000_000,
            max_nodes: 2_000_000,
            max_total_scalar_bytes: super::LARGEST,
        },
        strict_booleans: true,
        with_snippet: false,
    };
    let documents: Vec<Value> = serde_saphyr::from_multiple_with_options(text, options)
        .map_err(|error| format!("is no YAML: {}", first_line(&error.to_string())))?;
    full(documents.into_iter().filter(|document| !document.is_null()).collect())
}

/// A line of a command that is kept: `{"mutation": …}`, `{"mutations": […]}`, `{"error": …}`, or mutations and an error.
///
/// # Errors
/// In words that go on from `what it printed`.
pub(super) fn line(text: &str) -> Result<SyncOutcome, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => answer(object),
        Ok(_) => Err(format!("is JSON, but no object; {EXPECTED}")),
        Err(_) => Err(format!("is no line of JSON; {EXPECTED}")),
    }
}

const EXPECTED: &str = r#"a line is {"mutation": …}, {"mutations": […]} or {"error": "…"}"#;

fn answer(mut object: Map<String, Value>) -> Result<SyncOutcome, String> {
    let mut outcome = SyncOutcome::default();
    let mut is_known = false;
    if let Some(single) = object.remove("mutation") {
        outcome.mutations.push(mutation(single)?);
        is_known = true;
    }
    if let Some(several) = object.remove("mutations") {
        let Value::Array(several) = several else { return Err("has `mutations` that are no list".to_owned()) };
        outcome.mutations.extend(several.into_iter().map(mutation).collect::<Result<Vec<_>, _>>()?);
        is_known = true;
    }
    match object.remove("error") {
        None => {}
        Some(Value::Null) if is_known => {}
        Some(Value::String(error)) => outcome.error = Some(error),
        Some(other) => outcome.error = Some(other.to_string()),
    }
    if is_known || outcome.error.is_some() { Ok(outcome) } else { Err(format!("is JSON, but {EXPECTED}")) }
}

fn applied(mutations: Vec<Value>) -> SyncOutcome {
    SyncOutcome { mutations, error: None }
}

/// All that there is, of entities or of items with an `entity`.
fn full(entities: Vec<Value>) -> Result<SyncOutcome, String> {
    let items = entities.into_iter().enumerate().map(|(index, entity)| {
        if entity.get("kind").is_some_and(Value::is_string) {
            Ok(json!({ "entity": entity }))
        } else if entity.pointer("/entity/kind").is_some_and(Value::is_string) {
            Ok(entity)
        } else {
            Err(format!("holds something that is no entity, for it has no `kind`: the {} of the list", nth(index + 1)))
        }
    });
    let items = items.collect::<Result<Vec<_>, _>>()?;
    Ok(applied(vec![json!({ "type": "full", "entities": items })]))
}

/// A mutation as Backstage has it.
fn mutation(value: Value) -> Result<Value, String> {
    let is_list = |key: &str| value.get(key).is_some_and(Value::is_array);
    match value.get("type").and_then(Value::as_str) {
        Some("full") if is_list("entities") => Ok(value),
        Some("delta") if is_list("added") && is_list("removed") => Ok(value),
        Some("full") => Err("holds a full mutation without a list of `entities`".to_owned()),
        Some("delta") => Err("holds a delta mutation without the lists `added` and `removed`".to_owned()),
        Some(_) => Err("holds a mutation whose `type` is neither `full` nor `delta`".to_owned()),
        None => Err("holds a mutation without a `type`, which is `full` or `delta`".to_owned()),
    }
}

fn nth(number: usize) -> String {
    match (number % 10, number % 100) {
        (1, tail) if tail != 11 => format!("{number}st"),
        (2, tail) if tail != 12 => format!("{number}nd"),
        (3, tail) if tail != 13 => format!("{number}rd"),
        _ => format!("{number}th"),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(outcome: &SyncOutcome) -> Vec<&str> {
        let items = outcome.mutations[0]["entities"].as_array().unwrap();
        items.iter().map(|item| item["entity"]["metadata"]["name"].as_str().unwrap()).collect()
    }

    #[test]
    fn all_three_forms_of_output_are_read() {
        let yaml = "---\nkind: API\nmetadata: {name: a}\n---\n# nothing\n---\nkind: API\nmetadata:\n  name: b\n";
        let list =
            r#"[{"kind": "API", "metadata": {"name": "a"}}, {"entity": {"kind": "API", "metadata": {"name": "b"}}}]"#;
        let mutation = r#"{"type": "full", "entities": [
            {"entity": {"kind": "API", "metadata": {"name": "a"}}}, {"entity": {"kind": "API", "metadata": {"name": "b"}}}]}"#;
        for text in [yaml, list, mutation] {
            assert_eq!(names(&one_shot(text).unwrap()), ["a", "b"], "{text}");
        }
        assert_eq!(names(&one_shot("{kind: API, metadata: {name: a}}").unwrap()), ["a"]);
        assert_eq!(one_shot(r#"{"error": "no portal"}"#).unwrap(), SyncOutcome::failed("no portal"));
    }

    #[test]
    fn a_list_without_entities_empties_the_catalog() {
        assert_eq!(one_shot("[]").unwrap().mutations, [json!({"type": "full", "entities": []})]);
    }

    #[test]
    fn what_is_no_entity_and_no_mutation_is_told() {
        let told = |text| one_shot(text).unwrap_err();
        insta::assert_snapshot!(told("[{}]"), @"holds something that is no entity, for it has no `kind`: the 1st of the list");
        insta::assert_snapshot!(told("just text"), @"holds something that is no entity, for it has no `kind`: the 1st of the list");
        insta::assert_snapshot!(told(r#"{"type": "full"}"#), @"holds a full mutation without a list of `entities`");
        insta::assert_snapshot!(told(r#"{"type": "none"}"#), @"holds a mutation whose `type` is neither `full` nor `delta`");
        insta::assert_snapshot!(told(r#"{"a": 1}"#), @r#"is JSON, but a line is {"mutation": …}, {"mutations": […]} or {"error": "…"}"#);
        insta::assert_snapshot!(told("[{"), @"is no JSON: EOF while parsing an object at line 1 column 2");
    }

    #[test]
    fn a_line_holds_mutations_or_an_error() {
        let outcome =
            line(r#"{"mutations": [{"type": "delta", "added": [], "removed": []}], "error": "half"}"#).unwrap();
        assert_eq!((outcome.mutations.len(), outcome.error.as_deref()), (1, Some("half")));
        assert_eq!(line(r#"{"mutations": []}"#).unwrap(), SyncOutcome::default());
        assert!(line("Listening on 7007").is_err() && line("[]").is_err() && line("{}").is_err());
    }
}
