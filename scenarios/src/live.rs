//! The world as it is now, shared by both mocks, and what they derive from it once per change.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use crate::World;

/// The world as it is now; clones share it. A change is one new [`World`], never a half of one.
#[derive(Clone, Debug)]
pub struct LiveWorld(Arc<watch::Sender<Edition>>);

/// One state of the world, and the how-manieth it is.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Counts the changes, from 0.
    pub generation: u64,
    /// The world itself.
    pub world: Arc<World>,
    /// The world before its products last changed, where they have: what a portal that is behind still shows.
    pub before: Option<Arc<World>>,
}

impl Edition {
    fn next(&self, world: World) -> Self {
        let shows_the_same = world.portal.products == self.world.portal.products;
        let before = if shows_the_same { self.before.clone() } else { Some(Arc::clone(&self.world)) };
        Self { generation: self.generation + 1, world: Arc::new(world), before }
    }
}

impl LiveWorld {
    /// A world in its first generation.
    #[must_use]
    pub fn new(world: World) -> Self {
        Self(Arc::new(watch::Sender::new(Edition { generation: 0, world: Arc::new(world), before: None })))
    }

    /// The world as it is now.
    #[must_use]
    pub fn current(&self) -> Edition {
        self.0.borrow().clone()
    }

    /// The generation now: cheaper than [`current`](Self::current) where nothing else is needed.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.borrow().generation
    }

    /// Puts `world` in place of the one before and answers its generation.
    pub fn replace(&self, world: World) -> u64 {
        self.edit(|_| world)
    }

    /// Replaces the world by what `change` makes of it, with no other change between, and answers its generation.
    pub fn edit(&self, change: impl FnOnce(&World) -> World) -> u64 {
        let mut generation = 0;
        self.0.send_modify(|edition| {
            generation = edition.generation + 1;
            *edition = edition.next(change(&edition.world));
        });
        generation
    }

    /// Replaces the world by what `change` makes of it, with no other change between, and answers its generation.
    ///
    /// # Errors
    /// When `change` has one. The world stays as it was then, in the generation that it had.
    pub fn try_edit<E>(&self, change: impl FnOnce(&World) -> Result<World, E>) -> Result<u64, E> {
        let mut outcome = None;
        self.0.send_if_modified(|edition| {
            let changed = change(&edition.world);
            let is_changed = changed.is_ok();
            outcome = Some(changed.map(|world| {
                let generation = edition.generation + 1;
                *edition = edition.next(world);
                generation
            }));
            is_changed
        });
        outcome.expect("the closure was called")
    }

    /// Follows the changes.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Edition> {
        self.0.subscribe()
    }
}

/// What a mock makes of the world, made once per generation and shared by all requests until the next.
#[derive(Debug)]
pub struct Derived<T>(RwLock<Option<(u64, Arc<T>)>>);

impl<T> Derived<T> {
    /// Nothing made yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(RwLock::new(None))
    }

    /// What was made of the world as it is now, or is made of it here by `make`.
    pub fn get(&self, live: &LiveWorld, make: impl FnOnce(&World) -> T) -> Arc<T> {
        let generation = live.generation();
        if let Some((made, value)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && *made == generation
        {
            return Arc::clone(value);
        }
        let mut slot = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Edition { generation, world, .. } = live.current();
        if let Some((made, value)) = &*slot
            && *made == generation
        {
            return Arc::clone(value);
        }
        let value = Arc::new(make(&world));
        *slot = Some((generation, Arc::clone(&value)));
        value
    }
}

impl<T> Default for Derived<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_derived_is_made_once_per_generation() {
        let live = LiveWorld::new(World::default());
        let derived = Derived::new();
        let first = derived.get(&live, |_| 1);
        assert!(Arc::ptr_eq(&first, &derived.get(&live, |_| 2)));
        assert_eq!(live.replace(World::default()), 1);
        assert_eq!(*derived.get(&live, |_| 3), 3);
    }

    #[test]
    fn a_change_that_fails_leaves_the_world_and_its_generation_alone() {
        let live = LiveWorld::new(World::default());
        let changes = live.subscribe();
        assert_eq!(live.try_edit(|_| Err("no")), Err("no"));
        assert!(!changes.has_changed().unwrap());
        assert_eq!(live.try_edit(|world| Ok::<_, ()>(world.clone())), Ok(1));
        assert_eq!(live.generation(), 1);
    }

    #[test]
    fn the_world_before_its_products_last_changed_is_remembered() {
        let live = LiveWorld::new(World::default());
        let first = live.current();
        assert!(first.before.is_none());
        let scenario = crate::Scenario::find("quickstart").unwrap();
        live.replace(scenario.world().clone());
        live.edit(Clone::clone);
        assert!(Arc::ptr_eq(&live.current().before.unwrap(), &first.world));
    }

    #[test]
    fn a_change_is_seen_by_whoever_follows() {
        let live = LiveWorld::new(World::default());
        let mut changes = live.subscribe();
        live.edit(Clone::clone);
        assert!(changes.has_changed().unwrap());
        assert_eq!(changes.borrow_and_update().generation, 1);
    }
}
