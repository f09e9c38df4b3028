//! What is said on stderr, beside the data.

use std::fmt::Display;

use understudy::Exchange;

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

    pub(super) fn is_quiet(self) -> bool {
        self.quiet
    }

    pub(super) fn is_verbose(self) -> bool {
        self.verbose
    }

    /// Prints a line about a request.
    pub(super) fn exchange(self, exchange: &Exchange) {
        match self.format {
            LogFormat::Text => anstream::eprintln!("{}", lines::text(exchange)),
            LogFormat::Json => anstream::eprintln!("{}", lines::json(exchange)),
        }
    }
}
