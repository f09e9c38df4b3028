//! A run's report as JUnit XML, for continuous integration: a suite for the run, a test case for each scenario.
//!
//! There is no one standard. What is written here is what is common to the readers in the field, as
//! <https://github.com/testmoapp/junitxml> collects it.

use std::io;
use std::time::Duration;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::text::{count, printable, request_line};
use super::{Outcome, RunReport, ScenarioReport, Verdict};

/// How many of the last requests a test case shows.
const REQUESTS: usize = 20;
/// How many of the last lines of the subject's log a test case shows.
const LOG_LINES: usize = 200;

/// The report as JUnit XML.
///
/// - What failed, and what passed though it was declared to fail, is a `failure`; what could not be judged an `error`;
///   what can't be played against this subject is `skipped`, with the reason.
/// - What failed **as expected** is a test case that passes, with the property `expected-failure` that holds the reason:
///   JUnit has no word for it, `skipped` would say that it was not played, and `failure` would fail the build.
/// - Cases that did not end plainly well have the last requests in `system-out`, and the subject's log in `system-err`.
#[must_use]
pub fn render(report: &RunReport) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut writer, report).expect("a vector takes all that is written to it");
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("texts are UTF-8, and so is what the writer adds")
}

type Xml = Writer<Vec<u8>>;

fn write(xml: &mut Xml, report: &RunReport) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let of = |is: fn(&Outcome) -> bool| report.scenarios.iter().filter(|scenario| is(&scenario.outcome)).count();
    let name = report.suite.as_deref().unwrap_or("understudy");
    let counts = [
        ("tests", report.scenarios.len().to_string()),
        ("failures", of(|outcome| matches!(outcome, Outcome::Failed | Outcome::PassedUnexpectedly { .. })).to_string()),
        ("errors", of(|outcome| matches!(outcome, Outcome::Broken { .. })).to_string()),
        ("skipped", of(|outcome| matches!(outcome, Outcome::Skipped { .. })).to_string()),
        ("time", seconds(report.elapsed)),
    ];
    let counts = || counts.iter().map(|(name, value)| (*name, value.as_str()));
    xml.create_element("testsuites")
        .with_attribute(("name", "understudy"))
        .with_attributes(counts())
        .write_inner_content(|xml| {
            let suite = xml.create_element("testsuite").with_attribute(("name", &*printable(name)));
            suite.with_attributes(counts()).write_inner_content(|xml| {
                properties(
                    xml,
                    &[
                        ("subject", &report.subject),
                        ("seed", &report.seed.to_string()),
                        ("understudy-version", report.version),
                    ],
                )?;
                report.scenarios.iter().try_for_each(|scenario| test_case(xml, name, scenario))
            })?;
            Ok(())
        })?;
    Ok(())
}

fn test_case(xml: &mut Xml, suite: &str, scenario: &ScenarioReport) -> io::Result<()> {
    let name = printable(&scenario.name);
    let time = seconds(scenario.elapsed);
    let line = first_failed_line(scenario).map(|line| line.to_string());
    let mut case = xml.create_element("testcase").with_attributes([
        ("name", &*name),
        ("classname", &*printable(suite)),
        ("time", &time),
    ]);
    if let Some(file) = &scenario.file {
        case = case.with_attribute(("file", &*printable(file)));
    }
    if let Some(line) = line.as_deref().filter(|_| scenario.file.is_some()) {
        case = case.with_attribute(("line", line));
    }
    if scenario.outcome == Outcome::Passed {
        return case.write_empty().map(drop);
    }
    case.write_inner_content(|xml| {
        match &scenario.outcome {
            Outcome::Passed => {}
            Outcome::Skipped { reason } => {
                xml.create_element("skipped").with_attribute(("message", &*printable(reason))).write_empty()?;
                return Ok(());
            }
            Outcome::FailedAsExpected { reason } => properties(xml, &[("expected-failure", reason)])?,
            Outcome::Failed => {
                let message = first_finding(scenario).unwrap_or("something that was expected did not hold");
                problem(xml, "failure", "verdict", message, &findings(scenario))?;
            }
            Outcome::PassedUnexpectedly { reason } => {
                let message = format!("it was declared to fail, and all held; take the declaration out: {reason}");
                problem(xml, "failure", "unexpected-pass", &message, &findings(scenario))?;
            }
            Outcome::Broken { reason } => problem(xml, "error", "broken", reason, &findings(scenario))?,
        }
        text_element(xml, "system-out", &system_out(scenario))?;
        text_element(xml, "system-err", &last_lines(&scenario.log))
    })?;
    Ok(())
}

fn properties(xml: &mut Xml, properties: &[(&str, &str)]) -> io::Result<()> {
    xml.create_element("properties").write_inner_content(|xml| {
        for (name, value) in properties {
            let property = xml.create_element("property").with_attribute(("name", *name));
            property.with_attribute(("value", &*printable(value))).write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

fn problem(xml: &mut Xml, element: &str, kind: &str, message: &str, body: &str) -> io::Result<()> {
    // The message is shown in lists: one line of it is enough, the rest is in the body.
    let message = printable(message.lines().next().unwrap_or_default());
    let element = xml.create_element(element).with_attributes([("message", &*message), ("type", kind)]);
    element.write_text_content(BytesText::new(&printable(body)))?;
    Ok(())
}

fn text_element(xml: &mut Xml, element: &str, text: &str) -> io::Result<()> {
    if !text.is_empty() {
        xml.create_element(element).write_text_content(BytesText::new(&printable(text)))?;
    }
    Ok(())
}

/// The steps that something was found at, or that told an error, each with what it was. They count from 0, which is the
/// undisturbed first sync, so that step 1 is the first of the file.
fn findings(scenario: &ScenarioReport) -> String {
    let mut lines = Vec::new();
    if let Some(reason) = scenario.outcome.reason() {
        lines.push(reason.to_owned());
    }
    for (number, step) in scenario.steps.iter().enumerate() {
        let findings: &[String] = match &step.verdict {
            Verdict::Failed { findings } => findings,
            Verdict::Done | Verdict::Passed | Verdict::Skipped { .. } => &[],
        };
        if findings.is_empty() && step.error.is_none() && step.remarks.is_empty() {
            continue;
        }
        let line = step.line.map(|line| format!(" (line {line})")).unwrap_or_default();
        lines.push(format!("step {number}{line}: {}", step.words));
        lines.extend(step.error.iter().map(|error| indented(&format!("the subject told an error: {error}"))));
        lines.extend(step.remarks.iter().map(|remark| indented(&format!("the catalog said: {remark}"))));
        lines.extend(findings.iter().map(|finding| indented(finding)));
    }
    lines.join("\n")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

fn first_finding(scenario: &ScenarioReport) -> Option<&str> {
    scenario.steps.iter().find_map(|step| match &step.verdict {
        Verdict::Failed { findings } => findings.first().map(String::as_str),
        Verdict::Done | Verdict::Passed | Verdict::Skipped { .. } => None,
    })
}

/// The line of the step that failed first, or of the first one.
fn first_failed_line(scenario: &ScenarioReport) -> Option<usize> {
    let failed = scenario.steps.iter().find(|step| matches!(step.verdict, Verdict::Failed { .. }));
    failed.and_then(|step| step.line).or_else(|| scenario.steps.iter().find_map(|step| step.line))
}

/// What was found, where no `failure` tells it, and the last requests.
fn system_out(scenario: &ScenarioReport) -> String {
    let mut lines = Vec::new();
    if matches!(scenario.outcome, Outcome::FailedAsExpected { .. }) {
        lines.push(findings(scenario));
    }
    let passed = scenario.requests.len();
    let earlier = passed.saturating_sub(REQUESTS);
    if passed > 0 {
        lines.push(match earlier {
            0 => format!("{}:", count(passed, "request")),
            _ => format!("the last {REQUESTS} of {}:", count(passed, "request")),
        });
        lines.extend(scenario.requests[earlier..].iter().map(|exchange| request_line(exchange)));
    }
    lines.join("\n")
}

fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    match lines.len().saturating_sub(LOG_LINES) {
        0 => log.to_owned(),
        earlier => format!("({} before these)\n{}", count(earlier, "line"), lines[earlier..].join("\n")),
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}
