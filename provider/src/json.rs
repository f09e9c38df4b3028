//! What the crate asks of JSON text without parsing it into a tree: its kind, its truth, its shortest form.

use serde_json::value::RawValue;

/// What a JSON value is, with its article, for messages: "an object", "a number".
pub(crate) fn kind(json: &str) -> &'static str {
    match json.trim_start().bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// Whether the value is an object.
pub(crate) fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

/// Whether JavaScript would take the value for true (ECMA-262, ToBoolean): all but `null`, `false`, `0` and `""`.
pub(crate) fn is_truthy(value: &RawValue) -> bool {
    match value.get() {
        "null" | "false" | "\"\"" => false,
        number if number.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
            number.parse::<f64>().is_ok_and(|number| number != 0.0)
        }
        _ => true,
    }
}

/// The value's text without the white space between its tokens; members keep their order, numbers their digits.
pub(crate) fn minified(value: &RawValue) -> String {
    let json = value.get();
    let mut minified = String::with_capacity(json.len());
    let mut rest = json;
    // Outside strings first, then the string that follows, and so on to the end.
    while let Some(quote) = rest.find('"') {
        push_without_spaces(&mut minified, &rest[..quote]);
        let end = end_of_string(&rest[quote..]) + quote;
        minified.push_str(&rest[quote..end]);
        rest = &rest[end..];
    }
    push_without_spaces(&mut minified, rest);
    minified
}

/// Whether a JSON text, once [`minified`], is this one. Nothing is parsed, and nothing copied: it is for asking whether a
/// text is still the same. Of a text that is no JSON it is not true, since `known` is JSON.
pub(crate) fn minifies_to(body: &[u8], known: &str) -> bool {
    let known = known.as_bytes();
    let (mut at, mut in_string, mut spaced) = (0, false, false);
    let mut bytes = body.iter().copied();
    while let Some(byte) = bytes.next() {
        if !in_string && matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            spaced = true;
            continue;
        }
        // Two numbers or words with a space between them would become one.
        if spaced && at > 0 && is_word(known[at - 1]) && is_word(byte) {
            return false;
        }
        spaced = false;
        if known.get(at) != Some(&byte) {
            return false;
        }
        at += 1;
        match byte {
            b'"' => in_string = !in_string,
            // What is escaped neither ends the string nor escapes anything itself.
            b'\\' if in_string => {
                let Some(escaped) = bytes.next() else { return false };
                if known.get(at) != Some(&escaped) {
                    return false;
                }
                at += 1;
            }
            _ => {}
        }
    }
    at == known.len()
}

/// Whether a byte is of a number or of a word such as `true`.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

fn push_without_spaces(minified: &mut String, json: &str) {
    for piece in json.split([' ', '\t', '\n', '\r']) {
        minified.push_str(piece);
    }
}

/// Where the string that `json` starts with ends, its closing quote included.
fn end_of_string(json: &str) -> usize {
    let bytes = json.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn raw(json: &str) -> &RawValue {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn minified_json_keeps_its_order_and_its_digits() {
        let json = "{ \"z\" : 1.10,\n \"a \\\" b\\\\\" : \"x  y\" , \"10\":[ 1e3 ,\t{} ] }";
        assert_eq!(minified(raw(json)), r#"{"z":1.10,"a \" b\\":"x  y","10":[1e3,{}]}"#);
    }

    #[test]
    fn truth_is_as_in_javascript() {
        for falsy in ["null", "false", "0", "-0", "0.0", "0e5", "\"\""] {
            assert!(!is_truthy(raw(falsy)), "{falsy}");
        }
        for truthy in ["true", "1", "-0.5", "\"0\"", "[]", "{}"] {
            assert!(is_truthy(raw(truthy)), "{truthy}");
        }
    }

    #[test]
    fn a_text_that_is_no_json_minifies_to_nothing() {
        assert!(minifies_to(b" { \"a b\" : [ 1 , 2 ] }\n", r#"{"a b":[1,2]}"#));
        for text in [r#"{"a b":[1 2]}"#, r#"{"ab":[1,2]}"#, r#"{"a b":[1,2]"#, r#"{"a b":[1,2]}}"#, "\"\\", ""] {
            assert!(!minifies_to(text.as_bytes(), r#"{"a b":[1,2]}"#), "{text}");
        }
        assert!(!minifies_to(b"{\"a\":1 2}", r#"{"a":12}"#));
    }

    proptest! {
        #[test]
        fn minified_json_is_the_same_value(keys in prop::collection::vec(any::<String>(), 0..6), number in any::<i64>()) {
            let value: serde_json::Value = keys.iter().map(|key| (key.clone(), serde_json::json!([key, number]))).collect();
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(minified(raw(&pretty)), serde_json::to_string(&value).unwrap());
            prop_assert!(minifies_to(pretty.as_bytes(), &minified(raw(&pretty))));
        }
    }
}
