//! What has changed, for the page's script.

use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;

use super::{Desk, clock};
use crate::control::answer::Answer;

/// Where the stage is. A part whose tag is another than before is another than before.
#[derive(Serialize)]
pub(super) struct Pulse {
    /// The time by the stage's clock.
    now: Timestamp,
    /// The number of the newest exchange in the journal.
    mark: u64,
    tags: Tags,
}

#[derive(Serialize)]
struct Tags {
    stage: String,
    world: String,
    catalog: String,
    paste: String,
    faults: String,
    clock: String,
}

/// Tells where the stage is.
pub(super) async fn pulse(State(desk): State<Desk>) -> Answer<Pulse> {
    let Desk { controls, opened, .. } = &desk;
    let generation = controls.world().generation().to_string();
    let faults = controls.faults().active();
    let faults = faults.iter().map(|active| format!("{}:{}", active.id, active.played())).collect::<Vec<_>>();
    Answer(Pulse {
        now: controls.clock().now(),
        mark: controls.journal().mark().0,
        tags: Tags {
            stage: format!("{generation} {} {}", faults.len(), opened.elapsed().as_secs() / 60),
            world: generation.clone(),
            catalog: generation.clone(),
            paste: generation.clone(),
            // The paths that are offered are those of the world's family.
            faults: format!("{generation} {}", faults.join(" ")),
            clock: clock::tag(controls),
        },
    })
}
