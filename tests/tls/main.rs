//! A stage that serves TLS: handshakes, protocols, faults, and whole syncs.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod client;
mod connections;
mod handshakes;
mod syncs;
