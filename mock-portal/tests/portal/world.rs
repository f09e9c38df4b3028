//! The world changes under a portal that serves.

use std::sync::Arc;

use http::Request;
use understudy_portal::Shown;

use crate::stand::{Stand, world};

#[tokio::test]
async fn a_change_of_products_asks_for_no_new_keys() {
    let stand = Stand::with("{}").await;
    stand.get("/v1/apis").await;
    stand.live.replace(world("{products: [{id: tracks, versions: [{name: v1}]}]}"));
    assert_eq!(stand.get("/v1/apis/tracks-v1/schema").await.status, 200);
    assert_eq!(stand.idp.asked(), 1);
}

#[tokio::test]
async fn an_issuer_that_is_trusted_no_longer_lets_nobody_in() {
    let stand = Stand::with("{}").await;
    let token = stand.token();
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
    stand.live.replace(world("{auth: {issuers: [keycloak]}}"));
    let answered = stand.get_with("/v1/apis", &token).await;
    assert_eq!(answered.status, 401);
    assert_eq!(
        answered.refusal(),
        "issuer http://idp.test/oauth2/default is not trusted (trusted: http://idp.test/realms/gloo)"
    );
}

#[tokio::test]
async fn an_audience_that_is_asked_for_from_now_on_counts_for_a_remembered_token() {
    let stand = Stand::with("{}").await;
    let token = stand.token();
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
    stand.live.replace(world("{auth: {audience: 'api://portal'}}"));
    assert_eq!(stand.get_with("/v1/apis", &token).await.refusal(), "audience api://default is not api://portal");
}

#[tokio::test]
async fn a_request_is_answered_from_the_world_that_it_is_shown_and_let_in_by_the_live_one() {
    let stand = Stand::with("{}").await;
    let shown =
        Shown(Arc::new(world("{auth: {issuers: [keycloak]}, products: [{id: tracks, versions: [{name: v1}]}]}")));
    let request = |token: &str| {
        let request = Request::get("/v1/apis/tracks-v1/schema").header("Authorization", format!("Bearer {token}"));
        request.extension(shown.clone())
    };
    assert_eq!(stand.get("/v1/apis/tracks-v1/schema").await.status, 404);
    assert_eq!(stand.send(request(&stand.token())).await.status, 200);
    assert_eq!(stand.send(request("x")).await.status, 401);
    assert_eq!(stand.get("/v1/apis/tracks-v1/schema").await.status, 404);
}
