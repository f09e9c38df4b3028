//! Steps that change the world, played on a running stage and seen by whoever asks its mocks.

use jiff::Timestamp;
use understudy::scenarios::{Clock, Step};
use understudy::{Scenario, Stage};

/// A stage whose clock stands still in the middle of a second.
async fn stage() -> Stage {
    let clock = Clock::fixed("2026-06-01T12:00:00.25Z".parse().unwrap());
    Stage::builder(Scenario::find("quickstart").unwrap()).clock(clock).start().await.unwrap()
}

fn step(json: &str) -> Step {
    serde_json::from_str(json).unwrap()
}

async fn token(stage: &Stage) -> String {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let form = "grant_type=client_credentials&client_id=backstage&client_secret=backstage-dev-secret";
    let request = client.post(stage.issuer().unwrap().token_endpoint);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// The status of `GET /v1/apis` with a token, and why the portal turned it away.
async fn asked(stage: &Stage, token: &str) -> (u16, String) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mark = stage.journal().mark();
    let url = format!("{}/apis", stage.portal_server_url());
    let answer = client.get(url).bearer_auth(token).send().await.unwrap();
    let refusal = stage.journal().since(mark).iter().find_map(|exchange| exchange.note.refusal.clone());
    (answer.status().as_u16(), refusal.map(|refusal| refusal.0.into_owned()).unwrap_or_default())
}

#[tokio::test]
async fn a_change_is_played_as_one_generation_or_not_at_all() {
    let stage = stage().await;
    stage
        .play(&step(r#"{"change": {"removeProducts": ["tracks"], "grow": {"products": 2, "versionsEach": 1}}}"#))
        .await
        .unwrap();
    assert_eq!((stage.world().generation(), stage.world().current().world.portal.products.len()), (1, 3));
    let error = stage
        .play(&step(r#"{"change": {"removeVersions": ["petstore-v1"], "editProducts": [{"id": "petstor"}]}}"#))
        .await;
    insta::assert_snapshot!(error.unwrap_err(), @"`change.editProducts[0].id`: there is no product `petstor`: did you mean `petstore`? (the products: `petstore`, `generated-0001`, `generated-0002`)");
    assert_eq!(stage.world().generation(), 1);
}

#[tokio::test]
async fn a_revoked_token_is_refused_and_the_next_one_is_good_at_once() {
    let stage = stage().await;
    let old = token(&stage).await;
    assert_eq!(asked(&stage, &old).await.0, 200);
    stage.play(&step(r#"{"tokens": "revoke"}"#)).await.unwrap();
    assert_eq!(asked(&stage, &old).await, (401, "token revoked".to_owned()));
    assert_eq!(asked(&stage, &token(&stage).await).await.0, 200);
    assert_eq!(stage.clock().now(), "2026-06-01T12:00:01Z".parse::<Timestamp>().unwrap());
}

#[tokio::test]
async fn expiring_twice_at_once_ends_what_was_issued_between() {
    let stage = stage().await;
    stage.play(&step(r#"{"tokens": "expire"}"#)).await.unwrap();
    let between = token(&stage).await;
    stage.play(&step(r#"{"tokens": "expire"}"#)).await.unwrap();
    assert_eq!(asked(&stage, &between).await, (401, "token expired before its time".to_owned()));
    assert_eq!(asked(&stage, &token(&stage).await).await.0, 200);
}

#[tokio::test]
async fn by_the_systems_clock_too_the_next_token_is_good_at_once() {
    let stage = Stage::start(Scenario::find("quickstart").unwrap()).await.unwrap();
    for _ in 0..3 {
        let old = token(&stage).await;
        stage.play(&step(r#"{"tokens": "revoke"}"#)).await.unwrap();
        assert_eq!(asked(&stage, &old).await.0, 401);
        assert_eq!(asked(&stage, &token(&stage).await).await.0, 200);
    }
}

#[tokio::test]
async fn tokens_of_a_retired_key_are_good_until_the_portal_asks_for_keys_again() {
    let stage = stage().await;
    let old = token(&stage).await;
    assert_eq!(asked(&stage, &old).await.0, 200);
    stage.play(&step(r#"{"keys": {"rotate": "okta"}}"#)).await.unwrap();
    stage.play(&step(r#"{"keys": {"retire": "okta"}}"#)).await.unwrap();
    // The portal keeps keys for a while, as a gateway does; an unknown one makes it ask.
    assert_eq!(asked(&stage, &old).await.0, 200);
    assert_eq!(asked(&stage, &token(&stage).await).await.0, 200);
    assert_eq!(asked(&stage, &old).await, (401, "signed with an unknown key".to_owned()));
}

#[tokio::test]
async fn an_issuer_that_is_not_there_rotates_no_keys() {
    let error = stage().await.play(&step(r#"{"keys": {"rotate": "okat"}}"#)).await.unwrap_err();
    insta::assert_snapshot!(error, @"`keys.rotate`: there is no issuer `okat`: did you mean `okta`? (the issuers: `okta`, `okta-org`, `keycloak`)");
}

#[tokio::test]
async fn a_step_that_can_t_be_is_not_played() {
    let stage = stage().await;
    let error = stage.play(&step(r#"{"tokens": {"drop": ["epx"]}}"#)).await.unwrap_err().to_string();
    assert!(error.starts_with("`tokens.drop[0]`: no access token has the claim `epx`: did you mean `exp`?"), "{error}");
    assert_eq!(stage.world().generation(), 0);
}

#[tokio::test]
async fn an_opaque_token_gets_nobody_in() {
    let stage = stage().await;
    stage.play(&step(r#"{"tokens": {"opaque": true}}"#)).await.unwrap();
    assert_eq!(asked(&stage, &token(&stage).await).await, (401, "not a JWT but an opaque token".to_owned()));
}
