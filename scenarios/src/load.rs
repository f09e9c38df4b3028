//! From what a user names to a scenario: a bundled name, a file, a folder of OpenAPI documents, or standard input.

mod check;
mod documents;
mod error;
mod excerpt;
mod folder;
mod json;
mod outline;
#[cfg(test)]
mod properties;
mod secrets;
mod source;
mod text;
pub(crate) mod trail;
pub(crate) mod vocabulary;
pub(crate) mod wording;
mod words;

pub use error::LoadError;
pub use folder::OpenApiDocument;

use std::collections::BTreeSet;
use std::path::Path;

use serde::de::DeserializeOwned;
use source::{Beside, Source, stem};

use crate::bundled::{self, Bundled};
use crate::{Scenario, file::ScenarioFile};
use crate::{hazards, read_only};

/// The names that a scenario file may have in a folder that is a scenario.
const IN_FOLDER: [&str; 3] = ["scenario.yaml", "scenario.yml", "scenario.json"];

/// Reads one value of the scenario file's model, such as a [`Step`](crate::Step), from YAML or JSON text that is nothing
/// else. `name` is what messages call the text.
///
/// # Errors
/// When the text is neither, or says something else: the error tells the line and what was expected there.
pub fn read_text<T: DeserializeOwned + Send>(name: &str, text: &str) -> Result<T, LoadError> {
    text::read(name, &Source::alone(name, text).text)
}

impl Scenario {
    /// Finds the scenario that a user names on the command line.
    ///
    /// What exists on disk, or looks like a path (it has a `/` or a `.`), is [loaded](Self::load) from there; `-` is
    /// read from standard input, where the files that it names are sought in the current folder; anything else is
    /// the name of a bundled scenario, the id of a [hazard](crate::hazards), or a name of [`read_only`](crate::read_only).
    ///
    /// # Errors
    /// When there is no such scenario (with the nearest name that there is), or it has a mistake.
    pub fn find(argument: &str) -> Result<Self, LoadError> {
        if argument == "-" {
            let scenario = read(&Source::standard_input()?)?;
            // The documents could be read again, but not what names them.
            return Ok(Self { folders: BTreeSet::new(), ..scenario });
        }
        let path = Path::new(argument);
        let like_a_path = argument.contains(|c: char| c == '.' || std::path::is_separator(c));
        if like_a_path || path.exists() {
            return Self::load(path);
        }
        match (hazards::find(argument), read_only::find(argument)) {
            (Some(hazard), _) => hazard.scenario(),
            (None, Some(read_only)) => read_only.scenario(),
            (None, None) => Self::bundled(bundled::find(argument)?),
        }
    }

    /// Loads a scenario from a file of YAML or JSON, or from a folder: one with a `scenario.yaml` is that scenario, any
    /// other a world of the OpenAPI documents in it.
    ///
    /// In such a folder a product stands for each file: its id is the file's name, its words come from the document's
    /// `info`, and its one version is the first number of `info.version` (`v1`). Files called `petstore-v1.yaml` and
    /// `petstore-v2.yaml` are versions of one product. The other files there are left alone.
    ///
    /// # Errors
    /// When it can't be read or has a mistake: the error tells the file, the line, and what was expected there.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        if !path.is_dir() {
            let scenario = read(&Source::file(path, stem(&path.to_string_lossy()))?)?;
            return Ok(Self { path: Some(path.to_owned()), ..scenario });
        }
        match IN_FOLDER.iter().map(|name| path.join(name)).find(|file| file.is_file()) {
            Some(file) => {
                let scenario = read(&Source::file(&file, folder::name(path))?)?;
                Ok(Self { path: Some(file), ..scenario })
            }
            None => {
                let (file, documents) = folder::read(path)?;
                let world = file.resolve(&documents);
                Ok(Self {
                    name: folder::name(path),
                    file,
                    world,
                    steps: Vec::new(),
                    step_lines: Vec::new(),
                    folders: BTreeSet::from([path.to_owned()]),
                    path: None,
                })
            }
        }
    }

    /// Reads a scenario from YAML or JSON text that refers to no other file. `name` is what messages call it.
    ///
    /// # Errors
    /// When the text is not YAML, or not a scenario: the error tells the line and what was expected there.
    pub fn from_yaml(name: &str, text: &str) -> Result<Self, LoadError> {
        read(&Source::alone(name, text))
    }

    /// Makes a scenario of a file model that was put together in code. `name` is what messages call it.
    ///
    /// # Errors
    /// When it has a mistake, such as two products with one id, or names a document by its path.
    pub fn from_file(name: &str, file: ScenarioFile) -> Result<Self, LoadError> {
        scenario(file, &Source { name: name.to_owned(), ..Source::alone(name, "") }, None)
    }

    /// Makes the file of a scenario with a product for each of these documents, named and worded as those of a folder
    /// are. Documents that have a path stay where they are.
    ///
    /// # Errors
    /// When one is no OpenAPI document, or two are the same version of a product.
    pub fn file_of(documents: &[OpenApiDocument]) -> Result<ScenarioFile, LoadError> {
        Ok(ScenarioFile { portal: folder::portal(documents)?, ..ScenarioFile::default() })
    }

    /// The scenario as YAML that loads to the same again, as long as it lies where the files are that it names. It holds
    /// the secrets of its clients and users in the clear, as the file that it came from.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        self.file.to_yaml()
    }

    pub(crate) fn bundled(bundled: &'static Bundled) -> Result<Self, LoadError> {
        read(&Source {
            file: format!("{}.yaml", bundled.name),
            name: bundled.name.to_owned(),
            text: bundled.text.into(),
            beside: Beside::Bundled(bundled.documents),
        })
    }
}

impl ScenarioFile {
    /// The file as YAML that reads to the same again. It holds the secrets of its clients and users in the clear.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        text::to_yaml(self)
    }
}

fn read(source: &Source<'_>) -> Result<Scenario, LoadError> {
    let file = text::scenario(&source.file, &source.text)?;
    if !file.steps.is_empty()
        && let Some(mistake) = words::bare::find(&source.text)
    {
        return Err(mistake.of(&source.file, Some(&source.text)));
    }
    scenario(file, source, Some(&source.text))
}

/// Makes a scenario of its file, which was read from `text`.
fn scenario(file: ScenarioFile, source: &Source<'_>, text: Option<&str>) -> Result<Scenario, LoadError> {
    let told = |mistake: error::Mistake| mistake.of(&source.file, text);
    check::check(&file).map_err(told)?;
    let documents = documents::read(&file, source)?;
    let world = file.resolve(&documents);
    let steps = documents::inline(&file, &documents);
    check::steps(&steps, &world).map_err(told)?;
    let lines = text.filter(|_| !steps.is_empty()).map(|text| outline::lines_of(text, "steps"));
    let folders = documents::folders(&file, source);
    let name = named(&file, &source.name);
    Ok(Scenario { name, file, world, steps, step_lines: lines.unwrap_or_default(), folders, path: None })
}

fn named(file: &ScenarioFile, otherwise: &str) -> String {
    if file.name.is_empty() { otherwise.to_owned() } else { file.name.clone() }
}
