//! The published plugin, driven in Node, syncs from the stage, and hands over what our provider hands over: started for
//! the sync, and kept for two of them.
//!
//! Needs Node, and the plugin in the folder that `UNDERSTUDY_PLUGIN` names; says so and skips otherwise.

#[path = "node/installed.rs"]
mod installed;
#[path = "plugin/portals.rs"]
mod portals;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use understudy::play::report::{Outcome, RunReport};
use understudy::play::{Measure, Options, Plan, Setup, Subject, run as run_plan};
use understudy::scenarios::bundled;
use understudy::{Scenario, Stage};

const PACKAGE: &str = "@solo.io/platform-portal-backstage-plugin-backend";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let plugin = plugin();
    if let Err(why) = &plugin {
        eprintln!("skipped: the plugin's tests: {why}");
    }
    let skipped = plugin.is_err();
    let folder = plugin.unwrap_or_default();
    let made_folder = folder.clone();
    let trials = bundled::all().iter().flat_map(|scenario| {
        ["okta", "keycloak"].map(|kind| {
            let (name, folder) = (scenario.name, folder.clone());
            Trial::test(format!("the_plugin_and_our_provider_agree_on_{name}_with_a_token_from_{kind}"), move || {
                agree(&folder, name, kind)
            })
            .with_ignored_flag(skipped)
        })
    });
    let judged = [("started_for_each_sync", false), ("kept", true)].into_iter().flat_map(|(way, keep)| {
        let (parity, debug) = (folder.clone(), folder.clone());
        [
            Trial::test(format!("the_plugin_{way}_passes_the_bundled_scenarios_by_its_own_entities"), move || {
                passes(&parity, keep)
            }),
            Trial::test(format!("the_plugin_{way}_with_debug_logging_is_found_to_write_its_token_down"), move || {
                leaks(&debug, keep)
            }),
        ]
        .map(|trial| trial.with_ignored_flag(skipped))
    });
    let made = Trial::test("the_plugin_and_our_provider_agree_on_a_thousand_made_portals", move || {
        portals::agree(&made_folder.join("node_modules").join(PACKAGE))
    })
    .with_ignored_flag(skipped);
    libtest_mimic::run(&arguments, trials.chain(judged).chain([made]).collect()).exit_code()
}

/// Where the plugin is, or why it can't be driven.
fn plugin() -> Result<PathBuf, String> {
    installed::folder("UNDERSTUDY_PLUGIN", "tests/plugin/install.sh", PACKAGE)
}

/// The plugin as a run's subject, with `more` on the driver's command line.
fn judge(folder: &Path, keep: bool, more: &str, plan: impl FnOnce(Subject) -> Plan) -> Result<RunReport, Failed> {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/drive-provider.mjs");
    let plugin = folder.join("node_modules").join(PACKAGE);
    let named = format!("exec:node '{}' '{}' {more}", driver.display(), plugin.display());
    let plan = plan(Subject::named(&named)?.with(Setup { keep, ..Setup::default() })?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    Ok(runtime.block_on(run_plan(&plan, |_| {}))?)
}

fn passes(folder: &Path, keep: bool) -> Result<(), Failed> {
    let scenarios = bundled::all().iter().map(bundled::Bundled::scenario).collect::<Result<Vec<_>, _>>()?;
    let options = Options { measure: Measure::Plugin, ..Options::default() };
    let report = judge(folder, keep, "", |subject| Plan { scenarios, subject, options, ..Plan::default() })?;
    match report.scenarios.iter().find(|scenario| scenario.outcome != Outcome::Passed) {
        None => Ok(()),
        Some(scenario) => Err(format!("{}: {:#?}", scenario.name, scenario.steps).into()),
    }
}

fn leaks(folder: &Path, keep: bool) -> Result<(), Failed> {
    let mut debug = tempfile::Builder::new().suffix(".yaml").tempfile()?;
    debug.write_all(b"glooPlatformPortal:\n  backend:\n    debugLogging: true\n")?;
    let (more, scenarios) = (format!("'{}'", debug.path().display()), vec![Scenario::find("quickstart")?]);
    let report = judge(folder, keep, &more, |subject| Plan::of(scenarios).subject(subject))?;
    let report = serde_json::to_string(&report.scenarios)?;
    if !report.contains("the subject wrote the bearer token where it can be read") {
        return Err(format!("no leak was found: {report}").into());
    }
    if report.contains("Bearer ey") || report.contains("backstage-dev-secret") {
        return Err("the report shows what it is to hide".into());
    }
    Ok(())
}

fn agree(folder: &Path, scenario: &str, kind: &str) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let stage = Stage::start(Scenario::find(scenario)?).await?;
        let issuer = stage.issuers().into_iter().find(|issuer| issuer.kind == kind).ok_or("no such issuer")?;
        let provider = understudy::provider::Provider::new(stage.provider_config(&issuer)?)?;
        let ours = serde_json::to_value(provider.sync().await?.mutation)?;
        let variables = stage.variables()?;
        let mut command = Command::new("node");
        command
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/drive-provider.mjs"))
            .arg(folder.join("node_modules").join(PACKAGE))
            .env_remove("UNDERSTUDY_APP_CONFIG")
            .envs(variables)
            .env("TOKEN_ENDPOINT", &issuer.token_endpoint);
        let theirs = tokio::task::spawn_blocking(move || drive(command)).await??;
        let ours = comparable(ours)?;
        for theirs in theirs {
            let theirs = comparable(theirs)?;
            if ours != theirs {
                return Err(format!("ours:\n{ours:#}\nthe plugin's:\n{theirs:#}").into());
            }
        }
        Ok(())
    })
}

/// Three mutations: of one sync, and of two by a driver that is kept.
fn drive(mut command: Command) -> Result<[Value; 3], String> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let once = run(command.stdin(Stdio::null()), "")?;
    let kept = run(command.stdin(Stdio::piped()).env("UNDERSTUDY_KEEP", "1"), "sync\nsync\n")?;
    match (&once[..], &kept[..]) {
        ([once], [first, second]) => Ok([once.clone(), first["mutations"][0].clone(), second["mutations"][0].clone()]),
        _ => Err(format!("one answer and two were to come, and these did: {once:?} {kept:?}")),
    }
}

/// The lines that the driver prints.
fn run(command: &mut Command, asked: &str) -> Result<Vec<Value>, String> {
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(asked.as_bytes()).map_err(|error| error.to_string())?;
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let log = String::from_utf8_lossy(&output.stderr);
    let answer = |line: &str| {
        let what = |error| format!("the driver printed no JSON ({error}); it said:\n{log}");
        serde_json::from_str(line).map_err(what)
    };
    let answers: Vec<Value> = String::from_utf8_lossy(&output.stdout).lines().map(answer).collect::<Result<_, _>>()?;
    if answers.is_empty() { Err(format!("the driver printed nothing; it said:\n{log}")) } else { Ok(answers) }
}

/// The mutation with each definition parsed: JavaScript reorders integer-like keys and rewrites numbers in its text.
fn comparable(mut mutation: Value) -> Result<Value, Failed> {
    let items = mutation["entities"].as_array_mut().ok_or("the mutation has no list of entities")?;
    for item in items {
        if let Some(definition) = item.pointer_mut("/entity/spec/definition") {
            let text = definition.as_str().ok_or("a definition that is no text")?;
            *definition = serde_json::from_str(text)?;
        }
    }
    Ok(mutation)
}
