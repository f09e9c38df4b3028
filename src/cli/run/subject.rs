//! Who is judged, as the command line says it.

use std::time::Duration;

use clap::Args;
use understudy::Scenario;
use understudy::play::{Limits, Setup, Subject};

use crate::cli::failure::Failure;
use crate::cli::talk::Talk;

#[derive(Args)]
#[command(next_help_heading = "Subject")]
pub(super) struct SubjectArgs {
    /// Who is judged: `provider` is understudy's own, in this process; `exec:CMD` a command; `backstage:URL` a Backstage
    /// by its REST API, with the token in BACKSTAGE_TOKEN; `http:URL` a catalog-info.yaml that somebody serves.
    #[arg(long, default_value = "provider", value_name = "SUBJECT", value_parser = subject)]
    subject: Subject,
    /// Keep the command running between syncs: a line `sync` on its standard input asks for one, and it answers each with
    /// a line of JSON, {"mutation": …} or {"error": …}.
    #[arg(long)]
    keep: bool,
    /// How often a Backstage or a server syncs, such as 10s. [default: measured]
    #[arg(long, value_name = "DURATION", value_parser = super::duration)]
    sync_every: Option<Duration>,
    /// The command that starts a Backstage or a server anew; scenarios that need it are skipped without. It is also run
    /// before each scenario but the first.
    #[arg(long, value_name = "CMD")]
    restart: Option<String>,
    /// The portal's port in the configuration of a Backstage or a server.
    #[arg(long, default_value_t = 31080, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    portal_port: u16,
    /// The identity provider's port in the configuration of a Backstage or a server.
    #[arg(long, default_value_t = 31090, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) idp_port: u16,
}

impl SubjectArgs {
    /// The subject with all that is said of it.
    pub(super) fn subject(self) -> Result<Subject, Failure> {
        let setup = Setup {
            keep: self.keep,
            portal_port: self.portal_port,
            idp_port: self.idp_port,
            sync_every: self.sync_every,
            restart: self.restart,
            token: std::env::var("BACKSTAGE_TOKEN").ok().filter(|token| !token.is_empty()).map(Into::into),
        };
        self.subject.with(setup).map_err(Failure::usage)
    }
}

/// Tells what a subject at an address of its own must hold, and waits until it is there.
pub(super) async fn introduce(subject: &Subject, first: &Scenario, limits: Limits, talk: Talk) -> Result<(), Failure> {
    let tell = |stage: &understudy::Stage| {
        if let Ok(app_config) = stage.app_config() {
            talk.say(format_args!("The subject must hold this in its app-config:\n\n{app_config}\nWaiting for it …"));
        }
    };
    let met = subject.introduce(first, limits, tell);
    met.await.map_err(|error| Failure::Unreachable(error.to_string()))
}

fn subject(text: &str) -> Result<Subject, String> {
    Subject::named(text).map_err(|error| error.to_string())
}
