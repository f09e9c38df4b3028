//! Real servers in place of mocks: both, or one of the two. What is real here is `up` in another process.

use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use base64::Engine as _;
use http::HeaderMap;
use understudy::{Scenario, Server, Stage};

use crate::running::Running;
use crate::{assert_command, understudy};

/// `run` with what `up` tells of itself.
fn run(up: &Running) -> Command {
    let mut run = understudy();
    run.arg("run").envs(up.variables()).env_remove("ISSUER_URL");
    run
}

#[test]
fn a_run_plays_what_only_reads_and_tells_why_it_skips_the_rest() {
    let up = Running::start(&["quickstart"]);
    let output = run(&up).args(["--target", "real"]).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}");
    let of = |name: &str| {
        let line = told.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("no {name} in {told}"));
        line.rsplit_once(" (").unwrap().0.to_owned()
    };
    let lines = [
        "first-sync-is-whole",
        "every-entity-is-valid",
        "second-sync-changes-nothing",
        "many-syncs-lose-nothing",
        "restart-loses-nothing",
        "portal-is-only-read",
        "list-answers-401",
        "product-removed",
        "token-revoked",
        "signing-keys-rotated",
        "portal-restarted",
        "long-idle",
        "ids-that-make-one-name",
    ];
    insta::assert_snapshot!(lines.map(of).join("\n"), @"
    ok first-sync-is-whole
    ok every-entity-is-valid
    ok second-sync-changes-nothing
    ok many-syncs-lose-nothing
    ok restart-loses-nothing
    ok portal-is-only-read
    skipped list-answers-401: `fault status 401 on portal`: a real portal has no faults to be played
    skipped product-removed: `change: remove product tracks`: a real portal is left as it is
    skipped token-revoked: `tokens: revoke those issued`: a real portal takes the tokens that it takes
    skipped signing-keys-rotated: `keys: rotate those of okta`: a real identity provider keeps its keys
    skipped portal-restarted: `restart portal`: a real portal is not started anew
    skipped long-idle: `clock: advance 720h`: a real portal has a clock of its own
    skipped ids-that-make-one-name: `change: add product orders`: a real portal is left as it is
    ");
    let summary = told.lines().last().unwrap();
    assert!(summary.starts_with("6 passed, 97 skipped, in "), "{summary}");
}

#[test]
fn a_run_of_which_nothing_fits_fails() {
    let up = Running::start(&["quickstart"]);
    assert_command!(run(&up).args(["--target", "real", "list-answers-401"]), @"
    success: false
    exit_code: 1
    ----- stdout -----
    skipped list-answers-401: `fault status 401 on portal`: a real portal has no faults to be played ([n] ms)
    1 skipped, in [n] ms, with seed 0

    ----- stderr -----
    target: real, http://localhost:[port]/v1
    subject: provider, 1 scenario, seed 0
    error: nothing was checked: the scenario was skipped
    ");
}

#[test]
fn a_run_on_servers_that_refuse_or_are_not_there_plays_nothing() {
    let up = Running::start(&["quickstart"]);
    let mut wrong = run(&up);
    wrong.args(["--target", "real"]).env("CLIENT_SECRET", "not-the-secret");
    assert_command!(wrong, @"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    target: real, http://localhost:[port]/v1
    subject: provider, 103 scenarios, seed 0
    error: the token endpoint http://localhost:[port]/oauth2/default/v1/token refused the client: 401 Unauthorized, invalid_client: The client secret supplied for a confidential client is invalid. Copy the client secret again: Okta, Applications > the app > General > Client Credentials > Client Secrets
    ");
    let mut nobody = run(&up);
    nobody.args(["--target", "real"]).env("PORTAL_URL", "http://localhost:1");
    let output = nobody.output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn nothing_is_written_to_a_real_target() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stage = runtime.block_on(Stage::start(Scenario::find("gloo-gateway").unwrap())).unwrap();
    for arguments in [&["sync"][..], &["run"][..]] {
        let mut command = understudy();
        command.args(arguments).args(["--target", "real"]).envs(stage.variables().unwrap());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let exchanges = stage.journal().exchanges();
    assert!(exchanges.len() > 20);
    for exchange in exchanges {
        let is_reading = exchange.method == http::Method::GET;
        let is_token = exchange.server == Server::Idp && exchange.path.ends_with("/token");
        assert!(is_reading || is_token, "{} {}", exchange.method, exchange.path);
    }
}

#[test]
fn a_command_is_played_on_a_real_target_and_told_where_it_is() {
    let up = Running::start(&["quickstart"]);
    let itself = insta_cmd::get_cargo_bin("understudy");
    let exec = format!("exec:'{}' sync --target real --output json", itself.display());
    let mut command = run(&up);
    command.args(["--target", "real", "second-sync-changes-nothing", "every-entity-is-valid", "--subject", &exec]);
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("2 passed"), "{told}");
    assert!(!told.contains("backstage-dev-secret"), "{told}");
}

#[test]
fn a_subject_that_is_watched_by_what_it_asks_of_mocks_is_refused() {
    let up = Running::start(&["quickstart"]);
    assert_command!(run(&up).args(["--target", "real", "--subject", "backstage:http://localhost:7007"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    target: real, http://localhost:[port]/v1
    error: on real servers the subjects `provider` and `exec:` can be played: one at an address is watched by what it asks of mocks. `understudy check --backstage URL` looks into a Backstage that runs
    ");
}

#[test]
fn a_mock_portal_trusts_the_tokens_of_a_real_identity_provider() {
    let up = Running::start(&["quickstart"]);
    let mut sync = understudy();
    sync.args(["sync", "gloo-gateway", "--idp", "real", "--output", "table"]).envs(up.variables());
    sync.env("TOKEN_ENDPOINT", up.token_endpoint("keycloak")).env_remove("ISSUER_URL");
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
    set but unused, since the portal is a mock: PORTAL_URL
    target: mock portal, scenario gloo-gateway; real idp, http://localhost:[port]/realms/gloo/protocol/openid-connect/token
    5 entities from http://localhost:[port] in [n] ms. Next: understudy sync --target real
    ");
}

#[test]
fn hazards_are_played_with_the_tokens_of_a_real_identity_provider() {
    let up = Running::start(&["quickstart"]);
    let mut hazards = run(&up);
    hazards.args(["--idp", "real", "--jobs", "1", "list-answers-401", "product-removed", "signing-keys-rotated"]);
    assert_command!(hazards, @"
    success: true
    exit_code: 0
    ----- stdout -----
    ok list-answers-401 ([n] ms)
    ok product-removed ([n] ms)
    skipped signing-keys-rotated: `keys: rotate those of okta`: a real identity provider keeps its keys ([n] ms)
    2 passed, 1 skipped, in [n] ms, with seed 0

    ----- stderr -----
    set but unused, since the portal is a mock: PORTAL_URL
    target: mock portals; real idp, http://localhost:[port]/oauth2/default/v1/token
    subject: provider, 3 scenarios, seed 0
    ");
}

#[test]
fn a_real_portal_is_read_with_the_tokens_of_a_mock_identity_provider() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let list = {
        let seen = Arc::clone(&seen);
        move |headers: HeaderMap| async move {
            let token = headers["authorization"].to_str().unwrap().trim_start_matches("Bearer ").to_owned();
            seen.lock().unwrap().push(token);
            "[]"
        }
    };
    let portal = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/v1/apis", get(list))).await });
        format!("http://{address}")
    });
    let mut sync = understudy();
    sync.args(["sync", "--portal", "real", "--idp-port", "0", "--output", "table"]);
    sync.env("PORTAL_URL", portal).env("CLIENT_SECRET", "of-nobody");
    assert_command!(sync, @"
    success: true
    exit_code: 0
    ----- stdout -----
    KIND    NAME                                  TITLE                      DEFINITION
    Group   solo-io-service-accounts
    User    gloo-platform-portal-service-account
    System  gloo-platform-portal-apis             Gloo Platform Portal APIs

    ----- stderr -----
    set but unused, since the identity provider is a mock: CLIENT_SECRET
    target: real portal, http://127.0.0.1:[port]/v1; mock idp, scenario quickstart
    The portal must trust the issuer http://localhost:[port]/oauth2/default, whose keys are at http://localhost:[port]/oauth2/default/v1/keys
    3 entities from http://127.0.0.1:[port]/v1 in [n] ms. Next: understudy sync --target real, once the portal trusts the real identity provider
    ");
    let token = seen.lock().unwrap().pop().unwrap();
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert!(claims["iss"].as_str().unwrap().ends_with("/oauth2/default"), "{claims}");
}

#[test]
fn what_a_mixed_target_needs_is_told_and_what_it_does_not() {
    assert_command!(understudy().args(["sync", "--idp", "real"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: 3 variables are not set:
      TOKEN_ENDPOINT (or ISSUER_URL): where tokens come from. Okta: Security > API > Authorization Servers > the server > Issuer URI is ISSUER_URL, and TOKEN_ENDPOINT is that with /v1/token after it. Keycloak: ISSUER_URL is https://HOST/realms/REALM, and TOKEN_ENDPOINT is that with /protocol/openid-connect/token after it
      CLIENT_ID: the id of the portal's service account. Okta: Applications > the app > General > Client Credentials > Client ID. Keycloak: Clients > the client > Settings > Client ID
      CLIENT_SECRET: the secret of the portal's service account. Okta: Applications > the app > General > Client Credentials > Client Secrets. Keycloak: Clients > the client > Credentials > Client Secret
    The portal is a mock: PORTAL_URL, PORTAL_SERVER_URL need not be set
    ");
    assert_command!(understudy().args(["sync", "--portal", "real"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: PORTAL_URL (or PORTAL_SERVER_URL) is not set. It is the address of the portal's REST server, such as https://developer.example.com: the host of the portal's RouteTable or HTTPRoute
    The identity provider is a mock: TOKEN_ENDPOINT, ISSUER_URL, CLIENT_ID, CLIENT_SECRET, SCOPE need not be set
    ");
}

#[test]
fn variables_that_a_configuration_does_not_ask_for_are_said_to_be_unused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app-config.yaml");
    let _up = Running::start(&["--write-app-config", path.to_str().unwrap()]);
    let mut sync = understudy();
    sync.args(["sync", "--output", "table", "--app-config", path.to_str().unwrap()])
        .env("PORTAL_URL", "http://localhost:1");
    let output = sync.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("set but unused, since --app-config names the servers: PORTAL_URL\n"), "{told}");
}

#[test]
fn a_real_secret_is_not_told_beside_a_mock_portal() {
    let up = Running::start(&["quickstart"]);
    let mut command = understudy();
    command.envs(up.variables());
    let mut serve = Running::serve_with(command, &["--idp", "real"]);
    serve.says("5 entities from");
    assert!(!serve.ready.to_string().contains("backstage-dev-secret"), "{}", serve.ready);
}

#[test]
fn up_beside_a_real_identity_provider_tells_all_but_the_secret() {
    let idp = Running::start(&["quickstart"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app-config.yaml");
    let mut command = understudy();
    command.envs(idp.variables()).env("TOKEN_ENDPOINT", idp.token_endpoint("keycloak")).env_remove("ISSUER_URL");
    let up = Running::start_with(command, &["--idp", "real", "--write-app-config", path.to_str().unwrap()]);
    assert!(!up.ready.to_string().contains("backstage-dev-secret"), "{}", up.ready);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("clientSecret: ${CLIENT_SECRET}\n"), "{text}");
    let mut sync = understudy();
    sync.args(["sync", "--output", "table", "--app-config", path.to_str().unwrap()]);
    sync.env("CLIENT_SECRET", idp.variable("CLIENT_SECRET"));
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
}

#[test]
fn check_looks_at_a_real_identity_provider_before_a_mock_portal() {
    let up = Running::start(&["quickstart"]);
    let mut check = understudy();
    check.args(["check", "--idp", "real", "--only", "token,portal", "--output", "short"]).envs(up.variables());
    let output = check.output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    assert!(told.contains("target: mock portal, scenario quickstart; real idp, http://localhost:"), "{told}");
}

#[test]
fn check_reads_a_log_from_standard_input() {
    let mut check = understudy();
    check.args(["check", "--log", "-", "--output", "short"]);
    let log = "catalog info gloo-platform-portal: Initializing GlooPlatformPortalProvider. \n";
    assert_command!(check.pass_stdin(log), @"
    success: false
    exit_code: 1
    ----- stdout -----
    fail log.scheduled: the plugin started (line 1), and its sync was never scheduled up to line 1, the last: no first token came -> Mend what the identity provider says (`understudy check --only client` asks it the same), then restart Backstage: the plugin asks for its first token once, and never syncs without.
    fail: 12 passed, 1 failed

    ----- stderr -----
    error: 1 check failed
    ");
}
