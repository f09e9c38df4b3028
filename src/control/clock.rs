//! The stage's time: told and moved.

use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use understudy_scenarios::{ClockMove, Step};
use utoipa::ToSchema;

use super::answer::{Answer, Done};
use super::body::Read;
use super::refusal::Refusal;
use crate::stage::Controls;

/// The stage's clock.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClockFace {
    /// Its time now.
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
}

/// Tells the time by the stage's clock.
#[utoipa::path(
    get, path = "/clock", operation_id = "showClock", tag = "clock",
    responses((status = 200, description = "The time.", body = ClockFace)),
)]
pub(super) async fn show(State(controls): State<Controls>) -> Answer<ClockFace> {
    Answer(ClockFace { now: controls.clock().now() })
}

/// Moves the stage's clock, stops it, or lets it run.
#[utoipa::path(
    post, path = "/clock", operation_id = "moveClock", tag = "clock",
    request_body(content = ref("#/components/schemas/ClockMove"), content_type = "application/json"),
    responses((status = 200, description = "It is moved.", body = Done)),
)]
pub(super) async fn turn(
    State(controls): State<Controls>,
    Read(clock): Read<ClockMove>,
) -> Result<Answer<Done>, Refusal> {
    super::steps::done(&controls, Step::Clock(clock)).await
}
