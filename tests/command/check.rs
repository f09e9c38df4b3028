//! `understudy check`: what it wants to be told, its forms, and its exit codes.

use std::process::Command;

use serde_json::Value;

use crate::running::Running;
use crate::{assert_command, understudy};

/// The command with an environment in which Node is told nothing.
fn check() -> Command {
    let mut command = understudy();
    for variable in ["NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "NODE_USE_ENV_PROXY", "NODE_TLS_REJECT_UNAUTHORIZED"] {
        command.env_remove(variable);
    }
    command.arg("check");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn without_a_target_it_says_what_may_be_one() {
    assert_command!(check(), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: what is to be checked? `--app-config FILE` names the servers as Backstage knows them, `--target real` those that PORTAL_URL, TOKEN_ENDPOINT, CLIENT_ID and CLIENT_SECRET name; `--target mock` checks a stage of understudy's own
    ");
}

#[test]
fn an_unknown_check_is_told_with_the_nearest() {
    assert_command!(check().args(["--target", "mock", "--only", "isuer.jwks"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: there is no check `isuer.jwks`: did you mean `issuer.jwks`? `understudy check --list` tells all
    ");
}

#[test]
fn a_scenario_goes_only_with_the_mock() {
    assert_command!(check().args(["quickstart", "--target", "real"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: a scenario says what a mock shows, and a real target shows its own content: leave out either `quickstart` or `--target real`
    ");
}

#[test]
fn a_part_of_a_stage_is_checked() {
    assert_command!(check().args(["gloo-gateway", "--target", "mock", "--only", "issuer"]), @"
    success: true
    exit_code: 0
    ----- stdout -----
    The issuer
      pass issuer.discovery: http://localhost:[port]/oauth2/default/.well-known/openid-configuration is there; the
           identity provider is Okta, a custom authorization server
      pass issuer.identifier: the issuer calls itself http://localhost:[port]/oauth2/default
      pass issuer.token-endpoint: TOKEN_ENDPOINT is the issuer's own, http://localhost:[port]/oauth2/default/v1/token
      pass issuer.jwks: http://localhost:[port]/oauth2/default/v1/keys holds 1 key
      pass issuer.signing-key: 1 key for signatures: RS256

    pass: 5 passed

    ----- stderr -----
    target: mock, scenario gloo-gateway
    ");
}

#[test]
fn the_checks_of_a_part_are_listed() {
    assert_command!(check().args(["--list", "--only", "issuer", "--skip", "issuer.jwks"]), @"
    success: true
    exit_code: 0
    ----- stdout -----
    issuer: The issuer
      issuer.discovery               The issuer has a discovery document
      issuer.identifier              The issuer calls itself what it is called here
      issuer.token-endpoint          The token endpoint is the issuer's own
      issuer.signing-key             There is a key that tokens are signed with

    ----- stderr -----
    ");
}

#[test]
fn what_is_missing_is_told_and_the_exit_code_is_2_in_every_form() {
    for output in ["text", "json", "junit", "short"] {
        let ended = check().args(["--target", "real", "--output", output]).output().unwrap();
        assert_eq!(ended.status.code(), Some(2), "{output}");
        assert!(text(&ended.stdout).contains("CLIENT_SECRET is not set"), "{output}");
    }
}

#[test]
fn a_server_that_is_no_portal_and_no_issuer_fails_with_1_in_every_form() {
    // The control API answers 404 to all of it.
    let up = Running::start(&[]);
    let control = up.ready["control"]["url"].as_str().unwrap().to_owned();
    for output in ["text", "json", "junit", "short"] {
        let mut command = check();
        command.env("PORTAL_URL", &control).env("ISSUER_URL", &control).env("CLIENT_ID", "a").env("CLIENT_SECRET", "b");
        let ended = command.args(["--target", "real", "--output", output]).output().unwrap();
        assert_eq!(ended.status.code(), Some(1), "{output}: {}", text(&ended.stdout));
        assert!(text(&ended.stdout).contains("issuer.discovery"), "{output}");
    }
}

#[test]
fn verbose_prints_the_requests() {
    let ended = check().args(["--target", "mock", "--only", "issuer.jwks", "--verbose"]).output().unwrap();
    let stderr = text(&ended.stderr);
    assert!(stderr.contains("\nGET http://localhost:"), "{stderr}");
    assert!(stderr.contains("/.well-known/openid-configuration 200, "), "{stderr}");
}

#[test]
fn waiting_ends_when_the_time_is_over() {
    let mut command = check();
    command.args(["--target", "real", "--only", "configuration", "--wait", "50ms"]);
    let ended = command.output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(text(&ended.stderr).contains("looking again for 0 s"), "{}", text(&ended.stderr));
}

#[test]
fn json_is_one_document_with_the_result() {
    let ended = check().args(["--target", "mock", "--only", "network,issuer", "--output", "json"]).output().unwrap();
    let json: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(json["result"], "pass", "{json:#}");
    assert_eq!(ended.status.code(), Some(0));
}
