//! What a running provider has synced, over HTTP: the entities for Backstage to read without any plugin, health, metrics.
//!
//! Backstage deletes what an answer of 200 leaves out, at once and without a word, and keeps what it had on any other
//! answer (measured: backend-defaults 0.18.0, plugin-catalog-backend 4.0.0). And it waits without a limit, so that a few
//! answers that don't come hold up its whole catalog. So the document is rendered when the catalog changes and not when it
//! is asked for, an answer waits for nothing, and before there is a document the answer is 503.

mod answer;
mod document;
mod health;
mod metrics;
mod pasted;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use understudy_provider::{Mutation, Outcome, Progress, Running};

use crate::connections::{self, Serving};
use crate::stage;

pub use document::{Document, DocumentError, catalog_info};
use metrics::Requests;
pub use pasted::LocationConfig;

/// The path of the document that Backstage reads.
pub const CATALOG_INFO: &str = "/catalog-info.yaml";
/// The path that tells whether there is something to read.
pub const HEALTH: &str = "/healthz";
/// The path of the figures, in Prometheus' text format.
pub const METRICS: &str = "/metrics";

/// What is served of a running provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The entities at [`CATALOG_INFO`], with [`HEALTH`] and [`METRICS`].
    Catalog,
    /// [`HEALTH`] and [`METRICS`] alone.
    Figures,
}

/// A port that is bound and not served yet, so that one that can't be had is known before anything else is started.
#[derive(Debug)]
pub struct Bound {
    offer: Offer,
    host: String,
    listeners: Vec<TcpListener>,
}

/// A port that is served until this value is dropped.
#[derive(Debug)]
pub struct Server {
    url: String,
    addresses: Vec<SocketAddr>,
    shown: watch::Receiver<Shown>,
    _servers: Vec<Serving>,
    _showing: Showing,
}

/// What is shown, and of which syncs.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Shown {
    /// The document of the last good sync; none before the first, and none where only figures are served.
    pub document: Option<Arc<Document>>,
    /// Why the last good sync made no document; then the one before is shown still.
    pub trouble: Option<String>,
    /// What the provider had come to when this was shown.
    pub progress: Progress,
}

/// What the answers are made of.
#[derive(Clone, Debug)]
struct State {
    offer: Offer,
    shown: watch::Receiver<Shown>,
    requests: Arc<Requests>,
}

impl Bound {
    /// Binds `port` on `bind`, or on both loopback addresses; 0 takes any free one.
    ///
    /// # Errors
    /// When the port is taken or may not be had.
    pub async fn new(offer: Offer, bind: Option<IpAddr>, port: u16) -> Result<Self, ServeError> {
        let listeners = stage::listen(bind, port).await.map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => ServeError::PortTaken { offer, port },
            _ => ServeError::Bind { bind, port, source },
        })?;
        Ok(Self { offer, host: stage::local_host(bind), listeners })
    }

    /// Has others know this machine as `host`.
    #[must_use]
    pub fn known_as(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// The base URL that it will be served at, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        let port =
            self.listeners.first().and_then(|listener| listener.local_addr().ok()).map_or(0, |bound| bound.port());
        format!("http://{}:{port}", self.host)
    }

    /// Serves what `running` has synced, and goes on with the last of it when that ends.
    #[must_use]
    pub fn serve(self, running: &Running) -> Server {
        let url = self.url();
        let addresses = self.listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect();
        let (sender, shown) = watch::channel(Shown::default());
        let state = State { offer: self.offer, shown: shown.clone(), requests: Arc::default() };
        let showing = Showing(tokio::spawn(show(self.offer, running.progress(), sender)).abort_handle());
        let router = router(state);
        let servers = self.listeners.into_iter().map(|listener| connections::serve(listener, router.clone())).collect();
        Server { url, addresses, shown, _servers: servers, _showing: showing }
    }
}

impl Server {
    /// The base URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What Backstage is told to read it, without any plugin.
    #[must_use]
    pub fn location_config(&self) -> LocationConfig {
        let host = self.url.strip_prefix("http://").unwrap_or(&self.url).to_owned();
        LocationConfig { host, target: format!("{}{CATALOG_INFO}", self.url) }
    }

    /// The addresses that it listens on.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// What is shown, anew after each sync.
    #[must_use]
    pub fn shown(&self) -> watch::Receiver<Shown> {
        self.shown.clone()
    }
}

/// The task that renders, which ends with this value.
#[derive(Debug)]
struct Showing(AbortHandle);

impl Drop for Showing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Shows what each sync brings; the document is rendered anew where a sync has changed the catalog.
async fn show(offer: Offer, mut progress: watch::Receiver<Progress>, sender: watch::Sender<Shown>) {
    let mut rendered: Option<Arc<Outcome>> = None;
    while progress.changed().await.is_ok() {
        let progress = progress.borrow_and_update().clone();
        let is_new = |outcome: &Arc<Outcome>| {
            rendered
                .as_ref()
                .is_none_or(|rendered| !Arc::ptr_eq(rendered, outcome) && rendered.mutation != outcome.mutation)
        };
        let outcome = progress.outcome.clone().filter(|outcome| offer == Offer::Catalog && is_new(outcome));
        let document = match &outcome {
            None => None,
            // Backstage would delete what is not in it, and may have it from before this process was started.
            Some(outcome) if !matches!(outcome.mutation, Mutation::Full { .. }) => Some(Ok(Err(DocumentError::Part))),
            Some(outcome) => {
                let outcome = Arc::clone(outcome);
                // A big catalog takes longer than other answers may wait.
                Some(tokio::task::spawn_blocking(move || Document::of(outcome.mutation.entities())).await)
            }
        };
        sender.send_modify(|shown| {
            match document {
                None => {}
                Some(Ok(Ok(document))) => (shown.document, shown.trouble) = (Some(Arc::new(document)), None),
                Some(Ok(Err(error))) => shown.trouble = Some(error.to_string()),
                Some(Err(_)) => shown.trouble = Some("the document could not be written, by a mistake of ours".into()),
            }
            shown.progress = progress;
        });
        rendered = outcome.or(rendered);
    }
}

fn router(state: State) -> Router {
    let mut router = Router::new().route(HEALTH, get(health::health)).route(METRICS, get(metrics::metrics));
    if state.offer == Offer::Catalog {
        router = router.route(CATALOG_INFO, get(answer::catalog_info));
    }
    router.fallback(answer::not_found).with_state(state)
}

/// Why nothing can be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Somebody else listens on the port.
    #[error(
        "port {port} is taken{}; end that, or choose another port with {} (0 takes any free one)",
        match offer {
            Offer::Catalog => ", perhaps by another `understudy serve`",
            Offer::Figures => " by another program",
        },
        match offer {
            Offer::Catalog => "--port",
            Offer::Figures => "--metrics-port",
        }
    )]
    PortTaken {
        /// What was to be served.
        offer: Offer,
        /// The port.
        port: u16,
    },
    /// The address or port may not be had.
    #[error("can't listen on {}port {port}: {source}", .bind.map(|address| format!("{address}, ")).unwrap_or_default())]
    Bind {
        /// The address that was asked for.
        bind: Option<IpAddr>,
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
}
