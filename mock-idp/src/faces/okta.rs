//! Okta: custom authorization servers and the org's own, in the words and members that were recorded from real orgs.

mod discovery;
mod error;
mod keys;
mod token;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{ALLOW, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderName, HeaderValue};
use understudy_scenarios::{Endpoints, Face, Issuer, IssuerKeys, Note};

use self::error::Error;
pub(crate) use self::keys::Keyring;
use crate::dispatch::Call;
use crate::faces::{Nowhere, scopes_of};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-okta-request-id");

/// An authorization server: what its tokens and its discovery are made of.
pub(crate) struct Server {
    kind: Kind,
    /// The issuer.
    pub(crate) url: String,
    audience: String,
    scopes: Vec<String>,
    default_scopes: Vec<String>,
    /// In seconds.
    lifetime: i64,
    /// Whether its access tokens are no JWTs.
    opaque: bool,
    /// The claims that its access tokens lack.
    dropped: Vec<String>,
    keys: IssuerKeys,
    discovery: Bytes,
}

/// Whether it is the org's own server or a custom one: it decides the paths.
#[derive(Clone, Copy)]
enum Kind {
    Org,
    Custom,
}

/// What an authorization server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// OpenID Connect Discovery.
    OpenidConfiguration,
    /// RFC 8414.
    AuthorizationServer,
    Keys,
    Token,
    /// Okta has it and this mock has not.
    NotServed(&'static str),
}

impl Server {
    pub(crate) fn new(issuer: &Issuer, url: String, endpoints: &Endpoints) -> Self {
        let kind = if issuer.face == Face::OktaOrg { Kind::Org } else { Kind::Custom };
        Self {
            kind,
            audience: if issuer.audience.is_empty() { url.clone() } else { issuer.audience.clone() },
            scopes: scopes_of(issuer),
            default_scopes: issuer.default_scopes.clone(),
            lifetime: issuer.access_token_lifetime.as_secs().try_into().unwrap_or(i64::MAX),
            opaque: issuer.opaque_tokens,
            dropped: issuer.dropped_claims.clone(),
            keys: issuer.keys,
            discovery: discovery::render(&url, &format!("{url}{}", kind.protocol()), endpoints.idp()),
            url,
        }
    }

    /// What is at `rest`, the path under the issuer's own.
    pub(crate) fn endpoint(&self, rest: &str) -> Option<Endpoint> {
        let under_protocol = match rest {
            "/.well-known/openid-configuration" => return Some(Endpoint::OpenidConfiguration),
            "/.well-known/oauth-authorization-server" => return Some(Endpoint::AuthorizationServer),
            _ => rest.strip_prefix(self.kind.protocol())?,
        };
        Some(match under_protocol {
            "/keys" => Endpoint::Keys,
            "/token" => Endpoint::Token,
            "/authorize" => Endpoint::NotServed("authorize"),
            "/userinfo" => Endpoint::NotServed("userinfo"),
            "/introspect" => Endpoint::NotServed("introspect"),
            "/revoke" => Endpoint::NotServed("revoke"),
            "/logout" => Endpoint::NotServed("logout"),
            "/device/authorize" => Endpoint::NotServed("device/authorize"),
            "/par" => Endpoint::NotServed("par"),
            "/bc/authorize" => Endpoint::NotServed("bc/authorize"),
            "/clients" => Endpoint::NotServed("clients"),
            _ => return None,
        })
    }

    /// The endpoint in the words of a note.
    fn route(&self, endpoint: Endpoint) -> Option<&'static str> {
        Some(match (self.kind, endpoint) {
            (Kind::Custom, Endpoint::OpenidConfiguration) => "GET /oauth2/{server}/.well-known/openid-configuration",
            (Kind::Custom, Endpoint::AuthorizationServer) => {
                "GET /oauth2/{server}/.well-known/oauth-authorization-server"
            }
            (Kind::Custom, Endpoint::Keys) => "GET /oauth2/{server}/v1/keys",
            (Kind::Custom, Endpoint::Token) => "POST /oauth2/{server}/v1/token",
            (Kind::Org, Endpoint::OpenidConfiguration) => "GET /.well-known/openid-configuration",
            (Kind::Org, Endpoint::AuthorizationServer) => "GET /.well-known/oauth-authorization-server",
            (Kind::Org, Endpoint::Keys) => "GET /oauth2/v1/keys",
            (Kind::Org, Endpoint::Token) => "POST /oauth2/v1/token",
            (_, Endpoint::NotServed(_)) => return None,
        })
    }

    /// A note about a request to the endpoint.
    fn note(&self, endpoint: Endpoint) -> Note {
        Note { route: self.route(endpoint), ..Note::default() }
    }
}

impl Kind {
    /// The path between the issuer's and an endpoint's.
    fn protocol(self) -> &'static str {
        match self {
            Self::Org => "/oauth2/v1",
            Self::Custom => "/v1",
        }
    }
}

/// Why nothing is at `path`, under the org's root. `is_issuer` tells whether an issuer is at a path.
pub(crate) fn nowhere(path: &str, is_issuer: impl FnOnce(&str) -> bool) -> Nowhere {
    if path.starts_with("/api/v1/") {
        return Nowhere::OktaManagement("api/v1");
    }
    if path == "/.well-known/okta-organization" {
        return Nowhere::OktaManagement("okta-organization");
    }
    match path.strip_prefix("/oauth2/").and_then(|rest| rest.split('/').next()) {
        None | Some("" | "v1") => Nowhere::OktaPath,
        Some(server) if is_issuer(&format!("/oauth2/{server}")) => Nowhere::OktaPath,
        Some(server) => Nowhere::OktaServer(server.to_owned()),
    }
}

/// Answers a request to one of the server's endpoints.
pub(crate) async fn answer(call: &Call<'_>, server: &Server, endpoint: Endpoint, body: Body) -> Response {
    let response = match endpoint {
        Endpoint::OpenidConfiguration | Endpoint::AuthorizationServer if call.reads() => {
            discovery::answer(call, server, server.note(endpoint))
        }
        Endpoint::Keys if call.reads() => keys::answer(call, server, server.note(endpoint)),
        Endpoint::Token if call.posts() => token::answer(call, server, server.note(endpoint), body).await,
        Endpoint::NotServed(name) => Error::NotServed(name).answer(call, Note::default()),
        Endpoint::Token => wrong_method(call, "POST"),
        _ => wrong_method(call, "GET"),
    };
    with_server_headers(call, response)
}

/// There is no authorization server of this name.
pub(crate) fn no_server(call: &Call<'_>, server: String) -> Response {
    with_server_headers(call, Error::UnknownServer(server).answer(call, Note::default()))
}

/// There is nothing at this path.
pub(crate) fn no_path(call: &Call<'_>) -> Response {
    with_server_headers(call, Error::UnknownPath.answer(call, Note::default()))
}

/// There would be the part of the org that has this name.
pub(crate) fn no_management(call: &Call<'_>, name: &'static str) -> Response {
    with_server_headers(call, Error::NotServed(name).answer(call, Note::default()))
}

fn wrong_method(call: &Call<'_>, allowed: &'static str) -> Response {
    let mut response = Error::Method.answer(call, Note::default());
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// The headers that every answer of Okta has.
fn with_server_headers(call: &Call<'_>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, text(call.idp.ids.hex(32)));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Lets an answer be cached for so many seconds, as Okta says it.
fn cache_for(call: &Call<'_>, seconds: i64, response: &mut Response) {
    use http::header::{CACHE_CONTROL, EXPIRES};
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, text(format!("max-age={seconds}, must-revalidate")));
    let expires = call.idp.clock.now().saturating_add(jiff::SignedDuration::from_secs(seconds));
    let date =
        expires.and_then(|expires| jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&expires));
    // A clock set to before the year 0 has no such date, and then there is no header.
    if let Ok(date) = date {
        headers.insert(EXPIRES, text(date));
    }
}

/// A header's value that is made of digits, letters and plain punctuation.
fn text(value: String) -> HeaderValue {
    HeaderValue::try_from(value).expect("an id, a number or a date is plain ASCII")
}
