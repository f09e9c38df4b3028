//! What the portal shows to the client, and what becomes of it in Backstage.

mod checks;
mod names;
mod reader;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use understudy_provider::{
    AccessToken, Config, Definition, Entities, Entity, EntityKind, EntityRef, FailureKind, Listing, Names, Notice,
    PortalError, Survey, Unread, UsagePlans, entities_of, quote, validate_value,
};

use super::examination::{Beside, Examination};
use super::finding::Status;
use super::portal::SHOWS;
use super::wording::{counted, few};
pub(super) use checks::{CHECKS, LIST};
use checks::{ENTITIES, NAMES, OPENAPI, READ, STEADY, TIME};
pub(super) use names::Naming;
use reader::Reader;

/// How many things that are wrong each in its own way a message tells.
const TOLD: usize = 5;

pub(super) async fn examine(exam: &mut Examination) {
    let Some(config) = exam.config.clone() else { return };
    if !exam.holds(&SHOWS) {
        return exam.missing(&LIST, &SHOWS);
    }
    let Some(token) = exam.facts.token.clone().and_then(|token| AccessToken::new(token, None).ok()) else {
        return exam.skip(&LIST, "there is no token to ask with");
    };
    let reader = match Reader::new(&config, token) {
        Ok(reader) => reader,
        Err(error) => return exam.fail(&LIST, error, format!("Correct {}.", exam.names.ca_file)),
    };
    let began = Instant::now();
    let surveyed = reader.client.survey().await;
    let took = began.elapsed();
    reader.tell(exam);
    exam.facts.seen = Some(reader.seen());
    let survey = match surveyed {
        Ok(survey) => survey,
        Err(error) => return unreadable(exam, &error),
    };
    exam.pass(&LIST, format!("all {} can be understood", counted(survey.listing.apis.len(), "API version")));
    unread(exam, &survey);
    documents(exam, &survey);
    let naming = Naming::of(survey.listing.apis.iter().map(|api| api.id.as_str()));
    names(exam, &naming);
    exam.facts.naming = Some(naming);
    let made = made(&config, &survey.listing).entities;
    entities(exam, &config, &survey.listing, &made);
    time(exam, &config, &survey, took);
    if exam.wants(&STEADY) {
        if survey.unread.is_empty() {
            let again = reader.client.survey().await;
            reader.tell(exam);
            steady(exam, &config, &made, again);
        } else {
            exam.skip(&STEADY, "not everything could be read the first time, see `content.documents-read`");
        }
    }
    exam.facts.entities = Some(made);
}

fn unreadable(exam: &mut Examination, error: &PortalError) {
    let remedy = match error {
        PortalError::Item { .. } => LIST.remedies[0],
        _ => "Ask again; the portal answered a moment ago.",
    };
    let kind = match error {
        PortalError::Unreachable(_) | PortalError::OutOfTime { .. } => FailureKind::Unreachable,
        _ => FailureKind::Invalid,
    };
    let beside = Beside { remedy: Some(remedy.to_owned()), kind: Some(kind), ..Beside::default() };
    exam.found(&LIST, Status::Fail, error.to_string(), beside);
}

fn unread(exam: &mut Examination, survey: &Survey) {
    if survey.unread.is_empty() {
        return exam.pass(&READ, "every document could be fetched");
    }
    let told: Vec<String> = survey
        .unread
        .iter()
        .map(|unread| match unread {
            Unread::Document { api, error } => format!("API {}: {error}", quote::name(api)),
            Unread::Versions { product, error } => format!("product {}: {error}", quote::name(product)),
            _ => "something else".to_owned(),
        })
        .collect();
    let is_gateway = survey.unread.iter().any(|unread| matches!(unread, Unread::Versions { .. }));
    let what = if is_gateway { "the versions of" } else { "the documents of" };
    let count = counted(survey.unread.len(), if is_gateway { "product" } else { "API" });
    exam.fail(&READ, format!("{what} {count} can't be read:{}", each(&told)), READ.remedies[usize::from(is_gateway)]);
}

fn documents(exam: &mut Examination, survey: &Survey) {
    let unread: HashSet<&str> = survey
        .unread
        .iter()
        .filter_map(|unread| match unread {
            Unread::Document { api, .. } => Some(api.as_str()),
            _ => None,
        })
        .collect();
    let apis = survey.listing.apis.iter().filter(|api| !unread.contains(api.id.as_str()));
    let (mut missing, mut foreign, mut count) = (Vec::new(), Vec::new(), 0);
    for api in apis {
        count += 1;
        match &api.definition {
            Definition::Missing(reason) => missing.push((api.id.as_str(), reason.as_deref())),
            definition if !definition.is_openapi() => foreign.push(api.id.as_str()),
            _ => {}
        }
    }
    if missing.is_empty() && foreign.is_empty() {
        return exam.pass(&OPENAPI, format!("{} all with an OpenAPI document", counted(count, "API version")));
    }
    let mut told = Vec::new();
    if !missing.is_empty() {
        let reason =
            missing.iter().find_map(|(_, reason)| *reason).map(|reason| format!(" ({})", quote::words(reason, "")));
        let ids = few(missing.iter().map(|(id, _)| *id));
        told.push(format!("the portal has no document for {ids}{}", reason.unwrap_or_default()));
    }
    if !foreign.is_empty() {
        told.push(format!("what the portal has for {} is no OpenAPI document", few(foreign.iter().copied())));
    }
    let remedy = OPENAPI.remedies[usize::from(missing.is_empty())];
    exam.warn(&OPENAPI, format!("{}: Backstage can't render it", told.join(", and ")), remedy);
}

fn names(exam: &mut Examination, naming: &Naming) {
    let ids = |ids: &[String]| few(ids.iter().map(String::as_str));
    let shared =
        naming.shared.iter().map(|(name, shared)| format!("{} make the name {}", ids(shared), quote::name(name)));
    let mut told: Vec<String> = shared.collect();
    if !naming.refused.is_empty() {
        told.push(format!("Backstage refuses the name that the id makes of {}", ids(&naming.refused)));
    }
    if !naming.cut.is_empty() {
        told.push(format!(
            "a name has {} characters of an id, and there are more in {}",
            names::LONGEST,
            ids(&naming.cut)
        ));
    }
    match told.is_empty() {
        true => exam.pass(&NAMES, "every API has a name of its own"),
        false => {
            let message =
                format!("not every API's id makes a whole name of its own that Backstage takes:{}", each(&told));
            exam.warn(&NAMES, message, NAMES.remedies[0]);
        }
    }
}

/// The entities that a sync hands over, in the profile that the configuration names.
fn made(config: &Config, listing: &Listing) -> Entities {
    entities_of(listing, &config.portal, &config.profile, &Arc::new(UsagePlans::default()))
}

fn entities(exam: &mut Examination, config: &Config, listing: &Listing, entities: &[Entity]) {
    let refused = entities.iter().filter_map(|entity| {
        let value = serde_json::to_value(entity).ok()?;
        let problem = validate_value(&value).err()?;
        Some(format!("{}: {problem}", entity.reference()))
    });
    let refused: Vec<String> = refused.collect();
    if !refused.is_empty() {
        let message = format!("Backstage refuses {} of the entities:{}", refused.len(), each(&refused));
        return exam.fail(&ENTITIES, message, ENTITIES.remedies[0]);
    }
    let apis = entities.iter().filter(|entity| entity.kind() == EntityKind::Api).count();
    let count = format!("all {} entities, {} of them", entities.len(), counted(apis, "API"));
    let mended = mended(config, listing);
    match mended.is_empty() {
        true => exam.pass(&ENTITIES, format!("Backstage takes {count}")),
        false => {
            let message = format!("Backstage takes {count}, after something was mended:{}", each(&mended));
            exam.warn(&ENTITIES, message, ENTITIES.remedies[0]);
        }
    }
}

/// What could not be taken as it is, but for documents and names, of which other checks tell.
fn mended(config: &Config, listing: &Listing) -> Vec<String> {
    let document: Arc<str> = r#"{"openapi":"3.0.3"}"#.into();
    let mut listing = listing.clone();
    listing.apis.iter_mut().for_each(|api| api.definition = Definition::Document(Arc::clone(&document)));
    let names = Names::assign(listing.apis.iter().map(|api| api.id.as_str()));
    let is_of_name = |notice: &Notice| {
        let Some(id) = &notice.about else { return false };
        let reference = EntityRef::new(EntityKind::Api.as_str(), EntityRef::DEFAULT_NAMESPACE, &names.of(id));
        // That of a new name alone tells it.
        notice.message.contains(&format!("it is {reference}"))
    };
    let notices = made(config, &listing).notices.into_iter();
    notices.filter(|notice| !is_of_name(notice)).map(|notice| notice.message).collect()
}

/// The first few, each on a line of its own.
fn each(lines: &[String]) -> String {
    let mut told: String = lines.iter().take(TOLD).map(|line| format!("\n    {line}")).collect();
    if let more @ 1.. = lines.len().saturating_sub(TOLD) {
        told += &format!("\n    and {more} more");
    }
    told
}

fn time(exam: &mut Examination, config: &Config, survey: &Survey, took: Duration) {
    let limit = config.schedule.timeout;
    let is_late = |unread: &Unread| {
        matches!(
            unread,
            Unread::Document { error: PortalError::OutOfTime { .. }, .. }
                | Unread::Versions { error: PortalError::OutOfTime { .. }, .. }
        )
    };
    let told = format!("reading {} took {}", counted(survey.listing.apis.len(), "API version"), tenths(took));
    let limit_told = tenths(limit);
    let remedy = TIME.remedies[0];
    if survey.unread.iter().any(is_late) {
        exam.fail(&TIME, format!("{told} and did not end within syncTimeout ({limit_told})"), remedy);
    } else if took > limit / 2 {
        exam.warn(&TIME, format!("{told}, more than half of syncTimeout ({limit_told})"), remedy);
    } else {
        exam.pass(&TIME, format!("{told}, of {limit_told} that there are (syncTimeout)"));
    }
}

/// So many seconds to a tenth.
pub(super) fn tenths(span: Duration) -> String {
    format!("{:.1} s", span.as_secs_f64())
}

fn steady(exam: &mut Examination, config: &Config, before: &[Entity], again: Result<Survey, PortalError>) {
    let survey = match again {
        Ok(survey) => survey,
        Err(error) => {
            return exam.fail(
                &STEADY,
                format!("the second time, the portal can't be read: {error}"),
                STEADY.remedies[0],
            );
        }
    };
    let after = made(config, &survey.listing).entities;
    let key = |entity: &Entity| entity.reference().to_string();
    let before: BTreeMap<String, &Entity> = before.iter().map(|entity| (key(entity), entity)).collect();
    let after: BTreeMap<String, &Entity> = after.iter().map(|entity| (key(entity), entity)).collect();
    let mut changed: Vec<&str> = before
        .keys()
        .chain(after.keys())
        .map(String::as_str)
        .filter(|key| before.get(*key) != after.get(*key))
        .collect();
    changed.sort_unstable();
    changed.dedup();
    match changed.is_empty() {
        true => exam.pass(&STEADY, "a second sync changes nothing"),
        false => {
            let message = format!("a second sync right after the first changes {}", few(changed.iter().copied()));
            exam.warn(&STEADY, message, STEADY.remedies[0]);
        }
    }
}
