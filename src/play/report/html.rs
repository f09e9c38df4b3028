//! A run's report as one HTML page for people: what was found first, then each scenario with its timeline, steps,
//! catalog, requests and log.
//!
//! The page asks for nothing from anywhere, and holds no script: its `Content-Security-Policy` forbids both.

mod catalog;
mod difference;
mod lane;
mod requests;
mod scenario;
mod steps;
mod timeline;

use std::collections::HashMap;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::text::{count, grouped, lapse, printable};
use super::{Outcome, RunReport};

const STYLE: &str = concat!(include_str!("../../palette.css"), include_str!("html/style.css"));
/// So many scenarios that did not end well are open from the start; of more, a list is the better start.
const OPEN: usize = 5;
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The report as one self-contained page. The same report makes the same page.
#[must_use]
pub fn render(report: &RunReport) -> String {
    let title = match &report.suite {
        Some(suite) => format!("{suite} against {}", report.subject),
        None => format!("A run against {}", report.subject),
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title { (headline(report)) " – " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (timeline::symbols())
                header.page { div.page {
                    p.brand { "Understudy" }
                    h1 { (headline(report)) }
                    (shares(report))
                    (facts(report))
                } }
                main.page { (scenarios(report)) }
                footer.page {
                    p { "Written by understudy " (report.version) ". Times of day are the stage's, in UTC; lengths of time are real." }
                }
            }
        }
    };
    // Whatever a text held, no control character is in the page.
    printable(&page.into_string()).into_owned()
}

/// How many scenarios ended how, in the order in which a reader wants to know, those that none did left out.
fn tally(report: &RunReport) -> Vec<(Ending, usize)> {
    let mut tally: Vec<(Ending, usize)> = ENDINGS.iter().map(|ending| (*ending, 0)).collect();
    for scenario in &report.scenarios {
        if let Some((_, number)) = tally.iter_mut().find(|(ending, _)| ending.word == scenario.outcome.word()) {
            *number += 1;
        }
    }
    tally.retain(|(_, number)| *number > 0);
    tally
}

/// How an outcome is shown: a sign beside the colour, so that neither is needed to tell it.
#[derive(Clone, Copy)]
struct Ending {
    word: &'static str,
    sign: &'static str,
    name: &'static str,
    is_good: bool,
}

const ENDINGS: [Ending; 6] = [
    Ending { word: "failed", sign: "✗", name: "failed", is_good: false },
    Ending { word: "broken", sign: "?", name: "could not be judged", is_good: false },
    Ending { word: "passed-unexpectedly", sign: "!", name: "passed unexpectedly", is_good: false },
    Ending { word: "failed-as-expected", sign: "≈", name: "failed as expected", is_good: true },
    Ending { word: "passed", sign: "✓", name: "passed", is_good: true },
    Ending { word: "skipped", sign: "–", name: "skipped", is_good: true },
];

fn chip(outcome: &Outcome) -> Markup {
    let ending = ENDINGS.iter().find(|ending| ending.word == outcome.word());
    html! {
        @if let Some(ending) = ending {
            span class={ "chip " (ending.word) } { span aria-hidden="true" { (ending.sign) } " " (ending.name) }
        }
    }
}

/// What a reader must know, in a sentence.
fn headline(report: &RunReport) -> String {
    let tally = tally(report);
    let bad: Vec<String> = tally
        .iter()
        .filter(|(ending, _)| !ending.is_good)
        .map(|(ending, number)| format!("{} {}", grouped(*number), ending.name))
        .collect();
    let all = count(report.scenarios.len(), "scenario");
    if !bad.is_empty() {
        return format!("Of {all}, {}", listed(&bad));
    }
    if !report.scenarios.iter().any(|scenario| scenario.outcome.has_checked()) {
        return format!("Nothing was checked: {all}, none of them judged");
    }
    match tally.as_slice() {
        [(ending, number)] if ending.word == "passed" => {
            if *number == 1 {
                "The scenario passed".to_owned()
            } else {
                format!("All {all} passed")
            }
        }
        tally => {
            let each: Vec<String> =
                tally.iter().map(|(ending, number)| format!("{} {}", grouped(*number), ending.name)).collect();
            format!("Of {all}, {}", listed(&each))
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A bar with a piece for each outcome; the numbers are said elsewhere.
fn shares(report: &RunReport) -> Markup {
    let all = report.scenarios.len().max(1) as f64;
    let mut from = 0.0;
    let pieces: Vec<_> = tally(report)
        .into_iter()
        .map(|(ending, number)| {
            let (x, width) = (from, number as f64 / all * 100.0);
            from += width;
            (ending, number, x, width)
        })
        .collect();
    html! {
        svg.shares aria-hidden="true" width="100%" height="10" {
            @for (ending, number, x, width) in pieces {
                rect class=(ending.word) x=(percent(x)) y="0" width=(percent(width)) height="10" {
                    title { (number) " " (ending.name) }
                }
            }
        }
    }
}

fn facts(report: &RunReport) -> Markup {
    html! {
        dl.facts {
            div { dt { "Subject" } dd { code { (report.subject) } } }
            @if let Some(suite) = &report.suite { div { dt { "Suite" } dd { (suite) } } }
            div { dt { "Scenarios" } dd { (grouped(report.scenarios.len())) } }
            div { dt { "Took" } dd { (lapse(report.elapsed)) } }
            div { dt { "Seed" } dd { code { (report.seed) } } }
            div { dt { "Understudy" } dd { (report.version) } }
        }
    }
}

fn scenarios(report: &RunReport) -> Markup {
    let tally = tally(report);
    let bad = report.scenarios.iter().filter(|scenario| !scenario.outcome.is_good()).count();
    let mut anchors = Anchors::default();
    html! {
        h2.hidden { "Scenarios" }
        @if tally.len() > 1 {
            fieldset.filter {
                legend { "Show" }
                input #show-all type="radio" name="show" checked;
                label for="show-all" { "all " b { (grouped(report.scenarios.len())) } }
                @for (ending, number) in &tally {
                    input id={ "show-" (ending.word) } type="radio" name="show";
                    label for={ "show-" (ending.word) } class=(ending.word) {
                        span aria-hidden="true" { (ending.sign) } " " (ending.name) " " b { (grouped(*number)) }
                    }
                }
            }
        }
        @for scenario in &report.scenarios {
            @let is_open = bad <= OPEN && !scenario.outcome.is_good();
            (scenario::article(scenario, &anchors.next(&scenario.name), is_open))
        }
        @if report.scenarios.is_empty() { p { "The run held no scenario." } }
    }
}

/// Names that links can end in: those of the scenarios, as far as they can, and each only once.
#[derive(Default)]
struct Anchors(HashMap<String, usize>);

impl Anchors {
    fn next(&mut self, name: &str) -> String {
        let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
        let plain: String = letters.take(80).collect();
        let plain = format!("scenario-{}", plain.trim_matches('-'));
        let times = self.0.entry(plain.clone()).or_default();
        *times += 1;
        if *times == 1 { plain } else { format!("{plain}--{times}") }
    }
}

/// A place or a width on a line of 100.
fn percent(number: f64) -> String {
    format!("{number:.2}%")
}
