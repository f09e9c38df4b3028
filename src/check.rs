//! The doctor: looks at the whole way from a configuration to a catalog, and says of each station whether it is well, and
//! what to do where it is not.
//!
//! It only reads, knows nothing of mocks, and asks whatever servers a [`Plan`] names. What is looked at is in the
//! [`catalogue`](Check::all); what was found, in order, is a [`Report`].
//!
//! ```
//! use understudy::check::{Plan, Source, examine};
//! use understudy::{Scenario, Stage};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let stage = Stage::start(Scenario::find("quickstart")?).await?;
//! let config = stage.provider_config(&stage.issuer()?)?;
//! let report = examine(Plan::new(Source::Given(Box::new(config)))).await;
//! assert_eq!(report.exit_code(), 0, "{}", report.text());
//! # Ok(())
//! # }
//! ```

mod backstage;
mod catalogue;
mod client;
mod configuration;
mod content;
mod drift;
mod examination;
mod facts;
mod finding;
mod issuer;
mod log;
mod network;
mod plan;
mod plugin;
mod portal;
mod report;
mod selection;
mod token;
mod wording;

pub use catalogue::{Check, Part};
pub use examination::Event;
use examination::Examination;
pub use facts::Vendor;
pub use finding::{Finding, Status, View};
pub use plan::{Against, LogSource, Plan, Source};
pub use report::{Report, ReportFormat};
pub use selection::{Selection, UnknownCheck};

/// Looks at all that the plan names, in the catalogue's order. What fails doesn't end it: all that can still be looked at is.
pub async fn examine(plan: Plan) -> Report {
    let mut exam = Examination::new(plan);
    for part in Part::ALL {
        if !exam.begin(part) {
            continue;
        }
        match part {
            Part::Configuration => configuration::examine(&mut exam).await,
            Part::Network => network::examine(&mut exam).await,
            Part::Issuer => issuer::examine(&mut exam).await,
            Part::Client => client::examine(&mut exam).await,
            Part::Token => token::examine(&mut exam).await,
            Part::Portal => portal::examine(&mut exam).await,
            Part::Content => content::examine(&mut exam).await,
            Part::Plugin => plugin::examine(&mut exam).await,
            Part::Drift => drift::examine(&mut exam).await,
            Part::Backstage => backstage::examine(&mut exam).await,
            Part::Log => log::examine(&mut exam).await,
        }
        exam.end(part);
    }
    exam.finish()
}
