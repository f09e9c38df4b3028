//! What a run says: a line a scenario as it ends, what went wrong in those that did not end well, and a summary.

use std::fmt::Write as _;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use understudy::play::Plan;
use understudy::play::report::{Outcome, RunReport, ScenarioReport, StepReport, Verdict};

use crate::cli::failure::Failure;
use crate::cli::lines;
use crate::cli::output;
use crate::cli::talk::Talk;

/// How many requests before a failure are shown.
const REQUESTS: usize = 10;

/// Tells how each scenario ended, as it ends; on a terminal, a bar says how many are left.
pub(super) struct Progress {
    bar: ProgressBar,
    result: Result<(), Failure>,
}

impl Progress {
    pub(super) fn new(plan: &Plan, talk: Talk) -> Self {
        let bar = if talk.is_quiet() { ProgressBar::hidden() } else { ProgressBar::new(plan.scenarios.len() as u64) };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} scenarios, {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, result: Ok(()) }
    }

    pub(super) fn ended(&mut self, scenario: &ScenarioReport) {
        let line = line(scenario);
        let written = self.bar.suspend(|| output::write(line.as_bytes()));
        if self.result.is_ok() {
            self.result = written;
        }
        self.bar.inc(1);
    }

    pub(super) fn finish(self) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        self.result
    }
}

/// `ok  quickstart  12 ms`
fn line(scenario: &ScenarioReport) -> String {
    let (colour, word, reason) = match &scenario.outcome {
        Outcome::Passed => (AnsiColor::Green, "ok", None),
        Outcome::Failed => (AnsiColor::Red, "FAILED", None),
        Outcome::Skipped { reason } => (AnsiColor::Yellow, "skipped", Some(reason)),
        Outcome::FailedAsExpected { reason } => (AnsiColor::Yellow, "failed as expected", Some(reason)),
        Outcome::PassedUnexpectedly { reason } => (AnsiColor::Red, "PASSED UNEXPECTEDLY", Some(reason)),
        Outcome::Broken { reason } => (AnsiColor::Red, "BROKEN", Some(reason)),
    };
    let style = Style::new().fg_color(Some(colour.into()));
    let mut line = format!("{style}{word}{style:#} {}", scenario.name);
    if let Some(reason) = reason {
        let _ = write!(line, ": {}", reason.lines().next().unwrap_or_default());
    }
    let _ = writeln!(line, " ({} ms)", scenario.elapsed.as_millis());
    line
}

/// What went wrong where something did, and how many ended how.
pub(super) fn summary(report: &RunReport) -> String {
    let mut text = String::new();
    for scenario in report.scenarios.iter().filter(|scenario| !scenario.outcome.is_good()) {
        explain(&mut text, scenario);
    }
    let count = |is: fn(&Outcome) -> bool| report.scenarios.iter().filter(|scenario| is(&scenario.outcome)).count();
    let counts = [
        (count(|outcome| matches!(outcome, Outcome::Passed)), "passed"),
        (count(|outcome| matches!(outcome, Outcome::Failed)), "failed"),
        (count(|outcome| matches!(outcome, Outcome::FailedAsExpected { .. })), "failed as expected"),
        (count(|outcome| matches!(outcome, Outcome::PassedUnexpectedly { .. })), "passed unexpectedly"),
        (count(|outcome| matches!(outcome, Outcome::Broken { .. })), "broken"),
        (count(|outcome| matches!(outcome, Outcome::Skipped { .. })), "skipped"),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let counts = if counts.is_empty() { "no scenario".to_owned() } else { counts.join(", ") };
    let _ = writeln!(text, "{counts}, in {} ms, with seed {}", report.elapsed.as_millis(), report.seed);
    text
}

/// The steps up to what went wrong, what was found, and the last requests before it.
fn explain(text: &mut String, scenario: &ScenarioReport) {
    let bold = Style::new().bold();
    let _ = writeln!(text, "\n{bold}{}{bold:#}", scenario.name);
    match &scenario.outcome {
        Outcome::PassedUnexpectedly { reason } => {
            let _ = writeln!(
                text,
                "  all held, though it was declared to fail: {reason}\n  take it off the expected failures"
            );
            return;
        }
        Outcome::Broken { reason } => push_indented(text, "  ", &format!("it could not be judged: {reason}")),
        _ => {}
    }
    let is_wrong = |step: &StepReport| matches!(step.verdict, Verdict::Failed { .. });
    let end = scenario.steps.iter().position(is_wrong).map_or(scenario.steps.len(), |at| at + 1);
    for (at, step) in scenario.steps[..end].iter().enumerate() {
        let _ = writeln!(text, "  {at:>2} {}{}", step.words, verdict(&step.verdict));
        if let Some(error) = &step.error {
            push_indented(text, "       ", &format!("it told: {error}"));
        }
        for remark in &step.remarks {
            push_indented(text, "       ", remark);
        }
        if let Verdict::Failed { findings } = &step.verdict {
            for finding in findings {
                push_indented(text, "     ! ", finding);
            }
        }
    }
    // Only what came before: later requests explain nothing.
    let until = scenario.steps.get(end).map_or(u64::MAX, |step| step.first_request);
    let before: Vec<_> = scenario.requests.iter().filter(|exchange| exchange.number < until).collect();
    if !before.is_empty() {
        let shown = before.len().min(REQUESTS);
        let _ = writeln!(text, "  the last requests before it ({shown} of {}):", before.len());
        for exchange in &before[before.len() - shown..] {
            let _ = writeln!(text, "     {}", lines::text(exchange));
        }
    }
    if !scenario.log.trim().is_empty() {
        let _ = writeln!(text, "  what the subject wrote:");
        push_indented(text, "     ", &scenario.log);
    }
}

fn verdict(verdict: &Verdict) -> String {
    let (colour, word) = match verdict {
        Verdict::Done => return String::new(),
        Verdict::Passed => (AnsiColor::Green, "holds"),
        Verdict::Failed { .. } => (AnsiColor::Red, "FAILED"),
        Verdict::Skipped { .. } => (AnsiColor::Yellow, "skipped"),
    };
    let style = Style::new().fg_color(Some(colour.into()));
    format!(" {style}{word}{style:#}")
}

/// Appends a text of one or more lines; `mark` stands before the first.
fn push_indented(text: &mut String, mark: &str, lines: &str) {
    for (at, line) in lines.trim_end().lines().enumerate() {
        let indent = if at == 0 { mark.to_owned() } else { " ".repeat(mark.len()) };
        let line: String = line.chars().map(|it| if it.is_control() { '\u{FFFD}' } else { it }).collect();
        let _ = writeln!(text, "{indent}{line}");
    }
}
