//! How what differs is shown: line by line, in colours beside the signs.

use maud::{Markup, html};
use similar::TextDiff;

/// A difference to look at, with the lines that both have. The signs stay, so that colour is not needed.
pub(super) fn between(before: &str, after: &str) -> Markup {
    let difference = TextDiff::from_lines(before, after);
    let lines: Vec<String> = difference
        .iter_all_changes()
        .map(|change| format!("{} {}", change.tag(), change.value().trim_end_matches('\n')))
        .collect();
    pre(lines.iter().map(String::as_str))
}

/// What a step found: a sentence, or several lines in which those that begin with `-` or `+` are a difference.
pub(super) fn finding(text: &str) -> Markup {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    html! {
        p.finding { (first) }
        @if !rest.is_empty() { (pre(rest.lines())) }
    }
}

fn pre<'a>(lines: impl Iterator<Item = &'a str>) -> Markup {
    html! {
        pre.difference {
            @for line in lines {
                @match line.trim_start().chars().next() {
                    Some('-') => { span.went { (line) } }
                    Some('+') => { span.came { (line) } }
                    _ => { (line) }
                }
                "\n"
            }
        }
    }
}
