//! The stage's clock, moved and skewed while it runs.

use jiff::{SignedDuration, Timestamp};
use understudy::Stage;
use understudy::scenarios::{ClockMove, Server, Skew, Step, TokenChange};

use crate::raw::{ask, get, list, stage, token};

async fn play(stage: &Stage, to: ClockMove) {
    stage.play(&Step::Clock(to)).await.unwrap();
}

fn hours(hours: i64) -> understudy::scenarios::Lapse {
    SignedDuration::from_hours(hours).into()
}

async fn status(stage: &Stage, token: &str) -> u16 {
    ask(stage, Server::Portal, &get("/v1/apis", token)).await.status()
}

#[tokio::test]
async fn a_clock_that_is_advanced_ends_a_token() {
    let stage = stage().await;
    let token = token(&stage).await;
    assert_eq!(status(&stage, &token).await, 200);
    play(&stage, ClockMove::Advance(hours(2))).await;
    assert_eq!(status(&stage, &token).await, 401);
    play(&stage, ClockMove::Advance(hours(-2))).await;
    assert_eq!(status(&stage, &token).await, 200);
}

#[tokio::test]
async fn a_clock_is_frozen_set_and_goes_on() {
    let stage = stage().await;
    let then: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    play(&stage, ClockMove::Freeze).await;
    play(&stage, ClockMove::Set(then)).await;
    list(&stage).await;
    let exchanges = stage.journal().exchanges();
    assert!(exchanges.iter().all(|exchange| exchange.at == then));
    play(&stage, ClockMove::Run).await;
    while stage.clock().now() == then {
        tokio::task::yield_now().await;
    }
    assert!(stage.clock().now() < then + SignedDuration::from_hours(1));
}

#[tokio::test]
async fn a_portal_whose_clock_is_ahead_finds_every_token_expired_and_the_stage_s_time_stays() {
    let stage = stage().await;
    let skew = |hours_ahead| ClockMove::Skew(Skew { server: Server::Portal, by: hours(hours_ahead) });
    play(&stage, skew(2)).await;
    let token = token(&stage).await;
    assert_eq!(status(&stage, &token).await, 401);
    let exchanges = stage.journal().exchanges();
    let refused = exchanges.last().unwrap();
    assert!(refused.note.refusal.as_ref().unwrap().0.starts_with("token expired"));
    assert!(stage.clock().now().duration_since(refused.at) < SignedDuration::from_mins(5));
    play(&stage, skew(0)).await;
    assert_eq!(status(&stage, &token).await, 200);
}

#[tokio::test]
async fn an_idp_whose_clock_is_behind_issues_tokens_that_have_ended() {
    let stage = stage().await;
    play(&stage, ClockMove::Skew(Skew { server: Server::Idp, by: hours(-2) })).await;
    assert_eq!(status(&stage, &token(&stage).await).await, 401);
}

#[tokio::test]
async fn tokens_of_an_idp_whose_clock_is_ahead_can_be_revoked() {
    let stage = stage().await;
    play(&stage, ClockMove::Skew(Skew { server: Server::Idp, by: hours(1) })).await;
    play(&stage, ClockMove::Skew(Skew { server: Server::Portal, by: hours(1) })).await;
    let before = token(&stage).await;
    assert_eq!(status(&stage, &before).await, 200);
    stage.play(&Step::Tokens(TokenChange::Revoke)).await.unwrap();
    assert_eq!(status(&stage, &before).await, 401);
    assert_eq!(status(&stage, &token(&stage).await).await, 200);
}

#[tokio::test]
async fn a_reset_sets_the_clocks_right_and_lets_them_run() {
    let stage = stage().await;
    play(&stage, ClockMove::Freeze).await;
    play(&stage, ClockMove::Advance(hours(48))).await;
    play(&stage, ClockMove::Skew(Skew { server: Server::Portal, by: hours(2) })).await;
    stage.controls().reset();
    assert!(!stage.clock().is_frozen());
    let away = stage.clock().now().duration_since(understudy::scenarios::Clock::system().now());
    assert!(away.abs() < SignedDuration::from_mins(1), "{away}");
    assert_eq!(status(&stage, &token(&stage).await).await, 200);
}
