//! The OpenAPI documents that a scenario names by path.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};

use super::error::{LoadError, Mistake};
use super::source::{Beside, Source, text};
use super::text::document;
use super::trail::{Trail, trail};
use super::wording::{did_you_mean, quoted};
use crate::file::{ScenarioFile, SpecFile};
use crate::{Spec, Step};

/// All documents of a scenario together, in bytes of JSON.
const MOST: usize = 256 * 1024 * 1024;

/// Reads every document that `file` names, each path once.
pub(super) fn read(file: &ScenarioFile, source: &Source<'_>) -> Result<HashMap<String, Spec>, LoadError> {
    let mut documents = HashMap::new();
    let mut size = 0;
    for (at, path) in paths(file) {
        if documents.contains_key(path) {
            continue;
        }
        let spec = read_one(path, at.clone(), source)?;
        size += spec.get().len();
        if size > MOST {
            let message = "the documents up to here take more than 256 MiB together";
            return Err(Mistake::at(at, message).of(&source.file, Some(&source.text)));
        }
        documents.insert(path.to_owned(), spec);
    }
    Ok(documents)
}

/// The folders of the scenario file and of the documents that it names.
pub(super) fn folders(file: &ScenarioFile, source: &Source<'_>) -> BTreeSet<PathBuf> {
    let Beside::Folder(own) = &source.beside else { return BTreeSet::new() };
    let documents = paths(file).filter_map(|(_, path)| Some(beside(own, path).parent()?.to_path_buf()));
    documents.chain([own.clone()]).collect()
}

/// The steps of a scenario, with the documents themselves in place of the paths that changes name.
pub(super) fn inline(file: &ScenarioFile, documents: &HashMap<String, Spec>) -> Vec<Step> {
    let mut steps = file.steps.clone();
    for step in &mut steps {
        let Step::Change(change) = step else { continue };
        for spec in change.specs_mut() {
            if let SpecFile::Path(path) = spec {
                let document = documents.get(path).expect("every document that the file names has been read");
                *spec = SpecFile::Inline(document.clone());
            }
        }
    }
    steps
}

/// The paths in a scenario, in its products and in its steps, each with its place.
fn paths(file: &ScenarioFile) -> impl Iterator<Item = (Trail, &str)> {
    let products = file.portal.products.iter().enumerate().flat_map(|(product, file)| {
        file.versions.iter().enumerate().filter_map(move |(version, file)| {
            let path = path_of(file.spec.as_ref()?)?;
            Some((trail!["portal", "products", product, "versions", version, "spec"], path))
        })
    });
    let steps = file.steps.iter().enumerate().flat_map(|(at, step)| {
        let change = if let Step::Change(change) = step { Some(change) } else { None };
        let specs = change.into_iter().flat_map(|change| change.specs());
        specs.filter_map(move |(trail, spec)| Some((trail.under("change").under_item("steps", at), path_of(spec)?)))
    });
    products.chain(steps)
}

fn path_of(spec: &SpecFile) -> Option<&str> {
    match spec {
        SpecFile::Path(path) => Some(path),
        SpecFile::Inline(_) => None,
    }
}

fn read_one(path: &str, at: Trail, source: &Source<'_>) -> Result<Spec, LoadError> {
    let refuse = |mistake: Mistake| mistake.of(&source.file, Some(&source.text));
    if path.trim().is_empty() {
        return Err(refuse(Mistake::at(at, "the path of the document is empty")));
    }
    if let Some((scheme, _)) = path.split_once("://") {
        let help = "save the document beside the scenario, and name it as `./petstore.yaml`";
        let message = format!(
            "a document is not fetched from elsewhere ({}): nothing leaves this machine",
            quoted(&format!("{scheme}://"))
        );
        return Err(refuse(Mistake::at(at, message).help(help)));
    }
    match &source.beside {
        Beside::Folder(folder) => {
            let file = beside(folder, path);
            let text = read_file(&file).map_err(|why| refuse(missing(path, &file, &why, at)))?;
            document(&file.display().to_string(), &text)
        }
        Beside::Bundled(documents) => {
            let wanted = beside(Path::new(""), path);
            match documents.iter().find(|(name, _)| Path::new(name) == wanted) {
                Some((name, text)) => document(name, text),
                None => Err(refuse(Mistake::at(at, format!("{} is not bundled with this scenario", quoted(path))))),
            }
        }
        Beside::Nowhere => {
            let message = format!(
                "{} can't be found: this scenario is a text of its own, beside which no file lies",
                quoted(path)
            );
            Err(refuse(
                Mistake::at(at, message).help("write the document in the scenario, or load the scenario from its file"),
            ))
        }
    }
}

/// `path` as seen from `folder`, without the steps that lead nowhere (`./`).
fn beside(folder: &Path, path: &str) -> PathBuf {
    let path: PathBuf = Path::new(path).components().filter(|part| *part != Component::CurDir).collect();
    folder.join(path)
}

fn read_file(file: &Path) -> Result<String, String> {
    let told = |cause: std::io::Error| match cause.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => cause.to_string(),
    };
    // Asked before it is opened: to open a pipe is to wait for whoever writes to it.
    match fs::metadata(file).map_err(told)? {
        kind if kind.is_file() => File::open(file).and_then(text).map_err(told),
        kind if kind.is_dir() => Err("it is a folder".to_owned()),
        _ => Err("it is no plain file".to_owned()),
    }
}

fn missing(path: &str, file: &Path, why: &str, at: Trail) -> Mistake {
    let neighbours = neighbours(file);
    let meant = match (Path::new(path).parent(), file.file_name()) {
        (Some(folder), Some(name)) => {
            let near = did_you_mean(&name.to_string_lossy(), neighbours.iter().map(String::as_str));
            near.replacen('`', &format!("`{}", prefix(folder)), 1)
        }
        _ => String::new(),
    };
    Mistake::at(at, format!("can't read the document {}: {why}{meant}", quoted(path)))
        .help(format!("looked for it at `{}`", file.display()))
}

fn prefix(folder: &Path) -> String {
    if folder.as_os_str().is_empty() { String::new() } else { format!("{}/", folder.display()) }
}

/// The files beside one that is not there.
fn neighbours(file: &Path) -> Vec<String> {
    /// Enough to find a misspelt name by, and few enough to list in no time.
    const LISTED: usize = 1000;
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.take(LISTED).flatten().map(|entry| entry.file_name());
    // What is there under the very name is something else than a file that can be read.
    names.filter(|name| Some(&**name) != file.file_name()).map(|name| name.to_string_lossy().into_owned()).collect()
}
