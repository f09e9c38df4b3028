//! The command, as its users run it: streams, messages and exit codes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod app_config;
mod assets;
mod check;
mod control;
mod errors;
mod follow;
mod health;
mod new;
mod record;
mod reports;
mod running;
mod scenarios;
mod serve;
mod sync;
mod sync_watch;
mod target;
mod tls;
mod up;

use std::process::Command;

/// The built command, with none of the variables that a developer's shell may hold.
pub(crate) fn understudy() -> Command {
    let mut command = Command::new(insta_cmd::get_cargo_bin("understudy"));
    for variable in [
        "PORTAL_URL",
        "PORTAL_SERVER_URL",
        "TOKEN_ENDPOINT",
        "ISSUER_URL",
        "CLIENT_ID",
        "CLIENT_SECRET",
        "SCOPE",
        "CA_FILE",
    ] {
        command.env_remove(variable);
    }
    let own = std::env::vars_os().map(|(name, _)| name);
    for variable in own.filter(|name| name.to_string_lossy().starts_with("UNDERSTUDY_")) {
        command.env_remove(variable);
    }
    command.env("TZ", "UTC").env("NO_PROXY", "*");
    command
}

/// Runs `$command` and compares exit code, stdout and stderr, with ports and times left out.
macro_rules! assert_command {
    ($command:expr, @$snapshot:literal) => {
        insta::with_settings!({
            filters => vec![
                (r"(localhost|127\.0\.0\.1|\[::1\]):\d+", "$1:[port]"),
                (r"in \d+ ms", "in [n] ms"),
                (r"\d\d:\d\d:\d\d", "[time]"),
                (r" \d+ms", " [n]ms"),
                (r"\(\d+ ms\)", "([n] ms)"),
            ],
        }, {
            insta_cmd::assert_cmd_snapshot!($command, @$snapshot);
        });
    };
}
pub(crate) use assert_command;
