//! The report as JUnit XML, read by a parser and held against the form that its readers know.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use understudy::play::report::{RunReport, junit};

use super::fixture;

#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn opened(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
            (attribute.key.as_ref().to_owned(), value)
        });
        Self { name: start.name().as_ref().to_owned(), attributes: attributes.collect(), ..Self::default() }
    }

    fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn number(&self, attribute: &str) -> usize {
        self.attributes[attribute].parse().unwrap()
    }
}

/// The document's root. Panics where it is not well formed or holds a character that XML 1.0 forbids.
fn parsed(xml: &str) -> Element {
    let allowed =
        |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(allowed), "XML 1.0 has no such character");
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(Element::opened(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(Element::opened(&start)),
            Event::End(_) => {
                let closed = open.pop().unwrap();
                open.last_mut().unwrap().children.push(closed);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(entity) => {
                let entity = format!("&{};", &*entity);
                open.last_mut().unwrap().text.push_str(&quick_xml::escape::unescape(&entity).unwrap());
            }
            Event::Eof => break,
            Event::Decl(_) => {}
            other => panic!("unexpected {other:?}"),
        }
    }
    let [root] = <[Element; 1]>::try_from(open.pop().unwrap().children).unwrap();
    root
}

type Form = (&'static str, Names, Names, Names);
type Names = &'static [&'static str];

/// What readers know: an element, its required attributes, its optional ones, and its children.
const FORM: [Form; 10] = [
    ("testsuites", &["name", "tests", "failures", "errors", "skipped", "time"], &[], &["testsuite"]),
    ("testsuite", &["name", "tests", "failures", "errors", "skipped", "time"], &[], &["properties", "testcase"]),
    ("properties", &[], &[], &["property"]),
    ("property", &["name", "value"], &[], &[]),
    (
        "testcase",
        &["name", "classname", "time"],
        &["file", "line"],
        &["properties", "failure", "error", "skipped", "system-out", "system-err"],
    ),
    ("failure", &["message", "type"], &[], &[]),
    ("error", &["message", "type"], &[], &[]),
    ("skipped", &["message"], &[], &[]),
    ("system-out", &[], &[], &[]),
    ("system-err", &[], &[], &[]),
];

fn assert_form(element: &Element) {
    let name = &element.name;
    let (_, required, optional, children) = FORM.iter().find(|(known, ..)| known == name).expect(name);
    for attribute in *required {
        assert!(element.attributes.contains_key(*attribute), "{name} has no {attribute}");
    }
    for attribute in element.attributes.keys() {
        assert!(required.iter().chain(*optional).any(|known| known == attribute), "{name} has {attribute}");
    }
    for child in &element.children {
        assert!(children.contains(&child.name.as_str()), "{name} has a {}", child.name);
        assert_form(child);
    }
}

fn suite(report: &RunReport) -> Element {
    let mut root = parsed(&junit::render(report));
    assert_form(&root);
    root.children.pop().unwrap()
}

#[test]
fn a_run_is_a_suite_and_a_scenario_a_test_case() {
    let mut report = fixture::everything();
    report.scenarios.retain(|scenario| scenario.requests.len() < 100);
    insta::assert_snapshot!(junit::render(&report));
}

#[test]
fn the_suite_counts_what_its_cases_say() {
    let suite = suite(&fixture::everything());
    let cases = |child: &str| suite.all("testcase").filter(|case| case.all(child).next().is_some()).count();
    assert_eq!(suite.number("tests"), suite.all("testcase").count());
    assert_eq!((suite.number("failures"), 3), (cases("failure"), 3));
    assert_eq!((suite.number("errors"), 1), (cases("error"), 1));
    assert_eq!((suite.number("skipped"), 1), (cases("skipped"), 1));
}

#[test]
fn a_failure_that_was_declared_passes_and_says_so_in_a_property() {
    let suite = suite(&fixture::everything());
    let case = suite.all("testcase").find(|case| case.attributes["name"] == "lifecycle-changes").unwrap();
    assert_eq!(case.all("failure").count(), 0);
    let property = case.all("properties").flat_map(|properties| &properties.children).next().unwrap();
    assert_eq!(property.attributes["name"], "expected-failure");
    assert_eq!(property.attributes["value"], "the provider writes `production` whatever the portal says");
}

#[test]
fn the_last_twenty_requests_are_enough() {
    let suite = suite(&fixture::everything());
    let case = suite.all("testcase").find(|case| case.attributes["name"] == "token-flood").unwrap();
    let output = &case.all("system-out").next().unwrap().text;
    assert_eq!(output.lines().next(), Some("the last 20 of 493 requests:"));
    assert_eq!(output.lines().count(), 21);
}

#[test]
fn whatever_was_said_is_well_formed_xml_that_says_it() {
    let suite = suite(&fixture::hostile());
    let case = suite.all("testcase").next().unwrap();
    let visible =
        |what: &str| fixture::said(what).replace('\u{1b}', "␛").replace('\0', "␀").replace('\u{ffff}', "\u{fffd}");
    assert_eq!(case.attributes["name"], visible("name"));
    assert_eq!(case.all("failure").next().unwrap().attributes["message"], visible("finding"));
    assert_eq!(case.all("system-err").next().unwrap().text, visible("log"));
    let xml = junit::render(&fixture::hostile());
    for what in fixture::SAID.iter().filter(|what| **what != "description") {
        assert!(xml.contains(&format!("({what})")), "{what}");
    }
}

#[test]
fn a_run_of_nothing_is_an_empty_suite() {
    assert_eq!(suite(&fixture::run(Vec::new())).number("tests"), 0);
}
