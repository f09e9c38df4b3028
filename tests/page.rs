//! The page at the control port, read and used in a Chromium without a window.
//!
//! Needs Node, the packages in the folder that `UNDERSTUDY_PAGE` names, and a Chromium or Chrome, on the `PATH` or named by
//! `UNDERSTUDY_CHROMIUM`; says so and skips otherwise. Pictures of it in both colour schemes are left in that folder.

use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::json;
use understudy::scenarios::Secret;
use understudy::{Scenario, Stage};

/// What is shown, and the part of `tests/page/drive.mjs` that shows it.
const SHOWN: [(&str, &str); 15] = [
    ("the_catalog_is_shown_with_its_definitions", "catalog"),
    ("the_token_leaves_the_address_and_stays_in_the_tab", "address"),
    ("a_fault_is_put_in_force_met_told_and_lifted", "fault"),
    ("a_click_moves_no_button_from_under_the_pointer", "still"),
    ("the_clock_is_moved_by_clicks_and_by_hand", "clock"),
    ("the_journal_has_the_newest_first_and_can_be_filtered", "journal"),
    ("a_world_that_changes_is_seen_without_a_click", "world"),
    ("what_the_world_says_is_text_and_no_foreign_script_runs", "markup"),
    ("a_stage_that_does_not_answer_is_told_and_found_again", "lost"),
    ("no_secret_and_no_token_is_in_the_document", "secrets"),
    ("who_has_no_token_is_asked_for_it_and_a_wrong_one_is_refused", "entry"),
    ("the_keyboard_is_enough_and_keeps_its_focus", "keyboard"),
    ("in_light_colours_no_rule_of_accessibility_is_broken", "light"),
    ("in_dark_colours_no_rule_of_accessibility_is_broken", "dark"),
    ("on_a_phone_nothing_is_wider_than_the_screen", "phone"),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let tools = Tools::find();
    if let Err(why) = &tools {
        eprintln!("skipped: the page in Chromium: {why}");
    }
    let trials = SHOWN.into_iter().map(|(name, part)| {
        let tools = tools.clone();
        let is_skipped = tools.is_err();
        Trial::test(name, move || show(&tools?, part)).with_ignored_flag(is_skipped)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// What the page is read with.
#[derive(Clone)]
struct Tools {
    folder: PathBuf,
    chromium: PathBuf,
}

impl Tools {
    /// Where they are, or why there are none.
    fn find() -> Result<Self, String> {
        let folder = env::var_os("UNDERSTUDY_PAGE")
            .map(PathBuf::from)
            .ok_or("UNDERSTUDY_PAGE is not set to a folder made by tests/page/install.sh")?;
        let folder = std::path::absolute(&folder).map_err(|error| error.to_string())?;
        if !folder.join("node_modules/puppeteer-core").is_dir() {
            return Err(format!("{} holds no puppeteer-core; tests/page/install.sh puts it there", folder.display()));
        }
        let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !node.is_ok_and(|status| status.success()) {
            return Err("there is no `node` on the PATH".to_owned());
        }
        Ok(Self { folder, chromium: chromium()? })
    }
}

fn chromium() -> Result<PathBuf, String> {
    if let Some(named) = env::var_os("UNDERSTUDY_CHROMIUM") {
        let named = PathBuf::from(named);
        return named.is_file().then_some(named).ok_or("UNDERSTUDY_CHROMIUM names no file".to_owned());
    }
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let mut candidates = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.find(|candidate| candidate.is_file()).ok_or_else(|| {
        "there is no Chromium and no Chrome on the PATH; UNDERSTUDY_CHROMIUM can name one elsewhere".to_owned()
    })
}

/// Starts a stage, and has one part of the script read its page.
fn show(tools: &Tools, part: &str) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let scenario = Scenario::find("quickstart")?;
        let stage = Stage::builder(scenario).control_port(0).start().await?;
        let control = stage.control().ok_or("the stage has no control API")?;
        let account = stage.service_account()?;
        let told = json!({
            "page": control.page(),
            "control": control.url(),
            "token": control.token().expose(),
            "secret": account.secret.as_ref().map(Secret::expose),
            "portal": stage.portal_server_url(),
            "issuer": stage.issuer()?.issuer,
            "chromium": tools.chromium,
            "images": tools.folder,
        });
        let (folder, part) = (tools.folder.clone(), part.to_owned());
        tokio::task::spawn_blocking(move || drive(&folder, &part, &told.to_string())).await?
    })
}

fn drive(folder: &Path, part: &str, stage: &str) -> Result<(), Failed> {
    let mut input = tempfile::tempfile()?;
    input.write_all(stage.as_bytes())?;
    std::io::Seek::rewind(&mut input)?;
    let output = Command::new("node").args(["drive.mjs", part]).current_dir(folder).stdin(input).output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}
