//! What faults make of a body's text. Each answers nothing where the body is not of the kind that it spoils.

use std::io::Write as _;

use bytes::{Bytes, BytesMut};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use understudy_scenarios::ItemFault;

/// The same list, with other items. Items as they were before the world changed are not made here: those come from the
/// mock.
pub(super) fn with_items(body: &Bytes, fault: &ItemFault) -> Option<Bytes> {
    let items = list(body)?;
    let kept: Vec<&str> = match fault {
        ItemFault::Stale => return None,
        ItemFault::Duplicate => items.iter().flat_map(|item| [item.get(), item.get()]).collect(),
        ItemFault::First(count) => items.iter().take(*count as usize).map(|item| item.get()).collect(),
        ItemFault::None => Vec::new(),
    };
    (kept.len() != items.len()).then(|| format!("[{}]", kept.join(",")).into())
}

/// The same body, packed by gzip.
pub(super) fn packed(body: &Bytes) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).and_then(|()| encoder.finish()).expect("memory takes all that is written to it").into()
}

/// The same list, with `null` before its items.
pub(super) fn with_null(body: &Bytes) -> Option<Bytes> {
    let items = list(body)?;
    let begin = body.iter().position(|byte| *byte == b'[')? + 1;
    Some(spliced(body, begin, if items.is_empty() { b"null" } else { b"null," }))
}

/// The same JSON, with a comma or a colon twice, near the middle.
pub(super) fn malformed(body: &Bytes) -> Option<Bytes> {
    if !is_json(body) {
        return None;
    }
    let middle = body.len() / 2;
    let marks = |place: &(usize, u8)| matches!(place.1, b',' | b':');
    let near = structure(body).filter(marks).find(|(at, _)| *at >= middle);
    let (at, mark) = near.or_else(|| structure(body).filter(marks).last()).unwrap_or_else(|| {
        // `[]`, `{}` or a lone value: a comma before its last byte, or behind it.
        let inside = structure(body).filter(|(_, byte)| matches!(byte, b']' | b'}')).last();
        (inside.map_or(body.len(), |(at, _)| at), b',')
    });
    Some(spliced(body, at, &[mark]))
}

/// Whether the body is a list, in JSON.
pub(super) fn is_list(body: &[u8]) -> bool {
    list(body).is_some()
}

/// A place in the body's first JSON object where a member can stand, and whether others follow.
pub(super) fn place_for_a_member(body: &[u8]) -> Option<(usize, bool)> {
    if !is_json(body) {
        return None;
    }
    let (brace, _) = structure(body).find(|(_, byte)| *byte == b'{')?;
    let next = body[brace + 1..].iter().find(|byte| !byte.is_ascii_whitespace())?;
    Some((brace + 1, *next != b'}'))
}

fn list(body: &[u8]) -> Option<Vec<&RawValue>> {
    serde_json::from_slice(body).ok()
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

fn spliced(body: &[u8], at: usize, more: &[u8]) -> Bytes {
    let mut spliced = BytesMut::with_capacity(body.len() + more.len());
    spliced.extend_from_slice(&body[..at]);
    spliced.extend_from_slice(more);
    spliced.extend_from_slice(&body[at..]);
    spliced.freeze()
}

/// The bytes of JSON that lie outside of texts, each with its place.
fn structure(json: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    let (mut in_text, mut escaped) = (false, false);
    json.iter().copied().enumerate().filter(move |(_, byte)| {
        match (in_text, escaped, byte) {
            (true, true, _) => escaped = false,
            (true, false, b'\\') => escaped = true,
            (_, _, b'"') => in_text = !in_text,
            (false, ..) => return true,
            (true, ..) => {}
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(body: Option<Bytes>) -> Option<String> {
        body.map(|body| String::from_utf8(body.to_vec()).unwrap())
    }

    fn body(text: &str) -> Bytes {
        Bytes::copy_from_slice(text.as_bytes())
    }

    #[test]
    fn items_are_doubled_and_left_out_byte_for_byte() {
        let list = body(r#" [{"b": 1.0 ,"a":2}, 3] "#);
        let with = |fault| text(with_items(&list, &fault));
        assert_eq!(with(ItemFault::Duplicate).unwrap(), r#"[{"b": 1.0 ,"a":2},{"b": 1.0 ,"a":2},3,3]"#);
        assert_eq!(with(ItemFault::First(1)).unwrap(), r#"[{"b": 1.0 ,"a":2}]"#);
        assert_eq!(with(ItemFault::None).unwrap(), "[]");
        assert_eq!(with(ItemFault::First(2)), None);
    }

    #[test]
    fn what_is_no_list_has_no_items() {
        for body in [body("{\"a\":[]}"), body("not found"), body(""), body("\u{1f}\u{8b}")] {
            assert_eq!(with_items(&body, &ItemFault::None), None);
            assert_eq!(with_null(&body), None);
        }
    }

    #[test]
    fn a_list_begins_with_null() {
        assert_eq!(text(with_null(&body("[1,2]"))).unwrap(), "[null,1,2]");
        assert_eq!(text(with_null(&body(" [ ]"))).unwrap(), " [null ]");
    }

    #[test]
    fn a_mistake_stands_in_the_middle() {
        assert_eq!(text(malformed(&body(r#"{"a":1,"b":",:","c":3}"#))).unwrap(), r#"{"a":1,"b":",:",,"c":3}"#);
        assert_eq!(text(malformed(&body("[]"))).unwrap(), "[,]");
        assert_eq!(text(malformed(&body("17"))).unwrap(), "17,");
        assert_eq!(malformed(&body("<html>")), None);
    }

    #[test]
    fn a_member_is_put_into_the_first_object() {
        assert_eq!(place_for_a_member(br#"["{",{"a":1}]"#), Some((6, true)));
        assert_eq!(place_for_a_member(b"{ }"), Some((1, false)));
        assert_eq!(place_for_a_member(b"[1]"), None);
        assert_eq!(place_for_a_member(b"openapi: {}"), None);
    }

    proptest! {
        #[test]
        fn malformed_json_is_never_json(text in "[a-z\"\\\\,:{}\\[\\]]{0,12}", number: i64) {
            for value in [
                serde_json::json!(text), serde_json::json!([text, number]), serde_json::json!({ &text: [number, {}] }),
            ] {
                let spoilt = malformed(&body(&value.to_string())).unwrap();
                prop_assert!(!is_json(&spoilt));
            }
        }
    }
}
