//! What a command says of the provider that it runs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use understudy::provider::{Config, Mapping, Profile, Provider};

use super::talk::Talk;

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
