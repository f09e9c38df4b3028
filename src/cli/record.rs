//! `understudy record`: a live portal as a scenario in a folder.

use std::env;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use understudy::provider::{AppConfig, Config};
use understudy::record::{Destination, Recording, Redaction, Replaced, record};
use understudy::scenarios::Shape;
use understudy::scenarios::file::{FaceFile, FamilyFile, PortalFile};

use super::failure::Failure;
use super::talk::Talk;

/// How many notes, places and differences are told.
const TOLD: usize = 20;

#[derive(Args)]
#[command(after_help = "\
Examples:
  understudy record --out ./recorded                            the portal that PORTAL_URL names
  understudy record --out ./recorded --app-config app-config.yaml --app-config app-config.local.yaml
  understudy record --out ./recorded --replace acme.com=example.com --replace Acme=Shop
  understudy up ./recorded                                      ... and play it

The portal is only read. The client secret, tokens, and whatever looks like one are never written. By default mail addresses
and names of people are replaced too, and the hosts of the portal and of its identity provider.")]
pub(super) struct RecordArgs {
    /// The folder to write, with a scenario.yaml and the documents in it. It must be empty, or not there yet.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// What is recorded: the servers that the variables name, or those of --app-config.
    #[arg(long, value_enum, default_value_t = Target::Real, hide_default_value = true)]
    target: Target,
    /// A configuration file of Backstage's with `glooPlatformPortal.backend` in it, which names the servers in place of
    /// the variables; several are merged as by Backstage's --config.
    #[arg(long, value_name = "FILE")]
    app_config: Vec<PathBuf>,
    /// Write TO wherever the portal says FROM; may be given more than once.
    #[arg(long, value_name = "FROM=TO", value_parser = replacement)]
    replace: Vec<(String, String)>,
    /// Leave mail addresses and names of people as they are.
    #[arg(long)]
    keep_people: bool,
    /// Leave the hosts of the portal and of its identity provider as they are.
    #[arg(long)]
    keep_hosts: bool,
    /// Replace the recording that is in the folder.
    #[arg(long)]
    force: bool,
    /// Write the recording even where a sync of it gives other entities than one of the portal; that is a failure still.
    #[arg(long)]
    accept_differences: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Target {
    /// The servers that PORTAL_URL, TOKEN_ENDPOINT and the rest name.
    Real,
}

pub(super) fn replacement(argument: &str) -> Result<(String, String), String> {
    let (from, to) = argument.split_once('=').unwrap_or_default();
    match Redaction::default().replacing(from, to) {
        Ok(_) => Ok((from.to_owned(), to.to_owned())),
        Err(error) => Err(error.to_string()),
    }
}

/// What is to be replaced, with all that was named by `--replace`.
pub(super) fn replacing(named: &[(String, String)], redaction: Redaction) -> Result<Redaction, Failure> {
    let add = |redaction: Redaction, (from, to): &(String, String)| redaction.replacing(from, to);
    named.iter().try_fold(redaction, add).map_err(Failure::usage)
}

pub(super) fn run(args: RecordArgs, talk: &Talk) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(record_to(args, *talk))
}

async fn record_to(args: RecordArgs, talk: Talk) -> Result<(), Failure> {
    let config = args.config(talk)?;
    talk.say(format_args!("target: real, {}", config.portal));
    let redaction = args.redaction()?;
    let destination = Destination::new(&args.out, args.force)?;
    let recording = talk.while_waiting(format!("recording {}", config.portal), record(&config, &redaction)).await?;
    tell(&recording, talk);
    let written = destination.write(&recording)?;
    let scenario = written.scenario()?;
    let proof = talk.while_waiting("playing the recording".to_owned(), recording.prove(&scenario)).await?;
    if proof.differences.is_empty() {
        written.keep()?;
        let out = args.out.display();
        talk.say(format_args!("recorded {} in {out}", contents(&recording)));
        talk.say(format_args!(
            "A sync of the recording gives the {} entities that a sync of the portal gives. Next: understudy up {out}",
            proof.entities
        ));
        return Ok(());
    }
    let mut message = "a sync of the recording gives other entities than a sync of the portal:".to_owned();
    for difference in some(&proof.differences) {
        message.push_str(&format!("\n{difference}"));
    }
    if args.accept_differences {
        written.keep()?;
        message.push_str(&format!("\nIt was recorded all the same in {}", args.out.display()));
    } else {
        message.push_str("\nNothing was written; --accept-differences records it all the same");
    }
    Err(Failure::Refused(message))
}

impl RecordArgs {
    fn config(&self, talk: Talk) -> Result<Config, Failure> {
        let Target::Real = self.target;
        let variable = |name: &str| env::var(name).ok();
        if self.app_config.is_empty() {
            return Ok(Config::from_vars(variable)?);
        }
        let read = AppConfig::read(&self.app_config, variable).map_err(Failure::usage)?;
        read.warnings.iter().for_each(|warning| talk.say(format_args!("warning: {warning}")));
        Ok(read.config)
    }

    fn redaction(&self) -> Result<Redaction, Failure> {
        let mut redaction = replacing(&self.replace, Redaction::default())?;
        if self.keep_people {
            redaction = redaction.keeping_people();
        }
        Ok(if self.keep_hosts { redaction.keeping_hosts() } else { redaction })
    }
}

/// Tells what was left out and what was replaced.
fn tell(recording: &Recording, talk: Talk) {
    for note in some(recording.notes()) {
        talk.say(format_args!("note: {note}"));
    }
    let tally = recording.tally();
    let counted = |what: Replaced, one: &str, more: &str| match tally.counts().get(&what) {
        None => None,
        Some(1) => Some(format!("1 {one}")),
        Some(count) => Some(format!("{count} {more}")),
    };
    let counts = [
        counted(Replaced::Address, "mail address", "mail addresses"),
        counted(Replaced::Name, "name of a person", "names of people"),
        counted(Replaced::Host, "host", "hosts"),
        counted(Replaced::Asked, "text that --replace names", "texts that --replace names"),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    if !counts.is_empty() {
        talk.say(format_args!("replaced: {}", counts.join(", ")));
    }
    let secrets: Vec<String> = tally.secrets().iter().map(|(what, place)| format!("{what} in {place}")).collect();
    for secret in some(&secrets) {
        talk.say(format_args!("replaced: {secret}"));
    }
}

/// The first of many, and how many more there are.
fn some(all: &[String]) -> impl Iterator<Item = String> + '_ {
    let more = all.len().saturating_sub(TOLD);
    let more = (more > 0).then(|| format!("and {more} more like this"));
    all.iter().take(TOLD).cloned().chain(more)
}

/// What is in a recording: `a Gloo Gateway with 2 products, 2 versions and 2 documents, and an Okta`.
fn contents(recording: &Recording) -> String {
    let portal = &recording.file().portal;
    let versions = portal.products.iter().map(|product| product.versions.len()).sum();
    let counted = |count: usize, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    let issuer = recording.file().identity.issuers.as_ref().and_then(|issuers| issuers.first());
    format!(
        "{} ({}, {}, {}) behind {}",
        family(portal),
        counted(portal.products.len(), "product"),
        counted(versions, "version"),
        counted(recording.documents().len(), "document"),
        match issuer.map(|issuer| issuer.face) {
            Some(FaceFile::Okta) | None => "an Okta authorization server",
            Some(FaceFile::OktaOrg) => "an Okta org",
            Some(FaceFile::Keycloak) => "a Keycloak realm",
        }
    )
}

fn family(portal: &PortalFile) -> &'static str {
    match (portal.family, portal.shape) {
        (FamilyFile::GlooGateway, _) => "a Gloo Gateway portal",
        (FamilyFile::GlooMeshGateway, Some(Shape::Flat)) => "a Gloo Mesh Gateway portal with a flat list",
        (FamilyFile::GlooMeshGateway, _) => "a Gloo Mesh Gateway portal",
    }
}
