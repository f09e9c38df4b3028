//! What goes wrong, and what the user is told: each with its message and exit code.

use std::fs;
use std::net::TcpListener;

use crate::running::Running;
use crate::{assert_command, understudy};

#[test]
fn a_scenario_that_does_not_exist_is_answered_with_the_nearest_name() {
    assert_command!(understudy().args(["sync", "quikstart"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: there is no bundled scenario `quikstart`: did you mean `quickstart`?
    bundled are `quickstart`, `gloo-mesh-flat`, `gloo-gateway`, `empty-portal`, and the hazards of `understudy scenarios list --suite hazards`; a scenario of your own is named by its path, such as `./quikstart.yaml`
    ");
}

#[test]
fn a_file_that_does_not_exist_is_named() {
    assert_command!(understudy().args(["sync", "./no-such.yaml"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: can't read `./no-such.yaml`: there is no such file or folder
    ");
}

#[test]
fn a_misspelt_key_is_shown_with_its_place_and_the_nearest_word() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.yaml"), "portal:\n  produts:\n    - id: petstore\n").unwrap();
    assert_command!(understudy().args(["up", "mine.yaml"]).current_dir(folder.path()), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: unknown key `produts` in `portal`: did you mean `products`?
     --> mine.yaml:2:3
      |
    2 |   produts:
      |   ^^^^^^^
      |
      = help: what may stand there: `family`, `shape`, `inlineSpecs`, `visibility`, `auth`, `products`, `usagePlans`
    ");
}

#[test]
fn a_missing_variable_is_named_with_where_to_find_its_value() {
    assert_command!(
        understudy().args(["sync", "--target", "real"]).envs([("PORTAL_URL", "http://localhost:1"), ("CLIENT_ID", "backstage")]),
        @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: 2 variables are not set:
      TOKEN_ENDPOINT (or ISSUER_URL): where tokens come from. Okta: Security > API > Authorization Servers > the server > Issuer URI is ISSUER_URL, and TOKEN_ENDPOINT is that with /v1/token after it. Keycloak: ISSUER_URL is https://HOST/realms/REALM, and TOKEN_ENDPOINT is that with /protocol/openid-connect/token after it
      CLIENT_SECRET: the secret of the portal's service account. Okta: Applications > the app > General > Client Credentials > Client Secrets. Keycloak: Clients > the client > Credentials > Client Secret
    "
    );
}

#[test]
fn a_scenario_beside_a_real_target_is_a_usage_error() {
    assert_command!(understudy().args(["sync", "quickstart", "--target", "real"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: a scenario says what a mock shows, and a real target shows its own content: leave out either `quickstart` or `--target real`
    ");
}

#[test]
fn a_taken_port_is_named_with_what_to_do() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = understudy().args(["up", "--idp-port", "0", "--portal-port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap().replace(&port, "[port]"), @"
    target: mock, scenario quickstart
    error: the portal's port [port] is taken, perhaps by another `understudy up`; end that, or choose another port with --portal-port (0 takes any free one)
    ");
}

#[test]
fn one_port_for_both_is_a_usage_error() {
    assert_command!(understudy().args(["up", "--portal-port", "8080", "--idp-port", "8080"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    target: mock, scenario quickstart
    error: the portal and the idp can't both have port 8080; choose another with --portal-port or --idp-port
    ");
}

#[test]
fn a_wrong_secret_is_told_in_oktas_words_and_never_echoed() {
    let up = Running::start(&["quickstart"]);
    let mut sync = understudy();
    sync.args(["sync", "--target", "real"]).envs(up.variables()).env("CLIENT_SECRET", "wrong-0123");
    let output = sync.output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("wrong-0123"));
    assert_command!(sync, @"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    set but unused, since TOKEN_ENDPOINT is set: ISSUER_URL
    target: real, http://localhost:[port]/v1
    error: the token endpoint http://localhost:[port]/oauth2/default/v1/token refused the client: 401 Unauthorized, invalid_client: The client secret supplied for a confidential client is invalid. Copy the client secret again: Okta, Applications > the app > General > Client Credentials > Client Secrets
    ");
}

#[test]
fn a_wrong_secret_is_told_in_keycloaks_words() {
    let up = Running::start(&["quickstart"]);
    let mut sync = understudy();
    sync.args(["sync", "--target", "real"]).envs(up.variables()).env("CLIENT_SECRET", "wrong-0123");
    sync.env("TOKEN_ENDPOINT", up.token_endpoint("keycloak"));
    assert_command!(sync, @"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    set but unused, since TOKEN_ENDPOINT is set: ISSUER_URL
    target: real, http://localhost:[port]/v1
    error: the token endpoint http://localhost:[port]/realms/gloo/protocol/openid-connect/token refused the client: 401 Unauthorized, unauthorized_client: Invalid client or Invalid client credentials. Copy the client secret again: Keycloak, Clients > the client > Credentials > Client Secret
    ");
}

#[test]
fn an_unknown_client_is_told_though_okta_names_no_error() {
    let up = Running::start(&["quickstart"]);
    let mut sync = understudy();
    sync.args(["sync", "--target", "real"]).envs(up.variables()).env("CLIENT_ID", "nobody");
    assert_command!(sync, @"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    set but unused, since TOKEN_ENDPOINT is set: ISSUER_URL
    target: real, http://localhost:[port]/v1
    error: the token endpoint http://localhost:[port]/oauth2/default/v1/token refused the client: 400 Bad Request, invalid_client: Invalid value for 'client_id' parameter. Okta does not know this client id. It is under Applications > the app > General > Client Credentials > Client ID
    ");
}

#[test]
fn a_portal_that_is_down_is_unreachable() {
    let up = Running::start(&["quickstart"]);
    // Port 1 is never given to anybody who asks for any free one.
    let mut sync = understudy();
    sync.args(["sync", "--target", "real"]).envs(up.variables());
    sync.env_remove("PORTAL_URL").env("PORTAL_SERVER_URL", "http://127.0.0.1:1/v1");
    assert_command!(sync, @"
    success: false
    exit_code: 3
    ----- stdout -----

    ----- stderr -----
    set but unused, since TOKEN_ENDPOINT is set: ISSUER_URL
    target: real, http://127.0.0.1:[port]/v1
    error: the portal cannot be reached at http://127.0.0.1:[port]/v1/apis: Connection refused. Is it running, and is the port right?
    ");
}

#[test]
fn a_portal_url_that_is_no_portal_is_told() {
    let up = Running::start(&["quickstart"]);
    let mut sync = understudy();
    sync.args(["sync", "--target", "real"]).envs(up.variables());
    sync.env_remove("PORTAL_URL").env("PORTAL_SERVER_URL", up.variable("ISSUER_URL"));
    assert_command!(sync, @r#"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    set but unused, since TOKEN_ENDPOINT is set: ISSUER_URL
    target: real, http://localhost:[port]/oauth2/default
    error: no portal at http://localhost:[port]/oauth2/default: /apis gave 404 Not Found, "{"errorCode":"E0000008","errorSummary":"The requested path was not found","errorLink":"E0000008","errorId":"oaeZNMAWPO1rAdXX_7EVSS1cC","errorCauses":[]}"; /api-products gave 404 Not Found, "{"errorCode":"E0000008","errorSummary":"The requested path was not found","errorLink":"E0000008","errorId":"oaeNxlYSKDpqvKNZx1tMjS7Wq","errorCauses":[]}". Check the portal's URL: its path usually ends in /v1
    "#);
}

#[test]
fn a_host_that_is_a_url_is_refused() {
    for command in ["up", "serve"] {
        let output = understudy().args([command, "--public-host", "http://portal.example"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{command}");
        let error = String::from_utf8(output.stderr).unwrap();
        insta::allow_duplicates! {
            insta::assert_snapshot!(error.lines().next().unwrap(), @"error: invalid value 'http://portal.example' for '--public-host <NAME>': a host is a name or an address by itself, such as host.docker.internal, 10.0.0.2 or [::1]");
        }
    }
}

#[test]
fn an_url_without_a_scheme_is_a_usage_error() {
    assert_command!(understudy().args(["up", "--portal-url", "portal.example.com"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: invalid value 'portal.example.com' for '--portal-url <URL>': it is no URL; one looks like http://host:31080

    For more information, try '--help'.
    ");
}
