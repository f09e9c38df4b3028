//! What must hold, and what does not: expectations against the catalog, the journal and the last sync.

mod catalogs;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use understudy_scenarios::{CatalogWish, EntityWish, ErrorWish, Expect, RequestWish, World};

use super::catalog::{Catalog, Remark};
use super::difference::cut;
use super::matching::{Assignment, Matching, document_of, versions};
use crate::{Journal, Mark};

/// How many findings of one kind are told.
const TOLD: usize = 20;

/// Judges one scenario, from the subject's undisturbed first sync on.
pub(super) struct Judge {
    matching: Matching,
    /// The catalog after the first sync.
    baseline: Catalog,
    /// The catalog when an expectation last held.
    held: Catalog,
    /// Where the journal was at the last expectation.
    mark: Mark,
    /// When the last expectation was, by the stage's clock.
    since: Timestamp,
}

/// How things are when something is expected.
pub(super) struct Now<'n> {
    /// What the portal shows.
    pub(super) world: &'n World,
    /// What the catalog holds.
    pub(super) catalog: &'n Catalog,
    /// What the catalog said since the last expectation.
    pub(super) remarks: &'n [Remark],
    /// What the last sync told of an error.
    pub(super) error: Option<&'n str>,
    pub(super) journal: &'n Journal,
    /// The time on the stage's clock.
    pub(super) time: Timestamp,
    /// What the published plugin's entities would be, where the subject's are to equal those.
    pub(super) plugins: Option<&'n Catalog>,
}

impl Judge {
    /// A judge who has seen the first sync.
    pub(super) fn new(matching: Matching, baseline: Catalog, mark: Mark, time: Timestamp) -> Self {
        Self { matching, held: baseline.clone(), baseline, mark, since: time }
    }

    /// Notes what the portal shows, so that it is known by its name after it has gone.
    pub(super) fn see(&mut self, world: &World) {
        self.matching.see(world);
    }

    /// Tells all that does not hold, each in a sentence or a difference of several lines.
    pub(super) fn judge(&mut self, expect: &Expect, now: &Now<'_>) -> Vec<String> {
        let assignment = self.matching.assign(now.world, now.catalog);
        let mut findings = Vec::new();
        match expect.catalog {
            Some(CatalogWish::Same) => catalogs::same(&self.held, now.catalog, &assignment, &mut findings),
            Some(CatalogWish::Exactly) => match now.plugins {
                Some(plugins) => catalogs::equal(plugins, now.catalog, &mut findings),
                None => {
                    let before = catalogs::Before { baseline: &self.baseline, held: &self.held };
                    catalogs::exactly(before, now.world, now.catalog, &assignment, &mut findings);
                }
            },
            Some(CatalogWish::Valid) => {
                let all = now.remarks.iter().map(Remark::to_string);
                catalogs::tell(&mut findings, all);
            }
            None => {}
        }
        for api in &expect.contains {
            let version = versions(now.world).find(|version| version.id == *api);
            match assignment.entity_of(api).and_then(|reference| Some((reference, now.catalog.get(reference)?))) {
                None => findings.push(format!("{api} is not in the catalog")),
                Some((reference, entity)) => {
                    let wanted = version.and_then(document_of);
                    findings.extend(wanted.and_then(|wanted| catalogs::other_document(api, reference, wanted, entity)));
                }
            }
        }
        for api in &expect.lacks {
            if let Some(reference) = assignment.entity_of(api) {
                findings.push(format!("{api} is in the catalog, as {reference}"));
            }
        }
        for wish in &expect.entities {
            entity(wish, now.catalog, &assignment, &mut findings);
        }
        for wish in &expect.requests {
            findings.extend(self.requests(wish, now));
        }
        match (expect.error, now.error) {
            (Some(ErrorWish::Told), None) => {
                findings.push("the last sync told no error, though something is wrong".to_owned());
            }
            (Some(ErrorWish::None), Some(error)) => findings.push(format!("the last sync told an error: {error}")),
            _ => {}
        }
        if *expect == Expect::default() {
            findings.push("nothing is expected here, so nothing was checked: say what must hold".to_owned());
        }
        if findings.is_empty() {
            self.held = now.catalog.clone();
        } else if expect.catalog != Some(CatalogWish::Valid) {
            findings.extend(now.remarks.iter().take(TOLD).map(Remark::to_string));
        }
        self.mark = now.journal.mark();
        self.since = now.time;
        findings
    }

    fn requests(&self, wish: &RequestWish, now: &Now<'_>) -> Vec<String> {
        let what = requests_in_words(wish);
        let came = now.journal.count(wish, self.mark);
        let mut findings = Vec::new();
        if let Some(most) = wish.at_most.filter(|most| came > *most as usize) {
            findings.push(format!("{came} {what} came, and {most} are the most there may be"));
        }
        if let Some(fewest) = wish.at_least.filter(|fewest| came < *fewest as usize) {
            findings.push(format!("{came} {what} came, and {fewest} are the fewest there must be"));
        }
        if let Some(not_before) = wish.not_before
            && let Some(first) = now.journal.first(wish, self.mark)
        {
            let after = first.at.duration_since(self.since);
            if after < not_before.0 {
                let after = SignedDuration::from_millis_i128(after.as_millis());
                findings.push(format!("one of the {what} came after {after:#}, and none may before {not_before}"));
            }
        }
        findings
    }
}

fn requests_in_words(wish: &RequestWish) -> String {
    let mut words = String::from("requests ");
    if let Some(method) = &wish.method {
        words.push_str(method);
        words.push(' ');
    }
    if let Some(path) = &wish.path {
        words.push_str(path);
        words.push(' ');
    }
    words + "to the " + wish.server.as_str()
}

fn entity(wish: &EntityWish, catalog: &Catalog, assignment: &Assignment, findings: &mut Vec<String>) {
    let api = &wish.api;
    let Some((reference, entity)) =
        assignment.entity_of(api).and_then(|reference| Some((reference, catalog.get(reference)?)))
    else {
        findings.push(format!("{api} is not in the catalog"));
        return;
    };
    for (path, wanted) in &wish.has {
        match member(entity, path) {
            Some(value) if says(value, wanted) => {}
            Some(value) => findings.push(format!(
                "{api} ({reference}) has {} as its {path}, not {}",
                cut(&value.to_string()),
                cut(wanted)
            )),
            None => findings.push(format!("{api} ({reference}) has no {path}, which should be {}", cut(wanted))),
        }
    }
}

/// Whether a value is this text, or what this text says as JSON.
fn says(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text == wanted,
        value => serde_json::from_str::<Value>(wanted).is_ok_and(|wanted| wanted == *value),
    }
}

/// The member at a path such as `metadata.tags.0`. Keys may hold dots: the longest that is there is taken.
fn member<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => {
            if let Some(found) = members.get(path) {
                return Some(found);
            }
            path.rmatch_indices('.').find_map(|(dot, _)| member(members.get(&path[..dot])?, &path[dot + 1..]))
        }
        Value::Array(items) => {
            let (at, rest) = path.split_once('.').map_or((path, None), |(at, rest)| (at, Some(rest)));
            let item = items.get(at.parse::<usize>().ok()?)?;
            rest.map_or(Some(item), |rest| member(item, rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
