//! Which API entity stands for which version on the portal: learnt from the subject's first, undisturbed sync, so that a
//! provider with names of its own is judged by what it does.

mod relation;

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hasher;
use std::str::FromStr;

use serde_json::Value;
use understudy_scenarios::{ApiId, SpecForm, Version, World};

use super::catalog::{Catalog, definition};
use super::difference::{document, same_json};
use relation::{Relation, Texts};

/// By what entities are matched to the versions that the portal shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MatchBy {
    /// By what the first sync shows: the definitions first, then titles, names, annotations and labels.
    #[default]
    Learnt,
    /// By `metadata.title`, which is the API's id.
    Title,
    /// By this annotation, whose value is the API's id.
    Annotation(String),
    /// By `metadata.name`, which is this text with `{api}`, `{product}` and `{version}` filled in.
    Name(String),
}

/// A text that says nothing of how to match.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no way to match entities: `title`, `annotation:KEY`, or `name:TEMPLATE` with {{api}}, {{product}} or {{version}} in it"
)]
pub struct InvalidMatch(String);

impl FromStr for MatchBy {
    type Err = InvalidMatch;

    fn from_str(text: &str) -> Result<Self, InvalidMatch> {
        match text.split_once(':') {
            None if text == "title" => Ok(Self::Title),
            Some(("annotation", key)) if !key.is_empty() => Ok(Self::Annotation(key.to_owned())),
            Some(("name", template)) if ["{api}", "{product}"].iter().any(|part| template.contains(part)) => {
                Ok(Self::Name(template.to_owned()))
            }
            _ => Err(InvalidMatch(text.to_owned())),
        }
    }
}

/// What was learnt of how a subject names its entities.
#[derive(Clone, Debug)]
pub(super) struct Matching {
    relation: Option<Relation>,
    /// The entity that stood for an API when it was last seen.
    last_seen: BTreeMap<ApiId, String>,
    /// Every API that the portal has shown.
    known: BTreeMap<ApiId, Texts>,
}

/// Which entity stands for which API in one catalog.
#[derive(Clone, Debug, Default)]
pub(super) struct Assignment {
    entity_of: BTreeMap<ApiId, String>,
    api_of: BTreeMap<String, ApiId>,
}

impl Assignment {
    /// The reference of the API's entity.
    pub(super) fn entity_of(&self, api: &ApiId) -> Option<&str> {
        self.entity_of.get(api).map(String::as_str)
    }

    /// The API that an entity stands for.
    pub(super) fn api_of(&self, reference: &str) -> Option<&ApiId> {
        self.api_of.get(reference)
    }

    fn claim(&mut self, api: &ApiId, reference: &str) {
        self.entity_of.insert(api.clone(), reference.to_owned());
        self.api_of.insert(reference.to_owned(), api.clone());
    }
}

impl Matching {
    /// Learns from a catalog that a subject made of a world while nothing went wrong.
    ///
    /// # Errors
    /// When the portal shows APIs and no entity can be told to stand for one: the text says why.
    pub(super) fn learn(by: &MatchBy, world: &World, catalog: &Catalog) -> Result<Self, String> {
        let known = texts_of(world);
        let by_definition = by_definition(world, catalog, &BTreeSet::new());
        let relation = match by {
            MatchBy::Learnt => Relation::learn(&known, catalog, &by_definition),
            MatchBy::Title => Some(Relation::title()),
            MatchBy::Annotation(key) => Some(Relation::annotation(key)),
            MatchBy::Name(template) => Some(Relation::name(template)),
        };
        let mut matching = Self { relation, last_seen: BTreeMap::new(), known };
        if *by == MatchBy::Learnt {
            matching.last_seen = by_definition;
        }
        let assignment = matching.assign(world, catalog);
        if !matching.known.is_empty() && assignment.entity_of.is_empty() {
            return Err(unmatched(by, world, catalog));
        }
        Ok(matching)
    }

    /// How entities are told apart, in words.
    pub(super) fn words(&self) -> String {
        match &self.relation {
            Some(relation) => relation.to_string(),
            None if self.known.is_empty() => "there is no API yet".to_owned(),
            None => "only the definitions tell which API an entity is".to_owned(),
        }
    }

    /// Notes what the portal shows now, so that it is known after it has gone.
    pub(super) fn see(&mut self, world: &World) {
        self.known.extend(texts_of(world));
    }

    /// Tells which entity of `catalog` stands for which API: those that the portal shows now first, then those that it
    /// has shown.
    pub(super) fn assign(&mut self, world: &World, catalog: &Catalog) -> Assignment {
        self.see(world);
        let shown: BTreeSet<ApiId> = versions(world).map(|version| version.id.clone()).collect();
        let mut assignment = Assignment::default();
        let keys = self.relation.as_ref().map(|relation| relation.index(catalog)).unwrap_or_default();
        for is_shown in [true, false] {
            let mut left = Vec::new();
            for (api, texts) in self.known.iter().filter(|(api, _)| shown.contains(*api) == is_shown) {
                let key = self.relation.as_ref().map(|relation| relation.key(texts));
                let found = key.and_then(|key| keys.get(&key)).into_iter().flatten();
                match found.copied().find(|reference| assignment.api_of(reference).is_none()) {
                    Some(reference) => assignment.claim(api, reference),
                    None => left.push(api),
                }
            }
            // Where the relation fails: what stood for it last, unless that stands for another one now.
            for api in left {
                let last = self.last_seen.get(api).filter(|reference| catalog.get(reference).is_some());
                if let Some(reference) = last.filter(|reference| assignment.api_of(reference).is_none()) {
                    assignment.claim(api, &reference.clone());
                }
            }
            if is_shown && self.relation.is_none() {
                let claimed = assignment.api_of.keys().cloned().collect();
                for (api, reference) in by_definition(world, catalog, &claimed) {
                    if assignment.entity_of(&api).is_none() {
                        assignment.claim(&api, &reference);
                    }
                }
            }
        }
        self.last_seen.extend(assignment.entity_of.clone());
        assignment
    }
}

/// The versions that a portal shows.
pub(super) fn versions(world: &World) -> impl Iterator<Item = &Version> {
    world.portal.products.iter().flat_map(|product| &product.versions)
}

/// The document that the portal shows for a version; none where it shows none.
pub(super) fn document_of(version: &Version) -> Option<&str> {
    let has_one = version.spec_form != SpecForm::Missing && version.spec_fetch_error.is_none();
    has_one.then(|| version.spec.get())
}

fn texts_of(world: &World) -> BTreeMap<ApiId, Texts> {
    let products = world.portal.products.iter();
    products
        .flat_map(|product| {
            product.versions.iter().map(move |version| (version.id.clone(), Texts::of(product, version)))
        })
        .collect()
}

/// The pairs that the definitions alone tell: those with a document that one version and one entity have.
fn by_definition(world: &World, catalog: &Catalog, claimed: &BTreeSet<String>) -> BTreeMap<ApiId, String> {
    let mut entities: HashMap<u64, Vec<(&str, Value)>> = HashMap::new();
    for (reference, entity) in catalog.apis().filter(|(reference, _)| !claimed.contains(*reference)) {
        if let Some(document) = definition(entity).and_then(document) {
            entities.entry(fingerprint(&document)).or_default().push((reference, document));
        }
    }
    let mut wanting: HashMap<u64, Vec<(&ApiId, Value)>> = HashMap::new();
    for version in versions(world) {
        if let Some(document) = document_of(version).and_then(document) {
            wanting.entry(fingerprint(&document)).or_default().push((&version.id, document));
        }
    }
    let pairs = wanting.into_iter().filter_map(|(print, versions)| {
        let ([(api, wanted)], [(reference, held)]) = (&versions[..], &entities.get(&print)?[..]) else { return None };
        same_json(wanted, held).then(|| ((*api).clone(), (*reference).to_owned()))
    });
    pairs.collect()
}

/// A number that is the same for documents that say the same.
fn fingerprint(document: &Value) -> u64 {
    fn feed(value: &Value, hasher: &mut DefaultHasher) {
        match value {
            Value::Null => hasher.write_u8(0),
            Value::Bool(value) => hasher.write_u8(1 + u8::from(*value)),
            Value::Number(number) => hasher.write_u64(number.as_f64().unwrap_or_default().to_bits()),
            Value::String(text) => {
                hasher.write_u8(3);
                hasher.write(text.as_bytes());
            }
            Value::Array(items) => {
                hasher.write_u8(4);
                items.iter().for_each(|item| feed(item, hasher));
            }
            Value::Object(members) => {
                hasher.write_u8(5);
                let sorted: BTreeMap<&String, &Value> = members.iter().collect();
                for (key, value) in sorted {
                    hasher.write(key.as_bytes());
                    feed(value, hasher);
                }
            }
        }
    }
    let mut hasher = DefaultHasher::new();
    feed(document, &mut hasher);
    hasher.finish()
}

fn unmatched(by: &MatchBy, world: &World, catalog: &Catalog) -> String {
    let shown: Vec<&str> = versions(world).map(|version| version.id.as_str()).take(3).collect();
    let held: Vec<&str> = catalog.apis().map(|(reference, _)| reference).take(3).collect();
    if held.is_empty() {
        return format!(
            "after an undisturbed sync the catalog holds no API, while the portal shows {} ({})",
            versions(world).count(),
            shown.join(", ")
        );
    }
    let how = match by {
        MatchBy::Learnt => "by definition, title, name, annotation or label; say by what with --match",
        _ => "by what --match says",
    };
    format!(
        "no entity could be matched to an API of the portal {how}: the portal shows {}, the catalog holds {}",
        shown.join(", "),
        held.join(", ")
    )
}

#[cfg(test)]
mod tests;
