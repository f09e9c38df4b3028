//! How a stage is set up: ports, names, clock, and who is told of each exchange.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use understudy_provider::{ConfigError, UrlProblem};
use understudy_scenarios::{Client, Clock, Endpoints, Grant, Ids, LiveWorld, OutsideIssuer, Scenario, Secret, Server};
use url::Url;

use crate::control::{self, Control};
use crate::tls::{LocalAuthority, TlsError};

use super::faults::Ground;
use super::mocks::{Mock, Mocks};
use super::port::Port;
use super::secure::{Certificates, Trusted};
use super::serve::{Front, Observer};
use super::verify::Demands;
use super::{Controls, Exchange, Faults, GATEWAY, Journal, Stage, Watch, addresses};

/// Sets up a [`Stage`]. By default: any free ports on loopback, known as `localhost`, by the system's time.
pub struct StageBuilder {
    scenario: Scenario,
    portal_port: u16,
    idp_port: u16,
    control_port: Option<u16>,
    control_token: Option<Secret>,
    bind: Option<IpAddr>,
    public_host: Option<String>,
    portal_url: Option<Url>,
    idp_url: Option<Url>,
    clock: Clock,
    seed: u64,
    observer: Option<Observer>,
    authority: Option<Arc<LocalAuthority>>,
    outside: Option<OutsideIssuer>,
    service_account: Option<Client>,
}

impl StageBuilder {
    pub(super) fn new(scenario: Scenario) -> Self {
        Self {
            scenario,
            portal_port: 0,
            idp_port: 0,
            control_port: None,
            control_token: None,
            bind: None,
            public_host: None,
            portal_url: None,
            idp_url: None,
            clock: Clock::system(),
            seed: 0,
            observer: None,
            authority: None,
            outside: None,
            service_account: None,
        }
    }

    /// The portal's port; 0, the default, takes any free one.
    #[must_use]
    pub fn portal_port(mut self, port: u16) -> Self {
        self.portal_port = port;
        self
    }

    /// The identity provider's port; 0, the default, takes any free one.
    #[must_use]
    pub fn idp_port(mut self, port: u16) -> Self {
        self.idp_port = port;
        self
    }

    /// Serves the [control API](crate::control) at this port too; 0 takes any free one. Without it there is none.
    #[must_use]
    pub fn control_port(mut self, port: u16) -> Self {
        self.control_port = Some(port);
        self
    }

    /// The token that callers of the control API must have, in place of a random one.
    #[must_use]
    pub fn control_token(mut self, token: Secret) -> Self {
        self.control_token = Some(token);
        self
    }

    /// The one address to listen on, in place of 127.0.0.1 and ::1.
    #[must_use]
    pub fn bind(mut self, address: IpAddr) -> Self {
        self.bind = Some(address);
        self
    }

    /// The name by which others know this machine; the ports stay.
    #[must_use]
    pub fn public_host(mut self, name: impl Into<String>) -> Self {
        self.public_host = Some(name.into());
        self
    }

    /// The URL by which others know the portal, without `/v1`.
    #[must_use]
    pub fn portal_url(mut self, url: Url) -> Self {
        self.portal_url = Some(url);
        self
    }

    /// The URL by which others know the identity provider.
    #[must_use]
    pub fn idp_url(mut self, url: Url) -> Self {
        self.idp_url = Some(url);
        self
    }

    /// The clock that both mocks go by.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// What everything random on the stage is drawn with: the ids that it hands out, and faults that name no seed of
    /// their own. The same seed gives the same stage; 0 by default.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Calls `observer` with each exchange, on the connection's task, before its answer is sent.
    #[must_use]
    pub fn on_exchange(mut self, observer: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Serves the portal and the identity provider over TLS, with certificates of this authority: HTTP/2 to who asks for it
    /// by ALPN, else HTTP/1.1. The control API stays plain, for tests and scripts on this machine that need trust nothing.
    ///
    /// ```
    /// use understudy::tls::LocalAuthority;
    /// use understudy::{Scenario, Stage};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let stage = Stage::builder(Scenario::find("quickstart")?).tls(LocalAuthority::in_memory()?).start().await?;
    /// assert!(stage.portal_url().starts_with("https://localhost:"));
    /// // The stage's own provider trusts the authority; others are told by `CA_FILE` or `NODE_EXTRA_CA_CERTS`.
    /// assert_eq!(stage.provider()?.sync().await?.mutation.entities().count(), 5);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn tls(mut self, authority: impl Into<Arc<LocalAuthority>>) -> Self {
        self.authority = Some(authority.into());
        self
    }

    /// Has the portal trust an identity provider outside, such as a real Keycloak or Okta, in place of the issuers that the
    /// scenario's portal trusts. The stage then names this one issuer and no other, in its variables and to its own provider;
    /// the mock of an identity provider stays up, and nobody is pointed to it. Who gets its token there is told by
    /// [`service_account`](Self::service_account).
    ///
    /// ```no_run
    /// use understudy::provider::{Discovery, HttpClient};
    /// use understudy::scenarios::OutsideIssuer;
    /// use understudy::{Scenario, Stage};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let http = HttpClient::with_limits(std::time::Duration::from_secs(10), 1_000_000);
    /// let found = Discovery::read(&http, "http://localhost:8080/realms/gloo").await?;
    /// let issuer = OutsideIssuer {
    ///     issuer: found.issuer,
    ///     token_endpoint: found.token_endpoint.into(),
    ///     jwks_uri: found.jwks_uri.ok_or("the issuer names no keys")?.into(),
    ///     ca_pem: None,
    /// };
    /// let stage = Stage::builder(Scenario::find("quickstart")?)
    ///     .issuer_at(issuer)
    ///     .service_account("backstage", "its secret there")
    ///     .start()
    ///     .await?;
    /// assert_eq!(stage.provider()?.sync().await?.mutation.entities().count(), 5);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn issuer_at(mut self, issuer: OutsideIssuer) -> Self {
        self.outside = Some(issuer);
        self
    }

    /// The client that a sync uses, in place of the world's first. It does not become known to the mock.
    #[must_use]
    pub fn service_account(mut self, id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.service_account = Some(Client {
            id: id.into(),
            secret: Some(secret.into()),
            grants: vec![Grant::ClientCredentials],
            redirect_uris: Vec::new(),
        });
        self
    }

    /// Starts both mocks. They serve when this returns.
    ///
    /// # Errors
    /// When a port is taken or may not be had, or a name makes no URL.
    pub async fn start(self) -> Result<Stage, StageError> {
        if self.portal_port == self.idp_port && self.portal_port != 0 {
            return Err(StageError::SamePort(self.portal_port));
        }
        let portal = bind(Server::Portal, self.bind, self.portal_port).await?;
        let idp = bind(Server::Idp, self.bind, self.idp_port).await?;
        let control = match self.control_port {
            Some(port) => Some(control::listen(self.bind, port).await?),
            None => None,
        };
        let host = self.public_host.unwrap_or_else(|| addresses::host(self.bind));
        let scheme = if self.authority.is_some() { "https" } else { "http" };
        let url = |given: Option<&Url>, bound: &Bound| {
            addresses::public(given, scheme, &host, bound.address.port())
                .map_err(|source| StageError::PublicHost { host: host.clone(), source })
        };
        let direct = addresses::direct(scheme, idp.address)
            .map_err(|source| StageError::PublicHost { host: idp.address.to_string(), source })?;
        let (portal_url, idp_url) = (url(self.portal_url.as_ref(), &portal)?, url(self.idp_url.as_ref(), &idp)?);
        let mut endpoints = Endpoints::new(&portal_url, &idp_url).with_idp_direct(&direct);
        let (mut certificates, mut trusted) = (None, None);
        if let Some(authority) = self.authority {
            endpoints = endpoints.with_idp_authority(authority.certificate_pem());
            let hosts = addresses::certified(self.bind, &[&portal_url, &idp_url]);
            certificates = Some(Certificates::new(Arc::clone(&authority), hosts)?);
            trusted = Some(Trusted::new(authority)?);
        }

        if let Some(outside) = self.outside {
            endpoints = endpoints.with_outside_issuer(outside);
        }

        let world = LiveWorld::new(self.scenario.world().clone());
        let clock = self.clock;
        let mocks = Mocks {
            world: world.clone(),
            ids: Ids::seeded(self.seed),
            endpoints: endpoints.clone(),
            portal: Mock { clock: clock.view(), port: portal.port.clone() },
            idp: Mock { clock: clock.view(), port: idp.port.clone() },
        };
        let faults = Faults::new(Ground {
            clock: clock.clone(),
            world: world.clone(),
            seed: self.seed,
            hosts: [&portal_url, &idp_url].into_iter().filter_map(|url| url.host_str().map(str::to_owned)).collect(),
            ports: [(Server::Portal, portal.port.clone()), (Server::Idp, idp.port.clone())],
            certificates: certificates.clone(),
        });
        let journal = Journal::new();
        let serve = |server, port: &Port| {
            let front = Front {
                server,
                clock: clock.clone(),
                journal: journal.clone(),
                faults: faults.clone(),
                observer: self.observer.clone(),
                gateway: GATEWAY.into(),
                certificate: certificates.as_ref().map(|certificates| Arc::clone(certificates.own())),
            };
            port.serve(mocks.router(server), &Arc::new(front))
        };
        let servers = vec![serve(Server::Portal, &portal.port), serve(Server::Idp, &idp.port)];
        let addresses = portal.port.addresses().chain(idp.port.addresses()).collect();
        let watch = Watch(tokio::spawn(faults.clone().watch()).abort_handle());
        let start = LiveWorld::new(self.scenario.world().clone());
        let controls = Controls {
            start,
            scenario: self.scenario,
            world,
            clock,
            journal,
            faults,
            endpoints,
            mocks,
            service_account: self.service_account,
            ca_file: trusted.as_ref().map(|trusted| trusted.path().to_owned()),
        };
        let control = match control {
            Some(listeners) => {
                let token = self.control_token.map_or_else(control::draw_token, Ok)?;
                Some(Control::serve(listeners, &host, self.bind, token, controls.clone()))
            }
            None => None,
        };
        Ok(Stage {
            controls,
            addresses,
            control,
            trusted,
            demands: Demands::default(),
            _servers: servers,
            _watch: watch,
        })
    }
}

/// One mock's port, and its first address.
struct Bound {
    address: SocketAddr,
    port: Port,
}

async fn bind(server: Server, bind: Option<IpAddr>, port: u16) -> Result<Bound, StageError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => StageError::PortTaken { server, port },
        _ => StageError::Bind { server, bind, port, source },
    };
    let port = Port::bind(bind, port).await.map_err(failed)?;
    let address = port.addresses().next().ok_or_else(|| failed(io::ErrorKind::AddrNotAvailable.into()))?;
    Ok(Bound { address, port })
}

/// Why a stage could not start, or could not say what was asked of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StageError {
    /// Somebody else listens on the port.
    #[error(
        "the {server}'s port {port} is taken, perhaps by another `understudy up`; \
         end that, or choose another port with --{server}-port (0 takes any free one)"
    )]
    PortTaken {
        /// Whose port.
        server: Server,
        /// The port.
        port: u16,
    },
    /// One port was asked for twice.
    #[error("the portal and the idp can't both have port {0}; choose another with --portal-port or --idp-port")]
    SamePort(u16),
    /// The address or port may not be had.
    #[error("the {server} can't listen on {}port {port}: {source}", .bind.map(|address| format!("{address}, ")).unwrap_or_default())]
    Bind {
        /// Whose address.
        server: Server,
        /// The address that was asked for.
        bind: Option<IpAddr>,
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The control API can't listen.
    #[error(
        "the control API can't listen on port {port}: {source}; \
         choose another port with --control-port (0 takes any free one), or leave it out with --no-control"
    )]
    Control {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The system has no random numbers for a token.
    #[error("the system gives no random numbers for the control API's token; set UNDERSTUDY_CONTROL_TOKEN")]
    NoToken,
    /// There is no certificate to serve with.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The public name makes no URL.
    #[error("`{host}` is no host name that a URL can have: {source}")]
    PublicHost {
        /// The name.
        host: String,
        /// What is wrong with it.
        source: url::ParseError,
    },
    /// The URL by which others know a mock can't be a provider's.
    #[error("the {server}'s public URL can't be used by a provider: {problem}")]
    PublicUrl {
        /// Whose URL.
        server: Server,
        /// What is wrong with it.
        problem: UrlProblem,
    },
    /// The world has no issuer to get a token from.
    #[error("the world has no issuer, so there is no token endpoint to name; give `identity.issuers` one")]
    NoIssuer,
    /// The world's first client can't be a service account.
    #[error(
        "the world's first client is what a sync uses, and there is none with a secret; \
         put a client with a secret first in `identity.clients`"
    )]
    NoServiceAccount,
    /// Our provider would not take the stage's addresses.
    #[error(transparent)]
    Provider(#[from] ConfigError),
}
