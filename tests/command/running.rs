//! `understudy up` or `serve` in a process of its own: what a test starts, asks and listens to.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};

use serde_json::Value;

use crate::understudy;

/// A running `understudy up --output json`, or `serve`, on free ports; it ends with this value.
pub(crate) struct Running {
    process: Child,
    stderr: BufReader<ChildStderr>,
    pub(crate) ready: Value,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_with(understudy(), arguments)
    }

    /// Starts it as `command`, which may have variables.
    pub(crate) fn start_with(mut command: Command, arguments: &[&str]) -> Self {
        command.args(["up", "--portal-port", "0", "--idp-port", "0", "--output", "json"]).args(arguments);
        Self::ready(command)
    }

    /// Starts `serve`, which syncs every 100 ms.
    pub(crate) fn serve(arguments: &[&str]) -> Self {
        Self::serve_with(understudy(), arguments)
    }

    pub(crate) fn serve_with(mut command: Command, arguments: &[&str]) -> Self {
        command.args(["serve", "--port", "0", "--every", "100ms", "--portal-port", "0", "--idp-port", "0"]);
        command.args(["--output", "json", "--color", "never"]).args(arguments);
        Self::ready(command)
    }

    fn ready(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| {
            let mut said = String::new();
            stderr.read_to_string(&mut said).unwrap();
            panic!("it is not ready: {said}")
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
            "CONTROL_URL" => "/control/url",
            "CONTROL_TOKEN" => "/control/token",
            other => panic!("`up` tells no {other}"),
        };
        // `serve` tells of its stage as `up` does.
        let told = self.ready.get("stage").unwrap_or(&self.ready);
        told.pointer(pointer).unwrap().as_str().unwrap().to_owned()
    }

    pub(crate) fn token_endpoint(&self, kind: &str) -> String {
        let issuers = self.ready["issuers"].as_array().unwrap();
        let issuer = issuers.iter().find(|issuer| issuer["kind"] == kind).unwrap();
        issuer["token_endpoint"].as_str().unwrap().to_owned()
    }

    /// The next line on stderr.
    pub(crate) fn said(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.stderr.read_line(&mut line).unwrap(), 0, "it says no more");
        line.trim_end().to_owned()
    }

    /// Waits for a line on stderr with this in it.
    pub(crate) fn says(&mut self, wanted: &str) -> String {
        loop {
            let line = self.said();
            if line.contains(wanted) {
                return line;
            }
        }
    }

    /// Ends it, and gives all that it said since the last line that was asked for.
    pub(crate) fn end(mut self) -> String {
        let _ = self.process.kill();
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).unwrap();
        said
    }

    /// Ends its standard input, as its parent's death does, and waits for its end.
    pub(crate) fn end_stdin(&mut self) -> ExitStatus {
        drop(self.process.stdin.take());
        self.process.wait().unwrap()
    }

    #[cfg(unix)]
    pub(crate) fn signal(&mut self, name: &str) -> ExitStatus {
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

/// What a command that goes on prints for a person, up to how it is ended.
pub(crate) fn printed(arguments: &[&str]) -> String {
    let mut command = understudy();
    command.args(arguments).args(["--color", "never"]);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut text = String::new();
    for line in BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap) {
        text.push_str(&line);
        text.push('\n');
        if line.starts_with("Ctrl-C") {
            break;
        }
    }
    process.kill().unwrap();
    process.wait().unwrap();
    text
}
