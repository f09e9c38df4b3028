//! The control API: everything that the library can do to a running stage, over HTTP.
//!
//! It is for whoever holds the token that the stage was started with, and gives nothing to a web page. What there is, and
//! what it takes, is in its [OpenAPI document](openapi).

mod answer;
mod body;
mod clock;
mod faults;
mod gate;
mod index;
mod journal;
mod openapi;
mod page;
mod query;
mod refusal;
mod steps;
mod token;
mod verify;
mod world;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};
use tokio::net::TcpListener;
use understudy_scenarios::Secret;
use url::form_urlencoded;

use crate::connections::{self, Serving};
use crate::stage::{self, Controls, StageError};

pub use openapi::openapi;

/// The control API of a running stage. It ends with the stage.
#[derive(Debug)]
pub struct Control {
    url: String,
    token: Secret,
    addresses: Vec<SocketAddr>,
    _servers: Vec<Serving>,
}

impl Control {
    /// Its base URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What a caller must send as `Authorization: Bearer …`.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// What a person opens in a browser: the page, with the token behind the `#`, which no browser sends.
    ///
    /// ```
    /// use understudy::{Scenario, Stage};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let scenario = Scenario::find("quickstart")?;
    /// let stage = Stage::builder(scenario).control_port(0).control_token("a+b".into()).start().await?;
    /// assert!(stage.control().ok_or("it was asked for")?.page().ends_with("/#token=a%2Bb"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn page(&self) -> String {
        let fragment =
            form_urlencoded::Serializer::new(String::new()).append_pair("token", self.token.expose()).finish();
        format!("{}/#{fragment}", self.url)
    }

    /// The addresses that it listens on.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Serves `listeners`, which are bound on `bind`, or on loopback; others know this machine as `host`.
    pub(crate) fn serve(
        listeners: Vec<TcpListener>,
        host: &str,
        bind: Option<IpAddr>,
        token: Secret,
        controls: Controls,
    ) -> Self {
        let addresses: Vec<_> = listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect();
        let port = addresses.first().map_or(0, SocketAddr::port);
        let router = router(controls, gate::Gate::new(host, bind, token.clone()));
        let servers = listeners.into_iter().map(|listener| connections::serve(listener, router.clone())).collect();
        Self { url: format!("http://{host}:{port}"), token, addresses, _servers: servers }
    }
}

/// Binds `port` on `bind`, or on both loopback addresses.
pub(crate) async fn listen(bind: Option<IpAddr>, port: u16) -> Result<Vec<TcpListener>, StageError> {
    stage::listen(bind, port).await.map_err(|source| StageError::Control { port, source })
}

/// A token for whoever gave none.
pub(crate) fn draw_token() -> Result<Secret, StageError> {
    token::draw().ok_or(StageError::NoToken)
}

/// All routes, behind the gate.
fn router(controls: Controls, gate: gate::Gate) -> Router {
    Router::new()
        .route("/", get(page::or_index))
        .route(gate::HEALTH, get(index::health))
        .route(gate::OPENAPI, get(openapi::document))
        .route("/world", get(world::show).put(world::replace))
        .route("/world/changes", post(world::change))
        .route("/faults", get(faults::list).post(faults::inject).delete(faults::lift))
        .route("/faults/{id}", delete(faults::lift_one))
        .route("/clock", get(clock::show).post(clock::turn))
        .route("/keys", post(steps::keys))
        .route("/tokens", post(steps::tokens))
        .route("/restarts", post(steps::restart))
        .route("/journal", get(journal::list).delete(journal::clear))
        .route("/journal/count", get(journal::count))
        .route("/journal/wait", post(journal::wait))
        .route("/journal/stream", get(journal::stream))
        .route("/steps", post(steps::play))
        .route("/verify", post(verify::verify))
        .route("/reset", post(steps::reset))
        .merge(page::router(controls.clone()))
        .method_not_allowed_fallback(refusal::method_not_allowed)
        .fallback(refusal::not_found)
        .layer(axum::middleware::from_fn_with_state(Arc::new(gate), gate::guard))
        .with_state(controls)
}
