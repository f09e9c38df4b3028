//! Understudy in a container, for tests that use [testcontainers](::testcontainers).
//!
//! What Understudy prints, issues and checks holds absolute URLs, so it must know by which name and ports it will be
//! reached before it starts. There are two ways: from this machine, by free ports that are drawn beforehand, and from other
//! containers, by a name on their network.
//!
//! ```no_run
//! use testcontainers::runners::AsyncRunner as _;
//! use understudy::testcontainers::{UnderstudyContainer as _, UnderstudyImage};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let container = UnderstudyImage::on_this_machine()?.with_scenario("gloo-gateway").request().start().await?;
//! let ready = container.ready().await?;
//! println!("{} wants tokens of {}", ready.portal.server_url, ready.issuers[0].token_endpoint);
//! for (name, value) in ready.variables() {
//!     println!("{name}={value}"); // for the provider under test
//! }
//! # Ok(())
//! # }
//! ```

mod ready;

use std::borrow::Cow;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use ::testcontainers::core::{
    ContainerPort, ContainerState, CopyDataSource, CopyToContainer, ExecCommand, IntoContainerPort as _, WaitFor,
};
use ::testcontainers::{ContainerRequest, Image, ImageExt as _, TestcontainersError};
use understudy_scenarios::Secret;

use crate::control;

pub use ready::{Client, ControlApi, Issuer, Portal, Ready, UnderstudyContainer};

/// The image that `docker build` makes of the project, in this crate's version. `with_name` and `with_tag` of
/// [`ImageExt`](::testcontainers::ImageExt) name another.
const NAME: &str = "understudy";
/// Where a scenario's files are put.
const FOLDER: &str = "/scenario";

/// Understudy's image, with a scenario and the name and ports by which it will be reached.
#[derive(Clone, Debug)]
pub struct UnderstudyImage {
    scenario: String,
    copied: Vec<CopyToContainer>,
    host: String,
    /// The ports inside, which are the ports outside too: the portal's, the identity provider's, the control API's.
    ports: [ContainerPort; 3],
    /// Whether the ports must be this machine's too.
    is_on_this_machine: bool,
    token: Secret,
}

impl UnderstudyImage {
    /// For tests that run on this machine: known as `localhost`, on ports that are free now. Start its
    /// [`request`](Self::request), by which the container's ports are published as themselves.
    ///
    /// # Errors
    /// When no port is free, or the system has no random numbers for the control API's token.
    pub fn on_this_machine() -> io::Result<Self> {
        // All are held until all are drawn: no two are the same.
        let held: Vec<TcpListener> =
            (0..3).map(|_| TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0))).collect::<io::Result<_>>()?;
        let mut ports = [0.tcp(); 3];
        for (port, listener) in ports.iter_mut().zip(&held) {
            *port = listener.local_addr()?.port().tcp();
        }
        Ok(Self { ports, is_on_this_machine: true, ..Self::known_as("localhost")? })
    }

    /// For other containers: known by this name, which the container must then have on their network (by
    /// `with_container_name`, and `with_network`), with the usual ports.
    ///
    /// # Errors
    /// When the system has no random numbers for the control API's token.
    pub fn known_as(host: impl Into<String>) -> io::Result<Self> {
        Ok(Self {
            scenario: "quickstart".to_owned(),
            copied: Vec::new(),
            host: host.into(),
            ports: [31080.tcp(), 31090.tcp(), 31070.tcp()],
            is_on_this_machine: false,
            token: control::draw_token().map_err(io::Error::other)?,
        })
    }

    /// Plays a bundled scenario, such as `gloo-gateway`, in place of `quickstart`.
    #[must_use]
    pub fn with_scenario(mut self, name: impl Into<String>) -> Self {
        self.scenario = name.into();
        self.copied.clear();
        self
    }

    /// Plays a scenario of this text, in YAML or JSON.
    #[must_use]
    pub fn with_scenario_text(self, text: impl Into<String>) -> Self {
        let path = format!("{FOLDER}/scenario.yaml");
        self.copying(CopyDataSource::Data(text.into().into_bytes()), path)
    }

    /// Plays a scenario's file, or a folder of OpenAPI documents, of this machine. A file may name none beside it, since it
    /// is copied by itself.
    ///
    /// # Errors
    /// When the path has no file's name.
    pub fn with_scenario_at(self, path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("{} does not end in a file's name", path.display()))
        })?;
        let inside = format!("{FOLDER}/{name}");
        Ok(self.copying(CopyDataSource::File(path.to_owned()), inside))
    }

    fn copying(mut self, source: CopyDataSource, inside: String) -> Self {
        self.copied = vec![CopyToContainer::new(source, inside.as_str())];
        self.scenario = inside;
        self
    }

    /// What to start: this image, with its ports published as themselves where it is for this machine.
    pub fn request(self) -> ContainerRequest<Self> {
        let (ports, is_on_this_machine) = (self.ports, self.is_on_this_machine);
        let request = ContainerRequest::from(self);
        if !is_on_this_machine {
            return request;
        }
        ports.into_iter().fold(request, |request, port| request.with_mapped_port(port.as_u16(), port))
    }

    /// The portal's base URL, without `/v1`.
    #[must_use]
    pub fn portal_url(&self) -> String {
        self.url(self.ports[0])
    }

    /// The portal's base URL with `/v1`: the plugin's `portalServerUrl`.
    #[must_use]
    pub fn portal_server_url(&self) -> String {
        format!("{}/v1", self.portal_url())
    }

    /// The identity provider's base URL; issuers are below it.
    #[must_use]
    pub fn idp_url(&self) -> String {
        self.url(self.ports[1])
    }

    /// The [control API](crate::control)'s base URL.
    #[must_use]
    pub fn control_url(&self) -> String {
        self.url(self.ports[2])
    }

    /// What callers of the control API must send as `Authorization: Bearer …`.
    #[must_use]
    pub fn control_token(&self) -> &Secret {
        &self.token
    }

    fn url(&self, port: ContainerPort) -> String {
        format!("http://{}:{}", self.host, port.as_u16())
    }
}

impl Image for UnderstudyImage {
    fn name(&self) -> &str {
        NAME
    }

    fn tag(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }

    fn ready_conditions(&self) -> Vec<WaitFor> {
        // The line that it prints when both servers accept.
        vec![WaitFor::message_on_stdout(ready::MARK)]
    }

    fn env_vars(&self) -> impl IntoIterator<Item = (impl Into<Cow<'_, str>>, impl Into<Cow<'_, str>>)> {
        let [portal, idp, control] = self.ports.map(ContainerPort::as_u16);
        [
            ("UNDERSTUDY_BIND", "0.0.0.0".to_owned()),
            ("UNDERSTUDY_OUTPUT", "json".to_owned()),
            ("UNDERSTUDY_PUBLIC_HOST", self.host.clone()),
            ("UNDERSTUDY_PORTAL_PORT", portal.to_string()),
            ("UNDERSTUDY_IDP_PORT", idp.to_string()),
            ("UNDERSTUDY_CONTROL_PORT", control.to_string()),
            ("UNDERSTUDY_CONTROL_TOKEN", self.token.expose().to_owned()),
        ]
    }

    fn copy_to_sources(&self) -> impl IntoIterator<Item = &CopyToContainer> {
        &self.copied
    }

    fn cmd(&self) -> impl IntoIterator<Item = impl Into<Cow<'_, str>>> {
        ["up", self.scenario.as_str()]
    }

    fn expose_ports(&self) -> &[ContainerPort] {
        &self.ports
    }

    fn exec_after_start(&self, state: ContainerState) -> Result<Vec<ExecCommand>, TestcontainersError> {
        for port in self.ports.into_iter().filter(|_| self.is_on_this_machine) {
            if state.host_port_ipv4(port)? != port.as_u16() {
                return Err(TestcontainersError::other(
                    "the container's ports are not published as themselves, so that no URL would be right: start \
                     `image.request()` in place of the image",
                ));
            }
        }
        Ok(Vec::new())
    }
}
