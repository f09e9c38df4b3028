//! The forms of a report, and that its result is the same in all of them.

use insta::assert_snapshot;
use serde_json::Value;
use understudy::check::{Report, ReportFormat, Selection, Status};

use crate::stand::{only, plan};

/// A slip, a warning, and something that is well.
async fn report() -> Report {
    let variables = [
        ("PORTAL_URL", "'http://portal.example.com'"),
        ("TOKEN_ENDPOINT", "https://acme.okta.com/oauth2/default/v1/token"),
        ("CLIENT_ID", "0oa1b2c3d4e5f6g7h8i9"),
        ("CLIENT_SECRET", "n0t-a-real_secret"),
    ];
    only(plan(variables), "configuration.quotes,configuration.https,configuration.urls,configuration.keys").await
}

#[tokio::test]
async fn the_text_tells_each_finding_with_what_to_do() {
    assert_snapshot!(report().await.text(), @"
    The configuration
      skip configuration.keys: there are no files of Backstage's
      fail configuration.quotes: PORTAL_URL has quotes around its value, which are taken for a part of it
           do: Take them out. A shell and YAML take quotes away by themselves; `docker --env-file`, the settings of a CI
           job and a value that is quoted twice keep them.
      pass configuration.urls: the addresses are URLs
      warn configuration.https: PORTAL_URL is http, to another machine: the access token travels in plain text
           do: Write https, unless it is an address within the cluster, where nobody listens who should not.

    fail: 1 passed, 1 warning, 1 failed, 1 skipped
    ");
}

#[tokio::test]
async fn the_short_form_is_a_line_a_problem() {
    assert_snapshot!(report().await.render(ReportFormat::Short, true), @"
    fail configuration.quotes: PORTAL_URL has quotes around its value, which are taken for a part of it -> Take them out. A shell and YAML take quotes away by themselves; `docker --env-file`, the settings of a CI job and a value that is quoted twice keep them.
    warn configuration.https: PORTAL_URL is http, to another machine: the access token travels in plain text -> Write https, unless it is an address within the cluster, where nobody listens who should not.
    fail: 1 passed, 1 warning, 1 failed, 1 skipped
    ");
}

#[tokio::test]
async fn the_json_form_has_the_members_that_programs_read() {
    let json: Value = serde_json::from_str(&report().await.render(ReportFormat::Json, true)).unwrap();
    assert_eq!(json["result"], "fail");
    let quotes = json["checks"].as_array().unwrap().iter().find(|it| it["id"] == "configuration.quotes").unwrap();
    assert_eq!(quotes["status"], "fail");
    assert_eq!(quotes["message"], "PORTAL_URL has quotes around its value, which are taken for a part of it");
    assert!(quotes["remedy"].as_str().unwrap().starts_with("Take them out."));
    let urls = json["checks"].as_array().unwrap().iter().find(|it| it["id"] == "configuration.urls").unwrap();
    assert_eq!((&urls["status"], &urls["remedy"]), (&Value::from("pass"), &Value::Null));
}

#[tokio::test]
async fn the_junit_form_is_one_that_its_readers_understand() {
    let xml = report().await.render(ReportFormat::Junit, true);
    let times = xml.split(" time=\"").map(|part| part.split_once('"').filter(|(t, _)| t.parse::<f64>().is_ok()));
    let xml: Vec<&str> =
        xml.split(" time=\"").zip(times).map(|(part, time)| time.map_or(part, |(_, rest)| rest)).collect();
    assert_snapshot!(xml.concat(), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="understudy check" tests="4" failures="1" errors="0" skipped="1">
      <testsuite name="configuration" tests="4" failures="1" errors="0" skipped="1">
        <testcase name="configuration.keys" classname="configuration">
          <skipped message="there are no files of Backstage&apos;s"/>
        </testcase>
        <testcase name="configuration.quotes" classname="configuration">
          <failure message="PORTAL_URL has quotes around its value, which are taken for a part of it" type="check">PORTAL_URL has quotes around its value, which are taken for a part of it
    Take them out. A shell and YAML take quotes away by themselves; `docker --env-file`, the settings of a CI job and a value that is quoted twice keep them.</failure>
        </testcase>
        <testcase name="configuration.urls" classname="configuration">
          <system-out>the addresses are URLs</system-out>
        </testcase>
        <testcase name="configuration.https" classname="configuration">
          <properties>
            <property name="warning" value="PORTAL_URL is http, to another machine: the access token travels in plain text"/>
          </properties>
          <system-out>Write https, unless it is an address within the cluster, where nobody listens who should not.</system-out>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[tokio::test]
async fn where_nothing_was_checked_the_result_is_a_failure_that_says_why_in_every_form() {
    let stage = crate::stand::stage("quickstart").await;
    let mut plan = crate::stand::plan_of(&stage);
    let config = stage.provider_config(&stage.issuer().unwrap()).unwrap();
    plan.source = understudy::check::Source::Given(Box::new(config));
    let report = only(plan, "configuration.keys").await;
    assert!(report.findings().iter().all(|finding| finding.status == Status::Skip), "{}", report.text());
    assert_eq!(report.exit_code(), 1);
    for format in [ReportFormat::Text, ReportFormat::Json, ReportFormat::Junit, ReportFormat::Short] {
        assert!(report.render(format, false).contains("nothing was checked"), "{format:?}");
    }
}

#[tokio::test]
async fn what_the_configuration_lacks_is_told_where_nothing_else_can_be() {
    let report = only(plan([("PORTAL_URL", "http://localhost:1")]), "issuer").await;
    assert_eq!(report.exit_code(), 2);
    let ids: Vec<_> = report.findings().iter().filter(|it| it.status == Status::Fail).map(|it| it.check.id).collect();
    assert_eq!(ids, ["configuration.complete"; 3], "{}", report.text());
}

#[tokio::test]
async fn a_check_that_is_not_wanted_is_made_for_one_that_stands_on_it_and_not_told() {
    let stage = crate::stand::stage("quickstart").await;
    let report = only(crate::stand::plan_of(&stage), "issuer.signing-key").await;
    let ids: Vec<_> = report.findings().iter().map(|finding| finding.check.id).collect();
    assert_eq!(ids, ["issuer.signing-key"]);
    assert_eq!(report.exit_code(), 0, "{}", report.text());
}

#[test]
fn an_id_that_is_not_there_is_told_with_the_nearest() {
    let error = |name: &str| Selection::of(&[name.to_owned()], &[]).unwrap_err().to_string();
    assert_eq!(
        error("network.tls-chian"),
        "there is no check `network.tls-chian`: did you mean `network.tls-chain`? `understudy check --list` tells all"
    );
    assert_eq!(
        error("jwks"),
        "there is no check `jwks`: did you mean `issuer.jwks`? `understudy check --list` tells all"
    );
    assert_eq!(
        error("Issuer"),
        "there is no check `Issuer`: did you mean `issuer`? `understudy check --list` tells all"
    );
    assert_eq!(error("something-else"), "there is no check `something-else`; `understudy check --list` tells all");
}
