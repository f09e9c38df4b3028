//! Keycloak: realms, in the words and members that Keycloak 26.4.5 was observed to use.

mod discovery;
mod error;
mod keys;
mod preflight;
mod token;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use http::{HeaderValue, Method, StatusCode};
use serde::Serialize;
use understudy_scenarios::{Issuer, IssuerKeys, Note};

use self::error::Error;
pub(crate) use self::keys::Keyring;
use crate::answer::{json, render};
use crate::cors;
use crate::dispatch::Call;
use crate::faces::{Nowhere, scopes_of};

/// The path between a realm's and an endpoint's.
const PROTOCOL: &str = "/protocol/openid-connect";

/// A realm: what its tokens and its discovery are made of.
pub(crate) struct Realm {
    /// The issuer.
    pub(crate) url: String,
    name: String,
    /// The role that every account of the realm has.
    default_roles: String,
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

/// What a realm has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// The realm's own page.
    Realm,
    /// OpenID Connect Discovery.
    OpenidConfiguration,
    /// The same document under RFC 8414's name.
    AuthorizationServer,
    Certs,
    Token,
    /// Keycloak has it and this mock has not.
    NotServed(&'static str),
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct RealmPage<'a> {
    realm: &'a str,
    #[serde(rename = "public_key")]
    public_key: &'a str,
    token_service: String,
    account_service: String,
    tokens_not_before: u8,
}

impl Realm {
    pub(crate) fn new(issuer: &Issuer, url: String, name: &str) -> Self {
        let scopes = scopes_of(issuer);
        Self {
            name: name.to_owned(),
            default_roles: format!("default-roles-{}", name.to_lowercase()),
            audience: issuer.audience.clone(),
            default_scopes: issuer.default_scopes.clone(),
            lifetime: issuer.access_token_lifetime.as_secs().try_into().unwrap_or(i64::MAX),
            opaque: issuer.opaque_tokens,
            dropped: issuer.dropped_claims.clone(),
            keys: issuer.keys,
            discovery: discovery::render(&url, &scopes),
            scopes,
            url,
        }
    }
}

impl Endpoint {
    /// What is at `rest`, the path under the realm's own.
    pub(crate) fn at(rest: &str) -> Option<Self> {
        let under_protocol = match rest {
            "" | "/" => return Some(Self::Realm),
            "/.well-known/openid-configuration" => return Some(Self::OpenidConfiguration),
            "/.well-known/oauth-authorization-server" => return Some(Self::AuthorizationServer),
            "/.well-known/uma2-configuration" => return Some(Self::NotServed("uma2-configuration")),
            _ if rest.starts_with("/clients-registrations/") => return Some(Self::NotServed("clients-registrations")),
            _ => rest.strip_prefix(PROTOCOL)?,
        };
        Some(match under_protocol {
            "/certs" => Self::Certs,
            "/token" => Self::Token,
            "/auth" => Self::NotServed("auth"),
            "/auth/device" => Self::NotServed("auth/device"),
            "/userinfo" => Self::NotServed("userinfo"),
            "/logout" => Self::NotServed("logout"),
            "/revoke" => Self::NotServed("revoke"),
            "/token/introspect" => Self::NotServed("token/introspect"),
            "/ext/par/request" => Self::NotServed("ext/par/request"),
            "/ext/ciba/auth" => Self::NotServed("ext/ciba/auth"),
            "/login-status-iframe.html" => Self::NotServed("login-status-iframe.html"),
            _ => return None,
        })
    }

    /// The methods that a preflight is told.
    fn methods(self) -> &'static str {
        match self {
            Self::Token => "POST, OPTIONS",
            Self::Realm => "GET, HEAD, OPTIONS",
            _ => "GET",
        }
    }

    /// The endpoint in the words of a note.
    fn route(self) -> Option<&'static str> {
        Some(match self {
            Self::Realm => "GET /realms/{realm}",
            Self::OpenidConfiguration => "GET /realms/{realm}/.well-known/openid-configuration",
            Self::AuthorizationServer => "GET /realms/{realm}/.well-known/oauth-authorization-server",
            Self::Certs => "GET /realms/{realm}/protocol/openid-connect/certs",
            Self::Token => "POST /realms/{realm}/protocol/openid-connect/token",
            Self::NotServed(_) => return None,
        })
    }
}

/// The path that Keycloak itself is under, if this is a realm's path.
pub(crate) fn server_root(path: &str) -> Option<&str> {
    let (root, realm) = path.rsplit_once("/realms/")?;
    (!realm.is_empty() && !realm.contains('/')).then_some(root)
}

/// Whether `path`, under Keycloak's root, is Keycloak's to answer though no realm is there.
pub(crate) fn nowhere(path: &str) -> Option<Nowhere> {
    let mut segments = path.strip_prefix('/')?.split('/');
    match (segments.next()?, segments.next()) {
        ("realms", Some(realm)) if !realm.is_empty() => Some(Nowhere::KeycloakRealm),
        ("admin", Some(_)) => Some(Nowhere::KeycloakAdmin),
        ("realms" | "auth" | "admin" | "resources" | "js", _) => Some(Nowhere::KeycloakPath),
        _ => None,
    }
}

/// Answers a request to one of the realm's endpoints.
pub(crate) async fn answer(call: &Call<'_>, realm: &Realm, endpoint: Endpoint, body: Body) -> Response {
    let note = Note { route: endpoint.route(), ..Note::default() };
    let response = match endpoint {
        Endpoint::NotServed(name) => Error::NotServed(name).answer(Note::default()),
        _ if call.request.method == Method::OPTIONS => preflight::answer(call, endpoint.methods()),
        Endpoint::Token if call.posts() => token::answer(call, realm, note, body).await,
        Endpoint::OpenidConfiguration | Endpoint::AuthorizationServer if call.reads() => {
            discovery::answer(call, realm, note)
        }
        Endpoint::Certs if call.reads() => keys::answer(call, realm, note),
        Endpoint::Realm if call.reads() => page(call, realm, note),
        // Keycloak's own metadata is found by path and method together.
        Endpoint::OpenidConfiguration | Endpoint::AuthorizationServer => Error::UnknownEndpoint.answer(Note::default()),
        _ => Error::Method.answer(Note::default()),
    };
    match call.request.method {
        Method::OPTIONS => with_server_headers(response),
        _ => with_page_headers(response),
    }
}

/// There is no such realm.
pub(crate) fn no_realm() -> Response {
    with_page_headers(Error::UnknownRealm.answer(Note::default()))
}

/// The realm has nothing at this path.
pub(crate) fn no_endpoint() -> Response {
    with_page_headers(Error::UnknownEndpoint.answer(Note::default()))
}

/// There is nothing at this path, and nobody of Keycloak's to put its headers on the answer.
pub(crate) fn no_path() -> Response {
    Error::UnknownPath.answer(Note::default())
}

/// There would be the administration API.
pub(crate) fn no_admin() -> Response {
    with_page_headers(Error::NotServed("admin").answer(Note::default()))
}

/// The realm's own page, which adapters take its public key from.
fn page(call: &Call<'_>, realm: &Realm, note: Note) -> Response {
    let body = render(&RealmPage {
        realm: &realm.name,
        public_key: call.idp.keycloak_keys.public_key_info(realm.keys),
        token_service: format!("{}{PROTOCOL}", realm.url),
        account_service: format!("{}/account", realm.url),
        tokens_not_before: 0,
    });
    let mut response = json(StatusCode::OK, body, note);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    cors::allow_credentials(&call.request.headers, headers);
    response
}

/// The headers that every answer of a realm has but those to preflights.
fn with_page_headers(mut response: Response) -> Response {
    response.headers_mut().insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    with_server_headers(response)
}

/// The headers that every answer of a realm has. `Strict-Transport-Security` is left out: over TLS, it would bind the
/// browser's `localhost` to it for a year.
fn with_server_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
