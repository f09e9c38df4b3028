//! Backstage's catalog entities, as far as a portal needs them.

mod build;
mod definition;
mod enriched;
mod name;
mod names;
mod profile;
mod reference;
mod yaml;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

pub(crate) use build::Maker;
pub use build::{Entities, entities_of};
pub(crate) use definition::is_document;
pub use names::Names;
pub use profile::{DnsName, InvalidMapping, Lifecycle, Mapping, OwnerMapping, OwnerRef, Profile};
pub use reference::EntityRef;

/// The `apiVersion` of every entity here.
pub(crate) const API_VERSION: &str = "backstage.io/v1alpha1";

/// A catalog entity; serialised, it is `{apiVersion, kind, metadata, spec}` as in Backstage's
/// [descriptor format](https://backstage.io/docs/features/software-catalog/descriptor-format).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// What all kinds have.
    pub metadata: Metadata,
    /// What its kind has, which also says which kind it is.
    pub spec: EntitySpec,
}

impl Entity {
    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> EntityKind {
        match self.spec {
            EntitySpec::Group(_) => EntityKind::Group,
            EntitySpec::User(_) => EntityKind::User,
            EntitySpec::System(_) => EntityKind::System,
            EntitySpec::Api(_) => EntityKind::Api,
        }
    }

    /// What identifies it in the catalog.
    #[must_use]
    pub fn reference(&self) -> EntityRef {
        let namespace = self.metadata.namespace.as_deref().unwrap_or(EntityRef::DEFAULT_NAMESPACE);
        EntityRef::new(self.kind().as_str(), namespace, &self.metadata.name)
    }
}

impl Serialize for Entity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entity = serializer.serialize_struct("Entity", 4)?;
        entity.serialize_field("apiVersion", API_VERSION)?;
        entity.serialize_field("kind", self.kind().as_str())?;
        entity.serialize_field("metadata", &self.metadata)?;
        entity.serialize_field("spec", &self.spec)?;
        entity.end()
    }
}

/// The kinds of entities that a portal gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// Whom the service account belongs to.
    Group,
    /// The service account.
    User,
    /// What the APIs are part of.
    System,
    /// An API version.
    Api,
}

impl EntityKind {
    /// As Backstage writes it: `API`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Group => "Group",
            Self::User => "User",
            Self::System => "System",
            Self::Api => "API",
        }
    }
}

impl fmt::Display for EntityKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What entities of all kinds have; what is empty or `None` is left out when it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Metadata {
    /// The name, by which others refer to it.
    pub name: String,
    /// The namespace; left out, it is `default`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The name that people read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A description in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Labels, which identify.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations, which do not; among them where the entity comes from.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Links.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// A link on an entity's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Where it leads.
    pub url: String,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The key of its icon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
}

/// What an entity of each kind has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum EntitySpec {
    /// A group.
    Group(GroupSpec),
    /// A user.
    User(UserSpec),
    /// A system.
    System(SystemSpec),
    /// An API.
    Api(ApiSpec),
}

/// What a group has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupSpec {
    /// Which type of group it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// How people know it; the plugin has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<OwnerProfile>,
    /// The groups in it.
    pub children: Vec<String>,
    /// The users in it.
    pub members: Vec<String>,
}

/// What a user has. The first three are where the plugin puts them; Backstage has them under `profile`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserSpec {
    /// The name that people read.
    pub display_name: String,
    /// The mail address.
    pub email: String,
    /// The URL of a picture.
    pub picture: String,
    /// The groups that the user is in.
    pub member_of: Vec<String>,
    /// How people know it; the plugin has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<OwnerProfile>,
}

/// How people know a group or a user, where Backstage looks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnerProfile {
    /// The name that people read.
    pub display_name: String,
}

/// What a system has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SystemSpec {
    /// Whom it belongs to, as an entity reference.
    pub owner: String,
}

/// What an API has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApiSpec {
    /// `openapi`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `production`, or what the enriched profile makes of the portal's word.
    pub lifecycle: String,
    /// The system that it is part of, as an entity reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Whom it belongs to, as an entity reference.
    pub owner: String,
    /// The OpenAPI document as JSON text, in the portal's order and with its digits; where the portal has other text that
    /// cannot be read, that text.
    pub definition: Arc<str>,
}
