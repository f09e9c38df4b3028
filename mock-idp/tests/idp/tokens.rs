//! Keys that are rotated and retired, and tokens that are not what they should be.

use insta::assert_snapshot;
use understudy_scenarios::{KeyChange, Lapse, TokenChange};

use crate::app::{App, KEYCLOAK, OKTA, ORG, part};

const OKTA_KEYS: &str = "/oauth2/default/v1/keys";
const CERTS: &str = "/realms/gloo/protocol/openid-connect/certs";

impl App {
    fn rotate(&self, issuer: &str) {
        self.world.try_edit(|world| world.with_keys(&KeyChange::Rotate(issuer.to_owned()))).unwrap();
    }

    fn retire(&self, issuer: &str) {
        self.world.try_edit(|world| world.with_keys(&KeyChange::Retire(issuer.to_owned()))).unwrap();
    }

    fn tokens_are(&self, change: &TokenChange) {
        self.world.edit(|world| world.with_tokens(change, self.clock.now()));
    }

    async fn kids(&self, keys: &str) -> Vec<String> {
        let keys = self.get(keys).send().await.json()["keys"].clone();
        keys.as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }
}

async fn access_token(app: &App, endpoint: &str) -> String {
    app.client_credentials(endpoint, "").await.member("access_token")
}

#[tokio::test]
async fn after_a_rotation_both_keys_are_published_and_the_new_one_signs() {
    for (issuer, endpoint, keys) in [("okta", OKTA, OKTA_KEYS), ("keycloak", KEYCLOAK, CERTS)] {
        let app = App::new();
        let (old, before) = (access_token(&app, endpoint).await, app.kids(keys).await);
        app.rotate(issuer);
        let (new, after) = (access_token(&app, endpoint).await, app.kids(keys).await);
        assert_eq!((&after[..before.len()], after.len()), (&before[..], before.len() + 1), "{issuer}");
        assert!(part(&new, 0).contains(after.last().unwrap()), "{issuer}");
        assert_ne!(part(&old, 0), part(&new, 0));
        app.verified(keys, &old).await;
        app.verified(keys, &new).await;
    }
}

#[tokio::test]
async fn a_retired_key_is_published_no_more() {
    for (issuer, endpoint, keys) in [("okta", OKTA, OKTA_KEYS), ("keycloak", KEYCLOAK, CERTS)] {
        let app = App::new();
        let before = app.kids(keys).await;
        app.rotate(issuer);
        app.retire(issuer);
        let after = app.kids(keys).await;
        assert_eq!(after.len(), before.len());
        assert_ne!(after.last(), before.last());
        app.verified(keys, &access_token(&app, endpoint).await).await;
    }
}

#[tokio::test]
async fn keycloaks_encryption_key_stays_first_and_the_realms_page_shows_the_key_that_signs() {
    let app = App::new();
    let (first, page) = (app.kids(CERTS).await[0].clone(), app.get("/realms/gloo").send().await.member("public_key"));
    app.rotate("keycloak");
    let answer = app.get(CERTS).send().await;
    assert_eq!(answer.json()["keys"][0]["kid"], first);
    assert_eq!(answer.note.outcome.as_deref(), Some("3 keys"));
    assert_ne!(app.get("/realms/gloo").send().await.member("public_key"), page);
}

#[tokio::test]
async fn one_issuers_rotation_leaves_the_others_alone() {
    let app = App::new();
    let before = app.kids("/oauth2/v1/keys").await;
    app.rotate("okta");
    assert_eq!(app.kids("/oauth2/v1/keys").await, before);
    assert_eq!(app.get(OKTA_KEYS).send().await.note.outcome.as_deref(), Some("2 keys"));
    app.verified("/oauth2/v1/keys", &access_token(&app, ORG).await).await;
}

#[tokio::test]
async fn every_key_of_a_face_is_another_and_signs() {
    for (issuer, endpoint, keys) in [("okta", OKTA, OKTA_KEYS), ("keycloak", KEYCLOAK, CERTS)] {
        let app = App::new();
        let mut kids = Vec::new();
        for _ in 0..4 {
            app.verified(keys, &access_token(&app, endpoint).await).await;
            kids.push(app.kids(keys).await.pop().unwrap());
            app.rotate(issuer);
        }
        // Round again: the first key, beside the three before it.
        assert_eq!(app.kids(keys).await.pop().unwrap(), kids[0]);
        kids.sort();
        kids.dedup();
        assert_eq!(kids.len(), 4, "{issuer}");
    }
}

#[tokio::test]
async fn an_opaque_token_is_no_jwt_and_the_rest_of_the_answer_is_as_ever() {
    let app = App::new();
    app.tokens_are(&TokenChange::Opaque(true));
    for endpoint in [OKTA, ORG, KEYCLOAK] {
        let answer = app.client_credentials(endpoint, "").await;
        let token = answer.member("access_token");
        assert!(token.len() == 43 && !token.contains('.'), "{token}");
        assert_ne!(access_token(&app, endpoint).await, token, "each is another");
        assert_eq!(answer.member("token_type"), "Bearer");
    }
    app.tokens_are(&TokenChange::Opaque(false));
    app.verified(OKTA_KEYS, &access_token(&app, OKTA).await).await;
}

#[tokio::test]
async fn a_dropped_claim_is_gone_and_the_others_keep_the_vendors_order() {
    let app = App::new();
    app.tokens_are(&TokenChange::Drop(vec!["exp".to_owned(), "jti".to_owned(), "sub".to_owned()]));
    let claims = part(&access_token(&app, OKTA).await, 1);
    assert_snapshot!(claims, @r#"{"ver":1,"iss":"http://idp.test/oauth2/default","aud":"api://default","iat":1795521600,"cid":"backstage","scp":["portal"]}"#);
    let claims = part(&access_token(&app, KEYCLOAK).await, 1);
    assert!(
        claims.starts_with(
            r#"{"iat":1795521600,"iss":"http://idp.test/realms/gloo","aud":"account","typ":"Bearer","azp""#
        ),
        "{claims}"
    );
    app.verified(CERTS, &access_token(&app, KEYCLOAK).await).await;
}

#[tokio::test]
async fn only_access_tokens_lack_a_dropped_claim() {
    let app = App::new();
    app.tokens_are(&TokenChange::Drop(vec!["exp".to_owned()]));
    let answer = app.client_credentials(KEYCLOAK, "&scope=openid").await;
    assert!(part(&answer.member("id_token"), 1).starts_with(r#"{"exp":"#));
    assert!(part(&answer.member("access_token"), 1).starts_with(r#"{"iat":"#));
}

#[tokio::test]
async fn a_lifetime_holds_for_the_tokens_that_are_issued_next() {
    let app = App::new();
    app.tokens_are(&TokenChange::Lifetime(Lapse(jiff::SignedDuration::from_secs(7))));
    for (endpoint, keys) in [(OKTA, OKTA_KEYS), (KEYCLOAK, CERTS)] {
        let answer = app.client_credentials(endpoint, "").await;
        assert_eq!(answer.json()["expires_in"], 7);
        let claims = app.verified(keys, &answer.member("access_token")).await;
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 7);
    }
}
