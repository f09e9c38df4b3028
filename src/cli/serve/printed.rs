//! What `serve` prints when it is ready.

use std::fmt::Write as _;

use anstyle::Style;
use serde::Serialize;
use serde_json::value::RawValue;
use understudy::Target;
use understudy::serve::{CATALOG_INFO, HEALTH, METRICS, Server};

use crate::cli::failure::Failure;
use crate::cli::target::Opened;
use crate::cli::up;

/// URLs and the app-config block: what a person needs next.
pub(super) fn text(server: &Server, opened: &Opened) -> String {
    let bold = Style::new().bold();
    let url = server.url();
    let mut text = format!("{bold}Serving{bold:#} the catalog at {url}{CATALOG_INFO}\n\n");
    let _ = writeln!(text, "  health   {url}{HEALTH}\n  metrics  {url}{METRICS}");
    if let Some(stage) = &opened.stage {
        let _ = writeln!(text, "  portal   {}", opened.config.portal);
        if let Some(control) = stage.control() {
            let token = control.token().expose();
            let _ = writeln!(text, "  control  {}  (Authorization: Bearer {token})", control.url());
            let _ = writeln!(text, "  page     {}", control.page());
        }
    }
    let _ = writeln!(text, "\n{bold}In app-config.local.yaml{bold:#}, for a Backstage without any plugin:\n");
    let _ = writeln!(text, "{}", server.location_config());
    let _ = writeln!(text, "Ctrl-C ends it.");
    text
}

/// The same for a program: one line. A stage whose servers are both asked is told as `up` tells it.
pub(super) fn json(server: &Server, opened: &Opened) -> Result<String, Failure> {
    let url = server.url();
    let stage = opened.stage.as_ref().filter(|_| matches!(opened.target, Target::Mocks));
    let stage = stage.map(up::printed::json).transpose()?.map(RawValue::from_string).transpose();
    let line = ReadyLine {
        url,
        catalog_info: format!("{url}{CATALOG_INFO}"),
        health: format!("{url}{HEALTH}"),
        metrics: format!("{url}{METRICS}"),
        stage: stage.map_err(std::io::Error::from)?,
    };
    let mut text = serde_json::to_string(&line).map_err(std::io::Error::from)?;
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
struct ReadyLine<'a> {
    url: &'a str,
    catalog_info: String,
    health: String,
    metrics: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<Box<RawValue>>,
}
