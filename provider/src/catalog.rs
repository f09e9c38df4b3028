//! Catalogs that mutations are applied to: what Backstage does with them, for who has no Backstage at hand.

mod document;
mod file;
mod folder;
mod memory;

use std::io;
use std::path::PathBuf;

use crate::entity::EntityRef;
use crate::mutation::Mutation;
pub use file::FileCatalog;
pub use folder::FolderCatalog;
pub use memory::MemoryCatalog;

/// Something that holds entities, and takes mutations as Backstage's catalog does: a full one replaces what is there, a
/// delta changes it. Entities are taken as they are, whether Backstage would take them or not.
pub trait Catalog {
    /// Applies a mutation.
    ///
    /// # Errors
    /// When something can't be written. What was written until then is there whole.
    fn apply(&mut self, mutation: &Mutation) -> Result<(), CatalogError>;
}

/// Why a mutation could not be applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// A file can't be read.
    #[error("{} can't be read: {problem}", path.display())]
    Read {
        /// The file, or the folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        problem: io::Error,
    },
    /// A file can't be written or removed.
    #[error("{} can't be written: {problem}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        problem: io::Error,
    },
    /// There is a file in the place of one that is to be written, and it is somebody else's.
    #[error("{} was not written by understudy, and stays as it is: move it away, or name another path", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// An entity can't be written as YAML or JSON, or has a name that no file can have.
    #[error("{entity} can't be written: {problem}")]
    Entity {
        /// The entity.
        entity: EntityRef,
        /// Why.
        problem: String,
    },
}
