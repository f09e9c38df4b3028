//! A catalog in a folder, with a file for each entity.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document::{self, MARK};
use super::{Catalog, CatalogError};
use crate::atomic::{self, Readers};
use crate::entity::{Entity, EntityRef};
use crate::mutation::{DeferredEntity, Mutation};

/// A catalog in a folder: a `catalog-info` file for each entity, named `KIND.NAMESPACE.NAME.yaml`, such as
/// `api.default.petstore-v1.yaml`.
///
/// A file whose entity has not changed is not touched. Files that were not written by such a catalog stay, whatever the
/// mutation; where one is in the way of an entity, nothing at all is changed.
#[derive(Debug)]
pub struct FolderCatalog {
    path: PathBuf,
    /// The entities that were written here, so that one that is the same in memory need not be compared.
    written: HashMap<PathBuf, Arc<Entity>>,
}

impl FolderCatalog {
    /// The catalog in the folder at this path, which is made when it is not there yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), written: HashMap::new() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn file_of(&self, reference: &EntityRef) -> Result<PathBuf, CatalogError> {
        let is_plain = |part: &str| {
            let mut bytes = part.bytes();
            !part.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let parts = [reference.kind(), reference.namespace(), reference.name()];
        if !parts.into_iter().all(is_plain) {
            let problem = "its reference can't be a file's name".to_owned();
            return Err(CatalogError::Entity { entity: reference.clone(), problem });
        }
        Ok(self.path.join(format!("{}.yaml", parts.join("."))))
    }

    /// The files in the folder that were written by such a catalog.
    fn ours(&self) -> Result<Vec<PathBuf>, CatalogError> {
        let failed = |problem| CatalogError::Read { path: self.path.clone(), problem };
        let mut ours = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "yaml") && is_ours(&path)? == Some(true) {
                ours.push(path);
            }
        }
        Ok(ours)
    }

    fn write(&mut self, path: PathBuf, entity: &Arc<Entity>) -> Result<(), CatalogError> {
        if self.written.get(&path).is_some_and(|written| Arc::ptr_eq(written, entity)) && path.exists() {
            return Ok(());
        }
        let text = format!("{MARK}{}", document::yaml(entity)?);
        if fs::read(&path).is_ok_and(|is| is == text.as_bytes()) {
            self.written.insert(path, Arc::clone(entity));
            return Ok(());
        }
        match atomic::write(&path, Readers::All, |file| file.write_all(text.as_bytes())) {
            Ok(()) => drop(self.written.insert(path, Arc::clone(entity))),
            Err(problem) => return Err(CatalogError::Write { path, problem }),
        }
        Ok(())
    }

    fn remove(&mut self, path: PathBuf) -> Result<(), CatalogError> {
        self.written.remove(&path);
        match fs::remove_file(&path) {
            Err(problem) if problem.kind() != io::ErrorKind::NotFound => Err(CatalogError::Write { path, problem }),
            _ => Ok(()),
        }
    }
}

impl Catalog for FolderCatalog {
    fn apply(&mut self, mutation: &Mutation) -> Result<(), CatalogError> {
        fs::create_dir_all(&self.path).map_err(|problem| CatalogError::Write { path: self.path.clone(), problem })?;
        let (added, gone): (&[DeferredEntity], Vec<PathBuf>) = match mutation {
            Mutation::Full { entities } => (entities, self.ours()?),
            Mutation::Delta { added, removed } => {
                let files = removed.iter().map(|removed| self.file_of(&removed.entity_ref));
                let mut gone = Vec::new();
                for path in files.collect::<Result<Vec<_>, _>>()? {
                    if is_ours(&path)? == Some(true) {
                        gone.push(path);
                    }
                }
                (added, gone)
            }
        };
        let mut files = HashMap::with_capacity(added.len());
        for deferred in added {
            let path = self.file_of(&deferred.entity.reference())?;
            if is_ours(&path)? == Some(false) {
                return Err(CatalogError::NotOurs { path });
            }
            files.insert(path, &deferred.entity);
        }
        for path in gone {
            if !files.contains_key(&path) {
                self.remove(path)?;
            }
        }
        files.into_iter().try_for_each(|(path, entity)| self.write(path, entity))
    }
}

/// Whether the file at a path was written by such a catalog; none where there is no file.
fn is_ours(path: &Path) -> Result<Option<bool>, CatalogError> {
    let begins = || -> io::Result<bool> {
        if fs::metadata(path)?.is_dir() {
            return Ok(false);
        }
        let mut beginning = Vec::new();
        File::open(path)?.take(MARK.len() as u64).read_to_end(&mut beginning)?;
        Ok(beginning == MARK.as_bytes())
    };
    match begins() {
        Ok(is_ours) => Ok(Some(is_ours)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(problem) => Err(CatalogError::Read { path: path.to_owned(), problem }),
    }
}
