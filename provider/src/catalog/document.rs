//! Entities as documents in files, and which entity a document is.

use std::io;

use serde::Deserialize;
use serde_saphyr::SerializerOptions;

use super::CatalogError;
use crate::entity::{Entity, EntityRef};

/// How every file begins that a catalog here writes as YAML. Without it a file is somebody else's.
pub(super) const MARK: &str = "# Written by understudy, which writes it anew: changes here are lost.\n";

/// What begins each document.
pub(super) const SEPARATOR: &str = "---\n";

/// The same with the end of what is before it.
const BETWEEN: &str = "\n---\n";

/// The entity as a YAML document, without a separator.
pub(super) fn yaml(entity: &Entity) -> Result<String, CatalogError> {
    // Long lines stay whole: folding would break a definition's text where it has spaces.
    let mut options = SerializerOptions::default();
    options.folded_wrap_chars = usize::MAX;
    let mut text = serde_saphyr::to_string_with_options(entity, options).map_err(|error| of(entity, &error))?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

/// The entity as JSON.
pub(super) fn json(entity: &Entity) -> Result<String, CatalogError> {
    serde_json::to_string(entity).map_err(|error| of(entity, &error))
}

/// The documents of a text that begins with [`MARK`], each with the entity that it is.
pub(super) fn yaml_documents(text: &str) -> io::Result<Vec<(EntityRef, String)>> {
    // No line of an entity is `---`: all but the keys of its four members are indented.
    let documents = text.split(BETWEEN).skip(1);
    let one = |document: &str| {
        let envelope: Envelope = serde_saphyr::from_str(document).map_err(|error| no_entity(&error))?;
        Ok((envelope.reference(), format!("{}\n", document.strip_suffix('\n').unwrap_or(document))))
    };
    documents.map(one).collect()
}

/// The items of a JSON array, each with the entity that it is.
pub(super) fn json_documents(text: &str) -> io::Result<Vec<(EntityRef, String)>> {
    let items: Vec<&serde_json::value::RawValue> = serde_json::from_str(text).map_err(|error| no_entity(&error))?;
    let one = |item: &serde_json::value::RawValue| {
        let envelope: Envelope = serde_json::from_str(item.get()).map_err(|error| no_entity(&error))?;
        Ok((envelope.reference(), item.get().to_owned()))
    };
    items.into_iter().map(one).collect()
}

fn of(entity: &Entity, error: &dyn std::error::Error) -> CatalogError {
    CatalogError::Entity { entity: entity.reference(), problem: error.to_string() }
}

fn no_entity(error: &dyn std::error::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("it holds something that is no entity: {error}"))
}

/// What tells which entity a document is.
#[derive(Deserialize)]
struct Envelope {
    kind: String,
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
    namespace: Option<String>,
}

impl Envelope {
    fn reference(&self) -> EntityRef {
        let namespace = self.metadata.namespace.as_deref().unwrap_or(EntityRef::DEFAULT_NAMESPACE);
        EntityRef::new(&self.kind, namespace, &self.metadata.name)
    }
}
