//! The configuration by Backstage's files, all that is wrong in them told at once, with the place.

use std::path::{Path, PathBuf};

use understudy_provider::{AppConfig, ServerUrl, TokenEndpoint};

use super::setting::{Setting, Slip, Value};
use super::{COMPLETE, KEYS, Names, Read, UNSET, disagreement, mend, secrets};

pub(super) fn read(files: &[PathBuf], env: &dyn Fn(&str) -> Option<String>) -> Read {
    let mut read = Read { names: names(), ..Read::default() };
    let (mut portal, mut endpoint, mut issuer) = (None, None, None);
    let result = AppConfig::read_mended(files, env, |written| {
        let setting = match written.key {
            "portalServerUrl" => Setting::Portal { adds_v1: false },
            "tokenEndpoint" => Setting::TokenEndpoint,
            "issuerUrl" => Setting::Issuer,
            "clientId" => Setting::ClientId,
            "clientSecret" => Setting::ClientSecret,
            "scope" | "audience" => Setting::Scope,
            "caFile" => Setting::File,
            _ => return None,
        };
        let name = format!("`{}` ({})", written.key, written.place);
        let value = Value { setting, key: written.key, name: &name, text: written.text, is_trimmed: false };
        let (mended, slips) = mend(&value, env);
        read.slips.extend(slips);
        match setting {
            Setting::Portal { .. } => (portal, read.names.portal) = (Some(mended.clone()), name),
            Setting::TokenEndpoint => (endpoint, read.names.token_endpoint) = (Some(mended.clone()), name),
            Setting::Issuer => (issuer, read.names.issuer) = (Some(mended.clone()), name),
            Setting::ClientId => read.names.client_id = name,
            Setting::ClientSecret => {
                read.secrets.extend(secrets(written.text, &mended));
                read.names.client_secret = name;
            }
            Setting::Scope if written.key == "scope" => read.names.scope = name,
            Setting::Scope => {}
            Setting::File => {
                let file = written.place.rsplitn(3, ':').last().unwrap_or_default();
                read.ca_file = Some(Path::new(file).with_file_name(&mended));
                read.names.ca_file = name;
            }
        }
        Some(mended)
    });
    read.slips.extend(disagreement(endpoint.as_deref(), issuer.as_deref(), &read.names));
    read.issuer = issuer.clone().filter(|issuer| TokenEndpoint::issuer(issuer).is_ok());
    let warnings = match result {
        Ok(AppConfig { config, debug_logging, warnings, .. }) => {
            (read.portal, read.token_endpoint) = (Some(config.portal.clone()), Some(config.token_endpoint.clone()));
            (read.config, read.debug_logging) = (Some(config), debug_logging);
            warnings
        }
        Err(error) => {
            read.portal = portal.as_deref().and_then(|url| ServerUrl::as_is(url).ok());
            let endpoint = endpoint.as_deref().and_then(|url| TokenEndpoint::at(url).ok());
            read.token_endpoint =
                endpoint.or_else(|| issuer.as_deref().and_then(|url| TokenEndpoint::issuer(url).ok()));
            for mistake in error.mistakes {
                let (message, help) = parts(&mistake);
                let check = if is_unset(&message) { &UNSET } else { &COMPLETE };
                let remedy = match (is_unset(&message), help) {
                    (true, _) => SET_IT.to_owned(),
                    (false, Some(help)) => sentence(&help),
                    (false, None) if mistake.contains("-->") => MEND.to_owned(),
                    (false, None) => "Name the files that Backstage is started with by --config.".to_owned(),
                };
                read.slips.push(Slip::fail(check, message, remedy));
            }
            error.warnings
        }
    };
    for warning in warnings {
        let (message, help) = parts(&warning);
        // Those are told by checks of their own, which know what was meant, and what may be a secret.
        if message.contains("does not end in /v1") || message.contains("as it is written, not for a variable") {
            continue;
        }
        read.slips.push(if is_unset(&message) {
            Slip::fail(&UNSET, message, SET_IT)
        } else {
            let remedy = help.map_or_else(|| MEND.to_owned(), |help| sentence(&help));
            Slip::warn(&KEYS, message, remedy)
        });
    }
    read
}

const MEND: &str = "Mend the file at the place that is shown.";
const SET_IT: &str =
    "Set the variable where Backstage runs, and here. Backstage leaves a key out whose variable is not set.";

fn names() -> Names {
    Names {
        portal: "`portalServerUrl`".to_owned(),
        token_endpoint: "`tokenEndpoint`".to_owned(),
        issuer: "`issuerUrl`".to_owned(),
        client_id: "`clientId`".to_owned(),
        client_secret: "`clientSecret`".to_owned(),
        scope: "`scope`".to_owned(),
        ca_file: "`caFile`".to_owned(),
    }
}

fn is_unset(message: &str) -> bool {
    message.lines().next().is_some_and(|line| line.contains("is left out, since `${"))
}

/// A mistake as it is shown, without its help, and the help.
fn parts(shown: &str) -> (String, Option<String>) {
    let mut help = None;
    let mut lines: Vec<&str> = Vec::new();
    for line in shown.lines() {
        match line.trim_start().strip_prefix("= help: ") {
            Some(text) => help = Some(text.to_owned()),
            None => lines.push(line),
        }
    }
    while lines.last().is_some_and(|line| line.trim().is_empty() || line.trim() == "|") {
        lines.pop();
    }
    (lines.join("\n"), help)
}

fn sentence(help: &str) -> String {
    let mut characters = help.chars();
    let first = characters.next().map(char::to_uppercase).into_iter().flatten();
    let text: String = first.chain(characters).collect();
    if text.ends_with(['.', '/', '`']) { text } else { format!("{text}.") }
}
