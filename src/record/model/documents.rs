//! The OpenAPI documents of a recording: which file each goes to, and in which form the portal serves it.

use std::collections::HashSet;

use serde_json::value::RawValue;
use understudy_scenarios::file::{SpecFile, VersionFile};
use understudy_scenarios::{Spec, SpecForm, read_text};

use super::Notes;

/// The folder of the documents, beside the scenario's file.
const FOLDER: &str = "specs";

/// A document beside a scenario's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its path from the scenario's folder, with `/`.
    pub path: String,
    /// Its text, as the portal serves it.
    pub text: String,
}

/// The documents so far.
#[derive(Default)]
pub(super) struct Documents {
    documents: Vec<Document>,
    /// The files that are taken, in small letters: some systems take `A.json` and `a.json` for one.
    taken: HashSet<String>,
}

impl Documents {
    pub(super) fn finish(self) -> Vec<Document> {
        self.documents
    }

    /// Puts what a portal serves for the document of a version into its file and beside it. `name` is what notes call it.
    pub(super) fn add(
        &mut self,
        version: &mut VersionFile,
        id: &str,
        name: &str,
        served: &RawValue,
        notes: &mut Notes,
    ) {
        match Served::read(served) {
            Ok(Served::Nothing) => version.spec_form = SpecForm::Missing,
            Ok(Served::Document { text, form }) => {
                let ending = if form == SpecForm::YamlText { "yaml" } else { "json" };
                let path = self.path(id, ending);
                version.spec = Some(SpecFile::Path(format!("./{path}")));
                version.spec_form = form;
                self.documents.push(Document { path, text });
            }
            Err(problem) => {
                version.spec_form = SpecForm::Missing;
                notes.tell(format!(
                    "{name}: what the portal serves for its document {problem}; it is recorded as missing"
                ));
            }
        }
    }

    /// A path that no other document has.
    fn path(&mut self, id: &str, ending: &str) -> String {
        let stem = file_stem(id);
        let mut file = format!("{stem}.{ending}");
        let mut number = 2;
        while !self.taken.insert(file.to_lowercase()) {
            file = format!("{stem}-{number}.{ending}");
            number += 1;
        }
        format!("{FOLDER}/{file}")
    }
}

/// The name of a file that every system takes: letters and digits of ASCII and `-._`, not too long, and no device of Windows.
fn file_stem(id: &str) -> String {
    const LONGEST: usize = 80;
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let mut stem = String::new();
    for character in id.chars().take(LONGEST) {
        let is_plain = character.is_ascii_alphanumeric() || "-._".contains(character);
        stem.push(if is_plain { character } else { '-' });
    }
    let stem = stem.trim_matches(['.', '-']);
    let lower = stem.to_ascii_lowercase();
    let first = lower.split('.').next().unwrap_or_default().trim_end_matches(|digit: char| digit.is_ascii_digit());
    if stem.is_empty() || DEVICES.contains(&first) {
        format!("api-{stem}").trim_end_matches('-').to_owned()
    } else {
        stem.to_owned()
    }
}

/// What a portal serves for a document.
enum Served {
    Nothing,
    Document { text: String, form: SpecForm },
}

impl Served {
    /// Reads it as a sync does. What no scenario can hold is an error, which says what it is.
    fn read(value: &RawValue) -> Result<Self, String> {
        let json = value.get();
        if json.starts_with('{') {
            return match Spec::from_json(json) {
                Ok(_) => Ok(Self::Document { text: json.to_owned(), form: SpecForm::Object }),
                Err(error) => Err(format!("is JSON that not every reader can read ({error})")),
            };
        }
        let Ok(mut text) = serde_json::from_str::<String>(json) else {
            return Err("is neither an object nor a text".to_owned());
        };
        // A document that was put in quotes more than once is still that document.
        while let Ok(inner) = serde_json::from_str(&text) {
            text = inner;
        }
        if text.trim().is_empty() {
            return Ok(Self::Nothing);
        }
        if text.trim_start().starts_with('{') && Spec::from_json(&text).is_ok() {
            return Ok(Self::Document { text, form: SpecForm::JsonText });
        }
        match read_text::<Spec>("document.yaml", &text) {
            Ok(spec) if spec.get().starts_with('{') => Ok(Self::Document { text, form: SpecForm::YamlText }),
            _ => Err("is a text that holds no document".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_document_has_a_file_of_its_own_that_every_system_takes() {
        let mut documents = Documents::default();
        let paths: Vec<String> = ["Pets-v1", "pets-v1", "a/b c", "..", "con", "COM1.x", "é", &"x".repeat(200)]
            .map(|id| documents.path(id, "json"))
            .into();
        assert_eq!(
            paths[..7],
            [
                "specs/Pets-v1.json",
                "specs/pets-v1-2.json",
                "specs/a-b-c.json",
                "specs/api.json",
                "specs/api-con.json",
                "specs/api-COM1.x.json",
                "specs/api-2.json"
            ]
        );
        assert_eq!(paths[7].len(), "specs/".len() + 80 + ".json".len());
    }

    #[test]
    fn what_is_served_is_told_apart_as_a_sync_does() {
        let form = |json: &str| match Served::read(serde_json::from_str(json).unwrap()) {
            Ok(Served::Nothing) => "nothing".to_owned(),
            Ok(Served::Document { text, form }) => format!("{form:?} {text}"),
            Err(problem) => problem,
        };
        assert_eq!(form(r#"{ "a":1.10}"#), r#"Object { "a":1.10}"#);
        assert_eq!(form(r#""{\"a\":1.10}""#), r#"JsonText {"a":1.10}"#);
        assert_eq!(form(r#""\"{\\\"a\\\":1}\"""#), r#"JsonText {"a":1}"#);
        assert_eq!(form(r#""a: 1.10\n""#), "YamlText a: 1.10\n");
        assert_eq!(form(r#"" ""#), "nothing");
        assert_eq!(form(r#""no such file""#), "is a text that holds no document");
        assert_eq!(form("[1]"), "is neither an object nor a text");
        assert!(form(r#"{"a":1e999}"#).starts_with("is JSON that not every reader can read"));
    }
}
