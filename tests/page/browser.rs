//! A Chromium without a window, and what drives it: where they are, and how a script is told what to look at.

#[path = "../node/installed.rs"]
mod installed;

use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What pages are read with.
#[derive(Clone)]
pub(crate) struct Browser {
    /// The folder that `UNDERSTUDY_PAGE` names, where pictures are left.
    pub(crate) folder: PathBuf,
    /// The program.
    pub(crate) chromium: PathBuf,
}

impl Browser {
    /// Where it is, or why there is none.
    pub(crate) fn find() -> Result<Self, String> {
        let folder = installed::folder("UNDERSTUDY_PAGE", "tests/page/install.sh", "puppeteer-core")?;
        Ok(Self { folder, chromium: chromium()? })
    }

    /// Runs a part of a script in the folder, which reads on its standard input what it is told. What it prints, or what it
    /// found wrong.
    pub(crate) fn drive(&self, script: &Path, part: &str, told: &Value) -> Result<String, String> {
        let driven = || {
            let mut input = tempfile::tempfile()?;
            input.write_all(told.to_string().as_bytes())?;
            std::io::Seek::rewind(&mut input)?;
            Command::new("node").arg(script).arg(part).current_dir(&self.folder).stdin(input).output()
        };
        let output = driven().map_err(|error| format!("{} can't be run: {error}", script.display()))?;
        let said = |stream: &[u8]| String::from_utf8_lossy(stream).into_owned();
        if output.status.success() { Ok(said(&output.stdout)) } else { Err(said(&output.stderr)) }
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
