//! What Backstage's catalog would hold of what a subject hands over.
//!
//! The rules are those of `plugins/catalog-backend` of [backstage/backstage](https://github.com/backstage/backstage): a
//! mutation with an entity that has no envelope is refused as a whole
//! (`src/processing/connectEntityProviders.ts`); an entity that breaks another rule fails when it is processed, so that
//! it never shows, or stays as it last was; of two with one reference the last is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_lc_rs::digest;
use serde_json::{Map, Value};
use understudy_provider::{EntityRef, InvalidValue, validate_value};

use super::report::CatalogLine;

/// The entities of one provider in Backstage's catalog, by reference. Clones are cheap and stay as they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog(Arc<BTreeMap<String, Arc<Value>>>);

/// What the catalog said of an entity that was handed to it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Remark {
    /// It breaks a rule.
    #[error("Backstage refuses {reference}{}: {problem}", if *kept { ", which stays as it was" } else { "" })]
    Refused {
        /// The entity.
        reference: String,
        /// Whether the one that was there before is still there.
        kept: bool,
        /// The rule that it breaks.
        problem: InvalidValue,
    },
    /// It came twice in one mutation.
    #[error("two entities are {reference}: only the last of them is kept")]
    Twice {
        /// The reference of both.
        reference: String,
    },
    /// The whole mutation was refused.
    #[error(transparent)]
    Mutation(#[from] InvalidMutation),
    /// It was to be removed and was not there.
    #[error("{reference} was to be removed, and was not there")]
    NotThere {
        /// The entity.
        reference: String,
    },
}

/// Why a mutation changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidMutation {
    /// It is no mutation.
    #[error("it is no mutation: {0}")]
    Form(String),
    /// One of its entities has no envelope.
    #[error("Backstage refuses the whole mutation, since its entity {at} is none: {problem}")]
    Envelope {
        /// Which one, from 1.
        at: usize,
        /// What is wrong with it.
        problem: InvalidValue,
    },
}

impl Catalog {
    /// Applies a mutation as a provider hands it to its connection (`EntityProviderMutation` of
    /// `@backstage/plugin-catalog-node`), and tells what was remarkable.
    ///
    /// # Errors
    /// When Backstage would refuse it as a whole. The catalog has not changed then.
    pub fn apply(&mut self, mutation: Value) -> Result<Vec<Remark>, InvalidMutation> {
        let Value::Object(mut mutation) = mutation else {
            return Err(InvalidMutation::Form("it is not a JSON object".to_owned()));
        };
        match mutation.get("type").and_then(Value::as_str) {
            Some("full") => {
                let offered = entities(&mut mutation, "entities")?;
                let (before, mut remarks) = (std::mem::take(self), Vec::new());
                let mut after = BTreeMap::new();
                let mut seen = BTreeSet::new();
                for (reference, entity) in offered {
                    if !seen.insert(reference.clone()) {
                        remarks.push(Remark::Twice { reference: reference.clone() });
                    }
                    offer(&mut after, before.0.get(&reference), reference, entity, &mut remarks);
                }
                self.0 = Arc::new(after);
                Ok(remarks)
            }
            Some("delta") => {
                let added = entities(&mut mutation, "added")?;
                let removed = references(&mutation)?;
                let (mut after, mut remarks) = (BTreeMap::clone(&self.0), Vec::new());
                // `db/operations/provider/replaceUnprocessedEntities`: what is removed goes first.
                for reference in removed {
                    if after.remove(&reference).is_none() {
                        remarks.push(Remark::NotThere { reference });
                    }
                }
                let mut seen = BTreeSet::new();
                for (reference, entity) in added {
                    if !seen.insert(reference.clone()) {
                        remarks.push(Remark::Twice { reference: reference.clone() });
                    }
                    let before = after.get(&reference).cloned();
                    offer(&mut after, before.as_ref(), reference, entity, &mut remarks);
                }
                self.0 = Arc::new(after);
                Ok(remarks)
            }
            Some(other) => {
                Err(InvalidMutation::Form(format!("its `type` is `{other}`, but must be `full` or `delta`")))
            }
            None => Err(InvalidMutation::Form("its `type` must be `full` or `delta`".to_owned())),
        }
    }

    /// The entities, each with its reference such as `api:default/petstore-v1`, in the order of these.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(reference, entity)| (reference.as_str(), &**entity))
    }

    /// The API entities, in the order of their references.
    pub fn apis(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entities().filter(|(reference, _)| is_api(reference))
    }

    /// The entity with this reference in lower case.
    #[must_use]
    pub fn get(&self, reference: &str) -> Option<&Value> {
        self.0.get(reference).map(|entity| &**entity)
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entities as a report shows them.
    #[must_use]
    pub fn lines(&self) -> Vec<CatalogLine> {
        self.entities().map(|(reference, entity)| line(reference, entity)).collect()
    }
}

/// Whether a reference is an API's.
pub(super) fn is_api(reference: &str) -> bool {
    reference.starts_with("api:")
}

/// The definition of an API entity.
pub(crate) fn definition(entity: &Value) -> Option<&str> {
    entity.pointer("/spec/definition").and_then(Value::as_str)
}

/// A text's first 16 hexadecimal digits of SHA-256.
pub(super) fn fingerprint(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    digest.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The entity without its definition.
pub(super) fn without_definition(entity: &Value) -> Value {
    let Value::Object(members) = entity else { return entity.clone() };
    let keep = |(key, value): (&String, &Value)| {
        let value = match value {
            Value::Object(spec) if key == "spec" => {
                let rest = spec.iter().filter(|(key, _)| *key != "definition");
                Value::Object(rest.map(|(key, value)| (key.clone(), value.clone())).collect())
            }
            value => value.clone(),
        };
        (key.clone(), value)
    };
    Value::Object(members.iter().map(keep).collect())
}

fn line(reference: &str, entity: &Value) -> CatalogLine {
    CatalogLine {
        reference: reference.to_owned(),
        title: entity.pointer("/metadata/title").and_then(Value::as_str).map(str::to_owned),
        entity: without_definition(entity),
        definition: definition(entity).map(|text| (fingerprint(text), text.len())),
    }
}

/// Takes an entity that was handed over, or what was there before in place of one that fails.
fn offer(
    after: &mut BTreeMap<String, Arc<Value>>,
    before: Option<&Arc<Value>>,
    reference: String,
    entity: Value,
    remarks: &mut Vec<Remark>,
) {
    match validate_value(&entity) {
        Ok(_) => drop(after.insert(reference, Arc::new(entity))),
        Err(problem) => {
            remarks.push(Remark::Refused { reference: reference.clone(), kept: before.is_some(), problem });
            match before {
                Some(before) => drop(after.insert(reference, Arc::clone(before))),
                None => drop(after.remove(&reference)),
            }
        }
    }
}

/// The entities that a member of a mutation holds, each as `{"entity": …}`.
fn entities(mutation: &mut Map<String, Value>, member: &str) -> Result<Vec<(String, Value)>, InvalidMutation> {
    let items = match mutation.remove(member) {
        Some(Value::Array(items)) => items,
        Some(_) => return Err(InvalidMutation::Form(format!("its `{member}` is no list"))),
        None => return Err(InvalidMutation::Form(format!("it has no list of `{member}`"))),
    };
    let one = |(at, mut item): (usize, Value)| {
        let entity = item
            .get_mut("entity")
            .map(Value::take)
            .ok_or_else(|| InvalidMutation::Form(format!("item {} of its `{member}` has no `entity`", at + 1)))?;
        let reference =
            EntityRef::of_value(&entity).map_err(|problem| InvalidMutation::Envelope { at: at + 1, problem })?;
        Ok((reference.to_string(), entity))
    };
    items.into_iter().enumerate().map(one).collect()
}

/// What a delta removes: each as `{"entityRef": …}` or `{"entity": …}`.
fn references(mutation: &Map<String, Value>) -> Result<Vec<String>, InvalidMutation> {
    let Some(items) = mutation.get("removed").and_then(Value::as_array) else {
        return Err(InvalidMutation::Form("it has no list of `removed`".to_owned()));
    };
    let one = |(at, item): (usize, &Value)| {
        if let Some(reference) = item.get("entityRef").and_then(Value::as_str) {
            return Ok(reference.to_lowercase());
        }
        let entity = item.get("entity").ok_or_else(|| {
            InvalidMutation::Form(format!("item {} of its `removed` has neither `entityRef` nor `entity`", at + 1))
        })?;
        let reference = EntityRef::of_value(entity);
        reference.map(|found| found.to_string()).map_err(|problem| InvalidMutation::Envelope { at: at + 1, problem })
    };
    items.iter().enumerate().map(one).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use insta::assert_snapshot;
    use serde_json::json;

    use super::*;

    /// An API entity that Backstage takes.
    pub(in crate::play) fn api(name: &str, definition: &str) -> Value {
        json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "API",
            "metadata": {
                "name": name,
                "title": name,
                "annotations": {
                    "backstage.io/managed-by-location": "url:http://x",
                    "backstage.io/managed-by-origin-location": "url:http://x",
                },
            },
            "spec": { "type": "openapi", "lifecycle": "production", "owner": "user:me", "definition": definition },
        })
    }

    pub(in crate::play) fn full(entities: Vec<Value>) -> Value {
        let items: Vec<Value> = entities.into_iter().map(|entity| json!({ "entity": entity })).collect();
        json!({ "type": "full", "entities": items })
    }

    pub(in crate::play) fn catalog(entities: Vec<Value>) -> Catalog {
        let mut catalog = Catalog::default();
        catalog.apply(full(entities)).unwrap();
        catalog
    }

    fn references(catalog: &Catalog) -> Vec<&str> {
        catalog.entities().map(|(reference, _)| reference).collect()
    }

    #[test]
    fn a_full_mutation_replaces_all() {
        let mut catalog = catalog(vec![api("a", "{}"), api("b", "{}")]);
        let snapshot = catalog.clone();
        assert_eq!(catalog.apply(full(vec![api("c", "{}")])), Ok(vec![]));
        assert_eq!(references(&catalog), ["api:default/c"]);
        assert_eq!(references(&snapshot), ["api:default/a", "api:default/b"]);
    }

    #[test]
    fn a_delta_adds_and_removes_by_reference_or_by_entity() {
        let mut catalog = catalog(vec![api("a", "{}"), api("b", "{}"), api("d", "{}")]);
        let removed =
            json!([{ "entityRef": "API:default/A" }, { "entity": api("b", "{}") }, { "entityRef": "api:default/z" }]);
        let delta = json!({ "type": "delta", "added": [{ "entity": api("c", "{}") }], "removed": removed });
        let remarks = catalog.apply(delta).unwrap();
        assert_eq!(references(&catalog), ["api:default/c", "api:default/d"]);
        assert_snapshot!(remarks[0], @"api:default/z was to be removed, and was not there");
    }

    #[test]
    fn an_entity_that_breaks_a_rule_never_shows_or_stays_as_it_was() {
        let mut catalog = catalog(vec![api("a", "{}")]);
        let remarks = catalog.apply(full(vec![api("a", ""), api("b-", "{}")])).unwrap();
        assert_eq!(references(&catalog), ["api:default/a"]);
        assert_eq!(definition(catalog.get("api:default/a").unwrap()), Some("{}"));
        assert_snapshot!(remarks[0], @"Backstage refuses api:default/a, which stays as it was: spec.definition is empty, but must be a string that is not empty");
        assert_snapshot!(remarks[1], @"Backstage refuses api:default/b-: metadata.name is `b-`, but must be 1 to 63 characters, sequences of [A-Za-z0-9] separated by any of [-_.]");
    }

    #[test]
    fn of_two_with_one_reference_the_last_is_kept() {
        let mut catalog = Catalog::default();
        let remarks = catalog.apply(full(vec![api("a", "1"), api("A", "2")])).unwrap();
        assert_eq!(definition(catalog.get("api:default/a").unwrap()), Some("2"));
        assert_snapshot!(remarks[0], @"two entities are api:default/a: only the last of them is kept");
    }

    #[test]
    fn a_mutation_with_something_that_is_no_entity_changes_nothing() {
        let mut catalog = catalog(vec![api("a", "{}")]);
        let nameless = api("", "{}");
        assert_snapshot!(catalog.apply(full(vec![api("b", "{}"), nameless])).unwrap_err(), @"Backstage refuses the whole mutation, since its entity 2 is none: metadata.name is empty, but must be a string that is not empty");
        assert_snapshot!(catalog.apply(json!([])).unwrap_err(), @"it is no mutation: it is not a JSON object");
        assert_snapshot!(catalog.apply(json!({ "type": "part" })).unwrap_err(), @"it is no mutation: its `type` is `part`, but must be `full` or `delta`");
        assert_snapshot!(catalog.apply(json!({ "type": "full" })).unwrap_err(), @"it is no mutation: it has no list of `entities`");
        assert_eq!(references(&catalog), ["api:default/a"]);
    }
}
