//! The doctor: each misfortune is stood up, and the check that tells it is shown failing, with its remedy.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod answers;
mod app_config;
mod arbitrary;
mod backstage;
mod catalogue;
mod client;
mod content;
mod drift;
mod fuzz;
mod issuer;
mod log;
mod network;
mod plugin;
mod portal;
mod proxies;
mod reports;
mod served;
mod stand;
mod token;
mod variables;
mod whole;
