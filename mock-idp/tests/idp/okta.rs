//! An Okta org: a custom authorization server and its own.

mod discovery;
mod keys;
mod token;
