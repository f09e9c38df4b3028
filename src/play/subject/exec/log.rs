//! What a command writes to its standard error: the newest of it, without secrets, and which secrets were in it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::play::subject::leaks::{Secrets, note};

/// How much is kept, in bytes: the oldest lines go first.
pub(super) const KEPT: usize = 256 * 1024;
/// A line beyond this is taken in parts, in bytes.
const LONGEST_LINE: usize = 64 * 1024;
/// What stays of a part for the next, so that a secret that lies across both is found: longer than any token.
const OVERLAP: usize = 16 * 1024;

/// The log of a subject, over all the processes that it was; clones share it.
#[derive(Clone, Debug)]
pub(super) struct Log {
    secrets: Secrets,
    written: Arc<Mutex<Written>>,
}

#[derive(Debug, Default)]
struct Written {
    lines: VecDeque<String>,
    bytes: usize,
    /// The last line of the newest process that says something.
    last: Option<String>,
    leaks: Vec<String>,
}

impl Log {
    pub(super) fn new(secrets: Secrets) -> Self {
        Self { secrets, written: Arc::default() }
    }

    /// A process begins, which has said nothing yet.
    pub(super) fn begin(&self) {
        self.written().last = None;
    }

    /// Takes down all that comes, until its end.
    pub(super) async fn follow(self, mut from: impl AsyncRead + Unpin) {
        let mut pending: Vec<u8> = Vec::new();
        let mut read = 0;
        loop {
            // A pipe that breaks has ended.
            let more = from.read_buf(&mut pending).await.unwrap_or(0);
            if more == 0 {
                break;
            }
            while let Some(end) = pending[read..].iter().position(|byte| *byte == b'\n') {
                let rest = pending.split_off(read + end + 1);
                self.take(&pending);
                pending = rest;
                read = 0;
            }
            read = pending.len();
            if pending.len() > LONGEST_LINE {
                pending = self.take_part(&pending);
                read = pending.len();
            }
        }
        if !pending.is_empty() {
            self.take(&pending);
        }
    }

    /// The newest of it.
    pub(super) fn text(&self) -> String {
        self.written().lines.iter().map(String::as_str).collect()
    }

    /// The last line of the newest process that says something, short enough for an error.
    pub(super) fn last_line(&self) -> Option<String> {
        let last = self.written().last.clone()?;
        Some(self.secrets.quote(&last))
    }

    /// The names of the secrets that were in it.
    pub(super) fn leaks(&self) -> Vec<String> {
        self.written().leaks.clone()
    }

    /// Takes down that secrets were found elsewhere.
    pub(super) fn note_leaks(&self, found: &[String]) {
        let mut written = self.written();
        for name in found {
            note(&mut written.leaks, name);
        }
    }

    fn take(&self, line: &[u8]) {
        let (text, found) = self.secrets.redact(&String::from_utf8_lossy(line));
        self.note_leaks(&found);
        self.keep(text);
    }

    /// Takes down the beginning of a line that is too long, and answers what is to be looked at again.
    fn take_part(&self, part: &[u8]) -> Vec<u8> {
        let (mut text, found) = self.secrets.redact(&String::from_utf8_lossy(part));
        self.note_leaks(&found);
        let mut cut = text.len().saturating_sub(OVERLAP);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        let rest = text.split_off(cut);
        self.keep(text);
        rest.into_bytes()
    }

    fn keep(&self, line: String) {
        let mut written = self.written();
        written.bytes += line.len();
        if !line.trim().is_empty() {
            written.last = Some(line.clone());
        }
        written.lines.push_back(line);
        while written.bytes > KEPT {
            let Some(oldest) = written.lines.pop_front() else { break };
            written.bytes -= oldest.len();
        }
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use understudy_scenarios::Scenario;

    use super::*;

    fn log() -> Log {
        Log::new(Secrets::of(&Scenario::find("quickstart").unwrap().world().identity.clients))
    }

    #[tokio::test]
    async fn only_the_newest_lines_are_kept() {
        let log = log();
        let lines: String = (0..20_000).map(|number| format!("line {number} of a long story\n")).collect();
        log.clone().follow(lines.as_bytes()).await;
        assert!(log.text().len() <= KEPT);
        assert!(log.text().ends_with("line 19999 of a long story\n"));
    }

    #[tokio::test]
    async fn a_secret_in_a_line_without_an_end_is_found_wherever_it_lies() {
        for before in [LONGEST_LINE - 5, LONGEST_LINE, 3 * LONGEST_LINE - 20, 100] {
            let log = log();
            let line = format!("{}backstage-dev-secret{}", " x".repeat(before / 2), "y ".repeat(LONGEST_LINE));
            log.clone().follow(line.as_bytes()).await;
            assert_eq!(log.leaks(), ["the client secret of backstage"]);
            assert!(!log.text().contains("backstage-dev"), "after {before} bytes");
        }
    }

    #[tokio::test]
    async fn the_last_line_that_says_something_is_the_last() {
        let log = log();
        log.clone().follow("one\nError: no portal\n\n  \n".as_bytes()).await;
        assert_eq!(log.last_line().unwrap(), "Error: no portal");
    }
}
