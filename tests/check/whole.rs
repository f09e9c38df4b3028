//! The whole way, where all is well.

use understudy::check::{Selection, Status, examine};

use crate::stand::{plan_of, stage};

#[tokio::test]
async fn a_whole_stage_passes() {
    let stage = stage("quickstart").await;
    let report = examine(plan_of(&stage)).await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    assert!(report.findings().iter().any(|finding| finding.status == Status::Pass), "{}", report.text());
}

#[tokio::test]
async fn a_report_in_which_nothing_was_checked_is_a_failure_that_says_why() {
    let mut plan = crate::stand::plan([("X", "y")]);
    plan.source = understudy::check::Source::None;
    plan.selection = Selection::of(&["configuration".to_owned()], &[]).unwrap();
    let report = examine(plan).await;
    assert_eq!(report.exit_code(), 1);
    assert_eq!(
        report.text(),
        "fail: nothing was checked: none of the checks that are wanted has anything to look at\n"
    );
}
