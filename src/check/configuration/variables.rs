//! The configuration by the Gloo guide's variables, all that is wrong with them told at once.

use std::collections::HashMap;
use std::path::PathBuf;

use understudy_provider::{Config, ConfigError, ServerUrl, TokenEndpoint};

use super::secrets;
use super::setting::{Setting, Slip, Value};
use super::{AGREEMENT, COMPLETE, ISSUER_MEANING, PORTAL_MEANING, Read, TOKEN_MEANING, disagreement, mend, url_slip};

/// Each variable, and what it is for.
const VARIABLES: [(&str, Setting); 8] = [
    ("PORTAL_SERVER_URL", Setting::Portal { adds_v1: false }),
    ("PORTAL_URL", Setting::Portal { adds_v1: true }),
    ("TOKEN_ENDPOINT", Setting::TokenEndpoint),
    ("ISSUER_URL", Setting::Issuer),
    ("CLIENT_ID", Setting::ClientId),
    ("CLIENT_SECRET", Setting::ClientSecret),
    ("SCOPE", Setting::Scope),
    ("CA_FILE", Setting::File),
];

pub(super) fn read(env: &dyn Fn(&str) -> Option<String>) -> Read {
    let mut read = Read::default();
    let mut values = HashMap::new();
    for (key, setting) in VARIABLES {
        let Some(text) = env(key).filter(|text| !text.trim().is_empty()) else { continue };
        let value = Value { setting, key, name: key, text: &text, is_trimmed: true };
        let (mended, slips) = mend(&value, env);
        read.slips.extend(slips);
        if setting == Setting::ClientSecret {
            read.secrets.extend(secrets(&text, &mended));
        }
        match problem(setting, &mended) {
            Some((problem, meaning)) => read.slips.push(url_slip(key, &problem, meaning)),
            None => drop(values.insert(key, mended)),
        }
    }
    if !values.contains_key("PORTAL_URL") && values.contains_key("PORTAL_SERVER_URL") {
        read.names.portal = "PORTAL_SERVER_URL".to_owned();
    }
    let value = |values: &HashMap<&str, String>, key: &str| values.get(key).cloned();
    read.slips.extend(disagreement(
        value(&values, "TOKEN_ENDPOINT").as_deref(),
        value(&values, "ISSUER_URL").as_deref(),
        &read.names,
    ));
    read.issuer = value(&values, "ISSUER_URL");
    read.ca_file = value(&values, "CA_FILE").map(PathBuf::from);
    match Config::from_vars(|key| value(&values, key)) {
        Ok(config) => take(&mut read, config),
        Err(ConfigError::Missing(missing)) => {
            // What is there and can't be used is told already.
            let is_told =
                |name: &str| name.split([' ', '(', ')']).any(|name| env(name).is_some_and(|it| !it.trim().is_empty()));
            for missing in missing.iter().filter(|missing| !is_told(missing.name)) {
                read.slips.push(Slip::fail(
                    &COMPLETE,
                    format!("{} is not set", missing.name),
                    sentence(missing.meaning),
                ));
            }
            partly(&mut read, &values);
        }
        Err(error @ ConfigError::Conflict { .. }) => {
            read.slips.push(Slip::fail(&AGREEMENT, error.to_string(), "Unset the one that is not meant."));
            // The one that is taken as it is.
            values.remove("PORTAL_URL");
            match Config::from_vars(|key| value(&values, key)) {
                Ok(config) => take(&mut read, config),
                Err(_) => partly(&mut read, &values),
            }
        }
        Err(error) => read.slips.push(Slip::fail(&COMPLETE, error.to_string(), "Set what is named there.")),
    }
    read
}

fn take(read: &mut Read, config: Config) {
    read.portal = Some(config.portal.clone());
    read.token_endpoint = Some(config.token_endpoint.clone());
    read.config = Some(config);
}

/// The servers that are named, where the rest is missing: they can be looked at all the same.
fn partly(read: &mut Read, values: &HashMap<&str, String>) {
    let server = values.get("PORTAL_SERVER_URL").and_then(|url| ServerUrl::as_is(url).ok());
    read.portal = server.or_else(|| values.get("PORTAL_URL").and_then(|url| ServerUrl::with_v1(url).ok()));
    let endpoint = values.get("TOKEN_ENDPOINT").and_then(|url| TokenEndpoint::at(url).ok());
    read.token_endpoint = endpoint.or_else(|| values.get("ISSUER_URL").and_then(|url| TokenEndpoint::issuer(url).ok()));
}

/// Why a value can't be used as what it is for.
fn problem(setting: Setting, text: &str) -> Option<(understudy_provider::UrlProblem, &'static str)> {
    match setting {
        Setting::Portal { .. } => ServerUrl::as_is(text).err().map(|problem| (problem, PORTAL_MEANING)),
        Setting::TokenEndpoint => TokenEndpoint::at(text).err().map(|problem| (problem, TOKEN_MEANING)),
        Setting::Issuer => TokenEndpoint::issuer(text).err().map(|problem| (problem, ISSUER_MEANING)),
        Setting::ClientId | Setting::ClientSecret | Setting::Scope | Setting::File => None,
    }
}

fn sentence(meaning: &str) -> String {
    format!("It is {}.", meaning.trim_end_matches('.'))
}
