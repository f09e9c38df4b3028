//! From text or a tree to minified JSON text, without a tree of our own between.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Reads `json` to its end as a program would that uses its values: numbers must fit a double, escapes must be
/// characters, and nothing may be nested deeper than serde_json follows (127).
pub(super) fn check(json: &str) -> Result<(), serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(json);
    serde_transcode::transcode(&mut reader, &mut serde_json::Serializer::new(std::io::sink()))?;
    reader.end()
}

/// Drops the white space between the tokens of valid JSON.
pub(super) fn minify(json: &str) -> String {
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

/// Writes the tree that `deserializer` reads as JSON text. Errors are the deserializer's own, so that they keep their
/// place in what it reads.
pub(super) fn from_tree<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let mut json = Vec::new();
    Value(&mut json).deserialize(deserializer)?;
    String::from_utf8(json).map_err(D::Error::custom)
}

/// Appends one value.
struct Value<'j>(&'j mut Vec<u8>);

impl Value<'_> {
    fn write<T: serde::Serialize + ?Sized, E: Error>(self, value: &T) -> Result<(), E> {
        serde_json::to_writer(self.0, value).map_err(E::custom)
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value that JSON knows")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        if value.is_finite() { self.write(&value) } else { Err(E::custom(format!("`{value}` is no number in JSON"))) }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.write(value)
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.write(&())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut open = b'[';
        loop {
            // The separator goes before an item that may not come; it is taken back at the end.
            self.0.push(open);
            if items.next_element_seed(Value(&mut *self.0))?.is_none() {
                break;
            }
            open = b',';
        }
        close(self.0, b'[', b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut open = b'{';
        loop {
            self.0.push(open);
            if members.next_key_seed(Key(&mut *self.0))?.is_none() {
                break;
            }
            self.0.push(b':');
            members.next_value_seed(Value(&mut *self.0))?;
            open = b',';
        }
        close(self.0, b'{', b'}');
        Ok(())
    }
}

/// Ends a list or an object whose last byte is the opening bracket or a comma after which nothing came.
fn close(json: &mut Vec<u8>, open: u8, close: u8) {
    if json.last() != Some(&open) {
        json.pop();
    }
    json.push(close);
}

/// Appends a member's name: as it is written, whatever type it looks like.
struct Key<'j>(&'j mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("text")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        serde_json::to_writer(self.0, key).map_err(E::custom)
    }
}
