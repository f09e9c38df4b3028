//! Scenarios played against a subject, and judged by what its catalog holds afterwards.
//!
//! A subject is ours, a provider of your own in this process, or something else that the command line can name. It
//! first syncs once, undisturbed; what that gives is the baseline, from which is learnt which entity stands for which
//! API, so that a provider with names of its own passes when it behaves. Ten lines judge your own:
//!
//! ```
//! use understudy::Scenario;
//! use understudy::play::{Plan, Subject, SyncOutcome, run};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mine = Subject::own("mine", |stage| {
//!     // Here, your own provider; `Stage::variables` tells it where the portal and the token endpoint are.
//!     let provider = stage.provider().expect("the world has an issuer and a client");
//!     move || {
//!         let provider = provider.clone();
//!         async move {
//!             match provider.sync().await {
//!                 Ok(outcome) => SyncOutcome::applied(serde_json::to_value(outcome.mutation).expect("it is JSON")),
//!                 Err(error) => SyncOutcome::failed(error.to_string()),
//!             }
//!         }
//!     }
//! });
//! let scenarios = vec![Scenario::find("quickstart")?, Scenario::find("list-answers-401")?];
//! let report = run(&Plan::of(scenarios).subject(mine), |_| ()).await?;
//! assert_eq!(report.scenarios[0].outcome.word(), "passed");
//! # Ok(())
//! # }
//! ```

mod catalog;
pub(crate) mod difference;
mod expected;
mod fit;
mod ground;
mod judge;
mod matching;
mod player;
pub mod report;
mod run;
mod shown;
mod subject;

#[cfg(feature = "check")]
pub(crate) use catalog::definition;
pub use catalog::{Catalog, InvalidMutation, Remark};
#[cfg(feature = "check")]
pub(crate) use difference::{document, of_definitions, same_document};
pub use expected::{ExpectedFailures, InvalidExpectation};
pub use matching::{InvalidMatch, MatchBy};
pub use player::{Measure, Options, play};

pub use run::{Plan, RunError, run};
pub use subject::{
    Addressed, CommandLine, Limits, Own, Setup, Subject, SubjectError, Surroundings, SyncOutcome, UnknownSubject,
};
