//! A scenario: a world as its file says it, and how it becomes a [`World`].

pub(crate) mod file;
pub(crate) mod resolve;

pub(crate) use resolve::default_path;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::scenario::file::ScenarioFile;
use crate::{Step, World};

/// A scenario that has been read and found sound: its file, and the world that the file stands for.
///
/// How it comes to be is told where it is loaded: [`find`](Self::find), [`load`](Self::load),
/// [`from_yaml`](Self::from_yaml), [`from_file`](Self::from_file).
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) name: String,
    pub(crate) file: ScenarioFile,
    pub(crate) world: World,
    pub(crate) steps: Vec<Step>,
    /// The line of each step in its file; empty for a scenario that came from code.
    pub(crate) step_lines: Vec<usize>,
    pub(crate) folders: BTreeSet<PathBuf>,
    pub(crate) path: Option<PathBuf>,
}

/// Two scenarios are equal when they say the same, wherever they were read from.
impl PartialEq for Scenario {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.file, &self.world) == (&other.name, &other.file, &other.world)
    }
}

impl Eq for Scenario {}

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

    /// The file that it was [loaded](Self::load) from, by the path that it was named with. None for one that came from
    /// elsewhere, and for a folder of documents.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The folders that it was read from: the scenario file's own, and those of the documents that it names. None for
    /// one that is bundled, or came from standard input or from code.
    #[must_use]
    pub fn folders(&self) -> &BTreeSet<PathBuf> {
        &self.folders
    }

    /// The JSON Schema of the scenario file (draft 2020-12), by which editors complete and check it. What it lets
    /// through may still have a mistake that only [`find`](Self::find) sees, such as two products with one id.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(ScenarioFile).to_value()
    }

    /// What happens once the world is up, in order. Documents that a change names by path have been read.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The line in the scenario's file on which the step at `index`, from 0, begins, from 1. None for a scenario that was
    /// made in code, and where there is no such step.
    #[must_use]
    pub fn step_line(&self, index: usize) -> Option<usize> {
        self.step_lines.get(index).copied()
    }

    /// The world that the scenario starts in.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }
}
