//! Steps of a scenario, played one by one.

use axum::extract::State;
use understudy_scenarios::{KeyChange, Restart, Step, TokenChange};

use super::answer::{Answer, Done};
use super::body::Read;
use super::refusal::Refusal;
use crate::stage::Controls;

/// Plays `step`.
pub(super) async fn done(controls: &Controls, step: Step) -> Result<Answer<Done>, Refusal> {
    controls.play(&step).await?;
    Ok(Answer(Done::new(step.word(), controls)))
}

/// Plays one step of a scenario: any but `sync`, `expect` and a restart of the subject, which are about a subject.
#[utoipa::path(
    post, path = "/steps", operation_id = "playStep", tag = "stage",
    request_body(content = ref("#/components/schemas/Step"), content_type = "application/json"),
    responses((status = 200, description = "It is played.", body = Done)),
)]
pub(super) async fn play(State(controls): State<Controls>, Read(step): Read<Step>) -> Result<Answer<Done>, Refusal> {
    done(&controls, step).await
}

/// Changes the signing keys of an issuer.
#[utoipa::path(
    post, path = "/keys", operation_id = "changeKeys", tag = "identity",
    request_body(content = ref("#/components/schemas/KeyChange"), content_type = "application/json"),
    responses((status = 200, description = "They are changed.", body = Done)),
)]
pub(super) async fn keys(
    State(controls): State<Controls>,
    Read(change): Read<KeyChange>,
) -> Result<Answer<Done>, Refusal> {
    done(&controls, Step::Keys(change)).await
}

/// Changes what becomes of access tokens.
#[utoipa::path(
    post, path = "/tokens", operation_id = "changeTokens", tag = "identity",
    request_body(content = ref("#/components/schemas/TokenChange"), content_type = "application/json"),
    responses((status = 200, description = "It is changed.", body = Done)),
)]
pub(super) async fn tokens(
    State(controls): State<Controls>,
    Read(change): Read<TokenChange>,
) -> Result<Answer<Done>, Refusal> {
    done(&controls, Step::Tokens(change)).await
}

/// Starts a mock anew.
#[utoipa::path(
    post, path = "/restarts", operation_id = "restart", tag = "stage",
    request_body(content = ref("#/components/schemas/Restart"), content_type = "application/json"),
    responses((status = 200, description = "It is started anew.", body = Done)),
)]
pub(super) async fn restart(
    State(controls): State<Controls>,
    Read(restart): Read<Restart>,
) -> Result<Answer<Done>, Refusal> {
    done(&controls, Step::Restart(restart)).await
}

/// Makes everything as it was at the start: the world with its keys, the clock, no faults, an empty journal.
#[utoipa::path(
    post, path = "/reset", operation_id = "reset", tag = "stage",
    responses((status = 200, description = "All is as it was at the start.", body = Done)),
)]
pub(super) async fn reset(State(controls): State<Controls>) -> Answer<Done> {
    controls.reset();
    Answer(Done::new("reset", &controls))
}
