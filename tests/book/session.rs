//! A reader who goes through a page: one folder, one shell's variables, and whatever was started and is still up.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use regex::Regex;
use tempfile::TempDir;

use crate::redact::redact;

/// How long a command that stays may take for what it is to say.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a command that stays says when all of it is up.
pub(crate) const UP: &str = "Ctrl-C ends it.";

/// The ports that the pages tell, and where the real ones are read from: the lines of `up` and `serve`.
static PORTS: LazyLock<[(&str, Regex); 4]> = LazyLock::new(|| {
    [
        ("localhost:31080", r"(?m)^\s+portal\s+http://(localhost:\d+)"),
        ("localhost:31090", r"(?m)^\s+(?:okta|okta-org|keycloak)\s+http://(localhost:\d+)"),
        ("localhost:31070", r"(?m)^\s+control\s+http://(localhost:\d+)"),
        ("localhost:31100", r"the catalog at http://(localhost:\d+)"),
    ]
    .map(|(told, pattern)| (told, Regex::new(pattern).unwrap()))
});

static EXPORT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^export (\w+)=(.*)$").unwrap());

/// A session of commands.
#[derive(Debug)]
pub(crate) struct Session {
    folder: TempDir,
    variables: BTreeMap<String, String>,
    /// Each port that the pages tell, and the one that it is here.
    ports: BTreeMap<&'static str, String>,
    running: Vec<Running>,
    has_colours: bool,
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) printed: String,
    pub(crate) succeeded: bool,
}

#[derive(Debug)]
struct Running {
    process: Child,
    lines: Receiver<String>,
}

impl Session {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, variables: BTreeMap::new(), ports: BTreeMap::new(), running: Vec::new(), has_colours: false }
    }

    /// One whose commands print colours.
    pub(crate) fn with_colours() -> Self {
        let mut session = Self::new();
        session.has_colours = true;
        session
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        let path = self.folder().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Plays a command as a page shows it: runs it to its end, or, where it is one that stays, until it is up and has
    /// said what `is_said` waits for. Answers what it printed.
    pub(crate) fn play(&mut self, command: &str, is_said: impl Fn(&str) -> bool) -> Played {
        if let Some((name, value)) = command.strip_prefix("export ").and_then(|export| export.split_once('=')) {
            self.variables.insert(name.to_owned(), value.to_owned());
            Played { printed: String::new(), succeeded: true }
        } else if stays(command) {
            let is_up = |said: &str| said.contains(UP) && is_said(said);
            Played { printed: self.start(command, is_up), succeeded: true }
        } else {
            self.run_whole(command)
        }
    }

    /// What a command prints to its end, to both streams, with the ports that the pages tell.
    pub(crate) fn run(&self, command: &str) -> String {
        self.run_whole(command).printed
    }

    fn run_whole(&self, command: &str) -> Played {
        let command = format!("{{ {}\n}} 2>&1", self.as_here(command));
        let output = self.shell(&command).output().unwrap();
        let printed = self.as_told(&String::from_utf8_lossy(&output.stdout));
        Played { printed, succeeded: output.status.success() }
    }

    /// Whether a command succeeds, and what it prints where it does not.
    pub(crate) fn succeeds(&self, command: &str) -> Result<(), String> {
        let output = self.shell(&format!("{command} 2>&1")).output().unwrap();
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stdout).into_owned()) }
    }

    /// Starts a command that stays.
    pub(crate) fn start(&mut self, command: &str, is_said: impl Fn(&str) -> bool) -> String {
        let command = on_free_ports(&self.as_here(command));
        let mut process = self.shell(&format!("exec {command} 2>&1")).stdout(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || stdout.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        self.running.push(Running { process, lines });
        let said = self.hear(self.running.len() - 1, is_said);
        for (told, pattern) in &*PORTS {
            if let Some(found) = pattern.captures(&crate::redact::without_colours(&said)) {
                self.ports.insert(told, found[1].to_owned());
            }
        }
        for export in EXPORT.captures_iter(&said) {
            self.variables.insert(export[1].to_owned(), export[2].trim_matches('\'').to_owned());
        }
        self.as_told(&said)
    }

    /// What the command that was started as number `index` says from now on, until it has said what is waited for.
    pub(crate) fn hears(&self, index: usize, is_said: impl Fn(&str) -> bool) -> String {
        self.as_told(&self.hear(index, is_said))
    }

    /// Ends the command that was started as number `index`.
    pub(crate) fn end(&mut self, index: usize) {
        self.running[index].end();
    }

    fn hear(&self, index: usize, is_said: impl Fn(&str) -> bool) -> String {
        let (mut said, until) = (String::new(), Instant::now() + PATIENCE);
        while !is_said(&said) {
            match self.running[index].lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => said = said + &line + "\n",
                Err(_) => break,
            }
        }
        said
    }

    fn shell(&self, command: &str) -> Command {
        let built = std::path::Path::new(env!("CARGO_BIN_EXE_understudy")).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).current_dir(self.folder()).env_clear().envs(&self.variables);
        shell.env("PATH", format!("{}:{path}", built.display())).env("HOME", self.folder()).env("TZ", "UTC");
        shell.env("NO_PROXY", "*").stdin(Stdio::null());
        shell
    }

    /// The command with the ports that there are here, and the built binary in Cargo's place.
    fn as_here(&self, command: &str) -> String {
        let command = as_on_a_terminal(&as_built(command));
        let command = self.ports.iter().fold(command, |command, (told, here)| command.replace(told, here));
        if self.has_colours { command.replace("understudy ", "understudy --color always ") } else { command }
    }

    fn as_told(&self, said: &str) -> String {
        self.ports.iter().fold(said.to_owned(), |said, (told, here)| said.replace(here, told))
    }
}

impl Running {
    fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// The command as one of the built binary: `cargo run -- sync` is `understudy sync`.
pub(crate) fn as_built(command: &str) -> String {
    command.replace("cargo run --release -- ", "understudy ").replace("cargo run -- ", "understudy ")
}

/// The command as one of a terminal's, where a sync prints a table: here it would print YAML, as into a pipe.
fn as_on_a_terminal(command: &str) -> String {
    let is_table =
        command.starts_with("understudy sync") && ![">", "|", "--output"].iter().any(|way| command.contains(way));
    if is_table { format!("{command} --output table") } else { command.to_owned() }
}

/// Whether it is a command that stays up until it is ended.
fn stays(command: &str) -> bool {
    let command = as_built(command);
    ["understudy up", "understudy serve"].iter().any(|start| command.starts_with(start)) && !command.contains(" > ")
}

fn on_free_ports(command: &str) -> String {
    let mocks = if command.contains("--target real") { "" } else { " --portal-port 0 --idp-port 0 --control-port 0" };
    let own = if command.contains(" serve") { " --port 0" } else { "" };
    format!("{command}{own}{mocks}")
}

/// Waits until these words have been said.
pub(crate) fn says(words: &str) -> impl Fn(&str) -> bool {
    move |said| redact(said).contains(&redact(words).trim_end().to_owned())
}
