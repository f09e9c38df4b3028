//! A step in a few words, for lists and reports: as its file has it, on one line.

use understudy_scenarios::Step;

/// More than that is no line to read; a step that brings a document along is as long as the document.
const LONGEST: usize = 140;

/// The step as it is written in a scenario file, on one line: `fault: {server: portal, does: {status: 503}}`.
pub(super) fn words(step: &Step) -> String {
    let json = serde_json::to_string(step).expect("a step that came from a file can be written");
    let flow = flow(&json);
    // A step is one word, or a mapping with one key, whose braces say nothing.
    let plain = flow.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(&flow);
    shortened(plain)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// JSON without spaces as YAML's flow style: spaces after `:` and `,`, and quotes only where they are needed.
fn flow(json: &str) -> String {
    let mut flow = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = if first == '"' { string_length(rest) } else { first.len_utf8() };
        let (token, after) = rest.split_at(length);
        match first {
            ':' | ',' => flow.extend([first, ' ']),
            '"' => flow.push_str(unquoted(token).unwrap_or(token)),
            _ => flow.push(first),
        }
        rest = after;
    }
    flow
}

/// The length of the JSON string that `text` begins with, its quotes included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '"' if !is_escaped => return at + 1,
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

/// The string without its quotes, where YAML takes it for the same without them.
fn unquoted(token: &str) -> Option<&str> {
    let text = token.strip_prefix('"')?.strip_suffix('"')?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '*');
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    // These are no strings in YAML.
    let is_other = matches!(text, "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n");
    // A length of time begins with a digit, and is a string all the same.
    let is_lapse =
        text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()) && text.ends_with(['s', 'm', 'h', 'd']);
    ((begins || is_lapse) && text.chars().all(is_plain) && !is_other).then_some(text)
}

#[cfg(test)]
mod tests {
    use understudy_scenarios::{
        Change, ClockMove, Expect, Fault, FaultKind, Lapse, Restart, Server, StatusFault, When,
    };

    use super::*;

    #[test]
    fn a_step_is_told_as_its_file_has_it() {
        let when = When { first: Some(2), ..When::default() };
        let status = FaultKind::Status(StatusFault::new(503));
        let fault = Fault::new(status).server(Server::Portal).path("/v1/apis/*/schema").when(when);
        let wish = serde_json::json!({ "catalog": "same", "error": "told", "lacks": ["a b", "true", "1"] });
        let expect: Expect = serde_json::from_value(wish).unwrap();
        let hour = Lapse(jiff::SignedDuration::from_hours(1));
        let steps = [
            Step::Sync,
            Step::Fault(Box::new(fault)),
            Step::Lift("all".to_owned()),
            Step::Clock(ClockMove::Advance(hour)),
            Step::Clock(ClockMove::Advance(Lapse(-hour.0))),
            Step::Restart(Restart::Subject),
            Step::Expect(Box::new(expect)),
        ];
        insta::assert_snapshot!(steps.iter().map(words).collect::<Vec<_>>().join("\n"), @r#"
        sync
        fault: {server: portal, path: /v1/apis/*/schema, does: {status: 503}, when: {first: 2}}
        lift: all
        clock: {advance: 1h}
        clock: {advance: -1h}
        restart: subject
        expect: {catalog: same, lacks: ["a b", "true", "1"], error: told}
        "#);
    }

    #[test]
    fn a_step_that_brings_much_along_is_cut() {
        let ids = (0..1_000).map(|number| serde_json::json!(format!("product-{number}-é"))).collect::<Vec<_>>();
        let change: Change = serde_json::from_value(serde_json::json!({ "removeProducts": ids })).unwrap();
        let words = words(&Step::Change(Box::new(change)));
        assert!(words.starts_with("change: {removeProducts: [\"product-0-é\", ") && words.ends_with('…'), "{words}");
        assert_eq!(words.chars().count(), LONGEST + 1);
    }
}
