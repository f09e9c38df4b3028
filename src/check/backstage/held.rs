//! What a running catalog holds, entity by entity, and from where.

use std::collections::BTreeMap;

use serde_json::Value;
use understudy_provider::EntityRef;

use crate::backstage::LOCATION;

/// The entities of a catalog by their references in lower case.
pub(super) struct Held(BTreeMap<String, Value>);

/// Owner, its group, and the system of all of a portal's APIs, as the plugin names them.
pub(super) const OWNERS: [&str; 3] = [
    "group:default/solo-io-service-accounts",
    "user:default/gloo-platform-portal-service-account",
    "system:default/gloo-platform-portal-apis",
];

impl Held {
    /// What has no reference, and so can't be told apart, is left out.
    pub(super) fn of(entities: Vec<Value>) -> Self {
        let with_reference = entities.into_iter().filter_map(|entity| {
            let reference = EntityRef::of_value(&entity).ok()?.to_string();
            Some((reference, entity))
        });
        Self(with_reference.collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(&self, reference: &str) -> Option<&Value> {
        self.0.get(reference)
    }

    /// All API entities.
    pub(super) fn apis(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(reference, entity)| (reference.as_str(), entity)).filter(|(it, _)| it.starts_with("api:"))
    }

    /// Those of the owner entities that are there, and those that are not.
    pub(super) fn owners(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        OWNERS.into_iter().partition(|reference| self.0.contains_key(*reference))
    }

    /// Where the portal's own entities come from, by the first of them that is there.
    pub(super) fn source(&self) -> Option<&str> {
        OWNERS.iter().find_map(|reference| location(self.0.get(*reference)?))
    }

    /// The API entities of the portal: those of its system, or of its owner.
    pub(super) fn of_portal(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.apis().filter(|(_, entity)| {
            let spec = |member: &str| entity["spec"][member].as_str().unwrap_or_default();
            name_of(spec("system")) == "gloo-platform-portal-apis"
                || name_of(spec("owner")) == "gloo-platform-portal-service-account"
        })
    }

    /// The portal's entities that are orphans: whoever gave them gives them no more.
    pub(super) fn orphans(&self) -> Vec<&str> {
        let is_orphan = |entity: &Value| entity["metadata"]["annotations"]["backstage.io/orphan"] == "true";
        self.of_portal().filter(|(_, entity)| is_orphan(entity)).map(|(reference, _)| reference).collect()
    }

    /// What the catalog says is wrong with the portal's entities, each with its reference.
    pub(super) fn errors(&self) -> Vec<(&str, &str)> {
        let owners = OWNERS.iter().filter_map(|reference| Some((*reference, self.0.get(*reference)?)));
        let errors = owners.chain(self.of_portal()).filter_map(|(reference, entity)| {
            let items = entity["status"]["items"].as_array()?;
            let item = items.iter().find(|item| item["level"] == "error")?;
            Some((reference, item["message"].as_str().or(item["error"]["message"].as_str()).unwrap_or("an error")))
        });
        errors.collect()
    }
}

/// Where an entity comes from: its `managed-by-location`.
pub(super) fn location(entity: &Value) -> Option<&str> {
    entity["metadata"]["annotations"][LOCATION].as_str()
}

/// Whether two locations are of one server: the plugin's entities differ in the path, those of one file do not.
pub(super) fn is_of_one_source(one: &str, other: &str) -> bool {
    let origin = |location: &str| {
        let target = location.split_once(':').map_or(location, |(_, target)| target);
        url::Url::parse(target).map(|url| url.origin().ascii_serialization()).unwrap_or_else(|_| target.to_owned())
    };
    one == other || origin(one) == origin(other)
}

/// The name in a reference, which may be no more than that.
fn name_of(reference: &str) -> &str {
    reference.rsplit(['/', ':']).next().unwrap_or(reference)
}
