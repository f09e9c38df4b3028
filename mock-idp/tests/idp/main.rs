//! The identity provider as a client meets it: requests into the router, answers out of it, no socket between.

#![allow(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod app;
mod arbitrary;
mod issuers;
mod keycloak;
mod live;
mod okta;
mod tokens;
