//! When a fault hits, and how it ends.

use std::io;

use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpStream;
use understudy::scenarios::{Clock, Server};
use understudy::{Scenario, Stage};

use crate::raw::{Raw, address, ask, fault, get, stage};

async fn statuses(stage: &Stage, requests: usize) -> Vec<u16> {
    let mut connection = Raw::connect(stage, Server::Portal).await;
    let mut statuses = Vec::new();
    for _ in 0..requests {
        connection.send(&get("/v1/apis", "x")).await;
        statuses.push(connection.answer().await.status());
    }
    statuses
}

async fn frozen() -> Stage {
    let clock = Clock::fixed("2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap());
    Stage::builder(Scenario::find("quickstart").unwrap()).clock(clock).start().await.unwrap()
}

#[tokio::test]
async fn the_nth_and_every_nth_are_hit() {
    let stage = stage().await;
    let _nth = stage.fault(fault("{does: {status: 500}, when: {nth: 2}}")).unwrap();
    let _every = stage.fault(fault("{does: {status: 502}, when: {every: 3}}")).unwrap();
    assert_eq!(statuses(&stage, 6).await, [401, 500, 502, 401, 401, 502]);
}

#[tokio::test]
async fn the_first_three_are_three_of_many_at_once() {
    let stage = stage().await;
    let first = stage.fault(fault("{does: {status: 500}, when: {first: 3}}")).unwrap();
    let request = get("/v1/apis", "x");
    let asks = (0..24).map(|_| ask(&stage, Server::Portal, &request));
    let mut hits = 0;
    let mut asks: Vec<_> = asks.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        asks.retain_mut(|ask| match ask.as_mut().poll(context) {
            std::task::Poll::Ready(answer) => {
                hits += usize::from(answer.status() == 500);
                false
            }
            std::task::Poll::Pending => true,
        });
        if asks.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    assert_eq!((hits, first.played()), (3, 3));
}

#[tokio::test]
async fn a_probability_of_nothing_hits_nothing_and_draws_are_the_same_with_the_same_seed() {
    let mut runs = Vec::new();
    for probability in ["0", "0.5", "0.5", "1"] {
        let stage = stage().await;
        let yaml = format!("{{does: {{status: 500}}, when: {{probability: {probability}, seed: 7}}}}");
        let _fault = stage.fault(fault(&yaml)).unwrap();
        runs.push(statuses(&stage, 40).await);
    }
    assert!(runs[0].iter().all(|status| *status == 401));
    assert_eq!(runs[1], runs[2]);
    assert!(runs[1].contains(&401) && runs[1].contains(&500));
    assert!(runs[3].iter().all(|status| *status == 500));
}

#[tokio::test]
async fn a_window_is_told_by_the_stage_s_clock() {
    let stage = frozen().await;
    let _fault = stage.fault(fault("{does: {status: 500}, when: {from: 1m, until: 2m}}")).unwrap();
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.extend(statuses(&stage, 1).await);
        stage.clock().advance(SignedDuration::from_mins(1));
    }
    assert_eq!(seen, [401, 500, 401]);
}

#[tokio::test]
async fn a_port_refuses_in_its_window() {
    let stage = frozen().await;
    let portal = address(&stage, Server::Portal);
    let _fault = stage.fault(fault("{server: portal, does: refuse, when: {from: 1m, until: 2m}}")).unwrap();
    assert!(TcpStream::connect(portal).await.is_ok());
    let advance = understudy::scenarios::Step::Clock(understudy::scenarios::ClockMove::Advance(
        SignedDuration::from_mins(1).into(),
    ));
    stage.play(&advance).await.unwrap();
    assert_eq!(TcpStream::connect(portal).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    stage.play(&advance).await.unwrap();
    assert!(TcpStream::connect(portal).await.is_ok());
}

#[tokio::test]
async fn a_running_clock_opens_the_window_of_a_port_that_refuses_by_itself() {
    let stage = stage().await;
    let portal = address(&stage, Server::Portal);
    let mut waiting = Raw::connect(&stage, Server::Portal).await;
    waiting.send(&get("/v1/apis", "x")).await;
    assert_eq!(waiting.answer().await.status(), 401);
    let _fault = stage.fault(fault("{server: portal, does: refuse, when: {from: 20ms}}")).unwrap();
    // It can't but end: once refused, the connection is closed.
    assert_eq!(waiting.until_end().await.unwrap(), b"");
    assert!(TcpStream::connect(portal).await.is_err());
}

#[tokio::test]
async fn a_fault_is_gone_after_its_time_to_live() {
    let stage = stage().await;
    let portal = address(&stage, Server::Portal);
    let id = stage.faults().inject(fault("{does: refuse, timeToLive: 1s}")).unwrap();
    assert_eq!(TcpStream::connect(portal).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    while TcpStream::connect(portal).await.is_err() {
        tokio::task::yield_now().await;
    }
    assert!(stage.faults().active().is_empty());
    assert!(!stage.faults().lift_id(id));
}

#[tokio::test]
async fn faults_are_lifted_by_name_all_at_once_and_by_their_guard() {
    let stage = stage().await;
    for name in ["a", "a", "b", "c"] {
        let _ = stage.faults().inject(fault(&format!("{{name: {name}, does: html}}"))).unwrap();
    }
    assert_eq!(stage.faults().lift("a"), 2);
    assert_eq!(stage.faults().lift("nothing"), 0);
    assert_eq!(stage.faults().lift("all"), 2);
    let guard = stage.fault(fault("{does: html}")).unwrap();
    assert_eq!(stage.faults().active().len(), 1);
    guard.lift();
    let kept = stage.fault(fault("{does: html}")).unwrap().keep();
    assert_eq!(stage.faults().active()[0].id, kept);
}

#[tokio::test]
async fn a_quota_is_used_up_and_comes_back_as_the_clock_moves() {
    let stage = frozen().await;
    let _fault = stage.fault(fault("{server: portal, does: {rate-limit: {requests: 2, per: minute}}}")).unwrap();
    stage.clock().advance(SignedDuration::from_secs(18));
    assert_eq!(statuses(&stage, 3).await, [401, 401, 429]);
    let limited = ask(&stage, Server::Portal, &get("/v1/apis", "x")).await;
    assert_eq!((limited.header("retry-after"), limited.text()), (Some("42"), r#"{"message":"Too Many Requests"}"#));
    stage.clock().advance(SignedDuration::from_secs(41));
    assert_eq!(statuses(&stage, 1).await, [429]);
    stage.clock().advance(SignedDuration::from_secs(1));
    assert_eq!(statuses(&stage, 3).await, [401, 401, 429]);
}

#[tokio::test]
async fn what_can_t_be_played_is_refused_and_changes_nothing() {
    let stage = stage().await;
    let tls = understudy::scenarios::Step::Fault(Box::new(fault("{does: {tls: expired}}")));
    let refused = stage.play(&tls).await.unwrap_err();
    assert_eq!(refused.to_string(), "this stage serves no TLS, so there is no certificate for `tls` to spoil");
    assert!(stage.fault(fault("{does: refuse, path: /v1/apis}")).is_err());
    assert!(stage.faults().active().is_empty());
}
