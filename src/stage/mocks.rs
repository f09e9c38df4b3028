//! The two mocks of a stage, each with a clock of its own, to be made anew whenever one is restarted.

use axum::Router;
use understudy_scenarios::{Clock, Endpoints, Ids, LiveWorld, Server};

use super::port::Port;

/// What the mocks are made of; clones make the same ones.
#[derive(Clone, Debug)]
pub(super) struct Mocks {
    pub(super) world: LiveWorld,
    pub(super) ids: Ids,
    pub(super) endpoints: Endpoints,
    pub(super) portal: Mock,
    pub(super) idp: Mock,
}

/// Where one mock is, and what its clock shows.
#[derive(Clone, Debug)]
pub(super) struct Mock {
    pub(super) clock: Clock,
    pub(super) port: Port,
}

impl Mocks {
    pub(super) fn of(&self, server: Server) -> &Mock {
        match server {
            Server::Portal => &self.portal,
            Server::Idp => &self.idp,
        }
    }

    /// The mock as it is when it has just been started: it remembers no token and holds no fetched key.
    pub(super) fn router(&self, server: Server) -> Router {
        let (world, ids, endpoints) = (self.world.clone(), self.ids.clone(), self.endpoints.clone());
        let clock = self.of(server).clock.clone();
        match server {
            Server::Portal => understudy_portal::router(world, clock, ids, endpoints),
            Server::Idp => understudy_idp::router(world, clock, ids, endpoints),
        }
    }

    /// Starts a mock anew: its connections are closed and its caches gone. World and keys stay.
    pub(super) fn restart(&self, server: Server) {
        self.of(server).port.restart(self.router(server));
    }
}
