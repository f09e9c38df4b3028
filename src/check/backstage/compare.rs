//! A running catalog against what the portal shows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use understudy_provider::{Entity, Names, validate_value};

use super::checks::{AS_OBJECT, DEFINITIONS, DUPLICATES, EXTRA, MISSING, ONE_OF_TWO, RENAME, STALE, TAKEN, WAIT};
use super::held::{Held, is_of_one_source, location};
use super::{few, from};
use crate::check::examination::Examination;
use crate::play::{definition, document, of_definitions, same_document};

/// An API that the portal shows, and the entity that it should be.
struct Wanted {
    reference: String,
    entity: Value,
}

/// How the catalog stands to an API that the portal shows.
enum Standing<'h> {
    /// Its entity is there.
    There(&'h Value),
    /// An entity of that name is there, and comes from elsewhere.
    Taken(&'h Value),
    /// What the plugin makes of it breaks a rule.
    Refused(String),
    /// It is not there, and nothing tells why.
    Missing,
}

/// Compares APIs, one by one, where what the portal shows is known.
pub(super) fn with_portal(exam: &mut Examination, held: &Held) {
    let Some(entities) = &exam.facts.entities else { return };
    let wanted: Vec<Wanted> = entities.iter().filter_map(wanted).collect();
    let (mut refused, mut taken, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    let (mut other, mut quoted) = (Vec::new(), Vec::new());
    for api in &wanted {
        match standing(api, held) {
            Standing::There(entity) => match (definition(&api.entity), definition(entity)) {
                (Some(wanted), Some(held)) if same_document(wanted, held) => {}
                (_, Some(held)) if serde_json::from_str::<String>(held).is_ok() => quoted.push(api.reference.clone()),
                (wanted, held) => other.push(format!("{}: {}", api.reference, of_definitions(wanted, held))),
            },
            Standing::Taken(entity) => taken.push(format!("{} comes from {}", api.reference, from(entity))),
            Standing::Refused(rule) => refused.push(format!("`{}`: {rule}", super::cut(api.id()))),
            Standing::Missing => missing.push(api.reference.clone()),
        }
    }
    let references: BTreeSet<String> =
        wanted.iter().flat_map(|api| [Some(api.reference.clone()), api.plugins_reference().ok()]).flatten().collect();
    let extra: Vec<&str> =
        held.of_portal().map(|(reference, _)| reference).filter(|reference| !references.contains(*reference)).collect();
    let count = wanted.len();
    if !refused.is_empty() {
        exam.fail(&MISSING, format!("the catalog refuses what the plugin makes of {}", few(&refused)), RENAME);
    }
    if !taken.is_empty() {
        exam.fail(&MISSING, format!("the name is taken: {}", few(&taken)), TAKEN);
    }
    if !missing.is_empty() {
        exam.fail(&MISSING, format!("{} of {count} are missing: {}", missing.len(), few(&missing)), WAIT);
    }
    if refused.is_empty() && taken.is_empty() && missing.is_empty() {
        exam.pass(&MISSING, format!("all {count} are there"));
    }
    if extra.is_empty() {
        exam.pass(&EXTRA, "there is none");
    } else {
        exam.warn(&EXTRA, format!("the portal does not show {}", few(&extra)), STALE);
    }
    if !other.is_empty() {
        exam.fail(&DEFINITIONS, few(&other), STALE);
    }
    if !quoted.is_empty() {
        exam.fail(
            &DEFINITIONS,
            format!("a document in quotes, and not the document, is in {}", few(&quoted)),
            AS_OBJECT,
        );
    }
    if other.is_empty() && quoted.is_empty() {
        exam.pass(&DEFINITIONS, "those that are there are the portal's");
    }
}

fn wanted(entity: &Entity) -> Option<Wanted> {
    let reference = entity.reference();
    (reference.kind() == "api")
        .then(|| Some(Wanted { reference: reference.to_string(), entity: serde_json::to_value(entity).ok()? }))?
}

impl Wanted {
    /// The API's id, which the plugin gives its entity for a title.
    fn id(&self) -> &str {
        self.entity["metadata"]["title"].as_str().unwrap_or_default()
    }

    /// The reference of what the plugin makes of it, or the rule that that breaks.
    fn plugins_reference(&self) -> Result<String, String> {
        let mut entity = self.entity.clone();
        entity["metadata"]["name"] = Names::plugins(self.id()).into();
        validate_value(&entity).map(|reference| reference.to_string()).map_err(|rule| rule.to_string())
    }
}

fn standing<'h>(api: &Wanted, held: &'h Held) -> Standing<'h> {
    if let Some(entity) = held.get(&api.reference) {
        let is_ours = match (location(entity), held.source()) {
            (Some(location), Some(source)) => is_of_one_source(location, source),
            _ => true,
        };
        return if is_ours { Standing::There(entity) } else { Standing::Taken(entity) };
    }
    match api.plugins_reference() {
        Err(rule) => Standing::Refused(rule),
        Ok(reference) => held.get(&reference).map_or(Standing::Missing, Standing::There),
    }
}

/// Looks for API entities with one document, of which one at least is the portal's.
pub(super) fn duplicates(exam: &mut Examination, held: &Held) {
    let of_portal: BTreeSet<&str> = held.of_portal().map(|(reference, _)| reference).collect();
    let mut by_document: BTreeMap<String, Vec<(&str, &Value)>> = BTreeMap::new();
    for (reference, entity) in held.apis() {
        // Documents with nothing in them say nothing of whose they are.
        let document =
            definition(entity).and_then(document).filter(|document| document.get("paths").is_some_and(has_members));
        if let Some(document) = document {
            by_document.entry(document.to_string()).or_default().push((reference, entity));
        }
    }
    let is_twice = |entities: &&Vec<(&str, &Value)>| {
        let sources: BTreeSet<&str> = entities.iter().map(|(_, entity)| from(entity)).collect();
        sources.len() > 1 && entities.iter().any(|(reference, _)| of_portal.contains(reference))
    };
    let twice: Vec<String> = by_document
        .values()
        .filter(is_twice)
        .map(|entities| {
            let each: Vec<String> =
                entities.iter().map(|(reference, entity)| format!("{reference} from {}", from(entity))).collect();
            each.join(" and ")
        })
        .collect();
    if twice.is_empty() {
        exam.pass(&DUPLICATES, "no two entities from two places have one document");
    } else {
        exam.warn(&DUPLICATES, format!("one document is there twice: {}", few(&twice)), ONE_OF_TWO);
    }
}

fn has_members(value: &Value) -> bool {
    value.as_object().is_some_and(|members| !members.is_empty())
}
