//! A catalog in one file.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::document::{self, MARK, SEPARATOR};
use super::{Catalog, CatalogError};
use crate::atomic::{self, Readers};
use crate::entity::{Entity, EntityRef};
use crate::mutation::{DeferredEntity, Mutation};

/// A catalog in one file: a `catalog-info.yaml` of several documents, or, where its name ends in `.json`, a JSON array.
///
/// The file is there whole or as it was before, and is written only when something has changed. Its entities are ordered
/// by their references, so that a change is small in a version control system.
#[derive(Debug)]
pub struct FileCatalog {
    path: PathBuf,
    form: Form,
    /// The documents that are in the file, once that is known.
    documents: Option<BTreeMap<EntityRef, String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Yaml,
    Json,
}

impl FileCatalog {
    /// The catalog in the file at this path, which need not be there yet; its folder must be.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        Self { path, form: if is_json { Form::Json } else { Form::Yaml }, documents: None }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is in the file now.
    fn read(&self) -> Result<BTreeMap<EntityRef, String>, CatalogError> {
        let failed = |problem| CatalogError::Read { path: self.path.clone(), problem };
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            // A file that is no text is no catalog.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Err(self.not_ours()),
            Err(error) => return Err(failed(error)),
        };
        let documents = match self.form {
            _ if text.is_empty() => Vec::new(),
            Form::Yaml if !text.starts_with(MARK) => return Err(self.not_ours()),
            Form::Yaml => document::yaml_documents(&text).map_err(failed)?,
            // JSON has no place for a mark: a list of entities is taken for one that was written here.
            Form::Json => document::json_documents(&text).map_err(|_| self.not_ours())?,
        };
        Ok(documents.into_iter().collect())
    }

    fn not_ours(&self) -> CatalogError {
        CatalogError::NotOurs { path: self.path.clone() }
    }

    fn document(&self, entity: &Entity) -> Result<String, CatalogError> {
        match self.form {
            Form::Yaml => document::yaml(entity),
            Form::Json => document::json(entity),
        }
    }

    fn write(&self, documents: &BTreeMap<EntityRef, String>) -> Result<(), CatalogError> {
        let written = atomic::write(&self.path, Readers::All, |file| match self.form {
            Form::Yaml => {
                file.write_all(MARK.as_bytes())?;
                documents.values().try_for_each(|document| {
                    file.write_all(SEPARATOR.as_bytes())?;
                    file.write_all(document.as_bytes())
                })
            }
            Form::Json => {
                let mut before = "[\n";
                for document in documents.values() {
                    file.write_all(before.as_bytes())?;
                    file.write_all(document.as_bytes())?;
                    before = ",\n";
                }
                file.write_all(if documents.is_empty() { b"[]\n" } else { b"\n]\n" })
            }
        });
        written.map_err(|problem| CatalogError::Write { path: self.path.clone(), problem })
    }
}

impl Catalog for FileCatalog {
    fn apply(&mut self, mutation: &Mutation) -> Result<(), CatalogError> {
        let before = match self.documents.take().filter(|_| self.path.exists()) {
            Some(documents) => documents,
            None => self.read()?,
        };
        let (mut after, added): (_, &[DeferredEntity]) = match mutation {
            Mutation::Full { entities } => (BTreeMap::new(), entities),
            Mutation::Delta { added, removed } => {
                let mut after = before.clone();
                for removed in removed {
                    after.remove(&removed.entity_ref);
                }
                (after, added)
            }
        };
        for deferred in added {
            after.insert(deferred.entity.reference(), self.document(&deferred.entity)?);
        }
        if after != before || !self.path.exists() {
            self.write(&after)?;
        }
        self.documents = Some(after);
        Ok(())
    }
}
