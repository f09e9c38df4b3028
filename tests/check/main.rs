//! The doctor: each misfortune is stood up, and the check that tells it is shown failing, with its remedy.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod stand;
mod whole;
