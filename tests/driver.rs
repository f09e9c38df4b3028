//! `examples/drive-provider.mjs`: every way in which Backstage's providers are made, and what is told of each.
//!
//! Needs Node; says so and skips otherwise.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Output, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};

type Check = fn() -> Result<(), Failed>;

const CHECKS: [(&str, Check); 9] = [
    ("a_class_is_constructed_as_the_plugin_is_and_reads_the_app_config", reads_the_app_config),
    ("a_config_file_goes_over_the_app_config_with_variables_put_in", reads_more_config),
    ("without_an_app_config_the_guides_variables_make_one", reads_the_variables),
    ("a_class_with_from_config_is_made_by_it_and_all_its_tasks_run", makes_from_config),
    ("a_function_makes_a_provider_which_may_schedule_its_sync_later", makes_by_function),
    ("a_provider_that_schedules_nothing_is_told_so", tells_of_no_sync),
    ("a_rejection_that_nobody_handles_is_the_syncs_error", tells_of_rejections),
    ("a_sync_that_fails_after_it_has_applied_something_tells_both", tells_both),
    ("a_kept_driver_answers_each_sync_with_a_line", answers_each_sync),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let skipped = !node.is_ok_and(|status| status.success());
    if skipped {
        eprintln!("skipped: the driver's tests: there is no `node` on the PATH");
    }
    let trials = CHECKS.map(|(name, check)| Trial::test(name, check).with_ignored_flag(skipped));
    libtest_mimic::run(&arguments, trials.into()).exit_code()
}

/// The driver on a module of `tests/subjects`, with an environment of its own.
fn drive(module: &str) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("node");
    command.arg(root.join("examples/drive-provider.mjs")).arg(format!("./tests/subjects/{module}")).current_dir(root);
    for name in ["UNDERSTUDY_APP_CONFIG", "UNDERSTUDY_KEEP", "PORTAL_SERVER_URL", "CLIENT_SECRET"] {
        command.env_remove(name);
    }
    command
}

fn printed(command: &mut Command) -> Result<(Value, String), Failed> {
    let Output { status, stdout, stderr } = command.output()?;
    let log = String::from_utf8(stderr)?;
    if !status.success() {
        return Err(format!("{status}: {log}").into());
    }
    Ok((serde_json::from_slice(&stdout)?, log))
}

/// What a one-shot run that applies nothing says last.
fn refusal(command: &mut Command) -> Result<String, Failed> {
    let Output { status, stdout, stderr } = command.output()?;
    if status.success() || !stdout.is_empty() {
        return Err(format!("it applied {}", String::from_utf8_lossy(&stdout)).into());
    }
    let log = String::from_utf8(stderr)?;
    Ok(log.lines().last().unwrap_or_default().to_owned())
}

fn same(found: &Value, wanted: &Value) -> Result<(), Failed> {
    if found == wanted { Ok(()) } else { Err(format!("found {found:#}\nwanted {wanted:#}").into()) }
}

/// A file with this text, which goes when it is dropped.
fn file(text: &str) -> Result<tempfile::NamedTempFile, Failed> {
    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile()?;
    file.write_all(text.as_bytes())?;
    Ok(file)
}

/// As `understudy up` prints it, with what needs care.
const APP_CONFIG: &str = r#"glooPlatformPortal:
  backend:
    portalServerUrl: http://localhost:31080/v1
    # keycloak: http://localhost:31090/realms/gloo
    clientSecret: "it's $${HOME} # \"quoted\""
    syncFrequency:
      hours: 0
      seconds: 10
    debugLogging: false
"#;

fn reads_the_app_config() -> Result<(), Failed> {
    let app_config = file(APP_CONFIG)?;
    let (mutation, log) = printed(drive("scheduled.mjs").env("UNDERSTUDY_APP_CONFIG", app_config.path()))?;
    same(
        &mutation,
        &json!({ "type": "full", "entities": [{ "entity": { "kind": "API", "read": {
            "url": "http://localhost:31080/v1", "secret": "it's ${HOME} # \"quoted\"",
            "seconds": 10, "debug": false, "missing": false,
        } } }] }),
    )?;
    let is_logged = |line: &str| log.lines().any(|logged| logged == line);
    if is_logged("what a provider prints is no answer")
        && is_logged("info: syncing { target: 'scheduled', portal: 'http://localhost:31080/v1' }")
    {
        return Ok(());
    }
    Err(log.into())
}

fn reads_more_config() -> Result<(), Failed> {
    let app_config = file(APP_CONFIG)?;
    let over = file(
        "own: # of the provider itself\n  key: 'at ${PORTAL_SERVER_URL}'\n  missing: ${UNDERSTUDY_UNSET}\n\
         glooPlatformPortal:\n  backend:\n    debugLogging: \"yes\"\n",
    )?;
    let mut command = drive("scheduled.mjs#Scheduled");
    command.arg(over.path()).env("UNDERSTUDY_APP_CONFIG", app_config.path()).env("PORTAL_SERVER_URL", "http://p/v1");
    let (mutation, _) = printed(&mut command)?;
    let read = &mutation["entities"][0]["entity"]["read"];
    same(&read["own"], &json!("at http://p/v1"))?;
    same(&read["missing"], &json!(false))?;
    same(&read["debug"], &json!(true))
}

fn reads_the_variables() -> Result<(), Failed> {
    let mut command = drive("scheduled.mjs");
    let (mutation, _) = printed(command.env("PORTAL_SERVER_URL", "http://p/v1").env("CLIENT_SECRET", "s"))?;
    let read = &mutation["entities"][0]["entity"]["read"];
    same(&json!([read["url"], read["secret"]]), &json!(["http://p/v1", "s"]))
}

fn makes_from_config() -> Result<(), Failed> {
    let (answer, _) = printed(&mut drive("ways.cjs#FromConfig"))?;
    let mutations = answer["mutations"].as_array().ok_or("no list of mutations")?;
    let names: Vec<&Value> = mutations.iter().map(|mutation| &mutation["added"][0]["entity"]["name"]).collect();
    // Each by its own task and by the task that triggers it.
    same(&json!(names), &json!(["one", "one", "other", "other"]))
}

fn makes_by_function() -> Result<(), Failed> {
    let (mutation, _) = printed(&mut drive("ways.cjs#made"))?;
    same(&mutation["added"][0]["entity"]["name"], &json!("made"))
}

fn tells_of_no_sync() -> Result<(), Failed> {
    let said = refusal(drive("ways.cjs#silent").env("DRIVE_PATIENCE_MS", "50"))?;
    same(&json!(said), &json!("the provider has scheduled no sync"))
}

fn tells_of_rejections() -> Result<(), Failed> {
    let said = refusal(&mut drive("ways.cjs#rejecting"))?;
    same(&json!(said), &json!("the provider has scheduled no sync; no token: connect ECONNREFUSED"))
}

fn tells_both() -> Result<(), Failed> {
    let (answer, _) = printed(&mut drive("ways.cjs#throwing"))?;
    same(&answer["error"], &json!("Not initialized"))?;
    same(&answer["mutations"][0]["type"], &json!("delta"))
}

fn answers_each_sync() -> Result<(), Failed> {
    let mut command = drive("ways.cjs#throwing");
    command.env("UNDERSTUDY_KEEP", "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    child.stdin.take().ok_or("no standard input")?.write_all(b"sync\nsync\n")?;
    let output = child.wait_with_output()?;
    let lines = String::from_utf8(output.stdout)?;
    let line = r#"{"mutations":[{"type":"delta","added":[{"entity":{"kind":"API","name":"throwing"}}],"removed":[]}],"error":"Not initialized"}"#;
    same(&json!(lines.lines().collect::<Vec<_>>()), &json!([line, line]))
}
