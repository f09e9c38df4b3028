//! What the published plugin would do wrong with this very portal, told beforehand.

mod checks;
mod course;
mod seen;

use std::time::Duration;

use understudy_provider::{ClientAuth, Config, Family};
use url::Url;

use super::client;
use super::content::{self, tenths};
use super::examination::Examination;
use super::finding::Status;
use super::portal::Shape;
use super::token::{LONGEST_TIMER, Time, since_1970, span};
use super::wording::{counted, few};
pub(super) use checks::CHECKS;
use checks::{CLIENT, FAILING, FIRST, INSTEAD, JWT, LIST, LOGGING, MISSING, NAMES, REFRESH, TEXT, TIME};
use course::Course;
pub(super) use seen::Seen;

/// How long a real Backstage takes until its catalog has connected the plugin: with a token that took that long, the first
/// sync worked.
const CONNECTED: Duration = Duration::from_secs(4);
/// How long an empty catalog after a start is nothing to speak of.
const SOON: Duration = Duration::from_secs(60);

pub(super) async fn examine(exam: &mut Examination) {
    let Some(config) = exam.config.clone() else { return };
    match exam.facts.granted.is_some() {
        true => {
            token_of(exam, &config);
            first_sync(exam, &config);
        }
        false => [&CLIENT, &JWT, &REFRESH, &FIRST].into_iter().for_each(|check| exam.missing(check, &client::TOKEN)),
    }
    match exam.debug_logging {
        true => exam.warn(
            &LOGGING,
            "`debugLogging` is on: the plugin writes the bearer token to the log",
            LOGGING.remedies[0],
        ),
        false => exam.pass(&LOGGING, "`debugLogging` is off"),
    }
    let of_content = [&LIST, &TEXT, &MISSING, &FAILING, &NAMES, &TIME];
    let (Some(shape), Some(seen)) = (exam.facts.shape, exam.facts.seen.take()) else {
        return of_content.into_iter().for_each(|check| exam.missing(check, &content::LIST));
    };
    let course = course::of(shape, &seen);
    if exam.wants(&LIST) {
        list(exam, &config, shape, course.as_ref().map_or(&[], |course| &course.left_out)).await;
    }
    names(exam);
    let Some(course) = course else {
        let unseen = "the portal's list is behind a redirect, so that its answers can't be told apart";
        return [&TEXT, &MISSING, &FAILING, &TIME].into_iter().for_each(|check| exam.skip(check, unseen));
    };
    documents(exam, &course);
    failing(exam, &course);
    time(exam, &config, &course, &seen.spans());
}

fn both(remedy: &str) -> String {
    format!("{remedy} {INSTEAD}")
}

/// What the plugin makes of the token, and how it asks for it.
fn token_of(exam: &mut Examination, config: &Config) {
    let mut beyond = Vec::new();
    match config.client_auth {
        ClientAuth::Body => {}
        ClientAuth::Basic => beyond.push("the secret by HTTP Basic"),
        _ => beyond.push("a private key"),
    }
    if config.scope.is_some() && exam.status(&client::SCOPE) != Some(Status::Pass) {
        beyond.push("a scope");
    }
    if config.audience.is_some() {
        beyond.push("an audience");
    }
    match beyond.is_empty() {
        true => exam.pass(&CLIENT, "the plugin asks for tokens in the same way"),
        false => {
            let message = format!("the configuration asks with {}, and the plugin can't", beyond.join(", and with "));
            exam.warn(&CLIENT, message, CLIENT.remedies.join(" "));
        }
    }
    let Some(jwt) = &exam.facts.jwt else {
        exam.warn(
            &JWT,
            "the token is no JWT that the plugin can read: it never schedules a sync",
            JWT.remedies.join(" "),
        );
        return exam.skip(&REFRESH, "the token is no JWT, see `token.jwt`");
    };
    let end = jwt.time("exp");
    exam.pass(&JWT, "the plugin can read the token");
    let granted = exam.facts.granted.clone();
    let now = granted.as_ref().map_or(0.0, |granted| since_1970(granted.came_at));
    let flood = match end {
        Time::Absent => {
            Some("the token has no `exp`: the plugin asks for the next one about 600 times a second".to_owned())
        }
        Time::NotANumber => {
            Some("the token's `exp` is no number: the plugin can't time the next one, and asks without end".to_owned())
        }
        Time::At(end) if end - now > LONGEST_TIMER.as_secs_f64() => Some(format!(
            "the token ends in {}, and the plugin's timer holds 24.8 days: it asks for the next one hundreds of times a second",
            span(end - now)
        )),
        Time::At(end) if end <= now => {
            Some("the token has ended by this machine's clock: each sync fails with `Not initialized`".to_owned())
        }
        Time::At(_) => None,
    };
    let has_ended = matches!(end, Time::At(end) if end <= now);
    match flood {
        Some(message) if has_ended => exam.warn(&REFRESH, message, both(REFRESH.remedies[0])),
        Some(message) => exam.warn(&REFRESH, message, REFRESH.remedies[1..].join(" ")),
        None => exam.pass(&REFRESH, "the plugin gets the next token 5 s before this one ends"),
    }
}

/// Whether the first sync comes before a Backstage is ready for it.
fn first_sync(exam: &mut Examination, config: &Config) {
    let every = config.schedule.frequency;
    let took = exam.facts.granted.as_ref().map_or(Duration::ZERO, |granted| granted.took);
    if took < CONNECTED && every > SOON {
        let message = format!(
            "the token comes within {}, before a Backstage that starts has connected the plugin: its first sync fails with `Not \
             initialized`, and the catalog is empty for {} after each start",
            tenths(took),
            span(every.as_secs_f64())
        );
        exam.warn(&FIRST, message, both(FIRST.remedies[0]));
    } else {
        exam.pass(
            &FIRST,
            format!("the catalog is filled {} after a start at the latest", span((took + every).as_secs_f64())),
        );
    }
}

/// Whether the plugin takes another list in place of a flat one, or only a part of it.
async fn list(exam: &mut Examination, config: &Config, shape: Shape, left_out: &[String]) {
    if !matches!(shape, Shape::Flat { .. }) {
        return exam.pass(&LIST, "the plugin tells the list's family by its first item");
    }
    let url = format!("{}{}", config.portal.as_str(), Family::GlooGateway.path());
    let (Ok(address), Some(token)) = (Url::parse(&url), exam.facts.token.clone()) else {
        return exam.skip(&LIST, "there is no token to ask with");
    };
    match exam.get(&address, Some(&token)).await {
        Ok(answer) if serde_json::from_slice::<serde::de::IgnoredAny>(answer.body()).is_ok() => exam.warn(
            &LIST,
            format!(
                "the list is flat, so that the plugin asks {url} as well; that answers {} with JSON, which the plugin takes in \
                 place of the list: the APIs are gone",
                answer.status()
            ),
            LIST.remedies.join(" "),
        ),
        _ if !left_out.is_empty() => exam.warn(
            &LIST,
            format!("the list is flat, and the plugin leaves out {}: no `apiProductId` is told of it", few(left_out.iter().map(String::as_str))),
            both(LIST.remedies[0]),
        ),
        _ => exam.pass(&LIST, format!("the list is flat, so that the plugin asks {url} as well, in vain as it should")),
    }
}

fn documents(exam: &mut Examination, course: &Course) {
    let ids = |ids: &[String]| few(ids.iter().map(String::as_str));
    match course.quoted.as_slice() {
        [] => exam.pass(&TEXT, "no document is a string"),
        quoted => exam.warn(
            &TEXT,
            format!(
                "the document of {} is a string, which the plugin quotes once more: Backstage can't render it",
                ids(quoted)
            ),
            TEXT.remedies[0],
        ),
    }
    match course.undefined.as_slice() {
        [] => exam.pass(&MISSING, "no API is without a document"),
        undefined => exam.warn(
            &MISSING,
            format!(
                "{} has no document: the plugin's entity has no definition, and Backstage refuses it",
                ids(undefined)
            ),
            MISSING.remedies.join(" "),
        ),
    }
}

fn failing(exam: &mut Examination, course: &Course) {
    let ids = |ids: &[String]| few(ids.iter().map(String::as_str));
    let mut told = Vec::new();
    if !course.errors.is_empty() {
        told.push(format!(
            "the plugin takes the error that comes in place of the document of {} for the document",
            ids(&course.errors)
        ));
    }
    if let Some((id, count)) = &course.stops_at {
        let what = counted(*count, "API");
        told.push(format!(
            "at the document of {}, which is no JSON, the plugin gives up and deletes {what} from there on",
            few([id.as_str()])
        ));
    }
    if !course.lost_products.is_empty() {
        told.push(format!(
            "the plugin deletes the APIs of {}, whose versions can't be read",
            ids(&course.lost_products)
        ));
    }
    match told.is_empty() {
        true => exam.pass(&FAILING, "no document fails"),
        false => exam.warn(&FAILING, told.join("; "), FAILING.remedies.join(" ")),
    }
}

fn names(exam: &mut Examination) {
    let Some(naming) = &exam.facts.naming else { return exam.missing(&NAMES, &content::LIST) };
    let mut told = Vec::new();
    if !naming.shared.is_empty() {
        let ids = naming.shared.iter().flat_map(|(_, ids)| ids.iter().map(String::as_str));
        told.push(format!("the plugin gives {} names that they share, of which Backstage keeps one each", few(ids)));
    }
    if !naming.refused.is_empty() {
        let ids = naming.refused.iter().map(String::as_str);
        told.push(format!("Backstage refuses the names that the plugin gives {}", few(ids)));
    }
    match told.is_empty() {
        true => exam.pass(&NAMES, "each API gets a name of its own that Backstage takes"),
        false => exam.warn(&NAMES, told.join("; "), NAMES.remedies.join(" ")),
    }
}

fn time(exam: &mut Examination, config: &Config, course: &Course, spans: &[Duration]) {
    let limit = config.schedule.timeout;
    let Some(median) = spans.get(spans.len() / 2) else {
        return exam.pass(&TIME, format!("the plugin makes {} after the list", counted(course.requests, "request")));
    };
    let requests = u32::try_from(course.requests).unwrap_or(u32::MAX);
    let whole = median.saturating_mul(requests);
    let told = format!(
        "the plugin makes {} one after the other, about {} by the median of {} ms",
        counted(course.requests, "request"),
        tenths(whole),
        median.as_millis()
    );
    let (whole_limit, remedy) = (tenths(limit), TIME.remedies.join(" "));
    match whole {
        whole if whole > limit => {
            exam.warn(&TIME, format!("{told}: more than syncTimeout ({whole_limit}), so that no sync ends"), remedy);
        }
        whole if whole > limit / 2 => {
            exam.warn(&TIME, format!("{told}: more than half of syncTimeout ({whole_limit})"), remedy);
        }
        _ => exam.pass(&TIME, format!("{told}, of {whole_limit} that there are (syncTimeout)")),
    }
}
