//! `understudy sync`: what comes of a sync, once or over and over.

use std::time::{Duration, Instant};

use clap::Args;
use understudy::provider::{Notice, NoticeKind, Outcome};
use understudy::serve::{Bound, Offer};
use understudy::{Stage, Target};

use super::failure::Failure;
use super::output::{self, Format};
use super::provider::ProviderArgs;
use super::run::duration;
use super::signals::Signals;
use super::syncing::Syncing;
use super::talk::Talk;
use super::target::{Opened, ScenarioArg, TargetArgs};
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
  understudy sync --idp real                           a mock portal that trusts the tokens of a real Okta or Keycloak

A real target is described by the Gloo guide's variables: PORTAL_URL or PORTAL_SERVER_URL, TOKEN_ENDPOINT or ISSUER_URL,
CLIENT_ID, CLIENT_SECRET, and SCOPE and CA_FILE where they are needed. Beside a mock portal the first two are not, beside a
mock identity provider only they are.")]
pub(super) struct SyncArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    #[command(flatten)]
    target: TargetArgs,
    /// The port of a mock identity provider; 0 takes any free one. [default: 31090 beside a real portal, which must find it,
    /// else any free one]
    #[arg(long, value_name = "PORT")]
    idp_port: Option<u16>,
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
    runtime.block_on(sync(args, *talk))
}

async fn sync(args: SyncArgs, talk: Talk) -> Result<(), Failure> {
    let SyncArgs { scenario, target, idp_port, output, watch, every, metrics_port, kept } = args;
    let format = output.unwrap_or_else(Format::for_stdout);
    // First, so that a signal that comes while the mocks are set up is not lost, and a port that is taken is told at once.
    let watch = match watch {
        true => Some(Watch { format, end: Signals::new()?, figures: figures(metrics_port).await?, talk }),
        false => None,
    };
    let started = Instant::now();
    let idp_port = idp_port.unwrap_or(if target.has_idp_for_a_portal() { IDP_PORT } else { 0 });
    let build = |scenario| Ok(talk.watching(Stage::builder(scenario).idp_port(idp_port)));
    let opened = target.open(scenario, talk, build).await?;
    let syncing = Syncing::of(&opened, every, &kept, talk).await?;
    match watch {
        Some(watch) => watch.run(&opened, syncing).await,
        None => {
            let (outcome, from) = syncing.once(talk).await?;
            output::print(&outcome.mutation, format)?;
            told(outcome, &from, started.elapsed(), next(&opened), talk)
        }
    }
}

/// The port at which a real portal finds a mock identity provider, where nobody says: that of `up`.
const IDP_PORT: u16 = 31090;

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

fn next(opened: &Opened) -> &'static str {
    match opened.target {
        Target::Mocks => "Next: understudy up",
        Target::Real(_) => "Next: understudy sync --target real --output yaml > portal-apis.yaml",
        Target::RealIdp { .. } => "Next: understudy sync --target real",
        _ => "Next: understudy sync --target real, once the portal trusts the real identity provider",
    }
}

async fn figures(port: Option<u16>) -> Result<Option<Bound>, Failure> {
    Ok(match port {
        Some(port) => Some(Bound::new(Offer::Figures, None, port).await?),
        None => None,
    })
}

/// `--watch`: what goes on until a signal comes.
struct Watch {
    format: Format,
    end: Signals,
    figures: Option<Bound>,
    talk: Talk,
}

impl Watch {
    async fn run(self, opened: &Opened, syncing: Syncing) -> Result<(), Failure> {
        let Self { format, end, figures, talk } = self;
        let (running, told) = syncing.start(talk);
        let _server = figures.map(|figures| {
            let server = figures.serve(&running);
            talk.say(format_args!("metrics: {}/metrics", server.url()));
            server
        });
        let print = |outcome: &Outcome| output::print_again(&outcome.mutation, format);
        let ended = tokio::select! {
            () = end.received() => Ok(()),
            failure = told.follow(running.progress(), print) => Err(failure),
            failure = watch::follow(opened, talk) => Err(failure),
        };
        running.end().await;
        ended
    }
}
