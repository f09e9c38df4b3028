//! Tokens that are turned away though they are signed and not over.

use insta::assert_snapshot;
use serde_json::json;
use understudy_scenarios::TokenChange;

use crate::stand::Stand;

impl Stand {
    fn tokens(&self, change: &TokenChange) {
        let now = self.now();
        self.live.edit(|world| world.with_tokens(change, now));
    }
}

#[tokio::test]
async fn a_revoked_token_is_refused_though_it_was_let_in_before() {
    let stand = Stand::with("{}").await;
    let token = stand.token();
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
    stand.tokens(&TokenChange::Revoke);
    let answered = stand.get_with("/v1/apis", &token).await;
    assert_snapshot!(answered, @r#"
    401 Unauthorized
    content-type: application/json
    www-authenticate: Bearer realm="gloo-portal", error="invalid_token", error_description="The token was revoked"

    {
      "message": "Unauthorized"
    }
    "#);
    assert_eq!(answered.refusal(), "token revoked");
}

#[tokio::test]
async fn a_token_that_is_made_to_expire_is_refused_as_expired() {
    let stand = Stand::with("{}").await;
    let token = stand.token();
    stand.tokens(&TokenChange::Expire);
    let answered = stand.get_with("/v1/apis", &token).await;
    assert_eq!(answered.status, 401);
    assert!(answered.header("www-authenticate").contains("The token has expired"));
    assert_eq!(answered.refusal(), "token expired before its time");
}

#[tokio::test]
async fn a_token_that_is_issued_in_a_later_second_is_let_in() {
    let stand = Stand::with("{}").await;
    stand.tokens(&TokenChange::Revoke);
    assert_eq!(stand.get("/v1/apis").await.refusal(), "token revoked");
    stand.advance(1);
    assert_eq!(stand.get("/v1/apis").await.status, 200);
}

#[tokio::test]
async fn a_token_that_does_not_tell_when_it_was_issued_is_refused_from_then_on() {
    let stand = Stand::with("{}").await;
    let token = stand.token_with(json!({"iat": null}));
    assert_eq!(stand.get_with("/v1/apis", &token).await.status, 200);
    stand.tokens(&TokenChange::Revoke);
    assert_eq!(stand.get_with("/v1/apis", &token).await.refusal(), "token revoked");
}

#[tokio::test]
async fn an_opaque_token_is_refused_as_no_jwt() {
    let stand = Stand::with("{}").await;
    let answered = stand.get_with("/v1/apis", "kZx3Q0c_V3b-2l9aXyTnW8r7mJ5dHfGs4pLoKiUjYtR").await;
    assert_eq!((answered.status.as_u16(), answered.refusal()), (401, "not a JWT but an opaque token"));
    assert!(answered.header("www-authenticate").contains("The token is malformed"));
}
