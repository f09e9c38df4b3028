//! `understudy up` in a process of its own, as people and programs run it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::{assert_command, understudy};

/// A running `understudy up --output json` on free ports; it ends with this value.
pub(crate) struct Running {
    process: Child,
    stderr: BufReader<ChildStderr>,
    pub(crate) ready: Value,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = understudy();
        command.args(["up", "--portal-port", "0", "--idp-port", "0", "--output", "json"]).args(arguments);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| {
            let mut said = String::new();
            stderr.read_to_string(&mut said).unwrap();
            panic!("`up` is not ready: {said}")
        });
        Self { process, stderr, ready }
    }

    /// The guide's variables, as `up` tells them.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        ["PORTAL_URL", "ISSUER_URL", "TOKEN_ENDPOINT", "CLIENT_ID", "CLIENT_SECRET"]
            .map(|name| (name, self.variable(name)))
            .into()
    }

    pub(crate) fn variable(&self, name: &str) -> String {
        let pointer = match name {
            "PORTAL_URL" => "/portal/url",
            "ISSUER_URL" => "/issuers/0/issuer",
            "TOKEN_ENDPOINT" => "/issuers/0/token_endpoint",
            "CLIENT_ID" => "/clients/0/client_id",
            "CLIENT_SECRET" => "/clients/0/client_secret",
            other => panic!("`up` tells no {other}"),
        };
        self.ready.pointer(pointer).unwrap().as_str().unwrap().to_owned()
    }

    pub(crate) fn token_endpoint(&self, kind: &str) -> String {
        let issuers = self.ready["issuers"].as_array().unwrap();
        let issuer = issuers.iter().find(|issuer| issuer["kind"] == kind).unwrap();
        issuer["token_endpoint"].as_str().unwrap().to_owned()
    }

    /// The next line on stderr.
    fn said(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.stderr.read_line(&mut line).unwrap(), 0, "`up` says no more");
        line.trim_end().to_owned()
    }

    /// Saves `mine.yaml` as editors do: a new file takes the old one's place.
    fn saves(&self, folder: &TempDir, text: &str) {
        let draft = folder.path().join("mine.yaml~");
        fs::write(&draft, text).unwrap();
        fs::rename(draft, folder.path().join("mine.yaml")).unwrap();
    }

    /// The next line that is about neither the target nor a request.
    fn said_of_the_scenario(&mut self) -> String {
        loop {
            let line = self.said();
            let about_a_request = line.contains(" idp ") || line.contains(" portal GET ");
            if !about_a_request && !line.starts_with("target:") {
                return line;
            }
        }
    }

    #[cfg(unix)]
    fn signal(&mut self, name: &str) -> ExitStatus {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
        self.process.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn one_line_of_json_tells_a_program_all_that_it_needs() {
    let up = Running::start(&["quickstart"]);
    insta::with_settings!({ filters => vec![(r"localhost:\d+", "localhost:[port]")] }, {
        insta::assert_yaml_snapshot!(up.ready, @r#"
        clients:
          - client_id: backstage
            client_secret: backstage-dev-secret
            redirect_uris:
              - "http://localhost:[port]/api/auth/okta/handler/frame"
              - "http://localhost:[port]/api/auth/oidc/handler/frame"
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
        idp GET /oauth2/default/v1/keys 200 [n]ms
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
    let mut up = Running::start(&["quickstart", "--quiet"]);
    let sync = understudy().args(["sync", "--target", "real"]).envs(up.variables()).output().unwrap();
    assert!(sync.status.success());
    #[cfg(unix)]
    up.signal("TERM");
    let mut said = String::new();
    let _ = up.process.kill();
    up.stderr.read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
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
    let mut command = understudy();
    command.args(["up", "--portal-port", "0", "--idp-port", "0", "--color", "never"]);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut text = String::new();
    for line in lines {
        text.push_str(&line);
        text.push('\n');
        if line.starts_with("Ctrl-C") {
            break;
        }
    }
    process.kill().unwrap();
    process.wait().unwrap();
    insta::with_settings!({ filters => vec![(r"localhost:\d+", "localhost:[port]")] }, {
        insta::assert_snapshot!(text, @r#"
        Up: quickstart

          portal    http://localhost:[port]/v1  (Gloo Mesh Gateway, 2 products, 2 versions)
          okta      http://localhost:[port]/oauth2/default
          okta-org  http://localhost:[port]
          keycloak  http://localhost:[port]/realms/gloo

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
fn a_change_of_the_scenario_file_is_one_change_of_the_world() {
    let (folder, mut up) = start_mine("portal: {products: [{id: petstore, versions: [{name: v1}]}]}");
    assert_eq!(apis(&up), ["petstore-v1"]);
    up.saves(&folder, "portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}]}]}");
    assert_eq!(up.said_of_the_scenario(), "reloaded mine: 1 product, 2 versions");
    assert_eq!(apis(&up), ["petstore-v1", "petstore-v2"]);
}

#[test]
fn a_mistake_in_a_saved_file_is_told_and_the_last_good_world_stays() {
    let (folder, mut up) = start_mine("portal: {products: [{id: petstore, versions: [{name: v1}]}]}");
    up.saves(&folder, "portal: {produts: []}");
    assert_eq!(up.said_of_the_scenario(), "error: unknown key `produts` in `portal`: did you mean `products`?");
    while up.said() != "The mocks go on with the last good scenario." {}
    assert_eq!(apis(&up), ["petstore-v1"]);
    up.saves(&folder, "portal: {products: []}");
    assert_eq!(up.said_of_the_scenario(), "reloaded mine: 0 products, 0 versions");
    assert_eq!(apis(&up), [""; 0]);
}

#[test]
fn a_document_beside_the_scenario_is_followed_too() {
    let (folder, mut up) = start_mine("portal: {products: [{id: petstore, versions: [{name: v1}]}]}");
    let documents = folder.path().join("documents");
    fs::create_dir(&documents).unwrap();
    fs::write(documents.join("a.json"), r#"{"openapi":"3.0.3"}"#).unwrap();
    let text = "portal: {products: [{id: petstore, versions: [{name: v1, spec: ./documents/a.json}]}]}";
    up.saves(&folder, text);
    assert_eq!(up.said_of_the_scenario(), "reloaded mine: 1 product, 1 version");
    fs::write(documents.join("a.json"), r#"{"openapi":"3.1.0"}"#).unwrap();
    assert_eq!(up.said_of_the_scenario(), "reloaded mine: 1 product, 1 version");
}

#[test]
fn changed_credentials_are_said_to_differ_from_what_was_printed() {
    let (folder, mut up) = start_mine("identity: {clients: [{id: a, secret: one}]}");
    up.saves(&folder, "identity: {clients: [{id: b, secret: two}]}");
    assert_eq!(up.said_of_the_scenario(), "reloaded mine: 0 products, 0 versions");
    let said = up.said();
    assert!(said.starts_with("The variables and the app-config that were printed have changed"), "{said}");
}

/// A folder with `mine.yaml` in it, and `up` playing that.
fn start_mine(text: &str) -> (TempDir, Running) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.yaml");
    fs::write(&path, text).unwrap();
    let up = Running::start(&[path.to_str().unwrap()]);
    (folder, up)
}

/// The APIs that a sync from there gives.
fn apis(up: &Running) -> Vec<String> {
    let sync =
        understudy().args(["sync", "--target", "real", "--output", "json"]).envs(up.variables()).output().unwrap();
    assert!(sync.status.success(), "{}", String::from_utf8_lossy(&sync.stderr));
    let entities: Vec<Value> = serde_json::from_slice(&sync.stdout).unwrap();
    let apis = entities.iter().filter(|entity| entity["kind"] == "API");
    apis.map(|api| api["metadata"]["name"].as_str().unwrap().to_owned()).collect()
}
