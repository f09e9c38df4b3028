//! A scenario: a world as its file says it, and how it becomes a [`World`].

pub(crate) mod file;
mod resolve;

pub(crate) use resolve::default_path;

use crate::World;
use crate::scenario::file::ScenarioFile;

/// A scenario that has been read and found sound: its file, and the world that the file stands for.
///
/// How it comes to be is told where it is loaded: [`find`](Self::find), [`load`](Self::load),
/// [`from_yaml`](Self::from_yaml), [`from_file`](Self::from_file).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    pub(crate) name: String,
    pub(crate) file: ScenarioFile,
    pub(crate) world: World,
}

impl Scenario {
    /// What messages call it: the `name` in its file, else the name of its file without the ending, of its folder, or
    /// the bundled name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
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
