//! What a subject's catalog is judged by.

use insta::assert_snapshot;
use serde_json::json;
use understudy::Scenario;
use understudy::play::report::{Outcome, Verdict};
use understudy::play::{Measure, Options, Subject, SyncOutcome, play};
use understudy::scenarios::bundled;

use crate::{changed, findings, full, played, renamed, scenario};

#[tokio::test]
async fn our_provider_passes_every_bundled_world() {
    for bundled in bundled::all() {
        let report = played(&bundled.scenario().unwrap(), &Subject::Provider).await;
        assert_eq!(report.outcome, Outcome::Passed, "{}: {}", bundled.name, findings(&report));
        assert_eq!(report.steps.len(), 2, "the first sync, and what is expected of it");
        assert_eq!(report.before, report.after);
    }
}

#[tokio::test]
async fn what_the_portal_shows_later_is_expected_too() {
    let steps = "\
- change: {addProducts: [{id: orders, versions: [{name: v1}]}], removeProducts: [tracks]}
- sync
- expect: {catalog: exactly, contains: [orders-v1], lacks: [tracks-v1], error: none}
";
    let report = played(&scenario("grows", steps), &Subject::Provider).await;
    assert_eq!(report.outcome, Outcome::Passed, "{}", findings(&report));
}

#[tokio::test]
async fn a_subject_that_deletes_its_catalog_fails_and_is_told_so() {
    let loses = changed("loses", |sync, outcome| if sync == 1 { outcome } else { full(&[]) });
    let report = played(&scenario("loses", "- sync\n- expect: {catalog: same}\n"), &loses).await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert_snapshot!(findings(&report), @"
    the whole catalog was deleted: 2 APIs are gone (petstore-v1, tracks-v1)
    group:default/solo-io-service-accounts is gone
    system:default/gloo-platform-portal-apis is gone
    user:default/gloo-platform-portal-service-account is gone
    ");
}

#[tokio::test]
async fn a_subject_that_loses_one_api_fails_and_it_is_named() {
    let loses = changed("loses", |sync, mut outcome| {
        if sync > 1 {
            outcome.mutations[0]["entities"].as_array_mut().unwrap().pop();
        }
        outcome
    });
    let steps = "- sync\n- expect: {catalog: same}\n- expect: {catalog: exactly}\n";
    let report = played(&scenario("loses", steps), &loses).await;
    assert_snapshot!(findings(&report), @"
    api:default/tracks-v1 is gone
    tracks-v1 is missing: the portal shows it
    ");
}

#[tokio::test]
async fn an_entity_that_backstage_refuses_is_told_with_what_it_cost() {
    let breaks = renamed(|entity| {
        if entity["metadata"]["title"] == "orders-v1" {
            entity["spec"]["definition"] = json!("");
        }
    });
    let steps = "\
- change: {addProducts: [{id: orders, versions: [{name: v1}]}]}
- sync
- expect: {catalog: exactly}
";
    let report = played(&scenario("breaks", steps), &breaks).await;
    assert_snapshot!(findings(&report), @"
    orders-v1 is missing: the portal shows it
    Backstage refuses api:default/orders-v1: spec.definition is empty, but must be a string that is not empty
    ");
}

#[tokio::test]
async fn delta_mutations_change_the_catalog_bit_by_bit() {
    let deltas = changed("deltas", |sync, outcome| {
        let entities = &outcome.mutations[0]["entities"];
        match sync {
            1 => SyncOutcome::applied(json!({ "type": "delta", "added": entities, "removed": [] })),
            _ => {
                let removed = json!([{ "entityRef": "api:default/tracks-v1" }]);
                let last = entities.as_array().unwrap().last().unwrap();
                SyncOutcome::applied(json!({ "type": "delta", "added": [last], "removed": removed }))
            }
        }
    });
    let steps = "\
- change: {removeProducts: [tracks], addProducts: [{id: orders, versions: [{name: v1}]}]}
- sync
- expect: {catalog: exactly}
";
    let report = played(&scenario("deltas", steps), &deltas).await;
    assert_eq!(report.outcome, Outcome::Passed, "{}", findings(&report));
}

#[tokio::test]
async fn an_undisturbed_sync_that_fails_can_not_be_judged() {
    let fails = changed("fails", |_, _| SyncOutcome::failed("no network"));
    let report = played(&scenario("fails", "- expect: {catalog: same}\n"), &fails).await;
    let Outcome::Broken { reason } = &report.outcome else { panic!("{:?}", report.outcome) };
    assert_snapshot!(reason, @"the undisturbed first sync told an error: no network");
    assert!(matches!(report.steps[1].verdict, Verdict::Skipped { .. }));

    let empty = changed("empty", |_, _| full(&[]));
    let report = played(&scenario("empty", "- expect: {catalog: same}\n"), &empty).await;
    let Outcome::Broken { reason } = &report.outcome else { panic!("{:?}", report.outcome) };
    assert_snapshot!(reason, @"after an undisturbed sync the catalog holds no API, while the portal shows 2 (petstore-v1, tracks-v1)");
}

#[tokio::test]
async fn a_scenario_with_steps_that_expects_nothing_checks_nothing() {
    let report = played(&scenario("vague", "- sync\n"), &Subject::Provider).await;
    let Outcome::Broken { reason } = &report.outcome else { panic!("{:?}", report.outcome) };
    assert_snapshot!(reason, @"it has steps and expects nothing, so it can check nothing: give it an `expect`");
}

#[tokio::test]
async fn requests_are_counted_from_one_expectation_to_the_next() {
    let steps = "\
- sync
- expect: {requests: [{server: portal, path: /v1/apis, atMost: 1, atLeast: 1}, {server: idp, atMost: 0}]}
- sync
- sync
- expect: {requests: [{server: portal, path: '/v1/apis/*/schema', atMost: 3}]}
";
    let report = played(&scenario("requests", steps), &Subject::Provider).await;
    assert_snapshot!(findings(&report), @"4 requests /v1/apis/*/schema to the portal came, and 3 are the most there may be");
    let steps: Vec<u64> = report.steps.iter().map(|step| step.first_request).collect();
    assert_eq!(steps, [1, 6, 9, 9, 12, 15], "each step knows its first request");
}

#[tokio::test]
async fn a_subject_that_never_ends_its_sync_is_left() {
    let hangs = Subject::own("hangs", |_| || std::future::pending());
    let mut options = Options::default();
    options.limits.sync = std::time::Duration::from_millis(20);
    let report = play(&scenario("hangs", "- expect: {catalog: same}\n"), &hangs, &options).await.unwrap();
    let Outcome::Broken { reason } = &report.outcome else { panic!("{:?}", report.outcome) };
    assert_snapshot!(reason, @"the undisturbed first sync told an error: the sync did not end within 20ms");
}

#[tokio::test]
async fn parity_is_with_every_member_of_the_plugins_entities() {
    let options = Options { measure: Measure::Plugin, ..Options::default() };
    let quickstart = Scenario::find("quickstart").unwrap();
    let report = play(&quickstart, &Subject::Provider, &options).await.unwrap();
    assert_eq!(report.outcome, Outcome::Passed, "{}", findings(&report));

    let other = renamed(|entity| {
        if entity["kind"] == "API" {
            entity["spec"]["lifecycle"] = json!("experimental");
        }
    });
    let report = play(&quickstart, &other, &options).await.unwrap();
    assert_snapshot!(findings(&report), @"
    api:default/petstore-v1 is not as the plugin gives it:
      -   lifecycle: production
      +   lifecycle: experimental
    api:default/tracks-v1 is not as the plugin gives it:
      -   lifecycle: production
      +   lifecycle: experimental
    ");
}
