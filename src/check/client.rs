//! Whether the identity provider gives the client a token, by each way of proving itself, and where it stops if not.

mod answer;
mod checks;
mod remedy;

use std::time::Instant;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::Method;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use understudy_provider::{ClientAuth, ClientCredentials, Config, ShownUrl, TokenSource as _, quote};
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::catalogue::Check;
use super::examination::{Beside, Examination};
use super::finding::Status;
pub(super) use answer::Granted;
use answer::{Came, Reached, Reason};
pub(super) use checks::{CHECKS, SCOPE, TOKEN};
use checks::{ENDPOINT, GRANT, IN_BODY, IN_HEADER, KEY, KNOWN, POLICY};

/// How a client may prove itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Body,
    Header,
}

pub(super) async fn examine(exam: &mut Examination) {
    let Some(config) = exam.config.clone() else { return };
    let Some(endpoint) = exam.facts.token_endpoint.clone() else {
        for check in CHECKS.iter().filter(|check| exam.wants(check)).copied().collect::<Vec<_>>() {
            exam.skip(check, "no token endpoint is known: the issuer does not tell one that can be used");
        }
        return;
    };
    exam.keep_secret(&config.client_secret);
    if let ClientAuth::PrivateKeyJwt(_) = config.client_auth {
        return by_key(exam, &config, &endpoint).await;
    }
    let preferred = if config.client_auth == ClientAuth::Basic { Way::Header } else { Way::Body };
    let other = if preferred == Way::Body { Way::Header } else { Way::Body };
    let first = ask(exam, &config, &endpoint, preferred, config.scope.as_deref()).await;
    if !told_endpoint(exam, &endpoint, &first) {
        return;
    }
    // Each secret is shown once in each way: more failures in a row may lock the client out.
    let second = match exam.wants(&IN_BODY) || exam.wants(&IN_HEADER) || first.reached() < Reached::Proven {
        true => Some(ask(exam, &config, &endpoint, other, config.scope.as_deref()).await),
        false => None,
    };
    let (body, header) = match preferred {
        Way::Body => (Some(&first), second.as_ref()),
        Way::Header => (second.as_ref(), Some(&first)),
    };
    let best = second.as_ref().filter(|second| second.reached() > first.reached()).unwrap_or(&first);
    told_known(exam, best);
    told_ways(exam, &config, body, header);
    exam.skip(&KEY, "the configuration names no private key");
    let way = if std::ptr::eq(best, &first) { preferred } else { other };
    let plain = match (best, &config.scope) {
        (Came::Token(_), Some(_)) if exam.wants(&SCOPE) => Some(ask(exam, &config, &endpoint, way, None).await),
        _ => None,
    };
    told_rest(exam, &config, best, plain.as_ref());
}

/// The same for a client that proves itself by its private key, which the provider does.
async fn by_key(exam: &mut Examination, config: &Config, endpoint: &Url) {
    let http = match exam.http() {
        Ok(http) => http,
        Err(error) => return exam.fail(&ENDPOINT, error.to_string(), format!("Correct {}.", exam.names.ca_file)),
    };
    let (asked_at, began) = (exam.now(), Instant::now());
    let result = ClientCredentials::new(config, http, exam.clock.clone()).token().await;
    let came = match result {
        Ok(token) => {
            let life = token.expires_at().and_then(|end| end.duration_since(asked_at).ok());
            let expires_in = life.map(|life| life.as_secs_f64());
            let token = token.secret().clone();
            Came::Token(Box::new(Granted { token, expires_in, date: None, came_at: exam.now(), took: began.elapsed() }))
        }
        Err(error) => answer::of_error(error),
    };
    if !told_endpoint(exam, endpoint, &came) {
        return;
    }
    told_known(exam, &came);
    for check in [&IN_BODY, &IN_HEADER] {
        exam.skip(check, "the client proves itself by its private key, as the configuration says");
    }
    match came.reached() {
        reached if reached >= Reached::Proven => exam.pass(&KEY, "the identity provider takes the client's assertion"),
        _ => exam.fail(
            &KEY,
            format!("the identity provider refused the client's assertion: {}", came.said()),
            KEY.remedies.join(" "),
        ),
    }
    told_rest(exam, config, &came, None);
}

/// Asks for a token in one way.
async fn ask(exam: &mut Examination, config: &Config, endpoint: &Url, way: Way, scope: Option<&str>) -> Came {
    let secret = config.client_secret.expose_secret();
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    match way {
        Way::Body => {
            form.append_pair("client_id", &config.client_id).append_pair("client_secret", secret);
        }
        Way::Header => {
            // RFC 6749 section 2.3.1: each is encoded as in a form, and then both for the header.
            let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", encoded(&config.client_id), encoded(secret));
            let header = SecretString::from(format!("Basic {}", BASE64_STANDARD.encode(pair)));
            let mut header =
                HeaderValue::try_from(header.expose_secret()).expect("base64 is made of visible ASCII characters");
            header.set_sensitive(true);
            headers.insert(AUTHORIZATION, header);
        }
    }
    for (name, value) in [("scope", scope), ("audience", config.audience.as_deref())] {
        if let Some(value) = value {
            form.append_pair(name, value);
        }
    }
    let body = form.finish().into_bytes();
    let began = Instant::now();
    match exam.ask(Method::POST, endpoint, headers, body).await {
        Ok(answer) => {
            let mut came = answer::read(endpoint, &answer, &config.client_secret, exam.now());
            if let Came::Token(granted) = &mut came {
                granted.took = began.elapsed();
            }
            came
        }
        Err(error) => Came::Nothing(error),
    }
}

/// Tells whether there is a token endpoint at all; if not, nothing else can be told.
fn told_endpoint(exam: &mut Examination, endpoint: &Url, came: &Came) -> bool {
    let asked = Some(format!("POST {}", ShownUrl::of(endpoint)));
    let beside = Beside { asked, ..Beside::default() };
    match came {
        Came::Token(_) | Came::Refused(_) => {
            exam.found(
                &ENDPOINT,
                Status::Pass,
                format!("{} answers as a token endpoint", ShownUrl::of(endpoint)),
                beside,
            );
            true
        }
        Came::Unusable { why, problem } => {
            let remedy = Some(remedy::of_endpoint(*why, exam.facts.vendor, &exam.names));
            let message = format!("{} gives no token: {problem}", ShownUrl::of(endpoint));
            exam.found(&ENDPOINT, Status::Fail, message, Beside { remedy, ..beside });
            false
        }
        Came::Nothing(error) => {
            exam.no_answer(&ENDPOINT, error, network());
            false
        }
    }
}

fn network() -> &'static str {
    "See the checks of the network for where on the way it fails."
}

fn told_known(exam: &mut Examination, best: &Came) {
    let id = exam.config.as_ref().map(|config| quote::name(&config.client_id)).unwrap_or_default();
    match (best.reached(), best.reason()) {
        (_, Some(Reason::UnknownClient)) => {
            let remedy = remedy::of(Reason::UnknownClient, exam.facts.vendor, &exam.names);
            exam.fail(&KNOWN, format!("the identity provider does not know the client {id}: {}", best.said()), remedy);
        }
        (Reached::Nothing | Reached::Endpoint, _) => {
            exam.skip(&KNOWN, format!("the identity provider does not say whether it knows {id}: {}", best.said()));
        }
        _ => exam.pass(&KNOWN, format!("the identity provider knows the client {id}")),
    }
}

/// What came of the secret in the body, and in the header, as far as each was tried.
fn told_ways(exam: &mut Examination, config: &Config, body: Option<&Came>, header: Option<&Came>) {
    let proven = |came: Option<&Came>| came.is_some_and(|came| came.reached() >= Reached::Proven);
    let is_refused = |came: &Came| matches!(came.reason(), Some(Reason::Credentials { .. }));
    let (vendor, names) = (exam.facts.vendor, exam.names.clone());
    let wrong = remedy::of(Reason::Credentials { is_known: true }, vendor, &names);
    match body {
        None => exam.skip(&IN_BODY, "it is not wanted"),
        Some(_) if proven(body) => exam.pass(&IN_BODY, "the secret is taken in the body, as the plugin sends it"),
        Some(came) if proven(header) => exam.fail(
            &IN_BODY,
            format!(
                "the secret is taken by HTTP Basic and not in the body, and the plugin can only do the body: {}",
                came.said()
            ),
            remedy::of_method(vendor),
        ),
        Some(came) if is_refused(came) => {
            exam.fail(&IN_BODY, format!("the secret is refused: {}", came.said()), wrong.clone());
        }
        Some(came) => exam.skip(&IN_BODY, unproven(came)),
    }
    let is_needed = config.client_auth == ClientAuth::Basic;
    match header {
        None => exam.skip(&IN_HEADER, "it is not wanted"),
        Some(_) if proven(header) => exam.pass(&IN_HEADER, "the secret is taken by HTTP Basic"),
        Some(came) if proven(body) && is_needed => exam.fail(
            &IN_HEADER,
            format!(
                "the secret is taken in the body and not by HTTP Basic, which the configuration asks for: {}",
                came.said()
            ),
            IN_HEADER.remedies[0],
        ),
        Some(came) if proven(body) => exam.warn(
            &IN_HEADER,
            format!("the secret is taken in the body only, which is how the plugin sends it: {}", told(came)),
            "Nothing needs to be set; only don't set `clientAuth: basic`.",
        ),
        Some(came) if is_refused(came) => {
            let remedy = match body.is_some_and(is_refused) {
                true => format!("Do what `{}` says.", IN_BODY.id),
                false => wrong,
            };
            exam.fail(&IN_HEADER, format!("the secret is refused: {}", came.said()), remedy);
        }
        Some(came) => exam.skip(&IN_HEADER, unproven(came)),
    }
}

fn told(came: &Came) -> String {
    match came {
        Came::Nothing(error) => error.to_string(),
        came => came.said().to_owned(),
    }
}

fn unproven(came: &Came) -> String {
    match came.reason() {
        Some(Reason::UnknownClient) => "the identity provider does not know the client, see `client.known`".to_owned(),
        _ => format!("the identity provider does not say: {}", told(came)),
    }
}

/// What comes after the client has proven itself; `plain` is what came without a scope, where one was asked for before.
fn told_rest(exam: &mut Examination, config: &Config, best: &Came, plain: Option<&Came>) {
    let (vendor, names) = (exam.facts.vendor, exam.names.clone());
    let because = |reason| remedy::of(reason, vendor, &names);
    let said = best.said();
    let before = |check: &mut Examination, station: &'static Check| {
        check.skip(station, "the client does not come that far, see above");
    };
    match (best.reached(), best.reason()) {
        (reached, _) if reached >= Reached::Grant => {
            exam.pass(&GRANT, "the client may use the grant client_credentials");
        }
        (Reached::Proven, Some(reason)) => {
            exam.fail(&GRANT, format!("the client may not use the grant client_credentials: {said}"), because(reason));
        }
        _ => before(exam, &GRANT),
    }
    match (best.reached(), best.reason(), &config.scope) {
        (reached, ..) if reached >= Reached::Scope => told_scope(exam, config, plain),
        (Reached::Grant, Some(reason), None) => {
            exam.fail(
                &SCOPE,
                format!("no token comes without a scope, and the plugin asks for none: {said}"),
                because(reason),
            );
        }
        (Reached::Grant, Some(reason), Some(scope)) => {
            let scope = quote::name(scope);
            exam.fail(&SCOPE, format!("no token comes with the scope {scope}: {said}"), because(reason));
        }
        _ => before(exam, &SCOPE),
    }
    match (best.reached(), best.reason()) {
        (Reached::Token, _) => exam.pass(&POLICY, "the identity provider's policies let the client in"),
        (Reached::Scope, Some(reason)) => {
            exam.fail(&POLICY, format!("no policy lets the client in: {said}"), because(reason));
        }
        _ => before(exam, &POLICY),
    }
    match best {
        Came::Token(granted) => {
            exam.keep_secret(&granted.token);
            let life =
                granted.expires_in.map(|life| format!(", good for {}", super::token::span(life))).unwrap_or_default();
            exam.pass(&TOKEN, format!("a token came{life}"));
            exam.facts.token = Some(granted.token.clone());
            exam.facts.granted = Some(Granted::clone(granted));
        }
        came => {
            let remedy = match came.reason().and_then(station) {
                Some(station) => format!("Do what `{}` says.", station.id),
                None => because(Reason::Other),
            };
            exam.fail(&TOKEN, format!("no token came: {}", told(came)), remedy);
        }
    }
}

/// The check that tells what to do about a reason.
fn station(reason: Reason) -> Option<&'static Check> {
    match reason {
        Reason::UnknownClient => Some(&KNOWN),
        Reason::Credentials { .. } => Some(&IN_BODY),
        Reason::Grant | Reason::PublicClient | Reason::ServiceAccount => Some(&GRANT),
        Reason::DefaultScope | Reason::Scope => Some(&SCOPE),
        Reason::Policy => Some(&POLICY),
        Reason::Other => None,
    }
}

fn told_scope(exam: &mut Examination, config: &Config, plain: Option<&Came>) {
    let Some(scope) = config.scope.as_deref().map(quote::name) else {
        return exam.pass(&SCOPE, "no scope needs to be asked for");
    };
    match plain {
        None => exam.pass(&SCOPE, format!("the scope {scope} is fine")),
        Some(Came::Token(_)) => {
            exam.pass(&SCOPE, format!("a token comes with the scope {scope} and without any, as the plugin asks"));
        }
        Some(came) => {
            let reason = came.reason().unwrap_or(Reason::Other);
            let remedy = remedy::of(reason, exam.facts.vendor, &exam.names);
            exam.warn(
                &SCOPE,
                format!(
                    "a token comes with the scope {scope} and not without one, and the plugin asks for none: {}",
                    told(came)
                ),
                remedy,
            );
        }
    }
}
