//! The slips that are made in Backstage's files, each told with its place.

use insta::assert_snapshot;
use understudy::check::{Report, Status};

use crate::stand::{only, plan_of_file, told};

async fn with(section: &str, variables: &[(&str, &str)]) -> (tempfile::TempDir, Report) {
    let folder = tempfile::tempdir().unwrap();
    let indented: String = section.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!("app:\n  title: Acme\nglooPlatformPortal:\n  backend:\n{indented}");
    let report = only(plan_of_file(folder.path(), &text, variables), "configuration").await;
    (folder, report)
}

fn shown(folder: &tempfile::TempDir, report: &Report, check: &str) -> String {
    told(report, check).replace(&format!("{}/", folder.path().display()), "")
}

const WHOLE: &str = "portalServerUrl: https://developer.example.com/v1
tokenEndpoint: https://sso.example.com/realms/gloo/protocol/openid-connect/token
clientId: ${CLIENT_ID}
clientSecret: ${CLIENT_SECRET}
";
const VARIABLES: &[(&str, &str)] = &[("CLIENT_ID", "backstage"), ("CLIENT_SECRET", "n0t-a-real_secret")];

#[tokio::test]
async fn a_file_without_a_slip_passes() {
    let (_folder, report) = with(WHOLE, VARIABLES).await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    assert!(report.findings().iter().all(|it| matches!(it.status, Status::Pass | Status::Skip)), "{}", report.text());
}

#[tokio::test]
async fn variables_that_are_not_set_are_told_with_the_line_also_where_the_plugin_has_a_default() {
    let section = WHOLE.replace("https://developer.example.com/v1", "${PORTAL}");
    let (folder, report) = with(&section, &VARIABLES[..1]).await;
    assert_eq!(report.exit_code(), 2);
    assert_snapshot!(shown(&folder, &report, "configuration.unset-variables"), @"
    fail: `clientSecret` is left out, since `${CLIENT_SECRET}` is not set
    --> app-config.yaml:8:19
    do: Set the variable where Backstage runs, and here. Backstage leaves a key out whose variable is not set.
    fail: `portalServerUrl` is left out, since `${PORTAL}` is not set: as with the plugin, it is http://localhost:[port]/v1 then
     --> app-config.yaml:5:22
      |
    5 |     portalServerUrl: ${PORTAL}
      |                      ^^^^^^^^^
    do: Set the variable where Backstage runs, and here. Backstage leaves a key out whose variable is not set.
    ");
}

#[tokio::test]
async fn a_variable_without_braces_is_told_with_its_place() {
    let (folder, report) = with(&WHOLE.replace("${CLIENT_ID}", "$CLIENT_ID"), VARIABLES).await;
    assert_snapshot!(shown(&folder, &report, "configuration.left-over"), @"
    fail: `clientId` (app-config.yaml:7:15) holds `$CLIENT_ID` as it is written: nobody put the variable's value in its place
    do: Backstage puts values in for `${NAME}` alone, Kubernetes for `$(NAME)`, a shell for both `$NAME` and `${NAME}` outside of single quotes. It is set in this environment.
    ");
    assert_eq!(told(&report, "configuration.complete"), "pass: all that is needed is set, and can be read\n");
}

#[tokio::test]
async fn quotes_within_quotes_are_told_with_their_place() {
    let section = WHOLE.replace("https://developer.example.com/v1", "\"'https://developer.example.com/v1'\"");
    let (folder, report) = with(&section, VARIABLES).await;
    assert_snapshot!(shown(&folder, &report, "configuration.quotes"), @"
    fail: `portalServerUrl` (app-config.yaml:5:22) has quotes around its value, which are taken for a part of it
    do: Take them out. A shell and YAML take quotes away by themselves; `docker --env-file`, the settings of a CI job and a value that is quoted twice keep them.
    ");
}

#[tokio::test]
async fn blanks_fail_where_the_plugin_takes_them_as_they_are() {
    let (folder, report) = with(&WHOLE.replace("${CLIENT_ID}", "\"backstage \""), VARIABLES).await;
    assert_eq!(report.exit_code(), 2);
    assert_snapshot!(shown(&folder, &report, "configuration.blanks"), @"
    fail: `clientId` (app-config.yaml:7:15) has blanks around its value
    do: Take them out: they come with a copied line, and with `echo` in place of `echo -n` or `printf %s` before `base64`.
    ");
}

#[tokio::test]
async fn a_missing_v1_is_told_once_and_with_its_place() {
    let (folder, report) = with(&WHOLE.replace(".com/v1", ".com"), VARIABLES).await;
    assert_snapshot!(shown(&folder, &report, "configuration.portal-path"), @"
    warn: `portalServerUrl` (app-config.yaml:5:22) does not end in /v1, where portals have their REST API; nothing adds it
    do: It is probably https://developer.example.com/v1.
    ");
    assert!(told(&report, "configuration.keys").starts_with("pass"), "{}", report.text());
}

#[tokio::test]
async fn a_misspelt_key_is_warned_of() {
    let (folder, report) = with(&format!("{WHOLE}syncfrequency: {{minutes: 5}}\n"), VARIABLES).await;
    assert_snapshot!(shown(&folder, &report, "configuration.keys"), @"
    warn: `syncfrequency` is no key of `glooPlatformPortal.backend`: did you mean `syncFrequency`?
     --> app-config.yaml:9:20
      |
    9 |     syncfrequency: {minutes: 5}
      |                    ^
    do: What may stand there: `portalServerUrl`, `tokenEndpoint`, `clientId`, `clientSecret`, `syncFrequency`, `syncTimeout`, `debugLogging`, `issuerUrl`, `clientAuth`, `clientKeyFile`, `clientKeyId`, `assertionAudience`, `scope`, `audience`, `caFile`, `stateFile`, `profile`, `mapping`
    ");
}

#[tokio::test]
async fn all_mistakes_of_a_file_are_told_at_once() {
    let (folder, report) = with("portalServerUrl: [1]\nclientId: 12\n", VARIABLES).await;
    assert_eq!(report.exit_code(), 2);
    assert_snapshot!(shown(&folder, &report, "configuration.complete"), @"
    fail: `portalServerUrl` must be a text, and is a list
     --> app-config.yaml:5:22
      |
    5 |     portalServerUrl: [1]
      |                      ^
    do: Give it one value.
    fail: `glooPlatformPortal.backend` has no `tokenEndpoint`
     --> app-config.yaml:5:5
      |
    5 |     portalServerUrl: [1]
      |     ^
    do: Okta: the authorization server's issuer with /v1/token after it. Keycloak: https://HOST/realms/REALM/protocol/openid-connect/token. Or give `issuerUrl`
    fail: `clientId` must be a text, and is a number
     --> app-config.yaml:6:15
      |
    6 |     clientId: 12
      |               ^^
    do: Put it in quotes.
    fail: `glooPlatformPortal.backend` has no `clientSecret`
     --> app-config.yaml:5:5
      |
    5 |     portalServerUrl: [1]
      |     ^
    do: It is the secret of the portal's service account.
    ");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_told() {
    let mut plan = crate::stand::plan([("A", "b")]);
    plan.source = understudy::check::Source::AppConfig(vec!["nowhere/app-config.yaml".into()]);
    let report = only(plan, "configuration.complete").await;
    assert_snapshot!(told(&report, "configuration.complete"), @"
    fail: can't read `nowhere/app-config.yaml`: there is no such file
    do: Name the files that Backstage is started with by --config.
    ");
}
