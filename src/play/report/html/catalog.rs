//! The catalog before and after, side by side: what went, came and changed first, what stayed behind a line.

use std::collections::{HashMap, VecDeque};

use maud::{Markup, html};

use super::super::CatalogLine;
use super::super::text::{count, grouped};
use super::difference;

/// How many entities of a kind of change are shown, so that the page of a large portal stays one that opens.
const SHOWN: usize = 200;
/// How many unchanged entities are shown without being asked for.
const FEW: usize = 6;

/// An entity before and after. One of the two is there.
struct Pair<'a>(Option<&'a CatalogLine>, Option<&'a CatalogLine>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Went,
    Came,
    Changed,
    Stayed,
}

impl Change {
    const ALL: [Self; 4] = [Self::Went, Self::Came, Self::Changed, Self::Stayed];

    fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Went => ("−", "gone", "went"),
            Self::Came => ("+", "new", "came"),
            Self::Changed => ("≠", "changed", "changed"),
            Self::Stayed => ("=", "unchanged", "stayed"),
        }
    }
}

impl Pair<'_> {
    fn change(&self) -> Change {
        match self {
            Self(Some(before), Some(after)) if before == after => Change::Stayed,
            Self(Some(_), Some(_)) => Change::Changed,
            Self(Some(_), None) => Change::Went,
            Self(None, _) => Change::Came,
        }
    }
}

/// The entities of both catalogs by their reference, in the order of the first, then what is only in the second.
fn pairs<'a>(before: &'a [CatalogLine], after: &'a [CatalogLine]) -> Vec<Pair<'a>> {
    let mut left: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (index, line) in after.iter().enumerate() {
        left.entry(&line.reference).or_default().push_back(index);
    }
    let mut is_paired = vec![false; after.len()];
    let mut pairs: Vec<Pair<'a>> = before
        .iter()
        .map(|line| {
            let other = left.get_mut(line.reference.as_str()).and_then(VecDeque::pop_front);
            Pair(
                Some(line),
                other.map(|index| {
                    is_paired[index] = true;
                    &after[index]
                }),
            )
        })
        .collect();
    pairs.extend(after.iter().zip(is_paired).filter(|(_, paired)| !paired).map(|(line, _)| Pair(None, Some(line))));
    pairs
}

pub(super) fn comparison(before: &[CatalogLine], after: &[CatalogLine]) -> Markup {
    let pairs = pairs(before, after);
    let of = |change: Change| pairs.iter().filter(move |pair| pair.change() == change);
    let numbers: Vec<String> = Change::ALL
        .iter()
        .map(|change| (of(*change).count(), change.sign()))
        .filter(|(number, _)| *number > 0)
        .map(|(number, (_, word, _))| format!("{} {word}", grouped(number)))
        .collect();
    let stayed = of(Change::Stayed).count();
    html! {
        p.muted {
            "Entities: " (grouped(before.len())) " after the first sync, "
            (grouped(after.len())) " at the end; " (numbers.join(", ")) "."
        }
        @if stayed < pairs.len() {
            (table("What changed in the catalog", &Change::ALL[..3], &pairs))
        }
        @if stayed > 0 {
            details open[stayed <= FEW] {
                summary { (grouped(stayed)) " unchanged" }
                (table("What stayed in the catalog", &Change::ALL[3..], &pairs))
            }
        }
    }
}

fn table(name: &str, changes: &[Change], pairs: &[Pair<'_>]) -> Markup {
    html! {
        div.scroll role="region" aria-label=(name) tabindex="0" {
            table.catalog {
                thead { tr {
                    th scope="col" { span.hidden { "Change" } }
                    th scope="col" { "After the first sync" }
                    th scope="col" { "At the end" }
                } }
                tbody {
                    @for change in changes {
                        @let all: Vec<&Pair<'_>> = pairs.iter().filter(|pair| pair.change() == *change).collect();
                        @for pair in all.iter().take(SHOWN) { (row(pair, *change)) }
                        @if all.len() > SHOWN {
                            tr.several { td colspan="3" { (grouped(all.len() - SHOWN)) " more " (change.sign().1) } }
                        }
                    }
                }
            }
        }
    }
}

fn row(pair: &Pair<'_>, change: Change) -> Markup {
    let (sign, word, class) = change.sign();
    let Pair(before, after) = pair;
    html! {
        tr class=(class) {
            td.change { span aria-hidden="true" { (sign) } " " (word) }
            @match (before, after) {
                (Some(_), Some(after)) if change == Change::Stayed => {
                    td { (entity(after)) }
                    td.muted { "the same" }
                }
                (Some(before), Some(after)) => {
                    td { (heading(before)) }
                    td { (heading(after)) (changed(before, after)) }
                }
                _ => {
                    td { @if let Some(line) = before { (entity(line)) } @else { span.muted { "–" } } }
                    td { @if let Some(line) = after { (entity(line)) } @else { span.muted { "–" } } }
                }
            }
        }
    }
}

fn heading(line: &CatalogLine) -> Markup {
    html! {
        code.reference { (line.reference) }
        span.detail {
            @if let Some(title) = &line.title { (title) }
            @if let Some((digest, bytes)) = &line.definition {
                @if line.title.is_some() { " · " }
                "definition " code { (digest) } ", " (count(*bytes, "byte"))
            }
        }
    }
}

fn entity(line: &CatalogLine) -> Markup {
    html! {
        details.entity {
            summary { (heading(line)) }
            pre { (pretty(line)) }
        }
    }
}

/// What differs, in words where the headings show it, in lines where they don't.
fn changed(before: &CatalogLine, after: &CatalogLine) -> Markup {
    let others = [("title", before.title != after.title), ("definition", before.definition != after.definition)];
    let others: Vec<&str> = others.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect();
    html! {
        @if !others.is_empty() { p.muted { "another " (others.join(", another ")) } }
        @if before.entity != after.entity {
            (difference::between(&pretty(before), &pretty(after)))
        }
    }
}

fn pretty(line: &CatalogLine) -> String {
    serde_json::to_string_pretty(&line.entity).expect("a JSON value is JSON")
}
