//! The catalog of a running Backstage, beside what it should hold.

mod checks;
mod compare;
mod held;

use http::header::HeaderMap;
use http::{Method, StatusCode};
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::catalogue::Check;
use super::examination::Examination;
use crate::backstage::{CatalogError, Pages, under};
use checks::{
    APIS, BACKEND, DEFINITIONS, DUPLICATES, ERRORS, EXTRA, FIRST_TOKEN, LETS_IN, LIST, LOAD_CONFIG, MISSING, ORPHANED,
    ORPHANS, OWNERS, PERMISSION, PORTAL_URL, REACHABLE, REFUSALS, REGISTER, SEE_LOG, SOURCE, STATIC_TOKEN, TAKEN,
};
use held::{Held, is_of_one_source, location};

/// The checks of this part, in the order in which they are made.
pub(super) static CHECKS: &[&Check] =
    &[&REACHABLE, &LETS_IN, &OWNERS, &SOURCE, &APIS, &MISSING, &EXTRA, &DEFINITIONS, &ORPHANED, &DUPLICATES, &REFUSALS];

/// What the plugin takes for the portal where it finds none.
const DEFAULT_PORTAL: &str = "url:http://localhost:31080/v1";

pub(super) async fn examine(exam: &mut Examination) {
    let Some(backend) = exam.backstage.clone() else { return };
    let Some(entities) = read(exam, &backend).await else { return };
    let held = Held::of(entities);
    owners(exam, &held);
    if exam.holds(&OWNERS) {
        source(exam, &held);
        apis(exam, &held);
    }
    if exam.holds(&APIS) {
        compare::with_portal(exam, &held);
        compare::duplicates(exam, &held);
    }
    standing(exam, &held);
}

/// The whole catalog, by the token of BACKSTAGE_TOKEN, else by none, else as a guest.
async fn read(exam: &mut Examination, backend: &Url) -> Option<Vec<Value>> {
    let mut token = exam.variable("BACKSTAGE_TOKEN").map(SecretString::from);
    if let Some(token) = &token {
        exam.keep_secret(token);
    }
    let mut who = if token.is_some() { "by BACKSTAGE_TOKEN" } else { "without a token" };
    let mut pages = Pages::of(backend);
    loop {
        let answer = match exam.get(&pages.url(), token.as_ref()).await {
            Ok(answer) => answer,
            Err(error) => {
                exam.no_answer(&REACHABLE, &error, BACKEND);
                return None;
            }
        };
        match pages.take(&answer) {
            Ok(true) => {}
            Ok(false) => break,
            Err(CatalogError::Refused { status: StatusCode::UNAUTHORIZED, .. }) if token.is_none() => {
                token = guest(exam, backend).await;
                who = "as a guest";
                if token.is_none() {
                    exam.pass(&REACHABLE, format!("{backend} answers"));
                    let message = "the catalog answers 401 Unauthorized without a token, and lets no guest in";
                    exam.fail(&LETS_IN, message, STATIC_TOKEN);
                    return None;
                }
            }
            Err(CatalogError::Refused { status, .. }) => {
                exam.pass(&REACHABLE, format!("{backend} answers"));
                let remedy = if status == StatusCode::FORBIDDEN { PERMISSION } else { STATIC_TOKEN };
                exam.fail(&LETS_IN, format!("the catalog answers {status} {who}"), remedy);
                return None;
            }
            Err(error) => {
                let message = match is_html(answer.body()) {
                    true => format!(
                        "{backend} answered {} with a page, as a frontend does, and not with a catalog",
                        answer.status()
                    ),
                    false => error.to_string(),
                };
                exam.fail(&REACHABLE, message, BACKEND);
                return None;
            }
        }
    }
    let entities = pages.entities();
    exam.pass(&REACHABLE, format!("the catalog of {backend} holds {} entities", entities.len()));
    exam.pass(&LETS_IN, format!("the catalog can be read {who}"));
    Some(entities)
}

/// A guest's token, as the frontend gets one; none where guests are not let in.
async fn guest(exam: &mut Examination, backend: &Url) -> Option<SecretString> {
    let url = under(backend, "/api/auth/guest/refresh");
    let answer = exam.ask(Method::GET, &url, HeaderMap::new(), Vec::new()).await.ok()?;
    let session: Value = serde_json::from_slice(answer.body()).ok()?;
    let token = SecretString::from(session["backstageIdentity"]["token"].as_str()?);
    exam.keep_secret(&token);
    Some(token)
}

fn is_html(body: &[u8]) -> bool {
    let beginning = String::from_utf8_lossy(&body[..body.len().min(200)]).to_lowercase();
    beginning.trim_start().starts_with('<')
}

fn owners(exam: &mut Examination, held: &Held) {
    let (there, missing) = held.owners();
    if missing.is_empty() {
        exam.pass(&OWNERS, there.join(", "));
        return;
    }
    if there.is_empty() {
        let message = format!(
            "the catalog holds the Group, the User and the System of no portal (its entities: {}): the plugin is not \
             registered, its configuration is not loaded, or it never got a token",
            held.len()
        );
        exam.fail(&OWNERS, message, format!("{REGISTER} {LOAD_CONFIG} {FIRST_TOKEN} {SEE_LOG}"));
        return;
    }
    let message = format!("missing: {}; there: {}", missing.join(", "), there.join(", "));
    exam.fail(&OWNERS, message, format!("{SEE_LOG} {TAKEN}"));
}

fn source(exam: &mut Examination, held: &Held) {
    let (Some(source), portal) = (held.source(), exam.portal.clone()) else {
        exam.skip(&SOURCE, "the entities do not say where they come from");
        return;
    };
    let Some(portal) = portal else {
        exam.skip(&SOURCE, format!("they come from {source}, and no portal is named to compare that with"));
        return;
    };
    let is_of_plugin = !source.ends_with(".yaml") && !source.ends_with(".yml") && source.starts_with("url:");
    if !is_of_plugin {
        exam.pass(&SOURCE, format!("they come from {source}, which a location names, and not from the plugin"));
    } else if is_of_one_source(source, &format!("url:{portal}")) {
        exam.pass(&SOURCE, format!("they come from {source}"));
    } else if source == DEFAULT_PORTAL {
        let message = format!(
            "they come from {source}, the plugin's default, and the portal is {portal}: it finds no portalServerUrl"
        );
        exam.fail(&SOURCE, message, PORTAL_URL);
    } else {
        // The two may know one portal by two names.
        exam.warn(&SOURCE, format!("they come from {source}, and the portal is {portal}"), PORTAL_URL);
    }
}

fn apis(exam: &mut Examination, held: &Held) {
    let count = held.of_portal().count();
    let expected = exam.facts.entities.as_ref();
    let shown = expected.map(|entities| entities.iter().filter(|entity| entity.reference().kind() == "api").count());
    match (count, shown) {
        (0, Some(0)) => exam.pass(&APIS, "there is none, and the portal shows none to this client"),
        (0, Some(shown)) => {
            let message = format!(
                "there is none, though the portal shows {shown} to this client: Backstage's list was refused or empty"
            );
            exam.fail(&APIS, message, LIST);
        }
        (0, None) => exam.fail(&APIS, "there is none: the list was refused, or is empty for the service account", LIST),
        (count, _) => exam.pass(&APIS, format!("there are {count}")),
    }
}

/// What the catalog itself says of the portal's entities.
fn standing(exam: &mut Examination, held: &Held) {
    let orphans = held.orphans();
    if orphans.is_empty() {
        exam.pass(&ORPHANED, "there is no orphan");
    } else {
        exam.warn(&ORPHANED, format!("nobody gives them any more: {}", few(&orphans)), ORPHANS);
    }
    let errors: Vec<String> =
        held.errors().into_iter().map(|(reference, message)| format!("{reference}: {}", cut(message))).collect();
    if errors.is_empty() {
        exam.pass(&REFUSALS, "no entity has an error in its status");
    } else {
        exam.fail(&REFUSALS, few(&errors), ERRORS);
    }
}

/// Some of them, and how many there are beside.
fn few(names: &[impl AsRef<str>]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(AsRef::as_ref).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A foreign text on one line, and cut.
fn cut(text: &str) -> String {
    const SHOWN: usize = 200;
    let line = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Where an entity comes from, in words.
fn from(entity: &Value) -> &str {
    location(entity).unwrap_or("somewhere that it does not tell")
}
