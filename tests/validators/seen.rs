//! Every entity that our provider makes of every scenario that comes along.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::Failed;
use serde_json::{Value, json};
use understudy::Stage;
use understudy::play::{Plan, Subject, SyncOutcome, run};
use understudy::provider::Profile;
use understudy::scenarios::{Suite, bundled};

/// How much of a definition is shown to the checks, which ask no more of it than to be text that is not empty.
const SHOWN: usize = 1_000;

/// Entities as JSON on one line, each with the scenario that it was first seen in.
pub(crate) type Seen = BTreeMap<String, String>;

/// The entities of every bundled scenario and hazard, step by step, in this profile.
pub(crate) fn entities(profile: &Profile) -> Result<Seen, Failed> {
    let seen = Arc::default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    for suite in [Suite::PluginParity, Suite::Hazards] {
        runtime.block_on(run(&Plan::of_suite(suite)?.subject(watched(profile, &seen)), |_| {}))?;
    }
    let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    match bundled::all().iter().find(|bundled| !seen.values().any(|scenario| scenario == bundled.name)) {
        Some(bundled) => Err(format!("no entity of {} was seen", bundled.name).into()),
        None => Ok(seen),
    }
}

/// Our provider, with every entity that it hands over noted.
fn watched(profile: &Profile, seen: &Arc<Mutex<Seen>>) -> Subject {
    let (profile, seen) = (profile.clone(), Arc::clone(seen));
    Subject::own("watched", move |stage: &Stage| {
        let provider = stage.issuer().and_then(|issuer| {
            let mut config = stage.provider_config(&issuer)?;
            config.profile = profile.clone();
            stage.provider_with(config)
        });
        let provider = Arc::new(provider);
        let (seen, scenario) = (Arc::clone(&seen), stage.scenario().name().to_owned());
        move || {
            let (provider, seen, scenario) = (Arc::clone(&provider), Arc::clone(&seen), scenario.clone());
            async move {
                let outcome = match &*provider {
                    Ok(provider) => provider.sync().await.map_err(|error| error.to_string()),
                    Err(error) => Err(error.to_string()),
                };
                match outcome {
                    Ok(outcome) => {
                        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                        for entity in outcome.mutation.entities() {
                            seen.entry(shown(&json!(entity))).or_insert_with(|| scenario.clone());
                        }
                        SyncOutcome::applied(json!(outcome.mutation))
                    }
                    Err(error) => SyncOutcome::failed(error),
                }
            }
        }
    })
}

/// The entity on one line, with the beginning of its definition.
fn shown(entity: &Value) -> String {
    let mut entity = entity.clone();
    if let Some(Value::String(definition)) = entity.pointer_mut("/spec/definition") {
        *definition = definition.chars().take(SHOWN).collect();
    }
    entity.to_string()
}
