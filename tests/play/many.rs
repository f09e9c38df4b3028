//! Any portal that can be thought up, and many of them at once.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use understudy::Scenario;
use understudy::play::report::Outcome;
use understudy::play::{Plan, run};
use understudy::scenarios::arbitrary;
use understudy::scenarios::file::ScenarioFile;

/// Worlds as the strategies make them, the same at every start, each a scenario without steps.
fn generated(count: usize) -> Vec<Scenario> {
    let mut runner = TestRunner::deterministic();
    let strategy = arbitrary::scenario();
    let without_steps = |number| {
        let scenario = strategy.new_tree(&mut runner).unwrap().current();
        let file = ScenarioFile { name: String::new(), steps: Vec::new(), ..scenario.file().clone() };
        Scenario::from_file(&format!("any-{number}"), file).unwrap()
    };
    (0..count).map(without_steps).collect()
}

#[tokio::test]
async fn our_provider_gives_any_portal_exactly_or_tells_why_not() {
    let mut plan = Plan::of(generated(40));
    plan.options.limits.request = std::time::Duration::from_secs(5);
    let report = run(&plan, |_| ()).await.unwrap();
    for scenario in &report.scenarios {
        match &scenario.outcome {
            Outcome::Passed => {}
            // Names that Backstage refuses, ids that make one name: told, and nothing applied. Or nobody may sync.
            Outcome::Broken { reason } => {
                let is_told = reason.starts_with("the undisturbed first sync told");
                assert!(is_told || reason.starts_with("the world's first client"), "{reason}");
            }
            outcome => panic!("{}: {outcome:?} {}", scenario.name, crate::findings(scenario)),
        }
    }
}

/// Small portals of every family and shape, whose owners add, rename and remove, while the portal
/// fails for a time and keys rotate.
fn made(count: usize) -> Vec<Scenario> {
    let families = [
        "{family: gloo-mesh-gateway, shape: grouped,",
        "{family: gloo-mesh-gateway, shape: flat,",
        "{family: gloo-gateway,",
    ];
    let one = |number: usize| {
        let products: Vec<String> = (0..=number % 7)
            .map(|product| {
                format!("{{id: product-{product}, versions: [{{name: v1}}, {{name: v{}}}]}}", 2 + number % 5)
            })
            .collect();
        let steps = "\
steps:
- change: {addProducts: [{id: orders, versions: [{name: v1}]}]}
- sync
- expect: {catalog: exactly, error: none, contains: [orders-v1]}
- fault: {server: portal, path: /v1/**, does: {status: 503}}
- sync
- expect: {catalog: same, error: told}
- lift: all
- keys: {rotate: okta}
- change: {editProducts: [{id: product-0, newId: renamed}]}
- sync
- expect: {catalog: exactly, error: none, lacks: [product-0-v1]}
- change: {removeProducts: [orders]}
- sync
- sync
- expect: {catalog: exactly, error: none, requests: [{server: portal, atLeast: 2}]}
";
        let portal = format!("portal: {} products: [{}]}}\n", families[number % 3], products.join(", "));
        Scenario::from_yaml(&format!("made-{number}"), &(portal + steps)).unwrap()
    };
    (0..count).map(one).collect()
}

#[tokio::test]
async fn portals_of_every_family_that_change_are_synced_exactly() {
    let mut plan = Plan::of(made(21));
    plan.options.limits.request = std::time::Duration::from_secs(5);
    let report = run(&plan, |_| ()).await.unwrap();
    for scenario in &report.scenarios {
        assert_eq!(scenario.outcome, Outcome::Passed, "{}: {}", scenario.name, crate::findings(scenario));
    }
}

/// It tells the time it took, which nothing is made of here: how busy the machine is, is not the player's. To measure:
/// `/usr/bin/time -v cargo test --release --test play many::a_thousand -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measured by itself: it takes all there is of the machine"]
async fn a_thousand_scenarios_are_played_side_by_side() {
    let mut plan = Plan::of(made(1000));
    plan.options.limits.request = std::time::Duration::from_secs(5);
    let report = run(&plan, |_| ()).await.unwrap();
    assert_eq!(report.scenarios.len(), 1000);
    assert_eq!(report.problem(), None);
    eprintln!("1,000 scenarios in {:?}", report.elapsed);
}
