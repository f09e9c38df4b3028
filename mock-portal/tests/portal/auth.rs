//! External auth: who is let in, and why others are not.

use axum::http::{Request, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use insta::assert_snapshot;
use serde_json::json;

use crate::stand::{Answered, Signer, Stand};

async fn refusal_of(stand: &Stand, token: &str) -> String {
    let answered = stand.get_with("/v1/apis", token).await;
    assert_eq!(answered.status, 401);
    assert_eq!(answered.body, r#"{"message":"Unauthorized"}"#);
    answered.refusal().to_owned()
}

async fn with_authorization(stand: &Stand, value: &str) -> Answered {
    stand.send(Request::get("/v1/apis").header(header::AUTHORIZATION, value)).await
}

#[tokio::test]
async fn a_caller_without_a_token_is_challenged() {
    let stand = Stand::with("{}").await;
    let answered = stand.send(Request::get("/v1/apis/petstore-v1/schema")).await;
    assert_snapshot!(answered, @r#"
    401 Unauthorized
    content-type: application/json
    www-authenticate: Bearer realm="gloo-portal"

    {
      "message": "Unauthorized"
    }
    "#);
    assert_snapshot!(format!("{:?}", answered.note), @r#"Note { route: Some("GET /v1/apis/{id}/schema"), caller: None, outcome: None, refusal: Some(Refusal("no bearer token")) }"#);
}

#[tokio::test]
async fn a_caller_with_a_bad_token_is_told_what_is_wrong_with_it() {
    let stand = Stand::with("{}").await;
    let answered = stand.get_with("/v1/apis", "abc").await;
    assert_snapshot!(answered, @r#"
    401 Unauthorized
    content-type: application/json
    www-authenticate: Bearer realm="gloo-portal", error="invalid_token", error_description="The token is malformed"

    {
      "message": "Unauthorized"
    }
    "#);
    assert_eq!(answered.refusal(), "not a JWT but an opaque token");
}

#[tokio::test]
async fn external_auth_comes_before_knowing_the_path() {
    let stand = Stand::with("{}").await;
    for path in ["/v1", "/v1/", "/v1/nope", "/v1/api-products", "/v1/usage-plans"] {
        assert_eq!(stand.send(Request::get(path)).await.status, 401, "{path}");
    }
    assert_eq!(stand.send(Request::post("/v1/apis")).await.status, 401);
    assert_eq!(stand.send(Request::get("/v1/nope")).await.note.route, None);
}

#[tokio::test]
async fn credentials_of_another_kind_are_no_bearer_token() {
    let stand = Stand::with("{}").await;
    for value in ["Basic YTpi", "Bearer", "Bearer ", "", "Bearer:abc"] {
        assert_eq!(with_authorization(&stand, value).await.refusal(), "no bearer token", "{value:?}");
    }
}

#[tokio::test]
async fn the_scheme_may_be_written_in_any_case() {
    let stand = Stand::with("{}").await;
    assert_eq!(with_authorization(&stand, &format!("bEARER  {}", stand.token())).await.status, 200);
}

#[tokio::test]
async fn whatever_is_no_jwt_is_refused() {
    let stand = Stand::with("{}").await;
    let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let header = encoded(r#"{"alg":"RS256","kid":"okta-1"}"#);
    for token in [
        "a.b.c".to_owned(),
        "..".to_owned(),
        "a.b.c.d".to_owned(),
        format!("{header}.{}.", encoded("[]")),
        format!("{header}.{}.x", encoded("not json")),
        format!("{}.{}.", encoded(r#"{"kid":"okta-1"}"#), encoded("{}")),
        format!("{}.{}.", encoded(r#"{"alg":"RS256","kid":5}"#), encoded("{}")),
        "x.".repeat(100_000),
    ] {
        assert_eq!(refusal_of(&stand, &token).await, "not a JWT");
    }
}

#[tokio::test]
async fn a_header_that_is_no_text_is_refused() {
    let stand = Stand::with("{}").await;
    let value = axum::http::HeaderValue::from_bytes(b"Bearer \xff\xfe").unwrap();
    let request = Request::get("/v1/apis").header(header::AUTHORIZATION, value);
    assert_eq!(stand.send(request).await.refusal(), "not a JWT");
}

#[tokio::test]
async fn a_token_is_good_until_the_second_it_expires() {
    let stand = Stand::with("{}").await;
    let token = stand.token_with(json!({"exp": stand.now().as_second() + 10}));
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
    stand.advance(9);
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
    stand.advance(1);
    assert_eq!(refusal_of(&stand, &token).await, "token expired 0 s ago");
    stand.advance(12);
    let answered = stand.get_with("/v1/apis", &token).await;
    assert_eq!(answered.refusal(), "token expired 12 s ago");
    assert_snapshot!(answered, @r#"
    401 Unauthorized
    content-type: application/json
    www-authenticate: Bearer realm="gloo-portal", error="invalid_token", error_description="The token has expired"

    {
      "message": "Unauthorized"
    }
    "#);
}

#[tokio::test]
async fn a_clock_moved_back_makes_an_expired_token_good_again() {
    let stand = Stand::with("{}").await;
    let token = stand.token();
    stand.advance(3_601);
    assert_eq!(refusal_of(&stand, &token).await, "token expired 1 s ago");
    stand.advance(-3_600);
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
}

#[tokio::test]
async fn a_token_without_an_end_never_expires() {
    let stand = Stand::with("{}").await;
    let token = stand.token_with(json!({"exp": null}));
    stand.advance(1_000_000_000);
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
}

#[tokio::test]
async fn a_token_whose_end_is_no_time_is_refused() {
    let stand = Stand::with("{}").await;
    assert_eq!(refusal_of(&stand, &stand.token_with(json!({"exp": "tomorrow"}))).await, "its exp is not a time");
}

#[tokio::test]
async fn a_token_is_not_good_before_its_time() {
    let stand = Stand::with("{}").await;
    let now = stand.now().as_second();
    let token = stand.token_with(json!({"nbf": now + 5}));
    assert_eq!(refusal_of(&stand, &token).await, "token not yet valid for 5 s");
    stand.advance(5);
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
    stand.advance(-1);
    assert_eq!(refusal_of(&stand, &token).await, "token not yet valid for 1 s");
}

#[tokio::test]
async fn a_token_from_the_future_is_refused() {
    let stand = Stand::with("{}").await;
    let token = stand.token_with(json!({"iat": stand.now().as_second() + 5}));
    assert_eq!(refusal_of(&stand, &token).await, "token not yet valid for 5 s");
}

#[tokio::test]
async fn a_changed_token_has_a_bad_signature() {
    let stand = Stand::with("{}").await;
    let token = stand.token();
    let other = stand.token_with(json!({"sub": "admin"}));
    let (message, _) = other.rsplit_once('.').unwrap();
    let (_, signature) = token.rsplit_once('.').unwrap();
    assert_eq!(refusal_of(&stand, &format!("{message}.{signature}")).await, "bad signature");
    assert_eq!(refusal_of(&stand, &format!("{message}.")).await, "bad signature");
}

#[tokio::test]
async fn a_remembered_token_lets_no_changed_one_in() {
    let stand = Stand::with("{}").await;
    let token = stand.token();
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
    assert_eq!(refusal_of(&stand, &token[..token.len() - 2]).await, "bad signature");
}

#[tokio::test]
async fn a_key_of_another_issuer_is_unknown() {
    let stand = Stand::with("{}").await;
    let token = stand.token_by(&Signer::keycloak("keycloak-1"), json!({}));
    assert_eq!(refusal_of(&stand, &token).await, "signed with an unknown key");
}

#[tokio::test]
async fn a_key_of_another_issuer_under_a_known_name_signs_badly() {
    let stand = Stand::with("{}").await;
    let token = stand.token_by(&Signer::keycloak("okta-1"), json!({}));
    assert_eq!(refusal_of(&stand, &token).await, "bad signature");
}

#[tokio::test]
async fn a_token_that_names_no_key_is_refused() {
    let stand = Stand::with("{}").await;
    let claims = json!({"iss": "http://idp.test/oauth2/default"});
    let token = Signer::okta("okta-1").sign_as(&json!({"alg": "RS256"}), &claims);
    assert_eq!(refusal_of(&stand, &token).await, "names no key to check its signature with (no kid)");
}

#[tokio::test]
async fn a_token_of_another_algorithm_is_refused() {
    let stand = Stand::with("{}").await;
    let claims = json!({"iss": "http://idp.test/oauth2/default"});
    for alg in ["HS256", "none", "PS256", "rs256"] {
        let token = Signer::okta("okta-1").sign_as(&json!({"alg": alg, "kid": "okta-1"}), &claims);
        assert_eq!(refusal_of(&stand, &token).await, format!("signed with {alg}, not RS256"));
    }
}

#[tokio::test]
async fn a_token_with_a_critical_extension_is_refused() {
    let stand = Stand::with("{}").await;
    let header = json!({"alg": "RS256", "kid": "okta-1", "crit": ["b64"], "b64": false});
    let token = Signer::okta("okta-1").sign_as(&header, &json!({"iss": "http://idp.test/oauth2/default"}));
    assert_snapshot!(refusal_of(&stand, &token).await, @"has a critical extension that is not understood (crit)");
}

#[tokio::test]
async fn of_two_authorization_headers_neither_counts() {
    let stand = Stand::with("{}").await;
    let value = format!("Bearer {}", stand.token());
    let request = Request::get("/v1/apis").header(header::AUTHORIZATION, &value).header(header::AUTHORIZATION, &value);
    let answered = stand.send(request).await;
    assert_eq!(answered.refusal(), "several Authorization headers");
    assert_snapshot!(answered, @r#"
    401 Unauthorized
    content-type: application/json
    www-authenticate: Bearer realm="gloo-portal", error="invalid_request", error_description="There is more than one Authorization header"

    {
      "message": "Unauthorized"
    }
    "#);
}

#[tokio::test]
async fn an_issuer_that_nobody_trusts_is_named_beside_those_that_are() {
    let stand = Stand::with("{}").await;
    let token = stand.token_with(json!({"iss": "http://localhost:31090/oauth2/default"}));
    assert_snapshot!(refusal_of(&stand, &token).await, @"issuer http://localhost:31090/oauth2/default is not trusted (trusted: http://idp.test/oauth2/default, http://idp.test, http://idp.test/realms/gloo)");
    assert_eq!(stand.idp.asked(), 0);
    let token = stand.token_with(json!({"iss": null}));
    assert!(refusal_of(&stand, &token).await.starts_with("names no issuer (trusted: "));
}

#[tokio::test]
async fn every_issuer_of_the_world_is_trusted_with_its_own_keys() {
    let stand = Stand::with("{}").await;
    let claims = json!({"iss": "http://idp.test/realms/gloo", "cid": null, "client_id": "backstage", "sub": "7c1d"});
    let token = stand.token_by(&Signer::keycloak("keycloak-1"), claims);
    let answered = stand.get_with("/v1/apis", &token).await;
    assert_eq!(answered.status, 200);
    assert_eq!(answered.note.caller.as_deref(), Some("backstage"));
}

#[tokio::test]
async fn an_okta_org_issues_under_the_base_url_itself() {
    let stand = Stand::with("{}").await;
    stand.idp.serve("/oauth2/v1/keys", &[Signer::okta("org").jwk("sig")]);
    let token = stand.token_by(&Signer::okta("org"), json!({"iss": "http://idp.test"}));
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
}

#[tokio::test]
async fn the_audience_counts_where_the_world_names_one() {
    let stand = Stand::with("{auth: {audience: 'api://portal'}}").await;
    let refused = refusal_of(&stand, &stand.token()).await;
    assert_eq!(refused, "audience api://default is not api://portal");
    let refused = refusal_of(&stand, &stand.token_with(json!({"aud": null}))).await;
    assert_eq!(refused, "no audience, where api://portal is asked for");
    let token = stand.token_with(json!({"aud": ["account", "api://portal"]}));
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
}

#[tokio::test]
async fn no_note_holds_the_token() {
    let stand = Stand::with("{}").await;
    let token = stand.token_with(json!({"exp": 1}));
    let answered = stand.get_with("/v1/apis", &token).await;
    let signature = token.rsplit('.').next().unwrap();
    assert!(!format!("{:?}", answered.note).contains(signature));
    assert!(!answered.to_string().contains(signature));
}
