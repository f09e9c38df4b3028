//! Runs: what is expected to fail, what is not played, and what is said in the end.

use understudy::play::report::Outcome;
use understudy::play::{ExpectedFailures, Plan, RunError, Subject, run};

use crate::{changed, full, scenario};

const FAILS: &str = "- expect: {error: told}\n";
const PASSES: &str = "- expect: {error: none}\n";

fn plan(scenarios: &[(&str, &str)], expected: &str) -> Plan {
    let mut plan = Plan::of(scenarios.iter().map(|(name, steps)| scenario(name, steps)).collect());
    plan.expected = ExpectedFailures::from_yaml(expected).unwrap();
    plan
}

async fn outcomes(plan: &Plan) -> (Vec<Outcome>, Option<String>) {
    let report = run(plan, |_| ()).await.unwrap();
    let outcomes = report.scenarios.iter().map(|scenario| scenario.outcome.clone()).collect();
    (outcomes, report.problem())
}

#[tokio::test]
async fn a_failure_that_is_expected_is_none() {
    let plan = plan(&[("a", FAILS), ("b", PASSES)], "- {scenario: a, reason: known}");
    let (outcomes, problem) = outcomes(&plan).await;
    assert_eq!(outcomes, [Outcome::FailedAsExpected { reason: "known".to_owned() }, Outcome::Passed]);
    assert_eq!(problem, None);
}

#[tokio::test]
async fn a_failure_that_is_expected_and_does_not_come_is_one() {
    let plan = plan(&[("a", PASSES), ("b", PASSES)], "- {scenario: a, reason: known}");
    let (outcomes, problem) = outcomes(&plan).await;
    assert_eq!(outcomes[0], Outcome::PassedUnexpectedly { reason: "known".to_owned() });
    assert_eq!(problem.as_deref(), Some("1 of 2 scenarios did not end well"));
}

#[tokio::test]
async fn a_failure_of_another_scenario_cannot_be_expected() {
    let plan = plan(&[("a", PASSES)], "- {scenario: c, reason: known}");
    assert!(matches!(run(&plan, |_| ()).await, Err(RunError::Expected(_))));
}

#[tokio::test]
async fn a_run_that_checked_nothing_did_not_end_well() {
    let (_, problem) = outcomes(&plan(&[], "")).await;
    assert_eq!(problem.as_deref(), Some("nothing was checked: there is no scenario in this run"));
}

#[tokio::test]
async fn nothing_begins_after_the_first_failure_where_that_is_asked_for() {
    let mut plan = plan(&[("a", PASSES), ("b", FAILS), ("c", PASSES)], "");
    plan.fail_fast = true;
    plan.jobs = std::num::NonZeroUsize::new(1);
    let (outcomes, problem) = outcomes(&plan).await;
    assert_eq!(outcomes[..2], [Outcome::Passed, Outcome::Failed]);
    assert!(matches!(outcomes[2], Outcome::Skipped { .. }));
    assert_eq!(problem.as_deref(), Some("1 of 3 scenarios did not end well"));
}

#[tokio::test]
async fn a_subject_that_panics_breaks_its_own_scenario_only() {
    let panics = changed("panics", |sync, outcome| {
        assert_eq!(sync, 1, "a bug in the subject");
        outcome
    });
    let scenarios = [("a", "- sync\n- expect: {error: none}\n"), ("b", PASSES)];
    let (outcomes, _) = outcomes(&plan(&scenarios, "").subject(panics)).await;
    assert!(matches!(&outcomes[0], Outcome::Broken { .. }), "{outcomes:?}");
    assert_eq!(outcomes[1], Outcome::Passed);
}

#[tokio::test]
async fn reports_come_in_the_order_that_was_asked_for_whichever_ends_first() {
    let names = ["e", "d", "c", "b", "a"];
    let loses = changed("loses", |sync, outcome| if sync == 1 { outcome } else { full(&[]) });
    let plan = plan(&names.map(|name| (name, PASSES)), "").subject(loses);
    let mut ended = Vec::new();
    let report = run(&plan, |scenario| ended.push(scenario.name.clone())).await.unwrap();
    let reported: Vec<&str> = report.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    assert_eq!(reported, names);
    ended.sort();
    assert_eq!(ended, ["a", "b", "c", "d", "e"]);
    assert_eq!(Subject::Provider.to_string(), "provider");
    assert_eq!(report.subject, "loses");
}
