//! `understudy scenarios`, `completions` and the help.

use crate::{assert_command, understudy};

#[test]
fn list_prints_the_bundled_scenarios_a_line_each() {
    assert_command!(understudy().args(["scenarios", "list"]), @"
    success: true
    exit_code: 0
    ----- stdout -----
    quickstart      Two API products as Gloo Mesh Gateway groups them, and an identity provider to sync them with.
    gloo-mesh-flat  The quickstart's products in the flat list of Gloo Mesh Gateway 2.4.
    gloo-gateway    The quickstart's products on Gloo Gateway's portal server.
    empty-portal    A portal that works and shows nothing, as it is before the first product is published.

    ----- stderr -----
    ");
}

#[test]
fn list_prints_the_hazards_of_a_suite_a_line_each() {
    let output = understudy().args(["scenarios", "list", "--suite", "hazards"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert_eq!(text.lines().count(), understudy::scenarios::hazards::all().len());
    let (id, title) = text.lines().next().unwrap().split_once("  ").unwrap();
    assert_eq!((id, title.trim()), ("list-unreachable", "The portal can't be reached"));
}

#[test]
fn a_hazard_is_shown_and_explained_by_its_id() {
    let hazard = &understudy::scenarios::hazards::all()[0];
    for (command, text) in [("show", hazard.text), ("explain", hazard.page)] {
        let output = understudy().args(["scenarios", command, hazard.id]).output().unwrap();
        assert!(output.status.success());
        assert_eq!(String::from_utf8(output.stdout).unwrap(), text);
    }
}

#[test]
fn an_unknown_hazard_or_suite_is_told_with_where_they_are_listed() {
    assert_command!(understudy().args(["scenarios", "explain", "list-unreachible"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: there is no hazard `list-unreachible`; `understudy scenarios list --suite hazards` prints them all
    ");
    assert_command!(understudy().args(["scenarios", "list", "--suite", "hazard"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: invalid value 'hazard' for '--suite <NAME>': the suites are hazards, quick, plugin-parity, read-only

    For more information, try '--help'.
    ");
}

#[test]
fn show_prints_a_file_that_can_be_copied() {
    assert_command!(understudy().args(["scenarios", "show", "empty-portal"]), @"
    success: true
    exit_code: 0
    ----- stdout -----
    # A portal that is up, lets callers in, and has nothing to show: `GET /v1/apis` answers `[]`. A catalog that is synced
    # from it is rightly empty, which a failed request must never look like.

    description: A portal that works and shows nothing, as it is before the first product is published.

    portal:
      products: []

    ----- stderr -----
    ");
}

#[test]
fn what_show_writes_out_is_a_scenario_that_syncs() {
    let folder = tempfile::tempdir().unwrap();
    let shown = understudy()
        .args(["scenarios", "show", "quickstart", "--out", "mine"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    let sync = |scenario: &str| {
        let output =
            understudy().args(["sync", scenario, "--output", "json"]).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let url = text.split('"').find(|word| word.starts_with("url:")).unwrap().to_owned();
        text.replace(&url, "url")
    };
    assert_eq!(sync("mine"), sync("quickstart"));
}

#[test]
fn show_does_not_write_over_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scenario.yaml"), "mine").unwrap();
    assert_command!(understudy().args(["scenarios", "show", "quickstart", "--out", "."]).current_dir(folder.path()), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: ./scenario.yaml is there already; choose another folder
    ");
    assert_eq!(std::fs::read_to_string(folder.path().join("scenario.yaml")).unwrap(), "mine");
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    assert_command!(understudy().args(["scenarios", "show", "quikstart"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: there is no bundled scenario `quikstart`: did you mean `quickstart`?
    bundled are `quickstart`, `gloo-mesh-flat`, `gloo-gateway`, `empty-portal`, and the hazards of `understudy scenarios list --suite hazards`; a scenario of your own is named by its path, such as `./quikstart.yaml`
    ");
}

#[test]
fn lint_reads_every_scenario_and_exits_with_1_when_one_has_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.yaml"), "portal: {products: [{id: a, versions: [{name: v1}]}]}").unwrap();
    std::fs::write(folder.path().join("bad.yaml"), "portal:\n  products:\n    - name: a\n").unwrap();
    let arguments = ["scenarios", "lint", "./bad.yaml", "./good.yaml"];
    assert_command!(understudy().args(arguments).current_dir(folder.path()), @"
    success: false
    exit_code: 1
    ----- stdout -----
    ./good.yaml: sound: 1 product, 1 version

    ----- stderr -----
    error: `portal.products[0]` has no `id`
     --> ./bad.yaml:3:7
      |
    3 |     - name: a
      |       ^
      |
      = help: `id` has no default
    error: 1 of 2 scenarios can't be played
    ");
    assert_command!(understudy().args(["scenarios", "lint", "./good.yaml"]).current_dir(folder.path()), @"
    success: true
    exit_code: 0
    ----- stdout -----
    ./good.yaml: sound: 1 product, 1 version

    ----- stderr -----
    ");
}

#[test]
fn schema_prints_the_schema_of_the_scenario_file() {
    let output = understudy().args(["scenarios", "schema"]).output().unwrap();
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema, understudy::Scenario::schema());
}

#[test]
fn completions_are_printed_for_each_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = understudy().args(["completions", shell]).output().unwrap();
        assert!(output.status.success() && !output.stdout.is_empty(), "{shell}");
    }
}

#[test]
fn the_help_shows_examples() {
    assert_command!(understudy().arg("--help"), @"
    success: true
    exit_code: 0
    ----- stdout -----
    Stands in for a Gloo Portal and its OpenID provider (Okta or Keycloak), to test what syncs API
    products into Backstage

    Usage: understudy [OPTIONS] <COMMAND>

    Commands:
      sync         Sync a portal, once or over and over, and print the entities that Backstage would get
      up           Start the portal and the identity provider, and print what to point Backstage at
      serve        Keep syncing a portal, and serve the entities to a Backstage without any plugin
      record       Turn a live portal into a scenario: all that it shows, and no secret
      run          Play scenarios against a provider, and judge it by what its catalog holds afterwards
      check        Look at the way from a configuration to a catalog: what is wrong, and what to do
      health       Ask whether a stage is up, or wait until it is
      scenarios    The scenarios that come with understudy, and a check of your own
      completions  Print a completion script for a shell
      help         Print this message or the help of the given subcommand(s)

    Options:
      -q, --quiet
              Say nothing but data and errors

      -v, --verbose
              Also print a line for each request that the mocks answer, or that a check makes

          --log-format <FORMAT>
              The form of the lines about requests

              Possible values:
              - text: A line to read
              - json: A JSON object a line
              
              [env: UNDERSTUDY_LOG_FORMAT=]
              [default: text]

          --color <WHEN>
              When to use colours

              Possible values:
              - auto:   On a terminal, unless NO_COLOR is set
              - always
              - never
              
              [default: auto]

      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      understudy sync                          what Backstage would get from the bundled portal
      understudy sync my-scenario.yaml         ... from a portal of your own
      understudy sync ./openapi-documents/     ... from a portal with a product for each document
      understudy up                            a portal and an identity provider to point Backstage at
      understudy serve                         ... or what a Backstage without any plugin reads
      understudy check --target real           what is wrong on the way to a catalog, and what to do
      PORTAL_URL=… TOKEN_ENDPOINT=… CLIENT_ID=… CLIENT_SECRET=… understudy sync --target real

    Exit codes: 0 all well, 1 the target refused, 2 usage or configuration, 3 the target could not be
    reached.

    ----- stderr -----
    ");
}

#[test]
fn the_version_is_printed() {
    assert_command!(understudy().arg("--version"), @"
    success: true
    exit_code: 0
    ----- stdout -----
    understudy 0.1.0

    ----- stderr -----
    ");
}
