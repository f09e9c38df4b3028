//! An OpenAPI document as JSON text: its members keep their order, its numbers their digits.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// An API's OpenAPI document (or any JSON value that a portal serves in its place), as minified JSON text.
///
/// It is never parsed into a tree: what was read is what is served. Clones share the text.
#[derive(Clone, Debug)]
pub struct Spec(Arc<RawValue>);

impl Spec {
    /// Reads JSON text, keeping the order of members and the digits of numbers; white space between tokens goes.
    ///
    /// # Errors
    /// When `text` is not one JSON value.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        let raw: &RawValue = serde_json::from_str(text)?;
        let minified = minify(raw.get());
        RawValue::from_string(minified).map(|raw| Self(raw.into()))
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
    /// Writes the document as a tree, in whatever format is written.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serde_json::Deserializer::from_str(self.get());
        serde_transcode::transcode(&mut json, serializer)
    }
}

impl<'de> Deserialize<'de> for Spec {
    /// Reads a tree in whatever format it comes, keeping the order of members.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut json = Vec::new();
        serde_transcode::transcode(deserializer, &mut serde_json::Serializer::new(&mut json))
            .map_err(serde::de::Error::custom)?;
        let text = String::from_utf8(json).map_err(serde::de::Error::custom)?;
        RawValue::from_string(text).map(|raw| Self(raw.into())).map_err(serde::de::Error::custom)
    }
}

/// Drops the white space between the tokens of valid JSON.
fn minify(json: &str) -> String {
    let mut minified = String::with_capacity(json.len());
    let mut start = None;
    let (mut in_string, mut escaped) = (false, false);
    for (at, byte) in json.bytes().enumerate() {
        if !in_string && matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            if let Some(start) = start.take() {
                minified.push_str(&json[start..at]);
            }
            continue;
        }
        start.get_or_insert(at);
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ => {}
        }
    }
    if let Some(start) = start {
        minified.push_str(&json[start..]);
    }
    minified
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
    fn a_placeholder_is_json_whatever_the_title() {
        let spec = Spec::placeholder("a \"quoted\" title", "v1");
        assert!(Spec::from_json(spec.get()).is_ok());
    }
}
