//! Backstage's configuration files, as users have them: what is read, and what is told of them.

#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may what they share")]

mod any_text;
mod mistakes;
mod reading;
mod warnings;

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;
use understudy_provider::{AppConfig, AppConfigError, AppConfigText};

/// A section in which nothing is missing.
pub(crate) const WHOLE: &str = "\
glooPlatformPortal:
  backend:
    portalServerUrl: https://portal.example/v1
    tokenEndpoint: https://idp.example/token
    clientId: backstage
    clientSecret: marker-secret
";

/// Files in a folder of their own, and variables.
#[derive(Default)]
pub(crate) struct Files {
    folder: Option<TempDir>,
    named: Vec<PathBuf>,
    variables: Vec<(&'static str, &'static str)>,
}

impl Files {
    /// Files that are named to the reader as `--config` names them, in this order.
    pub(crate) fn of(texts: &[&str]) -> Self {
        let mut files = Self::default();
        for (at, text) in texts.iter().enumerate() {
            let path = files.write(&format!("app-config.{at}.yaml"), text);
            files.named.push(path);
        }
        files
    }

    /// One that lies beside them.
    pub(crate) fn beside(mut self, name: &str, text: &str) -> Self {
        self.write(name, text);
        self
    }

    pub(crate) fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    fn write(&mut self, name: &str, text: &str) -> PathBuf {
        let folder = self.folder.get_or_insert_with(|| tempfile::tempdir().unwrap());
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn try_read(&self) -> Result<AppConfig, AppConfigError> {
        let variable = |name: &str| self.variables.iter().find(|(known, _)| *known == name);
        AppConfig::read(&self.named, |name| variable(name).map(|(_, value)| (*value).to_owned()))
    }

    /// With each text that stands there passed by `mend`.
    pub(crate) fn read_mended(&self, mend: impl FnMut(AppConfigText<'_>) -> Option<String>) -> AppConfig {
        AppConfig::read_mended(&self.named, |_| None, mend).unwrap_or_else(|error| panic!("{error}"))
    }

    pub(crate) fn read(&self) -> AppConfig {
        self.try_read().unwrap_or_else(|error| panic!("{error}"))
    }

    /// What is wrong, with the folder left out.
    pub(crate) fn wrong(&self) -> String {
        self.without_folder(&self.try_read().expect_err("it must not be read").to_string())
    }

    pub(crate) fn warned(&self) -> String {
        self.without_folder(&self.read().warnings.join("\n\n"))
    }

    fn without_folder(&self, text: &str) -> String {
        let folder = self.folder.as_ref().unwrap().path().display().to_string();
        text.replace(&format!("{folder}/"), "")
    }
}
