//! The doctor: each misfortune is stood up, and the check that tells it is shown failing, with its remedy.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod arbitrary;
mod client;
mod content;
mod plugin;
mod portal;
mod served;
mod stand;
mod token;
mod whole;
