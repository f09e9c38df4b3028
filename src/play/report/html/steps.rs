//! The steps of a scenario, each with what was found.

use maud::{Markup, html};

use super::super::text::{count, lapse};
use super::super::{ScenarioReport, StepReport, Verdict};
use super::difference;
use super::requests::Places;

/// The word, the sign and the class of a verdict.
pub(super) fn sign(verdict: &Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::Done => ("done", "·", "done"),
        Verdict::Passed => ("passed", "✓", "passed"),
        Verdict::Failed { .. } => ("failed", "✗", "failed"),
        Verdict::Skipped { .. } => ("not played", "–", "skipped"),
    }
}

pub(super) fn list(scenario: &ScenarioReport, places: &Places) -> Markup {
    html! {
        ol.steps start="0" {
            @for (index, step) in scenario.steps.iter().enumerate() { (item(step, places.of_step(index).len())) }
        }
    }
}

fn item(step: &StepReport, requests: usize) -> Markup {
    let (word, sign, class) = sign(&step.verdict);
    html! {
        li class=(class) {
            div.head {
                span.sign aria-hidden="true" { (sign) }
                span.hidden { (word) ": " }
                code.words { (step.words) }
                span.measures {
                    @if requests > 0 { (count(requests, "request")) " · " }
                    (lapse(step.elapsed))
                    " · " time datetime=(step.at) { (step.at.strftime("%H:%M:%S")) }
                    @if let Some(line) = step.line { " · line " (line) }
                }
            }
            @if let Some(error) = &step.error {
                p.told { b { "The subject told an error: " } (error) }
            }
            @for remark in &step.remarks { p.told { b { "The catalog said: " } (remark) } }
            @match &step.verdict {
                Verdict::Failed { findings } => { @for text in findings { (difference::finding(text)) } }
                Verdict::Skipped { reason } => { p.muted { "Not played: " (reason) } }
                Verdict::Done | Verdict::Passed => {}
            }
        }
    }
}
