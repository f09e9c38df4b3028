//! A folder of OpenAPI documents as a world: a product for each.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::error::LoadError;
use super::outline;
use super::source::{stem, text};
use super::text::value;
use crate::file::{PortalFile, ProductFile, ScenarioFile, SpecFile, VersionFile};
use crate::{ApiId, ProductId, Spec};

/// The endings of the files that are looked at.
const ENDINGS: [&str; 3] = [".yaml", ".yml", ".json"];
/// All documents together, in bytes of JSON.
const MOST: usize = 256 * 1024 * 1024;

/// What a folder is called: its own name, also where it is given as `.`.
pub(super) fn name(folder: &Path) -> String {
    let named = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    named(folder).or_else(|| named(&fs::canonicalize(folder).ok()?)).unwrap_or_else(|| "folder".to_owned())
}

/// Reads the OpenAPI documents in `folder`; other files there are left alone.
pub(super) fn read(folder: &Path) -> Result<(ScenarioFile, HashMap<String, Spec>), LoadError> {
    let mut gathered = Gathered::default();
    for file in files(folder)? {
        let shown = file.display().to_string();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = File::open(&file).and_then(text).map_err(|cause| LoadError::unreadable(&shown, cause))?;
        gathered.add(&shown, &name, &text, Some(format!("./{name}")))?;
    }
    if gathered.products.is_empty() {
        return Err(no_document(folder));
    }
    let description = format!("The OpenAPI documents in {}.", folder.display());
    let (portal, documents) = gathered.portal();
    Ok((ScenarioFile { name: name(folder), description, portal, ..ScenarioFile::default() }, documents))
}

/// Makes a portal of OpenAPI documents, as of those in a folder.
pub(super) fn portal(documents: &[OpenApiDocument]) -> Result<PortalFile, LoadError> {
    let mut gathered = Gathered::default();
    for OpenApiDocument { shown, name, text, path } in documents {
        if !gathered.add(shown, name, text, path.clone())? {
            let help = "such a document has `openapi` or `swagger` at the top";
            return Err(LoadError::whole(shown, "this is no OpenAPI document", &[help.to_owned()]));
        }
    }
    Ok(gathered.portal().0)
}

/// An OpenAPI document that a scenario is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenApiDocument {
    /// What messages call it: its path, or its URL.
    pub shown: String,
    /// What its file is called: `petstore-v1.yaml` is version `v1` of the product `petstore`. Where that tells no product,
    /// such as `openapi.json`, its title does.
    pub name: String,
    /// JSON or YAML.
    pub text: String,
    /// The path by which the scenario names it; without one, the scenario holds it itself.
    pub path: Option<String>,
}

/// The documents so far, by product.
#[derive(Default)]
struct Gathered {
    documents: HashMap<String, Spec>,
    products: BTreeMap<String, Vec<VersionFile>>,
    /// Each API, with what messages call its document.
    ids: HashMap<ApiId, String>,
    size: usize,
}

impl Gathered {
    /// Adds a document, and answers whether it is one of OpenAPI. It is referred to by `path`, where it has one.
    fn add(&mut self, shown: &str, name: &str, text: &str, path: Option<String>) -> Result<bool, LoadError> {
        let Some((spec, info)) = open_api(shown, text)? else { return Ok(false) };
        self.size += spec.get().len();
        if self.size > MOST {
            return Err(LoadError::whole(shown, "the documents up to here take more than 256 MiB together", &[]));
        }
        let (product, version) = product_and_version(name, &info);
        let id = ApiId::of(&ProductId::from(&*product), &version);
        if let Some(first) = self.ids.insert(id.clone(), name.to_owned()) {
            let help = "a product is named by its file, and a version by `-v2` at the end of it or by `info.version`";
            let message = format!("`{first}` and `{name}` would both be the API `{id}`");
            return Err(LoadError::whole(shown, &message, &[help.to_owned()]));
        }
        let file = match path {
            Some(path) => {
                self.documents.insert(path.clone(), spec);
                SpecFile::Path(path)
            }
            None => SpecFile::Inline(spec),
        };
        self.products.entry(product).or_default().push(version_file(version, file, &info));
        Ok(true)
    }

    fn portal(self) -> (PortalFile, HashMap<String, Spec>) {
        let products = self.products.into_iter().map(|(id, versions)| product_file(id, versions)).collect();
        (PortalFile { products, ..PortalFile::default() }, self.documents)
    }
}

fn no_document(folder: &Path) -> LoadError {
    let looked = "looked for a `scenario.yaml`, and for OpenAPI documents: files that end in `.yaml`, `.yml` or \
                  `.json` with `openapi` or `swagger` at the top";
    let message = "there is no OpenAPI document in this folder, and no scenario";
    LoadError::whole(&folder.display().to_string(), message, &[looked.to_owned()])
}

/// The files in `folder` that may be documents, by name; not those in folders within, nor hidden ones.
fn files(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let unreadable = |cause| LoadError::unreadable(folder.display().to_string(), cause);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with('.') && ENDINGS.iter().any(|ending| name.ends_with(ending)) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What a document says of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Info {
    title: Option<Value>,
    description: Option<Value>,
    version: Option<Value>,
    terms_of_service: Option<Value>,
    contact: Option<Value>,
    license: Option<Value>,
}

impl Info {
    fn text(value: Option<&Value>) -> Option<String> {
        match value? {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

/// Reads one file; none if it holds something else than an OpenAPI document.
fn open_api(file: &str, text: &str) -> Result<Option<(Spec, Info)>, LoadError> {
    #[derive(Deserialize)]
    struct Outline {
        openapi: Option<IgnoredAny>,
        swagger: Option<IgnoredAny>,
        info: Option<Value>,
    }
    if outline::has_several_documents(text) {
        return Ok(None);
    }
    let spec = value(file, text)?;
    match serde_json::from_str(spec.get()) {
        Ok(Outline { openapi: None, swagger: None, .. }) | Err(_) => Ok(None),
        Ok(Outline { info, .. }) => {
            let info = info.and_then(|info| serde_json::from_value(info).ok()).unwrap_or_default();
            Ok(Some((spec, info)))
        }
    }
}

/// The product's id and the version's name: `petstore-v2.yaml` says both, `petstore.yaml` leaves the version to the
/// document.
fn product_and_version(file_name: &str, info: &Info) -> (String, String) {
    let stem = stem(file_name);
    // Some tools name documents so: `petstore.openapi.yaml`.
    let stem = [".openapi", ".swagger"].iter().find_map(|middle| stem.strip_suffix(middle)).unwrap_or(&stem);
    let a_version = |version: &str| {
        version.starts_with(|c: char| c.is_ascii_digit()) && version.chars().all(|c| c.is_alphanumeric() || c == '.')
    };
    match stem.rsplit_once("-v") {
        Some((product, version)) if !product.is_empty() && a_version(version) => {
            (product.to_owned(), format!("v{version}"))
        }
        _ => (told_by_title(stem, info).unwrap_or_else(|| stem.to_owned()), format!("v{}", major(info))),
    }
}

/// The product's id by the title, where the file's name says no more than that it is a document.
fn told_by_title(stem: &str, info: &Info) -> Option<String> {
    const SAYS_NOTHING: [&str; 8] = ["", "openapi", "swagger", "api-docs", "api", "spec", "schema", "index"];
    if !SAYS_NOTHING.contains(&stem) {
        return None;
    }
    let title = Info::text(info.title.as_ref())?.to_lowercase();
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    Some(words.join("-")).filter(|id| !id.is_empty())
}

/// The first number in `info.version`; 1 if there is none.
fn major(info: &Info) -> String {
    let version = Info::text(info.version.as_ref()).unwrap_or_default();
    let number: String = version.trim_start_matches(['v', 'V']).chars().take_while(char::is_ascii_digit).collect();
    if number.is_empty() { "1".to_owned() } else { number }
}

fn version_file(name: String, spec: SpecFile, info: &Info) -> VersionFile {
    let member = |value: &Option<Value>, name: &str| Info::text(value.as_ref().and_then(|value| value.get(name)));
    VersionFile {
        title: Info::text(info.title.as_ref()),
        description: Info::text(info.description.as_ref()),
        contact: member(&info.contact, "email").or_else(|| member(&info.contact, "name")),
        license: member(&info.license, "name"),
        terms_of_service: Info::text(info.terms_of_service.as_ref()),
        spec: Some(spec),
        ..VersionFile::new(name)
    }
}

/// A product has the words of its first version.
fn product_file(id: String, mut versions: Vec<VersionFile>) -> ProductFile {
    versions.sort_by_key(|version| {
        let number: String = version.name[1..].chars().take_while(char::is_ascii_digit).collect();
        (number.parse().unwrap_or(u64::MAX), version.name.clone())
    });
    let first = versions.first();
    ProductFile {
        name: first.and_then(|version| version.title.clone()),
        description: first.and_then(|version| version.description.clone()),
        contact_email: first.and_then(|version| version.contact.clone()).filter(|contact| contact.contains('@')),
        versions,
        ..ProductFile::new(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(file: &str, version: &str) -> (String, String) {
        product_and_version(file, &Info { version: Some(version.into()), ..Info::default() })
    }

    #[test]
    fn a_version_is_named_by_its_file_or_else_by_its_document() {
        let pair = |product: &str, version: &str| (product.to_owned(), version.to_owned());
        assert_eq!(named("petstore.yaml", "1.4.2"), pair("petstore", "v1"));
        assert_eq!(named("petstore.openapi.json", "v3"), pair("petstore", "v3"));
        assert_eq!(named("petstore-v2.yml", "1.0.0"), pair("petstore", "v2"));
        assert_eq!(named("petstore-v1beta1.yaml", "9"), pair("petstore", "v1beta1"));
        assert_eq!(named("pet-vet.yaml", "beta"), pair("pet-vet", "v1"));
        assert_eq!(named("-v2.yaml", "7.0"), pair("-v2", "v7"));
    }

    #[test]
    fn a_file_whose_name_says_nothing_is_named_by_its_title() {
        let info = Info { title: Some("Swagger Petstore (v3)".into()), ..Info::default() };
        assert_eq!(product_and_version("openapi.json", &info).0, "swagger-petstore-v3");
        assert_eq!(product_and_version("", &info).0, "swagger-petstore-v3");
        assert_eq!(product_and_version("tracks.json", &info).0, "tracks");
        assert_eq!(product_and_version("openapi.json", &Info::default()).0, "openapi");
    }
}
