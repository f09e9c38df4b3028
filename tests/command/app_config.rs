//! Backstage's configuration files in place of the variables.

use std::fs;

use crate::running::Running;
use crate::{assert_command, understudy};

#[test]
fn what_up_writes_for_the_plugin_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app-config.portal.yaml");
    let _up = Running::start(&["--write-app-config", path.to_str().unwrap()]);
    let mut sync = understudy();
    sync.args(["sync", "--output", "table", "--app-config", path.to_str().unwrap()]);
    assert_command!(sync, @"
    success: true
    exit_code: 0
    ----- stdout -----
    KIND    NAME                                  TITLE                      DEFINITION
    Group   solo-io-service-accounts
    User    gloo-platform-portal-service-account
    System  gloo-platform-portal-apis             Gloo Platform Portal APIs
    API     petstore-v1                           petstore-v1                11.8 kB
    API     tracks-v1                             tracks-v1                  10.6 kB

    ----- stderr -----
    target: real, http://localhost:[port]/v1
    5 entities from http://localhost:[port]/v1 in [n] ms. Next: understudy sync --target real --output yaml > portal-apis.yaml
    ");
    let mut serve = Running::serve(&["--app-config", path.to_str().unwrap()]);
    serve.says("5 entities from");
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("app-config.yaml"), "glooPlatformPortal:\n  backend:\n    clientId: 12\n").unwrap();
    let text = "glooPlatformPortal:\n  backend:\n    portalServerUrl: http://localhost:1\n    tokenEndpoint: ${TOKEN_ENDPOINT}\n";
    fs::write(folder.path().join("app-config.local.yaml"), text).unwrap();
    let mut sync = understudy();
    sync.current_dir(folder.path());
    sync.args(["sync", "--app-config", "app-config.yaml", "--app-config", "app-config.local.yaml"]);
    assert_command!(sync, @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: `tokenEndpoint` is left out, since `${TOKEN_ENDPOINT}` is not set
     --> app-config.local.yaml:4:20
      |
    4 |     tokenEndpoint: ${TOKEN_ENDPOINT}
      |                    ^^^^^^^^^^^^^^^^^
      |
      = help: Okta: the authorization server's issuer with /v1/token after it. Keycloak: https://HOST/realms/REALM/protocol/openid-connect/token. Or give `issuerUrl`

    `clientId` must be a text, and is a number
     --> app-config.yaml:3:15
      |
    3 |     clientId: 12
      |               ^^
      |
      = help: put it in quotes

    `glooPlatformPortal.backend` has no `clientSecret`
     --> app-config.local.yaml:3:5
      |
    3 |     portalServerUrl: http://localhost:[port]
      |     ^
      |
      = help: it is the secret of the portal's service account

    warning: `portalServerUrl` does not end in /v1, where portals have their REST API
     --> app-config.local.yaml:3:22
      |
    3 |     portalServerUrl: http://localhost:[port]
      |                      ^^^^^^^^^^^^^^^^^^
      |
      = help: the plugin adds nothing to it; it is probably http://localhost:[port]/v1
    ");
}

#[test]
fn a_scenario_or_mocks_beside_it_are_a_usage_error() {
    assert_command!(understudy().args(["sync", "quickstart", "--app-config", "app-config.yaml"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: a scenario says what a mock shows, and a real target shows its own content: leave out either `quickstart` or `--app-config`
    ");
    assert_command!(understudy().args(["serve", "--port", "0", "--target", "mock", "--app-config", "a.yaml"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: --app-config names real servers, and `--target mock` starts its own: leave out either
    ");
}

#[test]
fn debug_logging_tells_of_each_sync_and_shows_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app-config.portal.yaml");
    let _up = Running::start(&["--write-app-config", path.to_str().unwrap()]);
    let text = fs::read_to_string(&path).unwrap().replace("debugLogging: false", "debugLogging: true");
    fs::write(&path, text).unwrap();
    let mut serve = Running::serve(&["--verbose", "--app-config", path.to_str().unwrap()]);
    serve.says("none changed");
    let said = serve.end();
    assert!(!said.contains("eyJ") && !said.contains("backstage-dev-secret"), "{said}");
}
