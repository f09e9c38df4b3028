//! The scenario file's own words. Everything with a default may be left out; unknown keys are errors.

mod identity;
mod portal;

pub use identity::{ClientFile, FaceFile, GroupFile, IdentityFile, IssuerFile, UserFile};
pub use portal::{
    AuthFile, FamilyFile, PortalFile, ProductFile, RateLimitFile, SpecFile, UsagePlanFile, VersionFile, Visibility,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::step::Step;

/// A scenario as its file says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ScenarioFile {
    /// What messages call it; by default the file's name without its ending, or the folder's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it is for, in a sentence; nothing by default.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Issuers, clients, users and groups; by default those of the bundled scenarios.
    #[serde(skip_serializing_if = "is_default")]
    pub identity: IdentityFile,
    /// Products, versions, specs and usage plans; by default a portal that shows nothing.
    #[serde(skip_serializing_if = "is_default")]
    pub portal: PortalFile,
    /// What happens once the world is up, in order, and what must hold then; nothing by default. Before the first, the
    /// subject has synced once, undisturbed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// Whether a value need not be written, since leaving it out says the same.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
