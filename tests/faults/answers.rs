//! Faults that put something in place of the mock's answer, and how several come together.

use std::time::{Duration, Instant};

use insta::assert_snapshot;
use understudy::scenarios::{FaultKind, Server};

use crate::raw::{TOKEN_PATH, ask, fault, get, list, on_list, played, stage, token, token_request};

fn asked() -> String {
    token_request("backstage", "backstage-dev-secret")
}

#[tokio::test]
async fn a_status_is_said_in_the_words_of_whoever_is_asked() {
    let stage = stage().await;
    let _fault = stage.fault(fault("{does: {status: 503}}")).unwrap();
    let portal = ask(&stage, Server::Portal, &get("/v1/apis", "x")).await;
    let text = format!("{}\n\n{}", portal.head, portal.text()).replace('\r', "");
    insta::with_settings!({filters => [("date: .*", "date: [date]")].to_vec()}, {
        assert_snapshot!(text, @r#"
        HTTP/1.1 503 Service Unavailable
        content-type: application/json
        content-length: 33
        date: [date]

        {"message":"Service Unavailable"}
        "#);
    });
    let okta = ask(&stage, Server::Idp, &asked()).await;
    assert_eq!((okta.status(), okta.text()), (503, r#"{"error":"Service Unavailable"}"#));
    let keycloak = ask(&stage, Server::Idp, &get("/realms/gloo/protocol/openid-connect/certs", "x")).await;
    assert_eq!((keycloak.status(), keycloak.text()), (503, r#"{"error":"HTTP 503 Service Unavailable"}"#));
}

#[tokio::test]
async fn a_status_has_the_body_and_the_headers_that_it_is_given() {
    let stage = stage().await;
    let yaml = "{does: {status: {code: 429, body: 'slow down', headers: {Retry-After: '7', Content-Type: text/x}}}}";
    let _fault = stage.fault(fault(yaml)).unwrap();
    let answer = ask(&stage, Server::Portal, &get("/v1/apis", "x")).await;
    assert_eq!((answer.status(), answer.text()), (429, "slow down"));
    assert_eq!((answer.header("retry-after"), answer.header("content-type")), (Some("7"), Some("text/x")));
}

#[tokio::test]
async fn a_vendor_s_error_comes_by_its_name() {
    let stage = stage().await;
    let _fault = stage.fault(fault("{server: idp, does: {status: {code: 401, error: keycloak-unauthorized-client}}}"));
    let answer = ask(&stage, Server::Idp, &asked()).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.json()["error"], "unauthorized_client");
    drop(_fault);
    let _fault = stage.fault(fault("{server: portal, does: {status: {code: 503, error: envoy-no-upstream}}}"));
    let answer = ask(&stage, Server::Portal, &get("/v1/apis", "x")).await;
    assert_eq!((answer.status(), answer.text()), (503, "no healthy upstream"));
    assert_eq!((answer.header("server"), answer.header("content-type")), (Some("envoy"), Some("text/plain")));
}

#[tokio::test]
async fn a_page_of_html_comes_with_200() {
    let stage = stage().await;
    let _fault = stage.fault(on_list(FaultKind::Html)).unwrap();
    let answer = list(&stage).await;
    assert_eq!((answer.status(), answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(answer.text().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn a_redirect_leads_to_itself_or_elsewhere() {
    let stage = stage().await;
    let own = stage.fault(fault("{path: /v1/apis, does: {redirect: {}}}")).unwrap();
    let answer = ask(&stage, Server::Portal, &get("/v1/apis?page=2", "x")).await;
    assert_eq!((answer.status(), answer.header("location")), (302, Some("/v1/apis?page=2")));
    drop(own);
    let _fault = stage.fault(fault("{does: {redirect: {to: 'http://localhost:1/v1/apis', code: 308}}}")).unwrap();
    let answer = ask(&stage, Server::Portal, &get("/v1/apis", "x")).await;
    assert_eq!((answer.status(), answer.header("location")), (308, Some("http://localhost:1/v1/apis")));
}

#[tokio::test]
async fn latencies_add_up_and_the_answer_stays_as_it_is() {
    let stage = stage().await;
    let good = list(&stage).await;
    for name in ["one", "other"] {
        let yaml = format!("{{name: {name}, path: /v1/apis, does: {{latency: {{by: 30ms}}}}}}");
        let _ = stage.faults().inject(fault(&yaml)).unwrap();
    }
    let request = get("/v1/apis", &token(&stage).await);
    let started = Instant::now();
    let late = ask(&stage, Server::Portal, &request).await;
    assert!(started.elapsed() >= Duration::from_millis(60));
    assert_eq!(late.body, good.body);
    assert_eq!(played(&stage, "/v1/apis"), ["one", "other"]);
}

#[tokio::test]
async fn a_request_that_is_given_up_in_the_meantime_is_taken_down_without_an_answer() {
    let stage = stage().await;
    let _fault = stage.fault(fault("{path: /v1/apis, does: {latency: {by: 1h}}}")).unwrap();
    let mut connection = crate::raw::Raw::connect(&stage, Server::Portal).await;
    connection.send(&get("/v1/apis", "x")).await;
    let mut newest = stage.journal().subscribe();
    while stage.faults().active()[0].played() == 0 {
        tokio::task::yield_now().await;
    }
    drop(connection);
    newest.changed().await.unwrap();
    assert_eq!(stage.journal().exchanges()[0].status, None);
    assert_eq!(played(&stage, "/v1/apis"), ["latency"]);
}

#[tokio::test]
async fn of_two_that_answer_the_first_does_and_its_body_can_be_spoilt() {
    let stage = stage().await;
    let first = stage.fault(fault("{name: first, path: /v1/apis, does: {status: 500}}")).unwrap();
    let _second = stage.fault(fault("{name: second, path: /v1/apis, does: html}")).unwrap();
    let _third = stage.fault(fault("{name: third, path: /v1/apis, does: malformed-json}")).unwrap();
    let answer = list(&stage).await;
    assert_eq!((answer.status(), answer.text()), (500, r#"{"message"::"Internal Server Error"}"#));
    assert_eq!(played(&stage, "/v1/apis"), ["first", "third"]);
    drop(first);
    assert_eq!(list(&stage).await.status(), 200);
    assert_eq!(played(&stage, "/v1/apis"), ["second"]);
}

#[tokio::test]
async fn a_fault_at_the_token_endpoint_hits_nothing_else() {
    let stage = stage().await;
    let yaml = format!("{{server: idp, method: post, path: {TOKEN_PATH}, does: {{status: 500}}}}");
    let _fault = stage.fault(fault(&yaml)).unwrap();
    let answer = ask(&stage, Server::Idp, &asked()).await;
    assert_eq!((answer.status(), answer.json()["errorCode"].as_str()), (500, Some("E0000009")));
    assert_eq!(ask(&stage, Server::Idp, &get("/oauth2/default/v1/keys", "x")).await.status(), 200);
    assert_eq!(ask(&stage, Server::Idp, &get(TOKEN_PATH, "x")).await.status(), 405);
}
