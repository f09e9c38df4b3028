//! `understudy sync`: what comes of a sync, once or over and over.

use std::time::{Duration, Instant};

use clap::Args;
use understudy::provider::{Notice, NoticeKind, Outcome};
use understudy::serve::{Bound, Offer};
use understudy::{Scenario, Stage};

use super::failure::Failure;
use super::output::{self, Format};
use super::run::duration;
use super::signals::Signals;
use super::syncing::Syncing;
use super::talk::Talk;
use super::target::{Chosen, ProviderArgs, TargetArgs};
use super::watch;

#[derive(Args)]
#[command(after_help = "\
Examples:
  understudy sync                                      the bundled scenario `quickstart`
  understudy sync gloo-gateway --output json           another bundled one, as JSON
  understudy sync --output yaml > portal-apis.yaml     a file that Backstage can read without any plugin
  understudy sync --target real                        the portal that PORTAL_URL names
  understudy sync --target real --watch --metrics-port 9464
  understudy sync --app-config app-config.yaml --app-config app-config.local.yaml      as Backstage is configured

A real target is described by the Gloo guide's variables: PORTAL_URL or PORTAL_SERVER_URL, TOKEN_ENDPOINT or ISSUER_URL,
CLIENT_ID, CLIENT_SECRET, and SCOPE and CA_FILE where they are needed.")]
pub(super) struct SyncArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// The form of the entities: by default a table on a terminal, else yaml.
    #[arg(long, short, value_enum)]
    output: Option<Format>,
    /// Keep syncing until Ctrl-C, and print the entities anew whenever they have changed; json and mutation on one line.
    #[arg(long)]
    watch: bool,
    /// The time from one sync to the next, such as 30s or 5m. [default: 10s with mocks, else 5m]
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "watch")]
    every: Option<Duration>,
    /// Serve /healthz and Prometheus' /metrics at this port of this machine while it runs; 0 takes any free one.
    #[arg(long, value_name = "PORT", requires = "watch")]
    metrics_port: Option<u16>,
    #[command(flatten)]
    kept: ProviderArgs,
}

pub(super) fn run(args: SyncArgs, talk: &Talk) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let SyncArgs { target, output, watch, every, metrics_port, kept } = args;
    let format = output.unwrap_or_else(Format::for_stdout);
    let chosen = target.choose(*talk)?;
    if watch {
        return runtime.block_on(Watch { format, every, metrics_port, kept, talk: *talk }.run(chosen));
    }
    let started = Instant::now();
    let (stage, syncing, next);
    match chosen {
        Chosen::Mock(scenario) => {
            stage = runtime.block_on(start(&scenario, *talk))?;
            syncing = runtime.block_on(Syncing::from_stage(&stage, None, &kept, *talk))?;
            next = "Next: understudy up";
        }
        Chosen::Real(target) => {
            syncing = runtime.block_on(Syncing::from_servers(*target, None, &kept, *talk))?;
            next = "Next: understudy sync --target real --output yaml > portal-apis.yaml";
        }
    }
    let (outcome, from) = runtime.block_on(syncing.once(*talk))?;
    output::print(&outcome.mutation, format)?;
    told(outcome, &from, started.elapsed(), next, *talk)
}

/// Tells of what was printed, and fails where it is all from before.
fn told(outcome: Outcome, from: &str, took: Duration, next: &str, talk: Talk) -> Result<(), Failure> {
    let count = outcome.mutation.entities().count();
    let of_failure = |notice: &Notice| notice.kind == NoticeKind::Kept && notice.about.is_none();
    let (of_failure, others): (Vec<_>, Vec<_>) = outcome.notices.into_iter().partition(of_failure);
    others.iter().for_each(|notice| talk.say(notice));
    if let (Some(kind), Some(notice)) = (outcome.failure, of_failure.first()) {
        return Err(Failure::of(kind, notice.to_string()));
    }
    talk.say(format_args!("{count} entities from {from} in {} ms. {next}", took.as_millis()));
    Ok(())
}

async fn start(argument: &str, talk: Talk) -> Result<Stage, Failure> {
    let scenario = Scenario::find(argument)?;
    talk.mock_target(scenario.name());
    let mut builder = Stage::builder(scenario);
    if talk.is_verbose() {
        builder = builder.on_exchange(move |exchange| talk.exchange(exchange));
    }
    Ok(builder.start().await?)
}

/// `--watch`: what goes on until a signal comes.
struct Watch {
    format: Format,
    every: Option<Duration>,
    metrics_port: Option<u16>,
    kept: ProviderArgs,
    talk: Talk,
}

impl Watch {
    async fn run(self, chosen: Chosen) -> Result<(), Failure> {
        let end = Signals::new()?;
        let figures = match self.metrics_port {
            Some(port) => Some(Bound::new(Offer::Figures, None, port).await?),
            None => None,
        };
        match chosen {
            Chosen::Mock(argument) => {
                let stage = start(&argument, self.talk).await?;
                let syncing = Syncing::from_stage(&stage, self.every, &self.kept, self.talk).await?;
                tokio::select! {
                    ended = self.sync(syncing, figures, end) => ended,
                    failure = watch::follow(&argument, &stage, self.talk) => Err(failure),
                }
            }
            Chosen::Real(target) => {
                let syncing = Syncing::from_servers(*target, self.every, &self.kept, self.talk).await?;
                self.sync(syncing, figures, end).await
            }
        }
    }

    async fn sync(&self, syncing: Syncing, figures: Option<Bound>, end: Signals) -> Result<(), Failure> {
        let (running, told) = syncing.start(self.talk);
        let _server = figures.map(|figures| {
            let server = figures.serve(&running);
            self.talk.say(format_args!("metrics: {}/metrics", server.url()));
            server
        });
        let print = |outcome: &Outcome| output::print_again(&outcome.mutation, self.format);
        let ended = tokio::select! {
            () = end.received() => Ok(()),
            failure = told.follow(running.progress(), print) => Err(failure),
        };
        running.end().await;
        ended
    }
}
