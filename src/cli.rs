//! The command line: what can be asked, and how each answer ends.
//!
//! Data goes to stdout, talk to stderr. Exit codes: 0 all well, 1 the target refused, 2 usage or configuration, 3 the
//! target could not be reached; the same whatever the output format.

mod assets;
mod check;
mod failure;
mod health;
mod lines;
mod output;
mod provider;
mod record;
mod report;
mod run;
mod scenarios;
mod serve;
mod signals;
mod stage;
mod sync;
mod syncing;
mod talk;
mod target;
mod up;
mod watch;

use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use failure::Failure;
use talk::Talk;

/// Stands in for a Gloo Portal and its OpenID provider (Okta or Keycloak), to test what syncs API products into
/// Backstage.
#[derive(Parser)]
#[command(name = NAME, version, arg_required_else_help = true, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

/// What the command is called.
const NAME: &str = "understudy";

const EXAMPLES: &str = "\
Examples:
  understudy sync                          what Backstage would get from the bundled portal
  understudy sync my-scenario.yaml         ... from a portal of your own
  understudy sync ./openapi-documents/     ... from a portal with a product for each document
  understudy up                            a portal and an identity provider to point Backstage at
  understudy serve                         ... or what a Backstage without any plugin reads
  understudy check --target real           what is wrong on the way to a catalog, and what to do
  PORTAL_URL=… TOKEN_ENDPOINT=… CLIENT_ID=… CLIENT_SECRET=… understudy sync --target real

Exit codes: 0 all well, 1 the target refused, 2 usage or configuration, 3 the target could not be reached.";

/// Options that every command takes.
#[derive(Args)]
struct Global {
    /// Say nothing but data and errors.
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Also print a line for each request that the mocks answer, or that a check makes.
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// The form of the lines about requests.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT", env = "UNDERSTUDY_LOG_FORMAT")]
    log_format: LogFormat,
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// A line to read.
    Text,
    /// A JSON object a line.
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
enum Command {
    /// Sync a portal, once or over and over, and print the entities that Backstage would get.
    Sync(Box<sync::SyncArgs>),
    /// Start the portal and the identity provider, and print what to point Backstage at.
    Up(Box<up::UpArgs>),
    /// Keep syncing a portal, and serve the entities to a Backstage without any plugin.
    Serve(Box<serve::ServeArgs>),
    /// Turn a live portal into a scenario: all that it shows, and no secret.
    Record(Box<record::RecordArgs>),
    /// Play scenarios against a provider, and judge it by what its catalog holds afterwards.
    Run(Box<run::RunArgs>),
    /// Look at the way from a configuration to a catalog: what is wrong, and what to do.
    Check(Box<check::CheckArgs>),
    /// Ask whether a stage is up, or wait until it is.
    Health(health::HealthArgs),
    /// The scenarios that come with understudy, and a check of your own.
    #[command(subcommand)]
    Scenarios(scenarios::ScenariosCommand),
    /// Print a completion script for a shell.
    #[command(
        after_help = "Example:\n  understudy completions bash > ~/.local/share/bash-completion/completions/understudy"
    )]
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write man pages, completions and root certificates for a package.
    #[command(hide = true)]
    Assets(assets::AssetsArgs),
}

/// Runs the command that the process was started with.
pub(crate) fn main() -> ExitCode {
    let Cli { command, global } = Cli::parse();
    match global.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    let talk = Talk::new(global.quiet, global.verbose, global.log_format);
    match run(command, &talk) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(command: Command, talk: &Talk) -> Result<(), Failure> {
    match command {
        Command::Sync(args) => sync::run(*args, talk),
        Command::Up(args) => up::run(*args, talk),
        Command::Serve(args) => serve::run(*args, talk),
        Command::Record(args) => record::run(*args, talk),
        Command::Run(args) => run::run(*args, talk),
        Command::Check(args) => check::run(*args, talk),
        Command::Health(args) => health::run(args, talk),
        Command::Scenarios(command) => scenarios::run(command, talk),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), NAME, &mut script);
            output::write(&script)
        }
        Command::Assets(args) => assets::run(&args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
