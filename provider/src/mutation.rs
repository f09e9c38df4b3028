//! What a provider hands to Backstage's catalog.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;

use crate::entity::{Entity, EntityRef};

/// The location key of every entity of the plugin: entities with the same key replace each other.
const LOCATION_KEY: &str = "gloo-platform-portal-provider";

/// What an entity provider hands to Backstage's catalog (`EntityProviderMutation` of
/// `@backstage/plugin-catalog-node`); serialised, it is `{type, entities: [{entity, locationKey}]}` or
/// `{type, added: [{entity, locationKey}], removed: [{entityRef, locationKey}]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Mutation {
    /// Replaces everything that this provider gave before.
    Full {
        /// All the entities there are: Group, User, System, then the APIs in the portal's order.
        entities: Vec<DeferredEntity>,
    },
    /// Changes what this provider gave before, and leaves the rest of it alone.
    Delta {
        /// The entities that are new or have changed.
        added: Vec<DeferredEntity>,
        /// The entities that are to go.
        removed: Vec<RemovedEntity>,
    },
}

impl Mutation {
    /// The mutation that makes these the provider's entities, under the plugin's location key.
    #[must_use]
    pub fn full(entities: Vec<Entity>) -> Self {
        Self::Full { entities: entities.into_iter().map(DeferredEntity::from).collect() }
    }

    pub(crate) fn delta(added: Vec<DeferredEntity>, removed: impl IntoIterator<Item = EntityRef>) -> Self {
        Self::Delta { added, removed: removed.into_iter().map(RemovedEntity::from).collect() }
    }

    /// The entities that this mutation hands over: with a full one, all that the catalog holds afterwards because of it.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = &Entity> {
        let (Self::Full { entities } | Self::Delta { added: entities, .. }) = self;
        entities.iter().map(|deferred| &*deferred.entity)
    }
}

/// An entity and the key that says who may replace it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeferredEntity {
    /// The entity; one that has not changed since the last sync is the same in memory.
    pub entity: Arc<Entity>,
    /// `gloo-platform-portal-provider`, as the plugin has it.
    pub location_key: Cow<'static, str>,
}

impl DeferredEntity {
    pub(crate) fn new(entity: Arc<Entity>) -> Self {
        Self { entity, location_key: Cow::Borrowed(LOCATION_KEY) }
    }
}

/// Under the plugin's location key.
impl From<Entity> for DeferredEntity {
    fn from(entity: Entity) -> Self {
        Self::new(Arc::new(entity))
    }
}

/// An entity that is to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RemovedEntity {
    /// Which one.
    pub entity_ref: EntityRef,
    /// `gloo-platform-portal-provider`: one with another key stays.
    pub location_key: Cow<'static, str>,
}

/// Under the plugin's location key.
impl From<EntityRef> for RemovedEntity {
    fn from(entity_ref: EntityRef) -> Self {
        Self { entity_ref, location_key: Cow::Borrowed(LOCATION_KEY) }
    }
}
