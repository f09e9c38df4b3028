//! `up --tls` and `run --tls`: what people, programs and subjects are told, and that it is enough.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::running::Running;
use crate::{assert_command, understudy};

fn start(folder: &Path, arguments: &[&str]) -> Running {
    let mut all = vec!["--tls", "--tls-dir", folder.to_str().unwrap()];
    all.extend(arguments);
    Running::start(&all)
}

#[test]
fn a_program_is_told_https_everywhere_but_for_the_control_api_and_what_to_trust() {
    let folder = tempfile::tempdir().unwrap();
    let up = start(folder.path(), &[]);
    assert_eq!(up.ready["ca_file"], folder.path().join("ca.pem").to_str().unwrap());
    let ready = up.ready.to_string();
    let plain: Vec<&str> = ready.split('"').filter(|text| text.starts_with("http://")).collect();
    // The redirect URIs are the scenario's, and belong to a Backstage.
    let others: Vec<_> = plain.into_iter().filter(|url| !url.contains("/api/auth/")).collect();
    let control = up.variable("CONTROL_URL");
    assert_eq!(others, [format!("{control}/#token={}", up.variable("CONTROL_TOKEN")), control]);
    for url in ["PORTAL_URL", "ISSUER_URL", "TOKEN_ENDPOINT"] {
        assert!(up.variable(url).starts_with("https://localhost:"), "{url}");
    }
}

#[test]
fn the_variables_and_the_app_config_are_enough_for_a_sync() {
    let folder = tempfile::tempdir().unwrap();
    let (env_file, app_config) = (folder.path().join("portal.env"), folder.path().join("app-config.yaml"));
    let files = ["--env-file", env_file.to_str().unwrap(), "--write-app-config", app_config.to_str().unwrap()];
    let _up = start(folder.path(), &files);
    let written = fs::read_to_string(&env_file).unwrap();
    let ca_file = folder.path().join("ca.pem");
    assert!(written.ends_with(&format!("CA_FILE={0}\nNODE_EXTRA_CA_CERTS={0}\n", ca_file.display())), "{written}");
    let written_config = fs::read_to_string(&app_config).unwrap();
    assert!(written_config.contains("portalServerUrl: https://localhost:"), "{written_config}");

    let variables: Vec<(&str, &str)> = written.lines().filter_map(|line| line.split_once('=')).collect();
    let mut sync = understudy();
    sync.args(["sync", "--target", "real", "--output", "table"]).envs(variables);
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
    set but unused, since TOKEN_ENDPOINT is set: ISSUER_URL
    target: real, https://localhost:[port]/v1
    5 entities from https://localhost:[port]/v1 in [n] ms. Next: understudy sync --target real --output yaml > portal-apis.yaml
    ");
}

#[test]
fn who_does_not_trust_the_authority_is_told_that_it_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let up = start(folder.path(), &[]);
    let mut sync = understudy();
    sync.args(["sync", "--target", "real"]).envs(up.variables());
    let output = sync.output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("UnknownIssuer"), "{told}");
}

#[test]
fn an_authority_that_was_trusted_once_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    drop(start(folder.path(), &[]));
    let made = fs::read(folder.path().join("ca.pem")).unwrap();
    let up = start(folder.path(), &[]);
    assert_eq!(fs::read(folder.path().join("ca.pem")).unwrap(), made);
    let mut sync = understudy();
    sync.args(["sync", "--target", "real"]).envs(up.variables()).env("CA_FILE", folder.path().join("ca.pem"));
    assert!(sync.output().unwrap().status.success());
}

#[cfg(target_os = "linux")]
#[test]
fn the_authority_is_kept_in_the_users_data_folder() {
    let data = tempfile::tempdir().unwrap();
    let mut command = understudy();
    command.env("XDG_DATA_HOME", data.path());
    let up = Running::start_with(command, &["--tls"]);
    assert_eq!(up.ready["ca_file"], data.path().join("understudy/ca.pem").to_str().unwrap());
}

#[test]
fn a_person_is_told_how_each_client_comes_to_trust_the_authority() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = understudy();
    command.args(["up", "--portal-port", "0", "--idp-port", "0", "--color", "never", "--tls", "--tls-dir"]);
    let mut process = command.arg(folder.path()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let text: Vec<String> = lines.take_while(|line| !line.starts_with("In app-config")).collect();
    process.kill().unwrap();
    process.wait().unwrap();
    let text = text.join("\n").replace(folder.path().to_str().unwrap(), "[folder]");
    insta::with_settings!({ filters => vec![(r"localhost:\d+", "localhost:[port]"), (r"[0-9a-f]{32}", "[token]")] }, {
        insta::assert_snapshot!(text, @"
        Up: quickstart

          portal    https://localhost:[port]/v1  (Gloo Mesh Gateway, 2 products, 2 versions)
          okta      https://localhost:[port]/oauth2/default
          okta-org  https://localhost:[port]
          keycloak  https://localhost:[port]/realms/gloo
          control   http://localhost:[port]  (Authorization: Bearer [token])
          page      http://localhost:[port]/#token=[token]

        In a shell (then `understudy sync --target real` syncs from here):

        export PORTAL_URL=https://localhost:[port]
        export PORTAL_SERVER_URL=https://localhost:[port]/v1
        export CLIENT_ID=backstage
        export CLIENT_SECRET=backstage-dev-secret
        export ISSUER_URL=https://localhost:[port]/oauth2/default
        export TOKEN_ENDPOINT=https://localhost:[port]/oauth2/default/v1/token
        export CA_FILE=[folder]/ca.pem
        export NODE_EXTRA_CA_CERTS=[folder]/ca.pem

        So that others trust the certificates (understudy and Node do by the last two above):

        export CURL_CA_BUNDLE=[folder]/ca.pem  # curl
        export SSL_CERT_FILE=[folder]/ca.pem  # Go and OpenSSL, in place of the system's roots
        # Java, in place of its own roots
        keytool -importcert -noprompt -alias understudy -file [folder]/ca.pem -keystore understudy.p12 -storepass changeit
        export JAVA_TOOL_OPTIONS='-Djavax.net.ssl.trustStore=understudy.p12 -Djavax.net.ssl.trustStorePassword=changeit'
        ");
    });
}

#[test]
fn a_folder_for_the_authority_alone_is_a_mistake() {
    let output = understudy().args(["up", "--tls-dir", "somewhere"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn scenarios_are_played_over_tls_when_asked_for_with_a_command_as_the_subject_too() {
    let itself = insta_cmd::get_cargo_bin("understudy");
    let exec = format!("exec:'{}' sync --target real --output json", itself.display());
    for subject in ["provider", &exec] {
        let mut run = understudy();
        run.args(["--verbose", "run", "quickstart", "gloo-gateway", "tls-wrong-host", "--tls", "--subject", subject]);
        let output = run.output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{subject}: {told}{}", String::from_utf8_lossy(&output.stderr));
        assert!(told.contains("3 passed"), "{told}");
    }
}

#[test]
fn a_subject_at_an_address_can_not_be_told_to_use_tls() {
    let mut run = understudy();
    run.args(["run", "quickstart", "--tls", "--subject", "http:http://localhost:9/catalog-info.yaml"]);
    assert_command!(run, @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: --tls is for the subjects `provider` and `exec:`: one at an address trusts what it was started with
    ");
}
