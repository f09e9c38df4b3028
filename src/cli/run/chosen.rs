//! Which scenarios a run plays: those that are named, those in the folders that are named, and a suite's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use understudy::Scenario;
use understudy::play::Measure;
use understudy::scenarios::bundled;

use crate::cli::failure::Failure;

/// What a folder may hold to be one scenario by itself.
const ONE_SCENARIO: [&str; 3] = ["scenario.yaml", "scenario.yml", "scenario.json"];

/// What is played.
pub(super) struct Chosen {
    pub(super) scenarios: Vec<Scenario>,
    pub(super) measure: Measure,
}

impl Chosen {
    /// What the arguments name, then the suite.
    pub(super) fn of(arguments: &[String], suite: Option<&str>) -> Result<Self, Failure> {
        if arguments.is_empty() && suite.is_none() {
            return Err(Failure::Usage(
                "name a scenario, a file, a folder of scenario files, or a --suite to play".to_owned(),
            ));
        }
        let mut scenarios = Vec::new();
        for argument in arguments {
            match scenario_files(Path::new(argument))? {
                Some(files) => {
                    for file in files {
                        scenarios.push(Scenario::load(file)?);
                    }
                }
                None => scenarios.push(Scenario::find(argument)?),
            }
        }
        let measure = Measure::Portal;
        if let Some(suite) = suite {
            scenarios.extend(suite_named(suite)?);
        }
        let mut names = BTreeSet::new();
        if let Some(twice) = scenarios.iter().map(Scenario::name).find(|name| !names.insert(*name)) {
            return Err(Failure::Usage(format!(
                "two scenarios of this run are called `{twice}`: give one of them another `name`"
            )));
        }
        Ok(Self { scenarios, measure })
    }
}

fn suite_named(name: &str) -> Result<Vec<Scenario>, Failure> {
    if name != "bundled" {
        return Err(Failure::Usage(format!("there is no suite `{name}`; one is `bundled`")));
    }
    bundled::all().iter().map(|bundled| Ok(bundled.scenario()?)).collect()
}

/// The scenario files of a folder that holds some; nothing where `path` is no such folder.
fn scenario_files(path: &Path) -> Result<Option<Vec<PathBuf>>, Failure> {
    if !path.is_dir() || ONE_SCENARIO.iter().any(|name| path.join(name).is_file()) {
        return Ok(None);
    }
    let unreadable = |error: std::io::Error| Failure::Usage(format!("can't read {}: {error}", path.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if file.is_file() && ["yaml", "yml", "json"].contains(&ending) && is_scenario(&file) {
            files.push(file);
        }
    }
    files.sort();
    Ok((!files.is_empty()).then_some(files))
}

/// Whether a file is a scenario's, by what stands at its top: a folder may hold OpenAPI documents too.
fn is_scenario(file: &Path) -> bool {
    let Ok(text) = fs::read_to_string(file) else { return false };
    let keys = serde_saphyr::from_str::<BTreeMap<String, IgnoredAny>>(&text);
    keys.is_ok_and(|keys| ["identity", "portal", "steps"].iter().any(|key| keys.contains_key(*key)))
}
