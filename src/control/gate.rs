//! Who is let through to the control API.
//!
//! A web page that somebody opens on this machine can make the browser send requests to it. Three things stand against
//! that: `Host` must name this server (a page whose name was pointed here, by DNS rebinding, sends its own), a request
//! with the `Origin` of another site is refused, and all that holds anything of the stage needs a token, which a page does
//! not have. No CORS header is ever answered, and no answer may be framed.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use understudy_scenarios::Secret;

use super::page;
use super::refusal::Refusal;
use super::token::is_equal;

/// The path that tells whether the stage is up. It needs no token.
pub(super) const HEALTH: &str = "/health";

/// The path of the OpenAPI document. It needs no token.
pub(super) const OPENAPI: &str = "/openapi.json";

/// What every answer has: nothing is kept or guessed at, and a browser that shows it runs no script but this server's
/// own, asks nobody else for anything, and lets no other page show it in a frame.
const EVERYWHERE: [(HeaderName, HeaderValue); 5] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
];

/// Who is let through.
pub(super) struct Gate {
    /// The name by which others know this machine.
    host: String,
    /// The one address that is bound, where it is not loopback.
    bind: Option<IpAddr>,
    token: Secret,
}

impl Gate {
    pub(super) fn new(host: &str, bind: Option<IpAddr>, token: Secret) -> Self {
        Self { host: host.to_owned(), bind, token }
    }

    fn admit(&self, request: &Request) -> Result<(), Refusal> {
        let host = self.host(request)?;
        is_own_origin(request.headers(), &host)?;
        if is_open(request) {
            return Ok(());
        }
        self.has_token(request.headers())
    }

    /// The host and port that the request is for.
    fn host(&self, request: &Request) -> Result<Authority, Refusal> {
        let mut headers = request.headers().get_all(HOST).iter();
        let authority = match (headers.next(), headers.next()) {
            (Some(host), None) => host.to_str().ok().and_then(|host| host.parse::<Authority>().ok()),
            _ => None,
        };
        // A request line with a whole URL names a host too (RFC 9112, section 3.2.2).
        let is_told_twice = |host: &Authority| request.uri().authority().is_none_or(|other| other == host);
        authority.filter(is_told_twice).filter(|host| self.is_here(host.host())).ok_or_else(|| {
            Refusal::new(
                StatusCode::MISDIRECTED_REQUEST,
                "wrong-host",
                "`Host` does not name this server: it is localhost, a loopback address, the address that was bound or \
                 the name given with --public-host",
            )
        })
    }

    fn is_here(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        if host.eq_ignore_ascii_case("localhost") || host.eq_ignore_ascii_case(&self.host) {
            return true;
        }
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let Ok(address) = bare.parse::<IpAddr>() else { return false };
        // An address can't be rebound, only a name can: where every address is bound, each of them is this server's.
        address.is_loopback()
            || mapped(address).is_loopback()
            || self.bind.is_some_and(|bind| bind.is_unspecified() || bind == address)
    }

    fn has_token(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let presented = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
        let token = presented.split_at_checked(7).filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"bearer "));
        if token.is_some_and(|(_, token)| is_equal(token.trim_ascii(), &self.token)) {
            return Ok(());
        }
        let message = "this needs `Authorization: Bearer TOKEN`, with the token that `understudy up` prints beside this \
                       API's address (`control.token` with --output json), or that UNDERSTUDY_CONTROL_TOKEN gave it";
        Err(Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized", message))
    }
}

/// Whether what is asked for holds nothing of the stage.
fn is_open(request: &Request) -> bool {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    match request.uri().path() {
        HEALTH | OPENAPI => true,
        "/" => is_read && page::is_wanted(request.headers()),
        path => is_read && page::is_asset(path),
    }
}

fn mapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4),
        IpAddr::V4(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}

/// A browser sends `Origin` where a page asks; the only pages that may are those of this server.
fn is_own_origin(headers: &HeaderMap, host: &Authority) -> Result<(), Refusal> {
    let own = |origin: &HeaderValue| {
        let bytes = origin.as_bytes();
        bytes.strip_prefix(b"http://").is_some_and(|rest| rest.eq_ignore_ascii_case(host.as_str().as_bytes()))
    };
    if headers.get_all(ORIGIN).iter().all(own) {
        return Ok(());
    }
    let message = "`Origin` names another site: web pages may not use this API";
    Err(Refusal::new(StatusCode::FORBIDDEN, "foreign-origin", message))
}

/// Lets a request through or turns it away, and gives every answer the headers that all have.
pub(super) async fn guard(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let mut response = match gate.admit(&request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    response.headers_mut().extend(EVERYWHERE);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(host: &str, bind: Option<&str>) -> Gate {
        let bind = bind.map(|bind| bind.parse().unwrap());
        Gate { host: host.to_owned(), bind, token: "token".into() }
    }

    #[test]
    fn a_loopback_address_and_the_known_name_are_this_server() {
        let gate = gate("host.docker.internal", None);
        for host in ["localhost", "LOCALHOST.", "127.0.0.1", "127.8.8.8", "[::1]", "[::ffff:127.0.0.1]"] {
            assert!(gate.is_here(host), "{host}");
        }
        assert!(gate.is_here("Host.Docker.Internal"));
        for host in ["localhost.evil.example", "evil.example", "192.0.2.1", "0.0.0.0", "[::2]", "127.0.0.1.nip.io", ""]
        {
            assert!(!gate.is_here(host), "{host}");
        }
    }

    #[test]
    fn the_bound_address_is_this_server_and_every_address_where_all_are_bound() {
        assert!(gate("localhost", Some("192.0.2.1")).is_here("192.0.2.1"));
        assert!(!gate("localhost", Some("192.0.2.1")).is_here("192.0.2.2"));
        assert!(gate("localhost", Some("0.0.0.0")).is_here("192.0.2.2"));
        assert!(!gate("localhost", Some("0.0.0.0")).is_here("evil.example"));
    }
}
