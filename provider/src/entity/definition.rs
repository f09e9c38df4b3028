//! Which definition an API entity gets of what the portal has: never none, and never a document in quotes.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use super::yaml;
use crate::portal::{Api, Definition};
use crate::quote;

/// A definition that Backstage takes.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) text: Arc<str>,
    /// What is wrong with what the portal has, and what became of it; nothing where nothing is.
    pub(super) problem: Option<String>,
}

/// The definition of an API.
///
/// A document that is JSON stays as it is. Text is read as YAML and becomes JSON; where that fails it stays as it is,
/// since Backstage shows it as text then. In place of none there is a document that says so.
pub(super) fn of(api: &Api) -> Document {
    match &api.definition {
        Definition::Document(json) => of_json(Arc::clone(json)),
        Definition::Text(text) => match yaml::to_json(text) {
            Ok(json) if json.starts_with('{') => of_json(json.into()),
            Ok(_) => Document {
                text: Arc::clone(text),
                problem: Some(format!(
                    "its OpenAPI document is text that holds no document ({}); Backstage gets it as it is",
                    quote::body(text.as_bytes(), "")
                )),
            },
            Err(error) => Document {
                text: Arc::clone(text),
                problem: Some(format!(
                    "its OpenAPI document is text that can be read neither as JSON nor as YAML ({}); Backstage gets it as it is",
                    quote::words(&error, "")
                )),
            },
        },
        Definition::Missing(reason) => {
            let told = reason.as_ref().map(|reason| format!(": {}", quote::words(reason, ""))).unwrap_or_default();
            Document {
                text: stub(api, reason.as_deref()).into(),
                problem: Some(format!(
                    "it has no OpenAPI document{told}; Backstage gets a stand-in that says so. Look at the API's document on the portal"
                )),
            }
        }
    }
}

fn of_json(text: Arc<str>) -> Document {
    let problem = (!is_openapi(&text)).then(|| {
        "its document has no `openapi` or `swagger` that names a version as text, so it is no OpenAPI document; Backstage gets it as it is"
            .to_owned()
    });
    Document { text, problem }
}

/// An OpenAPI document without operations that says that the portal has none, and why.
fn stub(api: &Api, reason: Option<&str>) -> String {
    let mut description = "The portal has no OpenAPI document for this API.".to_owned();
    if let Some(reason) = reason.filter(|reason| !reason.trim().is_empty()) {
        description.push_str(" The reason: ");
        description.push_str(reason);
    }
    let text = |text: &str| serde_json::Value::from(text);
    let version = api.version.as_deref().filter(|version| !version.is_empty()).unwrap_or("unknown");
    format!(
        r#"{{"openapi":"3.0.3","info":{{"title":{},"version":{},"description":{}}},"paths":{{}}}}"#,
        text(&api.id),
        text(version),
        text(&description),
    )
}

/// Whether this is an OpenAPI document, in whichever form.
pub(crate) fn is_document(definition: &Definition) -> bool {
    match definition {
        Definition::Document(json) => is_openapi(json),
        Definition::Text(text) => yaml::to_json(text).is_ok_and(|json| json.starts_with('{') && is_openapi(&json)),
        Definition::Missing(_) => false,
    }
}

/// Whether a JSON object says which version of OpenAPI it is of, as every document must (`openapi`: OpenAPI 3.1.0
/// section 4.8.1; `swagger`: OpenAPI 2.0, Swagger Object). Reads no further than to there.
fn is_openapi(json: &str) -> bool {
    let mut says = false;
    // Ends with an error where the rest is not read.
    let _ = serde_json::Deserializer::from_str(json).deserialize_map(Says(&mut says));
    says
}

struct Says<'s>(&'s mut bool);

impl<'de> Visitor<'de> for Says<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<Cow<'de, str>>()? {
            if key == "openapi" || key == "swagger" {
                *self.0 = members.next_value::<String>().is_ok();
                break;
            }
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    /// The text and the problem of what the portal has.
    fn made(definition: Definition) -> String {
        let api =
            Api { id: "orders-v1".to_owned(), version: None, description: None, definition, facts: Default::default() };
        let document = of(&api);
        format!("{}\n{}", document.text, document.problem.unwrap_or_default())
    }

    fn text(text: &str) -> Definition {
        Definition::Text(text.into())
    }

    #[test]
    fn an_openapi_document_stays_as_it_is() {
        for json in [r#"{"openapi":"3.1.0"}"#, r#"{"info":{"openapi":1},"swagger":"2.0","x":1.10}"#] {
            assert_eq!(made(Definition::Document(json.into())), format!("{json}\n"));
        }
    }

    #[test]
    fn yaml_becomes_json() {
        assert_snapshot!(made(text("# Orders\nopenapi: 3.0.3\ninfo: {title: Orders, version: '1.0'}\n")), @r#"{"openapi":"3.0.3","info":{"title":"Orders","version":"1.0"}}"#);
    }

    #[test]
    fn what_is_no_openapi_document_stays_and_is_told() {
        let problems = [
            Definition::Document("{}".into()),
            Definition::Document(r#"{"message":"API schema not found"}"#.into()),
            Definition::Document(r#"{"swagger":2.0}"#.into()),
            text("message: boom\n"),
            text("no such file"),
            text("- openapi: 3.0.3\n"),
            text("openapi: [3.0\n"),
            text("openapi: 3.0.3\nx: .nan\n"),
        ];
        assert_snapshot!(problems.map(made).join("\n"), @r#"
        {}
        its document has no `openapi` or `swagger` that names a version as text, so it is no OpenAPI document; Backstage gets it as it is
        {"message":"API schema not found"}
        its document has no `openapi` or `swagger` that names a version as text, so it is no OpenAPI document; Backstage gets it as it is
        {"swagger":2.0}
        its document has no `openapi` or `swagger` that names a version as text, so it is no OpenAPI document; Backstage gets it as it is
        {"message":"boom"}
        its document has no `openapi` or `swagger` that names a version as text, so it is no OpenAPI document; Backstage gets it as it is
        no such file
        its OpenAPI document is text that holds no document ("no such file"); Backstage gets it as it is
        - openapi: 3.0.3

        its OpenAPI document is text that holds no document ("- openapi: 3.0.3"); Backstage gets it as it is
        openapi: [3.0

        its OpenAPI document is text that can be read neither as JSON nor as YAML (unclosed bracket '[' at line 1, column 10); Backstage gets it as it is
        openapi: 3.0.3
        x: .nan

        its OpenAPI document is text that can be read neither as JSON nor as YAML (non-finite float `.nan` rejected by the configured policy at line 2, column 4); Backstage gets it as it is
        "#);
    }

    #[test]
    fn in_place_of_none_there_is_a_document_that_says_so() {
        assert_snapshot!(made(Definition::Missing(None)), @r#"
        {"openapi":"3.0.3","info":{"title":"orders-v1","version":"unknown","description":"The portal has no OpenAPI document for this API."},"paths":{}}
        it has no OpenAPI document; Backstage gets a stand-in that says so. Look at the API's document on the portal
        "#);
        assert_snapshot!(made(Definition::Missing(Some("dial tcp: \"i/o\" timeout".to_owned()))), @r#"
        {"openapi":"3.0.3","info":{"title":"orders-v1","version":"unknown","description":"The portal has no OpenAPI document for this API. The reason: dial tcp: \"i/o\" timeout"},"paths":{}}
        it has no OpenAPI document: dial tcp: "i/o" timeout; Backstage gets a stand-in that says so. Look at the API's document on the portal
        "#);
    }

    #[test]
    fn only_the_beginning_of_a_document_is_read() {
        assert!(is_openapi(r#"{"openapi":"3.0.3", and so on"#));
        assert!(!is_openapi(r#"{"info":{"#));
        assert!(!is_openapi("[]"));
        assert!(is_openapi(r#"{"\u006fpenapi":"3.0.3"}"#));
    }
}
