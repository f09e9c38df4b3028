//! `understudy scenarios`: what is bundled, and what helps to write one.

mod new;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use understudy::Scenario;
use understudy::scenarios::file::ProductFile;
use understudy::scenarios::hazards::{self, Hazard};
use understudy::scenarios::{Suite, bundled, read_only};

use super::failure::{self, Failure};
use super::output;
use super::talk::Talk;

#[derive(Subcommand)]
pub(super) enum ScenariosCommand {
    /// The bundled scenarios, one a line.
    #[command(
        after_help = "Example:\n  understudy scenarios list --suite hazards   everything in the catalogue that goes wrong in the field"
    )]
    List {
        /// Those of this suite, in place of the portals to start from.
        #[arg(long, value_name = "NAME", value_parser = suite)]
        suite: Option<Suite>,
    },
    /// What a hazard is: how it is known, why it happens, what good looks like, and how to mend it.
    #[command(after_help = "Example:\n  understudy scenarios explain list-unreachable")]
    Explain {
        /// The hazard's id, as `scenarios list --suite hazards` prints it.
        id: String,
    },
    /// Read scenarios, and say what is wrong with them.
    #[command(
        after_help = "Example:\n  understudy scenarios lint my-portal.yaml ./openapi-documents/\n\nExits with 1 when one of them has a mistake."
    )]
    Lint {
        /// Scenario files, folders of OpenAPI documents, or - for standard input.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<String>,
    },
    /// Write a scenario file to begin with.
    #[command(
        after_help = "Examples:\n  understudy scenarios new > my-portal.yaml\n  understudy scenarios new --from petstore.yaml tracks.json > my-portal.yaml\n  understudy scenarios new --from https://petstore3.swagger.io/api/v3/openapi.json > my-portal.yaml\n\nFiles are named by their paths, as seen from the current folder: keep the scenario there. What is fetched from a URL\nis written into the scenario."
    )]
    New {
        /// OpenAPI documents to make products from: files, or URLs of http or https. Without any, a small scenario with
        /// comments.
        #[arg(long, value_name = "OPENAPI-FILE|URL", num_args = 1..)]
        from: Vec<String>,
    },
    /// The JSON Schema of the scenario file, by which editors complete and check.
    #[command(
        after_help = "Example:\n  understudy scenarios schema > scenario.schema.json\n\nThen, as the first line of a scenario:\n  # yaml-language-server: $schema=./scenario.schema.json"
    )]
    Schema,
    /// The file of a bundled scenario or of a hazard, as a start for one of your own.
    #[command(
        after_help = "Example:\n  understudy scenarios show quickstart --out my-portal && understudy up my-portal"
    )]
    Show {
        /// The scenario's name, or the hazard's id.
        name: String,
        /// Write it and the documents that it refers to into this folder, as files that `up` and `sync` take.
        #[arg(long, value_name = "FOLDER")]
        out: Option<PathBuf>,
    },
}

pub(super) fn run(command: ScenariosCommand, talk: &Talk) -> Result<(), Failure> {
    match command {
        ScenariosCommand::List { suite } => list(suite),
        ScenariosCommand::Explain { id } => output::write(hazard(&id)?.page.as_bytes()),
        ScenariosCommand::Schema => {
            let schema = serde_json::to_string_pretty(&Scenario::schema()).map_err(std::io::Error::from)?;
            output::write(format!("{schema}\n").as_bytes())
        }
        ScenariosCommand::Lint { paths } => lint(&paths),
        ScenariosCommand::New { from } => new::run(&from, talk),
        ScenariosCommand::Show { name, out: None } => {
            let shown = Shown::find(&name)?;
            output::write(shown.text.as_bytes())?;
            if !shown.documents.is_empty() {
                talk.say(format_args!(
                    "It refers to documents beside it: `understudy scenarios show {name} --out FOLDER` writes them too."
                ));
            }
            Ok(())
        }
        ScenariosCommand::Show { name, out: Some(folder) } => {
            write_out(&Shown::find(&name)?, &folder)?;
            talk.say(format_args!("Next: understudy up {}", folder.display()));
            Ok(())
        }
    }
}

/// A scenario that comes with the program, as it is written out.
struct Shown {
    text: &'static str,
    documents: &'static [(&'static str, &'static str)],
}

impl Shown {
    fn find(name: &str) -> Result<Self, Failure> {
        if let Some(hazard) = hazards::find(name) {
            return Ok(Self { text: hazard.text, documents: &[] });
        }
        if let Some(read_only) = read_only::find(name) {
            return Ok(Self { text: read_only.text, documents: &[] });
        }
        let bundled = bundled::find(name)?;
        Ok(Self { text: bundled.text, documents: bundled.documents })
    }
}

fn hazard(id: &str) -> Result<&'static Hazard, Failure> {
    hazards::find(id).ok_or_else(|| {
        Failure::Usage(format!(
            "there is no hazard `{id}`; `understudy scenarios list --suite hazards` prints them all"
        ))
    })
}

fn suite(name: &str) -> Result<Suite, String> {
    Suite::find(name).ok_or_else(|| {
        let names: Vec<_> = Suite::ALL.iter().map(|suite| suite.name()).collect();
        format!("the suites are {}", names.join(", "))
    })
}

fn list(suite: Option<Suite>) -> Result<(), Failure> {
    let names = suite.unwrap_or(Suite::PluginParity).names();
    let width = names.iter().map(|name| name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for name in names {
        let words = match (hazards::find(name), read_only::find(name)) {
            (Some(hazard), _) => hazard.title(),
            (None, Some(read_only)) => read_only.description,
            (None, None) => bundled::find(name)?.description,
        };
        let _ = writeln!(text, "{name:width$}  {words}");
    }
    output::write(text.as_bytes())
}

/// Reads all of them, whatever is wrong with the first.
fn lint(paths: &[String]) -> Result<(), Failure> {
    let mut mistaken = 0;
    for path in paths {
        match Scenario::find(path) {
            Ok(scenario) => output::write(format!("{path}: sound: {}\n", summary(&scenario)).as_bytes())?,
            Err(mistake) => {
                failure::tell(&mistake.to_string());
                mistaken += 1;
            }
        }
    }
    if mistaken == 0 {
        return Ok(());
    }
    Err(Failure::Refused(format!("{mistaken} of {} scenarios can't be played", paths.len())))
}

/// What a scenario shows, in a few words: `1 product, 2 versions`.
pub(super) fn summary(scenario: &Scenario) -> String {
    let products = &scenario.world().portal.products;
    counted(products.len(), products.iter().map(|product| product.versions.len()).sum())
}

/// The same of products in a file.
fn summary_of(products: &[ProductFile]) -> String {
    counted(products.len(), products.iter().map(|product| product.versions.len()).sum())
}

fn counted(products: usize, versions: usize) -> String {
    let count = |number: usize, thing: &str| format!("{number} {thing}{}", if number == 1 { "" } else { "s" });
    format!("{}, {}", count(products, "product"), count(versions, "version"))
}

/// Writes the scenario as `scenario.yaml`, with its documents beside it. What is there already stays.
fn write_out(scenario: &Shown, folder: &Path) -> Result<(), Failure> {
    let failed =
        |path: &Path, error: std::io::Error| Failure::Usage(format!("can't write {}: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let files = scenario.documents.iter().copied();
    let files: Vec<(PathBuf, &str)> =
        files.chain([("scenario.yaml", scenario.text)]).map(|(name, text)| (folder.join(name), text)).collect();
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(Failure::Usage(format!("{} is there already; choose another folder", path.display())));
    }
    for (path, text) in files {
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}
