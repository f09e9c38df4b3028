//! `exec:CMD`: a subject that is a command, of any language.
//!
//! The command is run by the shell, with the Gloo guide's variables and `UNDERSTUDY_APP_CONFIG` in its environment.
//! Either it is started anew for each sync and prints what the catalog is to hold (`catalog-info` YAML, a JSON list of
//! entities or a mutation), or it is kept: then a line `sync` on its standard input asks for a sync, and it answers each
//! with one line of JSON. Its standard error is its log.
//!
//! The stage's secrets are looked for in the log, in what it tells as an error, and in the entities apart from their
//! definitions: those are the portal's documents, in which an example may well look like a token.

mod kept;
mod log;
mod output;
mod process;
#[cfg(test)]
mod tests;

use std::process::ExitStatus;

use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use tokio::process::ChildStdout;
use tokio::time::timeout;

use self::kept::{Answer, Kept};
use self::log::Log;
pub(super) use self::output::documents;
pub(super) use self::process::shell;
use self::process::{Mode, Process};
use super::leaks::Secrets;
use super::{SubjectError, Surroundings, SyncOutcome};

/// More than this, in bytes, is not read of one sync: no catalog comes near it.
pub(super) const LARGEST: usize = 512 * 1024 * 1024;

/// A command as a subject.
#[derive(Debug)]
pub(super) struct Exec {
    command: String,
    surroundings: Surroundings,
    secrets: Secrets,
    log: Log,
    way: Way,
}

/// How the command is asked.
#[derive(Debug)]
enum Way {
    OneShot,
    Keep(Running),
}

/// A command that is kept.
#[derive(Debug)]
enum Running {
    /// It is started for the first sync.
    NotYet,
    Now(Box<Kept>),
    /// How it ended: it stays so until a restart.
    NoMore(String),
}

impl Exec {
    /// A subject that is not started yet: `keep` has it run on between syncs.
    pub(super) fn new(command: String, keep: bool, surroundings: Surroundings, secrets: Secrets) -> Self {
        let way = if keep { Way::Keep(Running::NotYet) } else { Way::OneShot };
        Self { command, surroundings, log: Log::new(secrets.clone()), secrets, way }
    }

    /// Has it sync once. A command that fails, prints nothing or takes too long has applied nothing, and why is told.
    ///
    /// # Errors
    /// When it can't be started, or prints what is no answer to `sync`.
    pub(super) async fn sync(&mut self) -> Result<SyncOutcome, SubjectError> {
        let mut outcome = match &self.way {
            Way::OneShot => self.sync_anew().await?,
            Way::Keep(_) => self.sync_kept().await?,
        };
        if let Some(error) = &mut outcome.error {
            let (redacted, found) = self.secrets.redact(error);
            self.log.note_leaks(&found);
            *error = redacted;
        }
        for mutation in &outcome.mutations {
            self.search(mutation);
        }
        Ok(outcome)
    }

    /// Ends it, where it runs, and starts it anew.
    ///
    /// # Errors
    /// When it can't be started.
    pub(super) async fn restart(&mut self) -> Result<(), SubjectError> {
        if let Way::Keep(running) = &mut self.way {
            if let Running::Now(kept) = std::mem::replace(running, Running::NotYet) {
                kept.stop().await;
            }
            *running = Running::Now(Box::new(Kept::start(&self.command, &self.surroundings, self.log.clone())?));
        }
        Ok(())
    }

    /// What it wrote to its standard error: the newest 256 KiB, without the stage's secrets.
    pub(super) fn log(&self) -> String {
        self.log.text()
    }

    /// The names of the stage's secrets that it wrote down: `the bearer token`, `the client secret of backstage`.
    pub(super) fn leaks(&self) -> Vec<String> {
        self.log.leaks()
    }

    async fn sync_anew(&self) -> Result<SyncOutcome, SubjectError> {
        let (mut process, _, stdout) =
            Process::start(&self.command, Mode::OneShot, &self.surroundings, self.log.clone())?;
        let limit = self.surroundings.timeout;
        match timeout(limit, run_to_its_end(&mut process, stdout)).await {
            Ok(Ok((status, _))) if !status.success() => Ok(SyncOutcome::failed(self.ended(status))),
            Ok(Ok((_, printed))) if printed.len() > LARGEST => {
                Ok(SyncOutcome::failed("the command printed more than 512 MiB"))
            }
            Ok(Ok((_, printed))) => Ok(self.read(printed)),
            Ok(Err(error)) => Ok(SyncOutcome::failed(format!("the command can't be followed: {error}"))),
            Err(_) => {
                process.kill().await;
                Ok(SyncOutcome::failed(format!("the command had not ended after {limit:?}{}", self.last_words())))
            }
        }
    }

    fn read(&self, printed: Vec<u8>) -> SyncOutcome {
        let text = match String::from_utf8(printed) {
            Ok(text) => text,
            Err(_) => return SyncOutcome::failed("what the command printed is no text in UTF-8"),
        };
        if text.trim().is_empty() {
            return SyncOutcome::failed(format!("the command printed nothing{}", self.last_words()));
        }
        output::one_shot(&text).unwrap_or_else(|problem| {
            SyncOutcome::failed(format!("what the command printed {problem}: \"{}\"", self.secrets.quote(&text)))
        })
    }

    async fn sync_kept(&mut self) -> Result<SyncOutcome, SubjectError> {
        let mut kept = match std::mem::replace(&mut self.way, Way::Keep(Running::NotYet)) {
            Way::Keep(Running::Now(kept)) => kept,
            Way::Keep(Running::NoMore(ended)) => {
                let error = format!("{ended}, and was not started anew");
                self.way = Way::Keep(Running::NoMore(ended));
                return Ok(SyncOutcome::failed(error));
            }
            Way::Keep(Running::NotYet) | Way::OneShot => {
                Box::new(Kept::start(&self.command, &self.surroundings, self.log.clone())?)
            }
        };
        let limit = self.surroundings.timeout;
        let (mutations, error) = match kept.sync(limit, &self.secrets).await? {
            Answer::Synced { mutations, error } => {
                self.way = Way::Keep(Running::Now(kept));
                (mutations, error)
            }
            Answer::Late { mutations } => {
                self.way = Way::Keep(Running::Now(kept));
                let error = format!("the command had not answered `sync` after {limit:?}{}", self.last_words());
                (mutations, Some(error))
            }
            Answer::Ended { mutations } => {
                let ended = match kept.ended().await {
                    Some(status) => self.ended(status),
                    None => "the command has ended".to_owned(),
                };
                self.way = Way::Keep(Running::NoMore(ended.clone()));
                (mutations, Some(ended))
            }
        };
        Ok(SyncOutcome { mutations, error })
    }

    /// How it ended: `the command ended with exit status 3: Error: no portal`.
    fn ended(&self, status: ExitStatus) -> String {
        let status = match status.code() {
            Some(code) => format!("exit status {code}"),
            // `signal: 9 (SIGKILL)`
            None => status.to_string(),
        };
        format!("the command ended with {status}{}", self.last_words())
    }

    fn last_words(&self) -> String {
        self.log.last_line().map(|line| format!(": {line}")).unwrap_or_default()
    }

    /// Looks for secrets in every text of a mutation but the definitions.
    fn search(&self, value: &Value) {
        match value {
            Value::String(text) => self.log.note_leaks(&self.secrets.redact(text).1),
            Value::Array(items) => items.iter().for_each(|item| self.search(item)),
            Value::Object(members) => {
                members.iter().filter(|(key, _)| *key != "definition").for_each(|(_, member)| self.search(member));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// How a command that is run once has ended, and what it has printed; of more than [`LARGEST`], only the beginning.
async fn run_to_its_end(process: &mut Process, stdout: ChildStdout) -> std::io::Result<(ExitStatus, Vec<u8>)> {
    let mut printed = Vec::new();
    let status = {
        let mut all = stdout.take(LARGEST as u64 + 1);
        let mut reading = Box::pin(all.read_to_end(&mut printed));
        tokio::select! {
            status = process.wait() => {
                // What it has left running may hold the pipe, and goes; what it has printed is still in there.
                process.clear_up().await;
                let _ = timeout(process::GRACE, reading).await;
                Some(status?)
            }
            read = &mut reading => {
                read?;
                None
            }
        }
    };
    let status = match status {
        Some(status) => status,
        // It has closed its output, or printed too much and hears of it now.
        None => {
            let status = process.wait().await?;
            process.clear_up().await;
            status
        }
    };
    Ok((status, printed))
}
