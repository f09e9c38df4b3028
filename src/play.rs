//! Scenarios played against a subject, and judged by what its catalog holds afterwards.

mod catalog;
mod difference;
mod expected;
mod judge;
mod matching;
mod player;
pub mod report;
mod run;
mod subject;

pub use catalog::{Catalog, InvalidMutation, Remark};
pub use expected::{ExpectedFailures, InvalidExpectation};
pub use matching::{InvalidMatch, MatchBy};
pub use player::{Measure, Options, play};

pub use run::{Plan, RunError, run};
pub use subject::{Limits, Own, Subject, SubjectError, Surroundings, SyncOutcome, UnknownSubject};
