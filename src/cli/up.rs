//! `understudy up`: both mocks on fixed ports, what to paste, and a line a request.

pub(super) mod printed;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use etcetera::BaseStrategy as _;
use understudy::tls::LocalAuthority;
use understudy::{AppConfig, Scenario, Stage};
use url::Url;

use super::failure::Failure;
use super::output;
use super::stage::StageArgs;
use super::talk::Talk;
use super::target::{ScenarioArg, Side, TargetArgs};
use super::watch;

#[derive(Args)]
#[command(after_help = "\
Examples:
  understudy up                                        the bundled scenario `quickstart`
  understudy up gloo-gateway --write-app-config app-config.portal.yaml
  understudy up my-scenario.yaml --portal-port 0 --idp-port 0 --output json
  understudy up --tls                                  over https, by an authority that is kept for this user
  understudy up --bind 0.0.0.0 --public-host host.docker.internal     for containers on this machine
  understudy up --idp real                             a portal that trusts the tokens of a real Okta or Keycloak

  curl -H \"Authorization: Bearer $TOKEN\" localhost:31070      the control API, with the token that is printed

Then: yarn start --config app-config.yaml --config app-config.portal.yaml")]
pub(super) struct UpArgs {
    /// A bundled scenario's name, a scenario file, a folder of OpenAPI documents, or - for standard input.
    #[arg(default_value = "quickstart", env = "UNDERSTUDY_SCENARIO")]
    scenario: String,
    /// Where the identity provider is: a mock, or the one that TOKEN_ENDPOINT or ISSUER_URL, CLIENT_ID and CLIENT_SECRET
    /// name, whose tokens the portal then trusts.
    #[arg(long, value_enum, default_value_t = Side::Mock, value_name = "TARGET")]
    idp: Side,
    #[command(flatten)]
    stage: StageArgs,
    /// The URL by which others know the portal, without /v1.
    #[arg(long, value_name = "URL", value_parser = http_url, env = "UNDERSTUDY_PORTAL_URL")]
    portal_url: Option<Url>,
    /// The URL by which others know the identity provider; issuers are below it.
    #[arg(long, value_name = "URL", value_parser = http_url, env = "UNDERSTUDY_IDP_URL")]
    idp_url: Option<Url>,
    /// Serve the portal and the identity provider over https, with a certificate authority that is made once and kept;
    /// clients must trust it, and what they want for that is printed. The control API stays http.
    #[arg(long, env = "UNDERSTUDY_TLS", value_parser = clap::builder::FalseyValueParser::new())]
    tls: bool,
    /// Keep the certificate authority in this folder. [default: `understudy` in the user's data directory]
    #[arg(long, value_name = "DIR", requires = "tls", env = "UNDERSTUDY_TLS_DIR")]
    tls_dir: Option<PathBuf>,
    /// What to print when ready: what a person needs next, or one line of JSON.
    #[arg(long, short, value_enum, default_value_t = Ready::Text, value_name = "FORMAT", env = "UNDERSTUDY_OUTPUT")]
    output: Ready,
    /// Write the variables to this file, a NAME=value a line.
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
    /// Write the app-config block to this file.
    #[arg(long, value_name = "FILE")]
    write_app_config: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Ready {
    /// URLs, variables and an app-config block to paste.
    Text,
    /// One line of JSON.
    Json,
}

pub(super) fn run(args: UpArgs, talk: &Talk) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(up(args, *talk))
}

async fn up(args: UpArgs, talk: Talk) -> Result<(), Failure> {
    // First, so that a signal that comes while the stage is set up is not lost.
    let scenario = ScenarioArg::of(&args.scenario);
    let end = args.stage.signals(&scenario)?;
    let target = TargetArgs::portal_of(args.idp);
    let opened = target.open(scenario, talk, |scenario| builder(scenario, &args, talk)).await?;
    let stage = opened.stage.ok_or_else(|| Failure::usage("there is nothing to start"))?;
    let told = Told::of(&stage, args.idp == Side::Real)?;
    if let Some(path) = &args.env_file {
        write_private(path, &printed::env_file(&told.variables))?;
    }
    if let Some(path) = &args.write_app_config {
        write_private(path, &told.app_config.to_string())?;
    }
    let ready = match args.output {
        Ready::Text => printed::text(&stage, &told),
        Ready::Json => printed::json(&stage)?,
    };
    output::write(ready.as_bytes())?;
    tokio::select! {
        () = end.received() => Ok(()),
        failure = watch::follow_stage(&args.scenario, &stage, talk) => Err(failure),
    }
}

fn builder(scenario: Scenario, args: &UpArgs, talk: Talk) -> Result<understudy::StageBuilder, Failure> {
    args.stage.warn_of_others(talk);
    let mut builder = args.stage.builder(scenario)?;
    if let Some(url) = &args.portal_url {
        builder = builder.portal_url(url.clone());
    }
    if let Some(url) = &args.idp_url {
        builder = builder.idp_url(url.clone());
    }
    if args.tls {
        builder = builder.tls(authority(args.tls_dir.as_deref())?);
    }
    if !talk.is_quiet() {
        builder = builder.on_exchange(move |exchange| talk.exchange(exchange));
    }
    Ok(builder)
}

/// What a client must be told of a stage. The secret of a real identity provider's client is the user's own: it is neither
/// printed nor written.
struct Told {
    variables: Vec<(&'static str, String)>,
    app_config: AppConfig,
}

impl Told {
    fn of(stage: &Stage, is_idp_real: bool) -> Result<Self, Failure> {
        let (mut variables, mut app_config) = (stage.variables()?, stage.app_config()?);
        if is_idp_real {
            variables.retain(|(name, _)| *name != "CLIENT_SECRET");
            app_config = app_config.secret_from("CLIENT_SECRET");
        }
        Ok(Self { variables, app_config })
    }
}

/// The certificate authority that is kept in `folder`, or where this user's programs keep such things.
fn authority(folder: Option<&Path>) -> Result<LocalAuthority, Failure> {
    let folder = match folder {
        Some(folder) => folder.to_owned(),
        None => etcetera::choose_base_strategy()
            .map_err(|_| {
                Failure::usage(
                    "this user has no home folder to keep a certificate authority in: name one with --tls-dir",
                )
            })?
            .data_dir()
            .join("understudy"),
    };
    // Other programs are told its path, wherever they run.
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    LocalAuthority::in_folder(&folder).map_err(Failure::usage)
}

/// Writes a file that holds a secret: for this user's eyes only, where the system knows how.
fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Failure::Usage(format!("can't write {}: {error}", path.display())))
}

pub(super) fn http_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "it is no URL; one looks like http://host:31080".to_owned())?;
    match (url.scheme(), url.query(), url.fragment()) {
        ("http" | "https", None, None) => Ok(url),
        ("http" | "https", ..) => Err("a base URL has no `?` and no `#`".to_owned()),
        (scheme, ..) => Err(format!("`{scheme}:` is neither http: nor https:; a URL looks like http://host:31080")),
    }
}
