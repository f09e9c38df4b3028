//! The claims of a token as the bytes that are signed, with those left out that the issuer is to leave out.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

/// The JSON text of `claims` without the `dropped` ones; the others keep their order.
pub(super) fn to_json(claims: &impl Serialize, dropped: &[String]) -> Vec<u8> {
    let all = serde_json::to_vec(claims).expect("claims are text, numbers and lists with text as keys");
    if dropped.is_empty() {
        return all;
    }
    let mut claims: Claims<'_> = serde_json::from_slice(&all).expect("claims are an object");
    claims.0.retain(|(name, _)| !dropped.contains(name));
    serde_json::to_vec(&claims).expect("what was read from JSON is JSON")
}

/// A token's claims in their order, each value as its text.
struct Claims<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Claims<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Claims<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Claims(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl Serialize for Claims<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Token {
        z: u8,
        exp: i64,
        a: [&'static str; 2],
    }

    fn without(dropped: &[&str]) -> String {
        let dropped: Vec<String> = dropped.iter().map(ToString::to_string).collect();
        String::from_utf8(to_json(&Token { z: 1, exp: 2, a: ["x", "y"] }, &dropped)).unwrap()
    }

    #[test]
    fn what_is_dropped_is_gone_and_the_rest_keeps_its_order() {
        assert_eq!(without(&[]), r#"{"z":1,"exp":2,"a":["x","y"]}"#);
        assert_eq!(without(&["exp", "nope"]), r#"{"z":1,"a":["x","y"]}"#);
        assert_eq!(without(&["a", "z", "exp"]), "{}");
    }
}
