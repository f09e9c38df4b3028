//! A catalog in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Catalog, CatalogError};
use crate::entity::{Entity, EntityRef};
use crate::mutation::{DeferredEntity, Mutation};

/// A catalog in memory, ordered by references. A clone is cheap, since entities are shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryCatalog(BTreeMap<EntityRef, DeferredEntity>);

impl MemoryCatalog {
    /// An empty catalog.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The entity with this reference.
    #[must_use]
    pub fn get(&self, reference: &EntityRef) -> Option<&Arc<Entity>> {
        self.0.get(reference).map(|deferred| &deferred.entity)
    }

    /// All entities with their references, by which they are ordered.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = (&EntityRef, &Arc<Entity>)> {
        self.0.iter().map(|(reference, deferred)| (reference, &deferred.entity))
    }

    fn add(&mut self, added: &[DeferredEntity]) {
        self.0.extend(added.iter().map(|deferred| (deferred.entity.reference(), deferred.clone())));
    }
}

impl Catalog for MemoryCatalog {
    fn apply(&mut self, mutation: &Mutation) -> Result<(), CatalogError> {
        match mutation {
            Mutation::Full { entities } => {
                self.0.clear();
                self.add(entities);
            }
            Mutation::Delta { added, removed } => {
                for gone in removed {
                    // What is another's is not removed.
                    if self.0.get(&gone.entity_ref).is_some_and(|held| held.location_key == gone.location_key) {
                        self.0.remove(&gone.entity_ref);
                    }
                }
                self.add(added);
            }
        }
        Ok(())
    }
}
