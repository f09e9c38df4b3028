//! How a command fails: one message, one exit code.

use std::fmt::Display;
use std::io;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use understudy::provider::{ConfigError, FailureKind, SyncError};
use understudy::record::RecordError;
use understudy::scenarios::LoadError;
use understudy::serve::ServeError;
use understudy::{StageError, TargetError};

/// Why a command ended without what it was asked for.
pub(super) enum Failure {
    /// The target refused, or answered what can't be used: exit code 1.
    Refused(String),
    /// The command line, a file, a variable or a port: exit code 2.
    Usage(String),
    /// The target could not be reached: exit code 3.
    Unreachable(String),
    /// Whoever read our output has gone: there is nobody to tell.
    OutputClosed,
}

impl Failure {
    pub(super) fn usage(message: impl Display) -> Self {
        Self::Usage(message.to_string())
    }

    /// A sync's failure.
    pub(super) fn of(kind: FailureKind, message: String) -> Self {
        match kind {
            FailureKind::Configuration => Self::Usage(message),
            FailureKind::Refused | FailureKind::Invalid => Self::Refused(message),
            FailureKind::Unreachable => Self::Unreachable(message),
        }
    }

    /// Tells the user, and gives the exit code.
    pub(super) fn report(self) -> ExitCode {
        let (message, code) = match self {
            Self::Refused(message) => (message, 1),
            Self::Usage(message) => (message, 2),
            Self::Unreachable(message) => (message, 3),
            Self::OutputClosed => return ExitCode::SUCCESS,
        };
        tell(&message);
        ExitCode::from(code)
    }
}

/// Prints an error, whatever silence was asked for.
pub(super) fn tell(error: &str) {
    let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    anstream::eprintln!("{red}error{red:#}: {}", error.trim_end());
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::usage(error)
    }
}

impl From<StageError> for Failure {
    fn from(error: StageError) -> Self {
        Self::usage(error)
    }
}

impl From<TargetError> for Failure {
    fn from(error: TargetError) -> Self {
        Self::of(error.kind(), error.to_string())
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        Self::usage(error)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error)
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        Self::of(error.kind(), error.to_string())
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        Self::of(error.kind(), error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::Usage(format!("can't write to standard output: {error}")),
        }
    }
}
