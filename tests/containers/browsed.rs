//! The same Backstage as a guest sees it, in a Chromium without a window.

use std::path::Path;

use libtest_mimic::Failed;
use serde_json::json;

use crate::Ground;
use crate::browser::Browser;

pub(crate) fn a_guest_sees_the_apis(ground: &Ground) -> Result<(), Failed> {
    browse(ground, "apis")
}

pub(crate) fn a_guest_reads_a_definition(ground: &Ground) -> Result<(), Failed> {
    browse(ground, "definition")
}

/// Has one part of the script look, once the catalog has what is to be seen.
fn browse(ground: &Ground, part: &'static str) -> Result<(), Failed> {
    let browser = Browser::find()?;
    ground.runtime.block_on(async {
        let together = ground.together().await?;
        together.shown().await?;
        let told = json!({
            "backstage": together.address().await?,
            "chromium": browser.chromium,
            "images": browser.folder,
        });
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("browse.mjs");
        let said = tokio::task::spawn_blocking(move || browser.drive(&script, part, &told)).await??;
        print!("{said}");
        Ok(())
    })
}
