//! What a world contains and what happens in it: the model, the clock, the loaders and the bundled scenarios.
//!
//! A [`Scenario`] is a file that users write ([`mod@file`] has its words), a folder of OpenAPI documents, or one that is
//! [`bundled`]; [`Scenario::find`] tells which. It resolves to a [`World`] in which nothing is left out any more, and
//! from which the mocks are built. What is wrong with one is told by a [`LoadError`] that points into the user's file.
//!
//! The mocks share five plain values, all from here: a [`LiveWorld`], a [`Clock`], seeded [`Ids`], their [`Endpoints`],
//! and the [`Note`] that they leave in every response.
//!
//! This crate does no HTTP.

#![forbid(unsafe_code)]

#[cfg(any(test, feature = "proptest"))]
pub mod arbitrary;
pub mod bundled;
mod change;
mod clock;
mod endpoints;
pub mod hazards;
mod ids;
mod live;
mod load;
mod note;
pub mod read_only;
mod scenario;
mod secret;
mod spec;
mod step;
mod suites;
mod world;

pub use change::{ChangeError, ChangeProblem, Known};
pub use clock::Clock;
pub use endpoints::{Endpoints, OutsideIssuer};
pub use ids::{Ids, uuid_of};
pub use live::{Derived, Edition, LiveWorld};
pub use load::{LoadError, OpenApiDocument, read_text};
pub use note::{Note, Refusal};
pub use scenario::Scenario;
pub use secret::Secret;
pub use spec::Spec;
pub use step::{
    BodyText, CatalogWish, Change, ClockMove, Delay, DelaySpread, EncodingFault, EntityWish, ErrorWish, Expect, Fault,
    FaultKind, Growth, ItemFault, KeyChange, Lapse, NewVersion, OutOfRange, Padding, Probability, ProductEdit, Quota,
    RedirectFault, RequestWish, Restart, Server, Skew, SlowBody, StatusFault, Step, StepError, TlsFault, TokenChange,
    Truncation, VendorError, VersionEdit, When,
};
pub use suites::Suite;
pub use world::{
    Access, ApiId, Client, Cutoff, CutoffReason, Face, Family, Grant, Group, Identity, Issuer, IssuerKeys, Portal,
    Product, ProductId, RateLimit, RateUnit, Shape, SpecForm, Status, UsagePlan, User, Version, World,
};

pub mod file {
    //! The scenario file as users write it: everything that has a default may be left out.
    pub use crate::scenario::file::*;
}
