//! `understudy up` in a process of its own: what a test starts, asks and listens to.

use std::io::{BufRead as _, BufReader, Read as _};
#[cfg(unix)]
use std::process::ExitStatus;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

use crate::understudy;

/// A running `understudy up --output json` on free ports; it ends with this value.
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
            "CONTROL_URL" => "/control/url",
            "CONTROL_TOKEN" => "/control/token",
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
    pub(crate) fn said(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.stderr.read_line(&mut line).unwrap(), 0, "`up` says no more");
        line.trim_end().to_owned()
    }

    /// Ends it, and gives all that it said since the last line that was asked for.
    pub(crate) fn end(mut self) -> String {
        let _ = self.process.kill();
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).unwrap();
        said
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
