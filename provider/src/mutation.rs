//! What a provider hands to Backstage's catalog.

use serde::Serialize;

use crate::entity::Entity;

/// The location key of every entity of the plugin: entities with the same key replace each other.
const LOCATION_KEY: &str = "gloo-platform-portal-provider";

/// What an entity provider hands to Backstage's catalog (`EntityProviderMutation` of
/// `@backstage/plugin-catalog-node`); serialised, it is `{type, entities: [{entity, locationKey}]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Mutation {
    /// Replaces everything that this provider gave before.
    Full {
        /// All the entities there are: Group, User, System, then the APIs in the portal's order.
        entities: Vec<DeferredEntity>,
    },
}

impl Mutation {
    /// The mutation that makes these the provider's entities, under the plugin's location key.
    #[must_use]
    pub fn full(entities: Vec<Entity>) -> Self {
        let entities =
            entities.into_iter().map(|entity| DeferredEntity { entity, location_key: LOCATION_KEY.to_owned() });
        Self::Full { entities: entities.collect() }
    }

    /// The entities that the catalog holds afterwards because of this mutation.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = &Entity> {
        let Self::Full { entities } = self;
        entities.iter().map(|deferred| &deferred.entity)
    }
}

/// An entity and the key that says who may replace it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeferredEntity {
    /// The entity.
    pub entity: Entity,
    /// `gloo-platform-portal-provider`, as the plugin has it.
    pub location_key: String,
}
