//! What an examination found, as a text, as JSON, as JUnit XML, and in a few lines for a chat.

mod json;
mod junit;
mod short;
mod text;

use std::time::Duration;

use understudy_provider::FailureKind;

use super::finding::{Finding, Status};

/// What an examination found.
#[derive(Clone, Debug)]
pub struct Report {
    findings: Vec<Finding>,
    elapsed: Duration,
}

/// The forms of a report. The result is the same in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// To read: each finding, with what to do.
    Text,
    /// For programs: `{"result":"pass|fail","checks":[{"id","status","message","remedy"}]}`.
    Json,
    /// For continuous integration: JUnit XML.
    Junit,
    /// To paste into a chat: a line for each problem.
    Short,
}

impl Report {
    pub(super) fn new(findings: Vec<Finding>, elapsed: Duration) -> Self {
        Self { findings, elapsed }
    }

    /// What was found, in the order in which it was.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How long it took, in real time.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Whether nothing failed, and something was looked at at all. Warnings fail nothing.
    #[must_use]
    pub fn is_pass(&self) -> bool {
        self.problem().is_none()
    }

    /// Why it is not a pass; none where it is one.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let failed = self.count(Status::Fail);
        if failed > 0 {
            return Some(format!("{failed} {} failed", if failed == 1 { "check" } else { "checks" }));
        }
        if self.findings.iter().all(|finding| finding.status == Status::Skip) {
            let why = self
                .findings
                .first()
                .map_or("none of the checks that are wanted has anything to look at", |first| &first.message);
            return Some(format!("nothing was checked: {why}"));
        }
        None
    }

    /// How a process that was asked for this report ends: 0 for a pass; otherwise by the first failure, 2 where it is the
    /// configuration's, 3 where a server could not be reached, else 1, as where nothing was checked.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if self.is_pass() {
            return 0;
        }
        match self.findings.iter().find_map(|finding| finding.kind) {
            Some(FailureKind::Configuration) => 2,
            Some(FailureKind::Unreachable) => 3,
            Some(FailureKind::Refused | FailureKind::Invalid) | None => 1,
        }
    }

    /// The report in a form; `styled` with ANSI escapes, where the form has any.
    #[must_use]
    pub fn render(&self, format: ReportFormat, styled: bool) -> String {
        match format {
            ReportFormat::Text => text::render(self, styled),
            ReportFormat::Json => json::render(self),
            ReportFormat::Junit => junit::render(self),
            ReportFormat::Short => short::render(self),
        }
    }

    /// The report to read.
    #[must_use]
    pub fn text(&self) -> String {
        self.render(ReportFormat::Text, false)
    }

    fn count(&self, status: Status) -> usize {
        self.findings.iter().filter(|finding| finding.status == status).count()
    }

    /// `pass: 30 passed, 1 warning, 2 skipped`
    fn summary(&self) -> String {
        let counts = [
            (self.count(Status::Pass), "passed", "passed"),
            (self.count(Status::Warn), "warning", "warnings"),
            (self.count(Status::Fail), "failed", "failed"),
            (self.count(Status::Skip), "skipped", "skipped"),
        ];
        let counts = counts.iter().filter(|(count, ..)| *count > 0);
        let counts: Vec<String> =
            counts.map(|(count, one, more)| format!("{count} {}", if *count == 1 { one } else { more })).collect();
        let result = if self.is_pass() { "pass" } else { "fail" };
        match (counts.is_empty(), self.problem()) {
            (false, Some(problem)) if self.count(Status::Fail) == 0 => {
                format!("{result}: {}; {problem}", counts.join(", "))
            }
            (false, _) => format!("{result}: {}", counts.join(", ")),
            (true, problem) => format!("{result}: {}", problem.unwrap_or_default()),
        }
    }
}
