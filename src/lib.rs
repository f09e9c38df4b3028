//! A stand-in for a Gloo Portal and its OpenID provider, to test whatever syncs API products into the Backstage catalog.
//!
//! A [`Stage`] is both mocks, running together on free ports of this machine. Three lines in a test start one:
//!
//! ```
//! use understudy::{Scenario, Stage};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let stage = Stage::start(Scenario::find("quickstart")?).await?;
//! let mutation = stage.provider()?.sync().await?.mutation;
//! assert_eq!(mutation.entities().count(), 5);
//! # Ok(())
//! # }
//! ```
//!
//! Somebody else's provider is pointed at [`Stage::variables`] or [`Stage::app_config`]. Dropping the stage ends it.

#![forbid(unsafe_code)]

mod app_config;
mod backstage;
#[cfg(feature = "check")]
pub mod check;
mod connections;
pub mod control;
mod elapsed;
pub mod play;
pub mod record;
pub mod serve;
pub mod shell;
mod stage;
mod target;
#[cfg(feature = "testcontainers")]
pub mod testcontainers;
pub mod tls;
mod token_shape;

pub use app_config::AppConfig;
pub use control::Control;
pub use stage::{
    Active, CAPACITY, Controls, Exchange, FaultError, FaultGuard, Faults, GATEWAY, IssuerAddress, Journal, Mark,
    NeverCame, PlayError, Stage, StageBuilder, StageError, Unmet,
};
pub use target::{Opened, Target, TargetError};
pub use understudy_provider as provider;
pub use understudy_scenarios as scenarios;
pub use understudy_scenarios::{Scenario, Server};
