//! From what a file says to a world in which nothing is left out.

mod identity;
mod portal;

pub(crate) use identity::default_path;
pub(crate) use portal::{product, usage_plan, version};

use std::collections::HashMap;

use super::file::ScenarioFile;
use crate::{Spec, World};

impl ScenarioFile {
    /// Fills in every default. `documents` holds the documents that the file names by path; the file is sound.
    pub(crate) fn resolve(&self, documents: &HashMap<String, Spec>) -> World {
        let identity = identity::resolve(&self.identity);
        let portal = portal::resolve(&self.portal, &identity, documents);
        World { identity, portal }
    }
}
