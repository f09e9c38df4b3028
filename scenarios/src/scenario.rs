//! A scenario: a world as its file says it, and how it becomes a [`World`].

pub(crate) mod file;
mod resolve;

use crate::World;
use crate::scenario::file::ScenarioFile;

/// A scenario that has been read and found sound: its file, and the world that the file stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    file: ScenarioFile,
    world: World,
}

impl Scenario {
    /// Reads a scenario from YAML or JSON text that refers to no other file. `name` is what messages call it.
    ///
    /// # Errors
    /// When the text is not YAML, or not a scenario: the error tells the line and what was expected there.
    pub fn from_yaml(name: &str, text: &str) -> Result<Self, LoadError> {
        let file: ScenarioFile = serde_saphyr::from_str(text).map_err(|error| LoadError(format!("{name}: {error}")))?;
        let world = file.resolve().map_err(|error| LoadError(format!("{name}: {error}")))?;
        Ok(Self { file, world })
    }

    /// The scenario's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.file.name
    }

    /// The file as it was read.
    #[must_use]
    pub fn file(&self) -> &ScenarioFile {
        &self.file
    }

    /// The world that the scenario starts in.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }
}

/// Why a scenario could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LoadError(String);
