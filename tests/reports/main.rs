//! Reports of a run as JUnit, JSON and HTML.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod fixture;
mod html;
mod json;
mod junit;
