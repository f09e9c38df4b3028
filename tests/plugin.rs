//! The published plugin, driven in Node, syncs from the stage, and hands over what our provider hands over.
//!
//! Needs Node, and the plugin in the folder that `UNDERSTUDY_PLUGIN` names; says so and skips otherwise.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use understudy::scenarios::bundled;
use understudy::{Scenario, Stage};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let plugin = plugin();
    if let Err(why) = &plugin {
        eprintln!("skipped: the plugin's tests: {why}");
    }
    let skipped = plugin.is_err();
    let folder = plugin.unwrap_or_default();
    let trials = bundled::all().iter().flat_map(|scenario| {
        ["okta", "keycloak"].map(|kind| {
            let (name, folder) = (scenario.name, folder.clone());
            Trial::test(format!("the_plugin_and_our_provider_agree_on_{name}_with_a_token_from_{kind}"), move || {
                agree(&folder, name, kind)
            })
            .with_ignored_flag(skipped)
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// Where the plugin is, or why it can't be driven.
fn plugin() -> Result<PathBuf, String> {
    let folder = std::env::var_os("UNDERSTUDY_PLUGIN")
        .map(PathBuf::from)
        .ok_or("UNDERSTUDY_PLUGIN is not set to a folder made by tests/plugin/install.sh")?;
    let folder = std::path::absolute(&folder).map_err(|error| error.to_string())?;
    if !folder.join("node_modules/@solo.io/platform-portal-backstage-plugin-backend").is_dir() {
        return Err(format!("{} holds no plugin; tests/plugin/install.sh puts it there", folder.display()));
    }
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !node.is_ok_and(|status| status.success()) {
        return Err("there is no `node` on the PATH".to_owned());
    }
    Ok(folder)
}

fn agree(folder: &Path, scenario: &str, kind: &str) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let stage = Stage::start(Scenario::find(scenario)?).await?;
        let issuer = stage.issuers().into_iter().find(|issuer| issuer.kind == kind).ok_or("no such issuer")?;
        let provider = understudy::provider::Provider::new(stage.provider_config(&issuer)?)?;
        let ours = serde_json::to_value(provider.sync().await?)?;
        let variables = stage.variables()?;
        let mut command = Command::new("node");
        command
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plugin/drive.cjs"))
            .arg(folder)
            .envs(variables)
            .env("TOKEN_ENDPOINT", &issuer.token_endpoint);
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let log = String::from_utf8_lossy(&output.stderr);
        let theirs: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("the plugin handed over no mutation ({error}); it said:\n{log}"))?;
        let (ours, theirs) = (comparable(ours)?, comparable(theirs)?);
        if ours != theirs {
            return Err(format!("ours:\n{ours:#}\nthe plugin's:\n{theirs:#}\nit said:\n{log}").into());
        }
        Ok(())
    })
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
