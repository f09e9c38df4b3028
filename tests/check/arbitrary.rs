//! Whatever an identity provider and a portal answer, an examination ends, and tells no secret.

use std::time::Duration;

use proptest::prelude::*;
use understudy::check::{Report, ReportFormat, Selection, examine};

use crate::served::{Reply, SECRET, Served, jwt, reply};

/// JSON of the members that are looked at, and some that are not.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<f64>().prop_map(|value| serde_json::json!(value).to_string()),
        "[a-z (/é.]{0,70}".prop_map(|text| serde_json::json!(text).to_string()),
    ];
    let names = [
        "id",
        "apiId",
        "apiProductId",
        "apiVersions",
        "apiVersion",
        "openapiSpec",
        "openapiSpecFetchErr",
        "apiSpec",
        "name",
        "openapi",
        "message",
        "iss",
        "aud",
        "exp",
        "iat",
        "nbf",
        "cid",
        "alg",
        "kid",
        "error",
        "error_description",
        "errorCode",
        "errorSummary",
        "access_token",
        "token_type",
        "expires_in",
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let member = (prop::sample::select(names.to_vec()), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(member, 0..6).prop_map(|members| {
                let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![4 => json().prop_map(String::into_bytes), 1 => any::<Vec<u8>>()]
}

fn answer() -> impl Strategy<Value = Reply> {
    let status =
        prop_oneof![3 => Just(200_u16), 1 => prop::sample::select(vec![204, 302, 400, 401, 403, 404, 429, 500, 503])];
    (status, body()).prop_map(|(status, body)| reply(status, body))
}

/// A token answer, mostly with a token that may be a JWT.
fn token_answer() -> impl Strategy<Value = Reply> {
    let token =
        prop_oneof![3 => (json(), json()).prop_map(|(header, claims)| jwt(&header, &claims)), 1 => "[ -~]{1,80}"];
    let given = token
        .prop_map(|token| reply(200, serde_json::json!({"access_token": token, "token_type": "Bearer"}).to_string()));
    prop_oneof![3 => given, 1 => answer()]
}

async fn examined(token: Reply, list: Reply, rest: Reply) -> Report {
    let server = Served::by(move |asked| {
        Some(match asked.line.as_str() {
            "POST /token" => token.clone(),
            "GET /v1/apis" | "GET /v1/api-products" => list.clone(),
            _ => rest.clone(),
        })
    })
    .await;
    let mut plan = server.plan();
    plan.selection = Selection::of(&[], &["network".to_owned()]).unwrap();
    tokio::time::timeout(Duration::from_secs(20), examine(plan)).await.expect("an examination ends")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_examination_ends_and_tells_no_secret(token in token_answer(), list in answer(), rest in answer()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let report = runtime.block_on(examined(token, list, rest));
        for format in [ReportFormat::Text, ReportFormat::Json, ReportFormat::Junit, ReportFormat::Short] {
            prop_assert!(!report.render(format, false).contains(SECRET));
        }
    }
}
