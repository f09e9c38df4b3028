//! The report in a few lines, to paste into a chat.

use std::fmt::Write as _;

use super::Report;
use crate::check::finding::Status;

/// A line for each problem, the failures first, and one for the result.
pub(super) fn render(report: &Report) -> String {
    let mut text = String::new();
    for status in [Status::Fail, Status::Warn] {
        for finding in report.findings().iter().filter(|finding| finding.status == status) {
            let _ = write!(text, "{status} {}", finding.check.id);
            if let Some(view) = finding.view {
                let _ = write!(text, " ({view})");
            }
            let _ = write!(text, ": {}", one_line(&finding.message));
            if let Some(remedy) = &finding.remedy {
                let _ = write!(text, " -> {}", one_line(remedy));
            }
            text.push('\n');
        }
    }
    let _ = writeln!(text, "{}", report.summary());
    text
}

/// The first paragraph, on one line: what follows it is an excerpt or an example.
fn one_line(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    paragraph.lines().next().unwrap_or_default().trim().to_owned()
}
