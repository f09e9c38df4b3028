//! The report as JUnit XML: a suite for each part, a test case for each finding.

use std::io;
use std::time::Duration;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Report;
use crate::check::finding::{Finding, Status};
use crate::play::report::printable;

type Xml = Writer<Vec<u8>>;

/// The report as JUnit XML. A warning is a case that passes, with the property `warning`: JUnit has no word for it. Where
/// nothing was checked there is a case that failed by that.
pub(super) fn render(report: &Report) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut writer, report).expect("a vector takes all that is written to it");
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("texts are UTF-8, and so is what the writer adds")
}

fn write(xml: &mut Xml, report: &Report) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let findings = report.findings();
    let nothing = report.problem().filter(|_| findings.iter().all(|finding| finding.status == Status::Skip));
    let all: Vec<&Finding> = findings.iter().collect();
    let counts = counts(&all, report.elapsed(), usize::from(nothing.is_some()));
    xml.create_element("testsuites")
        .with_attribute(("name", "understudy check"))
        .with_attributes(counts.iter().map(|(name, value)| (*name, value.as_str())))
        .write_inner_content(|xml| {
            if let Some(problem) = &nothing {
                let suite = xml.create_element("testsuite").with_attributes([
                    ("name", "check"),
                    ("tests", "1"),
                    ("failures", "1"),
                    ("errors", "0"),
                    ("skipped", "0"),
                    ("time", "0.000"),
                ]);
                suite.write_inner_content(|xml| {
                    let case = xml.create_element("testcase").with_attributes([
                        ("name", "something was checked"),
                        ("classname", "check"),
                        ("time", "0.000"),
                    ]);
                    case.write_inner_content(|xml| failure(xml, problem, ""))?;
                    Ok(())
                })?;
            }
            for part in all.chunk_by(|one, next| one.check.part == next.check.part) {
                suite(xml, part)?;
            }
            Ok(())
        })?;
    Ok(())
}

fn suite(xml: &mut Xml, findings: &[&Finding]) -> io::Result<()> {
    let Some(first) = findings.first() else { return Ok(()) };
    let elapsed = findings.iter().map(|finding| finding.elapsed).sum();
    let counts = counts(findings, elapsed, 0);
    xml.create_element("testsuite")
        .with_attribute(("name", first.check.part.name()))
        .with_attributes(counts.iter().map(|(name, value)| (*name, value.as_str())))
        .write_inner_content(|xml| findings.iter().try_for_each(|finding| case(xml, finding)))?;
    Ok(())
}

fn counts(findings: &[&Finding], elapsed: Duration, more: usize) -> [(&'static str, String); 5] {
    let of = |status| findings.iter().filter(|finding| finding.status == status).count();
    [
        ("tests", (findings.len() + more).to_string()),
        ("failures", (of(Status::Fail) + more).to_string()),
        ("errors", "0".to_owned()),
        ("skipped", of(Status::Skip).to_string()),
        ("time", format!("{:.3}", elapsed.as_secs_f64())),
    ]
}

fn case(xml: &mut Xml, finding: &Finding) -> io::Result<()> {
    let view = finding.view.map(|view| format!(" ({view})")).unwrap_or_default();
    let case = xml.create_element("testcase").with_attributes([
        ("name", &*format!("{}{view}", finding.check.id)),
        ("classname", finding.check.part.name()),
        ("time", &*format!("{:.3}", finding.elapsed.as_secs_f64())),
    ]);
    let message = printable(&finding.message);
    let remedy = finding.remedy.as_deref().map(printable).unwrap_or_default();
    case.write_inner_content(|xml| match finding.status {
        Status::Pass => text_element(xml, "system-out", &message),
        Status::Skip => xml.create_element("skipped").with_attribute(("message", &*message)).write_empty().map(drop),
        Status::Fail => failure(xml, &message, &remedy),
        Status::Warn => {
            xml.create_element("properties").write_inner_content(|xml| {
                let property = xml.create_element("property").with_attribute(("name", "warning"));
                property.with_attribute(("value", &*message)).write_empty()?;
                Ok(())
            })?;
            text_element(xml, "system-out", &remedy)
        }
    })?;
    Ok(())
}

fn failure(xml: &mut Xml, message: &str, remedy: &str) -> io::Result<()> {
    // The message is shown in lists: one line of it is enough, the rest is in the body.
    let first = message.lines().next().unwrap_or_default();
    let element = xml.create_element("failure").with_attributes([("message", first), ("type", "check")]);
    element.write_text_content(BytesText::new(&format!("{message}\n{remedy}")))?;
    Ok(())
}

fn text_element(xml: &mut Xml, element: &str, text: &str) -> io::Result<()> {
    if !text.is_empty() {
        xml.create_element(element).write_text_content(BytesText::new(text))?;
    }
    Ok(())
}
