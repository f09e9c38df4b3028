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
async fn a_whole_stage_passes_by_each_face_in_each_family_and_shape() {
    for face in ["okta", "keycloak"] {
        for portal in [
            "family: gloo-mesh-gateway, shape: grouped",
            "family: gloo-mesh-gateway, shape: flat",
            "family: gloo-gateway",
        ] {
            let products = "[{id: petstore, versions: [{name: v1}, {name: v2}]}, {id: tracks, versions: [{name: v1}]}]";
            let scenario =
                format!("identity: {{issuers: [{{face: {face}}}]}}\nportal: {{{portal}, products: {products}}}\n");
            let stage = stage(&scenario).await;
            let report = examine(plan_of(&stage)).await;
            assert_eq!(report.exit_code(), 0, "{face}, {portal}: {}", report.text());
            // All but for when the plugin's first sync comes.
            let warned = report.findings().iter().filter(|finding| finding.status == Status::Warn);
            let warned: Vec<&str> = warned.map(|finding| finding.check.id).collect();
            assert_eq!(warned, ["plugin.first-sync"], "{face}, {portal}: {}", report.text());
        }
    }
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
