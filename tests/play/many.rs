//! Any portal that can be thought up, and many of them at once.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use understudy::Scenario;
use understudy::play::report::Outcome;
use understudy::play::{Plan, run};
use understudy::scenarios::arbitrary;

/// Scenarios as the strategies make them, the same at every start.
fn generated(count: usize) -> Vec<Scenario> {
    let mut runner = TestRunner::deterministic();
    let strategy = arbitrary::scenario();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
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

/// Run it by itself to measure: `cargo test --release --test play many -- --ignored`, under `/usr/bin/time -v`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measured by itself: it takes a while, and all there is of the machine"]
async fn a_thousand_scenarios_are_played_within_a_minute() {
    let mut plan = Plan::of(generated(1000));
    plan.options.limits.request = std::time::Duration::from_secs(5);
    let report = run(&plan, |_| ()).await.unwrap();
    assert_eq!(report.scenarios.len(), 1000);
    let passed = report.scenarios.iter().filter(|scenario| scenario.outcome == Outcome::Passed).count();
    eprintln!("{passed} of 1000 passed, in {:?}", report.elapsed);
    assert!(report.elapsed < std::time::Duration::from_secs(60), "{:?}", report.elapsed);
}
