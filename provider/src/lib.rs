//! The core of a Backstage entity provider for Gloo Portals: the portal goes in, catalog entities come out.
//!
//! A [`Provider`] takes a [`Config`], gets an access token by the client-credentials grant, reads the portal's APIs and
//! hands out one full [`Mutation`]: the Group, User and System that own the APIs, then an [`Entity`] for each API
//! version. On well-formed input these are the entities that the published plugin
//! (`@solo.io/platform-portal-backstage-plugin-backend` 0.0.74) gives, in its order. Where Backstage would refuse those, or
//! keep one of two, there is the nearest that it takes, and a [`Notice`] ([`entities_of`]).
//!
//! Nothing that was synced is lost by a bad day: a provider keeps the last good state, and an error keeps what it concerns
//! as it was, which the [`Outcome`]'s [`Notice`]s tell. Where nothing was ever synced there is an error that names what
//! failed and what to do about it, and no mutation.
//!
//! ```no_run
//! # async fn sync() -> Result<(), understudy_provider::SyncError> {
//! use understudy_provider::{Config, Provider};
//!
//! let config = Config::from_vars(|name| std::env::var(name).ok())?;
//! let outcome = Provider::new(config)?.sync().await?;
//! for entity in outcome.mutation.entities() {
//!     println!("{}", entity.reference());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The parts can be used by themselves: a [`TokenSource`] (such as [`ClientCredentials`]), a [`PortalClient`], and
//! [`entities_of`]. This crate knows nothing of mocks.

#![forbid(unsafe_code)]

#[cfg(feature = "app-config")]
mod app_config;
mod atomic;
mod catalog;
mod clock;
mod config;
mod entity;
mod http;
mod json;
mod kept;
mod mutation;
mod outcome;
mod portal;
#[cfg(test)]
mod properties;
pub mod quote;
mod retries;
mod running;
mod schedule;
mod small_file;
mod sync;
mod token;
mod validate;

#[cfg(feature = "app-config")]
pub use app_config::{AppConfig, AppConfigError, AppConfigText};
pub use catalog::{Catalog, CatalogError, FileCatalog, FolderCatalog, MemoryCatalog};
pub use clock::{Clock, SystemClock};
pub use config::{ClientAuth, Config, ConfigError, MissingVariable, ServerUrl, TokenEndpoint, UrlProblem};
pub use entity::{
    ApiSpec, DnsName, Entities, Entity, EntityKind, EntityRef, EntitySpec, GroupSpec, InvalidMapping, Lifecycle, Link,
    Mapping, Metadata, Names, OwnerMapping, OwnerProfile, OwnerRef, Profile, SystemSpec, UserSpec, entities_of,
};
pub use http::{ConnectionError, ConnectionFailure, EncodingProblem, Exchange, HttpClient, HttpError};
pub use mutation::{DeferredEntity, Mutation, RemovedEntity};
pub use outcome::{News, Notice, NoticeKind, Outcome};
pub use portal::{
    Api, Definition, Facts, Family, Limit, Listing, PortalClient, PortalError, Survey, Unread, UsagePlan, UsagePlans,
};
pub use quote::ShownUrl;
pub use retries::Retries;
pub use running::{Progress, Running, SyncFailure, SyncResult};
pub use schedule::Schedule;
pub use sync::{FailureKind, Provider, SyncError};
pub use token::{
    AccessToken, AssertionKey, ClientCredentials, Discovery, InvalidKey, InvalidToken, TokenError, TokenFuture,
    TokenSource,
};
pub use validate::{InvalidEntity, InvalidValue, validate_value};
