//! `understudy record`: a portal of another process as a scenario.

use std::fs;
use std::process::Command;

use crate::running::Running;
use crate::{assert_command, understudy};

/// A portal whose client has a secret of its own, and whose words nobody else has.
const LIVE: &str = r#"
identity:
  issuers: [{face: keycloak, realm: acme}]
  clients: [{id: portal-sync, secret: marker-secret-of-acme}]
portal:
  products:
    - {id: pets, name: Pets, versions: [{name: v1, contact: Jane Doe, description: Ask jane@acme.io.}, {name: v2, description: with marker-secret-of-acme}]}
"#;

fn record(live: &Running) -> Command {
    let mut record = understudy();
    record.args(["record", "--target", "real"]).envs(live.variables());
    record
}

#[test]
fn a_live_portal_becomes_a_scenario_that_gives_the_same_entities() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("live.yaml"), LIVE).unwrap();
    let live = Running::start(&[folder.path().join("live.yaml").to_str().unwrap()]);
    let mut command = record(&live);
    command.current_dir(folder.path()).args(["--out", "recorded"]);
    assert_command!(command, @r#"
    success: true
    exit_code: 0
    ----- stdout -----

    ----- stderr -----
    target: real, http://localhost:[port]/v1
    replaced: 1 mail address, 1 name of a person
    replaced: the client secret in /apis at /0/apiVersions/1/description
    recorded a Gloo Mesh Gateway portal (1 product, 2 versions, 2 documents) behind a Keycloak realm in recorded
    A sync of the recording gives the 5 entities that a sync of the portal gives. Next: understudy up recorded
    "#);
    let scenario = fs::read_to_string(folder.path().join("recorded/scenario.yaml")).unwrap();
    insta::assert_snapshot!(scenario, @r#"
    # Recorded from a live portal by `understudy record`; its documents are in `specs`.
    identity:
      issuers:
      - face: keycloak
        realm: acme
      clients:
      - id: portal-sync
        secret: backstage-dev-secret
    portal:
      products:
      - id: pets
        name: Pets
        versions:
        - name: v1
          description: Ask someone@example.com.
          contact: Someone
          spec: ./specs/pets-v1.json
        - name: v2
          description: with REDACTED
          spec: ./specs/pets-v2.json
    "#);
    let mut sync = understudy();
    sync.current_dir(folder.path()).args(["sync", "recorded", "--output", "table"]);
    assert_command!(sync, @r#"
    success: true
    exit_code: 0
    ----- stdout -----
    KIND    NAME                                  TITLE                      DEFINITION
    Group   solo-io-service-accounts
    User    gloo-platform-portal-service-account
    System  gloo-platform-portal-apis             Gloo Platform Portal APIs
    API     pets-v1                               pets-v1                    69 B
    API     pets-v2                               pets-v2                    69 B

    ----- stderr -----
    target: mock, scenario recorded
    5 entities from http://localhost:[port] in [n] ms. Next: understudy up
    "#);

    let mut again = record(&live);
    again.current_dir(folder.path()).args(["--out", "recorded"]);
    assert_command!(again, @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    target: real, http://localhost:[port]/v1
    error: recorded is not empty; choose another folder, or replace the recording in it with --force
    ");
    let before = fs::read_to_string(folder.path().join("recorded/scenario.yaml")).unwrap();
    let mut forced = record(&live);
    forced.current_dir(folder.path()).args(["--out", "recorded", "--force", "--quiet"]);
    assert!(forced.status().unwrap().success());
    assert_eq!(fs::read_to_string(folder.path().join("recorded/scenario.yaml")).unwrap(), before);
}

#[test]
fn what_is_asked_for_is_told_where_it_is_wrong() {
    let mut record = understudy();
    record.args(["record", "--out", "x", "--replace", "acme"]);
    assert_command!(record, @r#"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: invalid value 'acme' for '--replace <FROM=TO>': a replacement is written FROM=TO, such as `acme.com=example.com`, and FROM is not empty

    For more information, try '--help'.
    "#);
    let mut record = understudy();
    record.args(["record", "--out", "x"]).env("PORTAL_URL", "http://localhost:1");
    assert!(!record.output().unwrap().status.success());
}

#[test]
fn a_portal_that_is_not_there_and_a_wrong_secret_are_told_as_a_sync_tells_them() {
    let folder = tempfile::tempdir().unwrap();
    let live = Running::start(&[]);
    let mut refused = record(&live);
    refused.current_dir(folder.path()).args(["--out", "recorded"]).env("CLIENT_SECRET", "not-the-secret");
    assert_command!(refused, @r#"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    target: real, http://localhost:[port]/v1
    error: the token endpoint http://localhost:[port]/oauth2/default/v1/token refused the client: 401 Unauthorized, invalid_client: The client secret supplied for a confidential client is invalid. Copy the client secret again: Okta, Applications > the app > General > Client Credentials > Client Secrets
    "#);
    drop(live);
    let mut gone = understudy();
    gone.current_dir(folder.path()).args(["record", "--out", "recorded"]);
    gone.envs([("PORTAL_URL", "http://127.0.0.1:1"), ("TOKEN_ENDPOINT", "http://127.0.0.1:1/token")]);
    gone.envs([("CLIENT_ID", "a"), ("CLIENT_SECRET", "b")]);
    assert_eq!(gone.output().unwrap().status.code(), Some(3));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_has_changed_since_is_told_by_check() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("live.yaml");
    fs::write(&file, LIVE).unwrap();
    let live = Running::start(&[file.to_str().unwrap()]);
    let mut command = record(&live);
    command.current_dir(folder.path()).args(["--out", "recorded", "--replace", "acme=shop", "--quiet"]);
    assert!(command.status().unwrap().success());
    let check = |live: &Running, more: &[&str]| {
        let mut check = understudy();
        check.current_dir(folder.path()).envs(live.variables());
        check.args(["check", "--target", "real", "--against", "recorded", "--only", "drift", "--output", "short"]);
        let output = check.args(more).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(check(&live, &["--replace", "acme=shop"]).0, Some(0));
    let (code, told) = check(&live, &[]);
    assert_eq!(code, Some(1));
    assert!(told.contains("drift.identity") && told.contains("`/realms/shop` and is `/realms/acme`"), "{told}");
    drop(live);
    fs::write(&file, LIVE.replace("name: v2", "name: v3")).unwrap();
    let live = Running::start(&[file.to_str().unwrap()]);
    let (code, told) = check(&live, &["--replace", "acme=shop"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("API `pets-v2`: it is gone") && told.contains("API `pets-v3`: it is new"), "{told}");
}
