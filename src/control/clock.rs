//! The stage's time: told and moved.

use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use understudy_scenarios::{ClockMove, Lapse, Server, Step};
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
    /// Whether it stands still.
    frozen: bool,
    /// How far each mock's clock is before it, or behind it with a minus.
    skew: Skews,
}

/// How far each mock's clock is before the stage's, such as `5m` or `-2h`.
#[derive(Debug, Serialize, ToSchema)]
struct Skews {
    #[schema(value_type = String)]
    portal: Lapse,
    #[schema(value_type = String)]
    idp: Lapse,
}

/// Tells the time by the stage's clock.
#[utoipa::path(
    get, path = "/clock", operation_id = "showClock", tag = "clock",
    responses((status = 200, description = "The time.", body = ClockFace)),
)]
pub(super) async fn show(State(controls): State<Controls>) -> Answer<ClockFace> {
    let clock = controls.clock();
    let skew = |server| Lapse::from(controls.skew(server));
    let skew = Skews { portal: skew(Server::Portal), idp: skew(Server::Idp) };
    Answer(ClockFace { now: clock.now(), frozen: clock.is_frozen(), skew })
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
