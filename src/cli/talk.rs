//! What is said on stderr, beside the data.

use std::env;
use std::fmt::Display;
use std::pin::pin;
use std::time::Duration;

use indicatif::ProgressBar;
use understudy::{Exchange, StageBuilder};

use super::LogFormat;
use super::lines;

/// How much to say, and in what form.
#[derive(Clone, Copy)]
pub(super) struct Talk {
    quiet: bool,
    verbose: bool,
    format: LogFormat,
}

impl Talk {
    pub(super) fn new(quiet: bool, verbose: bool, format: LogFormat) -> Self {
        Self { quiet, verbose, format }
    }

    /// Says `message`, unless silence was asked for.
    pub(super) fn say(self, message: impl Display) {
        if !self.quiet {
            anstream::eprintln!("{message}");
        }
    }

    /// The first line of a command whose target is a mock, with the variables that would name a real one.
    pub(super) fn mock_target(self, scenario: &str) {
        self.say(format_args!("target: mock, scenario {scenario}"));
        let unused = ["PORTAL_URL", "PORTAL_SERVER_URL", "TOKEN_ENDPOINT", "ISSUER_URL"];
        let unused: Vec<&str> = unused.into_iter().filter(|name| env::var_os(name).is_some()).collect();
        if !unused.is_empty() {
            self.say(format_args!("set but unused without `--target real`: {}", unused.join(", ")));
        }
    }

    /// Waits for `work`; on a terminal, a spinner says for what once it takes longer than a glance.
    pub(super) async fn while_waiting<T>(self, what: String, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        if self.quiet {
            return work.await;
        }
        match tokio::time::timeout(Duration::from_millis(400), work.as_mut()).await {
            Ok(done) => done,
            Err(_) => {
                let spinner = ProgressBar::new_spinner().with_message(what);
                spinner.enable_steady_tick(Duration::from_millis(120));
                let done = work.await;
                spinner.finish_and_clear();
                done
            }
        }
    }

    /// With a line about each request, where that was asked for.
    pub(super) fn watching(self, stage: StageBuilder) -> StageBuilder {
        if self.verbose { stage.on_exchange(move |exchange| self.exchange(exchange)) } else { stage }
    }

    pub(super) fn is_verbose(self) -> bool {
        self.verbose
    }

    pub(super) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Prints a line about a request.
    pub(super) fn exchange(self, exchange: &Exchange) {
        match self.format {
            LogFormat::Text => anstream::eprintln!("{}", lines::text(exchange)),
            LogFormat::Json => anstream::eprintln!("{}", lines::json(exchange)),
        }
    }
}
