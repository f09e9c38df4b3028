//! A scenario in the page: a line to find it by, and all of it behind that line.

use maud::{Markup, html};

use super::super::text::{count, lapse};
use super::super::{Outcome, ScenarioReport, Verdict};
use super::{catalog, chip, requests, steps, timeline};

/// What is shown of a subject's log: the end of it, which tells how it ended.
const LOG_BYTES: usize = 64 * 1024;

/// The scenario in the page, `is_open` where it is not to be opened first.
pub(super) fn article(scenario: &ScenarioReport, anchor: &str, is_open: bool) -> Markup {
    html! {
        article class={ "scenario " (scenario.outcome.word()) } {
            details open[is_open] {
                summary {
                    (chip(&scenario.outcome))
                    span.what {
                        h3 { (scenario.name) }
                        span.description { (scenario.description) }
                        @if let Some(why) = first_finding(scenario).or(scenario.outcome.reason()) {
                            span.why { (why.lines().next().unwrap_or_default()) }
                        }
                    }
                    span.measures { (measures(scenario)) }
                }
                div.inside id=(anchor) { (inside(scenario)) }
            }
        }
    }
}

fn measures(scenario: &ScenarioReport) -> String {
    if scenario.steps.is_empty() {
        return String::new();
    }
    let (steps, requests) = (count(scenario.steps.len(), "step"), count(scenario.requests.len(), "request"));
    format!("{steps} · {requests} · {}", lapse(scenario.elapsed))
}

fn inside(scenario: &ScenarioReport) -> Markup {
    let places = requests::Places::new(scenario);
    html! {
        (reason(&scenario.outcome))
        @if let Some(file) = &scenario.file { p.file { "From " code { (file) } } }
        @if !scenario.steps.is_empty() {
            (timeline::figure(scenario, &places))
            section {
                h4 { "Steps" }
                (steps::list(scenario, &places))
            }
        }
        @if !(scenario.before.is_empty() && scenario.after.is_empty()) {
            section {
                h4 { "Catalog" }
                (catalog::comparison(&scenario.before, &scenario.after))
            }
        } @else if scenario.outcome.has_checked() {
            section {
                h4 { "Catalog" }
                p.muted { "It was empty after the first sync, and at the end." }
            }
        }
        @if !scenario.requests.is_empty() {
            section {
                h4 { "Requests" }
                (requests::tables(scenario, &places))
            }
        }
        @if !scenario.log.is_empty() {
            section {
                h4 { "What the subject wrote to its standard error" }
                (log(&scenario.log))
            }
        }
    }
}

fn reason(outcome: &Outcome) -> Markup {
    let said = match outcome {
        Outcome::Passed | Outcome::Failed => None,
        Outcome::Skipped { .. } => Some("It can't be played against this subject: "),
        Outcome::FailedAsExpected { .. } => Some("It was declared to fail: "),
        Outcome::PassedUnexpectedly { .. } => {
            Some("All held, though it was declared to fail, so that the declaration is to go: ")
        }
        Outcome::Broken { .. } => Some("It could not be judged: "),
    };
    html! {
        @if let (Some(said), Some(reason)) = (said, outcome.reason()) {
            p class={ "reason " (outcome.word()) } { b { (said) } (reason) }
        }
    }
}

/// What did not hold first. A scenario that could not be judged has a reason that says more.
fn first_finding(scenario: &ScenarioReport) -> Option<&str> {
    if matches!(scenario.outcome, Outcome::Broken { .. }) {
        return None;
    }
    scenario.steps.iter().find_map(|step| match &step.verdict {
        Verdict::Failed { findings } => findings.first().map(String::as_str),
        Verdict::Done | Verdict::Passed | Verdict::Skipped { .. } => None,
    })
}

fn log(log: &str) -> Markup {
    let from = log.len().saturating_sub(LOG_BYTES);
    let from = (from..log.len()).find(|&at| log.is_char_boundary(at)).unwrap_or(log.len());
    html! {
        details open[log.lines().count() <= 12] {
            summary { (count(log.lines().count(), "line")) }
            @if from > 0 { p.muted { "The first " (count(from, "byte")) " are left out." } }
            pre.log tabindex="0" { (&log[from..]) }
        }
    }
}
