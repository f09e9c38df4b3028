//! Tokens: how they are asked for, how long they are kept, and what each provider's refusals read like.

use std::sync::Arc;

use insta::assert_snapshot;
use understudy_provider::{ClientAuth, ClientCredentials, Config, HttpClient, Provider, TokenEndpoint, TokenSource};

use crate::support::{Canned, HandClock, NOBODY, Reply, SECRET, Server, html, json, redirect, status, token_answer};

/// A token endpoint that gives this answer.
async fn token(reply: Reply) -> Server {
    Canned::new().mesh("[]").on("POST /token", reply).start().await
}

fn tokens(config: &Config, clock: &Arc<HandClock>) -> ClientCredentials {
    ClientCredentials::new(config, HttpClient::new(config).unwrap(), Arc::clone(clock) as _)
}

fn token_requests(server: &Server) -> usize {
    server.lines().iter().filter(|line| *line == "POST /token").count()
}

#[tokio::test]
async fn the_secret_goes_in_the_body() {
    let server = Canned::new().mesh("[]").start().await;
    server.sync().await.unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked.authorization, None);
    assert_eq!(asked.body, "grant_type=client_credentials&client_id=backstage&client_secret=marker-secret%2F%2B1");
}

#[tokio::test]
async fn the_secret_goes_by_basic_when_asked_to() {
    let server = Canned::new().mesh("[]").start().await;
    let mut config = server.config();
    config.client_auth = ClientAuth::Basic;
    Provider::new(config).unwrap().sync().await.unwrap();
    let asked = &server.asked()[0];
    // RFC 6749 section 2.3.1: both are form-encoded first; backstage:marker-secret%2F%2B1.
    assert_eq!(asked.authorization.as_deref(), Some("Basic YmFja3N0YWdlOm1hcmtlci1zZWNyZXQlMkYlMkIx"));
    assert_eq!(asked.body, "grant_type=client_credentials");
}

#[tokio::test]
async fn scopes_are_asked_for_when_named() {
    let server = Canned::new().mesh("[]").start().await;
    let mut config = server.config();
    config.scope = Some("portal  read".to_owned());
    Provider::new(config).unwrap().sync().await.unwrap();
    let body = "grant_type=client_credentials&scope=portal+read&client_id=backstage&client_secret=marker-secret%2F%2B1";
    assert_eq!(server.asked()[0].body, body);
}

#[tokio::test]
async fn a_token_is_kept_until_shortly_before_its_end() {
    let server = Canned::new().start().await;
    let clock = HandClock::new();
    let tokens = tokens(&server.config(), &clock);
    let first = tokens.token().await.unwrap();
    clock.advance(235);
    assert_eq!(tokens.token().await.unwrap().expires_at(), first.expires_at());
    assert_eq!(token_requests(&server), 1);
    clock.advance(60);
    assert!(tokens.token().await.unwrap().expires_at() > first.expires_at());
    assert_eq!(token_requests(&server), 2);
}

#[tokio::test]
async fn a_clock_that_is_set_back_gets_a_new_token() {
    let server = Canned::new().start().await;
    let clock = HandClock::new();
    let tokens = tokens(&server.config(), &clock);
    tokens.token().await.unwrap();
    clock.set_back(1);
    tokens.token().await.unwrap();
    assert_eq!(token_requests(&server), 2);
}

#[tokio::test]
async fn however_many_need_a_token_one_is_asked_for() {
    let server = Canned::new().start().await;
    let tokens = tokens(&server.config(), &HandClock::new());
    let all = futures_util::future::join_all((0..20).map(|_| tokens.token())).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(token_requests(&server), 1);
}

#[tokio::test]
async fn no_expires_in_makes_a_loop() {
    for expires_in in ["0", "-5", "0.5", "1e300", "null", "\"soon\"", "3153600000"] {
        let answer = format!(r#"{{"access_token":"t","token_type":"Bearer","expires_in":{expires_in}}}"#);
        let server = token(json(&answer)).await;
        let clock = HandClock::new();
        let tokens = tokens(&server.config(), &clock);
        for _ in 0..50 {
            tokens.token().await.unwrap();
        }
        assert_eq!(token_requests(&server), 1, "{expires_in}");
        clock.advance(86_400);
        tokens.token().await.unwrap();
        assert_eq!(token_requests(&server), 2, "{expires_in}");
    }
}

#[tokio::test]
async fn a_failed_request_is_made_again_when_a_token_is_needed() {
    let good = json(r#"{"access_token":"t","token_type":"bearer"}"#);
    let server = Canned::new().on("POST /token", status(503, "")).then("POST /token", good).start().await;
    let tokens = tokens(&server.config(), &HandClock::new());
    tokens.token().await.unwrap_err();
    tokens.token().await.unwrap();
}

#[tokio::test]
async fn a_token_is_taken_whatever_the_content_type() {
    let Reply::Answer { body, .. } = json(r#"{"access_token":"opaque","token_type":"bEARER"}"#) else { unreachable!() };
    let server = token(Reply::Answer { status: 200, headers: vec![], body }).await;
    server.sync().await.unwrap();
}

#[tokio::test]
async fn refusals_are_told_in_the_providers_words() {
    let mut failures = String::new();
    for (code, body) in [
        // Okta
        (
            401,
            r#"{"error":"invalid_client","error_description":"The client secret supplied for a confidential client is invalid."}"#,
        ),
        (
            400,
            r#"{"errorCode":"invalid_client","errorSummary":"Invalid value for 'client_id' parameter.","errorLink":"invalid_client","errorId":"oaeXYZ","errorCauses":[]}"#,
        ),
        (401, r#"{"error":"invalid_client","error_description":"The client_assertion signature is invalid."}"#),
        (
            400,
            r#"{"error":"unauthorized_client","error_description":"The client is not authorized to use the provided grant type. Configured grant types: [authorization_code, refresh_token]."}"#,
        ),
        (
            400,
            r#"{"error":"invalid_scope","error_description":"The authorization server resource does not have any configured default scopes, 'scope' must be provided."}"#,
        ),
        (
            400,
            r#"{"error":"invalid_scope","error_description":"One or more scopes are not configured for the authorization server resource."}"#,
        ),
        (
            400,
            r#"{"error":"access_denied","error_description":"Policy evaluation failed for this request, please check the policy configurations."}"#,
        ),
        (
            429,
            r#"{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit due to too many requests.","errorLink":"E0000047","errorId":"oaeXYZ","errorCauses":[]}"#,
        ),
        // Keycloak
        (401, r#"{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}"#),
        (401, r#"{"error":"invalid_client","error_description":"Invalid client or Invalid client credentials"}"#),
        (
            401,
            r#"{"error":"unauthorized_client","error_description":"Client not enabled to retrieve service account"}"#,
        ),
        (
            401,
            r#"{"error":"unauthorized_client","error_description":"Public client not allowed to retrieve service account"}"#,
        ),
        (404, r#"{"error":"Realm does not exist"}"#),
        (404, r#"{"error":"Unable to find matching target resource method"}"#),
        // Others
        (401, r#"{"error":"invalid_client"}"#),
        (400, r#"{"error":"unauthorized_client"}"#),
        (200, r#"{"error":"invalid_client","error_description":"with a 200"}"#),
    ] {
        let failure = token(status(code, body)).await.failure().await;
        let failure =
            failure.strip_prefix("Refused: the token endpoint http://127.0.0.1:PORT/token refused the client: ");
        failures.push_str(failure.unwrap());
        failures.push('\n');
    }
    assert_snapshot!(failures, @"
    401 Unauthorized, invalid_client: The client secret supplied for a confidential client is invalid. Copy the client secret again: Okta, Applications > the app > General > Client Credentials > Client Secrets
    400 Bad Request, invalid_client: Invalid value for 'client_id' parameter. Okta does not know this client id. It is under Applications > the app > General > Client Credentials > Client ID
    401 Unauthorized, invalid_client: The client_assertion signature is invalid. The identity provider must know the public half of the client's key, by the same key id: Okta, Applications > the app > General > Client Credentials > Public keys
    400 Bad Request, unauthorized_client: The client is not authorized to use the provided grant type. Configured grant types: [authorization_code, refresh_token]. In Okta, let the app use the grant: Applications > the app > General > Grant type > Client Credentials
    400 Bad Request, invalid_scope: The authorization server resource does not have any configured default scopes, 'scope' must be provided. In Okta, mark a scope as the default one (Security > API > Authorization Servers > the server > Scopes > Set as a default scope), or name one in SCOPE. The Backstage plugin sends no scope, so it needs the default
    400 Bad Request, invalid_scope: One or more scopes are not configured for the authorization server resource. The identity provider has no such scope for this client; check SCOPE, or leave it out
    400 Bad Request, access_denied: Policy evaluation failed for this request, please check the policy configurations. In Okta, add an access policy with a rule that lets this client use Client Credentials: Security > API > Authorization Servers > the server > Access Policies
    429 Too Many Requests, E0000047: API call exceeded rate limit due to too many requests. Too many requests: wait a minute and try again
    401 Unauthorized, unauthorized_client: Invalid client or Invalid client credentials. Copy the client secret again: Keycloak, Clients > the client > Credentials > Client Secret
    401 Unauthorized, invalid_client: Invalid client or Invalid client credentials. Keycloak does not know this client id in this realm. It is under Clients > the client > Settings > Client ID
    401 Unauthorized, unauthorized_client: Client not enabled to retrieve service account. In Keycloak, switch on Client authentication and Service accounts roles: Clients > the client > Settings > Capability config
    401 Unauthorized, unauthorized_client: Public client not allowed to retrieve service account. In Keycloak, switch on Client authentication and Service accounts roles: Clients > the client > Settings > Capability config
    404 Not Found, Realm does not exist. The realm is the part after /realms/ in the token endpoint; check its spelling
    404 Not Found, Unable to find matching target resource method. Since version 17, Keycloak's token endpoint is HOST/realms/REALM/protocol/openid-connect/token, without /auth before /realms
    401 Unauthorized, invalid_client. Check CLIENT_ID and CLIENT_SECRET: Okta, Applications > the app > General > Client Credentials; Keycloak, Clients > the client > Credentials
    400 Bad Request, unauthorized_client. Check that the client may use the client-credentials grant
    200 OK, invalid_client: with a 200. Check CLIENT_ID and CLIENT_SECRET: Okta, Applications > the app > General > Client Credentials; Keycloak, Clients > the client > Credentials
    ");
}

#[tokio::test]
async fn what_is_neither_token_nor_refusal_is_told() {
    let mut failures = String::new();
    for reply in [
        html(200),
        html(404),
        status(502, ""),
        status(500, r#"{"error":"server_error","error_description":"boom"}"#),
        json("[]"),
        json("{}"),
        json(r#"{"access_token":""}"#),
        json(r#"{"access_token":"a b"}"#),
        json(r#"{"access_token":12345}"#),
        json(r#"{"access_token":"t","token_type":"DPoP"}"#),
        json(r#"{"access_token":"t","expires_in":1,"expires_in":2}"#),
        status(201, r#"{"access_token":"hidden"}"#),
        json(r#"{"error":{"code":401},"access_token":"hidden"}"#),
        redirect("https://elsewhere.example/token"),
        redirect("/other"),
    ] {
        let failure = token(reply).await.failure().await;
        failures.push_str(failure.strip_prefix("Invalid: http://127.0.0.1:PORT/token gave no token: ").unwrap());
        failures.push('\n');
    }
    assert_snapshot!(failures, @r#"
    200 OK and "<!DOCTYPE html> <html><head><title>Sign in</title></head></html>"
    404 Not Found and "<!DOCTYPE html> <html><head><title>Sign in</title></head></html>". Is this the token endpoint? It is `token_endpoint` in the issuer's /.well-known/openid-configuration
    502 Bad Gateway and an empty body. Look at the logs of the identity provider and of what is before it
    500 Internal Server Error, server_error: boom. Look at the logs of the identity provider and of what is before it
    200 OK and "[]"
    there is no access_token in the answer
    the access token is empty, or has characters other than visible ASCII
    the access token is empty, or has characters other than visible ASCII
    its `access_token` is not as RFC 6749 section 5.1 has it
    its token_type is not Bearer
    it is not as RFC 6749 section 5.1 has it
    201 Created with what may be a token in it, but not as RFC 6749 section 5.1 has it
    200 OK with what may be a token in it, but not as RFC 6749 section 5.1 has it
    302 Found, a redirect to elsewhere.example, which is not followed
    302 Found, a redirect on the same host, which is not followed
    "#);
}

#[tokio::test]
async fn an_echoed_secret_is_not_quoted() {
    let server =
        token(status(400, &format!(r#"{{"error":"invalid_client","error_description":"no {SECRET}"}}"#))).await;
    assert_snapshot!(server.failure().await, @"Refused: the token endpoint http://127.0.0.1:PORT/token refused the client: 400 Bad Request, invalid_client: no …. Check CLIENT_ID and CLIENT_SECRET: Okta, Applications > the app > General > Client Credentials; Keycloak, Clients > the client > Credentials");
    let server = token(status(500, "you sent client_secret=marker-secret%2F%2B1&x")).await;
    assert_snapshot!(server.failure().await, @r#"Invalid: http://127.0.0.1:PORT/token gave no token: 500 Internal Server Error and "you sent client_secret=…&x". Look at the logs of the identity provider and of what is before it"#);
}

#[tokio::test]
async fn a_token_in_a_malformed_answer_is_not_quoted() {
    for body in [
        r#"{"access_token":"hidden","access_token":"hidden","token_type":"Bearer"}"#,
        r#"{"access_token":"hidden","expires_in":"#,
        r#"["access_token","hidden"]"#,
        r#"{"error":7,"id_token":"hidden"}"#,
        r#"{"accessToken":"hidden","expiresIn":"#,
        "access_token=hidden&token_type=bearer",
    ] {
        let failure = token(json(body)).await.failure().await;
        assert!(failure.contains("200 OK with what may be a token in it") && !failure.contains("hidden"), "{failure}");
    }
}

#[tokio::test]
async fn a_provider_that_is_down_is_told() {
    let server = Canned::new().start().await;
    let mut config = server.config();
    config.token_endpoint = TokenEndpoint::at(&format!("{NOBODY}/token")).unwrap();
    let failure = server.failure_with(config).await;
    assert_snapshot!(failure, @"Unreachable: the identity provider cannot be reached at http://127.0.0.1:1/token: Connection refused. Is it running, and is the port right?");
    assert_eq!(server.lines(), Vec::<String>::new());
}

/// A server that is an issuer with this OpenID configuration.
async fn issuer(configuration: &str) -> (Server, Config) {
    let server = Canned::new()
        .mesh("[]")
        .on("GET /realms/gloo/.well-known/openid-configuration", json(configuration))
        .start()
        .await;
    let mut config = server.config();
    config.token_endpoint = TokenEndpoint::issuer(&format!("{}/realms/gloo", server.base)).unwrap();
    (server, config)
}

#[tokio::test]
async fn an_issuers_token_endpoint_is_discovered_once() {
    let (server, config) = issuer(r#"{"issuer":"BASE/realms/gloo","token_endpoint":"BASE/token","x":1}"#).await;
    let clock = HandClock::new();
    let tokens = tokens(&config, &clock);
    tokens.token().await.unwrap();
    clock.advance(300);
    tokens.token().await.unwrap();
    let discovery = "GET /realms/gloo/.well-known/openid-configuration";
    assert_eq!(server.lines(), [discovery, "POST /token", "POST /token"]);
}

#[tokio::test]
async fn an_issuer_is_asked_again_when_its_token_endpoint_is_gone() {
    let (server, config) = issuer(r#"{"issuer":"BASE/realms/gloo","token_endpoint":"BASE/token"}"#).await;
    let clock = HandClock::new();
    let tokens = tokens(&config, &clock);
    tokens.token().await.unwrap();
    let discovery = "GET /realms/gloo/.well-known/openid-configuration";
    server.answer_from_now_on("POST /token", status(404, ""));
    let moved = r#"{"issuer":"BASE/realms/gloo","token_endpoint":"BASE/elsewhere"}"#;
    server.answer_from_now_on(discovery, json(moved));
    server.answer_from_now_on("POST /elsewhere", json(&token_answer("t")));
    clock.advance(300);
    tokens.token().await.unwrap_err();
    tokens.token().await.unwrap();
    assert_eq!(server.lines(), [discovery, "POST /token", "POST /token", discovery, "POST /elsewhere"]);
}

#[tokio::test]
async fn an_issuer_that_cannot_be_used_is_told() {
    let mut failures = String::new();
    for configuration in [
        r#"{"issuer":"https://other.example/realms/gloo","token_endpoint":"BASE/token"}"#,
        r#"{"issuer":"BASE/realms/gloo/","token_endpoint":"BASE/token"}"#,
        r#"{"issuer":"BASE/realms/gloo"}"#,
        r#"{"issuer":"BASE/realms/gloo","token_endpoint":"/token"}"#,
        r#"{"token_endpoint":"BASE/token"}"#,
        "<html>",
    ] {
        let (server, config) = issuer(configuration).await;
        failures.push_str(server.failure_with(config).await.strip_prefix("Invalid: ").unwrap());
        failures.push('\n');
    }
    assert_snapshot!(failures, @r#"
    http://127.0.0.1:PORT/realms/gloo/.well-known/openid-configuration tells no token endpoint that can be used: its issuer is `https://other.example/realms/gloo`, not `http://127.0.0.1:PORT/realms/gloo`. If that is the one you mean, set ISSUER_URL to it
    http://127.0.0.1:PORT/realms/gloo/.well-known/openid-configuration tells no token endpoint that can be used: its issuer is `http://127.0.0.1:PORT/realms/gloo/`, not `http://127.0.0.1:PORT/realms/gloo`. If that is the one you mean, set ISSUER_URL to it
    http://127.0.0.1:PORT/realms/gloo/.well-known/openid-configuration tells no token endpoint that can be used: it names no token_endpoint
    http://127.0.0.1:PORT/realms/gloo/.well-known/openid-configuration tells no token endpoint that can be used: its token_endpoint cannot be used: it does not start with http:// or https://
    http://127.0.0.1:PORT/realms/gloo/.well-known/openid-configuration tells no token endpoint that can be used: it is no OpenID configuration (missing field `issuer` at line 1 column 49) but "{"token_endpoint":"http://127.0.0.1:PORT/token"}"
    http://127.0.0.1:PORT/realms/gloo/.well-known/openid-configuration tells no token endpoint that can be used: it is no OpenID configuration (expected value at line 1 column 1) but "<html>"
    "#);
}

#[tokio::test]
async fn what_is_no_issuer_is_told() {
    let server = Canned::new().start().await;
    let mut config = server.config();
    config.token_endpoint = TokenEndpoint::issuer(&server.base).unwrap();
    assert_snapshot!(server.failure_with(config).await, @r#"Invalid: http://127.0.0.1:PORT/.well-known/openid-configuration tells no token endpoint that can be used: 404 Not Found and "{"message":"nothing here"}". ISSUER_URL must be the issuer itself, such as https://HOST/oauth2/default (Okta) or https://HOST/realms/REALM (Keycloak)"#);
}
