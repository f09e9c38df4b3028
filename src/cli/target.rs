//! Which portal a sync is about: a stage of its own, or the servers that variables or a Backstage configuration name.

use std::env;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use understudy::provider::{AppConfig, Config, Mapping, Profile, Provider};

use super::failure::Failure;
use super::talk::Talk;

#[derive(Args)]
pub(super) struct TargetArgs {
    /// A bundled scenario's name, a scenario file, a folder of OpenAPI documents, or - for standard input.
    /// [default: quickstart]
    scenario: Option<String>,
    /// Where the portal and the token endpoint are: mocks that are started here, or the servers that the variables name.
    /// [default: mock; real with --app-config]
    #[arg(long, value_enum)]
    target: Option<Target>,
    /// A configuration file of Backstage's with `glooPlatformPortal.backend` in it, which names the servers in place of
    /// the variables; several are merged as by Backstage's --config.
    #[arg(long, value_name = "FILE")]
    app_config: Vec<PathBuf>,
}

/// What the provider keeps from one sync to the next, and what it makes of the portal.
#[derive(Args)]
pub(super) struct ProviderArgs {
    /// What entities are made to show: what the plugin's do, or all that the portal tells. [default: plugin, or what the
    /// configuration says]
    #[arg(long, value_enum)]
    profile: Option<ProfileName>,
    /// Keep the last good state in this file, so that a start while the portal is down still gives the entities.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Let go what is held back in the state file: what is still gone then is removed.
    #[arg(long, requires = "state")]
    confirm_removals: bool,
}

impl ProviderArgs {
    /// Has `config` say what is said here.
    pub(super) fn apply(&self, config: &mut Config) {
        match (self.profile, &config.profile) {
            (Some(ProfileName::Plugin), _) => config.profile = Profile::Plugin,
            (Some(ProfileName::Enriched), Profile::Plugin) => config.profile = Profile::Enriched(Mapping::default()),
            _ => {}
        }
        if self.state.is_some() {
            config.state_file.clone_from(&self.state);
        }
    }

    /// Confirms what is to be confirmed, before the first sync.
    pub(super) async fn confirm(&self, provider: &Provider, talk: Talk) {
        if self.confirm_removals {
            match provider.confirm_removals().await {
                0 => talk.say("nothing is held back, so that there is nothing to confirm"),
                1 => talk.say("what is held back goes with this sync, if it is still gone"),
                lists => talk
                    .say(format_args!("what is held back of {lists} lists goes with this sync, if it is still gone")),
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ProfileName {
    /// What the published plugin's entities do, member for member.
    Plugin,
    /// All that the portal tells, where Backstage's pages show it.
    Enriched,
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
    Real(Box<RealTarget>),
}

/// Servers that are there.
pub(super) struct RealTarget {
    pub(super) config: Config,
    /// Whether to tell of each sync.
    pub(super) debug_logging: bool,
}

impl TargetArgs {
    pub(super) fn choose(self, talk: Talk) -> Result<Chosen, Failure> {
        let named = if self.app_config.is_empty() { "--target real" } else { "--app-config" };
        let target = self.target.unwrap_or(if self.app_config.is_empty() { Target::Mock } else { Target::Real });
        match (target, self.scenario) {
            (Target::Mock, _) if !self.app_config.is_empty() => Err(Failure::Usage(
                "--app-config names real servers, and `--target mock` starts its own: leave out either".to_owned(),
            )),
            (Target::Mock, scenario) => Ok(Chosen::Mock(scenario.unwrap_or_else(|| "quickstart".to_owned()))),
            (Target::Real, Some(scenario)) => Err(Failure::Usage(format!(
                "a scenario says what a mock shows, and a real target shows its own content: \
                 leave out either `{scenario}` or `{named}`"
            ))),
            (Target::Real, None) => {
                let variable = |name: &str| env::var(name).ok();
                let target = if self.app_config.is_empty() {
                    RealTarget { config: Config::from_vars(variable)?, debug_logging: false }
                } else {
                    let read = AppConfig::read(&self.app_config, variable).map_err(Failure::usage)?;
                    read.warnings.iter().for_each(|warning| talk.say(format_args!("warning: {warning}")));
                    RealTarget { config: read.config, debug_logging: read.debug_logging }
                };
                Ok(Chosen::Real(Box::new(target)))
            }
        }
    }
}
