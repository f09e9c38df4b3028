//! Backstage's own checks, run in Node, take every entity that our provider makes of every scenario that comes along, in
//! both profiles; and refuse what ours refuse.
//!
//! Needs Node, and the packages in the folder that `UNDERSTUDY_VALIDATORS` names; says so and skips otherwise.

#[path = "node/installed.rs"]
mod installed;
#[path = "validators/seen.rs"]
mod seen;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use understudy::provider::{Mapping, Profile, validate_value};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = folder();
    if let Err(why) = &folder {
        eprintln!("skipped: Backstage's own validators: {why}");
    }
    let skipped = folder.is_err();
    let folder = folder.unwrap_or_default();
    let mapping = "{owner: {default: platform, metadataKey: team}, metadataPrefix: portal.example.com}";
    let profiles = [
        ("the_plugins_profile", Profile::Plugin),
        ("the_enriched_profile", Profile::Enriched(Mapping::default())),
        ("an_enriched_profile_with_a_mapping", Profile::Enriched(serde_saphyr::from_str(mapping).expect("it is one"))),
    ];
    let taken = profiles.map(|(name, profile)| {
        let folder = folder.clone();
        Trial::test(format!("backstage_takes_every_entity_of_{name}"), move || takes_all(&folder, &profile))
    });
    let refused = Trial::test("backstage_refuses_what_our_own_rules_refuse", move || refuses(&folder));
    let trials = taken.into_iter().chain([refused]).map(|trial| trial.with_ignored_flag(skipped));
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// Where the packages are, or why they can't be run.
fn folder() -> Result<PathBuf, String> {
    installed::folder("UNDERSTUDY_VALIDATORS", "tests/validators/install.sh", "@backstage/catalog-model")
}

fn takes_all(folder: &Path, profile: &Profile) -> Result<(), Failed> {
    let (entities, scenarios): (Vec<String>, Vec<String>) = seen::entities(profile)?.into_iter().unzip();
    let answers = ask(folder, &entities)?;
    let refused = answers.iter().zip(&scenarios).zip(&entities).filter(|((answer, _), _)| !answer.is_empty());
    let refused: Vec<String> =
        refused.map(|((answer, scenario), entity)| format!("{scenario}: {answer}\n{entity}")).collect();
    if refused.is_empty() { Ok(()) } else { Err(refused.join("\n").into()) }
}

fn refuses(folder: &Path) -> Result<(), Failed> {
    let location = "url:http://localhost:31080/v1/apis";
    let good = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "API",
        "metadata": {
            "name": "good",
            "title": "Good",
            "annotations": {
                "backstage.io/managed-by-location": location,
                "backstage.io/managed-by-origin-location": location,
            },
        },
        "spec": {"type": "openapi", "lifecycle": "production", "owner": "platform", "definition": "{}"},
    });
    let changes = [
        ("/metadata/name", json!("ends-in-a-dash-")),
        ("/metadata/name", json!("倉庫")),
        ("/metadata/name", json!("a".repeat(64))),
        ("/metadata/title", json!("")),
        ("/metadata/description", json!(1)),
        ("/metadata/tags", json!(["v1.0"])),
        ("/metadata/tags", json!([format!("plan:{}", "a".repeat(59))])),
        ("/metadata/labels", json!({"a b": "x"})),
        ("/metadata/labels", json!({"a": "x y"})),
        ("/metadata/annotations", json!({"backstage.io/managed-by-location": location})),
        ("/metadata/links", json!([{"url": "not a url"}])),
        ("/metadata/links", json!([{"url": "https://a.example", "icon": "a b"}])),
        ("/spec/definition", json!("")),
        ("/spec/definition", json!(null)),
        ("/spec/definition", json!({"openapi": "3.0.3"})),
        ("/spec/owner", json!("")),
        ("/spec/lifecycle", json!("")),
        ("/spec/system", json!("")),
    ];
    let bad: Vec<Value> = changes.into_iter().map(|(path, value)| with(&good, path, value)).collect();
    let lines: Vec<String> = [&good].into_iter().chain(&bad).map(Value::to_string).collect();
    let answers = ask(folder, &lines)?;
    if !answers[0].is_empty() || validate_value(&good).is_err() {
        return Err(format!("the good one is refused: {}", answers[0]).into());
    }
    for (entity, answer) in bad.iter().zip(&answers[1..]) {
        if answer.is_empty() {
            return Err(format!("no release refuses {entity}").into());
        }
        if validate_value(entity).is_ok() {
            return Err(format!("ours do not refuse {entity}, but Backstage does: {answer}").into());
        }
    }
    Ok(())
}

/// The entity with one member changed.
fn with(entity: &Value, path: &str, value: Value) -> Value {
    let mut entity = entity.clone();
    let (parent, key) = path.rsplit_once('/').unwrap_or(("", path));
    if let Some(Value::Object(parent)) = entity.pointer_mut(parent) {
        parent.insert(key.to_owned(), value);
    }
    entity
}

/// What Backstage's checks say of each entity: nothing where they take it.
fn ask(folder: &Path, entities: &[String]) -> Result<Vec<String>, Failed> {
    // In a file, not a pipe: whoever writes all before reading waits for who has no room left to answer.
    let mut lines = tempfile::tempfile()?;
    lines.write_all((entities.join("\n") + "\n").as_bytes())?;
    std::io::Seek::rewind(&mut lines)?;
    let output = Command::new("node").arg("validate.mjs").current_dir(folder).stdin(lines).output()?;
    if !output.status.success() {
        return Err(format!("the checks ended early: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let answers: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    if answers.len() != entities.len() {
        return Err(format!("{} entities were shown, and {} answers came", entities.len(), answers.len()).into());
    }
    Ok(answers)
}
