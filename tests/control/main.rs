//! The control API, over real sockets, of real stages.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod faults;
mod gate;
mod journal;
mod openapi;
mod page;
mod reflected;
mod stand;
mod steps;
mod verify;
mod world;
