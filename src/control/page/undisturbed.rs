//! The catalog that the world of now gives on a good day.
//!
//! It is synced from a stage of its own, with the same world and clock and on ports of its own. So looking at the page is
//! never in the way of what is looked at: none of its requests is in the journal, is counted by a verdict, meets a fault or
//! uses up a quota, and no real identity provider is asked.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use understudy_provider::Entity;
use understudy_scenarios::World;

use crate::stage::{Controls, Stage};

/// How long a sync may take, in real time.
const PATIENCE: Duration = Duration::from_secs(20);

/// The catalog, synced once for each generation of the world, when somebody first asks.
#[derive(Clone, Default)]
pub(super) struct Undisturbed(Arc<Mutex<Option<Kept>>>);

struct Kept {
    generation: u64,
    found: Arc<Found>,
}

/// What a sync gave, or why it gave nothing.
pub(super) type Found = Result<Catalog, String>;

/// What the catalog then holds.
pub(super) struct Catalog {
    pub(super) entities: Vec<Entity>,
    /// What the provider said of it.
    pub(super) notices: Vec<String>,
}

impl Undisturbed {
    /// The catalog of the world of now. Whoever asks while it is synced waits for the same sync.
    pub(super) async fn of(&self, controls: &Controls) -> Arc<Found> {
        let mut kept = self.0.lock().await;
        let edition = controls.world().current();
        if let Some(Kept { generation, found }) = &*kept
            && *generation == edition.generation
        {
            return Arc::clone(found);
        }
        let found = tokio::time::timeout(PATIENCE, sync(controls, &edition.world)).await;
        let too_long = |_| Err(format!("a sync of this world takes longer than {} seconds", PATIENCE.as_secs()));
        let found = Arc::new(found.unwrap_or_else(too_long));
        *kept = Some(Kept { generation: edition.generation, found: Arc::clone(&found) });
        found
    }
}

async fn sync(controls: &Controls, world: &World) -> Found {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let builder = Stage::builder(controls.scenario().clone()).clock(controls.clock().clone());
    let stage = builder.start().await.map_err(|error| told(&error))?;
    stage.world().replace(world.clone());
    // Errors name the address that was asked; a reader knows the portal by the other.
    let told = |error: &dyn std::fmt::Display| error.to_string().replace(stage.portal_url(), controls.portal_url());
    let provider = stage.provider().map_err(|error| told(&error))?;
    let outcome = provider.sync().await.map_err(|error| told(&error))?;
    Ok(Catalog {
        entities: outcome.mutation.entities().cloned().collect(),
        notices: outcome.notices.iter().map(|notice| told(notice)).collect(),
    })
}
