//! A mock that is started anew.

use understudy::scenarios::{Restart, Server, Step, World};

use crate::raw::{Raw, ask, get, list, stage, token};

#[tokio::test]
async fn a_portal_that_is_restarted_closes_its_connections_and_forgets_the_keys() {
    let stage = stage().await;
    let token = token(&stage).await;
    let mut connection = Raw::connect(&stage, Server::Portal).await;
    connection.send(&get("/v1/apis", &token)).await;
    assert_eq!(connection.answer().await.status(), 200);
    let fetches = || stage.journal().exchanges().iter().filter(|exchange| exchange.is_by_the_gateway()).count();
    assert_eq!(fetches(), 1);
    stage.play(&Step::Restart(Restart::Portal)).await.unwrap();
    assert_eq!(connection.until_end().await.unwrap(), b"");
    assert_eq!(ask(&stage, Server::Portal, &get("/v1/apis", &token)).await.status(), 200);
    assert_eq!(fetches(), 2);
}

#[tokio::test]
async fn an_idp_that_is_restarted_keeps_its_keys_and_the_world() {
    let stage = stage().await;
    let token = token(&stage).await;
    stage.world().edit(|world| {
        let mut world = World::clone(world);
        world.portal.products.truncate(1);
        world
    });
    let connection = Raw::connect(&stage, Server::Idp).await;
    let keys = ask(&stage, Server::Idp, &get("/oauth2/default/v1/keys", "x")).await;
    stage.play(&Step::Restart(Restart::Idp)).await.unwrap();
    assert_eq!(connection.until_end().await.unwrap(), b"");
    assert_eq!(ask(&stage, Server::Idp, &get("/oauth2/default/v1/keys", "x")).await.body, keys.body);
    assert_eq!(ask(&stage, Server::Portal, &get("/v1/apis", &token)).await.status(), 200);
    assert_eq!(list(&stage).await.json().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_subject_is_not_the_stage_s_to_restart() {
    let refused = stage().await.play(&Step::Restart(Restart::Subject)).await.unwrap_err();
    assert!(refused.to_string().starts_with("`restart` is about a subject"));
}
