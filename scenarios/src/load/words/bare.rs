//! Words of steps that stand bare and need something with them: `keys: rotate`, where it takes an issuer to rotate.
//!
//! The YAML reader takes whatever comes next in the file for what such a word lacks. So it is looked for in the text
//! itself, before anything that the reader says of it.

use std::ops::ControlFlow;

use crate::load::error::Mistake;
use crate::load::outline::{self, Kind, Part};
use crate::load::trail::{Step, Trail};
use crate::load::wording::quoted;

/// What the words of a step need, each with an example.
const STEPS: &[(&str, &str)] = &[
    ("change", "change: {removeProducts: [petstore]}"),
    ("fault", "fault: {server: portal, does: html}"),
    ("lift", "lift: all"),
    ("clock", "clock: {advance: 1h}"),
    ("keys", "keys: {rotate: okta}"),
    ("tokens", "tokens: revoke"),
    ("restart", "restart: portal"),
    ("expect", "expect: {catalog: same}"),
];
const CLOCK: &[(&str, &str)] =
    &[("advance", "advance: 1h"), ("set", "set: 2026-01-31T12:00:00Z"), ("skew", "skew: {server: idp, by: 2h}")];
const KEYS: &[(&str, &str)] = &[("rotate", "rotate: okta"), ("retire", "retire: okta")];
const TOKENS: &[(&str, &str)] = &[("opaque", "opaque: true"), ("drop", "drop: [exp]"), ("lifetime", "lifetime: 5m")];
const FAULTS: &[(&str, &str)] = &[
    ("status", "status: 503"),
    ("latency", "latency: {by: 2s}"),
    ("slow-body", "slow-body: {bytes: 100, every: 10ms}"),
    ("truncate", "truncate: {after: 100}"),
    ("content-type", "content-type: text/plain"),
    ("redirect", "redirect: {}"),
    ("tls", "tls: expired"),
    ("items", "items: none"),
    ("rate-limit", "rate-limit: {requests: 10, per: minute}"),
    ("pad", "pad: {bytes: 1000000}"),
];
const ITEMS: &[(&str, &str)] = &[("first", "first: 1")];

/// The first such word in the text of a scenario.
pub(crate) fn find(text: &str) -> Option<Mistake> {
    if !text.contains("steps") {
        return None;
    }
    let mut found = None;
    let _ = outline::walk(text, |visit| {
        if visit.part == Part::Key || visit.is_end() || visit.is_open() {
            return ControlFlow::Continue(());
        }
        let Some(words) = words_at(visit.trail) else { return ControlFlow::Continue(()) };
        let place = visit.place();
        let Kind::Text { value, .. } = &place.kind else { return ControlFlow::Continue(()) };
        let Some((word, example)) = words.iter().find(|(word, _)| word == value) else {
            return ControlFlow::Continue(());
        };
        let message = format!("{} needs something with it", quoted(word));
        found = Some(Mistake::on(place.into(), message).help(format!("such as `{example}`")));
        ControlFlow::Break(())
    });
    found
}

/// The words that can't stand bare at the end of a trail.
fn words_at(trail: &Trail) -> Option<&'static [(&'static str, &'static str)]> {
    let [Step::Key(top), Step::Item(_), within @ ..] = trail.steps() else { return None };
    if top != "steps" {
        return None;
    }
    let keys: Vec<&str> = within
        .iter()
        .map(|step| match step {
            Step::Key(key) => &**key,
            Step::Item(_) => "",
        })
        .collect();
    match keys[..] {
        [] => Some(STEPS),
        ["clock"] => Some(CLOCK),
        ["keys"] => Some(KEYS),
        ["tokens"] => Some(TOKENS),
        ["fault", "does"] => Some(FAULTS),
        ["fault", "does", "items"] => Some(ITEMS),
        _ => None,
    }
}
