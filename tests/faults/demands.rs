//! What a test demands of the requests, and hears when it is not met.

use std::panic::AssertUnwindSafe;

use understudy::scenarios::{Lapse, RequestWish, Server};

use crate::raw::{ask, get, list, stage};

fn lists() -> RequestWish {
    RequestWish { path: Some("/v1/apis".to_owned()), ..RequestWish::to(Server::Portal) }
}

#[tokio::test]
async fn a_demand_that_is_met_says_nothing() {
    let stage = stage().await;
    stage.verify(lists());
    stage.verify(RequestWish { at_most: Some(1), at_least: Some(1), ..lists() });
    assert!(stage.check().is_err());
    list(&stage).await;
    stage.check().unwrap();
}

#[tokio::test]
async fn an_unmet_demand_tells_the_requests_that_came() {
    let stage = stage().await;
    ask(&stage, Server::Portal, &get("/v1/early", "x")).await;
    stage.verify(RequestWish { at_most: Some(0), ..lists() });
    stage.verify(RequestWish { at_least: Some(2), path: Some("/v1/me".to_owned()), ..lists() });
    stage.verify(RequestWish { not_before: Some(Lapse(jiff::SignedDuration::from_mins(1))), ..lists() });
    let _fault = stage.fault(crate::raw::fault("{does: {status: 500}}")).unwrap();
    ask(&stage, Server::Portal, &get("/v1/apis", "x")).await;
    let panicked = std::panic::catch_unwind(AssertUnwindSafe(|| drop(stage))).unwrap_err();
    let message = panicked.downcast::<String>().unwrap();
    insta::with_settings!({filters => [(r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "[time]")].to_vec()}, {
        insta::assert_snapshot!(message, @"
        of what was demanded of the requests, this does not hold:
          request for /v1/apis to the portal: at most 0 may come, 1 came
          request for /v1/me to the portal: at least 2 must come, 0 came
          request for /v1/apis to the portal: none may come before [time], one came at [time]
        the requests that came:
          2 portal GET /v1/apis 500 fault:status
        ");
    });
}

#[tokio::test]
async fn a_count_that_nobody_can_tell_any_more_is_not_met() {
    let stage = stage().await;
    stage.verify(RequestWish { at_most: Some(5), ..lists() });
    list(&stage).await;
    stage.journal().clear();
    let unmet = stage.check().unwrap_err().to_string();
    assert!(unmet.contains("nobody can tell"), "{unmet}");
    std::panic::catch_unwind(AssertUnwindSafe(|| drop(stage))).unwrap_err();
}
