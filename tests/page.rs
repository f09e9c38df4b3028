//! The page at the control port, read and used in a Chromium without a window.
//!
//! Needs Node, the packages in the folder that `UNDERSTUDY_PAGE` names, and a Chromium or Chrome, on the `PATH` or named by
//! `UNDERSTUDY_CHROMIUM`; says so and skips otherwise. Pictures of it in both colour schemes are left in that folder.

#[path = "page/browser.rs"]
mod browser;

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::json;
use understudy::scenarios::Secret;
use understudy::{Scenario, Stage};

use browser::Browser;

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
    let browser = Browser::find();
    if let Err(why) = &browser {
        eprintln!("skipped: the page in Chromium: {why}");
    }
    let trials = SHOWN.into_iter().map(|(name, part)| {
        let browser = browser.clone();
        let is_skipped = browser.is_err();
        Trial::test(name, move || show(&browser?, part)).with_ignored_flag(is_skipped)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// Starts a stage, and has one part of the script read its page.
fn show(browser: &Browser, part: &str) -> Result<(), Failed> {
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
            "chromium": browser.chromium,
            "images": browser.folder,
        });
        let (browser, part) = (browser.clone(), part.to_owned());
        let driven = move || browser.drive(Path::new("drive.mjs"), &part, &told);
        tokio::task::spawn_blocking(driven).await?.map(drop).map_err(Failed::from)
    })
}
