//! The mock portal as its callers see it: every route, external auth, and the world changing under it. Each test has a
//! portal of its own and an identity provider that serves nothing but keys.

#![allow(clippy::unwrap_used, reason = "what a test stands on may unwrap as the tests do")]

mod auth;
mod conditional;
mod cors;
mod cutoff;
mod documents;
mod family;
mod gateway;
mod health;
mod keys;
mod mesh;
mod stand;
mod world;
