//! The entities of what is known, kept so that they are made only when something has changed.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::known::{Known, KnownApi};
use crate::config::ServerUrl;
use crate::entity::{Entity, EntityRef, Maker, Names, Profile};
use crate::mutation::{DeferredEntity, Mutation};
use crate::outcome::Notice;
use crate::portal::Api;

/// The entities of what is known.
#[derive(Clone)]
pub(super) struct Built {
    of: Known,
    maker: Maker,
    owners: Vec<Arc<Entity>>,
    /// What there was to tell when the owners were made.
    notices: Vec<Notice>,
    apis: Vec<Made>,
}

/// The entity of an API, and what there was to tell when it was made.
#[derive(Clone)]
struct Made {
    of: Arc<Api>,
    entity: Arc<Entity>,
    notices: Arc<[Notice]>,
}

impl Built {
    /// The entities of `known`; those that are as they were before are the very same ones.
    pub(super) fn new(known: &Known, server: &ServerUrl, profile: &Profile, before: Option<&Self>) -> Self {
        if let Some(before) = before.filter(|before| before.of.is_same(known)) {
            return before.clone();
        }
        let listed = || known.apis.iter().map(|known| &*known.api);
        let maker = Maker::new(server, known.family, profile, &known.plans, listed());
        let earlier: HashMap<&str, &Made> =
            before.into_iter().flat_map(|before| &before.apis).map(|made| (made.of.id.as_str(), made)).collect();
        let is_maker_the_same = before.is_some_and(|before| before.maker == maker);
        let names = Names::assign(listed().map(|api| api.id.as_str()));
        let apis = known.apis.iter().map(|KnownApi { api, .. }| {
            let (name, earlier) = (names.of(&api.id), earlier.get(api.id.as_str()).copied());
            let is_same =
                |made: &&Made| is_maker_the_same && Arc::ptr_eq(&made.of, api) && made.entity.metadata.name == name;
            if let Some(same) = earlier.filter(is_same) {
                return same.clone();
            }
            let (entity, notices) = maker.api(api, &name);
            let same = earlier.filter(|made| *made.entity == entity).map(|made| Arc::clone(&made.entity));
            Made { of: Arc::clone(api), entity: same.unwrap_or_else(|| Arc::new(entity)), notices: notices.into() }
        });
        let apis = apis.collect();
        let (owners, notices) = maker.owners(listed());
        let earlier = before.into_iter().flat_map(|before| &before.owners);
        let earlier: HashMap<EntityRef, &Arc<Entity>> = earlier.map(|owner| (owner.reference(), owner)).collect();
        let owners = owners.into_iter().map(|entity| {
            let same = earlier.get(&entity.reference()).copied().filter(|same| ***same == entity);
            same.map_or_else(|| Arc::new(entity), Arc::clone)
        });
        Self { of: known.clone(), owners: owners.collect(), apis, notices, maker }
    }

    /// Adds what there was to tell when the entities were made. One word about an API is enough: what could not be read of
    /// it comes before what is wrong with what was.
    pub(super) fn tell(&self, notices: &mut Vec<Notice>) {
        let told: HashSet<&str> = notices.iter().filter_map(|notice| notice.about.as_deref()).collect();
        let untold = |notice: &&Notice| notice.about.as_deref().is_none_or(|about| !told.contains(about));
        let untold: Vec<Notice> = self
            .notices
            .iter()
            .chain(self.apis.iter().flat_map(|made| made.notices.iter()))
            .filter(untold)
            .cloned()
            .collect();
        notices.extend(untold);
    }

    /// The mutation that makes these all that there is. While there is a product of which nothing was ever read, it removes
    /// only what was there `before`: a catalog may hold that product's APIs from before this provider was started.
    pub(super) fn mutation(&self, known: &Known, before: Option<&Self>) -> Mutation {
        let entities: Vec<DeferredEntity> = self.entities().cloned().map(DeferredEntity::new).collect();
        if known.unread.is_empty() {
            return Mutation::Full { entities };
        }
        let are: HashSet<EntityRef> = entities.iter().map(|deferred| deferred.entity.reference()).collect();
        let were = before.into_iter().flat_map(Self::entities).map(|entity| entity.reference());
        Mutation::delta(entities, were.filter(|reference| !are.contains(reference)))
    }

    /// The mutation that makes these of the earlier ones; none where nothing is to be done.
    pub(super) fn since(&self, before: Option<&Self>) -> Option<Mutation> {
        let mut earlier: HashMap<EntityRef, &Arc<Entity>> =
            before.into_iter().flat_map(Self::entities).map(|entity| (entity.reference(), entity)).collect();
        let is_new =
            |entity: &&Arc<Entity>| earlier.remove(&entity.reference()).is_none_or(|same| !Arc::ptr_eq(same, entity));
        let added: Vec<DeferredEntity> = self.entities().filter(is_new).cloned().map(DeferredEntity::new).collect();
        let gone: BTreeSet<EntityRef> = earlier.into_keys().collect();
        (!added.is_empty() || !gone.is_empty()).then(|| Mutation::delta(added, gone))
    }

    fn entities(&self) -> impl Iterator<Item = &Arc<Entity>> {
        self.owners.iter().chain(self.apis.iter().map(|made| &made.entity))
    }
}
