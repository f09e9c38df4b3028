//! The log of a Backstage with the plugin, and what its lines mean.

mod lines;
mod reading;

use std::fs::File;
use std::io;
use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretString};
use understudy_provider::FailureKind;

use super::catalogue::{Check, Part};
use super::examination::{Beside, Examination};
use super::finding::Status;
use super::plan::LogSource;
use lines::Line;
use reading::{Reading, Seen, read};

const AGAIN: &str = "Take it from the backend's start: `kubectl logs deploy/backstage | understudy check --log -`.";
const REGISTER: &str = "Add the plugin in packages/backend/src/index.ts, before `backend.start()`: `createBackendModule` with \
     `pluginId: 'catalog'`, which hands a `new GlooPlatformPortalProvider(logger, config, scheduler)` to \
     `catalog.addEntityProvider`; build and deploy the image anew.";
const LEVEL: &str = "Where it is there, the log may leave out its lines: they are of level info.";
const LOAD_CONFIG: &str = "Have Backstage load the file with `glooPlatformPortal.backend`: each is named by a `--config` of its \
     command, and a command with one loads no app-config.local.yaml by itself; in Kubernetes look at the container's `args` and \
     mounted ConfigMap.";
const UNSET: &str = "Where the key is in the file as `${VARIABLE}`, the variable is not set in Backstage's process, and the \
     whole key is then left out.";
const TOKEN: &str = "Mend what the identity provider says (`understudy check --only client` asks it the same), then restart \
     Backstage: the plugin asks for its first token once, and never syncs without.";
const REACH: &str = "From Backstage's own container the token endpoint must resolve and answer: `localhost` is the container \
     itself; a certificate of a private authority needs NODE_EXTRA_CA_CERTS, a proxy NODE_USE_ENV_PROXY=1. Then restart \
     Backstage: the plugin asks for its first token once.";
const JWT: &str = "Have the identity provider give JWTs. Okta: take a custom authorization server, such as \
     https://HOST/oauth2/default/v1/token, not the org's. Then restart Backstage.";
const EXP: &str =
    "Have the identity provider give tokens with an `exp`: without, the plugin asks for a new one without pause.";
const CLOCK: &str = "Set the clocks right (NTP on the nodes of Backstage and of the identity provider), and the lifetime of \
     access tokens to 5 minutes or more (Okta: Security > API > the server > Access Policies > the rule; Keycloak: Realm \
     settings > Tokens > Access Token Lifespan). Then restart Backstage: the plugin does not ask again.";
const RESTART: &str = "Restart Backstage. Where it comes again, look at `log.token`: a refresh of the token that failed once \
     is never repeated.";
const WAIT: &str = "Nothing, where the catalog fills up one syncFrequency later. Where that is long, set syncFrequency to some \
     seconds: the first sync after a start comes before the catalog has connected the plugin.";
const SEE_LIST: &str = "`understudy check --only portal,content` asks the portal the same and tells what is wrong. Until \
     then the catalog lacks the API at which the plugin stopped, and all after it.";
const SPEC_SOURCE: &str = "The portal could not fetch the document itself: look at the ApiDoc of that API, and whether the portal \
     reaches the service that serves its schema.";
const LONGER: &str = "Raise glooPlatformPortal.backend.syncTimeout above what `content.sync-time` says: the plugin asks for one \
     document after the other.";
const RENAME: &str = "Rename the API in the portal (its ApiProduct or version), so that its id is 1 to 62 characters of \
     [A-Za-z0-9-_.] and ends in a letter or digit, and give it a document.";
const TAKEN: &str = "Remove one of the two: delete the location that gives the other entity in Backstage (its page > ⋮ > \
     Unregister entity), or rename the API in the portal.";
const NO_DEBUG: &str = "Set glooPlatformPortal.backend.debugLogging to false and restart Backstage; remove the log from where it \
     is kept, or let the token expire before anybody reads it.";
const ROTATE: &str = "Give the client a new secret (Okta: Applications > the app > General > Client Credentials > Generate new \
     secret; Keycloak: Clients > the client > Credentials > Regenerate), and remove the log from where it is kept.";

static READABLE: Check = Check {
    id: "log.readable",
    part: Part::Log,
    title: "The log can be read, and has lines",
    fails_when: "The file can't be read, or is empty.",
    remedies: &[AGAIN],
    needs: &[],
};
static PLUGIN: Check = Check {
    id: "log.plugin",
    part: Part::Log,
    title: "The plugin is loaded",
    fails_when: "No line of the log is the plugin's; its lines have `gloo-platform-portal:` in them.",
    remedies: &[REGISTER, LEVEL],
    needs: &["log.readable"],
};
static CONFIGURATION: Check = Check {
    id: "log.configuration",
    part: Part::Log,
    title: "The plugin finds its configuration",
    fails_when: "The plugin says that `glooPlatformPortal.backend`, or a key of it, is not there.",
    remedies: &[LOAD_CONFIG, UNSET],
    needs: &["log.plugin"],
};
static TOKEN_REQUEST: Check = Check {
    id: "log.token",
    part: Part::Log,
    title: "The plugin gets a token that it can read",
    fails_when: "What the token request threw was caught by nobody: it was refused, reached nobody, or gave no JWT.",
    remedies: &[TOKEN, REACH, JWT],
    needs: &["log.readable"],
};
static EXPIRY: Check = Check {
    id: "log.token-expiry",
    part: Part::Log,
    title: "The plugin's token is good when it comes, and ends some time",
    fails_when: "The plugin says that its token is expired already, or has no `exp`.",
    remedies: &[CLOCK, EXP],
    needs: &["log.plugin"],
};
static SCHEDULED: Check = Check {
    id: "log.scheduled",
    part: Part::Log,
    title: "The sync is scheduled",
    fails_when: "The plugin started, and Backstage's scheduler never tells of `run_gloo_platform_portal_refresh`.",
    remedies: &[TOKEN],
    needs: &["log.plugin"],
};
static NOT_INITIALIZED: Check = Check {
    id: "log.not-initialized",
    part: Part::Log,
    title: "Syncs find the plugin connected, and with a token",
    fails_when: "A sync ended with `Not initialized`. Once after a start is a warning.",
    remedies: &[WAIT, CLOCK, RESTART],
    needs: &["log.readable"],
};
static LIST: Check = Check {
    id: "log.list",
    part: Part::Log,
    title: "The plugin can read the list and the documents",
    fails_when: "The plugin could not get the APIs, a document, or make an entity; its `Error: {}` says nothing of why.",
    remedies: &[SEE_LIST],
    needs: &["log.plugin"],
};
static SCHEMA: Check = Check {
    id: "log.schema",
    part: Part::Log,
    title: "The portal has a document for each API",
    fails_when: "The portal told the plugin that it could not fetch a document.",
    remedies: &[SPEC_SOURCE],
    needs: &["log.plugin"],
};
static TIMEOUT: Check = Check {
    id: "log.timeout",
    part: Part::Log,
    title: "A sync ends within syncTimeout",
    fails_when: "Backstage's scheduler ended a sync that took too long.",
    remedies: &[LONGER],
    needs: &["log.readable"],
};
static REFUSED: Check = Check {
    id: "log.refused",
    part: Part::Log,
    title: "The catalog takes the API entities",
    fails_when: "The catalog refused an API entity by one of its rules, or could not take it in.",
    remedies: &[RENAME],
    needs: &["log.readable"],
};
static CONFLICT: Check = Check {
    id: "log.conflict",
    part: Part::Log,
    title: "Nobody else gives entities of the same names",
    fails_when: "The catalog says that an entity of the plugin's is referenced by another location already.",
    remedies: &[TAKEN],
    needs: &["log.readable"],
};
static SECRETS: Check = Check {
    id: "log.secrets",
    part: Part::Log,
    title: "No token and no client secret is in the log",
    fails_when: "A bearer token, or the client's secret where it is known, stands in the log.",
    remedies: &[NO_DEBUG, ROTATE],
    needs: &["log.readable"],
};

/// The checks of this part, in the order in which they are made.
pub(super) static CHECKS: &[&Check] = &[
    &READABLE,
    &PLUGIN,
    &CONFIGURATION,
    &TOKEN_REQUEST,
    &EXPIRY,
    &SCHEDULED,
    &NOT_INITIALIZED,
    &LIST,
    &SCHEMA,
    &TIMEOUT,
    &REFUSED,
    &CONFLICT,
    &SECRETS,
];

pub(super) async fn examine(exam: &mut Examination) {
    let Some(source) = exam.log.clone() else { return };
    let name = match &source {
        LogSource::File(path) => path.display().to_string(),
        LogSource::Stdin => "standard input".to_owned(),
    };
    let secret = exam.config.as_ref().map(|config| config.client_secret.clone());
    let secret = secret.filter(|secret| secret.expose_secret().len() >= 6);
    // A file may be long, and standard input may come slowly.
    let reading = tokio::task::spawn_blocking(move || from(&source, secret.as_ref())).await;
    let reading = match reading.unwrap_or_else(|error| Err(io::Error::other(error))) {
        Ok(reading) if reading.lines > 0 => reading,
        result => {
            let why = match result {
                Ok(_) => "it is empty".to_owned(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => "there is no such file".to_owned(),
                Err(error) => error.to_string(),
            };
            let beside =
                Beside { remedy: Some(AGAIN.into()), kind: Some(FailureKind::Configuration), ..Beside::default() };
            exam.found(&READABLE, Status::Fail, format!("{name} can't be used: {why}"), beside);
            return;
        }
    };
    exam.pass(&READABLE, format!("{name} has {} lines, {} of them the plugin's", reading.lines, reading.of_plugin));
    if reading.of_plugin == 0 {
        let message = format!("no line is the plugin's, of {}: it is not loaded", reading.lines);
        exam.fail(&PLUGIN, message, format!("{REGISTER} {LEVEL}"));
    } else {
        start(exam, &reading);
    }
    token(exam, &reading);
    not_initialized(exam, &reading);
    if exam.holds(&PLUGIN) {
        list(exam, &reading);
    }
    catalog(exam, &reading);
    secrets(exam, &reading);
}

fn from(source: &LogSource, secret: Option<&SecretString>) -> io::Result<Reading> {
    let secret = secret.map(SecretString::expose_secret);
    match source {
        LogSource::File(path) => read(open(path)?, secret),
        LogSource::Stdin => read(io::stdin().lock(), secret),
    }
}

fn open(path: &PathBuf) -> io::Result<File> {
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    File::open(path)
}

/// How the plugin starts: its configuration, and whether it ever syncs.
fn start(exam: &mut Examination, reading: &Reading) {
    let started = match reading.seen(Line::Initializing) {
        Some(seen) => format!("it started: {}", seen.places()),
        None => "its lines are there, though none of its start: the log begins later".to_owned(),
    };
    exam.pass(&PLUGIN, started);
    match (reading.seen(Line::NoConfig), reading.seen(Line::NoKey)) {
        (Some(seen), _) => {
            exam.fail(
                &CONFIGURATION,
                format!("the plugin was given no configuration at all ({})", seen.places()),
                LOAD_CONFIG,
            );
        }
        (None, Some(seen)) => {
            let message = format!("`glooPlatformPortal.backend` has no {} ({})", seen.named(), seen.places());
            exam.fail(&CONFIGURATION, message, format!("{LOAD_CONFIG} {UNSET}"));
        }
        (None, None) => exam.pass(&CONFIGURATION, "the plugin misses no key"),
    }
    match (reading.seen(Line::TokenExpired), reading.seen(Line::NoExp)) {
        (Some(seen), _) => {
            let message =
                format!("the token counted as expired when it came ({}), so that no sync works", seen.places());
            exam.fail(&EXPIRY, message, CLOCK);
        }
        (None, Some(seen)) => {
            exam.fail(&EXPIRY, format!("the token has no `exp` ({})", seen.places()), EXP);
        }
        (None, None) => exam.pass(&EXPIRY, "the plugin says nothing against its token"),
    }
    match (reading.seen(Line::Initializing), reading.seen(Line::Scheduled)) {
        (_, Some(seen)) => exam.pass(&SCHEDULED, format!("its task was registered: {}", seen.places())),
        (Some(seen), None) => {
            let message = format!(
                "the plugin started ({}), and its sync was never scheduled up to line {}, the last: no first token came",
                seen.places(),
                reading.lines
            );
            exam.fail(&SCHEDULED, message, TOKEN);
        }
        (None, None) => exam.skip(&SCHEDULED, "the log does not go back to the plugin's start"),
    }
}

fn token(exam: &mut Examination, reading: &Reading) {
    let known = [
        (Line::TokenRefused, "the token request failed", TOKEN),
        (Line::TokenUnreachable, "the token endpoint could not be reached", REACH),
        (Line::TokenOpaque, "the token is no JWT, and the plugin can't read it", JWT),
    ];
    let mut is_well = true;
    for (line, what, remedy) in known {
        let Some(seen) = reading.seen(line) else { continue };
        is_well = false;
        let why = if seen.names.is_empty() { String::new() } else { format!(": {}", seen.named()) };
        exam.fail(&TOKEN_REQUEST, format!("{what}{why} ({})", seen.places()), remedy);
    }
    if is_well {
        exam.pass(&TOKEN_REQUEST, "no token request failed");
    }
}

fn not_initialized(exam: &mut Examination, reading: &Reading) {
    let Some(seen) = reading.seen(Line::NotInitialized) else {
        exam.pass(&NOT_INITIALIZED, "no sync ended with `Not initialized`");
        return;
    };
    let starts = reading.count(Line::Initializing).max(1);
    if reading.count(Line::TokenExpired) > 0 {
        let message =
            format!("syncs ended with `Not initialized` ({}), since the token counted as expired", seen.places());
        exam.fail(&NOT_INITIALIZED, message, CLOCK);
    } else if seen.count <= starts {
        let message = format!("the first sync after a start ended with `Not initialized` ({})", seen.places());
        exam.warn(&NOT_INITIALIZED, message, WAIT);
    } else {
        let message = format!("syncs keep ending with `Not initialized` ({})", seen.places());
        exam.fail(&NOT_INITIALIZED, message, RESTART);
    }
}

fn list(exam: &mut Examination, reading: &Reading) {
    match reading.seen(Line::ListFailed) {
        Some(seen) => {
            let message = format!("the plugin could not get or make the APIs of {} ({})", seen.named(), seen.places());
            exam.fail(&LIST, message, SEE_LIST);
        }
        // A list that is refused is no error to the plugin.
        None => {
            exam.pass(&LIST, "the plugin tells no error of the list; of a list that is refused it tells none either");
        }
    }
    match reading.seen(Line::SchemaFailed) {
        Some(seen) => {
            let message =
                format!("the portal has no document for {} ({}): {}", seen.named(), seen.places(), said(seen));
            exam.warn(&SCHEMA, message, SPEC_SOURCE);
        }
        None => exam.pass(&SCHEMA, "the portal tells of no document that it could not fetch"),
    }
}

/// What a line of the plugin's says after its name.
fn said(seen: &Seen) -> &str {
    seen.text.split_once(lines::PLUGIN).map_or(seen.text.as_str(), |(_, said)| said)
}

fn catalog(exam: &mut Examination, reading: &Reading) {
    match reading.seen(Line::TimedOut) {
        Some(seen) => exam.fail(&TIMEOUT, format!("a sync took longer than syncTimeout ({})", seen.places()), LONGER),
        None => exam.pass(&TIMEOUT, "no sync was ended by the scheduler"),
    }
    let refused: Vec<String> = [Line::Refused, Line::NotAdded]
        .into_iter()
        .filter_map(|line| reading.seen(line))
        .map(|seen| format!("{} ({})", seen.named(), seen.places()))
        .collect();
    if refused.is_empty() {
        exam.pass(&REFUSED, "the catalog refused no API entity");
    } else {
        exam.fail(&REFUSED, format!("the catalog refused {}", refused.join("; ")), RENAME);
    }
    match reading.seen(Line::Conflict) {
        Some(seen) => {
            exam.fail(
                &CONFLICT,
                format!("another location gives the same entity: {} ({})", seen.named(), seen.places()),
                TAKEN,
            );
        }
        None => exam.pass(&CONFLICT, "no name was taken"),
    }
}

fn secrets(exam: &mut Examination, reading: &Reading) {
    let (token, secret) = (reading.seen(Line::Token), reading.seen(Line::ClientSecret));
    if let Some(seen) = token {
        let why = match reading.count(Line::Debug) {
            0 => "",
            _ => ", since debugLogging is on",
        };
        exam.fail(&SECRETS, format!("a bearer token stands in the log{why} ({})", seen.places()), NO_DEBUG);
    }
    if let Some(seen) = secret {
        exam.fail(&SECRETS, format!("the client secret stands in the log ({})", seen.places()), ROTATE);
    }
    if token.is_none() && secret.is_none() {
        exam.pass(&SECRETS, "there is none");
    }
}
