//! Okta's token endpoint: every row of its recorded answers that a world can lead to.

use http::Method;
use insta::assert_snapshot;

use crate::app::{App, BACKSTAGE, OKTA, ORG, alike, part, pretty};

/// A server with two scopes and no default one, and clients of each kind.
const STRICT: &str = "
  issuers:
    - {face: okta, scopes: [portal:read, portal:write], defaultScopes: []}
  clients:
    - {id: service, secret: s3cret}
    - {id: web, secret: s3cret, grants: [authorization_code, refresh_token]}
    - {id: spa}
    - {id: 'odd app:1', secret: 'a:b c&d=e%+é'}";

#[tokio::test]
async fn a_token_comes_with_oktas_members_in_oktas_order() {
    let answer = App::new().client_credentials(OKTA, "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.members(), ["token_type", "expires_in", "access_token", "scope"]);
    assert_eq!(answer.member("token_type"), "Bearer");
    assert_eq!(answer.json()["expires_in"], 3600);
    assert_eq!(answer.member("scope"), "portal");
}

#[tokio::test]
async fn a_clients_token_has_oktas_claims_in_oktas_order() {
    let app = App::new();
    let token = app.client_credentials(OKTA, "").await.member("access_token");
    app.verified("/oauth2/default/v1/keys", &token).await;
    assert_snapshot!(pretty(&part(&token, 1)), @r#"
    {
      "ver": 1,
      "jti": "AT.ae0EkBp01a0ENup_guxPlykUksfAvSeQvJZonK-IMAx",
      "iss": "http://idp.test/oauth2/default",
      "aud": "api://default",
      "iat": 1795521600,
      "exp": 1795525200,
      "cid": "backstage",
      "scp": [
        "portal"
      ],
      "sub": "backstage"
    }
    "#);
}

#[tokio::test]
async fn the_orgs_own_server_is_the_audience_of_its_tokens() {
    let app = App::new();
    let token = app.client_credentials(ORG, "").await.member("access_token");
    let claims = app.verified("/oauth2/v1/keys", &token).await;
    assert_eq!(claims["iss"], "http://idp.test");
    assert_eq!(claims["aud"], "http://idp.test");
}

#[tokio::test]
async fn the_token_endpoints_headers_are_oktas() {
    let answer = App::new().client_credentials(OKTA, "").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-cache, no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    assert_eq!(answer.header("expires"), "0");
    assert_eq!(answer.header("x-okta-request-id").len(), 32);
    assert_eq!(answer.header("x-rate-limit-limit"), "1000");
    assert_eq!(answer.header("x-rate-limit-remaining"), "999");
    assert_eq!(answer.header("x-rate-limit-reset"), "1795521660");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-robots-tag"), "noindex,nofollow");
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(cookies[0], "sid=\"\";Version=1;Path=/;Max-Age=0");
    assert!(cookies[1].starts_with("JSESSIONID=") && cookies[1].ends_with("; Path=/; Secure; HttpOnly"));
}

#[tokio::test]
async fn a_refusal_has_the_token_endpoints_headers_too() {
    let answer = App::new().token(OKTA, "").await;
    assert_eq!(answer.header("cache-control"), "no-cache, no-store");
    assert_eq!(answer.header("x-rate-limit-limit"), "1000");
}

#[tokio::test]
async fn the_note_tells_route_caller_and_outcome() {
    let answer = App::new().client_credentials(OKTA, "").await;
    assert_eq!(answer.note.route, Some("POST /oauth2/{server}/v1/token"));
    assert_eq!(answer.note.caller.as_deref(), Some("backstage"));
    assert_eq!(answer.note.outcome.as_deref(), Some("scope portal"));
    assert_eq!(answer.note.refusal, None);
}

#[tokio::test]
async fn a_client_may_prove_itself_by_http_basic() {
    let app = App::new();
    let ask = app.post(OKTA).basic("backstage", "backstage-dev-secret");
    assert_eq!(ask.form("grant_type=client_credentials").send().await.status, 200);
}

#[tokio::test]
async fn basic_credentials_are_form_decoded() {
    let app = App::with(STRICT);
    let ask = app.post(OKTA).basic("odd+app%3A1", "a:b%20c%26d%3De%25%2B%C3%A9");
    let answer = ask.form("grant_type=client_credentials&scope=portal:read").send().await;
    assert_eq!(answer.status, 200, "{answer}");
}

#[tokio::test]
async fn a_wrong_secret_is_refused_in_oktas_words() {
    let app = App::new();
    let by_form = app.token(OKTA, "grant_type=client_credentials&client_id=backstage&client_secret=wrong").await;
    let by_header = app.post(OKTA).basic("backstage", "wrong").form("grant_type=client_credentials").send().await;
    assert_snapshot!(alike([&by_form, &by_header]), @r#"
    401 Unauthorized
    {"error":"invalid_client","error_description":"The client secret supplied for a confidential client is invalid."}
    "#);
    assert_eq!(by_form.refusal(), "wrong client secret");
    assert_eq!(by_form.note.caller.as_deref(), Some("backstage"));
    assert_eq!(by_form.header("www-authenticate"), "");
    assert_eq!(by_header.header("www-authenticate"), r#"Basic realm="Okta""#);
}

#[tokio::test]
async fn an_unknown_client_is_refused_in_the_management_apis_shape() {
    let answer = App::new().token(OKTA, "grant_type=client_credentials&client_id=nobody&client_secret=x").await;
    assert_snapshot!(answer, @r#"
    400 Bad Request
    {"errorCode":"invalid_client","errorSummary":"Invalid value for 'client_id' parameter.","errorLink":"invalid_client","errorId":"oae…","errorCauses":[]}
    "#);
    assert_eq!(answer.refusal(), "unknown client");
    assert_eq!(answer.note.caller.as_deref(), Some("nobody"));
}

#[tokio::test]
async fn no_client_id_is_refused() {
    let answer = App::new().token(OKTA, "grant_type=client_credentials").await;
    assert_snapshot!(answer, @r#"
    400 Bad Request
    {"error":"invalid_client","error_description":"A client_id must be provided in the request."}
    "#);
}

#[tokio::test]
async fn a_confidential_client_without_its_secret_is_refused() {
    let answer = App::new().token(OKTA, "grant_type=client_credentials&client_id=backstage").await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.member("error"), "invalid_client");
    assert_eq!(answer.refusal(), "no client secret");
}

#[tokio::test]
async fn a_grant_that_is_not_enabled_is_refused_with_those_that_are() {
    let app = App::with(STRICT);
    let web = app.token(OKTA, "grant_type=client_credentials&client_id=web&client_secret=s3cret").await;
    let spa = app.token(OKTA, "grant_type=client_credentials&client_id=spa").await;
    assert_snapshot!(alike([web, spa]), @r#"
    400 Bad Request
    {"error":"unauthorized_client","error_description":"The client is not authorized to use the provided grant type. Configured grant types: [authorization_code, refresh_token]."}
    "#);
}

#[tokio::test]
async fn a_grant_that_okta_has_and_no_client_can_have_is_not_enabled() {
    let answer = App::new().token(OKTA, &format!("grant_type=password&{BACKSTAGE}&username=a&password=b")).await;
    assert_snapshot!(answer, @r#"
    400 Bad Request
    {"error":"unauthorized_client","error_description":"The client is not authorized to use the provided grant type. Configured grant types: [client_credentials, authorization_code, refresh_token]."}
    "#);
}

#[tokio::test]
async fn no_scope_is_refused_where_the_server_has_no_default() {
    let app = App::with(STRICT);
    let form = "grant_type=client_credentials&client_id=service&client_secret=s3cret";
    let forms = ["", "&scope=", "&scope=+"].map(|scope| format!("{form}{scope}"));
    let answers = app.tokens(OKTA, &forms).await;
    assert_snapshot!(alike(&answers), @r#"
    400 Bad Request
    {"error":"invalid_scope","error_description":"The authorization server resource does not have any configured default scopes, 'scope' must be provided."}
    "#);
    assert_eq!(answers[0].refusal(), "no default scope");
}

#[tokio::test]
async fn a_scope_that_is_not_configured_is_refused() {
    let app = App::new();
    let form = format!("grant_type=client_credentials&{BACKSTAGE}");
    let scopes = ["nope", "portal+nope", "openid", "portal+offline_access"];
    let forms = scopes.map(|scope| format!("{form}&scope={scope}"));
    assert_snapshot!(alike(app.tokens(OKTA, &forms).await), @r#"
    400 Bad Request
    {"error":"invalid_scope","error_description":"One or more scopes are not configured for the authorization server resource."}
    "#);
}

#[tokio::test]
async fn scopes_are_granted_in_the_servers_order() {
    let app = App::with(STRICT);
    let form = "grant_type=client_credentials&client_id=service&client_secret=s3cret&scope=portal:write+portal:read";
    let answer = app.token(OKTA, form).await;
    assert_eq!(answer.member("scope"), "portal:read portal:write");
    assert!(part(&answer.member("access_token"), 1).contains(r#""scp":["portal:read","portal:write"]"#));
}

#[tokio::test]
async fn a_code_that_was_never_issued_is_refused() {
    let answer = App::new().token(OKTA, &format!("grant_type=authorization_code&{BACKSTAGE}&code=made-up")).await;
    assert_snapshot!(answer, @r#"
    400 Bad Request
    {"error":"invalid_grant","error_description":"The authorization code is invalid or has expired."}
    "#);
}

#[tokio::test]
async fn a_refresh_token_that_was_never_issued_is_refused() {
    let answer = App::new().token(OKTA, &format!("grant_type=refresh_token&{BACKSTAGE}&refresh_token=made-up")).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.member("error"), "invalid_grant");
}

#[tokio::test]
async fn a_request_that_lacks_what_its_grant_needs_is_refused() {
    let app = App::new();
    let forms =
        ["", "grant_type=authorization_code", "grant_type=refresh_token"].map(|grant| format!("{grant}&{BACKSTAGE}"));
    let refusals: Vec<_> = app
        .tokens(OKTA, &forms)
        .await
        .iter()
        .map(|answer| (answer.status.as_u16(), answer.member("error"), answer.refusal().to_owned()))
        .collect();
    let lacking = ["no grant type", "no code", "no refresh token"];
    assert_eq!(refusals, lacking.map(|lacking| (400, "invalid_request".to_owned(), lacking.to_owned())));
}

#[tokio::test]
async fn a_client_assertion_proves_nothing() {
    let form = "grant_type=client_credentials&client_id=backstage&client_assertion=e30.e30.";
    let answer = App::new().token(OKTA, form).await;
    assert_eq!((answer.status.as_u16(), answer.member("error")), (401, "invalid_client".to_owned()));
}

#[tokio::test]
async fn an_unsupported_grant_is_refused() {
    let answer = App::new().token(OKTA, &format!("grant_type=nope&{BACKSTAGE}")).await;
    assert_snapshot!(answer, @r#"
    400 Bad Request
    {"error":"unsupported_grant_type","error_description":"The authorization grant type is not supported."}
    "#);
}

#[tokio::test]
async fn credentials_in_the_header_and_in_the_form_are_too_many() {
    let app = App::new();
    let both = async |form: &str| {
        let ask = app.post(OKTA).basic("backstage", "backstage-dev-secret");
        ask.form(&format!("grant_type=client_credentials&{form}")).send().await
    };
    assert_snapshot!(alike([both(BACKSTAGE).await, both("client_id=backstage").await]), @r#"
    400 Bad Request
    {"error":"invalid_request","error_description":"Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization header, credentials in the post body, or a client_assertion in the post body."}
    "#);
}

#[tokio::test]
async fn a_parameter_that_comes_twice_is_refused() {
    let answer = App::new().client_credentials(OKTA, "&scope=portal&scope=portal").await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.member("error"), "invalid_request");
    assert_eq!(answer.refusal(), "a parameter twice");
}

#[tokio::test]
async fn only_a_form_is_read() {
    let app = App::new();
    let ask = app.post(OKTA).header("content-type", "application/json");
    let answer = ask.body(r#"{"grant_type":"client_credentials"}"#).send().await;
    assert_snapshot!(answer, @r#"
    400 Bad Request
    {"errorCode":"E0000021","errorSummary":"Bad request.  Accept and/or Content-Type headers likely do not match supported values.","errorLink":"E0000021","errorId":"oae…","errorCauses":[]}
    "#);
}

#[tokio::test]
async fn a_form_of_more_than_64_kib_is_refused() {
    let answer = App::new().client_credentials(OKTA, &format!("&x={}", "x".repeat(64 * 1024))).await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.refusal(), "the body is longer than 65536 bytes");
}

#[tokio::test]
async fn another_method_is_refused() {
    let answer = App::new().ask(Method::GET, OKTA).send().await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.header("allow"), "POST");
}

#[tokio::test]
async fn a_secret_is_never_in_a_note() {
    let app = App::new();
    let answer = app.token(OKTA, "grant_type=client_credentials&client_id=backstage&client_secret=wr0ng").await;
    let note = format!("{:?}", answer.note);
    assert!(!note.contains("wr0ng") && !note.contains("backstage-dev-secret"), "{note}");
}
