//! `understudy run` as its users run it.

use std::fs;
use std::process::Command;

/// The built command, in a folder of its own.
fn understudy(folder: &std::path::Path) -> Command {
    let mut command = Command::new(insta_cmd::get_cargo_bin("understudy"));
    command.arg("run").current_dir(folder).env("TZ", "UTC").env("NO_PROXY", "*");
    command
}

/// Runs `$command` and compares exit code, stdout and stderr, with times and ports left out.
macro_rules! assert_run {
    ($command:expr, @$snapshot:literal) => {
        insta::with_settings!({
            filters => vec![
                (r"(localhost|127\.0\.0\.1):\d+", "$1:[port]"),
                (r"\d\d:\d\d:\d\d", "[time]"),
                (r"\d+ ?ms", "[n] ms"),
            ],
        }, {
            insta_cmd::assert_cmd_snapshot!($command, @$snapshot);
        });
    };
}

const PORTAL: &str = "portal:\n  products:\n    - {id: petstore, versions: [{name: v1}]}\n";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, steps) in files {
        fs::write(folder.path().join(name), format!("{PORTAL}{steps}")).unwrap();
    }
    folder
}

const FAILS: &str = "steps:\n  - sync\n  - expect: {error: told}\n";
const PASSES: &str = "steps:\n  - sync\n  - expect: {catalog: same, error: none}\n";

#[test]
fn a_run_that_ends_well_exits_with_0() {
    let folder = folder(&[("good.yaml", PASSES)]);
    assert_run!(understudy(folder.path()).arg("good.yaml"), @"
    success: true
    exit_code: 0
    ----- stdout -----
    ok good ([n] ms)
    1 passed, in [n] ms, with seed 0

    ----- stderr -----
    subject: provider, 1 scenario, seed 0
    ");
}

#[test]
fn a_failure_is_shown_with_its_steps_and_the_last_requests() {
    let folder = folder(&[("bad.yaml", FAILS)]);
    assert_run!(understudy(folder.path()).args(["bad.yaml", "--quiet", "--seed", "7"]), @"
    success: false
    exit_code: 1
    ----- stdout -----
    FAILED bad ([n] ms)

    bad
       0 sync, undisturbed (metadata.title is `{api}`)
       1 sync
       2 expect an error told FAILED
         ! the last sync told no error, though something is wrong
      the last requests before it (6 of 6):
         [time] idp POST /oauth2/default/v1/token backstage 200 [n] ms
         [time] idp GET /oauth2/default/v1/keys gateway 200 [n] ms
         [time] portal GET /v1/apis 200 1 product [n] ms
         [time] portal GET /v1/apis/petstore-v1/schema 200 73 B spec [n] ms
         [time] portal GET /v1/apis 304 not modified [n] ms
         [time] portal GET /v1/apis/petstore-v1/schema 304 not modified [n] ms
    1 failed, in [n] ms, with seed 7

    ----- stderr -----
    error: the scenario did not end well
    ");
}

#[test]
fn an_expected_failure_exits_with_0_and_one_that_does_not_come_with_1() {
    let folder = folder(&[("bad.yaml", FAILS), ("good.yaml", PASSES)]);
    let expected = |text: &str| fs::write(folder.path().join("expected.txt"), text).unwrap();
    expected("- {scenario: bad, reason: it tells nothing}\n");
    assert_run!(understudy(folder.path()).args([".", "--jobs", "1", "--expect-failures", "expected.txt"]), @"
    success: true
    exit_code: 0
    ----- stdout -----
    failed as expected bad: it tells nothing ([n] ms)
    ok good ([n] ms)
    1 passed, 1 failed as expected, in [n] ms, with seed 0

    ----- stderr -----
    subject: provider, 2 scenarios, seed 0
    ");
    expected("- {scenario: good, reason: it told once}\n");
    assert_run!(understudy(folder.path()).args(["good.yaml", "--expect-failures", "expected.txt"]), @"
    success: false
    exit_code: 1
    ----- stdout -----
    PASSED UNEXPECTEDLY good: it told once ([n] ms)

    good
      all held, though it was declared to fail: it told once
      take it off the expected failures
    1 passed unexpectedly, in [n] ms, with seed 0

    ----- stderr -----
    subject: provider, 1 scenario, seed 0
    error: the scenario did not end well
    ");
    expected("- {scenario: other, reason: it is elsewhere}\n");
    assert_run!(understudy(folder.path()).args(["good.yaml", "--expect-failures", "expected.txt"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: expected.txt: a failure of `other` is expected, and there is no such scenario in this run
    ");
}

#[test]
fn a_folder_is_played_file_by_file_and_listed_by_name() {
    let folder = folder(&[("b.yaml", PASSES), ("a.yaml", PASSES)]);
    fs::write(folder.path().join("petstore-v1.yaml"), "openapi: 3.0.3\ninfo: {title: Pets, version: v1}\npaths: {}\n")
        .unwrap();
    assert_run!(understudy(folder.path()).args([".", "--list"]), @"
    success: true
    exit_code: 0
    ----- stdout -----
    a
    b

    ----- stderr -----
    ");
}

#[test]
fn a_suite_is_listed_one_id_a_line() {
    let folder = folder(&[]);
    let output = understudy(folder.path()).args(["--suite", "plugin-parity", "--list"]).output().unwrap();
    assert!(output.status.success());
    let names: Vec<_> = understudy::scenarios::Suite::PluginParity.names();
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().collect::<Vec<_>>(), names);
}

#[test]
fn what_cannot_be_played_is_a_usage_error() {
    let folder = folder(&[("a.yaml", PASSES)]);
    assert_run!(&mut understudy(folder.path()), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: name a scenario, a file, a folder of scenario files, or a --suite to play
    ");
    assert_run!(understudy(folder.path()).args(["--suite", "none"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: there is no suite `none`; there are `hazards`, `quick`, `plugin-parity`, `read-only`
    ");
    assert_run!(understudy(folder.path()).args(["a.yaml", "a.yaml"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: two scenarios of this run are called `a`: give one of them another `name`
    ");
    assert_run!(understudy(folder.path()).args(["a.yaml", "--subject", "nobody"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: invalid value 'nobody' for '--subject <SUBJECT>': there is no subject `nobody`; it is `provider`, which is understudy's own, `exec:CMD`, `backstage:URL` or `http:URL`

    For more information, try '--help'.
    ");
}

#[test]
fn a_step_that_moves_the_clock_is_not_played_against_another_process() {
    let clock = "steps:\n  - clock: {advance: 1h}\n  - sync\n  - expect: {catalog: same}\n";
    let skew = "steps:\n  - clock: {skew: {server: idp, by: 1m}}\n  - expect: {catalog: same}\n";
    let folder = folder(&[("moves.yaml", clock), ("skews.yaml", skew)]);
    let entities = folder.path().join("entities.json");
    let entities_of = understudy_sync(folder.path(), "skews.yaml");
    fs::write(&entities, entities_of).unwrap();
    let subject = ["--subject", "exec:cat entities.json"];
    assert_run!(understudy(folder.path()).arg("moves.yaml").args(subject), @"
    success: false
    exit_code: 1
    ----- stdout -----
    skipped moves: `clock: advance 1h`: the subject runs in another process and would have to wait for that time ([n] ms)
    1 skipped, in [n] ms, with seed 0

    ----- stderr -----
    subject: exec:cat entities.json, 1 scenario, seed 0
    error: nothing was checked: the scenario was skipped
    ");
    assert_run!(understudy(folder.path()).arg("skews.yaml").args(subject), @"
    success: true
    exit_code: 0
    ----- stdout -----
    ok skews ([n] ms)
    1 passed, in [n] ms, with seed 0

    ----- stderr -----
    subject: exec:cat entities.json, 1 scenario, seed 0
    ");
}

/// What a sync of a scenario gives, as JSON.
fn understudy_sync(folder: &std::path::Path, scenario: &str) -> Vec<u8> {
    let mut command = Command::new(insta_cmd::get_cargo_bin("understudy"));
    command.args(["sync", scenario, "--output", "json"]).current_dir(folder).env("NO_PROXY", "*");
    command.output().unwrap().stdout
}
