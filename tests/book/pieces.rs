//! Scenarios, configurations and other pieces of YAML and JSON in the pages: each is read by what reads it for users.

use libtest_mimic::Failed;
use serde_json::Value;
use understudy::Scenario;
use understudy::play::ExpectedFailures;
use understudy_provider::{AppConfig, Mapping};

use crate::page::{Block, Page};

/// Reads every piece of a page.
pub(crate) fn read(page: &Page) -> Result<(), Failed> {
    let bad: Vec<String> = page
        .blocks()
        .filter(|block| block.not_run.is_none())
        .filter_map(|block| Some(format!("{}:{}: {}", page.name, block.line, of_block(block).err()?)))
        .collect();
    if bad.is_empty() { Ok(()) } else { Err(bad.join("\n").into()) }
}

fn of_block(block: &Block) -> Result<(), String> {
    match block.language.as_str() {
        "json" => serde_json::from_str::<Value>(&block.content).map(drop).map_err(|error| error.to_string()),
        "yaml" => yaml(&block.content),
        _ => Ok(()),
    }
}

fn yaml(text: &str) -> Result<(), String> {
    let value: Value = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let has = |keys: &[&str]| keys.iter().any(|key| value.get(key).is_some());
    if has(&["identity", "portal", "steps"]) {
        scenario(text)
    } else if has(&["glooPlatformPortal"]) {
        app_config(text)
    } else if has(&["defaultLifecycle", "metadataPrefix"]) {
        serde_saphyr::from_str::<Mapping>(text).map(drop).map_err(|error| error.to_string())
    } else if value.get(0).is_some_and(|item| item.get("reason").is_some()) {
        ExpectedFailures::from_yaml(text).map(drop).map_err(|error| error.to_string())
    } else if has(&["catalog", "backend", "metadata"]) {
        // Backstage's own: read by nothing here.
        Ok(())
    } else {
        Err("it is not known what reads this piece of YAML".to_owned())
    }
}

/// As `scenarios lint` does, with a small document for each file that it names.
fn scenario(text: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let named = regex::Regex::new(r"\./[\w.-]+\.(?:yaml|json)").unwrap();
    for name in named.find_iter(text) {
        let document = "{openapi: 3.0.3, info: {title: A, version: v1}, paths: {}}";
        std::fs::write(folder.path().join(name.as_str()), document).unwrap();
    }
    let path = folder.path().join("scenario.yaml");
    std::fs::write(&path, text).unwrap();
    Scenario::load(&path).map(drop).map_err(|error| error.to_string())
}

fn app_config(text: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app-config.local.yaml");
    std::fs::write(&path, text).unwrap();
    let config = AppConfig::read(&[path], |_| Some("value".to_owned())).map_err(|error| error.to_string())?;
    if config.warnings.is_empty() { Ok(()) } else { Err(format!("{:?}", config.warnings)) }
}
