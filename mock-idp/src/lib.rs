//! An OpenID provider for tests, with the faces of Okta and Keycloak at the same time.
//!
//! [`router`] serves every issuer of a world, each in its face's own ways: paths, claims and their order, members and
//! their order, headers and error bodies, as recorded from an Okta org and from Keycloak 26.4. The world is live: an
//! issuer that is added, a path, a secret or a lifetime that is changed, holds from the next request on.
//!
//! ```
//! use axum::body::Body;
//! use http::Request;
//! use tower::ServiceExt;
//! use understudy_scenarios::{Clock, Endpoints, Ids, LiveWorld, Scenario};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let scenario = Scenario::from_yaml("example", "portal: {products: [{id: petstore, versions: [{name: v1}]}]}")?;
//! let world = LiveWorld::new(scenario.world().clone());
//! let (portal, idp) = ("http://localhost:31080".parse()?, "http://localhost:31090".parse()?);
//! let router = understudy_idp::router(world, Clock::system(), Ids::default(), Endpoints::new(&portal, &idp));
//!
//! // The default world has the client `backstage` on an Okta server `default`, its org, and a Keycloak realm `gloo`.
//! let request = Request::post("/oauth2/default/v1/token")
//!     .header("Content-Type", "application/x-www-form-urlencoded")
//!     .body(Body::from("grant_type=client_credentials&client_id=backstage&client_secret=backstage-dev-secret"))?;
//! let response = router.oneshot(request).await?;
//! assert_eq!(response.status(), 200);
//! # Ok(())
//! # }
//! ```
//!
//! # What is served
//!
//! | | Okta custom server | Okta org | Keycloak realm |
//! |---|---|---|---|
//! | issuer | `/oauth2/{server}` | the base URL | `/realms/{realm}` |
//! | discovery | `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server` under the issuer, and RFC 8414's form of it | the same | the same two, under the realm |
//! | keys | `/v1/keys` | `/oauth2/v1/keys` | `/protocol/openid-connect/certs` |
//! | token | `/v1/token` | `/oauth2/v1/token` | `/protocol/openid-connect/token` |
//! | the realm's page | | | the realm itself |
//!
//! When the public base URL has a path, everything is served under that path and at the root.
//!
//! Not served yet, though discovery lists them as the real ones do: authorization, userinfo, introspection,
//! revocation, logout, device authorization, pushed authorization requests, backchannel authentication, registration
//! and the management APIs. Asked for, they say 404 in the face's own shape, and that it is this mock that lacks
//! them. `client_credentials` is the only grant that gives tokens. The others are refused as the real servers refuse
//! a code or a refresh token that they never issued, or a client for which the grant is not enabled.
//!
//! # Keys and tokens of a bad day
//!
//! An issuer signs with its current key and publishes all from its oldest to its current one, in this order; with
//! Keycloak, after the encryption key. There are four committed development keys for each face, and an issuer's key of
//! number *n* is the committed one of *n* modulo 4, so at most four are published. With
//! [`World::with_keys`](understudy_scenarios::World::with_keys) an issuer rotates and retires them.
//!
//! An issuer's access tokens may be opaque (43 random characters of base64url, where a JWT would be), lack any of their
//! claims, or have another lifetime. Keycloak's ID tokens stay whole.
//!
//! # Where it departs from the real ones
//!
//! - Keycloak sends `Strict-Transport-Security` over plain HTTP too; here it is left out, since over TLS it would bind the
//!   browser's `localhost` for a year. What else differs from a real Keycloak at the endpoints that are served is one table in the
//!   project's tests (`tests/containers/face/known.rs`), which is held against a real one.
//! - As far as is remembered, an Okta org's own server gives client credentials only to clients that prove themselves
//!   with `private_key_jwt`; here a secret will do.
//! - The `X-Rate-Limit-*` headers tell of a limit that is never reached.
//!
//! # Where no recording tells the words
//!
//! All else was recorded from real servers, and Keycloak's ways marked as compared are held against a real one at every change
//! (`tests/containers` of the project). What else is in this table was not: where a standard has an error code, it is
//! the standard's; the rest comes from the vendors' documents and source as far as they are remembered, and is to be
//! checked against a real server before anything leans on it.
//!
//! | answer | Okta | Keycloak |
//! |---|---|---|
//! | every answer | `X-Content-Type-Options` beyond the token endpoint, the length of `errorId`, `Allow` of a 405 | compared |
//! | discovery | the client authentication of introspection and revocation, the algorithms of backchannel authentication, that the org's document has a custom server's members, the words for an unknown `?client_id=` | compared, but for the order of scopes, which is each realm's own |
//! | keys, rotated | that the oldest is first; several keys (recorded: two, in a rotation) | that the oldest is first |
//! | an opaque token | its length and letters | its length and letters |
//! | keys | how long the next rotation is off | compared, but for the order, which is each realm's own (known: a client that takes the first key breaks) |
//! | the realm's page | | compared |
//! | token, 200 | `aud` at the org server, the attributes of the cookies, the figures of the rate limit | compared, but for the order of scopes, which is each realm's own, and for `microprofile-jwt` and `offline_access` |
//! | token, checks | which comes first of several mistakes; `WWW-Authenticate` | which comes first of several mistakes, where more than two come together |
//! | no form | 400 `E0000021` | recorded |
//! | a body too long or cut off | 413 and 400 `E0000003` | 413 and 400, by the name of the status |
//! | no grant type | `invalid_request` and its words | recorded |
//! | a parameter twice, two proofs of the client | `invalid_request` and its words | compared |
//! | no secret, a client assertion | 401 `invalid_client` and its words | compared |
//! | an OpenID scope with client credentials | refused as an unknown scope (known: it is refused) | recorded |
//! | several unknown scopes | recorded | compared |
//! | no code, no refresh token | `invalid_request` and its words | compared |
//! | a bad refresh token | `invalid_grant` and its words | recorded |
//! | a grant that no client can have | as a grant that is not enabled | compared |
//! | another method | the words of `E0000022` | recorded |
//! | a preflight, `OPTIONS` | 405 as another method, and no CORS on the token endpoint | compared |
//! | an answer to a page's own request | the keys' `Access-Control-Allow-Origin` | compared |
//! | an unknown server, realm or path | `E0000007` of a server, `E0000008` of a path | recorded |
//!
//! # For a stage
//!
//! Every response carries a [`Note`](understudy_scenarios::Note) in its extensions: route, caller, outcome, and why
//! the caller was turned away. The peer's address for Keycloak's `clientAddress` comes from axum's
//! [`ConnectInfo`](axum::extract::ConnectInfo), where the server was made with it. Bodies longer than 64 KiB are
//! refused.

#![forbid(unsafe_code)]

mod answer;
mod client_authentication;
mod cors;
mod directory;
mod dispatch;
mod faces;
mod form;
mod keys;
mod note;

use std::sync::Arc;

use axum::Router;
use understudy_scenarios::{Clock, Endpoints, Ids, LiveWorld};

use crate::dispatch::Idp;

/// Serves every issuer of `world` at once, whatever it will be.
///
/// Times come from `clock` (in whole seconds), identifiers from `ids`, and every absolute URL, the `iss` of tokens
/// included, from [`Endpoints::idp`]: the `Host` header is never looked at. Making the router costs next to nothing:
/// keys are parsed at the first use.
pub fn router(world: LiveWorld, clock: Clock, ids: Ids, endpoints: Endpoints) -> Router {
    Router::new().fallback(dispatch::answer).with_state(Arc::new(Idp::new(world, clock, ids, endpoints)))
}
