//! A provider that keeps syncing: when it syncs, what it tells, and how it ends.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use understudy_provider::{Progress, Provider, Running, Schedule, SyncResult};

use crate::support::{Canned, HandClock, Reply, Server, html, json};

const LIST: &str = r#"[{"apiProductId": "p", "apiVersions": [{"apiId": "a", "openapiSpec": {"openapi": "3.0.0"}}]}]"#;

fn start(server: &Server, clock: &Arc<HandClock>, timeout: Duration) -> Running {
    let mut schedule = Schedule::default();
    schedule.timeout = timeout;
    let clock: Arc<HandClock> = Arc::clone(clock);
    Running::start(Provider::with_clock(server.config(), clock.clone()).unwrap(), schedule, clock)
}

/// What has come of it once so many syncs have ended.
async fn after(progress: &mut watch::Receiver<Progress>, syncs: u64) -> Progress {
    progress.wait_for(|progress| progress.count() >= syncs).await.unwrap().clone()
}

#[tokio::test]
async fn it_syncs_at_once_and_again_when_the_clock_says_so() {
    let (server, clock) = (Canned::new().mesh(LIST).start().await, HandClock::new());
    let running = start(&server, &clock, Duration::from_secs(30));
    let mut progress = running.progress();
    let first = after(&mut progress, 1).await;
    assert_eq!(first.outcome.unwrap().mutation.entities().count(), 4);
    assert_eq!(first.failure, None);
    let wait = first.wait.unwrap();
    assert!(wait >= Duration::from_secs(270) && wait <= Duration::from_secs(330), "{wait:?}");
    clock.advance(331);
    let second = after(&mut progress, 2).await;
    assert_eq!(second.syncs[&SyncResult::Good], 2);
    running.end().await;
    assert_eq!(server.lines().iter().filter(|line| *line == "GET /v1/apis").count(), 2);
}

#[tokio::test]
async fn the_last_good_outcome_stays_while_syncs_fail_and_they_are_repeated_sooner() {
    let server = Canned::new().mesh(LIST).then("GET /v1/apis", html(502)).start().await;
    let clock = HandClock::new();
    let running = start(&server, &clock, Duration::from_secs(30));
    let mut progress = running.progress();
    after(&mut progress, 1).await;
    clock.advance(331);
    let failed = after(&mut progress, 2).await;
    assert_eq!(failed.outcome.unwrap().mutation.entities().count(), 4);
    assert_eq!(failed.failure.unwrap().result, SyncResult::Invalid);
    assert!(failed.succeeded_at.unwrap() < failed.ended_at.unwrap());
    assert!(failed.wait.unwrap() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_sync_that_takes_too_long_is_given_up_and_told_and_none_overlaps_it() {
    let server = Canned::new().on("GET /v1/apis", Reply::Silence).then("GET /v1/apis", json(LIST)).start().await;
    let clock = HandClock::new();
    let running = start(&server, &clock, Duration::from_millis(100));
    let mut progress = running.progress();
    let told = after(&mut progress, 1).await;
    let failure = told.failure.unwrap();
    assert_eq!(failure.result, SyncResult::TimedOut);
    insta::assert_snapshot!(server.hide_port(&failure.message), @"the sync of http://127.0.0.1:PORT/v1 was not done within 100ms and was given up; where the portal needs longer, raise the sync timeout");
    clock.advance(2);
    assert!(after(&mut progress, 2).await.outcome.is_some());
}

#[tokio::test]
async fn it_ends_though_a_sync_is_under_way() {
    let server = Canned::new().on("GET /v1/apis", Reply::Silence).start().await;
    let running = start(&server, &HandClock::new(), Duration::from_secs(3600));
    while !server.lines().iter().any(|line| line == "GET /v1/apis") {
        tokio::task::yield_now().await;
    }
    let mut progress = running.progress();
    running.end().await;
    assert!(progress.changed().await.is_err(), "nothing more is published");
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_keep_the_next_sync_away() {
    let (server, clock) = (Canned::new().mesh(LIST).start().await, HandClock::new());
    let mut schedule = Schedule::default();
    schedule.frequency = Duration::from_millis(200);
    let provider = Provider::with_clock(server.config(), clock.clone()).unwrap();
    let running = Running::start(provider, schedule, clock.clone());
    let mut progress = running.progress();
    after(&mut progress, 1).await;
    clock.set_back(3600);
    after(&mut progress, 2).await;
}
