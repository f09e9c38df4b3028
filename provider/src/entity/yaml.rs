//! YAML as JSON text: members in their order, without a tree between.

use std::fmt;
use std::thread;

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Options;

/// How deep lists and mappings may be nested, as in JSON (serde_json follows 127).
const MAX_DEPTH: usize = 127;
/// What a level takes of the stack at most: the reader calls itself, with 22 KiB each in a debug build.
const LEVEL: usize = 64 * 1024;

/// Reads one YAML document (1.2, core schema) and writes it as JSON. Aliases and merge keys are resolved, and keys are
/// taken as they are written: `200:` is `"200"`. Numbers are values: `1.10` becomes `1.1`, as it does in JavaScript.
///
/// # Errors
/// When `yaml` is no YAML, says what JSON can't (`.nan`), or is beyond 64 MB of text or some millions of values. The
/// reader's words may quote the text.
pub(super) fn to_json(yaml: &str) -> Result<String, String> {
    with_room(|| {
        let mut json = Vec::new();
        let read = serde_saphyr::with_deserializer_from_str_with_options(yaml, options(), |reader| {
            Value(&mut json).deserialize(reader)
        });
        read.map_err(|error| error.to_string())?;
        Ok(String::from_utf8(json).expect("JSON is written as UTF-8"))
    })
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_events: 16_000_000,
            max_nodes: 8_000_000,
            // Aliases that stand for aliases are stopped by the limits on what is read in all.
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 1_000_000 },
        strict_booleans: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    }
}

/// Does `work` where the stack has room for it, since who calls may have little left.
fn with_room<T: Send>(work: impl Fn() -> T + Sync) -> T {
    thread::scope(|scope| {
        match thread::Builder::new().stack_size((MAX_DEPTH + 8) * LEVEL).spawn_scoped(scope, &work) {
            Ok(worker) => worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // No thread to be had: most documents are shallow.
            Err(_) => work(),
        }
    })
}

/// Appends one value.
struct Value<'j>(&'j mut Vec<u8>);

impl Value<'_> {
    fn write<T: Serialize + ?Sized, E: Error>(self, value: &T) -> Result<(), E> {
        serde_json::to_writer(self.0, value).map_err(E::custom)
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
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
        self.write(&value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.write(value)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.write(&())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.push(b'[');
        let start = self.0.len();
        while items.next_element_seed(Value(&mut *self.0))?.is_some() {
            self.0.push(b',');
        }
        close(self.0, start, b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.push(b'{');
        let start = self.0.len();
        while members.next_key_seed(Key(&mut *self.0))?.is_some() {
            self.0.push(b':');
            members.next_value_seed(Value(&mut *self.0))?;
            self.0.push(b',');
        }
        close(self.0, start, b'}');
        Ok(())
    }
}

/// Ends what began at `start`: the comma after the last item goes.
fn close(json: &mut Vec<u8>, start: usize, bracket: u8) {
    if json.len() > start {
        json.pop();
    }
    json.push(bracket);
}

/// Appends a member's name as it is written, whatever type it looks like.
struct Key<'j>(&'j mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_str(self)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_keys_their_spelling() {
        let yaml = "openapi: 3.0.3\npaths:\n  /pets:\n    get: {responses: {200: {description: no}, 1.10: [], x: }}\n";
        assert_eq!(
            to_json(yaml).unwrap(),
            r#"{"openapi":"3.0.3","paths":{"/pets":{"get":{"responses":{"200":{"description":"no"},"1.10":[],"x":null}}}}}"#
        );
    }

    #[test]
    fn aliases_and_merge_keys_are_resolved() {
        let yaml = "a: &a {x: 1, y: [true, ~]}\nb: *a\nc: {<<: *a, z: 1.50}\n";
        assert_eq!(
            to_json(yaml).unwrap(),
            r#"{"a":{"x":1,"y":[true,null]},"b":{"x":1,"y":[true,null]},"c":{"z":1.5,"x":1,"y":[true,null]}}"#
        );
    }

    #[test]
    fn what_json_cannot_say_is_an_error() {
        for yaml in ["a: .nan", "a: 1e999", "a: [", "{a: 1, a: 2}", "a: 1\n---\nb: 2"] {
            assert!(to_json(yaml).is_err(), "{yaml}");
        }
        assert!(to_json(&format!("{}{}", "[".repeat(200), "]".repeat(200))).is_err());
        let bomb = (0..30).fold("l0: &l0 [x]\n".to_owned(), |yaml, at| {
            yaml + &format!("l{}: &l{} [*l{at}, *l{at}, *l{at}, *l{at}]\n", at + 1, at + 1)
        });
        assert!(to_json(&bomb).is_err());
    }

    #[test]
    fn numbers_are_values() {
        assert_eq!(
            to_json("[18446744073709551615, -9223372036854775808, 0x10, 1.10]").unwrap(),
            "[18446744073709551615,-9223372036854775808,16,1.1]"
        );
        let beyond = to_json("[123456789012345678901234567890]").unwrap();
        assert_eq!(beyond, "[1.2345678901234568e+29]");
    }
}
