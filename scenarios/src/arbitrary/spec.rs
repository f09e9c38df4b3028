//! Documents.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::text::text;
use crate::Spec;

/// Any document that can be written in a scenario file itself: a mapping, members in any order.
pub fn inline_spec() -> impl Strategy<Value = Spec> {
    prop_oneof![
        vec((text(), json()), 0..5).prop_map(|members| object(&members)),
        vec((text(), json()), 0..3).prop_map(|paths| {
            let info = r#"{"title":"Pets","version":"1.0"}"#;
            format!(r#"{{"openapi":"3.0.3","info":{info},"paths":{}}}"#, object(&paths))
        }),
    ]
    .prop_map(|json| Spec::from_json(&json).expect("what the strategy writes is JSON"))
}

/// Any document, such as a portal may serve for one: mostly mappings, and any other JSON value.
pub fn spec() -> impl Strategy<Value = Spec> {
    let any = json().prop_map(|json| Spec::from_json(&json).expect("what the strategy writes is JSON"));
    prop_oneof![4 => inline_spec(), 1 => any]
}

/// Any JSON value as text; numbers are written as serde_json writes them.
fn json() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(&[0.0, -0.0, 1.0, 1e21, -1e-7, 0.1, f64::MAX, f64::MIN_POSITIVE][..])
            .prop_map(Value::from),
    ];
    let leaf = prop_oneof![
        3 => text().prop_map(Value::from),
        // A number that is none (NaN) becomes `null`.
        2 => number,
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_map(|value| value.to_string()).prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            vec((text(), inner), 0..4).prop_map(|members| object(&members)),
        ]
    })
}

/// The members in their order, each name once.
fn object(members: &[(String, String)]) -> String {
    let mut names = HashSet::new();
    let members: Vec<String> = members
        .iter()
        .filter(|(name, _)| names.insert(name))
        .map(|(name, value)| format!("{}:{value}", Value::from(&**name)))
        .collect();
    format!("{{{}}}", members.join(","))
}
