//! The keys of the section, as the plugin takes them and as far as we have our own.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::mistake::{Mistake, Mistakes, unreadable};
use super::resolve::{Value, What};
use super::source::Place;
use crate::config::{ClientAuth, Config, ServerUrl, TokenEndpoint, UrlProblem};
use crate::entity::{Mapping, Profile};
use crate::quote;
use crate::schedule::Schedule;
use crate::small_file;
use crate::token::AssertionKey;

/// Where the plugin looks where it is told nothing.
const DEFAULT_PORTAL: &str = "http://localhost:31080/v1";
const SECTION: &str = "glooPlatformPortal.backend";
/// The plugin's keys, then ours.
const KEYS: [&str; 18] = [
    "portalServerUrl",
    "tokenEndpoint",
    "clientId",
    "clientSecret",
    "syncFrequency",
    "syncTimeout",
    "debugLogging",
    "issuerUrl",
    "clientAuth",
    "clientKeyFile",
    "clientKeyId",
    "assertionAudience",
    "scope",
    "audience",
    "caFile",
    "stateFile",
    "profile",
    "mapping",
];
/// The members of a length of time, and how many milliseconds one of each has.
const UNITS: [(&str, f64); 4] =
    [("hours", 3_600_000.0), ("minutes", 60_000.0), ("seconds", 1000.0), ("milliseconds", 1.0)];
const TOKEN_HELP: &str = "Okta: the authorization server's issuer with /v1/token after it. Keycloak: \
                          https://HOST/realms/REALM/protocol/openid-connect/token. Or give `issuerUrl`";

/// The configuration and whether the plugin is to log more; none where something that is needed is missing or wrong, which
/// is then among the mistakes.
pub(super) fn read(section: Option<Value>, files: &[String], mistakes: &mut Mistakes) -> Option<(Config, bool)> {
    let Some(Value { place, what }) = section else {
        if mistakes.errors.is_empty() {
            let message = format!("there is no `{SECTION}` in `{}`", files.join("`, `"));
            mistakes.error(Mistake::nowhere(message).help("`understudy up` prints one to start from"));
        }
        return None;
    };
    let What::Map(members) = what else {
        mistakes.error(Mistake::at(&place, format!("`{SECTION}` must be a mapping")));
        return None;
    };
    let mut section = Section { place, members, mistakes };
    section.warn_of_unknown();
    let portal = section.portal();
    let token_endpoint = section.token_endpoint();
    let client_id = section.needed("clientId", "it is the id of the portal's service account at the identity provider");
    let client_auth = section.client_auth();
    let client_secret = match client_auth {
        // Its key proves the client.
        Some(ClientAuth::PrivateKeyJwt(_)) => {
            Some(section.text("clientSecret").map(|(secret, _)| secret).unwrap_or_default())
        }
        _ => section.needed("clientSecret", "it is the secret of the portal's service account"),
    };
    let (scope, audience) = (section.text("scope"), section.text("audience"));
    let (ca_file, state_file) = (section.path("caFile"), section.path("stateFile"));
    let (schedule, profile) = (section.schedule(), section.profile());
    let debug_logging = section.boolean("debugLogging");
    let mut config = Config::new(portal?, token_endpoint?, client_id?, client_secret?);
    config.client_auth = client_auth?;
    config.scope = scope.map(|(scope, _)| scope);
    config.audience = audience.map(|(audience, _)| audience);
    config.ca_file = ca_file;
    config.state_file = state_file;
    config.schedule = schedule;
    config.profile = profile;
    Some((config, debug_logging))
}

struct Section<'m> {
    place: Place,
    members: Vec<(String, Value)>,
    mistakes: &'m mut Mistakes,
}

impl Section<'_> {
    fn get(&self, key: &str) -> Option<Value> {
        self.members.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone())
    }

    fn error(&mut self, place: &Place, message: impl Into<String>, help: &str) {
        self.mistakes.error(Mistake::at(place, message).help(help));
    }

    fn warn_of_unknown(&mut self) {
        for (key, value) in &self.members {
            if !KEYS.contains(&&**key) {
                let near = KEYS.iter().find(|known| known.eq_ignore_ascii_case(key));
                let near = near.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
                self.mistakes.warn(
                    Mistake::at(&value.place, format!("`{key}` is no key of `{SECTION}`{near}"))
                        .help(format!("what may stand there: `{}`", KEYS.join("`, `"))),
                );
            }
        }
    }

    /// A text that is not empty; none where there is none, or something else, which is told.
    fn text(&mut self, key: &str) -> Option<(String, Place)> {
        let Value { place, what } = self.get(key)?;
        match what {
            What::Text { text, .. } if text.is_empty() => {
                self.error(&place, format!("`{key}` is empty"), "leave it out, or give it a value");
                None
            }
            What::Text { text, unbraced } => {
                if let Some(name) = unbraced.filter(|name| text.contains(&format!("${name}"))) {
                    // In a secret a `$` may be one of its characters, and variables are in capital letters.
                    let is_variable = !name.bytes().any(|byte| byte.is_ascii_lowercase());
                    if key != "clientSecret" || (is_variable && text == format!("${name}")) {
                        self.mistakes.warn(
                            Mistake::at(
                                &place,
                                format!("Backstage takes `${name}` in `{key}` as it is written, not for a variable"),
                            )
                            .help(format!("a variable is written `${{{name}}}`")),
                        );
                    }
                }
                Some((text, place))
            }
            What::Null | What::Unset(_) | What::Told => None,
            What::Bool(_) | What::Number(_) => {
                self.error(&place, format!("`{key}` must be a text, and is {}", named(&what)), "put it in quotes");
                None
            }
            What::List | What::Map(_) => {
                self.error(&place, format!("`{key}` must be a text, and is {}", named(&what)), "give it one value");
                None
            }
        }
    }

    /// A text without which nothing can be asked.
    fn needed(&mut self, key: &str, meaning: &str) -> Option<String> {
        let before = self.mistakes.errors.len();
        let text = self.text(key);
        if text.is_none() && self.mistakes.errors.len() == before {
            self.missing(key, meaning);
        }
        text.map(|(text, _)| text)
    }

    fn missing(&mut self, key: &str, meaning: &str) {
        match self.get(key) {
            Some(Value { place, what: What::Unset(variable) }) => {
                self.error(&place, format!("`{key}` is left out, since `${{{variable}}}` is not set"), meaning);
            }
            Some(Value { what: What::Told, .. }) => {}
            _ => {
                let place = self.place.clone();
                self.error(&place, format!("`{SECTION}` has no `{key}`"), meaning);
            }
        }
    }

    fn url<T>(&mut self, key: &str, parse: impl Fn(&str) -> Result<T, UrlProblem>, help: &str) -> Option<T> {
        let (text, place) = self.text(key)?;
        match parse(&text) {
            Ok(url) => Some(url),
            Err(problem) => {
                self.error(&place, format!("`{key}` cannot be used: {problem}"), help);
                None
            }
        }
    }

    /// As the plugin takes it: one trailing slash dropped, nothing added, and a default.
    fn portal(&mut self) -> Option<ServerUrl> {
        let before = self.mistakes.errors.len();
        let help = format!("it is the address of the portal's REST server, such as {DEFAULT_PORTAL}");
        let url = self.url("portalServerUrl", ServerUrl::as_is, &help);
        if self.mistakes.errors.len() > before {
            return None;
        }
        let Some(url) = url else {
            let (place, why) = match self.get("portalServerUrl") {
                Some(Value { what: What::Told, .. }) => return None,
                Some(Value { place, what: What::Unset(variable) }) => {
                    (place, format!("`portalServerUrl` is left out, since `${{{variable}}}` is not set"))
                }
                _ => (self.place.clone(), format!("`{SECTION}` has no `portalServerUrl`")),
            };
            self.mistakes.warn(Mistake::at(&place, format!("{why}: as with the plugin, it is {DEFAULT_PORTAL} then")));
            return Some(ServerUrl::as_is(DEFAULT_PORTAL).expect("the default is a URL"));
        };
        if !url.as_str().ends_with("/v1")
            && let Some(Value { place, .. }) = self.get("portalServerUrl")
        {
            self.mistakes.warn(
                Mistake::at(&place, "`portalServerUrl` does not end in /v1, where portals have their REST API")
                    .help(format!("the plugin adds nothing to it; it is probably {url}/v1")),
            );
        }
        Some(url)
    }

    fn token_endpoint(&mut self) -> Option<TokenEndpoint> {
        let before = self.mistakes.errors.len();
        let endpoint = self.url("tokenEndpoint", TokenEndpoint::at, TOKEN_HELP);
        let issuer = self.url("issuerUrl", TokenEndpoint::issuer, "it is the `iss` of the issuer's tokens");
        let found = endpoint.or(issuer);
        if found.is_none() && self.mistakes.errors.len() == before {
            self.missing("tokenEndpoint", TOKEN_HELP);
        }
        found
    }

    fn client_auth(&mut self) -> Option<ClientAuth> {
        let Some((text, place)) = self.text("clientAuth") else { return Some(ClientAuth::default()) };
        match &*text {
            "body" => Some(ClientAuth::Body),
            "basic" => Some(ClientAuth::Basic),
            "private_key_jwt" => self.assertion_key(&place).map(ClientAuth::PrivateKeyJwt),
            _ => {
                let message = format!("`clientAuth` can't be {}", quote::name(&text));
                self.error(&place, message, "it is `body`, `basic` or `private_key_jwt`");
                None
            }
        }
    }

    /// The key in the file that `clientKeyFile` names, which is wanted at `place`.
    fn assertion_key(&mut self, place: &Place) -> Option<AssertionKey> {
        const HELP: &str = "it names a file with the client's private key in PEM, RSA or EC";
        let Some((name, at)) = self.text("clientKeyFile") else {
            self.error(place, "`private_key_jwt` needs `clientKeyFile`", HELP);
            return None;
        };
        let path = at.source.folder.join(name);
        let no_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is no text in UTF-8");
        let pem = small_file::read(&path).and_then(|pem| String::from_utf8(pem).map_err(no_text));
        let pem = match pem {
            Ok(pem) => SecretString::from(pem),
            Err(error) => {
                self.error(&at, format!("can't read `{}`: {}", path.display(), unreadable(&error)), HELP);
                return None;
            }
        };
        let mut key = match AssertionKey::from_pem(&pem) {
            Ok(key) => key,
            Err(problem) => {
                self.error(&at, format!("the key in `{}` can't be used: {problem}", path.display()), HELP);
                return None;
            }
        };
        if let Some((kid, _)) = self.text("clientKeyId") {
            key = key.with_kid(kid);
        }
        if let Some((audience, _)) = self.text("assertionAudience") {
            key = key.with_audience(audience);
        }
        Some(key)
    }

    /// A path as seen from the folder of the file that names it.
    fn path(&mut self, key: &str) -> Option<PathBuf> {
        self.text(key).map(|(path, place)| place.source.folder.join(path))
    }

    fn profile(&mut self) -> Profile {
        let mapping = self.get("mapping");
        let Some((text, place)) = self.text("profile") else {
            if let Some(Value { place, what: What::Map(_) }) = mapping {
                let message = "`mapping` says nothing without `profile: enriched`";
                self.mistakes.warn(Mistake::at(&place, message));
            }
            return Profile::default();
        };
        match (&*text, mapping) {
            ("plugin", _) => Profile::Plugin,
            ("enriched", None) => Profile::Enriched(Mapping::default()),
            ("enriched", Some(Value { place, what })) => match serde_json::from_value(json(what)) {
                Ok(mapping) => Profile::Enriched(mapping),
                Err(problem) => {
                    self.error(
                        &place,
                        format!("`mapping` can't be used: {problem}"),
                        "what it may say is in docs/enriched.md",
                    );
                    Profile::default()
                }
            },
            _ => {
                let message = format!("`profile` can't be {}", quote::name(&text));
                self.error(&place, message, "it is `plugin` or `enriched`");
                Profile::default()
            }
        }
    }

    fn schedule(&mut self) -> Schedule {
        let default = Schedule::default();
        let frequency = self.duration("syncFrequency").unwrap_or(default.frequency);
        let timeout = self.duration("syncTimeout").unwrap_or(default.timeout);
        Schedule { frequency, timeout }
    }

    /// The sum of its members; none where that is nothing.
    fn duration(&mut self, key: &str) -> Option<Duration> {
        const HELP: &str = "it has the members `hours`, `minutes`, `seconds` and `milliseconds`, such as {minutes: 5}";
        let Value { place, what } = self.get(key)?;
        let members = match what {
            What::Map(members) => members,
            What::Null | What::Unset(_) | What::Told => return None,
            what => {
                self.error(&place, format!("`{key}` must be a mapping, and is {}", named(&what)), HELP);
                return None;
            }
        };
        let mut millis = 0.0;
        for (unit, Value { place, what }) in members {
            let Some((_, each)) = UNITS.iter().find(|(known, _)| *known == unit) else {
                let message = format!("the plugin takes no `{unit}` in `{key}`");
                self.mistakes.warn(Mistake::at(&place, message).help(HELP));
                continue;
            };
            let amount = match &what {
                What::Null | What::Unset(_) | What::Told => continue,
                What::Number(number) => Some(*number),
                What::Text { text, .. } => text.trim().parse().ok(),
                _ => None,
            };
            match amount.filter(|amount: &f64| amount.is_finite() && *amount >= 0.0) {
                Some(amount) => millis += amount * each,
                None => self.error(&place, format!("`{unit}` of `{key}` must be a number, 0 or more"), HELP),
            }
        }
        (millis > 0.0).then(|| Duration::try_from_secs_f64(millis / 1000.0).unwrap_or(Duration::MAX))
    }

    /// As Backstage reads booleans.
    fn boolean(&mut self, key: &str) -> bool {
        let Some(Value { place, what }) = self.get(key) else { return false };
        let word = match &what {
            What::Null | What::Unset(_) | What::Told => return false,
            What::Bool(value) => return *value,
            What::Number(number) => number.to_string(),
            What::Text { text, .. } => text.trim().to_lowercase(),
            What::List | What::Map(_) => String::new(),
        };
        match &*word {
            "y" | "yes" | "true" | "1" | "on" => true,
            "n" | "no" | "false" | "0" | "off" => false,
            _ => {
                self.error(&place, format!("`{key}` must be true or false"), "leave it out for false");
                false
            }
        }
    }
}

fn named(what: &What) -> &'static str {
    match what {
        What::Null | What::Unset(_) | What::Told => "nothing",
        What::Bool(_) => "true or false",
        What::Number(_) => "a number",
        What::Text { .. } => "a text",
        What::List => "a list",
        What::Map(_) => "a mapping",
    }
}

/// The value without its places, for who reads it whole; an empty list in place of any, which nothing here has.
fn json(what: What) -> serde_json::Value {
    match what {
        What::Null | What::Unset(_) | What::Told => serde_json::Value::Null,
        What::Bool(value) => value.into(),
        What::Number(value) => value.into(),
        What::Text { text, .. } => text.into(),
        What::List => serde_json::Value::Array(Vec::new()),
        What::Map(members) => {
            let there = members.into_iter().filter(|(_, value)| !matches!(value.what, What::Null | What::Unset(_)));
            there.map(|(key, value)| (key, json(value.what))).collect::<serde_json::Map<_, _>>().into()
        }
    }
}
