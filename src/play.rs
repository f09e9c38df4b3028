//! Scenarios played against a subject, and judged by what its catalog holds afterwards.

pub mod report;
mod subject;

pub use subject::{Limits, Own, Subject, SubjectError, Surroundings, SyncOutcome, UnknownSubject};
