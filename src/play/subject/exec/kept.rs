//! A command that is kept between syncs: a line asks, a line answers.

use std::process::ExitStatus;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::timeout;

use super::log::Log;
use super::process::{GRACE, Mode, Process};
use super::{LARGEST, output};
use crate::play::subject::leaks::Secrets;
use crate::play::subject::{SubjectError, Surroundings};

/// A running command, and what of its answers is yet to come.
#[derive(Debug)]
pub(super) struct Kept {
    process: Process,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    /// How many syncs it was asked for and has not answered.
    owed: usize,
}

/// What came of asking for a sync. An answer that comes too late counts with the next sync: its mutations go first.
#[derive(Debug)]
pub(super) enum Answer {
    /// It has answered all that it was asked.
    Synced {
        /// Of this answer, and of those to syncs before that came only now.
        mutations: Vec<Value>,
        /// What this answer tells of an error.
        error: Option<String>,
    },
    /// The time is over.
    Late {
        /// Of answers to syncs before.
        mutations: Vec<Value>,
    },
    /// It has closed its standard output: it has ended, or is of no more use.
    Ended {
        /// Of answers that came before.
        mutations: Vec<Value>,
    },
}

impl Kept {
    pub(super) fn start(command: &str, surroundings: &Surroundings, log: Log) -> Result<Self, SubjectError> {
        let (process, stdin, stdout) = Process::start(command, Mode::Keep, surroundings, log)?;
        Ok(Self { process, stdin, stdout: BufReader::new(stdout), line: Vec::new(), owed: 0 })
    }

    /// Asks for a sync and waits for at most `patience`.
    ///
    /// # Errors
    /// When a line is no answer.
    pub(super) async fn sync(&mut self, patience: Duration, secrets: &Secrets) -> Result<Answer, SubjectError> {
        let mut mutations = Vec::new();
        self.owed += 1;
        let all = async {
            if let Some(stdin) = &mut self.stdin
                && (stdin.write_all(b"sync\n").await.is_err() || stdin.flush().await.is_err())
            {
                // It reads no more; what it still has to say, and its end, come below.
                self.stdin = None;
            }
            loop {
                let Some(line) = next_line(&mut self.stdout, &mut self.line).await? else { return Ok(None) };
                let outcome = output::line(&line).map_err(|problem| {
                    let line = secrets.quote(&line);
                    SubjectError::Protocol(format!("what the command printed {problem}; it printed: \"{line}\""))
                })?;
                // More lines than were asked for: a sync of its own accord counts like an answer.
                self.owed = self.owed.saturating_sub(1);
                mutations.extend(outcome.mutations);
                if self.owed == 0 {
                    return Ok(Some(outcome.error));
                }
            }
        };
        match timeout(patience, all).await {
            Ok(Ok(Some(error))) => Ok(Answer::Synced { mutations, error }),
            Ok(Ok(None)) => Ok(Answer::Ended { mutations }),
            Ok(Err(error)) => Err(error),
            Err(_) => Ok(Answer::Late { mutations }),
        }
    }

    /// Ends it.
    pub(super) async fn stop(mut self) {
        // A command that is well-behaved ends when there is nobody to ask it any more.
        self.stdin = None;
        self.process.stop().await;
    }

    /// How it ended, once it has closed its output.
    pub(super) async fn ended(mut self) -> Option<ExitStatus> {
        self.stdin = None;
        match timeout(GRACE, self.process.wait()).await {
            Ok(status) => {
                self.process.clear_up().await;
                status.ok()
            }
            // It runs on without an output, and is of no use to anybody.
            Err(_) => self.process.stop().await,
        }
    }
}

/// The next line that is not empty, or none at the end of the output. `begun` keeps the beginning of a line for when
/// this is asked again, since a wait for it may be given up.
async fn next_line(stdout: &mut BufReader<ChildStdout>, begun: &mut Vec<u8>) -> Result<Option<String>, SubjectError> {
    loop {
        let room = (LARGEST + 1).saturating_sub(begun.len());
        // A pipe that breaks has ended.
        let read = stdout.take(room as u64).read_until(b'\n', begun).await.unwrap_or(0);
        if begun.len() > LARGEST {
            return Err(SubjectError::Protocol("the command printed a line of more than 512 MiB".to_owned()));
        }
        let line = String::from_utf8_lossy(begun).trim().to_owned();
        begun.clear();
        if !line.is_empty() {
            return Ok(Some(line));
        }
        if read == 0 {
            return Ok(None);
        }
    }
}
