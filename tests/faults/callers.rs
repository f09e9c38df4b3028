//! Faults for one caller: told by HTTP Basic, a form or a token; and the portal itself, which is left out.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use understudy::scenarios::Server;

use crate::raw::{TOKEN_PATH, ask, fault, get, list, played, stage, token, token_request};

#[tokio::test]
async fn a_form_tells_its_client_and_comes_whole_to_the_mock() {
    let stage = stage().await;
    let _fault = stage.fault(fault("{caller: somebody, does: {status: 500}}")).unwrap();
    assert_eq!(ask(&stage, Server::Idp, &token_request("backstage", "backstage-dev-secret")).await.status(), 200);
    assert_eq!(ask(&stage, Server::Idp, &token_request("somebody", "x")).await.status(), 500);
    assert_eq!(stage.journal().exchanges().last().unwrap().note.caller.as_deref(), Some("somebody"));
}

#[tokio::test]
async fn a_form_too_long_to_be_read_comes_whole_to_the_mock() {
    let stage = stage().await;
    let _fault = stage.fault(fault("{caller: backstage, does: {status: 500}}")).unwrap();
    let long = token_request("backstage", &"x".repeat(200 * 1024));
    assert_eq!(ask(&stage, Server::Idp, &long).await.status(), 413);
}

#[tokio::test]
async fn basic_tells_its_client() {
    let stage = stage().await;
    let request = |credentials: &str| {
        let credentials = BASE64_STANDARD.encode(credentials);
        format!(
            "POST {TOKEN_PATH} HTTP/1.1\r\nHost: idp\r\nAuthorization: Basic {credentials}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 29\r\n\r\ngrant_type=client_credentials"
        )
    };
    let _fault = stage.fault(fault("{caller: backstage, does: {status: 500}}")).unwrap();
    assert_eq!(ask(&stage, Server::Idp, &request("backstage:backstage-dev-secret")).await.status(), 500);
    assert_eq!(ask(&stage, Server::Idp, &request("somebody:x")).await.status(), 400);
}

#[tokio::test]
async fn a_token_tells_its_client() {
    let stage = stage().await;
    let token = token(&stage).await;
    let request = get("/v1/apis", &token);
    let other = stage.fault(fault("{server: portal, caller: somebody, does: {status: 500}}")).unwrap();
    assert_eq!(ask(&stage, Server::Portal, &request).await.status(), 200);
    assert_eq!(other.played(), 0);
    let _fault = stage.fault(fault("{server: portal, caller: backstage, does: {status: 500}}")).unwrap();
    assert_eq!(ask(&stage, Server::Portal, &request).await.status(), 500);
    assert_eq!(ask(&stage, Server::Portal, &get("/v1/apis", "opaque")).await.status(), 401);
}

#[tokio::test]
async fn the_portal_s_own_requests_are_left_out_unless_they_are_named() {
    let stage = stage().await;
    let keys = "/oauth2/default/v1/keys";
    let all = stage.fault(fault("{server: idp, path: /oauth2/default/v1/keys, does: {status: 500}}")).unwrap();
    assert_eq!(list(&stage).await.status(), 200);
    let exchanges = stage.journal().exchanges();
    let fetch = exchanges.iter().find(|exchange| exchange.path == keys).unwrap();
    assert!(fetch.is_by_the_gateway() && fetch.faults.is_empty());
    assert_eq!(ask(&stage, Server::Idp, &get(keys, "x")).await.status(), 500);
    drop(all);

    let stage = crate::raw::stage().await;
    let _fault = stage.fault(fault("{name: blind, server: idp, caller: gateway, does: {status: 500}}")).unwrap();
    assert_eq!(list(&stage).await.status(), 503);
    assert_eq!(played(&stage, keys), ["blind"]);
    assert_eq!(ask(&stage, Server::Idp, &get(keys, "x")).await.status(), 200);
}
