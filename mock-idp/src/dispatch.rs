//! From a request to the face that answers it. Issuers come and go while it runs, so the path is looked up in the world
//! as it is now and not in routes that were fixed at the start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use http::request::Parts;
use http::{Method, Request, StatusCode};
use understudy_scenarios::{Clock, Derived, Endpoints, Ids, LiveWorld, Note};

use crate::answer::json;
use crate::directory::Directory;
use crate::faces::{Destination, Nowhere, keycloak, okta};

/// What all requests share.
pub(crate) struct Idp {
    world: LiveWorld,
    directory: Derived<Directory>,
    endpoints: Endpoints,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) okta_keys: okta::Keyring,
    pub(crate) keycloak_keys: keycloak::Keyring,
}

/// One request, without its body, and what it is answered from.
pub(crate) struct Call<'a> {
    pub(crate) idp: &'a Idp,
    pub(crate) directory: &'a Directory,
    pub(crate) request: &'a Parts,
}

impl Idp {
    pub(crate) fn new(world: LiveWorld, clock: Clock, ids: Ids, endpoints: Endpoints) -> Self {
        Self {
            world,
            directory: Derived::new(),
            endpoints,
            clock,
            ids,
            okta_keys: okta::Keyring::default(),
            keycloak_keys: keycloak::Keyring::default(),
        }
    }

    fn directory(&self) -> Arc<Directory> {
        self.directory.get(&self.world, |world| Directory::new(world, &self.endpoints))
    }
}

impl Call<'_> {
    /// Whether the request only reads.
    pub(crate) fn reads(&self) -> bool {
        matches!(self.request.method, Method::GET | Method::HEAD)
    }

    /// Whether the request is a `POST`.
    pub(crate) fn posts(&self) -> bool {
        self.request.method == Method::POST
    }

    /// The address that the request came from, where the server tells.
    pub(crate) fn peer(&self) -> IpAddr {
        let connection = self.request.extensions.get::<ConnectInfo<SocketAddr>>();
        connection.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip().to_canonical())
    }
}

/// Answers any request.
pub(crate) async fn answer(State(idp): State<Arc<Idp>>, request: Request<Body>) -> Response {
    let (request, body) = request.into_parts();
    let directory = idp.directory();
    let call = Call { idp: &idp, directory: &directory, request: &request };
    match directory.destination(request.uri.path()) {
        Destination::Okta(server, endpoint) => okta::answer(&call, server, endpoint, body).await,
        Destination::Keycloak(realm, endpoint) => keycloak::answer(&call, realm, endpoint, body).await,
        Destination::Nowhere(Nowhere::KeycloakRealm) => keycloak::no_realm(),
        Destination::Nowhere(Nowhere::KeycloakEndpoint) => keycloak::no_endpoint(),
        Destination::Nowhere(Nowhere::KeycloakPath) => keycloak::no_path(),
        Destination::Nowhere(Nowhere::KeycloakAdmin) => keycloak::no_admin(),
        Destination::Nowhere(Nowhere::OktaServer(server)) => okta::no_server(&call, server),
        Destination::Nowhere(Nowhere::OktaPath) => okta::no_path(&call),
        Destination::Nowhere(Nowhere::OktaManagement(name)) => okta::no_management(&call, name),
        Destination::Nowhere(Nowhere::NoIssuers) => json(
            StatusCode::NOT_FOUND,
            r#"{"error":"this world has no issuers"}"#,
            Note::default().refused("this world has no issuers"),
        ),
    }
}
