//! Faults: in force, injected, lifted.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use understudy_scenarios::{Fault, Step};
use utoipa::{IntoParams, ToSchema};

use super::answer::Answer;
use super::body::Read;
use super::query::{self, Keys, Query};
use super::refusal::Refusal;
use crate::stage::{Controls, PlayError};

/// The faults in force.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FaultList {
    /// In the order in which they came.
    faults: Vec<ActiveFault>,
}

/// A fault in force.
#[derive(Debug, Serialize, ToSchema)]
struct ActiveFault {
    /// By this it is lifted.
    id: u64,
    /// By this name too.
    name: String,
    /// When it began, by the stage's clock.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// What it does, on which requests.
    #[schema(schema_with = super::openapi::fault)]
    fault: Fault,
}

/// A fault that was put in force.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Injected {
    /// By this it is lifted.
    id: u64,
    /// The number of the newest exchange in the journal, to be given as `since`.
    mark: u64,
    /// The time by the stage's clock, to be given as `from`.
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
}

/// Faults that were lifted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Lifted {
    /// How many.
    lifted: usize,
}

/// Which faults to lift.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Those of this name; all without it.
    name: Option<String>,
}

impl Keys for Which {
    const TAKES: &'static str = "`name`, once, is the name of the faults to lift";
}

/// Lists the faults in force.
#[utoipa::path(
    get, path = "/faults", operation_id = "listFaults", tag = "faults",
    responses((status = 200, description = "The faults.", body = FaultList)),
)]
pub(super) async fn list(State(controls): State<Controls>) -> Answer<FaultList> {
    let faults = controls.faults().active();
    let faults = faults.iter().map(|active| ActiveFault {
        id: active.id,
        name: active.fault.name().to_owned(),
        since: active.since,
        fault: active.fault.clone(),
    });
    Answer(FaultList { faults: faults.collect() })
}

/// Puts a fault in force.
#[utoipa::path(
    post, path = "/faults", operation_id = "injectFault", tag = "faults",
    request_body(content = ref("#/components/schemas/Fault"), content_type = "application/json"),
    responses((status = 200, description = "It is in force.", body = Injected)),
)]
pub(super) async fn inject(
    State(controls): State<Controls>,
    Read(fault): Read<Fault>,
) -> Result<Answer<Injected>, Refusal> {
    let (mark, now) = (controls.journal().mark().0, controls.clock().now());
    Step::Fault(Box::new(fault.clone())).check().map_err(PlayError::from)?;
    let id = controls.faults().inject(fault).map_err(PlayError::from)?;
    Ok(Answer(Injected { id, mark, now }))
}

/// Lifts one fault.
#[utoipa::path(
    delete, path = "/faults/{id}", operation_id = "liftFault", tag = "faults",
    params(("id" = u64, Path, description = "What injecting it answered.")),
    responses((status = 200, description = "It is lifted.", body = Lifted), (status = 404, description = "There is none with this id.", body = super::refusal::Refused)),
)]
pub(super) async fn lift_one(
    State(controls): State<Controls>,
    id: Result<Path<u64>, PathRejection>,
) -> Result<Answer<Lifted>, Refusal> {
    match query::number(id).is_some_and(|id| controls.faults().lift_id(id)) {
        true => Ok(Answer(Lifted { lifted: 1 })),
        false => Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "no-such-fault",
            "no fault with this id is in force; GET /faults lists them",
        )),
    }
}

/// Lifts all faults, or those of one name.
#[utoipa::path(
    delete, path = "/faults", operation_id = "liftFaults", tag = "faults", params(Which),
    responses((status = 200, description = "They are lifted, if there were any.", body = Lifted)),
)]
pub(super) async fn lift(State(controls): State<Controls>, Query(which): Query<Which>) -> Answer<Lifted> {
    Answer(Lifted { lifted: controls.faults().lift(which.name.as_deref().unwrap_or("all")) })
}
