//! Clients that get no token, each for a reason, and what is said of it.

use insta::assert_snapshot;
use rcgen::KeyPair;
use secrecy::SecretString;
use understudy::check::{Plan, Source, Status, examine};
use understudy::provider::{AssertionKey, ClientAuth, Config, ServerUrl, TokenEndpoint};

use crate::served::{Asked, SECRET, Served, page, reply};
use crate::stand::{only, plan, plan_with, stage, told};

const OKTA: &str = "identity:\n  issuers: [{face: okta}]\n";
const KEYCLOAK: &str = "identity:\n  issuers: [{face: keycloak}]\n";

async fn at(scenario: &str, others: &[(&'static str, &str)], check: &str) -> String {
    let stage = stage(scenario).await;
    told(&only(plan_with(&stage, others), check).await, check)
}

/// What a check says where the token endpoint answers this.
async fn where_token_is(fault: &str, check: &str) -> String {
    let stage = stage(OKTA).await;
    let yaml = format!("{{server: idp, method: POST, does: {fault}}}");
    let _fault = stage.fault(serde_saphyr::from_str(&yaml).unwrap()).unwrap();
    told(&only(plan_with(&stage, &[]), check).await, check)
}

#[tokio::test]
async fn a_wrong_secret_is_told_with_where_to_copy_it_in_okta() {
    assert_snapshot!(at(OKTA, &[("CLIENT_SECRET", "marker-wrong-secret")], "client.secret-in-body").await, @"
    fail: the secret is refused: 401 Unauthorized, invalid_client: The client secret supplied for a confidential client is invalid
    do: Copy the client secret again into CLIENT_SECRET: in Okta, Applications > the app > General > Client Credentials > Client Secrets; it must be Active.
    ");
}

#[tokio::test]
async fn a_wrong_secret_is_told_with_where_to_copy_it_in_keycloak() {
    assert_snapshot!(at(KEYCLOAK, &[("CLIENT_SECRET", "marker-wrong-secret")], "client.secret-in-header").await, @"
    fail: the secret is refused: 401 Unauthorized, unauthorized_client: Invalid client or Invalid client credentials
    do: Do what `client.secret-in-body` says.
    ");
}

#[tokio::test]
async fn a_wrong_secret_is_shown_once_by_each_method_and_never_told() {
    let stage = stage(KEYCLOAK).await;
    let report = examine(plan_with(&stage, &[("CLIENT_SECRET", "marker-wrong-secret")])).await;
    let requests = stage.journal().exchanges();
    let shown = requests.iter().filter(|exchange| exchange.method == "POST").count();
    assert_eq!(shown, 2);
    assert!(!report.text().contains("marker-wrong-secret"), "{}", report.text());
    assert_eq!(report.exit_code(), 1);
}

#[tokio::test]
async fn a_client_that_okta_does_not_know_is_told_though_the_answer_has_no_error_member() {
    assert_snapshot!(at(OKTA, &[("CLIENT_ID", "nobody")], "client.known").await, @"
    fail: the identity provider does not know the client `nobody`: 400 Bad Request, invalid_client: Invalid value for 'client_id' parameter
    do: Copy the client id again into CLIENT_ID: in Okta, Applications > the app > General > Client Credentials > Client ID. The app must be in the org that the token endpoint is of.
    ");
}

#[tokio::test]
async fn a_client_that_keycloak_does_not_know_is_told() {
    assert_snapshot!(at(KEYCLOAK, &[("CLIENT_ID", "nobody")], "client.known").await, @"
    fail: the identity provider does not know the client `nobody`: 401 Unauthorized, invalid_client: Invalid client or Invalid client credentials
    do: Set CLIENT_ID to the client's Client ID, not its internal id: in Keycloak, Clients > the client > Settings > Client ID, in the realm that the token endpoint names.
    ");
}

#[tokio::test]
async fn an_okta_without_a_default_scope_is_told() {
    let scenario = "identity:\n  issuers: [{face: okta, scopes: [portal], defaultScopes: []}]\n";
    assert_snapshot!(at(scenario, &[], "client.default-scope").await, @"
    fail: no token comes without a scope, and the plugin asks for none: 400 Bad Request, invalid_scope: The authorization server resource does not have any configured default scopes, 'scope' must be provided
    do: In Okta, under Security > API > Authorization Servers > the server > Scopes, edit a scope (or add one, such as portal) and tick Set as a default scope. The plugin asks for no scope, so that it needs one; `understudy serve` can ask for one by SCOPE.
    ");
}

#[tokio::test]
async fn a_scope_that_only_the_configuration_asks_for_is_a_warning() {
    let scenario = "identity:\n  issuers: [{face: okta, scopes: [portal], defaultScopes: []}]\n";
    assert_snapshot!(at(scenario, &[("SCOPE", "portal")], "client.default-scope").await, @"
    warn: a token comes with the scope `portal` and not without one, and the plugin asks for none: 400 Bad Request, invalid_scope: The authorization server resource does not have any configured default scopes, 'scope' must be provided
    do: In Okta, under Security > API > Authorization Servers > the server > Scopes, edit a scope (or add one, such as portal) and tick Set as a default scope. The plugin asks for no scope, so that it needs one; `understudy serve` can ask for one by SCOPE.
    ");
}

#[tokio::test]
async fn a_scope_that_keycloak_does_not_have_is_told() {
    assert_snapshot!(at(KEYCLOAK, &[("SCOPE", "nope")], "client.default-scope").await, @"
    fail: no token comes with the scope `nope`: 400 Bad Request, invalid_scope: Invalid scopes: nope
    do: In Keycloak, Clients > the client > Client scopes lists the scopes that it can have: set SCOPE to some of them, or leave it out.
    ");
}

#[tokio::test]
async fn a_grant_that_is_not_enabled_in_okta_is_told() {
    let scenario =
        format!("{OKTA}  clients: [{{id: backstage, secret: backstage-dev-secret, grants: [authorization_code]}}]\n");
    assert_snapshot!(at(&scenario, &[], "client.grant").await, @"
    fail: the client may not use the grant client_credentials: 400 Bad Request, unauthorized_client: The client is not authorized to use the provided grant type. Configured grant types: [authorization_code]
    do: In Okta, tick Client Credentials under Applications > the app > General > General Settings > Edit > Grant type. Only apps of the types Web and API Services have it.
    ");
}

#[tokio::test]
async fn a_client_without_a_service_account_in_keycloak_is_told() {
    let scenario = format!(
        "{KEYCLOAK}  clients: [{{id: backstage, secret: backstage-dev-secret, grants: [authorization_code]}}]\n"
    );
    assert_snapshot!(at(&scenario, &[], "client.grant").await, @"
    fail: the client may not use the grant client_credentials: 401 Unauthorized, unauthorized_client: Client not enabled to retrieve service account
    do: In Keycloak, under Clients > the client > Settings > Capability config, switch on Client authentication and tick Service accounts roles, and save.
    ");
}

#[tokio::test]
async fn a_public_client_in_keycloak_is_told() {
    let answer = r#"{"error":"unauthorized_client","error_description":"Public client not allowed to retrieve service account"}"#;
    let server = Served::by(move |asked| {
        (asked.line == "POST /realms/gloo/protocol/openid-connect/token").then(|| reply(401, answer))
    })
    .await;
    let endpoint = format!("{}/realms/gloo/protocol/openid-connect/token", server.base);
    let portal = format!("{}/v1", server.base);
    let variables = [
        ("PORTAL_SERVER_URL", portal.as_str()),
        ("TOKEN_ENDPOINT", &endpoint),
        ("CLIENT_ID", "spa"),
        ("CLIENT_SECRET", SECRET),
    ];
    assert_snapshot!(told(&only(plan(variables), "client.grant").await, "client.grant"), @"
    fail: the client may not use the grant client_credentials: 401 Unauthorized, unauthorized_client: Public client not allowed to retrieve service account
    do: In Keycloak, under Clients > the client > Settings > Capability config, switch on Client authentication and tick Service accounts roles, and save.
    ");
}

#[tokio::test]
async fn a_policy_that_lets_nobody_in_is_told() {
    let body = r#"'{"error":"access_denied","error_description":"Policy evaluation failed for this request, please check the policy configurations."}'"#;
    assert_snapshot!(where_token_is(&format!("{{status: {{code: 400, body: {body}}}}}"), "client.policy").await, @"
    fail: no policy lets the client in: 400 Bad Request, access_denied: Policy evaluation failed for this request, please check the policy configurations
    do: In Okta, under Security > API > Authorization Servers > the server > Access Policies, have a policy that is assigned to this client (or All clients) with an active rule that ticks Client Credentials, and Any scopes or the default one.
    ");
}

#[tokio::test]
async fn a_rate_limit_is_told() {
    assert_snapshot!(where_token_is("{status: {code: 429, error: okta-rate-limit}}", "client.endpoint").await, @"
    fail: http://localhost:[port]/oauth2/default/v1/token gives no token: 429 Too Many Requests, E0000047: API call exceeded rate limit due to too many requests
    do: Wait a minute and try again. A plugin whose token has no `exp`, or one more than 24.8 days away, asks hundreds of times a second: see `plugin.token-refresh`. In Okta, Reports > Rate Limits tells who asks so often.
    ");
}

#[tokio::test]
async fn a_web_page_in_place_of_a_token_is_told() {
    assert_snapshot!(where_token_is("html", "client.endpoint").await, @r#"
    fail: http://localhost:[port]/oauth2/default/v1/token gives no token: 200 OK and "<!DOCTYPE html> <html lang="en"> <head><meta charset="utf-8"><title>Sign in</title></head> <body> <h1>Sign in</h1> <form method="post" action="/login"> <label>Username <input name="username"></label> …"
    do: That is a web page: set TOKEN_ENDPOINT to https://ORG/oauth2/default/v1/token.
    "#);
}

#[tokio::test]
async fn a_redirect_in_place_of_a_token_is_told_and_not_followed() {
    assert_snapshot!(where_token_is("{redirect: {to: 'http://localhost:1/token'}}", "client.endpoint").await, @"
    fail: http://localhost:[port]/oauth2/default/v1/token gives no token: 302 Found, a redirect to localhost, which is not followed
    do: Set TOKEN_ENDPOINT to where it leads, if that is the token endpoint: a secret is not sent after a redirect.
    ");
}

#[tokio::test]
async fn an_identity_provider_that_is_out_of_order_is_told() {
    assert_snapshot!(where_token_is("{status: {code: 500, error: okta-internal}}", "client.endpoint").await, @"
    fail: http://localhost:[port]/oauth2/default/v1/token gives no token: 500 Internal Server Error, E0000009: Internal Server Error
    do: Look at the log of the identity provider, and of what is before it.
    ");
}

#[tokio::test]
async fn a_wrong_path_of_the_token_endpoint_is_told() {
    let stage = stage(KEYCLOAK).await;
    let base = stage.issuer().unwrap().issuer.replace("/realms/gloo", "");
    let mut all = String::new();
    for path in [
        "/realms/glo/protocol/openid-connect/token",
        "/auth/realms/gloo/protocol/openid-connect/token",
        "/realms/gloo/protocol/openid-connect/certs",
    ] {
        let endpoint = format!("{base}{path}");
        all += &told(
            &only(plan_with(&stage, &[("TOKEN_ENDPOINT", &endpoint), ("ISSUER_URL", "")]), "client.endpoint").await,
            "client.endpoint",
        );
    }
    assert_snapshot!(all, @"
    fail: http://localhost:[port]/realms/glo/protocol/openid-connect/token gives no token: 404 Not Found, Realm does not exist
    do: Correct the realm in TOKEN_ENDPOINT: it is the part after /realms/, with its capitals as in Keycloak.
    fail: http://localhost:[port]/auth/realms/gloo/protocol/openid-connect/token gives no token: 404 Not Found, Unable to find matching target resource method
    do: Leave /auth out of TOKEN_ENDPOINT: since Keycloak 17 it is https://HOST/realms/REALM/protocol/openid-connect/token.
    pass: http://localhost:[port]/realms/gloo/protocol/openid-connect/token answers as a token endpoint
    ");
}

#[tokio::test]
async fn a_token_endpoint_where_nobody_is_fails_as_unreachable() {
    let variables = [
        ("PORTAL_SERVER_URL", "http://localhost:1/v1"),
        ("TOKEN_ENDPOINT", "http://localhost:1/token"),
        ("CLIENT_ID", "backstage"),
        ("CLIENT_SECRET", SECRET),
    ];
    let report = only(plan(variables), "client").await;
    assert_eq!(report.exit_code(), 3, "{}", report.text());
    let failed: Vec<&str> = report
        .findings()
        .iter()
        .filter(|finding| finding.status == Status::Fail)
        .map(|finding| finding.check.id)
        .collect();
    assert_eq!(failed, ["client.endpoint"]);
}

/// A token endpoint that takes the secret in one way only.
async fn takes(is_taken: impl Fn(&Asked) -> bool + Send + Sync + 'static) -> Served {
    let token = format!(r#"{{"access_token":"{}","token_type":"bearer"}}"#, crate::served::lasting());
    Served::by(move |asked| {
        (asked.line == "POST /token").then(|| match is_taken(asked) {
            true => reply(200, &token),
            false => reply(401, r#"{"error":"invalid_client","error_description":"no such method"}"#),
        })
    })
    .await
}

#[tokio::test]
async fn a_secret_that_only_basic_takes_is_told_since_the_plugin_can_only_do_the_body() {
    let server = takes(|asked| asked.authorization.as_deref().is_some_and(|header| header.starts_with("Basic "))).await;
    assert_snapshot!(told(&only(server.plan(), "client.secret-in-body").await, "client.secret-in-body"), @"
    fail: the secret is taken by HTTP Basic and not in the body, and the plugin can only do the body: 401 Unauthorized, invalid_client: no such method
    do: Let the client use client_secret_post at the identity provider. `understudy serve` can also do it by the header: `clientAuth: basic` in its app-config.
    ");
}

#[tokio::test]
async fn a_secret_that_only_the_body_takes_is_enough() {
    let server = takes(|asked| asked.form.contains("client_secret=")).await;
    let report = only(server.plan(), "client.secret-in-header,client.token").await;
    assert_snapshot!(told(&report, "client.secret-in-header"), @"
    warn: the secret is taken in the body only, which is how the plugin sends it: 401 Unauthorized, invalid_client: no such method
    do: Nothing needs to be set; only don't set `clientAuth: basic`.
    ");
    assert_eq!(report.exit_code(), 0);
}

#[tokio::test]
async fn basic_that_the_configuration_asks_for_and_that_is_not_taken_fails() {
    let server = takes(|asked| asked.form.contains("client_secret=")).await;
    let mut config = config(&server);
    config.client_auth = ClientAuth::Basic;
    let report = only(Plan::new(Source::Given(Box::new(config))).variables(|_| None), "client.secret-in-header").await;
    assert_snapshot!(told(&report, "client.secret-in-header"), @"
    fail: the secret is taken in the body and not by HTTP Basic, which the configuration asks for: 401 Unauthorized, invalid_client: no such method
    do: Leave `clientAuth` out of the configuration, so that the secret goes in the body.
    ");
}

fn config(server: &Served) -> Config {
    let portal = ServerUrl::as_is(&format!("{}/v1", server.base)).unwrap();
    Config::new(portal, TokenEndpoint::at(&format!("{}/token", server.base)).unwrap(), "backstage", SECRET)
}

#[tokio::test]
async fn a_private_key_that_is_not_taken_is_told() {
    let server = takes(|_| false).await;
    let mut config = config(&server);
    let key = SecretString::from(KeyPair::generate().unwrap().serialize_pem());
    config.client_auth = ClientAuth::PrivateKeyJwt(AssertionKey::from_pem(&key).unwrap());
    let report = only(Plan::new(Source::Given(Box::new(config))).variables(|_| None), "client.private-key").await;
    assert_snapshot!(told(&report, "client.private-key"), @"
    fail: the identity provider refused the client's assertion: 401 Unauthorized, invalid_client: no such method
    do: Okta: add the public half under Applications > the app > General > Client Credentials > Public keys, by the same key id (`clientKeyId`). Keycloak: set Clients > the client > Credentials > Client Authenticator to Signed JWT, and the keys under Keys.
    ");
    assert!(server.asked()[0].form.contains("client_assertion="));
}

#[tokio::test]
async fn a_private_key_that_is_taken_gives_a_token_and_the_plugin_can_t_do_it() {
    let server = takes(|asked| asked.form.contains("client_assertion=")).await;
    let mut config = config(&server);
    let key = SecretString::from(KeyPair::generate().unwrap().serialize_pem());
    config.client_auth = ClientAuth::PrivateKeyJwt(AssertionKey::from_pem(&key).unwrap());
    let checks = "client.private-key,client.token,plugin.client";
    let report = only(Plan::new(Source::Given(Box::new(config))).variables(|_| None), checks).await;
    let all: String = checks.split(',').map(|check| told(&report, check)).collect();
    assert_snapshot!(all, @"
    pass: the identity provider takes the client's assertion
    pass: a token came
    warn: the configuration asks with a private key, and the plugin can't
    do: Let the client use client_secret_post, with a default scope. Or let `understudy serve` give Backstage the same entities without the plugin.
    ");
}

#[tokio::test]
async fn an_answer_with_a_token_that_is_no_bearer_s_is_told() {
    let server =
        Served::with("", [("POST /token", reply(200, r#"{"access_token":"marker-token","token_type":"DPoP"}"#))]).await;
    let report = only(server.plan(), "client.endpoint").await;
    assert_snapshot!(told(&report, "client.endpoint"), @"
    fail: http://localhost:[port]/token gives no token: it gave a token whose token_type is not Bearer
    do: Let the identity provider answer as RFC 6749 section 5.1 has it, with a Bearer token.
    ");
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_told() {
    let server = Served::with("", [("POST /token", page(401)), ("GET /", page(200))]).await;
    assert_snapshot!(told(&only(server.plan(), "client.endpoint").await, "client.endpoint"), @r#"
    fail: http://localhost:[port]/token gives no token: 401 Unauthorized and "<!DOCTYPE html> <html><title>Sign in</title></html>"
    do: That is a web page: set TOKEN_ENDPOINT to the `token_endpoint` in the issuer's /.well-known/openid-configuration.
    "#);
}

#[tokio::test]
async fn a_refusal_that_nobody_knows_is_told_in_the_server_s_words_without_the_secret() {
    let answer = format!(r#"{{"error":"teapot","error_description":"you sent {SECRET}"}}"#);
    let server = Served::with("", [("POST /token", reply(418, answer))]).await;
    assert_snapshot!(told(&only(server.plan(), "client.token").await, "client.token"), @"
    fail: no token came: 418 I'm a teapot, teapot: you sent …
    do: Look at the identity provider's log at this time: in Okta, Reports > System Log; in Keycloak, Realm settings > Events, and Events > User events.
    ");
}
