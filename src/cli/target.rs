//! Which portal and which identity provider a command is about: mocks, or the servers that variables or a Backstage
//! configuration name.

mod variables;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use understudy::provider::{AppConfig, Clock, Config, SystemClock, TokenEndpoint};
use understudy::{Scenario, Stage, StageBuilder, Target};

use super::failure::Failure;
use super::talk::Talk;
use variables::Variables;

/// The one switch of all commands.
#[derive(Args)]
pub(super) struct TargetArgs {
    /// Where the portal and the identity provider are: mocks that are started here, or the servers that the variables
    /// name. Those are only read. [default: mock; real with --app-config]
    #[arg(long, value_enum, value_name = "TARGET")]
    target: Option<Side>,
    /// Where the portal is, where that is not what --target says. A mock trusts the tokens of a real --idp.
    #[arg(long, value_enum, value_name = "TARGET")]
    portal: Option<Side>,
    /// Where the identity provider is, where that is not what --target says. A real portal must trust the mock's tokens.
    #[arg(long, value_enum, value_name = "TARGET")]
    idp: Option<Side>,
    /// A configuration file of Backstage's with `glooPlatformPortal.backend` in it, which names the servers in place of
    /// the variables; several are merged as by Backstage's --config.
    #[arg(long, value_name = "FILE")]
    app_config: Vec<PathBuf>,
}

/// What the mocks of a target show.
#[derive(Args)]
pub(super) struct ScenarioArg {
    /// A bundled scenario's name, a scenario file, a folder of OpenAPI documents, or - for standard input.
    /// [default: quickstart]
    scenario: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Side {
    /// A mock, started here.
    Mock,
    /// The server that the variables name.
    Real,
}

/// A target that was chosen, and is not asked yet.
pub(super) struct Chosen {
    pub(super) target: Target,
    /// Whether to tell of each sync.
    debug_logging: bool,
}

/// A target that can be asked. Its mocks are up as long as it is there.
pub(super) struct Opened {
    /// What the mocks play, as it was named; none where there are none.
    pub(super) scenario: Option<String>,
    pub(super) stage: Option<Stage>,
    pub(super) config: Config,
    pub(super) target: Target,
    /// Whether to tell of each sync.
    pub(super) debug_logging: bool,
}

impl ScenarioArg {
    /// Whether none was named.
    pub(super) fn is_none(&self) -> bool {
        self.scenario.is_none()
    }

    /// Whether it comes by standard input.
    pub(super) fn is_stdin(&self) -> bool {
        self.scenario.as_deref() == Some("-")
    }

    /// As if it was named so.
    pub(super) fn of(scenario: &str) -> Self {
        Self { scenario: Some(scenario.to_owned()) }
    }
}

impl TargetArgs {
    /// A mock portal, and an identity provider of this kind.
    pub(super) fn portal_of(idp: Side) -> Self {
        Self { target: None, portal: None, idp: Some(idp), app_config: Vec::new() }
    }

    /// The target that was chosen, with what the variables or the configuration say of it.
    pub(super) fn choose(&self, talk: Talk) -> Result<Chosen, Failure> {
        let (portal, idp) = self.sides();
        if (portal, idp) == (Side::Mock, Side::Mock) {
            if self.app_config.is_empty() {
                return Ok(Chosen { target: Target::Mocks, debug_logging: false });
            }
            return Err(Failure::Usage(
                "--app-config names real servers, and `--target mock` starts its own: leave out either".to_owned(),
            ));
        }
        let variables = Variables { portal, idp };
        let (config, debug_logging) = if self.app_config.is_empty() {
            let config = variables.config()?;
            variables.tell_unused(talk);
            (config, false)
        } else {
            let read = variables.noting(|variable| AppConfig::read(&self.app_config, variable), talk);
            let read = read.map_err(Failure::usage)?;
            read.warnings.iter().for_each(|warning| talk.say(format_args!("warning: {warning}")));
            (read.config, read.debug_logging)
        };
        let config = Box::new(config);
        let target = match (portal, idp) {
            (Side::Real, Side::Real) => Target::Real(config),
            (Side::Real, Side::Mock) => Target::RealPortal(config),
            (Side::Mock, _) => Target::RealIdp { config, issuer: variables.issuer() },
        };
        Ok(Chosen { target, debug_logging })
    }

    /// Whether anything was said of where the servers are.
    pub(super) fn is_said(&self) -> bool {
        self.target.is_some() || self.portal.is_some() || self.idp.is_some() || !self.app_config.is_empty()
    }

    /// Whether both servers are real.
    pub(super) fn is_all_real(&self) -> bool {
        self.sides() == (Side::Real, Side::Real)
    }

    /// Backstage's files, where they name the servers.
    pub(super) fn app_config(&self) -> &[PathBuf] {
        &self.app_config
    }

    /// Where the portal is, and where the identity provider.
    fn sides(&self) -> (Side, Side) {
        let default = if self.app_config.is_empty() { Side::Mock } else { Side::Real };
        let both = self.target.unwrap_or(default);
        (self.portal.unwrap_or(both), self.idp.unwrap_or(both))
    }

    /// Whether one of the servers at least is real.
    pub(super) fn is_real(&self) -> bool {
        self.sides() != (Side::Mock, Side::Mock)
    }

    /// Whether a mock identity provider must be found by a real portal.
    pub(super) fn has_idp_for_a_portal(&self) -> bool {
        self.sides() == (Side::Real, Side::Mock)
    }

    /// The option that makes the whole target a real one.
    fn named(&self) -> &'static str {
        match (self.app_config.is_empty(), self.target) {
            (false, _) => "--app-config",
            (true, Some(_)) => "--target real",
            (true, None) => "--portal real --idp real",
        }
    }

    /// Chooses the target, says which, and starts the mocks that are in it, which play what `scenario` names and are set
    /// up as `build` says.
    pub(super) async fn open(
        &self,
        ScenarioArg { scenario }: ScenarioArg,
        talk: Talk,
        build: impl FnOnce(Scenario) -> Result<StageBuilder, Failure>,
    ) -> Result<Opened, Failure> {
        if let (Some(scenario), true) = (&scenario, self.is_all_real()) {
            return Err(Failure::Usage(format!(
                "a scenario says what a mock shows, and a real target shows its own content: \
                 leave out either `{scenario}` or `{}`",
                self.named()
            )));
        }
        let Chosen { target, debug_logging } = self.choose(talk)?;
        if let Target::Real(config) = &target {
            talk.say(format_args!("target: real, {}", config.portal));
            let config = Config::clone(config);
            return Ok(Opened { scenario: None, stage: None, config, target, debug_logging });
        }
        let argument = scenario.unwrap_or_else(|| "quickstart".to_owned());
        let scenario = Scenario::find(&argument)?;
        let name = scenario.name();
        match &target {
            Target::RealPortal(config) => {
                talk.say(format_args!("target: real portal, {}; mock idp, scenario {name}", config.portal));
            }
            Target::RealIdp { config, .. } => {
                talk.say(format_args!("target: mock portal, scenario {name}; real idp, {}", idp(config)));
            }
            _ => talk.mock_target(name),
        }
        let opened = target.open(build(scenario)?).await?;
        if let (Target::RealPortal(_), Some(stage)) = (&target, &opened.stage) {
            let issuer = stage.issuer()?;
            talk.say(format_args!(
                "The portal must trust the issuer {}, whose keys are at {}",
                issuer.issuer, issuer.jwks_uri
            ));
        }
        Ok(Opened { scenario: Some(argument), stage: opened.stage, config: opened.config, target, debug_logging })
    }
}

/// The identity provider as messages name it.
pub(super) fn idp(config: &Config) -> &str {
    match &config.token_endpoint {
        TokenEndpoint::At(url) => url.as_str(),
        TokenEndpoint::Issuer(issuer) => issuer,
    }
}

impl Opened {
    /// The clock that our provider goes by.
    pub(super) fn clock(&self) -> Arc<dyn Clock> {
        self.stage.as_ref().map_or_else(|| Arc::new(SystemClock) as _, Stage::provider_clock)
    }

    /// The portal as messages name it.
    pub(super) fn portal(&self) -> String {
        match &self.stage {
            Some(stage) if !self.target.is_portal_real() => stage.portal_url().to_owned(),
            _ => self.config.portal.to_string(),
        }
    }
}
