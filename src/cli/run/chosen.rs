//! Which scenarios a run plays: those that are named, those in the folders that are named, and a suite's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use understudy::Scenario;
use understudy::play::Plan;
use understudy::scenarios::Suite;

use crate::cli::failure::Failure;

/// What a folder may hold to be one scenario by itself.
const ONE_SCENARIO: [&str; 3] = ["scenario.yaml", "scenario.yml", "scenario.json"];

/// Plans what the arguments name, or the suite. A suite by itself is judged as it is meant to be.
pub(super) fn plan(arguments: &[String], suite: Option<&str>, is_real: bool) -> Result<Plan, Failure> {
    let mut plan = match suite {
        Some(name) => Plan::of_suite(find(name)?)?,
        // All that comes along, so that what is not played is told with the reason.
        None if arguments.is_empty() && is_real => {
            let mut scenarios = Suite::ReadOnly.scenarios()?;
            scenarios.extend(Suite::Hazards.scenarios()?);
            Plan::of(scenarios)
        }
        None if arguments.is_empty() => {
            return Err(Failure::Usage(
                "name a scenario, a file, a folder of scenario files, or a --suite to play".to_owned(),
            ));
        }
        None => Plan::default(),
    };
    if suite.is_some() && !arguments.is_empty() {
        return Err(Failure::Usage(
            "a suite is played by itself: leave out either --suite or the scenarios".to_owned(),
        ));
    }
    for argument in arguments {
        let folder = scenario_files(Path::new(argument))?;
        let files = folder.unwrap_or_else(|| vec![PathBuf::from(argument)]);
        for file in files {
            plan.scenarios.push(Scenario::find(&file.to_string_lossy())?);
        }
    }
    let mut names = BTreeSet::new();
    if let Some(twice) = plan.scenarios.iter().map(Scenario::name).find(|name| !names.insert(*name)) {
        return Err(Failure::Usage(format!(
            "two scenarios of this run are called `{twice}`: give one of them another `name`"
        )));
    }
    Ok(plan)
}

fn find(name: &str) -> Result<Suite, Failure> {
    Suite::find(name).ok_or_else(|| {
        let suites: Vec<String> = Suite::ALL.iter().map(|suite| format!("`{}`", suite.name())).collect();
        Failure::Usage(format!("there is no suite `{name}`; there are {}", suites.join(", ")))
    })
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
