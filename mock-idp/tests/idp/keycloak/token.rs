//! Keycloak's token endpoint: every row of its observed answers that a world can lead to.

use http::Method;
use insta::assert_snapshot;

use crate::app::{App, BACKSTAGE, KEYCLOAK, alike, part, pretty};

const CERTS: &str = "/realms/gloo/protocol/openid-connect/certs";

/// Clients of each kind.
const CLIENTS: &str = "
  clients:
    - {id: service, secret: s3cret}
    - {id: web, secret: s3cret, grants: [authorization_code]}
    - {id: spa, redirectUris: ['http://localhost:3000/callback']}";

#[tokio::test]
async fn a_token_comes_with_keycloaks_members_in_keycloaks_order() {
    let answer = App::new().client_credentials(KEYCLOAK, "").await;
    assert_eq!(answer.status, 200);
    let members = ["access_token", "expires_in", "refresh_expires_in", "token_type", "not-before-policy", "scope"];
    assert_eq!(answer.members(), members);
    assert_eq!(answer.json()["expires_in"], 300);
    assert_eq!(answer.json()["refresh_expires_in"], 0);
    assert_eq!(answer.member("token_type"), "Bearer");
    assert_eq!(answer.json()["not-before-policy"], 0);
    assert_eq!(answer.member("scope"), "profile email");
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
}

#[tokio::test]
async fn a_service_accounts_token_has_keycloaks_claims_in_keycloaks_order() {
    let app = App::new();
    let token = app.client_credentials(KEYCLOAK, "").await.member("access_token");
    app.verified(CERTS, &token).await;
    assert_snapshot!(pretty(&part(&token, 1)), @r#"
    {
      "exp": 1795521900,
      "iat": 1795521600,
      "jti": "trrtcc:f4a90164-c474-4e1a-bfa9-ae8d44b45a35",
      "iss": "http://idp.test/realms/gloo",
      "aud": "account",
      "sub": "00b755e8-2e26-46e0-9062-9097d01908bd",
      "typ": "Bearer",
      "azp": "backstage",
      "acr": "1",
      "allowed-origins": [
        "http://localhost:7007"
      ],
      "realm_access": {
        "roles": [
          "default-roles-gloo",
          "offline_access",
          "uma_authorization"
        ]
      },
      "resource_access": {
        "account": {
          "roles": [
            "manage-account",
            "manage-account-links",
            "view-profile"
          ]
        }
      },
      "scope": "profile email",
      "clientHost": "127.0.0.1",
      "email_verified": false,
      "preferred_username": "service-account-backstage",
      "clientAddress": "127.0.0.1",
      "client_id": "backstage"
    }
    "#);
}

#[tokio::test]
async fn openid_gives_an_id_token_for_the_client() {
    let app = App::new();
    let answer = app.client_credentials(KEYCLOAK, "&scope=openid").await;
    assert_eq!(answer.members()[3..6], ["token_type", "id_token", "not-before-policy"]);
    assert_eq!(answer.member("scope"), "openid profile email");
    let token = answer.member("id_token");
    app.verified(CERTS, &token).await;
    assert_snapshot!(pretty(&part(&token, 1)), @r#"
    {
      "exp": 1795521900,
      "iat": 1795521600,
      "jti": "d424f265-4f31-4ee0-909e-122f809face4",
      "iss": "http://idp.test/realms/gloo",
      "aud": "backstage",
      "sub": "00b755e8-2e26-46e0-9062-9097d01908bd",
      "typ": "ID",
      "azp": "backstage",
      "at_hash": "jMjGiGlBvTOwp57322D0vQ",
      "acr": "1",
      "clientHost": "127.0.0.1",
      "email_verified": false,
      "preferred_username": "service-account-backstage",
      "clientAddress": "127.0.0.1",
      "client_id": "backstage"
    }
    "#);
}

#[tokio::test]
async fn a_service_account_is_the_same_at_every_start_and_another_in_every_realm() {
    let issuers = "{issuers: [{face: keycloak}, {face: keycloak, name: other, realm: other}]}";
    let subject = async |path: &str| {
        let token = App::with(issuers).client_credentials(path, "").await.member("access_token");
        serde_json::from_str::<serde_json::Value>(&part(&token, 1)).unwrap()["sub"].clone()
    };
    let gloo = subject(KEYCLOAK).await;
    assert_eq!(subject(KEYCLOAK).await, gloo);
    assert_ne!(subject("/realms/other/protocol/openid-connect/token").await, gloo);
}

#[tokio::test]
async fn the_token_tells_where_the_client_was() {
    let app = App::new();
    let ask = app.post(KEYCLOAK).from("[::ffff:192.0.2.7]:4711");
    let answer = ask.form(&format!("grant_type=client_credentials&{BACKSTAGE}")).send().await;
    let claims = part(&answer.member("access_token"), 1);
    assert!(claims.contains(r#""clientHost":"192.0.2.7""#) && claims.contains(r#""clientAddress":"192.0.2.7""#));
}

#[tokio::test]
async fn a_wrong_secret_is_an_unauthorized_client_without_a_challenge() {
    let app = App::new();
    let by_form = app.token(KEYCLOAK, "grant_type=client_credentials&client_id=backstage&client_secret=wrong").await;
    let by_header = app.post(KEYCLOAK).basic("backstage", "wrong").form("grant_type=client_credentials").send().await;
    let none = app.token(KEYCLOAK, "grant_type=client_credentials&client_id=backstage").await;
    assert_snapshot!(alike([&by_form, &by_header, &none]), @r#"
    401 Unauthorized
    {"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}
    "#);
    assert_eq!(by_header.header("www-authenticate"), "");
    assert_eq!(by_form.note.caller.as_deref(), Some("backstage"));
}

#[tokio::test]
async fn an_unknown_client_or_none_is_an_invalid_client() {
    let app = App::new();
    let unknown = app.token(KEYCLOAK, "grant_type=client_credentials&client_id=nobody&client_secret=x").await;
    let none = app.token(KEYCLOAK, "grant_type=client_credentials").await;
    assert_snapshot!(alike([unknown, none]), @r#"
    401 Unauthorized
    {"error":"invalid_client","error_description":"Invalid client or Invalid client credentials"}
    "#);
}

#[tokio::test]
async fn a_client_without_a_service_account_is_refused() {
    let app = App::with(CLIENTS);
    let answer = app.token(KEYCLOAK, "grant_type=client_credentials&client_id=web&client_secret=s3cret").await;
    assert_snapshot!(answer, @r#"
    401 Unauthorized
    {"error":"unauthorized_client","error_description":"Client not enabled to retrieve service account"}
    "#);
}

#[tokio::test]
async fn a_public_client_has_no_service_account() {
    let answer = App::with(CLIENTS).token(KEYCLOAK, "grant_type=client_credentials&client_id=spa").await;
    assert_snapshot!(answer, @r#"
    401 Unauthorized
    {"error":"unauthorized_client","error_description":"Public client not allowed to retrieve service account"}
    "#);
}

#[tokio::test]
async fn an_unknown_grant_is_refused_whoever_asks() {
    assert_snapshot!(App::new().token(KEYCLOAK, "grant_type=nope").await, @r#"
    400 Bad Request
    {"error":"unsupported_grant_type","error_description":"Unsupported grant_type"}
    "#);
}

#[tokio::test]
async fn no_grant_and_a_json_body_are_the_same() {
    let app = App::new();
    let json = app.post(KEYCLOAK).header("content-type", "application/json");
    let json = json.body(r#"{"grant_type":"client_credentials"}"#).send().await;
    assert_snapshot!(alike([app.token(KEYCLOAK, BACKSTAGE).await, app.post(KEYCLOAK).send().await, json]), @r#"
    400 Bad Request
    {"error":"invalid_request","error_description":"Missing form parameter: grant_type"}
    "#);
}

#[tokio::test]
async fn an_unknown_scope_is_refused_by_name() {
    assert_snapshot!(App::new().client_credentials(KEYCLOAK, "&scope=nope").await, @r#"
    400 Bad Request
    {"error":"invalid_scope","error_description":"Invalid scopes: nope"}
    "#);
}

#[tokio::test]
async fn a_scope_that_every_client_has_is_told_once_and_an_optional_one_if_asked_for() {
    let app = App::new();
    let scope = async |asked: &str| app.client_credentials(KEYCLOAK, &format!("&scope={asked}")).await.member("scope");
    assert_eq!(scope("profile+roles").await, "profile email");
    assert_eq!(scope("phone+openid+phone").await, "openid profile email phone");
}

#[tokio::test]
async fn a_realms_own_scopes_are_granted_by_default_or_if_asked_for() {
    let app = App::with("{issuers: [{face: keycloak, scopes: [read, write], defaultScopes: [read]}]}");
    assert_eq!(app.client_credentials(KEYCLOAK, "").await.member("scope"), "profile email read");
    assert_eq!(app.client_credentials(KEYCLOAK, "&scope=write").await.member("scope"), "profile email read write");
}

#[tokio::test]
async fn a_parameter_that_comes_twice_is_refused() {
    assert_snapshot!(App::new().client_credentials(KEYCLOAK, "&scope=openid&scope=openid").await, @r#"
    400 Bad Request
    {"error":"invalid_request","error_description":"duplicated parameter"}
    "#);
}

#[tokio::test]
async fn a_refresh_token_that_was_never_issued_is_refused() {
    let answer = App::new().token(KEYCLOAK, &format!("grant_type=refresh_token&{BACKSTAGE}&refresh_token=x")).await;
    assert_snapshot!(answer, @r#"
    400 Bad Request
    {"error":"invalid_grant","error_description":"Invalid refresh token"}
    "#);
}

#[tokio::test]
async fn a_code_that_was_never_issued_is_refused() {
    let answer = App::new().token(KEYCLOAK, &format!("grant_type=authorization_code&{BACKSTAGE}&code=x")).await;
    assert_snapshot!(answer, @r#"
    400 Bad Request
    {"error":"invalid_grant","error_description":"Code not valid"}
    "#);
}

#[tokio::test]
async fn a_request_that_lacks_what_its_grant_needs_is_refused() {
    let app = App::new();
    let forms = ["authorization_code", "refresh_token"].map(|grant| format!("grant_type={grant}&{BACKSTAGE}"));
    let answers = app.tokens(KEYCLOAK, &forms).await;
    assert_eq!(answers[0].member("error_description"), "Missing parameter: code");
    assert_eq!(answers[1].member("error_description"), "No refresh token");
    assert!(answers.iter().all(|answer| answer.status == 400 && answer.member("error") == "invalid_request"));
}

#[tokio::test]
async fn a_client_assertion_counts_for_nothing() {
    let app = App::new();
    let form = "grant_type=client_credentials&client_assertion=e30.e30.&client_id=backstage";
    let answer = app.token(KEYCLOAK, form).await;
    assert_eq!((answer.status.as_u16(), answer.member("error")), (401, "unauthorized_client".to_owned()));
    assert_eq!(app.token(KEYCLOAK, &format!("{form}&client_secret=backstage-dev-secret")).await.status, 200);
}

#[tokio::test]
async fn a_grant_that_no_client_can_have_is_refused() {
    let app = App::new();
    let error = async |grant: &str| {
        app.token(KEYCLOAK, &format!("grant_type={grant}&{BACKSTAGE}")).await.member("error_description")
    };
    assert_eq!(error("password").await, "Client not allowed for direct access grants");
    let device = error("urn:ietf:params:oauth:grant-type:device_code").await;
    assert_eq!(device, "Client not allowed OAuth 2.0 Device Authorization Grant");
}

#[tokio::test]
async fn what_the_form_says_of_the_client_wins_over_the_header_though_it_be_empty() {
    let app = App::new();
    let both = async |secret: &str, form: &str| {
        let ask = app.post(KEYCLOAK).basic("backstage", secret);
        let answer = ask.form(&format!("grant_type=client_credentials&{form}")).send().await;
        (answer.status.as_u16(), answer.json()["error"].as_str().unwrap_or_default().to_owned())
    };
    let right = "backstage-dev-secret";
    assert_eq!(both(right, BACKSTAGE).await.0, 200);
    assert_eq!(both("wrong", BACKSTAGE).await.0, 200);
    assert_eq!(both(right, "client_id=backstage").await.0, 200);
    assert_eq!(both(right, "client_secret=wrong").await, (401, "unauthorized_client".to_owned()));
    assert_eq!(both(right, "client_secret=").await, (401, "unauthorized_client".to_owned()));
    assert_eq!(both(right, "client_id=other").await, (401, "invalid_client".to_owned()));
    assert_eq!(both(right, "client_id=").await, (401, "invalid_client".to_owned()));
}

#[tokio::test]
async fn a_header_that_is_no_base64_is_an_error_whatever_the_form_says() {
    let ask = App::new().post(KEYCLOAK).header("authorization", "Basic ???");
    assert_snapshot!(ask.form(&format!("grant_type=client_credentials&{BACKSTAGE}")).send().await, @r#"
    400 Bad Request
    {"error":"unauthorized_client","error_description":"Unexpected error when authenticating client"}
    "#);
}

#[tokio::test]
async fn an_empty_scope_is_unknown_and_spaces_alone_are_none() {
    let app = App::new();
    let told = async |scope: &str| app.client_credentials(KEYCLOAK, &format!("&scope={scope}")).await;
    assert_eq!(told("").await.member("error_description"), "Invalid scopes: ");
    assert_eq!(told("email++profile").await.member("error_description"), "Invalid scopes: email  profile");
    assert_eq!(told("+").await.member("scope"), "profile email");
}

#[tokio::test]
async fn an_empty_grant_is_an_unknown_one() {
    let answer = App::new().token(KEYCLOAK, &format!("grant_type=&{BACKSTAGE}")).await;
    assert_eq!(answer.member("error"), "unsupported_grant_type");
}

#[tokio::test]
async fn a_ticket_or_an_audience_gives_no_token() {
    let app = App::new();
    let uma = format!("grant_type=urn:ietf:params:oauth:grant-type:uma-ticket&{BACKSTAGE}");
    let ticket = app.token(KEYCLOAK, &format!("{uma}&ticket=x")).await;
    assert_eq!((ticket.status.as_u16(), ticket.member("error")), (403, "invalid_ticket".to_owned()));
    let told = async |more: &str| app.token(KEYCLOAK, &format!("{uma}{more}")).await.member("error_description");
    assert_eq!(told("").await, "You must provide the issuedFor");
    assert_eq!(told("&audience=nope").await, "Unknown resource server id: [nope]");
    assert_eq!(told("&audience=backstage").await, "Client does not support permissions");
}

#[tokio::test]
async fn get_is_refused() {
    let answer = App::new().ask(Method::GET, KEYCLOAK).send().await;
    assert_snapshot!(answer, @r#"
    405 Method Not Allowed
    {"error":"HTTP 405 Method Not Allowed"}
    "#);
}

#[tokio::test]
async fn a_preflight_is_answered_with_the_echoed_origin() {
    let answer = App::new().ask(Method::OPTIONS, KEYCLOAK).header("origin", "http://localhost:3000").send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), "http://localhost:3000");
    assert_eq!(answer.header("access-control-allow-methods"), "POST, OPTIONS");
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert_eq!(answer.header("access-control-max-age"), "3600");
}

#[tokio::test]
async fn a_page_of_the_clients_own_may_read_the_answer_and_no_other() {
    let app = App::with(CLIENTS);
    let allowed = async |origin: &str| {
        let ask = app.post(KEYCLOAK).header("origin", origin);
        let answer = ask.form("grant_type=client_credentials&client_id=spa").send().await;
        answer.header("access-control-allow-origin").to_owned()
    };
    assert_eq!(allowed("http://localhost:3000").await, "http://localhost:3000");
    assert_eq!(allowed("http://evil.test").await, "");
}

#[tokio::test]
async fn the_note_tells_route_caller_and_outcome() {
    let answer = App::new().client_credentials(KEYCLOAK, "").await;
    assert_eq!(answer.note.route, Some("POST /realms/{realm}/protocol/openid-connect/token"));
    assert_eq!(answer.note.caller.as_deref(), Some("backstage"));
    assert_eq!(answer.note.outcome.as_deref(), Some("scope profile email"));
}
