//! Scenarios, bundled and made, played against subjects that behave and subjects that do not, and what is said of them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod any_portal;
mod bad_days;
mod command;
mod expected;
mod hazards;
mod judged;
mod many;
mod names;
mod reports;
mod schema;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use understudy::Scenario;
use understudy::play::report::{ScenarioReport, Verdict};
use understudy::play::{Options, Subject, SyncOutcome, play};

/// A portal with two APIs, and these steps.
pub(crate) fn scenario(name: &str, steps: &str) -> Scenario {
    let products = "portal:\n  products:\n    - {id: petstore, versions: [{name: v1}]}\n    - {id: tracks, versions: [{name: v1}]}\n";
    Scenario::from_yaml(name, &format!("{products}steps:\n{steps}")).unwrap()
}

/// Our provider with what it hands over changed by `change`, which is told the how-manieth sync it is, from 1.
pub(crate) fn changed(
    name: &str,
    change: impl Fn(usize, SyncOutcome) -> SyncOutcome + Send + Sync + 'static,
) -> Subject {
    let change = Arc::new(change);
    Subject::own(name, move |stage| {
        let (provider, change, syncs) = (stage.provider().unwrap(), Arc::clone(&change), AtomicUsize::new(0));
        move || {
            let (provider, change) = (provider.clone(), Arc::clone(&change));
            let sync = syncs.fetch_add(1, Ordering::Relaxed) + 1;
            async move {
                let outcome = match provider.sync().await {
                    Ok(outcome) => SyncOutcome::applied(serde_json::to_value(outcome.mutation).unwrap()),
                    Err(error) => SyncOutcome::failed(error.to_string()),
                };
                change(sync, outcome)
            }
        }
    })
}

/// Our provider with each entity changed by `change`.
pub(crate) fn renamed(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Subject {
    changed("renamed", move |_, mut outcome| {
        for item in outcome.mutations.iter_mut().flat_map(|mutation| mutation["entities"].as_array_mut().unwrap()) {
            change(&mut item["entity"]);
        }
        outcome
    })
}

pub(crate) fn full(entities: &[Value]) -> SyncOutcome {
    let items: Vec<Value> = entities.iter().map(|entity| serde_json::json!({ "entity": entity })).collect();
    SyncOutcome::applied(serde_json::json!({ "type": "full", "entities": items }))
}

pub(crate) async fn played(scenario: &Scenario, subject: &Subject) -> ScenarioReport {
    play(scenario, subject, &Options::default()).await.unwrap()
}

/// All that was found wrong, a finding a line.
pub(crate) fn findings(report: &ScenarioReport) -> String {
    let findings = report.steps.iter().filter_map(|step| match &step.verdict {
        Verdict::Failed { findings } => Some(findings.join("\n")),
        _ => None,
    });
    findings.collect::<Vec<_>>().join("\n")
}
