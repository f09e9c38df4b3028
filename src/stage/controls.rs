//! What moves a running stage: shared by the stage itself, whoever plays a scenario on it, and the control API.

use std::path::PathBuf;

use jiff::SignedDuration;
use understudy_scenarios::{Client, Clock, Endpoints, Face, LiveWorld, OutsideIssuer, Scenario, Secret, Server, World};

use super::mocks::Mocks;
use super::{Faults, IssuerAddress, Journal, StageError};

/// What moves a running stage; clones move the same one. They keep no server alive: those end with the
/// [`Stage`](super::Stage).
#[derive(Clone, Debug)]
pub struct Controls {
    pub(super) scenario: Scenario,
    pub(super) world: LiveWorld,
    /// The world that a reset goes back to.
    pub(super) start: LiveWorld,
    pub(super) clock: Clock,
    pub(super) journal: Journal,
    pub(super) faults: Faults,
    pub(super) endpoints: Endpoints,
    pub(super) mocks: Mocks,
    /// None where it is the world's first client.
    pub(super) service_account: Option<Client>,
    /// What clients must trust; none where no TLS is served.
    pub(super) ca_file: Option<PathBuf>,
}

impl Controls {
    /// The scenario that the stage was started with.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The world as it is now.
    #[must_use]
    pub fn world(&self) -> &LiveWorld {
        &self.world
    }

    /// The clock that the stage goes by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What was asked and answered.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The faults that are in force.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Makes the world that of `scenario`, and the one that a [`reset`](Self::reset) goes back to.
    pub fn reload(&self, scenario: &Scenario) {
        self.start.replace(scenario.world().clone());
        self.world.replace(scenario.world().clone());
    }

    /// Makes everything as it was at the start: the world with its keys, the clocks, no faults, an empty journal.
    pub fn reset(&self) {
        self.faults.lift("all");
        self.clock.reset();
        self.mocks.portal.clock.skew(SignedDuration::ZERO);
        self.mocks.idp.clock.skew(SignedDuration::ZERO);
        self.world.replace(World::clone(&self.start.current().world));
        self.journal.clear();
    }

    /// How far the clock of `server` is before the stage's, or behind it.
    #[must_use]
    pub fn skew(&self, server: Server) -> SignedDuration {
        self.mocks.of(server).clock.skewed()
    }

    /// The portal's base URL, without `/v1`.
    pub(crate) fn portal_url(&self) -> &str {
        self.endpoints.portal()
    }

    /// The portal's base URL with `/v1`.
    pub(crate) fn portal_server_url(&self) -> String {
        format!("{}/v1", self.endpoints.portal())
    }

    /// Whether tokens come from the stage's own identity provider, and not from one outside.
    pub(crate) fn has_own_issuers(&self) -> bool {
        self.endpoints.outside_issuer().is_none()
    }

    /// The issuers as the world has them now, in its order; the one outside, where there is one.
    pub(crate) fn issuers(&self) -> Vec<IssuerAddress> {
        self.issuers_of(&self.world.current().world).collect()
    }

    /// The first issuer, which variables and the app-config name.
    pub(crate) fn issuer(&self) -> Result<IssuerAddress, StageError> {
        self.issuers().into_iter().next().ok_or(StageError::NoIssuer)
    }

    /// The client that a sync uses.
    pub(crate) fn service_account(&self) -> Result<Client, StageError> {
        if let Some(account) = &self.service_account {
            return Ok(account.clone());
        }
        let edition = self.world.current();
        let first = edition.world.identity.clients.first();
        first.filter(|client| client.secret.is_some()).cloned().ok_or(StageError::NoServiceAccount)
    }

    /// What [`Stage::variables`](super::Stage::variables) answers.
    pub(crate) fn variables(&self) -> Result<Vec<(&'static str, String)>, StageError> {
        let (issuer, client) = (self.issuer()?, self.service_account()?);
        let secret = client.secret.as_ref().map_or("", Secret::expose);
        let mut variables = vec![
            ("PORTAL_URL", self.portal_url().to_owned()),
            ("PORTAL_SERVER_URL", self.portal_server_url()),
            ("CLIENT_ID", client.id.clone()),
            ("CLIENT_SECRET", secret.to_owned()),
            ("ISSUER_URL", issuer.issuer),
            ("TOKEN_ENDPOINT", issuer.token_endpoint),
        ];
        if let Some(path) = &self.ca_file {
            let path = path.display().to_string();
            variables.extend([("CA_FILE", path.clone()), ("NODE_EXTRA_CA_CERTS", path)]);
        }
        Ok(variables)
    }

    /// Where the issuers of `world` are: with the mock, or the one outside that stands in for them.
    pub(crate) fn issuers_of(&self, world: &World) -> impl Iterator<Item = IssuerAddress> {
        let base = self.endpoints.idp();
        let outside = self.endpoints.outside_issuer();
        let mocked =
            world.identity.issuers.iter().filter(move |_| outside.is_none()).map(move |issuer| IssuerAddress {
                name: issuer.name.clone(),
                kind: match issuer.face {
                    Face::OktaOrg | Face::OktaCustom { .. } => "okta",
                    Face::Keycloak { .. } => "keycloak",
                },
                issuer: format!("{base}{}", issuer.path),
                token_endpoint: format!("{base}{}", issuer.token_path()),
                jwks_uri: format!("{base}{}", issuer.jwks_path()),
            });
        mocked.chain(outside.map(outside_address))
    }
}

/// Its ways are told from the path of its token endpoint, which is the same wherever an Okta or a Keycloak is.
fn outside_address(outside: &OutsideIssuer) -> IssuerAddress {
    let kind = match outside.token_endpoint.as_str() {
        endpoint if endpoint.ends_with("/protocol/openid-connect/token") => "keycloak",
        endpoint if endpoint.contains("/oauth2/") && endpoint.ends_with("/v1/token") => "okta",
        _ => "openid",
    };
    IssuerAddress {
        name: "outside".to_owned(),
        kind,
        issuer: outside.issuer.clone(),
        token_endpoint: outside.token_endpoint.clone(),
        jwks_uri: outside.jwks_uri.clone(),
    }
}
