//! The REST server of a Gloo Portal, both families, behind external auth.
//!
//! [`router`] makes an honest portal server of a live world: what the world's portal names is what it answers, and only
//! the family that the world names answers at all. It stands in for two things at once, as seen from a client:
//!
//! - the **portal server**: Gloo Mesh Gateway's ("Gloo Platform Portal", grouped and flat lists) or Gloo Gateway's
//!   ("Gloo Portal server"), the operations that a sync reads;
//! - the **gateway in front of it**: external auth by bearer token and a CORS policy, on everything under `/v1`.
//!
//! Three health paths (`/health`, `/healthz`, `/readyz`) lie outside `/v1` and outside external auth.
//!
//! # What is answered
//!
//! | family | operations |
//! |---|---|
//! | Gloo Mesh Gateway | `GET /v1/apis`, `GET /v1/apis/{id}/schema`, `GET /v1/me`, `GET /v1/usage-plans` |
//! | Gloo Gateway | `GET /v1/api-products`, `GET /v1/api-products/{id}`, `GET /v1/api-products/{id}/versions`, `GET /v1/me` |
//!
//! Every `GET` answers `HEAD` too. Answers that depend on the world alone carry a strong `ETag`, and `If-None-Match`
//! gets a `304` for it. Errors are `{"message": "…"}`; the words of those that no contract gives are decisions made
//! here, each beside the code that sends it:
//!
//! | status | when | message |
//! |---|---|---|
//! | 401 | external auth refused the caller, on any path under `/v1` | `Unauthorized`; the `WWW-Authenticate` header says why (RFC 6750) |
//! | 404 | no such path, or one of the other family's | no JSON but the text `404 page not found`, as Go's servers answer |
//! | 404 | no such API, or it has no document (contract) | `API schema not found` |
//! | 404 | no such product (contract) | `API Product not found` |
//! | 500 | the API's document could not be fetched (the contract's words for a document that is not there though it should be) | `Missing stitched schema for route table` |
//! | 405 | the path has no such method; `Allow` names those it has | `Method not allowed` |
//! | 503 | the issuer's keys can't be fetched, so that nobody can tell who calls | `External auth can't fetch the issuer's keys` |
//!
//! # Documents
//!
//! The world tells in which form a version's document is served, wherever it is: as an object, or as a string that holds
//! it as JSON or YAML text, as some builds do. One that is missing is left out of lists. One that could not be fetched is
//! left out too, and `openapiSpecFetchErr` (Gloo Gateway's `apiSpecError`, after the current backend's contract) says
//! why.
//!
//! # Who is let in
//!
//! A bearer of a JWT that one of the world's trusted issuers signed with RS256 and a key from its JWKS, from its `nbf` and
//! its `iat` on and before its `exp` by the [`Clock`], without leeway. A token without `exp` never ends. The audience is checked where
//! the world names one. Keys are fetched over HTTP at the first need, kept for five minutes, and fetched anew for a
//! `kid` that they don't hold, at most once in five seconds. A token that was found good is remembered until it ends,
//! the keys change or grow old, or the world changes. Where the world has a
//! [`Cutoff`](understudy_scenarios::Cutoff), a token whose `iat` is not after it, or that has none, is refused as expired
//! or revoked. An opaque token is refused as no JWT: no issuer is asked about it.
//!
//! # Notes
//!
//! Every response holds a [`Note`](understudy_scenarios::Note) in its extensions: the route, the caller, what the
//! answer holds, and why a caller was turned away. It never reaches the wire and never holds a token.
//!
//! # For a stage
//!
//! A request with a [`Shown`] world in its extensions is answered from that world, as by a portal server that is behind;
//! who is let in is decided by the world as it is. The requests for the issuers' keys carry [`USER_AGENT`].
//!
//! # Example
//!
//! ```
//! use axum::body::Body;
//! use axum::http::{Request, StatusCode};
//! use tower::ServiceExt;
//! use understudy_scenarios::{Clock, Endpoints, Ids, LiveWorld, Note, Scenario};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let scenario = Scenario::from_yaml("pets", "portal: {products: [{id: petstore, versions: [{name: v1}]}]}")?;
//! let endpoints = Endpoints::new(&"http://localhost:31080".parse()?, &"http://localhost:31090".parse()?);
//! let live = LiveWorld::new(scenario.world().clone());
//! let portal = understudy_portal::router(live, Clock::system(), Ids::seeded(0), endpoints);
//!
//! let request = Request::get("/v1/apis").body(Body::empty())?;
//! let response = portal.oneshot(request).await?;
//! assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
//! let note = response.extensions().get::<Note>().ok_or("every response has a note")?;
//! assert_eq!(note.refusal.as_ref().map(|why| why.0.as_ref()), Some("no bearer token"));
//! # Ok(())
//! # }
//! ```
//!
//! To serve it, hand the router to `axum::serve` with a listener.
#![forbid(unsafe_code)]

mod auth;
mod gate;
mod openapi;
mod rendered;
mod respond;
mod routes;
mod users;

pub use auth::USER_AGENT;
pub use gate::{Shown, router};
pub use openapi::openapi;

#[cfg(doc)]
use understudy_scenarios::Clock;
