//! Issuers that are not there, are not what they are called, or can't be trusted.

use insta::assert_snapshot;
use understudy::check::Report;

use crate::answers::{Answers, Given, json, page, redirect};
use crate::stand::{closed, only, plan, plan_with, stage, told};

const DISCOVERY: &str = "/realms/gloo/.well-known/openid-configuration";
const DOCUMENT: &str = r#"{
    "issuer": "SELF/realms/gloo",
    "token_endpoint": "SELF/realms/gloo/protocol/openid-connect/token",
    "jwks_uri": "SELF/keys"
}"#;
const KEY: &str = r#"{"kty":"RSA","use":"sig","alg":"RS256","kid":"1","e":"AQAB","n":"NNN"}"#;

/// A set of keys with these in it; `NNN` stands for a modulus of 2048 bits.
fn keys(keys: &str) -> Given {
    json(&format!("{{\"keys\":[{keys}]}}").replace("NNN", &"_".repeat(344)))
}

/// What is found where this realm is named by its issuer.
async fn by_issuer(answers: impl IntoIterator<Item = (&'static str, Given)>) -> (Answers, Report) {
    let answers = Answers::start(answers).await;
    let report = only(plan([("ISSUER_URL", format!("{}/realms/gloo", answers.url))]), "issuer").await;
    (answers, report)
}

#[tokio::test]
async fn an_issuer_that_is_well_passes_and_its_vendor_is_told() {
    let (_answers, report) = by_issuer([(DISCOVERY, json(DOCUMENT)), ("/keys", keys(KEY))]).await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    assert_snapshot!(told(&report, "issuer.discovery"), @"pass: http://localhost:[port]/realms/gloo/.well-known/openid-configuration is there; the identity provider is Keycloak");
    assert_snapshot!(told(&report, "issuer.token-endpoint"), @"pass: tokens are asked for at http://localhost:[port]/realms/gloo/protocol/openid-connect/token");
    assert_snapshot!(told(&report, "issuer.signing-key"), @"pass: 1 key for signatures: RS256");
}

#[tokio::test]
async fn all_faces_of_the_stage_pass() {
    let stage = stage("quickstart").await;
    for issuer in stage.issuers() {
        for variables in [
            [("ISSUER_URL", issuer.issuer.as_str()), ("TOKEN_ENDPOINT", "")],
            [("ISSUER_URL", ""), ("TOKEN_ENDPOINT", issuer.token_endpoint.as_str())],
        ] {
            let report = only(plan_with(&stage, &variables), "issuer").await;
            assert_eq!(report.exit_code(), 0, "{}", report.text());
            assert!(!report.text().contains("warn"), "{}", report.text());
        }
    }
}

#[tokio::test]
async fn an_issuer_without_a_document_is_told_with_where_the_right_one_is() {
    let (_answers, report) = by_issuer([]).await;
    assert_eq!(report.exit_code(), 1);
    assert_snapshot!(told(&report, "issuer.discovery"), @r#"
    fail: http://localhost:[port]/realms/gloo/.well-known/openid-configuration answered 404 Not Found, "not found"
    do: Correct ISSUER_URL: the issuer is https://HOST/oauth2/default at Okta (Security > API > Authorization Servers > the server > Issuer URI), and https://HOST/realms/REALM at Keycloak.
    "#);
    assert_snapshot!(told(&report, "issuer.identifier"), @"skip: it needs what `issuer.discovery` finds, which failed");
    assert_snapshot!(told(&report, "issuer.signing-key"), @"skip: it needs what `issuer.jwks` finds, which was not made");
}

#[tokio::test]
async fn an_issuer_that_does_not_listen_is_out_of_reach() {
    let (_socket, address) = closed();
    let report = only(plan([("ISSUER_URL", format!("http://{address}/realms/gloo"))]), "issuer").await;
    assert_eq!(report.exit_code(), 3, "{}", report.text());
}

#[tokio::test]
async fn what_the_way_says_to_do_comes_first_where_that_is_broken() {
    let (_socket, address) = closed();
    let report = only(plan([("ISSUER_URL", format!("http://{address}/realms/gloo"))]), "network,issuer").await;
    let remedy = told(&report, "issuer.discovery").lines().last().unwrap().to_owned();
    assert_snapshot!(remedy, @"do: The way there is broken: what `network.tcp` says to do comes first.");
}

#[tokio::test]
async fn a_realm_that_is_not_there_is_told_as_keycloak_tells_it() {
    let none = (404, vec![], r#"{"error":"Realm does not exist"}"#.to_owned());
    let (_answers, report) = by_issuer([(DISCOVERY, none)]).await;
    assert_snapshot!(told(&report, "issuer.discovery"), @r#"
    fail: http://localhost:[port]/realms/gloo/.well-known/openid-configuration answered 404 Not Found, "{"error":"Realm does not exist"}"
    do: Keycloak has no realm of that name: it is the part after /realms/, and minds case. The list is at the top left of the admin console.
    "#);
}

#[tokio::test]
async fn a_realm_at_keycloaks_other_path_is_found() {
    let answers = Answers::start([(DISCOVERY, json(DOCUMENT)), ("/keys", keys(KEY))]).await;
    let endpoint = format!("{}/auth/realms/gloo/protocol/openid-connect/token", answers.url);
    let report = only(plan([("TOKEN_ENDPOINT", endpoint)]), "issuer").await;
    assert_eq!(report.exit_code(), 1);
    assert_snapshot!(told(&report, "issuer.discovery"), @r#"
    fail: http://localhost:[port]/auth/realms/gloo/.well-known/openid-configuration answered 404 Not Found, "not found"
    do: The realm is at http://localhost:[port]/realms/gloo: write that in TOKEN_ENDPOINT.
    "#);
}

#[tokio::test]
async fn a_redirect_to_https_is_told() {
    let (_answers, report) =
        by_issuer([(DISCOVERY, redirect("https://localhost/realms/gloo/.well-known/openid-configuration"))]).await;
    assert_snapshot!(told(&report, "issuer.discovery"), @"
    fail: http://localhost:[port]/realms/gloo/.well-known/openid-configuration answered 301 Moved Permanently, a redirect to https://localhost/realms/gloo/.well-known/openid-configuration, which nobody follows with a secret
    do: Write https in ISSUER_URL.
    ");
}

#[tokio::test]
async fn a_redirect_elsewhere_is_told() {
    let (_answers, report) = by_issuer([(DISCOVERY, redirect("https://login.example.com/?session=1"))]).await;
    assert_snapshot!(told(&report, "issuer.discovery"), @"
    fail: http://localhost:[port]/realms/gloo/.well-known/openid-configuration answered 301 Moved Permanently, a redirect to https://login.example.com/?…, which nobody follows with a secret
    do: Write the address that it leads to in ISSUER_URL, if that is the issuer and no login page.
    ");
}

#[tokio::test]
async fn a_web_page_in_place_of_the_document_is_told() {
    let (_answers, report) = by_issuer([(DISCOVERY, page())]).await;
    assert_snapshot!(told(&report, "issuer.discovery"), @r#"
    fail: http://localhost:[port]/realms/gloo/.well-known/openid-configuration answered a web page, "<!doctype html><title>Sign in</title>"
    do: That is a console's or a login page's address. Correct ISSUER_URL: the issuer is https://HOST/oauth2/default at Okta (Security > API > Authorization Servers > the server > Issuer URI), and https://HOST/realms/REALM at Keycloak.
    "#);
}

#[tokio::test]
async fn a_document_that_is_no_json_is_told() {
    let (_answers, report) = by_issuer([(DISCOVERY, (200, vec![], "{\"issuer\": ".to_owned()))]).await;
    assert_snapshot!(told(&report, "issuer.discovery"), @r#"
    fail: http://localhost:[port]/realms/gloo/.well-known/openid-configuration answered no JSON object, "{"issuer":"
    do: Correct ISSUER_URL: the issuer is https://HOST/oauth2/default at Okta (Security > API > Authorization Servers > the server > Issuer URI), and https://HOST/realms/REALM at Keycloak.
    "#);
}

#[tokio::test]
async fn a_document_that_lacks_something_is_told_and_the_rest_of_it_looked_at() {
    let document = r#"{"issuer": "SELF/realms/gloo", "token_endpoint": "SELF/token"}"#;
    let (_answers, report) = by_issuer([(DISCOVERY, json(document))]).await;
    assert_snapshot!(told(&report, "issuer.discovery"), @"
    fail: http://localhost:[port]/realms/gloo/.well-known/openid-configuration answered a document without jwks_uri
    do: Correct ISSUER_URL: the issuer is https://HOST/oauth2/default at Okta (Security > API > Authorization Servers > the server > Issuer URI), and https://HOST/realms/REALM at Keycloak.
    ");
    assert_snapshot!(told(&report, "issuer.identifier"), @"pass: the issuer calls itself http://localhost:[port]/realms/gloo");
    assert_snapshot!(told(&report, "issuer.jwks"), @"skip: it needs what `issuer.discovery` finds, which failed");
}

#[tokio::test]
async fn an_identity_provider_that_is_ill_is_told() {
    let (_answers, report) = by_issuer([(DISCOVERY, (503, vec![], "upstream connect error".to_owned()))]).await;
    assert_snapshot!(told(&report, "issuer.discovery"), @r#"
    fail: http://localhost:[port]/realms/gloo/.well-known/openid-configuration answered 503 Service Unavailable, "upstream connect error"
    do: Look at the log of the identity provider and of what is before it.
    "#);
}

#[tokio::test]
async fn an_issuer_that_calls_itself_otherwise_is_told_to_the_character() {
    let document = DOCUMENT.replace("SELF/realms/gloo\"", "SELF/realms/gloo/\"");
    let (_answers, report) = by_issuer([(DISCOVERY, json(&document)), ("/keys", keys(KEY))]).await;
    assert_eq!(report.exit_code(), 1);
    assert_snapshot!(told(&report, "issuer.identifier"), @"
    fail: the issuer at http://localhost:[port]/realms/gloo calls itself http://localhost:[port]/realms/gloo/, which differs by a slash at the end: that is the `iss` of its tokens
    do: If that is the one you mean, write http://localhost:[port]/realms/gloo/ in ISSUER_URL. Keycloak decides it by `hostname` (KC_HOSTNAME), or by the host that it is asked by.
    ");
}

#[tokio::test]
async fn an_issuer_that_is_known_by_its_token_endpoint_and_calls_itself_otherwise_is_warned_of() {
    let document =
        DOCUMENT.replace("SELF", "https://sso.example.com").replace("https://sso.example.com/keys", "SELF/keys");
    let answers = Answers::start([(DISCOVERY, json(&document)), ("/keys", keys(KEY))]).await;
    let endpoint = format!("{}/realms/gloo/protocol/openid-connect/token", answers.url);
    let report = only(plan([("TOKEN_ENDPOINT", endpoint)]), "issuer").await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    assert_snapshot!(told(&report, "issuer.identifier"), @"
    warn: the issuer at http://localhost:[port]/realms/gloo calls itself https://sso.example.com/realms/gloo: that is the `iss` of its tokens
    do: The portal's external auth must trust exactly that one; ask it by the name that it has itself where that can be reached. Keycloak decides it by `hostname` (KC_HOSTNAME), or by the host that it is asked by.
    ");
    assert_snapshot!(told(&report, "issuer.token-endpoint"), @"
    warn: TOKEN_ENDPOINT is http://localhost:[port]/realms/gloo/protocol/openid-connect/token, and the issuer calls it https://sso.example.com/realms/gloo/protocol/openid-connect/token: another name for the same, probably
    do: Take the issuer's own where that can be reached: some identity providers put the name that they are asked by into `iss`.
    ");
}

#[tokio::test]
async fn a_token_endpoint_that_is_another_issuers_is_told() {
    let answers = Answers::start([(DISCOVERY, json(DOCUMENT)), ("/keys", keys(KEY))]).await;
    let issuer = format!("{}/realms/gloo", answers.url);
    let endpoint = format!("{}/realms/other/protocol/openid-connect/token", answers.url);
    let report = only(plan([("TOKEN_ENDPOINT", endpoint), ("ISSUER_URL", issuer)]), "issuer").await;
    assert_eq!(report.exit_code(), 1);
    assert_snapshot!(told(&report, "issuer.token-endpoint"), @"
    fail: TOKEN_ENDPOINT is http://localhost:[port]/realms/other/protocol/openid-connect/token, and the issuer's is http://localhost:[port]/realms/gloo/protocol/openid-connect/token
    do: Write http://localhost:[port]/realms/gloo/protocol/openid-connect/token in TOKEN_ENDPOINT, or name the issuer alone.
    ");
}

#[tokio::test]
async fn a_token_endpoint_that_is_no_url_is_told() {
    let document = DOCUMENT.replace("SELF/realms/gloo/protocol", "/realms/gloo/protocol");
    let (_answers, report) = by_issuer([(DISCOVERY, json(&document)), ("/keys", keys(KEY))]).await;
    assert_snapshot!(told(&report, "issuer.token-endpoint"), @r#"
    fail: the document's token_endpoint, "/realms/gloo/protocol/openid-connect/token", is no URL that could be asked
    do: Look at what is before the identity provider and makes its addresses.
    "#);
}

#[tokio::test]
async fn a_token_endpoint_of_neither_shape_has_no_issuer_that_is_known() {
    let report = only(plan([("TOKEN_ENDPOINT", "http://localhost:1/token")]), "issuer").await;
    assert_snapshot!(told(&report, "issuer.discovery"), @"skip: no issuer is named, and the token endpoint has neither Okta's shape nor Keycloak's, from which it would be known; ISSUER_URL would name it");
}

#[tokio::test]
async fn keys_that_are_not_there_are_told() {
    let (_answers, report) = by_issuer([(DISCOVERY, json(DOCUMENT))]).await;
    assert_eq!(report.exit_code(), 1);
    assert_snapshot!(told(&report, "issuer.jwks"), @r#"
    fail: http://localhost:[port]/keys answered 404 Not Found, "not found"
    do: Without its keys nobody can check a token: look at the log of the identity provider and of what is before it.
    "#);
    assert_snapshot!(told(&report, "issuer.signing-key"), @"skip: it needs what `issuer.jwks` finds, which failed");
}

#[tokio::test]
async fn keys_that_are_no_set_are_told() {
    let (_answers, report) = by_issuer([(DISCOVERY, json(DOCUMENT)), ("/keys", json("[]"))]).await;
    assert_snapshot!(told(&report, "issuer.jwks"), @r#"
    fail: http://localhost:[port]/keys answered no set of keys, "[]"
    do: Without its keys nobody can check a token: look at the log of the identity provider and of what is before it.
    "#);
}

#[tokio::test]
async fn a_set_without_a_key_for_signatures_is_told() {
    let (_answers, report) =
        by_issuer([(DISCOVERY, json(DOCUMENT)), ("/keys", keys(&KEY.replace("\"sig\"", "\"enc\"")))]).await;
    assert_eq!(report.exit_code(), 1);
    assert_snapshot!(told(&report, "issuer.signing-key"), @"
    fail: the one key is not for signatures
    do: Keycloak: Realm settings > Keys > Add provider, `rsa-generated`, for signatures.
    ");
    let (_answers, report) = by_issuer([(DISCOVERY, json(DOCUMENT)), ("/keys", keys(""))]).await;
    assert_snapshot!(told(&report, "issuer.signing-key"), @"
    fail: the set of keys is empty
    do: Keycloak: Realm settings > Keys > Add provider, `rsa-generated`, for signatures.
    ");
}

#[tokio::test]
async fn two_keys_of_one_id_are_warned_of() {
    let (_answers, report) = by_issuer([(DISCOVERY, json(DOCUMENT)), ("/keys", keys(&format!("{KEY},{KEY}")))]).await;
    assert_snapshot!(told(&report, "issuer.signing-key"), @"
    warn: two keys for signatures have the same `kid`, or none: who checks a token can't tell which one to take
    do: Give each key a `kid` of its own.
    ");
}

#[tokio::test]
async fn a_short_key_is_warned_of() {
    let short = KEY.replace("NNN", &"_".repeat(172));
    let (_answers, report) = by_issuer([(DISCOVERY, json(DOCUMENT)), ("/keys", keys(&short))]).await;
    assert_snapshot!(told(&report, "issuer.signing-key"), @"
    warn: an RSA key for signatures has 1032 bits, and many who check tokens take none below 2048
    do: Replace it by one of 2048 bits or more.
    ");
}
