//! `understudy sync` against mocks of its own.

use crate::{assert_command, understudy};

#[test]
fn without_arguments_it_syncs_quickstart_and_says_what_is_next() {
    assert_command!(understudy().args(["sync", "--output", "table"]), @"
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
    target: mock, scenario quickstart
    5 entities from http://localhost:[port] in [n] ms. Next: understudy up
    ");
}

#[test]
fn elsewhere_than_on_a_terminal_it_prints_a_catalog_info_yaml() {
    assert_command!(understudy().args(["sync", "empty-portal"]), @r#"
    success: true
    exit_code: 0
    ----- stdout -----
    ---
    apiVersion: backstage.io/v1alpha1
    kind: Group
    metadata:
      name: solo-io-service-accounts
      annotations:
        backstage.io/managed-by-location: url:http://localhost:[port]/v1
        backstage.io/managed-by-origin-location: url:http://localhost:[port]/v1
    spec:
      type: service-account-group
      children: []
      members:
      - gloo-platform-portal-service-account
    ---
    apiVersion: backstage.io/v1alpha1
    kind: User
    metadata:
      name: gloo-platform-portal-service-account
      annotations:
        backstage.io/managed-by-location: url:http://localhost:[port]/v1
        backstage.io/managed-by-origin-location: url:http://localhost:[port]/v1
    spec:
      displayName: Solo.io Service Account
      email: ""
      picture: ""
      memberOf:
      - solo-io-service-accounts
    ---
    apiVersion: backstage.io/v1alpha1
    kind: System
    metadata:
      name: gloo-platform-portal-apis
      title: Gloo Platform Portal APIs
      annotations:
        backstage.io/managed-by-location: url:http://localhost:[port]/v1
        backstage.io/managed-by-origin-location: url:http://localhost:[port]/v1
      tags:
      - gloo-platform
    spec:
      owner: user:gloo-platform-portal-service-account

    ----- stderr -----
    target: mock, scenario empty-portal
    3 entities from http://localhost:[port] in [n] ms. Next: understudy up
    "#);
}

#[test]
fn json_is_an_array_of_entities() {
    assert_command!(understudy().args(["sync", "empty-portal", "--output", "json", "--quiet"]), @r#"
    success: true
    exit_code: 0
    ----- stdout -----
    [
      {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Group",
        "metadata": {
          "name": "solo-io-service-accounts",
          "annotations": {
            "backstage.io/managed-by-location": "url:http://localhost:[port]/v1",
            "backstage.io/managed-by-origin-location": "url:http://localhost:[port]/v1"
          }
        },
        "spec": {
          "type": "service-account-group",
          "children": [],
          "members": [
            "gloo-platform-portal-service-account"
          ]
        }
      },
      {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "User",
        "metadata": {
          "name": "gloo-platform-portal-service-account",
          "annotations": {
            "backstage.io/managed-by-location": "url:http://localhost:[port]/v1",
            "backstage.io/managed-by-origin-location": "url:http://localhost:[port]/v1"
          }
        },
        "spec": {
          "displayName": "Solo.io Service Account",
          "email": "",
          "picture": "",
          "memberOf": [
            "solo-io-service-accounts"
          ]
        }
      },
      {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "System",
        "metadata": {
          "name": "gloo-platform-portal-apis",
          "title": "Gloo Platform Portal APIs",
          "annotations": {
            "backstage.io/managed-by-location": "url:http://localhost:[port]/v1",
            "backstage.io/managed-by-origin-location": "url:http://localhost:[port]/v1"
          },
          "tags": [
            "gloo-platform"
          ]
        },
        "spec": {
          "owner": "user:gloo-platform-portal-service-account"
        }
      }
    ]

    ----- stderr -----
    "#);
}

#[test]
fn a_mutation_is_what_a_provider_hands_to_backstage() {
    assert_command!(understudy().args(["sync", "empty-portal", "--output", "mutation", "--quiet"]), @r#"
    success: true
    exit_code: 0
    ----- stdout -----
    {
      "type": "full",
      "entities": [
        {
          "entity": {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Group",
            "metadata": {
              "name": "solo-io-service-accounts",
              "annotations": {
                "backstage.io/managed-by-location": "url:http://localhost:[port]/v1",
                "backstage.io/managed-by-origin-location": "url:http://localhost:[port]/v1"
              }
            },
            "spec": {
              "type": "service-account-group",
              "children": [],
              "members": [
                "gloo-platform-portal-service-account"
              ]
            }
          },
          "locationKey": "gloo-platform-portal-provider"
        },
        {
          "entity": {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "User",
            "metadata": {
              "name": "gloo-platform-portal-service-account",
              "annotations": {
                "backstage.io/managed-by-location": "url:http://localhost:[port]/v1",
                "backstage.io/managed-by-origin-location": "url:http://localhost:[port]/v1"
              }
            },
            "spec": {
              "displayName": "Solo.io Service Account",
              "email": "",
              "picture": "",
              "memberOf": [
                "solo-io-service-accounts"
              ]
            }
          },
          "locationKey": "gloo-platform-portal-provider"
        },
        {
          "entity": {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "System",
            "metadata": {
              "name": "gloo-platform-portal-apis",
              "title": "Gloo Platform Portal APIs",
              "annotations": {
                "backstage.io/managed-by-location": "url:http://localhost:[port]/v1",
                "backstage.io/managed-by-origin-location": "url:http://localhost:[port]/v1"
              },
              "tags": [
                "gloo-platform"
              ]
            },
            "spec": {
              "owner": "user:gloo-platform-portal-service-account"
            }
          },
          "locationKey": "gloo-platform-portal-provider"
        }
      ]
    }

    ----- stderr -----
    "#);
}

#[test]
fn verbose_prints_a_line_for_each_request() {
    let text = "portal: {products: [{id: petstore, versions: [{name: v1}]}]}";
    let arguments = ["sync", "-", "--output", "table", "--verbose", "--color", "never"];
    assert_command!(understudy().args(arguments).pass_stdin(text), @"
    success: true
    exit_code: 0
    ----- stdout -----
    KIND    NAME                                  TITLE                      DEFINITION
    Group   solo-io-service-accounts
    User    gloo-platform-portal-service-account
    System  gloo-platform-portal-apis             Gloo Platform Portal APIs
    API     petstore-v1                           petstore-v1                73 B

    ----- stderr -----
    target: mock, scenario stdin
    [time] idp POST /oauth2/default/v1/token backstage 200 [n]ms
    [time] idp GET /oauth2/default/v1/keys gateway 200 [n]ms
    [time] portal GET /v1/apis 200 1 product [n]ms
    [time] portal GET /v1/apis/petstore-v1/schema 200 73 B spec [n]ms
    4 entities from http://localhost:[port] in [n] ms. Next: understudy up
    ");
}

#[test]
fn variables_that_would_name_a_real_target_are_said_to_be_unused() {
    assert_command!(
        understudy().args(["sync", "empty-portal", "--output", "table"]).env("PORTAL_URL", "http://localhost:1"),
        @"
    success: true
    exit_code: 0
    ----- stdout -----
    KIND    NAME                                  TITLE                      DEFINITION
    Group   solo-io-service-accounts
    User    gloo-platform-portal-service-account
    System  gloo-platform-portal-apis             Gloo Platform Portal APIs

    ----- stderr -----
    target: mock, scenario empty-portal
    set but unused without `--target real`: PORTAL_URL
    3 entities from http://localhost:[port] in [n] ms. Next: understudy up
    "
    );
}

#[test]
fn a_scenario_is_read_from_standard_input() {
    let text = "portal: {products: [{id: petstore, versions: [{name: v1}]}]}";
    assert_command!(understudy().args(["sync", "-", "--output", "table"]).pass_stdin(text), @"
    success: true
    exit_code: 0
    ----- stdout -----
    KIND    NAME                                  TITLE                      DEFINITION
    Group   solo-io-service-accounts
    User    gloo-platform-portal-service-account
    System  gloo-platform-portal-apis             Gloo Platform Portal APIs
    API     petstore-v1                           petstore-v1                73 B

    ----- stderr -----
    target: mock, scenario stdin
    4 entities from http://localhost:[port] in [n] ms. Next: understudy up
    ");
}

#[test]
fn a_folder_of_openapi_documents_is_a_portal() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("documents")).unwrap();
    std::fs::write(
        folder.path().join("documents/orders.yaml"),
        "openapi: 3.0.3\ninfo: {title: Orders, version: 2.1.0}\npaths: {}\n",
    )
    .unwrap();
    assert_command!(understudy().args(["sync", "./documents", "--output", "table"]).current_dir(folder.path()), @"
    success: true
    exit_code: 0
    ----- stdout -----
    KIND    NAME                                  TITLE                      DEFINITION
    Group   solo-io-service-accounts
    User    gloo-platform-portal-service-account
    System  gloo-platform-portal-apis             Gloo Platform Portal APIs
    API     orders-v2                             orders-v2                  74 B

    ----- stderr -----
    target: mock, scenario documents
    4 entities from http://localhost:[port] in [n] ms. Next: understudy up
    ");
}

#[test]
fn what_a_state_file_holds_is_printed_while_the_portal_is_down_and_the_exit_code_tells() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let up = crate::running::Running::start(&[]);
    let sync = || {
        let mut sync = understudy();
        sync.args(["sync", "--target", "real", "--output", "table", "--state", state.to_str().unwrap()]);
        sync.envs(up.variables());
        sync
    };
    assert!(sync().output().unwrap().status.success());
    drop_portal(&up);
    let mut down = sync();
    down.env("PORTAL_URL", up.variable("PORTAL_URL"));
    let output = down.output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stdout).unwrap().contains("tracks-v1"));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("error: all stays as it was (2 APIs)"), "{said}");
}

/// Has the portal refuse connections.
fn drop_portal(up: &crate::running::Running) {
    let (url, token) = (up.variable("CONTROL_URL"), up.variable("CONTROL_TOKEN"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let request =
        reqwest::Client::builder().no_proxy().build().unwrap().post(format!("{url}/faults")).bearer_auth(token);
    let request = request.header("content-type", "application/yaml").body("{server: portal, does: refuse}");
    assert!(runtime.block_on(request.send()).unwrap().status().is_success());
}

#[test]
fn removals_are_confirmed_in_a_state_file() {
    assert_command!(understudy().args(["sync", "--confirm-removals"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: the following required arguments were not provided:
      --state <FILE>

    Usage: understudy sync --state <FILE> --confirm-removals [SCENARIO]

    For more information, try '--help'.
    ");
}

#[test]
fn the_enriched_profile_shows_more_of_the_portal() {
    let output = understudy().args(["sync", "--profile", "enriched", "--output", "yaml"]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("plan:gold"));
}
