//! What a scenario is played on: a stage, and the servers that are there in place of its mocks.
//!
//! Where the portal is real, the stage's world holds what that portal was read to show, so that what must hold is judged
//! as on a mock; the stage's own portal is then asked for nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use understudy_provider::{
    ClientCredentials, Config, Discovery, Exchange as Asked, HttpClient, PortalClient, SyncError, TokenEndpoint,
};
use understudy_scenarios::{Client, Grant, Note, Portal, Scenario, Server, World};

use super::player::Options;
use super::shown;
use super::subject::Subject;
use crate::target::{Opened, Target, TargetError};
use crate::tls::LocalAuthority;
use crate::{AppConfig, Exchange, Stage, StageBuilder, StageError};

/// What one scenario is played on; it ends with this value.
pub(super) struct Ground {
    pub(super) stage: Stage,
    /// How a subject reaches the servers, where one of them is real.
    servers: Option<Config>,
    is_portal_real: bool,
    is_idp_real: bool,
}

/// Why there is nothing to play on.
#[derive(Debug, thiserror::Error)]
pub(super) enum GroundError {
    /// The stage can't be started, or a mock of it not be told of the real server.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The real portal can't be read.
    #[error(transparent)]
    Portal(SyncError),
}

impl From<StageError> for GroundError {
    fn from(error: StageError) -> Self {
        Self::Target(error.into())
    }
}

impl Ground {
    /// Starts the mocks that are needed, and reads a real portal.
    pub(super) async fn start(
        scenario: &Scenario,
        subject: &Subject,
        options: &Options,
        tls: bool,
    ) -> Result<Self, GroundError> {
        /// How long the stage before may take to give its ports back.
        const GRACE: Duration = Duration::from_secs(5);
        let has_fixed_ports = subject.ports().is_some() || options.idp_port != 0;
        let began = Instant::now();
        let Opened { stage, config } = loop {
            let mut builder = Stage::builder(scenario.clone()).seed(options.seed).idp_port(options.idp_port);
            if tls {
                builder = builder.tls(LocalAuthority::in_memory().map_err(StageError::from)?);
            }
            if let Some((portal, idp)) = subject.ports() {
                builder = builder.portal_port(portal).idp_port(idp);
            }
            match open(&options.target, builder).await {
                Err(TargetError::Stage(StageError::PortTaken { .. })) if has_fixed_ports && began.elapsed() < GRACE => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                opened => break opened?,
            }
        };
        let stage = stage.ok_or(StageError::NoIssuer)?;
        let is_portal_real = options.target.is_portal_real();
        let servers = match options.target {
            Target::Mocks => None,
            _ => Some(with_token_endpoint(config).await?),
        };
        let is_idp_real = options.target.is_idp_real();
        let ground = Self { stage, servers, is_portal_real, is_idp_real };
        if let Some(portal) = ground.read().await.map_err(GroundError::Portal)? {
            ground.stage.world().edit(|world| World { portal, ..world.clone() });
        }
        Ok(ground)
    }

    /// How our provider reaches the servers. Beside a mock portal it waits no longer than `request` for an answer.
    pub(super) fn config(&self, request: Duration) -> Result<Config, StageError> {
        let mut config = match &self.servers {
            Some(config) => config.clone(),
            None => self.stage.provider_config(&self.stage.issuer()?)?,
        };
        if self.is_portal_real {
            return Ok(config);
        }
        config.request_timeout = request;
        // A scenario's syncs follow each other at once, where those of a backend come minutes apart.
        config.retries.first_wait = Duration::from_millis(10);
        config.retries.longest_wait = Duration::from_millis(50);
        config.retries.longest_pause = Duration::from_millis(50);
        Ok(config)
    }

    /// The variables that a subject in a process of its own is told.
    pub(super) fn variables(&self) -> Result<Vec<(String, String)>, StageError> {
        let owned = |(name, value): (&str, String)| (name.to_owned(), value);
        match &self.servers {
            None => Ok(self.stage.variables()?.into_iter().map(owned).collect()),
            Some(config) => Ok(variables(config).into_iter().map(owned).collect()),
        }
    }

    /// The app-config that a subject in a process of its own is told.
    pub(super) fn app_config(&self) -> Result<AppConfig, StageError> {
        match &self.servers {
            None => self.stage.app_config(),
            Some(config) => AppConfig::of(config).ok_or(StageError::NoIssuer),
        }
    }

    /// The clients whose secrets a subject must not write down.
    pub(super) fn clients(&self) -> Vec<Client> {
        let mut clients = self.stage.world().current().world.identity.clients.clone();
        clients.extend(self.servers.as_ref().map(|config| Client {
            id: config.client_id.clone(),
            secret: Some(secrecy::ExposeSecret::expose_secret(&config.client_secret).into()),
            grants: vec![Grant::ClientCredentials],
            redirect_uris: Vec::new(),
        }));
        clients
    }

    /// Takes down what is asked of real servers through a client of this configuration. Mocks do so by themselves.
    pub(super) fn watcher(&self, config: &Config) -> impl Fn(&Asked<'_>) + Send + Sync + 'static {
        let (journal, clock) = (self.stage.journal().clone(), self.stage.clock().clone());
        let (portal, caller) = (config.portal.to_string(), Arc::<str>::from(config.client_id.as_str()));
        let (is_portal_real, is_idp_real) = (self.is_portal_real, self.is_idp_real);
        move |asked| {
            let is_portal = asked.url.as_str().starts_with(&portal);
            if !(if is_portal { is_portal_real } else { is_idp_real }) {
                return;
            }
            journal.take_down(Exchange {
                number: 0,
                at: clock.now().checked_sub(asked.elapsed).unwrap_or(clock.now()),
                server: if is_portal { Server::Portal } else { Server::Idp },
                method: asked.method.clone(),
                path: asked.url.path().to_owned(),
                status: asked.result.ok().map(http::Response::status),
                note: Note::default().caller(Arc::clone(&caller)),
                faults: Vec::new(),
                elapsed: asked.elapsed,
            });
        }
    }

    /// Whether both servers are mocks.
    pub(super) fn is_mock(&self) -> bool {
        self.servers.is_none()
    }

    /// Whether a real portal shows something else now than when this was started. One that can't be read does.
    pub(super) async fn has_changed(&self) -> bool {
        match self.read().await {
            Ok(Some(now)) => now != self.stage.world().current().world.portal,
            Ok(None) => false,
            Err(_) => true,
        }
    }

    /// What a real portal shows; none where it is a mock.
    async fn read(&self) -> Result<Option<Portal>, SyncError> {
        let Some(config) = self.servers.as_ref().filter(|_| self.is_portal_real) else { return Ok(None) };
        let http = HttpClient::new(config)?;
        let clock = self.stage.provider_clock();
        let tokens = Arc::new(ClientCredentials::new(config, http.clone(), clock));
        let listing = PortalClient::new(config, http, tokens).fetch().await.map_err(SyncError::from)?;
        Ok(Some(shown::portal(&listing)))
    }
}

/// The target with a stage in any case.
async fn open(target: &Target, builder: StageBuilder) -> Result<Opened, TargetError> {
    match target {
        Target::Real(config) => {
            let stage = builder.start().await?;
            Ok(Opened { stage: Some(stage), config: Config::clone(config) })
        }
        target => target.open(builder).await,
    }
}

/// The configuration with the token endpoint itself, which is what a subject is told, and without a state file.
async fn with_token_endpoint(mut config: Config) -> Result<Config, TargetError> {
    if let TokenEndpoint::Issuer(issuer) = &config.token_endpoint {
        let found = Discovery::read(&HttpClient::new(&config)?, issuer).await?;
        config.token_endpoint = TokenEndpoint::At(found.token_endpoint);
    }
    // What a provider of its user's keeps is not touched: a scenario begins with one that has kept nothing.
    config.state_file = None;
    Ok(config)
}

/// The Gloo guide's variables for servers that are there.
fn variables(config: &Config) -> Vec<(&'static str, String)> {
    let server = config.portal.to_string();
    let mut variables = vec![
        ("PORTAL_URL", server.strip_suffix("/v1").unwrap_or(&server).to_owned()),
        ("PORTAL_SERVER_URL", server.clone()),
        ("CLIENT_ID", config.client_id.clone()),
        ("CLIENT_SECRET", secrecy::ExposeSecret::expose_secret(&config.client_secret).to_owned()),
    ];
    match &config.token_endpoint {
        TokenEndpoint::At(url) => variables.push(("TOKEN_ENDPOINT", url.to_string())),
        TokenEndpoint::Issuer(issuer) => variables.push(("ISSUER_URL", issuer.clone())),
    }
    variables.extend(config.scope.clone().map(|scope| ("SCOPE", scope)));
    if let Some(path) = &config.ca_file {
        let path = path.display().to_string();
        variables.extend([("CA_FILE", path.clone()), ("NODE_EXTRA_CA_CERTS", path)]);
    }
    variables
}
