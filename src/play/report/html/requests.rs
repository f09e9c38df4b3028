//! The requests of a scenario: to which step each belongs, which are shown one by one, and the tables of them.

use std::collections::HashMap;
use std::ops::Range;

use maud::{Markup, html};

use super::super::ScenarioReport;
use super::super::text::{count, grouped, lapse, status};
use crate::{Exchange, Server};

/// How many requests of a scenario are shown one by one.
pub(super) const SHOWN: usize = 500;
/// Of those: how many of the last ones, and of the ones that something was wrong with at most.
const LAST: usize = 50;
const WRONG: usize = 300;
/// How many requests are shown without being asked for.
const FEW: usize = 40;

/// The place of each request: its step, and whether it is shown by itself.
pub(super) struct Places {
    /// The requests of each step, as a range of indices; those before the first step are with it.
    steps: Vec<Range<usize>>,
    kept: Vec<bool>,
}

/// What a list of requests shows at one place.
pub(super) enum Row {
    /// The request with this index.
    One(usize),
    /// These, summarised.
    Several(Range<usize>),
}

impl Places {
    pub(super) fn new(scenario: &ScenarioReport) -> Self {
        let requests = &scenario.requests;
        let begin = |index: usize| match scenario.steps.get(index) {
            Some(step) if index > 0 => requests.partition_point(|exchange| exchange.number < step.first_request),
            Some(_) => 0,
            None => requests.len(),
        };
        let steps = (0..scenario.steps.len()).map(|index| begin(index)..begin(index + 1).max(begin(index))).collect();
        Self { steps, kept: kept(scenario) }
    }

    /// The requests of a step, as a range of their indices.
    pub(super) fn of_step(&self, step: usize) -> Range<usize> {
        self.steps.get(step).cloned().unwrap_or_default()
    }

    /// What is shown of these requests.
    pub(super) fn rows(&self, range: Range<usize>) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for index in range {
            match rows.last_mut() {
                _ if self.kept[index] => rows.push(Row::One(index)),
                Some(Row::Several(several)) => several.end = index + 1,
                _ => rows.push(Row::Several(index..index + 1)),
            }
        }
        rows
    }
}

/// The first, the last, and those that something was wrong with, [`SHOWN`] in all.
fn kept(scenario: &ScenarioReport) -> Vec<bool> {
    let all = scenario.requests.len();
    if all <= SHOWN {
        return vec![true; all];
    }
    let mut kept = vec![false; all];
    kept[all - LAST..].fill(true);
    let wrong = (0..all - LAST).filter(|&index| is_wrong(&scenario.requests[index]));
    for index in wrong.take(WRONG) {
        kept[index] = true;
    }
    let left = SHOWN - kept.iter().filter(|kept| **kept).count();
    let others: Vec<usize> = (0..all).filter(|&index| !kept[index]).take(left).collect();
    for index in others {
        kept[index] = true;
    }
    kept
}

/// Whether the caller did not get what it asked for.
pub(super) fn is_wrong(exchange: &Exchange) -> bool {
    exchange.note.refusal.is_some() || exchange.status.is_none_or(|status| status.as_u16() >= 400)
}

pub(super) fn tables(scenario: &ScenarioReport, places: &Places) -> Markup {
    html! {
        details open[scenario.requests.len() <= FEW] {
            summary { (overview(scenario)) }
            div.scroll role="region" aria-label="Requests" tabindex="0" {
                table.requests {
                    thead { tr {
                        th scope="col" { "#" }
                        th scope="col" { "Time" }
                        th scope="col" { "Server" }
                        th scope="col" { "Request" }
                        th scope="col" { "Status" }
                        th scope="col" { "What came of it" }
                        th scope="col" { "Fault" }
                        th.number scope="col" { "Took" }
                    } }
                    @if scenario.steps.is_empty() {
                        tbody { @for row in places.rows(0..scenario.requests.len()) { (table_row(scenario, &row)) } }
                    }
                    @for (index, step) in scenario.steps.iter().enumerate() {
                        @let range = places.of_step(index);
                        @if !range.is_empty() {
                            tbody {
                                tr { th.step colspan="8" scope="rowgroup" { (index) ". " (step.words) } }
                                @for row in places.rows(range) { (table_row(scenario, &row)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn overview(scenario: &ScenarioReport) -> String {
    let of = |is: &dyn Fn(&Exchange) -> bool| scenario.requests.iter().filter(|exchange| is(exchange)).count();
    let mut words = count(scenario.requests.len(), "request");
    for (number, what) in [
        (of(&|exchange| exchange.server == Server::Idp), "to the identity provider"),
        (of(&|exchange| exchange.server == Server::Portal), "to the portal"),
        (of(&is_wrong), "refused or failed"),
        (of(&|exchange| !exchange.faults.is_empty()), "with a fault"),
    ] {
        if number > 0 {
            words.push_str(&format!(" · {} {what}", grouped(number)));
        }
    }
    words
}

fn table_row(scenario: &ScenarioReport, row: &Row) -> Markup {
    match row {
        Row::One(index) => one(&scenario.requests[*index]),
        Row::Several(range) => html! {
            tr.several { td colspan="8" { (summary(scenario, range)) } }
        },
    }
}

fn one(exchange: &Exchange) -> Markup {
    let note = &exchange.note;
    let refusal = note.refusal.as_ref().map(|refusal| &*refusal.0);
    let faults: Vec<&str> = exchange.faults.iter().map(|fault| &**fault).collect();
    let caller = note.caller.as_deref().filter(|_| exchange.server == Server::Idp || exchange.is_by_the_gateway());
    html! {
        tr.wrong[is_wrong(exchange)] {
            td.number { (exchange.number) }
            td { time datetime=(exchange.at) { (exchange.at.strftime("%H:%M:%S%.3f")) } }
            td { span class={ "server " (exchange.server) } { (exchange.server) } }
            td.path {
                code { (exchange.method) " " (exchange.path) }
                @if let Some(caller) = caller { " " span.muted { "by " (caller) } }
            }
            td.status { @if is_wrong(exchange) { span aria-hidden="true" { "✗ " } } (status(exchange)) }
            td {
                @if let Some(refusal) = refusal { b { "refused: " } (refusal) }
                @else if let Some(outcome) = &note.outcome { (outcome) }
            }
            td { @if !faults.is_empty() { span.fault { span aria-hidden="true" { "▼ " } (faults.join(", ")) } } }
            td.number { (lapse(exchange.elapsed)) }
        }
    }
}

/// `4,502 more: 4,502 × portal GET /v1/apis/{id}/schema 200`, the most frequent first.
pub(super) fn summary(scenario: &ScenarioReport, range: &Range<usize>) -> String {
    /// More kinds than that are no summary.
    const KINDS: usize = 4;
    let mut kinds: HashMap<(Server, &str, String), usize> = HashMap::new();
    for exchange in &scenario.requests[range.clone()] {
        let route = exchange.note.route.unwrap_or(&exchange.path);
        *kinds.entry((exchange.server, route, status(exchange))).or_default() += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by(|(a, times_a), (b, times_b)| {
        let order =
            |(server, route, status): &(Server, &str, String)| (server.as_str(), (*route).to_owned(), status.clone());
        times_b.cmp(times_a).then_with(|| order(a).cmp(&order(b)))
    });
    let shown: Vec<String> = kinds
        .iter()
        .take(KINDS)
        .map(|((server, route, status), times)| format!("{} × {server} {route} {status}", grouped(*times)))
        .collect();
    let others: usize = kinds.iter().skip(KINDS).map(|(_, times)| times).sum();
    let others = if others > 0 { format!(", and {} others", grouped(others)) } else { String::new() };
    format!("{} more: {}{others}", grouped(range.len()), shown.join(", "))
}
