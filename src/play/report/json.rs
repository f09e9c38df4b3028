//! A run's report as JSON, for programs.

use serde::Serialize;

use super::RunReport;

/// The version of the document's form, its member `schema`. It grows when a member goes or changes its meaning; members
/// that come do not make it grow.
pub const SCHEMA: u32 = 1;

/// The report as one JSON document: its members as the types of [the model](super) have them, and `schema`. Lengths of
/// time are in milliseconds, points in time in RFC 3339.
#[must_use]
pub fn render(report: &RunReport) -> String {
    #[derive(Serialize)]
    struct Document<'a> {
        schema: u32,
        #[serde(flatten)]
        report: &'a RunReport,
    }
    let document = Document { schema: SCHEMA, report };
    let mut text = serde_json::to_string_pretty(&document).expect("texts, numbers and JSON values are JSON");
    text.push('\n');
    text
}
