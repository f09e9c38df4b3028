//! The report for programs.

use serde::Serialize;

use super::Report;
use crate::check::finding::View;
use crate::elapsed::milliseconds;

#[derive(Serialize)]
struct Document<'r> {
    result: &'static str,
    checks: Vec<Entry<'r>>,
    /// Why the result is a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    exit_code: u8,
    elapsed_ms: f64,
}

#[derive(Serialize)]
struct Entry<'r> {
    id: &'static str,
    status: &'static str,
    message: &'r str,
    remedy: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<&'r str>,
    elapsed_ms: f64,
}

pub(super) fn render(report: &Report) -> String {
    let checks = report.findings().iter().map(|finding| Entry {
        id: finding.check.id,
        status: finding.status.word(),
        message: &finding.message,
        remedy: finding.remedy.as_deref(),
        view: finding.view.map(View::word),
        asked: finding.asked.as_deref(),
        elapsed_ms: milliseconds(finding.elapsed),
    });
    let document = Document {
        result: if report.is_pass() { "pass" } else { "fail" },
        checks: checks.collect(),
        problem: report.problem(),
        exit_code: report.exit_code(),
        elapsed_ms: milliseconds(report.elapsed()),
    };
    let mut text = serde_json::to_string_pretty(&document).expect("texts and numbers make a document");
    text.push('\n');
    text
}
