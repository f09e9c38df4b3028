//! The world changes under a portal that serves.

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
