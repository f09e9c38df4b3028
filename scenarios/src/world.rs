//! The world: an identity provider's and a portal's content, with every default filled in.
//!
//! It is plain data. What a user leaves out of a scenario file is settled when the file
//! [resolves](crate::Scenario::world), so that the mocks never ask twice.

mod identity;
mod portal;

pub use identity::{Client, Face, Grant, Group, Identity, Issuer, IssuerKeys, User};
pub use portal::{
    Access, ApiId, Cutoff, CutoffReason, Family, Portal, Product, ProductId, RateLimit, RateUnit, Shape, SpecForm,
    Status, UsagePlan, Version,
};

/// What the two mocks stand for: who there is, and what the portal shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct World {
    /// Issuers, clients, users and groups.
    pub identity: Identity,
    /// Products, versions, specs and usage plans.
    pub portal: Portal,
}
