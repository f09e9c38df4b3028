//! Which portal a sync is about: a stage of its own, or the servers that variables or a Backstage configuration name.

use std::env;

use clap::{Args, ValueEnum};
use understudy::provider::Config;

use super::failure::Failure;

#[derive(Args)]
pub(super) struct TargetArgs {
    /// A bundled scenario's name, a scenario file, a folder of OpenAPI documents, or - for standard input.
    /// [default: quickstart]
    scenario: Option<String>,
    /// Where the portal and the token endpoint are: mocks that are started here, or the servers that the variables name.
    #[arg(long, value_enum, default_value_t = Target::Mock)]
    target: Target,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// Mocks, started here.
    Mock,
    /// The servers that PORTAL_URL, TOKEN_ENDPOINT and the rest name.
    Real,
}

/// What was chosen.
pub(super) enum Chosen {
    /// A stage that plays what this argument names.
    Mock(String),
    /// Servers that are there.
    Real(Box<Config>),
}

impl TargetArgs {
    pub(super) fn choose(self) -> Result<Chosen, Failure> {
        match (self.target, self.scenario) {
            (Target::Mock, scenario) => Ok(Chosen::Mock(scenario.unwrap_or_else(|| "quickstart".to_owned()))),
            (Target::Real, None) => Ok(Chosen::Real(Box::new(Config::from_vars(|name| env::var(name).ok())?))),
            (Target::Real, Some(scenario)) => Err(Failure::Usage(format!(
                "a scenario says what a mock shows, and a real target shows its own content: \
                 leave out either `{scenario}` or `--target real`"
            ))),
        }
    }
}
