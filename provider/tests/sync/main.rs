//! Whole syncs over HTTP, against small servers that answer what each test says.

#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may what they share")]

mod assertion;
mod bad_days;
mod config;
mod enriched;
mod entities;
mod fetching;
mod gzip;
mod kept;
mod redirects;
mod refresh;
mod retries;
mod running;
mod secrets;
mod state_file;
mod support;
mod survey;
mod tls;
mod token;
mod trouble;
