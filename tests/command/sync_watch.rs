//! `understudy sync --watch`.

use std::fs;
use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStderr, ChildStdout, Stdio};

use serde_json::Value;

use crate::{assert_command, understudy};

#[test]
fn the_entities_are_printed_anew_whenever_they_have_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.yaml");
    fs::write(&path, "portal: {products: [{id: petstore, versions: [{name: v1}]}]}").unwrap();
    let mut watch = Watch::start(&[path.to_str().unwrap(), "--output", "json"]);
    assert_eq!(watch.apis(), ["petstore-v1"]);
    fs::write(&path, "portal: {products: [{id: petstore, versions: [{name: v2}]}]}").unwrap();
    assert_eq!(watch.apis(), ["petstore-v2"]);
}

#[test]
fn a_mutation_is_one_line() {
    let mut watch = Watch::start(&["--output", "mutation"]);
    let mutation: Value = serde_json::from_str(&watch.stdout.next().unwrap().unwrap()).unwrap();
    assert_eq!(mutation["type"], "full");
}

#[test]
fn health_and_metrics_are_served_where_asked_for() {
    let mut watch = Watch::start(&["--output", "json", "--metrics-port", "0"]);
    let metrics = watch.says("metrics: ");
    let metrics = metrics.strip_prefix("metrics: ").unwrap();
    watch.apis();
    watch.says("5 entities from");
    let (status, text) = get(metrics);
    assert_eq!(status, 200);
    assert!(text.contains("\nunderstudy_entities{kind=\"API\"} 2\n"), "{text}");
    let health = metrics.replace("/metrics", "/healthz");
    assert_eq!(get(&health).0, 200);
    assert_eq!(get(&metrics.replace("/metrics", "/catalog-info.yaml")).0, 404);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it() {
    let mut watch = Watch::start(&["--output", "json"]);
    watch.apis();
    let pid = watch.process.id().to_string();
    assert!(std::process::Command::new("kill").args(["-s", "INT", &pid]).status().unwrap().success());
    assert_eq!(watch.process.wait().unwrap().code(), Some(0));
}

#[test]
fn what_goes_with_watching_alone_is_refused_without_it() {
    assert_command!(understudy().args(["sync", "--every", "10s"]), @r"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: the following required arguments were not provided:
      --watch

    Usage: understudy sync --watch --every <DURATION> [SCENARIO]

    For more information, try '--help'.
    ");
}

/// A running `sync --watch`, which syncs every 100 ms.
struct Watch {
    process: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    stderr: Lines<BufReader<ChildStderr>>,
}

impl Watch {
    fn start(arguments: &[&str]) -> Self {
        let mut command = understudy();
        command.args(["sync", "--watch", "--every", "100ms", "--color", "never"]).args(arguments);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(process.stdout.take().unwrap()).lines();
        let stderr = BufReader::new(process.stderr.take().unwrap()).lines();
        Self { process, stdout, stderr }
    }

    fn says(&mut self, wanted: &str) -> String {
        self.stderr.by_ref().map(Result::unwrap).find(|line| line.contains(wanted)).unwrap()
    }

    /// The APIs of the next line.
    fn apis(&mut self) -> Vec<String> {
        let line = self.stdout.next().unwrap().unwrap();
        let entities: Vec<Value> = serde_json::from_str(&line).unwrap();
        let apis = entities.iter().filter(|entity| entity["kind"] == "API");
        apis.map(|api| api["metadata"]["name"].as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn get(url: &str) -> (u16, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response = client.get(url).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    })
}
