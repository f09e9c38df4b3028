//! `understudy sync`: one sync, and what came of it.

use std::env;
use std::time::Instant;

use clap::{Args, ValueEnum};
use understudy::provider::{Config, Mutation, Provider};
use understudy::{Scenario, Stage};

use super::failure::Failure;
use super::output::{self, Format};
use super::talk::Talk;

#[derive(Args)]
#[command(after_help = "\
Examples:
  understudy sync                                      the bundled scenario `quickstart`
  understudy sync gloo-gateway --output json           another bundled one, as JSON
  understudy sync --output yaml > portal-apis.yaml     a file that Backstage can read without any plugin
  understudy sync --target real                        the portal that PORTAL_URL names

A real target is described by the Gloo guide's variables: PORTAL_URL or PORTAL_SERVER_URL, TOKEN_ENDPOINT or ISSUER_URL,
CLIENT_ID, CLIENT_SECRET, and SCOPE and CA_FILE where they are needed.")]
pub(super) struct SyncArgs {
    /// A bundled scenario's name, a scenario file, a folder of OpenAPI documents, or - for standard input.
    /// [default: quickstart]
    scenario: Option<String>,
    /// Where the portal and the token endpoint are: mocks started for this sync, or the servers that the variables name.
    #[arg(long, value_enum, default_value_t = Target::Mock)]
    target: Target,
    /// The form of the entities: by default a table on a terminal, else yaml.
    #[arg(long, short, value_enum)]
    output: Option<Format>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// Mocks, started for this sync.
    Mock,
    /// The servers that PORTAL_URL, TOKEN_ENDPOINT and the rest name.
    Real,
}

pub(super) fn run(args: SyncArgs, talk: &Talk) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let synced = match (args.target, args.scenario) {
        (Target::Mock, scenario) => runtime.block_on(sync_mock(scenario.as_deref().unwrap_or("quickstart"), talk))?,
        (Target::Real, None) => runtime.block_on(sync_real(talk))?,
        (Target::Real, Some(scenario)) => {
            return Err(Failure::Usage(format!(
                "a scenario says what a mock shows, and a real target shows its own content: \
                 leave out either `{scenario}` or `--target real`"
            )));
        }
    };
    output::print(&synced.mutation, args.output.unwrap_or_else(Format::for_stdout))?;
    talk.say(format_args!(
        "{} entities from {} in {} ms. {}",
        synced.mutation.entities().count(),
        synced.from,
        synced.millis,
        synced.next
    ));
    Ok(())
}

struct Synced {
    mutation: Mutation,
    from: String,
    millis: u128,
    next: &'static str,
}

async fn sync_mock(argument: &str, talk: &Talk) -> Result<Synced, Failure> {
    let scenario = Scenario::find(argument)?;
    talk.mock_target(scenario.name());
    let (started, talking) = (Instant::now(), *talk);
    let mut builder = Stage::builder(scenario);
    if talk.is_verbose() {
        builder = builder.on_exchange(move |exchange| talking.exchange(exchange));
    }
    let stage = builder.start().await?;
    let mutation = stage.provider()?.sync().await?.mutation;
    Ok(Synced {
        mutation,
        from: stage.portal_url().to_owned(),
        millis: started.elapsed().as_millis(),
        next: "Next: understudy up",
    })
}

async fn sync_real(talk: &Talk) -> Result<Synced, Failure> {
    let config = Config::from_vars(|name| env::var(name).ok())?;
    let from = config.portal.to_string();
    talk.say(format_args!("target: real, {from}"));
    let started = Instant::now();
    let provider = Provider::new(config)?;
    let mutation = talk.while_waiting(format!("syncing {from}"), provider.sync()).await?.mutation;
    let next = "Next: understudy sync --target real --output yaml > portal-apis.yaml";
    Ok(Synced { mutation, from, millis: started.elapsed().as_millis(), next })
}
