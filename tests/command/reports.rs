//! `understudy run --report`: what it writes, and what it says before it plays anything.

use std::fs;

use serde_json::Value;

use crate::{assert_command, understudy};

/// A scenario that our provider fails: what it expects can't be.
const FAILS: &str = "\
portal: { products: [{ id: petstore, versions: [{ name: v1 }] }, { id: tracks, versions: [{ name: v1 }] }] }
steps:
  - change: { removeProducts: [petstore] }
  - sync
  - expect: { catalog: same }
";

#[test]
fn a_run_that_fails_writes_its_reports_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("vanishes.yaml"), FAILS).unwrap();
    let mut command = understudy();
    command.current_dir(folder.path()).args(["run", "vanishes.yaml", "--seed", "7"]);
    for report in ["junit=junit.xml", "json=report.json", "html=report.html"] {
        command.args(["--report", report]);
    }
    assert_eq!(command.output().unwrap().status.code(), Some(1));

    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let report: Value = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!((&report["schema"], &report["seed"]), (&1.into(), &7.into()));
    let scenario = &report["scenarios"][0];
    assert_eq!((&scenario["outcome"]["kind"], &scenario["file"]), (&"failed".into(), &"vanishes.yaml".into()));
    let steps = scenario["steps"].as_array().unwrap();
    let lines: Vec<_> = steps.iter().map(|step| (step["words"].as_str().unwrap(), step["line"].as_u64())).collect();
    assert_eq!(
        lines[1..],
        [
            ("change: remove product petstore", Some(3)),
            ("sync", Some(4)),
            ("expect the catalog to be the same", Some(5))
        ]
    );
    assert!(read("junit.xml").contains(r#"file="vanishes.yaml" line="5">"#));
    assert!(read("report.html").contains("<h1>Of 1 scenario, 1 failed</h1>"));
}

#[test]
fn a_report_that_can_not_be_written_is_told_before_the_run() {
    assert_command!(understudy().args(["run", "quickstart", "--report", "html=no/such/folder/report.html"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: invalid value 'html=no/such/folder/report.html' for '--report <KIND=FILE>': there is no folder `no/such/folder` for the report; make it first, with `mkdir -p 'no/such/folder'`

    For more information, try '--help'.
    ");
}

#[test]
fn two_reports_in_one_file_are_told_before_the_run() {
    assert_command!(understudy().args(["run", "quickstart", "--report", "html=a", "--report", "json=a"]), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: `--report html=a` and `--report json=a` would write into the same file; name another for one of them
    ");
}
