//! The configuration that users of the plugin have already: Backstage's `app-config*.yaml` files.
//!
//! They are read as Backstage's config loader (`@backstage/config-loader` 1.11.5) reads them and as the plugin (0.0.74)
//! takes what it gets, so that a configuration which works there works here, and one that does not is told why.

mod keys;
mod merge;
mod mistake;
mod resolve;
mod source;

use std::path::PathBuf;

use crate::config::Config;
use mistake::Mistakes;
use resolve::{Value, What};

/// What Backstage's configuration files say of the portal, under `glooPlatformPortal.backend`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AppConfig {
    /// What a provider needs to know.
    pub config: Config,
    /// Whether the plugin is to log more: `debugLogging`.
    pub debug_logging: bool,
    /// What is not wrong and probably not what was meant, each with its place.
    pub warnings: Vec<String>,
}

/// A text of the section as the plugin would get it, variables substituted, and where it stands.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct AppConfigText<'t> {
    /// Its key: `portalServerUrl`.
    pub key: &'t str,
    /// It itself, which may be a secret.
    pub text: &'t str,
    /// Where it stands: `app-config.yaml:4:20`.
    pub place: &'t str,
}

/// What is wrong in the files: every mistake, each with its place and what to do. No value of a secret is shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", told(.mistakes, .warnings))]
#[non_exhaustive]
pub struct AppConfigError {
    /// Each mistake by itself.
    pub mistakes: Vec<String>,
    /// What else was found, which may be why.
    pub warnings: Vec<String>,
}

fn told(mistakes: &[String], warnings: &[String]) -> String {
    let warnings = warnings.iter().map(|warning| format!("warning: {warning}"));
    mistakes.iter().cloned().chain(warnings).collect::<Vec<_>>().join("\n\n")
}

impl AppConfig {
    /// Reads the files, as `--config` names them to Backstage: a later one wins over an earlier one, mapping by mapping.
    /// `env` gives variables, such as `|name| std::env::var(name).ok()`.
    ///
    /// `${VAR}`, `${VAR:-default}` and `$${escaped}` are substituted, and `$env`, `$file` and `$include` included, as
    /// Backstage does. What else the files hold is not looked at.
    ///
    /// | key | what it is |
    /// |---|---|
    /// | `portalServerUrl` | the portal's REST server, with `/v1`; `http://localhost:31080/v1` where it is not there |
    /// | `tokenEndpoint` | where tokens come from; wins over `issuerUrl` |
    /// | `issuerUrl` | ours: the issuer, whose token endpoint is then discovered |
    /// | `clientId`, `clientSecret` | the OAuth client |
    /// | `clientAuth` | ours: how the client proves itself, `body`, `basic` or `private_key_jwt`; `body` where it is not there |
    /// | `clientKeyFile` | ours: with `private_key_jwt`, a file with the client's private key in PEM |
    /// | `clientKeyId`, `assertionAudience` | ours: the key's `kid`, and whom assertions are for, in place of the token endpoint |
    /// | `scope`, `audience` | ours: the scopes and the audience to ask for |
    /// | `caFile` | ours: a PEM file of further root certificates, as seen from the folder of the file that names it, as all paths are |
    /// | `profile`, `mapping` | ours: `plugin` or `enriched`, and the [`Mapping`](crate::Mapping) of the latter |
    /// | `stateFile` | ours: a file for the last good state |
    /// | `syncFrequency`, `syncTimeout` | the sum of `hours`, `minutes`, `seconds` and `milliseconds`; 5 minutes and 30 s where that is nothing |
    /// | `debugLogging` | whether to log more |
    ///
    /// # Errors
    /// When a file can't be read, a value can't be used, or one that is needed is missing; all of it at once.
    pub fn read(files: &[PathBuf], env: impl Fn(&str) -> Option<String>) -> Result<Self, AppConfigError> {
        Self::read_mended(files, env, |_| None)
    }

    /// The same, but that each text of the section passes by `mend`, which may put another in its place: for who looks
    /// closer at what is written, and wants to go on with what was meant.
    ///
    /// # Errors
    /// As [`read`](Self::read), for what is wrong after it was mended.
    pub fn read_mended(
        files: &[PathBuf],
        env: impl Fn(&str) -> Option<String>,
        mut mend: impl FnMut(AppConfigText<'_>) -> Option<String>,
    ) -> Result<Self, AppConfigError> {
        let mut mistakes = Mistakes::default();
        let mut merged = None;
        for file in files {
            let value = resolve::section(file, &env, &mut mistakes);
            merged = merge::over(value, merged);
        }
        if let Some(Value { what: What::Map(members), .. }) = &mut merged {
            members.iter_mut().for_each(|(key, value)| mend_text(key, value, &mut mend));
        }
        let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let read = keys::read(merged, &files, &mut mistakes);
        let Mistakes { errors, warnings } = mistakes;
        match read {
            Some((config, debug_logging)) if errors.is_empty() => Ok(Self { config, debug_logging, warnings }),
            _ => Err(AppConfigError { mistakes: errors, warnings }),
        }
    }
}

fn mend_text(key: &str, value: &mut Value, mend: &mut impl FnMut(AppConfigText<'_>) -> Option<String>) {
    let What::Text { text, .. } = &mut value.what else { return };
    let place = format!("{}:{}:{}", value.place.source.name, value.place.line, value.place.column);
    if let Some(mended) = mend(AppConfigText { key, text, place: &place }) {
        *text = mended;
    }
}
