//! The report as a page.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use understudy::play::report::{Outcome, html};

use super::fixture::{self, Played};

/// A line an element, without the style sheet.
fn structure(page: &str) -> String {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    format!("{head}{body}").replace("><", ">\n<")
}

/// The elements of a page, each with what stands between its `<` and `>`. What was escaped is none.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).map(|tag| tag.split_once('>').unwrap().0)
}

/// The attributes of a tag, as names and values.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut rest = tag.split_once(' ').map_or("", |(_, rest)| rest);
    let mut attributes = Vec::new();
    while !rest.is_empty() {
        let name = rest.split(['=', ' ']).next().unwrap();
        rest = &rest[name.len()..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix("=\"") {
            value = quoted.split('"').next().unwrap();
            rest = &quoted[value.len() + 1..];
        }
        attributes.push((name, value));
        rest = rest.trim_start();
    }
    attributes
}

#[test]
fn a_scenario_is_told_with_its_timeline_steps_catalog_requests_and_log() {
    insta::assert_snapshot!(structure(&html::render(&fixture::run(vec![fixture::portal_down()]))));
}

#[test]
fn nothing_that_was_said_comes_out_live() {
    let page = html::render(&fixture::hostile());
    let allowed = "!DOCTYPE article b body circle code dd defs details div dl dt fieldset figcaption figure footer g h1 h2 \
                   h3 h4 head header html input label legend li line main meta ol p path pre rect section span style \
                   summary svg table tbody td text th thead time title tr use";
    let allowed: BTreeSet<&str> = allowed.split_whitespace().collect();
    for tag in tags(&page) {
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
        assert!(allowed.contains(name), "<{tag}>");
        for (attribute, _) in attributes(tag) {
            assert!(attribute.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{attribute} in <{tag}>");
            assert!(
                !attribute.starts_with("on") && attribute != "src" && attribute != "style",
                "{attribute} in <{tag}>"
            );
        }
    }
    assert_eq!(page.matches("&lt;script&gt;alert(1)&lt;/script&gt;").count(), page.matches("alert(1)").count());
    assert!(!page.chars().any(|c| c.is_control() && c != '\n'));
}

#[test]
fn every_text_of_the_report_is_in_the_page() {
    let page = html::render(&fixture::hostile());
    let others = ["reason", "caller", "outcome", "path", "fault", "not played", "gone", "changed", "same", "came"];
    let entity = ["title", "key", "value", "other value", "digest"];
    for what in fixture::SAID.iter().chain(&others).chain(&entity) {
        assert!(page.contains(&format!("({what})")), "{what}");
    }
}

#[test]
fn the_page_asks_nothing_of_anybody_and_runs_nothing() {
    let page = html::render(&fixture::everything());
    assert!(page.contains(
        r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">"#
    ));
    for asking in ["http:", "https:", "url(", "@import", "<script", "<link", "<iframe", "<img"] {
        assert!(!page.contains(asking), "{asking}");
    }
    let links = tags(&page).flat_map(attributes).filter(|(name, _)| *name == "href");
    assert!(links.into_iter().all(|(_, value)| value.starts_with('#')));
}

#[test]
fn the_same_report_makes_the_same_page() {
    assert_eq!(html::render(&fixture::everything()), html::render(&fixture::everything()));
}

#[test]
fn a_page_of_everything_is_small_and_there_to_be_looked_at() {
    let page = html::render(&fixture::everything());
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("report.html"), &page).unwrap();
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
}

#[test]
fn five_hundred_requests_are_shown_and_the_others_counted() {
    let page = html::render(&fixture::run(vec![fixture::flood()]));
    assert_eq!(page.matches("<td class=\"path\">").count(), 500);
    assert!(page.contains("4,502 more: 4,502 × portal GET /v1/apis/{id}/schema 200"));
}

#[test]
fn what_went_wrong_is_shown_among_however_many_requests() {
    let scenario = fixture::flood_with_a_refusal_at(3_000);
    let page = html::render(&fixture::run(vec![scenario]));
    assert!(page.contains("token expired 12 s ago"));
    assert_eq!(page.matches("<td class=\"path\">").count(), 500);
}

#[test]
fn a_few_that_failed_are_open_and_many_are_a_list() {
    let open = |failed| {
        let page = html::render(&fixture::run((0..failed).map(|_| fixture::portal_down()).collect()));
        page.matches("<article class=\"scenario failed\"><details open>").count()
    };
    assert_eq!((open(5), open(6)), (5, 0));
}

#[test]
fn scenarios_of_one_name_have_links_of_their_own() {
    let page = html::render(&fixture::run(vec![fixture::quiet_day(), fixture::quiet_day()]));
    let ids: Vec<&str> = tags(&page).flat_map(attributes).filter(|(name, _)| *name == "id").map(|(_, id)| id).collect();
    assert!(ids.contains(&"scenario-quiet-day") && ids.contains(&"scenario-quiet-day--2"));
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn the_first_line_says_what_a_reader_must_know() {
    let headline = |scenarios| {
        let page = html::render(&fixture::run(scenarios));
        page.split_once("<h1>").unwrap().1.split_once("</h1>").unwrap().0.to_owned()
    };
    let skipped = || Played::new("a", "").ended(Outcome::Skipped { reason: String::new() });
    assert_eq!(headline(vec![fixture::quiet_day()]), "The scenario passed");
    assert_eq!(headline(vec![fixture::quiet_day(), fixture::quiet_day()]), "All 2 scenarios passed");
    assert_eq!(headline(vec![fixture::quiet_day(), skipped()]), "Of 2 scenarios, 1 passed and 1 skipped");
    assert_eq!(headline(vec![skipped()]), "Nothing was checked: 1 scenario, none of them judged");
    assert_eq!(headline(Vec::new()), "Nothing was checked: 0 scenarios, none of them judged");
    assert_eq!(
        headline(fixture::everything().scenarios),
        "Of 8 scenarios, 2 failed, 1 could not be judged and 1 passed unexpectedly"
    );
}
