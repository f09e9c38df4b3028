//! The folders of npm's packages that scripts beside the tests make.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The folder that `variable` names, which `script` made and which holds `package`; or why nothing in it can be run.
pub(crate) fn folder(variable: &str, script: &str, package: &str) -> Result<PathBuf, String> {
    let folder = env::var_os(variable).ok_or_else(|| format!("{variable} is not set to a folder made by {script}"))?;
    let folder = std::path::absolute(&folder).map_err(|error| error.to_string())?;
    if !folder.join("node_modules").join(package).is_dir() {
        return Err(format!("{} holds no {package}; {script} puts it there", folder.display()));
    }
    let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !node.is_ok_and(|status| status.success()) {
        return Err("there is no `node` on the PATH".to_owned());
    }
    Ok(folder)
}
