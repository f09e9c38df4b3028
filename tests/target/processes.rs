//! This very test in another process, on an `up` in a third.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

pub(crate) fn trials() -> [Trial; 3] {
    [
        Trial::test("with_up_in_another_process_it_passes", with_up),
        Trial::test("with_a_wrong_secret_it_fails_and_says_why", with_a_wrong_secret),
        Trial::test("without_variables_it_fails_and_names_them", without_variables),
    ]
}

fn with_up() -> Result<(), Failed> {
    let up = Up::start();
    let output = up.test("keycloak", &[]);
    let told = told(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("test many-syncs-lose-nothing") && told.contains("ignored"), "{told}");
    assert!(told.contains("97 are not played, each with the reason"), "{told}");
    Ok(())
}

fn with_a_wrong_secret() -> Result<(), Failed> {
    let up = Up::start();
    let output = up.test("okta", &[("CLIENT_SECRET", "surely-not-the-secret")]);
    let told = told(&output);
    assert!(!output.status.success(), "{told}");
    // As `check` says it, and as a sync does.
    let words = "The client secret supplied for a confidential client is invalid";
    assert!(told.matches(words).count() > 1 && told.contains("client.secret"), "{told}");
    assert!(!told.contains("surely-not-the-secret"), "{told}");
    Ok(())
}

fn without_variables() -> Result<(), Failed> {
    let output = itself().output()?;
    let told = told(&output);
    assert!(
        !output.status.success() && told.contains("CLIENT_SECRET: the secret of the portal's service account"),
        "{told}"
    );
    Ok(())
}

/// A running `understudy up`, which ends with this value.
struct Up {
    process: Child,
    ready: Value,
}

impl Up {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_understudy"));
        command.args(["up", "quickstart", "--portal-port", "0", "--idp-port", "0", "--no-control", "--output", "json"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, ready: serde_json::from_str(&line).unwrap() }
    }

    /// This test on that, with its token from the issuer of a kind.
    fn test(&self, issuer: &str, others: &[(&str, &str)]) -> Output {
        let issuers = self.ready["issuers"].as_array().unwrap();
        let issuer = issuers.iter().find(|found| found["kind"] == issuer).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let client = &self.ready["clients"][0];
        let mut command = itself();
        command.env("PORTAL_URL", text(&self.ready["portal"]["url"])).env("ISSUER_URL", text(&issuer["issuer"]));
        command.env("CLIENT_ID", text(&client["client_id"])).env("CLIENT_SECRET", text(&client["client_secret"]));
        command.envs(others.iter().copied()).output().unwrap()
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// This test on real servers, with none of the variables that a developer's shell may hold.
fn itself() -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    for name in [
        "PORTAL_URL",
        "PORTAL_SERVER_URL",
        "TOKEN_ENDPOINT",
        "ISSUER_URL",
        "CLIENT_ID",
        "CLIENT_SECRET",
        "SCOPE",
        "CA_FILE",
    ] {
        command.env_remove(name);
    }
    command.env("UNDERSTUDY_TARGET", "real").env("NO_PROXY", "*");
    command
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
