//! What moves a running stage: shared by the stage itself, whoever plays a scenario on it, and the control API.

use jiff::SignedDuration;
use understudy_scenarios::{Clock, Endpoints, Face, LiveWorld, OutsideIssuer, Scenario, Server, World};

use super::mocks::Mocks;
use super::{Faults, IssuerAddress, Journal};

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
