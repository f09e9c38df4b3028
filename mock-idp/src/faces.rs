//! The faces that an issuer can have. Each is a module that owns its paths, claims, members' order, headers and error
//! bodies; what they share is outside.

pub(crate) mod keycloak;
pub(crate) mod okta;

use understudy_scenarios::{Endpoints, Issuer};

/// An issuer, with what its face makes of it.
pub(crate) enum Face {
    Okta(okta::Server),
    Keycloak(keycloak::Realm),
}

/// Where a request's path leads.
pub(crate) enum Destination<'d> {
    Okta(&'d okta::Server, okta::Endpoint),
    Keycloak(&'d keycloak::Realm, keycloak::Endpoint),
    Nowhere(Nowhere),
}

/// Nothing is here; who says so.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Nowhere {
    /// Keycloak: there is no such realm.
    KeycloakRealm,
    /// Keycloak: the realm has no such endpoint.
    KeycloakEndpoint,
    /// Keycloak: there is no such path.
    KeycloakPath,
    /// Keycloak: the administration API, which this mock has not.
    KeycloakAdmin,
    /// Okta: there is no authorization server of this name.
    OktaServer(String),
    /// Okta: there is no such path.
    OktaPath,
    /// Okta: a part of the org, by its name, which this mock has not.
    OktaManagement(&'static str),
    /// The world has no issuers at all.
    NoIssuers,
}

impl Face {
    pub(crate) fn new(issuer: &Issuer, endpoints: &Endpoints) -> Self {
        let url = format!("{}{}", endpoints.idp(), issuer.path);
        match &issuer.face {
            understudy_scenarios::Face::OktaOrg | understudy_scenarios::Face::OktaCustom { .. } => {
                Self::Okta(okta::Server::new(issuer, url, endpoints))
            }
            understudy_scenarios::Face::Keycloak { realm } => Self::Keycloak(keycloak::Realm::new(issuer, url, realm)),
        }
    }

    /// What is at `rest`, the path under the issuer's own.
    pub(crate) fn endpoint(&self, rest: &str) -> Option<Destination<'_>> {
        match self {
            Self::Okta(server) => Some(Destination::Okta(server, server.endpoint(rest)?)),
            Self::Keycloak(realm) => Some(Destination::Keycloak(realm, keycloak::Endpoint::at(rest)?)),
        }
    }
}

/// The scopes that an issuer has of its own. A default scope is one, whether or not the list says so.
fn scopes_of(issuer: &Issuer) -> Vec<String> {
    let unlisted = issuer.default_scopes.iter().filter(|scope| !issuer.scopes.contains(scope));
    issuer.scopes.iter().chain(unlisted).cloned().collect()
}
