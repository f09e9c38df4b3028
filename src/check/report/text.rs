//! The report to read: part by part, each finding with what was asked, what came and what to do.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::Report;
use crate::check::finding::{Finding, Status};

/// How wide a line of prose may be.
const WIDTH: usize = 110;

pub(super) fn render(report: &Report, styled: bool) -> String {
    let mut text = String::new();
    let mut part = None;
    for alike in report.findings().chunk_by(are_skipped_alike) {
        let finding = &alike[0];
        if part != Some(finding.check.part) {
            part = Some(finding.check.part);
            let bold = if styled { Style::new().bold() } else { Style::new() };
            let break_before = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{break_before}{bold}{}{bold:#}", finding.check.part.title());
        }
        let ids: Vec<&str> = alike.iter().map(|finding| finding.check.id).collect();
        push(&mut text, &ids.join(", "), finding, styled);
    }
    let break_before = if text.is_empty() { "" } else { "\n" };
    let _ = writeln!(text, "{break_before}{}", report.summary());
    text
}

/// Whether two findings in a row are skipped for one reason, which is then told once.
fn are_skipped_alike(one: &Finding, next: &Finding) -> bool {
    one.status == Status::Skip
        && next.status == Status::Skip
        && one.check.part == next.check.part
        && one.view == next.view
        && one.message == next.message
}

fn push(text: &mut String, ids: &str, finding: &Finding, styled: bool) {
    let colour = match finding.status {
        Status::Pass => AnsiColor::Green,
        Status::Warn | Status::Skip => AnsiColor::Yellow,
        Status::Fail => AnsiColor::Red,
    };
    let style = if styled { Style::new().fg_color(Some(colour.into())) } else { Style::new() };
    let view = finding.view.map(|view| format!(" ({view})")).unwrap_or_default();
    let first = format!("{ids}{view}: {}", finding.message);
    let mut lines = lines(&first);
    let _ = writeln!(text, "  {style}{}{style:#} {}", finding.status.word(), lines.next().unwrap_or_default());
    lines.for_each(|line| push_line(text, &line));
    let is_problem = matches!(finding.status, Status::Warn | Status::Fail);
    if let Some(asked) = finding.asked.as_deref().filter(|_| is_problem) {
        push_line(text, &format!("asked: {asked}"));
    }
    if let Some(remedy) = &finding.remedy {
        self::lines(&format!("do: {remedy}")).for_each(|line| push_line(text, &line));
    }
}

fn push_line(text: &mut String, line: &str) {
    let _ = writeln!(text, "{}", format!("       {line}").trim_end());
}

/// The lines of a text: prose is broken at blanks; what is indented, an excerpt or an example, stays as it is.
fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().flat_map(|line| {
        let is_prose = !line.starts_with([' ', '\t']) && line.chars().count() > WIDTH;
        if is_prose { broken(line) } else { vec![line.to_owned()] }
    })
}

fn broken(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let last = lines.last_mut().expect("there is one from the start");
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(word.to_owned());
        } else {
            last.push(' ');
            last.push_str(word);
        }
    }
    lines
}
