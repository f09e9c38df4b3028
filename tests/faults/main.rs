//! Faults as they are seen on the socket, by a client that knows nothing but bytes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod answers;
mod bodies;
mod callers;
mod clock;
mod connections;
mod demands;
mod raw;
mod restart;
mod when;
