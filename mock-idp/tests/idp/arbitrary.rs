//! Whatever comes, nothing breaks.

use http::Method;
use proptest::prelude::*;

use crate::app::{App, KEYCLOAK, OKTA, ORG};

/// Bodies that are near a form, and bodies that are not.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        Just("grant_type"),
        Just("client_id"),
        Just("client_secret"),
        Just("client_assertion"),
        Just("scope"),
        Just("code"),
        Just("refresh_token"),
        Just("%zz"),
        Just(""),
    ];
    let value = prop_oneof![
        Just("client_credentials".to_owned()),
        Just("authorization_code".to_owned()),
        Just("backstage".to_owned()),
        Just("backstage-dev-secret".to_owned()),
        Just("openid portal".to_owned()),
        any::<String>(),
    ];
    let form = proptest::collection::vec((name, value), 0..8).prop_map(|pairs| {
        let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&").into_bytes()
    });
    prop_oneof![form, proptest::collection::vec(any::<u8>(), 0..256)]
}

fn authorization() -> impl Strategy<Value = Option<Vec<u8>>> {
    let header = prop_oneof!["Basic [A-Za-z0-9+/=]{0,40}", "[ -~]{0,40}"].prop_map(String::into_bytes);
    let any_bytes = proptest::collection::vec(any::<u8>(), 0..40);
    proptest::option::of(prop_oneof![header, any_bytes])
}

fn path() -> impl Strategy<Value = String> {
    let known = prop_oneof![
        Just(OKTA),
        Just(ORG),
        Just(KEYCLOAK),
        Just("/realms/gloo"),
        Just("/.well-known/oauth-authorization-server"),
        Just("/oauth2/default/.well-known/openid-configuration"),
    ];
    prop_oneof![
        4 => known.prop_map(str::to_owned),
        1 => "(/(realms|oauth2|default|gloo|v1|token|auth|[a-z%.0-9]{0,5})){0,6}".prop_map(|path| format!("/{path}")),
    ]
}

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![4 => Just(Method::POST), 1 => Just(Method::GET), 1 => Just(Method::OPTIONS), 1 => Just(Method::HEAD)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn no_request_breaks_the_server(
        path in path(), method in method(), body in body(), authorization in authorization(), form in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let app = App::new();
        let mut ask = app.ask(method, &path).body(body);
        if let Some(Ok(value)) = authorization.map(|bytes| http::HeaderValue::from_bytes(&bytes)) {
            ask = ask.value("authorization", value);
        }
        if form {
            ask = ask.header("content-type", "application/x-www-form-urlencoded; charset=UTF-8");
        }
        let answer = runtime.block_on(ask.send());
        prop_assert!(answer.status.as_u16() < 500);
        let caller = answer.note.caller.as_deref().unwrap_or_default();
        prop_assert!(!caller.chars().any(char::is_control) && caller.chars().count() <= 65);
        prop_assert!(answer.text.is_empty() || serde_json::from_str::<serde_json::Value>(&answer.text).is_ok());
    }
}
