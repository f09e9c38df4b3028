//! `understudy serve`: a provider that keeps syncing, and its entities for a Backstage without any plugin.

mod printed;

use std::time::Duration;

use clap::Args;
use understudy::serve::{Bound, Offer, Server};

use super::failure::Failure;
use super::output;
use super::provider::ProviderArgs;
use super::run::duration;
use super::stage::StageArgs;
use super::syncing::Syncing;
use super::talk::Talk;
use super::target::{Opened, ScenarioArg, TargetArgs};
use super::up::Ready;
use super::watch;

#[derive(Args)]
#[command(after_help = "\
Examples:
  understudy serve                                     the bundled scenario `quickstart`, from mocks of its own
  understudy serve my-scenario.yaml                    a scenario of your own, which is followed
  understudy serve --target real                       the portal that PORTAL_URL names
  understudy serve --app-config app-config.yaml --app-config app-config.local.yaml

What it prints goes into app-config.local.yaml. Backstage then reads the entities, and keeps them while the portal is down.")]
pub(super) struct ServeArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    #[command(flatten)]
    target: TargetArgs,
    /// The port to serve the entities at; 0 takes any free one.
    #[arg(long, default_value_t = 31100, value_name = "PORT")]
    port: u16,
    /// The time from one sync to the next, such as 30s or 5m. [default: 10s with mocks, else 5m]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    every: Option<Duration>,
    #[command(flatten)]
    kept: ProviderArgs,
    #[command(flatten)]
    stage: StageArgs,
    /// What to print when ready: what a person needs next, or one line of JSON.
    #[arg(long, short, value_enum, default_value_t = Ready::Text, value_name = "FORMAT")]
    output: Ready,
}

pub(super) fn run(args: ServeArgs, talk: &Talk) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(args, *talk))
}

async fn serve(args: ServeArgs, talk: Talk) -> Result<(), Failure> {
    // First, so that a signal that comes while the stage is set up is not lost.
    let end = args.stage.signals(&args.scenario)?;
    let mut bound = Bound::new(Offer::Catalog, args.stage.bind, args.port).await?;
    if let Some(host) = &args.stage.public_host {
        bound = bound.known_as(host);
    }
    let build = |scenario| {
        args.stage.warn_of_others(talk);
        Ok(talk.watching(args.stage.builder(scenario)?))
    };
    let opened = args.target.open(args.scenario, talk, build).await?;
    let syncing = Syncing::of(&opened, args.every, &args.kept, talk).await?;
    if let (None, Some(address)) = (&opened.stage, args.stage.bind.filter(|address| !address.is_loopback())) {
        talk.say(format_args!("Listening on {address}: whoever reaches this machine can read the portal's APIs."));
    }
    let (running, told) = syncing.start(talk);
    let server = bound.serve(&running);
    output::write(ready(args.output, &server, &opened)?.as_bytes())?;
    let ended = tokio::select! {
        () = end.received() => Ok(()),
        failure = watch::follow(&opened, talk) => Err(failure),
        failure = told.follow_served(server.shown()) => Err(failure),
    };
    running.end().await;
    ended
}

fn ready(output: Ready, server: &Server, opened: &Opened) -> Result<String, Failure> {
    match output {
        Ready::Text => Ok(printed::text(server, opened)),
        Ready::Json => printed::json(server, opened),
    }
}
