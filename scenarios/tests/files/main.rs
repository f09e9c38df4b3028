//! Files of scenarios: how they are found and read, what is said of one with a mistake, and what becomes of a world.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod changes;
mod loading;
mod mistakes;
