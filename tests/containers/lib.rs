//! Real servers in containers, for tests: whether there is an engine, and a Keycloak made fit by its admin API.
//!
//! The images are made, and an engine is started where there is none, by `tests/containers/install.sh`.

#![forbid(unsafe_code)]

mod admin;
mod engine;
mod keycloak;

pub use engine::{Image, why_not};
pub use keycloak::{Keycloak, KeycloakError};

/// Keycloak, in the version whose ways the mock has.
pub const KEYCLOAK: Image = Image { name: "quay.io/keycloak/keycloak", tag: "26.4.5" };
/// The command `understudy`, in an image that holds nothing else.
pub const UNDERSTUDY: Image = Image { name: "understudy", tag: "test" };
/// A minimal Backstage backend with the published plugin, and Node.
pub const BACKSTAGE: Image = Image { name: "understudy-backstage", tag: "test" };
