//! A Keycloak realm.

mod certs;
mod discovery;
mod token;
