//! Scenarios played against a subject, and judged by what its catalog holds afterwards.

pub mod report;
mod subject;

pub use subject::{SubjectError, Surroundings, SyncOutcome};
