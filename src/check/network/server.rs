//! The servers that are asked: the portal, and where tokens come from.

use understudy_provider::{ServerUrl, TokenEndpoint};
use url::{Host, Url};

use crate::check::configuration::is_loopback;

/// A server, by its scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Server {
    /// Its address without a path.
    pub(super) url: Url,
    /// What it is there for: `the portal`.
    pub(super) role: &'static str,
}

impl Server {
    fn of(url: &str, role: &'static str) -> Option<Self> {
        let mut url = Url::parse(url).ok()?;
        url.host()?;
        url.set_path("");
        url.set_query(None);
        url.set_fragment(None);
        Some(Self { url, role })
    }

    /// `portal.example.com:443`
    pub(super) fn address(&self) -> String {
        format!("{}:{}", self.url.host_str().unwrap_or_default(), self.port())
    }

    /// The host as names are looked up and certificates are compared: an address without brackets.
    pub(super) fn host(&self) -> String {
        match self.url.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => String::new(),
        }
    }

    pub(super) fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(443)
    }

    pub(super) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }
}

/// The servers, each once.
pub(super) fn distinct(portal: Option<&ServerUrl>, token_endpoint: Option<&TokenEndpoint>) -> Vec<Server> {
    let idp = token_endpoint.and_then(|endpoint| match endpoint {
        TokenEndpoint::At(url) => Server::of(url.as_str(), "the identity provider"),
        TokenEndpoint::Issuer(issuer) => Server::of(issuer, "the identity provider"),
    });
    let portal = portal.and_then(|portal| Server::of(portal.as_str(), "the portal"));
    match (portal, idp) {
        (Some(portal), Some(idp)) if portal.url == idp.url => {
            vec![Server { role: "the portal and the identity provider", ..portal }]
        }
        (portal, idp) => portal.into_iter().chain(idp).collect(),
    }
}
