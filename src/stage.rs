//! The stage: both mocks running together, and what whoever talks to them needs to know.

mod addresses;
mod builder;
mod controls;
mod exchange;
mod faults;
mod held;
mod journal;
mod mocks;
mod passing;
mod pattern;
mod play;
mod port;
mod secure;
mod serve;
mod streams;
mod verify;
mod wire;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::task::AbortHandle;
use understudy_provider::{Config, Provider, ServerUrl, TokenEndpoint};
use understudy_scenarios::{Client, Clock, Fault, LiveWorld, RequestWish, Scenario, Secret, Server, Step};

use crate::control::Control;

pub(crate) use addresses::host as local_host;
pub use builder::{StageBuilder, StageError};
pub use controls::Controls;
pub use exchange::Exchange;
pub(crate) use exchange::Line as ExchangeLine;
pub use faults::{Active, FaultError, FaultGuard, Faults};
pub(crate) use journal::is_of;
pub use journal::{CAPACITY, Journal, Mark, NeverCame};
pub(crate) use pattern::Pattern;
pub use play::PlayError;
pub(crate) use port::listen;
pub use verify::Unmet;

/// The client id under which the portal itself asks its issuers for keys.
pub const GATEWAY: &str = "gateway";

/// Both mocks of one scenario, up on this machine until the stage is dropped.
///
/// Each stage has ports, keys in memory and a world of its own, so tests may start one each, side by side.
#[derive(Debug)]
pub struct Stage {
    controls: Controls,
    addresses: Vec<SocketAddr>,
    control: Option<Control>,
    /// None where no TLS is served.
    trusted: Option<secure::Trusted>,
    demands: verify::Demands,
    _servers: Vec<port::Serving>,
    _watch: Watch,
}

/// What watches over the faults, which ends with this value.
#[derive(Debug)]
struct Watch(AbortHandle);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Where an issuer of the stage is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerAddress {
    /// What the scenario calls it.
    pub name: String,
    /// Whose ways it has: `okta` or `keycloak`; `openid` where an issuer outside has the ways of neither.
    pub kind: &'static str,
    /// The issuer's identifier, the `iss` of its tokens.
    pub issuer: String,
    /// Where tokens are asked for.
    pub token_endpoint: String,
    /// Where its public keys are.
    pub jwks_uri: String,
}

impl Stage {
    /// Starts both mocks on any free ports of the loopback interface. They serve when this returns.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(scenario: Scenario) -> Result<Self, StageError> {
        Self::builder(scenario).start().await
    }

    /// A stage with ports, names or a clock of one's own.
    #[must_use]
    pub fn builder(scenario: Scenario) -> StageBuilder {
        StageBuilder::new(scenario)
    }

    /// The scenario that the stage was started with.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.controls.scenario
    }

    /// The world as it is now: change it, and both mocks follow.
    #[must_use]
    pub fn world(&self) -> &LiveWorld {
        &self.controls.world
    }

    /// The clock that both mocks go by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.controls.clock
    }

    /// What was asked and answered on both mocks.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.controls.journal
    }

    /// The faults that are in force.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.controls.faults
    }

    /// Has something go wrong, until the answer is dropped.
    ///
    /// ```
    /// use understudy::scenarios::{Fault, FaultKind, Scenario, StatusFault};
    /// use understudy::{Server, Stage};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let stage = Stage::start(Scenario::find("quickstart")?).await?;
    /// let provider = stage.provider()?;
    /// let down = Fault::new(FaultKind::Status(StatusFault::new(503))).server(Server::Portal).path("/v1/apis");
    /// let down = stage.fault(down)?;
    /// assert!(provider.sync().await.is_err());
    /// assert!(down.played() > 0);
    /// drop(down);
    /// assert!(provider.sync().await.is_ok());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the fault can't be played: [`Faults::inject`].
    pub fn fault(&self, fault: Fault) -> Result<FaultGuard, FaultError> {
        let faults = self.faults().clone();
        let id = faults.inject(fault)?;
        Ok(FaultGuard::new(faults, id))
    }

    /// Demands something of the requests that come from now on: a number of them, or a time before which none comes.
    /// With neither, at least one must come. [`check`](Stage::check) tells whether it holds, and so does the end of the
    /// stage: a stage that is dropped while it does not prints the requests that came, and panics.
    ///
    /// ```
    /// use understudy::scenarios::{RequestWish, Scenario};
    /// use understudy::{Server, Stage};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let stage = Stage::start(Scenario::find("quickstart")?).await?;
    /// let token = RequestWish { method: Some("POST".into()), at_most: Some(1), ..RequestWish::to(Server::Idp) };
    /// stage.verify(token);
    /// let provider = stage.provider()?;
    /// provider.sync().await?;
    /// provider.sync().await?;
    /// stage.check()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify(&self, wish: RequestWish) {
        self.demands.add(wish, self.journal().mark(), self.clock().now());
    }

    /// Whether all that was demanded by [`verify`](Stage::verify) holds by now.
    ///
    /// # Errors
    /// When something does not: what, and the requests that came.
    pub fn check(&self) -> Result<(), Unmet> {
        self.demands.check(self.journal())
    }

    /// What moves the stage, to be shared with whoever moves it.
    #[must_use]
    pub fn controls(&self) -> &Controls {
        &self.controls
    }

    /// Plays one step on the mocks: [`Controls::play`].
    ///
    /// # Errors
    /// When the step names what is not there, or is about a subject.
    pub async fn play(&self, step: &Step) -> Result<(), PlayError> {
        self.controls.play(step).await
    }

    /// The control API, where the stage was built with one.
    #[must_use]
    pub fn control(&self) -> Option<&Control> {
        self.control.as_ref()
    }

    /// The addresses that the mocks listen on.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// The file with the certificate that clients must trust, in PEM, which lasts as long as the stage at least. None where
    /// no TLS is served.
    #[must_use]
    pub fn ca_file(&self) -> Option<&Path> {
        self.trusted.as_ref().map(secure::Trusted::path)
    }

    /// The portal's base URL, without `/v1`: the guide's `PORTAL_URL`.
    #[must_use]
    pub fn portal_url(&self) -> &str {
        self.controls.endpoints.portal()
    }

    /// The portal's base URL with `/v1`: the plugin's `portalServerUrl`.
    #[must_use]
    pub fn portal_server_url(&self) -> String {
        self.controls.portal_server_url()
    }

    /// The issuers as the world has them now, in its order; the one outside, where the stage was built with one.
    #[must_use]
    pub fn issuers(&self) -> Vec<IssuerAddress> {
        self.controls.issuers()
    }

    /// Whether tokens come from the stage's own identity provider, and not from one outside.
    #[must_use]
    pub fn has_own_issuers(&self) -> bool {
        self.controls.has_own_issuers()
    }

    /// The client that a sync uses: the one that the stage was built with, or the first that the world knows.
    ///
    /// # Errors
    /// When a change of the world has left no client, or a public one first.
    pub fn service_account(&self) -> Result<Client, StageError> {
        self.controls.service_account()
    }

    /// The first issuer, which `TOKEN_ENDPOINT` and the app-config name.
    ///
    /// # Errors
    /// When a change of the world has left no issuer.
    pub fn issuer(&self) -> Result<IssuerAddress, StageError> {
        self.controls.issuer()
    }

    /// The Gloo guide's variables, in the order in which they are printed. On a stage with TLS, `CA_FILE` and
    /// `NODE_EXTRA_CA_CERTS` too, by which our own sync and Node trust it.
    ///
    /// # Errors
    /// When a change of the world has left no issuer or no service account.
    pub fn variables(&self) -> Result<Vec<(&'static str, String)>, StageError> {
        self.controls.variables()
    }

    /// Our provider, configured for this stage and going by its clock: the first client at the first issuer.
    ///
    /// # Errors
    /// When a change of the world has left no issuer or no service account.
    pub fn provider(&self) -> Result<Provider, StageError> {
        self.provider_with(self.provider_config(&self.issuer()?)?)
    }

    /// Our provider, going by the stage's clock, with a configuration of one's own.
    ///
    /// # Errors
    /// When the configuration can't be used.
    pub fn provider_with(&self, config: Config) -> Result<Provider, StageError> {
        Provider::with_clock(config, self.provider_clock()).map_err(StageError::Provider)
    }

    /// The stage's clock as our provider asks it.
    #[must_use]
    pub fn provider_clock(&self) -> Arc<dyn understudy_provider::Clock> {
        Arc::new(StageClock(self.controls.clock.clone()))
    }

    /// The configuration of our provider for this stage, with its token from `issuer`.
    ///
    /// # Errors
    /// When a change of the world has left no service account.
    pub fn provider_config(&self, issuer: &IssuerAddress) -> Result<Config, StageError> {
        let client = self.service_account()?;
        let secret = client.secret.as_ref().map_or("", Secret::expose);
        let portal = ServerUrl::as_is(&self.portal_server_url())
            .map_err(|problem| StageError::PublicUrl { server: Server::Portal, problem })?;
        let token_endpoint = TokenEndpoint::at(&issuer.token_endpoint)
            .map_err(|problem| StageError::PublicUrl { server: Server::Idp, problem })?;
        let mut config = Config::new(portal, token_endpoint, client.id.as_str(), secret);
        let outside = self.controls.endpoints.outside_issuer().and_then(|outside| outside.ca_pem.as_deref());
        let trusted = [self.trusted.as_ref().map(secure::Trusted::pem), outside];
        config.ca_pem = trusted.into_iter().flatten().map(str::to_owned).reduce(|all, pem| format!("{all}\n{pem}"));
        Ok(config)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Err(unmet) = self.check() {
            // A second panic would abort the process, and hide the first.
            if std::thread::panicking() {
                eprintln!("{unmet}");
            } else {
                panic!("{unmet}");
            }
        }
    }
}

/// The stage's clock as our provider asks it.
#[derive(Debug)]
struct StageClock(Clock);

impl understudy_provider::Clock for StageClock {
    fn now(&self) -> SystemTime {
        self.0.now().into()
    }
}
