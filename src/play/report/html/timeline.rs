//! A scenario's steps and requests on one axis of real time, as a drawing in lanes.
//!
//! Places along the axis are per cent, so that the drawing has the width of the page while its texts keep their size.

use std::time::Duration;

use maud::{Markup, html};

use super::super::text::{count, lapse};
use super::super::{ScenarioReport, StepReport};
use super::lane::Lane;
use super::percent;
use super::requests::{Places, is_wrong};
use super::steps::sign;
use crate::Server;

/// What is drawn at least of something short, in per cent: some pixels of a small screen.
const SHORTEST: f64 = 0.5;
/// How near two labels may stand, in per cent.
const LABEL: f64 = 4.5;
/// The height of the lane of steps.
const STEPS: usize = 46;

/// The signs that the drawings share.
pub(super) fn symbols() -> Markup {
    html! {
        svg.symbols aria-hidden="true" width="0" height="0" {
            defs {
                path #fault-sign d="M0 1 h8 l-4 7 z" {}
                path #wrong-sign d="M1 1 l6 6 m0 -6 l-6 6" {}
            }
        }
    }
}

/// Real time since the scenario began, as places on the axis.
pub(super) struct Axis {
    length: f64,
}

impl Axis {
    fn place(&self, at: Duration) -> f64 {
        (at.as_secs_f64() / self.length * 100.0).min(100.0)
    }

    /// Where something begins and how wide it is, inside the drawing.
    pub(super) fn span(&self, began: Duration, elapsed: Duration) -> (f64, f64) {
        let from = self.place(began).min(100.0 - SHORTEST);
        (from, (self.place(began + elapsed) - from).max(SHORTEST))
    }
}

pub(super) fn figure(scenario: &ScenarioReport, places: &Places) -> Markup {
    let begins = begins(scenario, places);
    let ends = scenario.steps.iter().map(|step| step.began + step.elapsed);
    let ends = ends.chain(begins.iter().zip(&scenario.requests).map(|(began, exchange)| *began + exchange.elapsed));
    let length = ends.chain([scenario.elapsed, Duration::from_millis(1)]).max().unwrap_or_default();
    let axis = Axis { length: length.as_secs_f64() };
    let lanes = [
        Lane::new(Server::Idp, "identity provider", scenario, places, &begins, &axis),
        Lane::new(Server::Portal, "portal", scenario, places, &begins, &axis),
    ];
    let idp_bottom = STEPS + lanes[0].height();
    let (tops, top) = ([STEPS, idp_bottom], idp_bottom + lanes[1].height());
    let height = top + 20;
    html! {
        figure.timeline {
            svg role="img" aria-label=(spoken(scenario)) width="100%" height=(height) {
                (steps(scenario, &axis))
                @for (lane, top) in lanes.iter().zip(&tops) { (lane.drawn(*top)) }
                @for step in &scenario.steps {
                    @let x = percent(axis.place(step.began));
                    line.boundary x1=(x) x2=(x) y1="18" y2=(top) {}
                }
                (ticks(&axis, top))
            }
            figcaption {
                span { svg.key width="14" height="8" aria-hidden="true" { rect.request.portal width="14" height="5" y="2" {} } " a request" }
                span { svg.key width="8" height="8" aria-hidden="true" { use.wrong-sign href="#wrong-sign" {} } " refused or failed" }
                span { svg.key width="8" height="8" aria-hidden="true" { use.fault-sign href="#fault-sign" {} } " a fault was played on it" }
            }
        }
    }
}

/// When each request began, in real time since the scenario began: its step's beginning, and how long after it the
/// stage's clock says that it came. Where that clock stood still or was moved meanwhile, the requests of a step are
/// spread over it.
fn begins(scenario: &ScenarioReport, places: &Places) -> Vec<Duration> {
    let mut begins = vec![Duration::ZERO; scenario.requests.len()];
    for (index, step) in scenario.steps.iter().enumerate() {
        let range = places.of_step(index);
        let end = scenario.steps.get(index + 1).map_or(scenario.elapsed, |next| next.began);
        let window = end.saturating_sub(step.began).max(step.elapsed);
        let requests = &scenario.requests[range.clone()];
        let after: Option<Vec<Duration>> =
            requests.iter().map(|exchange| Duration::try_from(exchange.at.duration_since(step.at)).ok()).collect();
        let is_told = |after: &Vec<Duration>| {
            let stood_still = after.len() > 1 && after.iter().all(|one| *one == after[0]);
            !stood_still && after.iter().all(|one| *one <= window)
        };
        let after = after.filter(is_told).unwrap_or_else(|| {
            let parts = requests.len() as f64 + 1.0;
            (1..=requests.len()).map(|part| window.mul_f64(part as f64 / parts)).collect()
        });
        for (begin, after) in begins[range].iter_mut().zip(after) {
            *begin = step.began + after;
        }
    }
    begins
}

/// The lane of steps: a bar each, and the numbers of those that have room for one.
fn steps(scenario: &ScenarioReport, axis: &Axis) -> Markup {
    html! {
        @for (number, step) in scenario.steps.iter().enumerate() {
            @let (from, width) = axis.span(step.began, step.elapsed);
            @let (word, _, class) = sign(&step.verdict);
            rect class={ "step " (class) } x=(percent(from)) y="20" width=(percent(width)) height="16" rx="2" {
                title { (number) ". " (step.words) " – " (word) ", " (lapse(step.elapsed)) }
            }
        }
        @for label in labels(&scenario.steps, axis) {
            text.step-name.failed[label.has_failed] x=(percent(label.at)) y="13" text-anchor=(anchor(label.at)) {
                (label.text)
            }
        }
    }
}

struct Label {
    at: f64,
    text: String,
    has_failed: bool,
}

/// The numbers of the steps, from 0, which is the undisturbed first sync; those that would stand on each other as one:
/// `2–5`.
fn labels(steps: &[StepReport], axis: &Axis) -> Vec<Label> {
    let mut groups: Vec<(f64, usize, usize, bool)> = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let (at, _) = axis.span(step.began, step.elapsed);
        let has_failed = sign(&step.verdict).2 == "failed";
        match groups.last_mut() {
            Some((from, _, last, failed)) if at - *from < LABEL => (*last, *failed) = (number, *failed || has_failed),
            _ => groups.push((at, number, number, has_failed)),
        }
    }
    let label = |(at, first, last, has_failed)| {
        let numbers = if first == last { format!("{first}") } else { format!("{first}–{last}") };
        let text = if has_failed { format!("{numbers} ✗") } else { numbers };
        Label { at, text, has_failed }
    };
    groups.into_iter().map(label).collect()
}

fn anchor(at: f64) -> &'static str {
    if at > 93.0 { "end" } else { "start" }
}

/// Round times under the lanes.
fn ticks(axis: &Axis, top: usize) -> Markup {
    let every = step_of(axis.length);
    let ticks = (0..=6).map(|n| f64::from(n) * every).filter(|at| *at <= axis.length);
    html! {
        @for seconds in ticks {
            @let at = seconds / axis.length * 100.0;
            line.tick x1=(percent(at)) x2=(percent(at)) y1=(top) y2=(top + 4) {}
            text.tick-name x=(percent(at)) y=(top + 16) text-anchor=(if at < 3.0 { "start" } else if at > 93.0 { "end" } else { "middle" }) {
                @if seconds == 0.0 { "0" } @else { (tick(seconds)) }
            }
        }
    }
}

/// `20 ms`, `1.5 s`.
fn tick(seconds: f64) -> String {
    let (number, unit) = if seconds < 1.0 { (seconds * 1e3, "ms") } else { (seconds, "s") };
    let number = format!("{number:.1}");
    format!("{} {unit}", number.trim_end_matches(".0"))
}

/// 1, 2 or 5 of a power of ten, so that there are five ticks at most.
fn step_of(length: f64) -> f64 {
    let rough = length / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|factor| factor * power);
    steps.into_iter().find(|step| *step >= rough).unwrap_or(10.0 * power)
}

/// What the drawing shows, for who does not see it; the tables have all of it.
fn spoken(scenario: &ScenarioReport) -> String {
    let of = |server| scenario.requests.iter().filter(|exchange| exchange.server == server).count();
    let wrong = scenario.requests.iter().filter(|exchange| is_wrong(exchange)).count();
    format!(
        "Timeline: {} in {}, {} to the identity provider, {} to the portal, {wrong} of them refused or failed.",
        count(scenario.steps.len(), "step"),
        lapse(scenario.elapsed),
        count(of(Server::Idp), "request"),
        count(of(Server::Portal), "request"),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use http::{Method, StatusCode};
    use jiff::{SignedDuration, Timestamp};
    use understudy_scenarios::Note;

    use super::super::super::{Outcome, Verdict};
    use super::*;
    use crate::Exchange;

    const MS: Duration = Duration::from_millis(1);

    /// Two steps of 100 ms each; the requests come in the second, so many milliseconds after it began by the stage's
    /// clock.
    fn scenario(after: &[i64]) -> ScenarioReport {
        let step = |began: u32, first_request| StepReport {
            words: "sync".to_owned(),
            line: None,
            verdict: Verdict::Done,
            error: None,
            remarks: Vec::new(),
            at: Timestamp::UNIX_EPOCH + SignedDuration::try_from(MS * began).unwrap(),
            began: MS * began,
            elapsed: MS * 100,
            first_request,
        };
        let request = |(number, after): (u64, &i64)| {
            Arc::new(Exchange {
                number,
                at: Timestamp::UNIX_EPOCH + SignedDuration::from_millis(100 + after),
                server: Server::Portal,
                method: Method::GET,
                path: "/".to_owned(),
                status: Some(StatusCode::OK),
                note: Note::default(),
                faults: Vec::new(),
                elapsed: MS,
            })
        };
        ScenarioReport {
            name: String::new(),
            file: None,
            description: String::new(),
            outcome: Outcome::Passed,
            steps: vec![step(0, 1), step(100, 1)],
            requests: (1..).zip(after).map(request).collect(),
            before: Vec::new(),
            after: Vec::new(),
            log: String::new(),
            elapsed: MS * 200,
        }
    }

    fn placed(after: &[i64]) -> Vec<u128> {
        let scenario = scenario(after);
        begins(&scenario, &Places::new(&scenario)).iter().map(Duration::as_millis).collect()
    }

    #[test]
    fn a_request_stands_as_long_after_its_step_began_as_the_clock_says() {
        assert_eq!(placed(&[10, 95]), [110, 195]);
    }

    #[test]
    fn requests_are_spread_over_their_step_when_the_clock_stood_still_or_was_moved() {
        assert_eq!(placed(&[0, 0, 0]), [125, 150, 175]);
        assert_eq!(placed(&[10, 3_600_000]), [133, 166]);
        assert_eq!(placed(&[-3_600_000]), [150]);
    }

    #[test]
    fn steps_that_would_stand_on_each_other_share_a_label() {
        let mut scenario = scenario(&[]);
        scenario.steps[1].began = MS;
        let axis = Axis { length: 0.2 };
        let texts = |scenario: &ScenarioReport| -> Vec<String> {
            labels(&scenario.steps, &axis).into_iter().map(|label| label.text).collect()
        };
        assert_eq!(texts(&scenario), ["0–1"]);
        scenario.steps[1].began = MS * 100;
        scenario.steps[1].verdict = Verdict::Failed { findings: Vec::new() };
        assert_eq!(texts(&scenario), ["0", "1 ✗"]);
    }

    #[test]
    fn ticks_are_round() {
        let every = [0.004, 0.3, 0.9, 4.0, 75.0].map(|length| tick(step_of(length)));
        assert_eq!(every, ["1 ms", "100 ms", "200 ms", "1 s", "20 s"]);
    }
}
