//! From the text of a file to what it says: YAML, with JSON accepted, within limits that no honest file comes near.

use std::thread;

use serde::de::DeserializeOwned;
use serde_saphyr::Options;

use super::error::LoadError;
use super::words;
use super::{json, outline};
use crate::Spec;
use crate::file::ScenarioFile;

/// How deep lists and mappings may be nested: a document (127 at most) within a scenario, and some.
pub(super) const MAX_DEPTH: usize = 140;

/// What one file may make of us: room for 5,000 versions with documents of several MB, and a bound for a file whose
/// aliases stand for a million times its size. What an alias stands for counts at every use.
fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_events: 4_000_000,
            max_nodes: 2_000_000,
            max_total_scalar_bytes: 64 * 1024 * 1024,
            max_recorded_anchor_events: 500_000,
            // One `&petstore` with thousands of `*petstore` is honest; the limits above hold all the same.
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 2_000_000 },
        // YAML 1.2: `no` is Norway, and `1_000` is text.
        strict_booleans: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

/// Reads a scenario. `file` is what messages call it.
pub(super) fn scenario(file: &str, text: &str) -> Result<ScenarioFile, LoadError> {
    let scenario: ScenarioFile = read(file, text)?;
    if scenario == ScenarioFile::default() && outline::is_blank(text) {
        let help = "the least of a scenario: `portal: {products: [{id: petstore, versions: [{name: v1}]}]}`";
        return Err(LoadError::whole(file, "there is no scenario in this file: it is empty", &[help.to_owned()]));
    }
    Ok(scenario)
}

/// Reads an OpenAPI document: a mapping, as JSON or YAML. `file` is what messages call it.
pub(super) fn document(file: &str, text: &str) -> Result<Spec, LoadError> {
    let spec = value(file, text)?;
    let found = match spec.get().as_bytes().first() {
        Some(b'{') => return Ok(spec),
        Some(b'[') => "a list",
        Some(b'n') => "nothing",
        _ => "text or a number",
    };
    let message = format!("an OpenAPI document is a mapping (`key: value`), found {found}");
    Err(LoadError::whole(file, &message, &[]))
}

/// Reads any value: JSON as it is, YAML turned to JSON. `file` is what messages call it.
pub(super) fn value(file: &str, text: &str) -> Result<Spec, LoadError> {
    match Spec::from_json(text) {
        Ok(spec) => Ok(spec),
        Err(error) if file.ends_with(".json") => Err(json::explain(&error, file, text)),
        Err(_) => read(file, text),
    }
}

/// Writes a scenario as YAML.
pub(super) fn to_yaml(file: &ScenarioFile) -> String {
    serde_saphyr::to_string(file).expect("a scenario is made of mappings with text as keys, lists, text and numbers")
}

/// Reads YAML. JSON is nearly a part of it: what the YAML reader will not have of it (a tab, a very long key) is left
/// to the JSON reader; where neither can read it, the YAML reader tells why.
pub(super) fn read<T: DeserializeOwned + Send>(file: &str, text: &str) -> Result<T, LoadError> {
    with_room(|| {
        serde_saphyr::from_str_with_options(text, options())
            .or_else(|error| serde_json::from_str(text).map_err(|_| words::explain(&error, file, text)))
    })
}

/// Does `work` where the stack has room for it: the YAML reader calls itself once a level, with 22 KiB each in a debug
/// build, and who calls us may have little left.
fn with_room<T: Send>(work: impl Fn() -> T + Sync) -> T {
    const ROOM: usize = MAX_DEPTH * 64 * 1024;
    thread::scope(|scope| match thread::Builder::new().stack_size(ROOM).spawn_scoped(scope, &work) {
        Ok(worker) => worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        // No thread to be had: most files are shallow.
        Err(_) => work(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_its_digits_and_yaml_keeps_its_order() {
        let json = document("a.json", "{\n  \"z\": 1.10,\n  \"a\": [1e3]\n}\n").unwrap();
        assert_eq!(json.get(), r#"{"z":1.10,"a":[1e3]}"#);
        let yaml = document("a.yaml", "z: no\na: 1_000\n200: [2026-01-01, 0x10, 1.0]\n").unwrap();
        assert_eq!(yaml.get(), r#"{"z":"no","a":"1_000","200":["2026-01-01",16,1.0]}"#);
    }

    #[test]
    fn five_thousand_versions_of_one_anchored_document_are_read() {
        let versions: String = (0..5000).map(|n| format!("      - {{name: v{n}, spec: *pets}}\n")).collect();
        let text = format!(
            "portal:\n  products:\n    - id: pets\n      versions:\n      - {{name: v, spec: &pets {{openapi: 3.0.3, paths: {{}}}}}}\n{versions}"
        );
        let scenario = scenario("big.yaml", &text).unwrap();
        assert_eq!(scenario.portal.products[0].versions.len(), 5001);
    }

    #[test]
    fn inline_documents_of_several_megabytes_are_read() {
        let description = "x".repeat(1000);
        let paths: String =
            (0..3000).map(|n| format!("            /p{n}: {{get: {{description: {description}}}}}\n")).collect();
        let text = format!(
            "portal:\n  products:\n    - id: big\n      versions:\n      - name: v1\n        spec:\n          paths:\n{paths}"
        );
        assert!(text.len() > 3_000_000);
        assert!(scenario("big.yaml", &text).is_ok());
    }

    #[test]
    fn a_long_text_repeated_by_aliases_is_refused() {
        let uses: String = (0..100).map(|n| format!(", k{n}: *a")).collect();
        let metadata = format!("{{k: &a {}{uses}}}", "x".repeat(1_000_000));
        let text = format!("portal: {{products: [{{id: a, customMetadata: {metadata}}}]}}");
        let error = scenario("long.yaml", &text).unwrap_err().to_string();
        assert!(error.contains("more text than is read"), "{error}");
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused() {
        for (open, close) in [("[", "]"), ("{a: ", "}")] {
            let text = format!("a: {}{}", open.repeat(100_000), close.repeat(100_000));
            assert!(document("deep.yaml", &text).is_err());
        }
        let text: String = (0..10_000).map(|n| format!("{}a:\n", " ".repeat(n.min(2000)))).collect();
        assert!(document("deep.yaml", &text).is_err());
    }

    #[test]
    fn json_that_yaml_has_trouble_with_is_read() {
        let text = format!("{{\"{}\":\t\"\\u007f\u{7f}\"}}", "k".repeat(2000));
        assert!(document("odd.yaml", &text).is_ok());
        let text =
            format!("{{\"portal\": {{\"products\": [{{\"id\": \"{}\u{7f}\", \"versions\": []}}]}}}}", "a".repeat(2000));
        assert!(scenario("odd.json", &text).is_ok());
    }
}
