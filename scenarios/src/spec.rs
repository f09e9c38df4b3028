//! An OpenAPI document as JSON text: its members keep their order, its numbers their digits.

mod json;

use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// An API's OpenAPI document (or any JSON value that a portal serves in its place), as minified JSON text.
///
/// It is never kept as a tree: what was read is what is served. Clones share the text. Whatever reads JSON can read
/// it: no number is beyond a double, no string holds half a surrogate pair, and nothing is nested deeper than 127.
#[derive(Clone, Debug)]
pub struct Spec(Arc<RawValue>);

impl Spec {
    /// Reads JSON text, keeping the order of members and the digits of numbers; white space between tokens goes.
    ///
    /// # Errors
    /// When `text` is not one JSON value that every reader of JSON can read.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        let raw: &RawValue = serde_json::from_str(text)?;
        json::check(text)?;
        RawValue::from_string(json::minify(raw.get())).map(|raw| Self(raw.into()))
    }

    /// A document with nothing but a title and a version, for a version that a scenario gives no document.
    #[must_use]
    pub fn placeholder(title: &str, version: &str) -> Self {
        let info = format!(
            r#"{{"openapi":"3.0.3","info":{{"title":{},"version":{}}},"paths":{{}}}}"#,
            serde_json::Value::from(title),
            serde_json::Value::from(version)
        );
        let raw = RawValue::from_string(info).expect("a title and a version in quotes make a JSON object");
        Self(raw.into())
    }

    /// The JSON text.
    #[must_use]
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// The document as YAML, its members in their order. Its numbers are then values, not digits.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        serde_saphyr::to_string(self)
            .expect("a document is made of mappings with text as keys, lists, text and numbers")
    }

    /// The JSON text as a value that serde_json writes as it is.
    #[must_use]
    pub fn raw(&self) -> &RawValue {
        &self.0
    }
}

impl PartialEq for Spec {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for Spec {}

impl Serialize for Spec {
    /// Writes the document as a tree, in whatever format is written. Its numbers are then values, not digits: `1.10` is
    /// written as `1.1`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serde_json::Deserializer::from_str(self.get());
        serde_transcode::transcode(&mut json, serializer)
    }
}

impl<'de> Deserialize<'de> for Spec {
    /// Reads a tree in whatever format it comes, keeping the order of members. A key is taken as it is written, so
    /// that YAML's `200:` is the member `"200"`; numbers are values, not digits.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = json::from_tree(deserializer)?;
        // The tree has only values that JSON knows: what is left to go wrong is how deep it is.
        json::check(&text).map_err(|_| D::Error::custom("it is nested deeper than 127 lists and mappings"))?;
        RawValue::from_string(text).map(|raw| Self(raw.into())).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_its_order_and_its_digits_and_loses_its_spaces() {
        let spec = Spec::from_json("{ \"z\" : 1.10,\n \"a b\" : \"x \\\" y\" , \"10\":[ 1e3 ] }").unwrap();
        assert_eq!(spec.get(), r#"{"z":1.10,"a b":"x \" y","10":[1e3]}"#);
    }

    #[test]
    fn yaml_becomes_json_in_the_order_written() {
        let spec: Spec = serde_saphyr::from_str(
            "openapi: 3.0.3\npaths:\n  /pets:\n    get:\n      responses:\n        200: {description: ok}\n",
        )
        .unwrap();
        assert_eq!(
            spec.get(),
            r#"{"openapi":"3.0.3","paths":{"/pets":{"get":{"responses":{"200":{"description":"ok"}}}}}}"#
        );
    }

    #[test]
    fn a_document_is_written_as_yaml_in_its_order() {
        let spec = Spec::from_json(r#"{"openapi":"3.0.3","info":{"version":"1.0","title":"no"},"paths":{"/a":{}}}"#);
        let yaml = spec.unwrap().to_yaml();
        assert_eq!(yaml, "openapi: \"3.0.3\"\ninfo:\n  version: \"1.0\"\n  title: \"no\"\npaths:\n  /a: {}\n");
    }

    proptest::proptest! {
        #[test]
        fn any_document_written_as_yaml_and_read_again_is_the_same(spec in crate::arbitrary::inline_spec()) {
            let yaml = spec.to_yaml();
            let again: Spec = serde_saphyr::from_str(&yaml).map_err(|error| {
                proptest::test_runner::TestCaseError::fail(format!("{error}\n{yaml}"))
            })?;
            proptest::prop_assert_eq!(again.get(), spec.get(), "{}", yaml);
        }
    }

    #[test]
    fn yaml_keys_are_taken_as_they_are_written() {
        let spec: Spec = serde_saphyr::from_str("{1.10: a, true: b, 0x10: c}").unwrap();
        assert_eq!(spec.get(), r#"{"1.10":"a","true":"b","0x10":"c"}"#);
    }

    #[test]
    fn json_that_some_reader_could_not_read_is_refused() {
        let deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
        for text in ["1e999", r#""\ud800""#, "[1,]", "{} {}", "", &deep] {
            assert!(Spec::from_json(text).is_err(), "{text}");
        }
        let deepest = format!("{}{}", "[".repeat(127), "]".repeat(127));
        assert!(Spec::from_json(&deepest).is_ok());
    }

    #[test]
    fn yaml_with_a_number_that_json_does_not_know_is_refused() {
        assert!(serde_saphyr::from_str::<Spec>("a: .nan").is_err());
        assert!(serde_saphyr::from_str::<Spec>("a: 1e999").is_err());
    }

    #[test]
    fn a_placeholder_is_json_whatever_the_title() {
        let spec = Spec::placeholder("a \"quoted\" title", "v1");
        assert!(Spec::from_json(spec.get()).is_ok());
    }
}
