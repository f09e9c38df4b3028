//! Whatever stands in a configuration, it is told and nothing breaks; and a secret is told never.

use proptest::prelude::*;
use understudy::check::{Part, Report, ReportFormat};

use crate::answers::Answers;
use crate::stand::{only, plan, plan_of_file};

fn run(work: impl Future<Output = Report>) -> Report {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Texts such as slips are made of, and any others.
fn value() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("https://acme.okta.com".to_owned()),
        Just("http://".to_owned()),
        Just("/v1".to_owned()),
        Just("/realms/".to_owned()),
        Just("/auth".to_owned()),
        Just("/oauth2/default/v1/token".to_owned()),
        Just("-admin.okta.com".to_owned()),
        Just("${".to_owned()),
        Just("}".to_owned()),
        Just("$HOME".to_owned()),
        Just("%".to_owned()),
        Just("{{".to_owned()),
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just("\u{201c}".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("=".to_owned()),
        Just("CLIENT_ID=".to_owned()),
        Just("é".to_owned()),
        Just("\n".to_owned()),
        "[a-z0-9:/@?#.-]{0,8}",
        ".{0,4}",
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

/// A secret, with what may stand around one by mistake.
fn secret() -> impl Strategy<Value = (String, String)> {
    let around = prop::sample::select(vec!["", " ", "\"", "'", "\n", "\u{200b}", "$"]);
    ("[a-zA-Z0-9+/]{12,40}", around.clone(), around)
        .prop_map(|(secret, before, after)| (secret.clone(), format!("{before}{secret}{after}")))
}

fn assert_sound(report: &Report, secret: &str) {
    for format in [ReportFormat::Text, ReportFormat::Json, ReportFormat::Junit, ReportFormat::Short] {
        let text = report.render(format, true);
        assert!(!text.contains(secret), "the secret is told: {text}");
    }
    let ids: std::collections::HashSet<_> = report.findings().iter().map(|finding| finding.check.id).collect();
    // Each check ends in some way.
    assert_eq!(ids.len(), Part::Configuration.checks().len(), "{}", report.text());
}

/// Any JSON, among it what a discovery document and a set of keys are made of.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        prop::sample::select(vec!["SELF/keys", "SELF", "RSA", "sig", "AQAB", "http://", ""])
            .prop_map(serde_json::Value::from),
        ".{0,12}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let key =
            prop::sample::select(vec!["issuer", "jwks_uri", "token_endpoint", "keys", "kty", "use", "n", "kid", "x"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::btree_map(key.prop_map(str::to_owned), inner, 0..5)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_answers_of_an_issuer_are_told_of(document in any_json(), keys in any_json(), status in 200_u16..600) {
        let report = run(async {
            let answer = |json: &serde_json::Value| (if status % 4 == 0 { status } else { 200 }, Vec::new(), json.to_string());
            let paths = ["/.well-known/openid-configuration", "/keys"];
            let answers = Answers::start(paths.into_iter().zip([answer(&document), answer(&keys)])).await;
            only(plan([("ISSUER_URL", answers.url.clone())]), "issuer").await
        });
        let ids: std::collections::HashSet<_> = report.findings().iter().map(|finding| finding.check.id).collect();
        prop_assert!(Part::Issuer.checks().iter().all(|check| ids.contains(check.id)), "{}", report.text());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_variables_are_told_of_and_no_secret_is(
        values in prop::collection::vec(value(), 6),
        (secret, written) in secret(),
    ) {
        let names = ["PORTAL_URL", "PORTAL_SERVER_URL", "TOKEN_ENDPOINT", "ISSUER_URL", "CLIENT_ID", "SCOPE"];
        let variables = names.into_iter().map(str::to_owned).zip(values).chain([("CLIENT_SECRET".to_owned(), written)]);
        let report = run(only(plan(variables), "configuration"));
        assert_sound(&report, &secret);
    }

    #[test]
    fn any_text_of_a_file_is_told_of(text in prop_oneof![".{0,200}", "([ ]{0,4}[a-zA-Z$]{1,9}:[ ]?[&*!|>\\[\\]{}\"'a-z0-9$-]{0,9}\n){0,8}"]) {
        let folder = tempfile::tempdir().unwrap();
        let report = run(only(plan_of_file(folder.path(), &text, &[]), "configuration"));
        assert_sound(&report, "\u{0}");
    }

    #[test]
    fn any_values_of_a_file_are_told_of_and_no_secret_is(
        values in prop::collection::vec(value(), 4),
        (secret, written) in secret(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let quoted = |text: &str| serde_json::to_string(text).unwrap();
        let text = format!(
            "glooPlatformPortal:\n  backend:\n    portalServerUrl: {}\n    tokenEndpoint: {}\n    issuerUrl: {}\n    \
             clientId: {}\n    clientSecret: {}\n",
            quoted(&values[0]), quoted(&values[1]), quoted(&values[2]), quoted(&values[3]), quoted(&written),
        );
        let report = run(only(plan_of_file(folder.path(), &text, &[]), "configuration"));
        assert_sound(&report, &secret);
    }
}
