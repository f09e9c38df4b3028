//! A portal that has changed since it was recorded.

use insta::assert_snapshot;
use understudy::Scenario;
use understudy::check::{Against, Plan, Report, examine};
use understudy::record::{Redaction, record};

use crate::stand::{only, plan_of, plan_with, stage, told};

const PORTAL: &str = "
portal:
  usagePlans: [{name: gold, rateLimit: {requests: 9, per: hour}}]
  products:
    - {id: pets, versions: [{name: v1, description: All pets., spec: {openapi: 3.0.3, info: {title: Pets}}}, {name: v2}]}
";

async fn recorded() -> Scenario {
    let live = stage(PORTAL).await;
    let config = live.provider_config(&live.issuer().unwrap()).unwrap();
    record(&config, &Redaction::default()).await.unwrap().scenario().unwrap()
}

async fn compared(mut plan: Plan) -> Report {
    plan.against = Some(Against { recorded: recorded().await, redaction: Redaction::default() });
    only(plan, "drift").await
}

#[tokio::test]
async fn a_portal_as_it_was_recorded_passes() {
    let report = compared(plan_of(&stage(PORTAL).await)).await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    assert_eq!(report.findings().len(), 5);
}

#[tokio::test]
async fn what_has_changed_is_told_check_by_check() {
    let changed = PORTAL
        .replace("title: Pets", "title: Pots")
        .replace("{name: v2}", "{name: v3}")
        .replace("requests: 9", "requests: 10");
    let live = stage(&format!("{changed}identity: {{issuers: [{{face: keycloak}}]}}\n")).await;
    let report = compared(plan_of(&live)).await;
    assert_eq!(report.exit_code(), 1);
    assert_snapshot!(told(&report, "drift.apis"), @r#"
    fail: API `pets-v2`: it is gone
    do: Where the change is meant, record the portal again: `understudy record --out FOLDER --force`. Where it is not, look at the portal's ApiProducts or RouteTables, and at the PortalGroups that open them to this client.
    fail: API `pets-v3`: it is new
    do: Where the change is meant, record the portal again: `understudy record --out FOLDER --force`. Where it is not, look at the portal's ApiProducts or RouteTables, and at the PortalGroups that open them to this client.
    "#);
    assert_snapshot!(told(&report, "drift.documents"), @r#"
    fail: API `pets-v1`: its document was 098c4e5709589f24 of 43 bytes and is eeb7a74d6a445561 of 43 bytes; they differ first at /info/title: was "Pets", is "Pots"
    do: Where the change is meant, record the portal again: `understudy record --out FOLDER --force`. Where it is not, look at the API's ApiDoc, and at the service that it was fetched from.
    "#);
    assert_snapshot!(told(&report, "drift.usage-plans"), @r#"
    fail: usage plan `gold`: its limit was 9 per hour and is 10 per hour
    do: Where the change is meant, record the portal again: `understudy record --out FOLDER --force`. Where it is not, look at the portal's usage plans and rate limit policies.
    "#);
    assert_snapshot!(told(&report, "drift.identity").lines().next().unwrap(), @"fail: the identity provider: its kind was `an Okta authorization server` and is `a Keycloak realm`");
}

#[tokio::test]
async fn a_portal_that_cannot_be_read_is_compared_with_nothing() {
    let live = stage("empty-portal").await;
    let report = compared(plan_of(&live)).await;
    assert_eq!(report.exit_code(), 1);
    assert!(told(&report, "drift.recording").starts_with("fail: http://localhost:[port]/v1 shows this client no API"));
    assert!(told(&report, "drift.apis").starts_with("skip: it needs what `drift.recording` finds"));
    let gone = compared(plan_with(&live, &[("PORTAL_URL", "http://127.0.0.1:1"), ("PORTAL_SERVER_URL", "")])).await;
    assert_eq!(gone.exit_code(), 3);
}

#[tokio::test]
async fn nothing_is_compared_where_nothing_is_named() {
    let live = stage(PORTAL).await;
    let report = examine(plan_of(&live)).await;
    assert!(report.findings().iter().all(|finding| !finding.check.id.starts_with("drift.")));
}
