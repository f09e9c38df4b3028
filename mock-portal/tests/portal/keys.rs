//! The issuers' keys: fetched when needed, kept, and fetched anew when that may help.

use axum::http::StatusCode;
use insta::assert_snapshot;
use serde_json::json;

use crate::stand::{OKTA_KEYS, Signer, Stand};

async fn status_with(stand: &Stand, token: &str) -> u16 {
    stand.get_with("/v1/apis", token).await.status.as_u16()
}

#[tokio::test]
async fn keys_are_fetched_at_the_first_token_and_then_kept() {
    let stand = Stand::with("{}").await;
    assert_eq!(stand.idp.asked(), 0);
    for claims in [json!({}), json!({"sub": "other"}), json!({"sub": "third"})] {
        assert_eq!(status_with(&stand, &stand.token_with(claims)).await, 200);
    }
    assert_eq!(stand.idp.asked(), 1);
}

#[tokio::test]
async fn keys_are_fetched_anew_when_they_are_five_minutes_old() {
    let stand = Stand::with("{}").await;
    let token = stand.token();
    assert_eq!(status_with(&stand, &token).await, 200);
    stand.advance(299);
    assert_eq!(status_with(&stand, &token).await, 200);
    assert_eq!(stand.idp.asked(), 1);
    stand.advance(1);
    assert_eq!(status_with(&stand, &token).await, 200);
    assert_eq!(stand.idp.asked(), 2);
}

#[tokio::test]
async fn a_new_key_is_fetched_at_its_first_token() {
    let stand = Stand::with("{}").await;
    assert_eq!(status_with(&stand, &stand.token()).await, 200);
    stand.idp.serve(OKTA_KEYS, &[Signer::okta("okta-1").jwk("sig"), Signer::keycloak("okta-2").jwk("sig")]);
    let token = stand.token_by(&Signer::keycloak("okta-2"), json!({}));
    assert_eq!(status_with(&stand, &token).await, 200);
    assert_eq!(stand.idp.asked(), 2);
}

#[tokio::test]
async fn a_token_of_a_key_that_is_gone_is_refused_once_the_keys_were_fetched_anew() {
    let stand = Stand::with("{}").await;
    let old = stand.token();
    assert_eq!(status_with(&stand, &old).await, 200);
    stand.idp.serve(OKTA_KEYS, &[Signer::keycloak("okta-2").jwk("sig")]);
    assert_eq!(status_with(&stand, &old).await, 200, "nobody has fetched yet");
    assert_eq!(status_with(&stand, &stand.token_by(&Signer::keycloak("okta-2"), json!({}))).await, 200);
    assert_eq!(stand.get_with("/v1/apis", &old).await.refusal(), "signed with an unknown key");
}

#[tokio::test]
async fn a_withdrawn_key_is_noticed_when_the_keys_grow_old() {
    let stand = Stand::with("{}").await;
    let token = stand.token();
    assert_eq!(status_with(&stand, &token).await, 200);
    stand.idp.serve(OKTA_KEYS, &[]);
    stand.advance(300);
    assert_eq!(stand.get_with("/v1/apis", &token).await.refusal(), "signed with an unknown key");
}

#[tokio::test]
async fn unknown_keys_fetch_at_most_once_in_five_seconds() {
    let stand = Stand::with("{}").await;
    assert_eq!(status_with(&stand, &stand.token()).await, 200);
    for kid in ["a", "b", "c"] {
        let token = stand.token_by(&Signer::okta(kid), json!({}));
        assert_eq!(stand.get_with("/v1/apis", &token).await.refusal(), "signed with an unknown key");
    }
    assert_eq!(stand.idp.asked(), 2);
    stand.advance(5);
    assert_eq!(status_with(&stand, &stand.token_by(&Signer::okta("d"), json!({}))).await, 401);
    assert_eq!(stand.idp.asked(), 3);
}

#[tokio::test]
async fn an_unknown_key_of_one_issuer_holds_up_no_other() {
    let stand = Stand::with("{}").await;
    for (iss, kid) in [("oauth2/default", "a"), ("oauth2/default", "b"), ("realms/gloo", "a"), ("realms/gloo", "b")] {
        let token = stand.token_by(&Signer::okta(kid), json!({"iss": format!("http://idp.test/{iss}")}));
        assert_eq!(status_with(&stand, &token).await, 401);
    }
    assert_eq!(stand.idp.asked(), 4, "each issuer's first fetch, and one more for an unknown key");
}

#[tokio::test]
async fn requests_that_need_the_same_keys_share_one_fetch() {
    let stand = Stand::with("{}").await;
    let tokens = ["a", "b", "c"].map(|sub| stand.token_with(json!({ "sub": sub })));
    stand.idp.shut();
    let (a, b, c, ()) = tokio::join!(
        status_with(&stand, &tokens[0]),
        status_with(&stand, &tokens[1]),
        status_with(&stand, &tokens[2]),
        stand.idp.open_when_asked(),
    );
    assert_eq!([a, b, c], [200, 200, 200]);
    assert_eq!(stand.idp.asked(), 1);
}

#[tokio::test]
async fn requests_that_share_a_fetch_share_its_failure() {
    let stand = Stand::with("{}").await;
    stand.idp.answer(OKTA_KEYS, StatusCode::INTERNAL_SERVER_ERROR, String::new());
    let tokens = ["a", "b"].map(|sub| stand.token_with(json!({ "sub": sub })));
    stand.idp.shut();
    let (a, b, ()) =
        tokio::join!(status_with(&stand, &tokens[0]), status_with(&stand, &tokens[1]), stand.idp.open_when_asked());
    assert_eq!([a, b], [503, 503]);
    assert_eq!(stand.idp.asked(), 1);
}

#[tokio::test]
async fn a_request_that_is_given_up_leaves_the_fetch_to_the_next() {
    let stand = Stand::with("{}").await;
    let token = stand.token();
    stand.idp.shut();
    tokio::select! {
        biased;
        _ = status_with(&stand, &token) => panic!("the door is shut"),
        () = stand.idp.open_when_asked() => {}
    }
    assert_eq!(status_with(&stand, &token).await, 200);
}

#[tokio::test]
async fn keys_that_can_t_be_fetched_are_nobody_s_fault() {
    let stand = Stand::with("{}").await;
    stand.idp.answer(OKTA_KEYS, StatusCode::BAD_GATEWAY, "<html>".to_owned());
    let answered = stand.get("/v1/apis").await;
    assert_snapshot!(answered, @r#"
    503 Service Unavailable
    content-type: application/json

    {
      "message": "External auth can't fetch the issuer's keys"
    }
    "#);
    let why = answered.refusal().replace(&stand.idp.url, "http://idp.direct");
    assert_snapshot!(why, @"the keys at http://idp.direct/oauth2/default/v1/keys can't be fetched: the answer is 502 Bad Gateway");
}

#[tokio::test]
async fn an_answer_that_holds_no_keys_is_told_from_one_that_is_too_large() {
    let stand = Stand::with("{}").await;
    stand.idp.answer(OKTA_KEYS, StatusCode::OK, "<html>".to_owned());
    assert!(stand.get("/v1/apis").await.refusal().ends_with("the answer is not a JWK set"));
    stand.idp.answer(OKTA_KEYS, StatusCode::OK, " ".repeat(300 * 1_024));
    assert!(stand.get("/v1/apis").await.refusal().ends_with("the answer is larger than 256 KiB"));
}

#[tokio::test]
async fn a_failed_fetch_is_tried_again_at_the_next_request() {
    let stand = Stand::with("{}").await;
    stand.idp.answer(OKTA_KEYS, StatusCode::INTERNAL_SERVER_ERROR, String::new());
    assert_eq!(stand.get("/v1/apis").await.status, 503);
    stand.idp.serve(OKTA_KEYS, &[Signer::okta("okta-1").jwk("sig")]);
    assert_eq!(stand.get("/v1/apis").await.status, 200);
}

#[tokio::test]
async fn keys_that_are_held_outlast_a_provider_that_is_down_for_a_while() {
    let stand = Stand::with("{}").await;
    assert_eq!(stand.get("/v1/apis").await.status, 200);
    stand.idp.answer(OKTA_KEYS, StatusCode::INTERNAL_SERVER_ERROR, String::new());
    stand.advance(60);
    assert_eq!(stand.get("/v1/apis").await.status, 200);
    stand.advance(240);
    assert_eq!(stand.get("/v1/apis").await.status, 503);
}

#[tokio::test]
async fn a_provider_that_does_not_listen_is_a_503_too() {
    let mut stand = Stand::with("{}").await;
    // Port 1 is never given to a test that asks for any free one.
    let endpoints = stand.endpoints.clone().with_idp_direct(&"http://127.0.0.1:1".parse().unwrap());
    let ids = understudy_scenarios::Ids::seeded(0);
    stand.portal = understudy_portal::router(stand.live.clone(), stand.clock.clone(), ids, endpoints);
    let answered = stand.get("/v1/apis").await;
    assert_eq!(answered.status, 503);
    assert!(answered.refusal().contains("efused"), "{}", answered.refusal());
}

#[tokio::test]
async fn a_provider_that_sends_elsewhere_is_not_followed() {
    let stand = Stand::with("{}").await;
    stand.idp.answer(OKTA_KEYS, StatusCode::TEMPORARY_REDIRECT, String::new());
    assert!(stand.get("/v1/apis").await.refusal().ends_with("the answer is 307 Temporary Redirect"));
}

#[tokio::test]
async fn a_key_for_encryption_checks_no_signature() {
    let stand = Stand::with("{}").await;
    stand.idp.serve(OKTA_KEYS, &[Signer::okta("okta-1").jwk("enc")]);
    assert_eq!(stand.get("/v1/apis").await.refusal(), "signed with an unknown key");
}
