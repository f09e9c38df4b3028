//! What `understudy up` tells people and programs.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::running::{Running, printed};
use crate::{assert_command, understudy};

#[test]
fn one_line_of_json_tells_a_program_all_that_it_needs() {
    let up = Running::start(&["quickstart"]);
    insta::with_settings!({ filters => vec![(r"localhost:\d+", "localhost:[port]"), (r"[0-9a-f]{32}", "[token]")] }, {
        insta::assert_yaml_snapshot!(up.ready, @r#"
        clients:
          - client_id: backstage
            client_secret: backstage-dev-secret
            redirect_uris:
              - "http://localhost:[port]/api/auth/okta/handler/frame"
              - "http://localhost:[port]/api/auth/oidc/handler/frame"
        control:
          page: "http://localhost:[port]/#token=[token]"
          token: [token]
          url: "http://localhost:[port]"
        issuers:
          - issuer: "http://localhost:[port]/oauth2/default"
            jwks_uri: "http://localhost:[port]/oauth2/default/v1/keys"
            kind: okta
            name: okta
            token_endpoint: "http://localhost:[port]/oauth2/default/v1/token"
          - issuer: "http://localhost:[port]"
            jwks_uri: "http://localhost:[port]/oauth2/v1/keys"
            kind: okta
            name: okta-org
            token_endpoint: "http://localhost:[port]/oauth2/v1/token"
          - issuer: "http://localhost:[port]/realms/gloo"
            jwks_uri: "http://localhost:[port]/realms/gloo/protocol/openid-connect/certs"
            kind: keycloak
            name: keycloak
            token_endpoint: "http://localhost:[port]/realms/gloo/protocol/openid-connect/token"
        portal:
          server_url: "http://localhost:[port]/v1"
          url: "http://localhost:[port]"
        scenario: quickstart
        users:
          - password: developer-dev-password
            username: developer
        "#);
    });
}

#[test]
fn variables_say_what_options_would() {
    let mut command = understudy();
    command.env("UNDERSTUDY_SCENARIO", "gloo-gateway").env("UNDERSTUDY_PUBLIC_HOST", "portal.example");
    command.env("UNDERSTUDY_IDP_URL", "https://idp.example/mock").env("UNDERSTUDY_CONTROL_TOKEN", "mine");
    let up = Running::start_with(command, &[]);
    assert_eq!(up.ready["scenario"], "gloo-gateway");
    assert!(up.variable("PORTAL_URL").starts_with("http://portal.example:"));
    assert!(up.variable("ISSUER_URL").starts_with("https://idp.example/mock/"));
    assert_eq!(up.variable("CONTROL_TOKEN"), "mine");
}

#[test]
fn an_option_wins_over_its_variable() {
    let mut command = understudy();
    command.env("UNDERSTUDY_SCENARIO", "no-such").env("UNDERSTUDY_PUBLIC_HOST", "portal.example");
    let up = Running::start_with(command, &["quickstart", "--public-host", "idp.example"]);
    assert!(up.variable("PORTAL_URL").starts_with("http://idp.example:"));
}

#[test]
fn a_sync_from_a_running_stage_gives_the_entities_of_a_stage_of_its_own() {
    for scenario in ["quickstart", "gloo-mesh-flat", "gloo-gateway", "empty-portal"] {
        let up = Running::start(&[scenario]);
        let real =
            understudy().args(["sync", "--target", "real", "--output", "json"]).envs(up.variables()).output().unwrap();
        assert!(real.status.success(), "{}", String::from_utf8_lossy(&real.stderr));
        let mock = understudy().args(["sync", scenario, "--output", "json"]).output().unwrap();
        let entities = |output: &[u8]| -> Value {
            let text = String::from_utf8(output.to_vec()).unwrap();
            let start = text.find("localhost:").unwrap();
            let host = text[start..].split('/').next().unwrap().to_owned();
            serde_json::from_str(&text.replace(&host, "host")).unwrap()
        };
        assert_eq!(entities(&real.stdout), entities(&mock.stdout), "{scenario}");
    }
}

#[test]
fn a_token_endpoint_is_discovered_from_an_issuer() {
    let up = Running::start(&["quickstart"]);
    let mut sync = understudy();
    sync.args(["sync", "--target", "real", "--output", "table"]).envs(up.variables()).env_remove("TOKEN_ENDPOINT");
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
fn each_request_is_a_line_and_a_refusal_says_why() {
    let mut up = Running::start(&["quickstart", "--color", "never"]);
    assert_eq!(up.said(), "target: mock, scenario quickstart");
    let sync = understudy().args(["sync", "--target", "real"]).envs(up.variables()).output().unwrap();
    assert!(sync.status.success());
    let mut wrong = understudy();
    wrong.args(["sync", "--target", "real"]).envs(up.variables()).env("CLIENT_SECRET", "wrong");
    assert!(!wrong.output().unwrap().status.success());
    // Specs are fetched side by side, so the lines are put in order, without their times.
    let mut lines: Vec<String> = (0..6).map(|_| up.said()["12:00:03 ".len()..].to_owned()).collect();
    lines.sort();
    insta::with_settings!({ filters => vec![(r" \d+ms", " [n]ms")] }, {
        insta::assert_snapshot!(lines.join("\n"), @"
        idp GET /oauth2/default/v1/keys gateway 200 [n]ms
        idp POST /oauth2/default/v1/token backstage 200 [n]ms
        idp POST /oauth2/default/v1/token backstage 401 wrong client secret [n]ms
        portal GET /v1/apis 200 2 products [n]ms
        portal GET /v1/apis/petstore-v1/schema 200 11 kB spec [n]ms
        portal GET /v1/apis/tracks-v1/schema 200 10 kB spec [n]ms
        ");
    });
}

#[test]
fn quiet_prints_no_line_a_request() {
    let up = Running::start(&["quickstart", "--quiet"]);
    let sync = understudy().args(["sync", "--target", "real"]).envs(up.variables()).output().unwrap();
    assert!(sync.status.success());
    assert_eq!(up.end(), "");
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_sigterm_end_it_at_once_though_a_connection_is_open() {
    for signal in ["INT", "TERM"] {
        let mut up = Running::start(&["quickstart"]);
        let portal = up.variable("PORTAL_URL").replace("http://localhost", "127.0.0.1");
        let _open = std::net::TcpStream::connect(portal).unwrap();
        assert_eq!(up.signal(signal).code(), Some(0), "{signal}");
    }
}

#[test]
fn the_two_files_hold_what_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let (env_file, app_config) = (folder.path().join("portal.env"), folder.path().join("app-config.yaml"));
    let arguments = ["--env-file", env_file.to_str().unwrap(), "--write-app-config", app_config.to_str().unwrap()];
    let _up = Running::start(&arguments);
    insta::with_settings!({ filters => vec![(r"localhost:\d+", "localhost:[port]")] }, {
        insta::assert_snapshot!(fs::read_to_string(&env_file).unwrap(), @"
        PORTAL_URL=http://localhost:[port]
        PORTAL_SERVER_URL=http://localhost:[port]/v1
        CLIENT_ID=backstage
        CLIENT_SECRET=backstage-dev-secret
        ISSUER_URL=http://localhost:[port]/oauth2/default
        TOKEN_ENDPOINT=http://localhost:[port]/oauth2/default/v1/token
        ");
        insta::assert_snapshot!(fs::read_to_string(&app_config).unwrap(), @r#"
        glooPlatformPortal:
          backend:
            portalServerUrl: http://localhost:[port]/v1
            tokenEndpoint: http://localhost:[port]/oauth2/default/v1/token
            # keycloak: http://localhost:[port]/realms/gloo/protocol/openid-connect/token
            clientId: backstage
            clientSecret: backstage-dev-secret
            # Short on purpose: a token endpoint as quick as this one may answer before Backstage has
            # connected the plugin. Its first sync then fails with "Not initialized", and the catalog
            # stays empty until the next one, a syncFrequency later.
            syncFrequency:
              hours: 0
              minutes: 0
              seconds: 10
              milliseconds: 0
            syncTimeout:
              hours: 0
              minutes: 0
              seconds: 5
              milliseconds: 0
            debugLogging: false
        "#);
    });
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&env_file).unwrap().permissions()) & 0o777, 0o600);
}

#[test]
fn text_tells_a_person_what_to_paste() {
    let text = printed(&["up", "--portal-port", "0", "--idp-port", "0"]);
    insta::with_settings!({ filters => vec![(r"localhost:\d+", "localhost:[port]"), (r"[0-9a-f]{32}", "[token]")] }, {
        insta::assert_snapshot!(text, @r#"
        Up: quickstart

          portal    http://localhost:[port]/v1  (Gloo Mesh Gateway, 2 products, 2 versions)
          okta      http://localhost:[port]/oauth2/default
          okta-org  http://localhost:[port]
          keycloak  http://localhost:[port]/realms/gloo
          control   http://localhost:[port]  (Authorization: Bearer [token])
          page      http://localhost:[port]/#token=[token]

        In a shell (then `understudy sync --target real` syncs from here):

        export PORTAL_URL=http://localhost:[port]
        export PORTAL_SERVER_URL=http://localhost:[port]/v1
        export CLIENT_ID=backstage
        export CLIENT_SECRET=backstage-dev-secret
        export ISSUER_URL=http://localhost:[port]/oauth2/default
        export TOKEN_ENDPOINT=http://localhost:[port]/oauth2/default/v1/token

        In app-config.local.yaml, for the plugin:

        glooPlatformPortal:
          backend:
            portalServerUrl: http://localhost:[port]/v1
            tokenEndpoint: http://localhost:[port]/oauth2/default/v1/token
            # keycloak: http://localhost:[port]/realms/gloo/protocol/openid-connect/token
            clientId: backstage
            clientSecret: backstage-dev-secret
            # Short on purpose: a token endpoint as quick as this one may answer before Backstage has
            # connected the plugin. Its first sync then fails with "Not initialized", and the catalog
            # stays empty until the next one, a syncFrequency later.
            syncFrequency:
              hours: 0
              minutes: 0
              seconds: 10
              milliseconds: 0
            syncTimeout:
              hours: 0
              minutes: 0
              seconds: 5
              milliseconds: 0
            debugLogging: false

        Ctrl-C ends it.
        "#);
    });
}

#[test]
fn public_names_are_what_others_are_told() {
    let up = Running::start(&["--public-host", "host.docker.internal", "--idp-url", "https://idp.example.com/mock"]);
    assert!(up.variable("PORTAL_URL").starts_with("http://host.docker.internal:"));
    assert_eq!(up.variable("ISSUER_URL"), "https://idp.example.com/mock/oauth2/default");
}

#[test]
fn a_stage_that_hangs_on_standard_input_ends_with_it() {
    for start in [Running::start_with as fn(_, &[&str]) -> _, Running::serve_with] {
        let mut command = understudy();
        command.stdin(Stdio::piped());
        let mut running = start(command, &["--end-with-stdin"]);
        assert_eq!(running.end_stdin().code(), Some(0));
    }
}

#[test]
fn a_scenario_from_standard_input_cannot_hold_it_open_too() {
    assert_command!(understudy().args(["up", "-", "--end-with-stdin"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: standard input can't both hold the scenario and stay open: give it as a file
    ");
}
