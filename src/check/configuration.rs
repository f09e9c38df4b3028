//! The configuration: whether it is whole, and free of the slips that are made in it.
//!
//! All that is wrong is told at once. What fails and can be guessed is mended, so that the rest is looked at with what was
//! meant; the failure stays.

mod addresses;
mod app_config;
mod setting;
mod slips;
mod variables;

use std::path::PathBuf;

use understudy_provider::{Config, ConfigError, HttpClient, ServerUrl, TokenEndpoint};

use super::catalogue::{Check, Part};
use super::examination::{Beside, Examination};
use super::facts::Vendor;
use super::finding::Status;
use super::plan::Source;
use setting::{Slip, Value};

pub(super) use addresses::is_loopback;

/// The checks of this part, in the order in which they are made.
pub(super) static CHECKS: &[&Check] = &[
    &COMPLETE,
    &UNSET,
    &KEYS,
    &BLANKS,
    &QUOTES,
    &LEFT_OVER,
    &BASE64,
    &URLS,
    &PORTAL_PATH,
    &OKTA_HOST,
    &TOKEN_PATH,
    &HTTPS,
    &AGREEMENT,
    &ROOTS,
];

static COMPLETE: Check = Check {
    id: "configuration.complete",
    part: Part::Configuration,
    title: "All that is needed is set, and can be read",
    fails_when: "A variable or key that is needed is not set, or a file can't be read or used.",
    remedies: &[
        "Set what is named; the message says where to find the value.",
        "Mend the file at the line that is shown.",
    ],
    needs: &[],
};

static UNSET: Check = Check {
    id: "configuration.unset-variables",
    part: Part::Configuration,
    title: "The variables that Backstage's files ask for are set",
    fails_when: "A file says `${NAME}`, and there is no such variable: Backstage then leaves the whole key out, and the plugin \
                 silently takes http://localhost:31080/v1 for the portal.",
    remedies: &["Set the variable where Backstage runs, and here; an empty value counts as set."],
    needs: &[],
};

static KEYS: Check = Check {
    id: "configuration.keys",
    part: Part::Configuration,
    title: "Backstage's files say nothing that is not understood",
    fails_when: "A key under `glooPlatformPortal.backend` is misspelt, or its value is probably not what was meant.",
    remedies: &["Write the key as it is shown, or take it out."],
    needs: &[],
};

static BLANKS: Check = Check {
    id: "configuration.blanks",
    part: Part::Configuration,
    title: "No value has blanks or unseen characters around it",
    fails_when: "A value begins or ends with a blank, a line break or a character that can't be seen.",
    remedies: &["Take them out: they come with a copied line, and with `echo` in place of `echo -n` before `base64`."],
    needs: &[],
};

static QUOTES: Check = Check {
    id: "configuration.quotes",
    part: Part::Configuration,
    title: "No value has quotes around it",
    fails_when: "The quotes are a part of the value, as `docker --env-file` and CI settings keep them.",
    remedies: &["Take them out."],
    needs: &[],
};

static LEFT_OVER: Check = Check {
    id: "configuration.left-over",
    part: Part::Configuration,
    title: "No value holds a variable's name or a placeholder",
    fails_when: "A value is `$NAME`, `{{ … }}`, `<your-id>`, or begins with its own name.",
    remedies: &[
        "Write `${NAME}` in Backstage's files, `$(NAME)` in Kubernetes' `env`.",
        "Put the value itself in the placeholder's place.",
    ],
    needs: &[],
};

static BASE64: Check = Check {
    id: "configuration.base64",
    part: Part::Configuration,
    title: "Client id and secret are not in base64",
    fails_when: "The value decodes to visible characters, as one does that was copied from a Kubernetes Secret.",
    remedies: &["Decode it: `kubectl get secret NAME -o jsonpath='{.data.KEY}' | base64 -d`."],
    needs: &[],
};

static URLS: Check = Check {
    id: "configuration.urls",
    part: Part::Configuration,
    title: "The addresses are URLs",
    fails_when: "An address does not begin with http:// or https://, or holds a password, a query or white space.",
    remedies: &["Write the address as a browser shows it, with its scheme and without anything after the path."],
    needs: &[],
};

static PORTAL_PATH: Check = Check {
    id: "configuration.portal-path",
    part: Part::Configuration,
    title: "The portal's address ends in one /v1",
    fails_when: "`/v1` is missing where nothing adds it, is there twice, or is followed by the path of a list.",
    remedies: &[
        "Write the address of the REST server with `/v1` at its end, such as https://developer.example.com/v1.",
    ],
    needs: &[],
};

static OKTA_HOST: Check = Check {
    id: "configuration.okta-host",
    part: Part::Configuration,
    title: "No host is that of Okta's admin console",
    fails_when: "The host is `NAME-admin.okta.com`, as it stands in the browser while one sets things up.",
    remedies: &["Leave the `-admin` out."],
    needs: &[],
};

static TOKEN_PATH: Check = Check {
    id: "configuration.token-path",
    part: Part::Configuration,
    title: "The token endpoint is one, and the issuer is one",
    fails_when: "One stands in the other's place, a discovery document or another endpoint does, Okta's org server is meant \
                 to give tokens for a portal, or Keycloak's path begins with `/auth`.",
    remedies: &[
        "Okta: the issuer is https://HOST/oauth2/default, the token endpoint that with /v1/token after it.",
        "Keycloak: the issuer is https://HOST/realms/REALM, the token endpoint that with /protocol/openid-connect/token \
         after it.",
    ],
    needs: &[],
};

static HTTPS: Check = Check {
    id: "configuration.https",
    part: Part::Configuration,
    title: "What leaves this machine goes by https",
    fails_when: "An address of another machine is http: the secret or the token travels in plain text.",
    remedies: &["Write https, unless it is an address within the cluster."],
    needs: &[],
};

static AGREEMENT: Check = Check {
    id: "configuration.agreement",
    part: Part::Configuration,
    title: "What is said twice is said alike",
    fails_when: "`PORTAL_URL` and `PORTAL_SERVER_URL` name two servers, or `TOKEN_ENDPOINT` and `ISSUER_URL` two hosts.",
    remedies: &["Take out the one that is not meant."],
    needs: &[],
};

static ROOTS: Check = Check {
    id: "configuration.roots",
    part: Part::Configuration,
    title: "The files of root certificates can be read",
    fails_when: "`CA_FILE` can't be read or holds no certificate.",
    remedies: &["Name a file with the authority's certificate in PEM: it begins with -----BEGIN CERTIFICATE-----."],
    needs: &[],
};

/// What the configuration's values are called where they are set.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) portal: String,
    pub(super) token_endpoint: String,
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) scope: String,
    pub(super) ca_file: String,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            portal: "PORTAL_URL".to_owned(),
            token_endpoint: "TOKEN_ENDPOINT".to_owned(),
            issuer: "ISSUER_URL".to_owned(),
            client_id: "CLIENT_ID".to_owned(),
            client_secret: "CLIENT_SECRET".to_owned(),
            scope: "SCOPE".to_owned(),
            ca_file: "CA_FILE".to_owned(),
        }
    }
}

/// What came of reading a configuration.
#[derive(Default)]
struct Read {
    slips: Vec<Slip>,
    /// None where it is not whole.
    config: Option<Config>,
    portal: Option<ServerUrl>,
    token_endpoint: Option<TokenEndpoint>,
    /// The issuer, also where the token endpoint is named beside it.
    issuer: Option<String>,
    /// The file of further roots, whatever else is missing.
    ca_file: Option<PathBuf>,
    debug_logging: bool,
    names: Names,
    /// What may be the client's secret, in every form that it came in.
    secrets: Vec<String>,
}

pub(super) async fn examine(exam: &mut Examination) {
    let env = exam.variables();
    let env = |name: &str| env(name);
    let read = match &exam.source {
        Source::None => return,
        Source::Given(config) => Read {
            portal: Some(config.portal.clone()),
            token_endpoint: Some(config.token_endpoint.clone()),
            config: Some(Config::clone(config)),
            ..Read::default()
        },
        Source::Variables => variables::read(&env),
        Source::AppConfig(files) => app_config::read(files, &env),
    };
    let asking = read.asking();
    let Read { mut slips, config, portal, token_endpoint, issuer, debug_logging, names, secrets, .. } = read;
    secrets.into_iter().for_each(|secret| exam.keep_secret(&secret.into()));
    if let Some(config) = &config {
        exam.keep_secret(&config.client_secret);
    }
    slips.extend(asking.as_ref().and_then(|config| roots(config, &names)));
    if let Some(TokenEndpoint::At(url)) = &token_endpoint {
        exam.facts.token_endpoint = Some(url.clone());
        exam.facts.vendor = Some(Vendor::of_token_endpoint(url));
    }
    (exam.portal, exam.token_endpoint, exam.issuer) = (portal, token_endpoint, issuer);
    (exam.debug_logging, exam.names) = (debug_logging, names);
    let has_roots = asking.as_ref().is_some_and(|config| config.ca_file.is_some());
    let from_files = matches!(exam.source, Source::AppConfig(_));
    let is_given = matches!(exam.source, Source::Given(_));
    for check in CHECKS {
        let mut is_well = true;
        for slip in slips.iter().filter(|slip| slip.check.id == check.id) {
            is_well = false;
            let beside = Beside { remedy: Some(slip.remedy.clone()), ..Beside::default() };
            exam.found(check, slip.status, slip.message.clone(), beside);
        }
        if !is_well {
            continue;
        }
        let is_of_files = [UNSET.id, KEYS.id].contains(&check.id);
        match (is_given, check.id == COMPLETE.id) {
            (true, true) => exam.pass(check, "the configuration was given whole"),
            (true, false) => exam.skip(check, "the configuration was given whole, and read from nowhere"),
            (false, _) if is_of_files && !from_files => exam.skip(check, "there are no files of Backstage's"),
            (false, _) if check.id == ROOTS.id && !has_roots => exam.skip(check, "no file of further roots is named"),
            (false, _) => exam.pass(check, first_small(check.title)),
        }
    }
    (exam.config, exam.asking) = (config, asking);
}

impl Read {
    /// The configuration, or one that is good enough to ask whatever servers are named.
    fn asking(&self) -> Option<Config> {
        if let Some(config) = &self.config {
            return Some(config.clone());
        }
        let portal = self.portal.clone().or_else(|| ServerUrl::as_is("http://localhost").ok())?;
        let token_endpoint = self.token_endpoint.clone().or_else(|| TokenEndpoint::at("http://localhost").ok())?;
        let mut config = Config::new(portal, token_endpoint, "", "");
        config.ca_file.clone_from(&self.ca_file);
        Some(config)
    }
}

/// A title as the message of a check that passed.
fn first_small(title: &str) -> String {
    let mut characters = title.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

/// Whether the file of roots can be used.
fn roots(config: &Config, names: &Names) -> Option<Slip> {
    match HttpClient::new(config) {
        Err(error @ (ConfigError::CaFile { .. } | ConfigError::CaPem { .. })) => Some(Slip::fail(
            &ROOTS,
            error.to_string(),
            format!("Have {} name a file with the authority's certificate in PEM, or take it out.", names.ca_file),
        )),
        _ => None,
    }
}

/// What is never to be told of a secret: it as it was written, as it was meant, and without signs around it.
fn secrets(written: &str, mended: &str) -> [String; 3] {
    let core = mended.trim_matches(|character: char| !character.is_alphanumeric());
    [written.to_owned(), mended.to_owned(), core.to_owned()]
}

/// A value's text as it was probably meant, and all that is wrong with it as it is.
fn mend(value: &Value<'_>, env: &dyn Fn(&str) -> Option<String>) -> (String, Vec<Slip>) {
    let (text, mut slips) = slips::mend(value, env);
    if !value.setting.is_url() {
        return (text, slips);
    }
    let (text, more) = addresses::mend(value, &text);
    slips.extend(more);
    (text, slips)
}

/// A token endpoint and an issuer that are on two hosts.
fn disagreement(token_endpoint: Option<&str>, issuer: Option<&str>, names: &Names) -> Option<Slip> {
    let host = |text: &str| url::Url::parse(text).ok()?.host_str().map(str::to_owned);
    let (endpoint, issuer) = (host(token_endpoint?)?, host(issuer?)?);
    (endpoint != issuer).then(|| Slip {
        check: &AGREEMENT,
        status: Status::Warn,
        message: format!(
            "{} is on {endpoint} and {} on {issuer}; tokens are asked for at the first, and the second is not used",
            names.token_endpoint, names.issuer
        ),
        remedy: "Take out the one that is not meant.".to_owned(),
    })
}

/// What a URL's problem is called, and what to do.
fn url_slip(name: &str, problem: &understudy_provider::UrlProblem, meaning: &str) -> Slip {
    Slip::fail(&URLS, format!("{name} can't be used: {problem}"), format!("It is {meaning}."))
}

const PORTAL_MEANING: &str = "the address of the portal's REST server, such as https://developer.example.com/v1: the host of \
                              the portal's RouteTable or HTTPRoute";
const TOKEN_MEANING: &str = "where tokens come from. Okta: Security > API > Authorization Servers > the server > Issuer URI, \
                             with /v1/token after it. Keycloak: https://HOST/realms/REALM/protocol/openid-connect/token";
const ISSUER_MEANING: &str = "the issuer. Okta: Security > API > Authorization Servers > the server > Issuer URI. Keycloak: \
                              https://HOST/realms/REALM";
