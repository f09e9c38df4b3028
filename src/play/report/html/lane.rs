//! A server's lane in a timeline: its requests as bars, under each other where they overlap, with signs above them.

use std::time::Duration;

use maud::{Markup, html};

use super::super::ScenarioReport;
use super::super::text::{grouped, request_line};
use super::percent;
use super::requests::{self, Places, Row, is_wrong};
use super::timeline::Axis;
use crate::{Exchange, Server};

/// How many requests may be drawn under each other before they overlap.
const ROWS: usize = 10;
/// Heights: of the lane's name, of a row of requests, of a strip of signs.
const NAME: usize = 20;
const ROW: usize = 7;
const STRIP: usize = 10;
/// How wide a bar must be to hold a word, in per cent.
const WORDS: f64 = 20.0;

pub(super) struct Lane<'a> {
    server: Server,
    name: &'static str,
    singles: Vec<Single<'a>>,
    heaps: Vec<Heap>,
    rows: usize,
    has_faults: bool,
    has_wrongs: bool,
}

/// A request in its place.
struct Single<'a> {
    from: f64,
    width: f64,
    row: usize,
    exchange: &'a Exchange,
}

/// Requests that are not shown one by one.
struct Heap {
    from: f64,
    width: f64,
    number: usize,
    title: String,
}

impl<'a> Lane<'a> {
    /// The lane of a server's requests, `begins` being when each of the scenario's began.
    pub(super) fn new(
        server: Server,
        name: &'static str,
        scenario: &'a ScenarioReport,
        places: &Places,
        begins: &[Duration],
        axis: &Axis,
    ) -> Self {
        let (mut singles, mut heaps) = (Vec::new(), Vec::new());
        let mut free_from: Vec<f64> = Vec::new();
        for row in places.rows(0..scenario.requests.len()) {
            match row {
                Row::One(index) => {
                    let exchange = &*scenario.requests[index];
                    if exchange.server == server {
                        let (from, width) = axis.span(begins[index], exchange.elapsed);
                        let row = row_for(&mut free_from, from, width);
                        singles.push(Single { from, width, row, exchange });
                    }
                }
                Row::Several(range) => {
                    let own: Vec<usize> =
                        range.clone().filter(|&index| scenario.requests[index].server == server).collect();
                    if let (Some(&first), Some(&last)) = (own.first(), own.last()) {
                        let (from, width) = axis.span(begins[first], begins[last].saturating_sub(begins[first]));
                        let title = requests::summary(scenario, &range);
                        heaps.push(Heap { from, width, number: own.len(), title });
                    }
                }
            }
        }
        let any = |is: fn(&Exchange) -> bool| singles.iter().any(|single: &Single<'_>| is(single.exchange));
        let has_faults = any(|exchange| !exchange.faults.is_empty());
        let has_wrongs = any(is_wrong);
        Self { server, name, singles, heaps, rows: free_from.len().max(1), has_faults, has_wrongs }
    }

    pub(super) fn height(&self) -> usize {
        self.rows_below() + self.rows * ROW + 10
    }

    /// Where the rows begin, below the lane's name and the strips of signs that it needs.
    fn rows_below(&self) -> usize {
        NAME + (usize::from(self.has_faults) + usize::from(self.has_wrongs)) * STRIP
    }

    pub(super) fn drawn(&self, top: usize) -> Markup {
        html! {
            rect.lane x="0" y=(top) width="100%" height=(self.height() - 4) rx="4" {}
            text.lane-name x="6" y=(top + 13) {
                (self.name)
                @if self.singles.is_empty() { " – no request" }
            }
            @for heap in &self.heaps { (self.heap(heap, top)) }
            @for single in &self.singles { (self.single(single, top)) }
        }
    }

    fn single(&self, single: &Single<'_>, top: usize) -> Markup {
        let Single { from, width, row, exchange } = single;
        let x = percent(*from);
        let faults = top + NAME;
        let wrongs = faults + usize::from(self.has_faults) * STRIP;
        html! {
            g {
                title { (request_line(exchange)) }
                rect class={ "request " (self.server) @if is_wrong(exchange) { " wrong" } }
                    x=(x) y=(top + self.rows_below() + row * ROW) width=(percent(*width)) height=(ROW - 2) {}
                @if is_wrong(exchange) { use.wrong-sign href="#wrong-sign" x=(x) y=(wrongs) {} }
                @if !exchange.faults.is_empty() { use.fault-sign href="#fault-sign" x=(x) y=(faults) {} }
            }
        }
    }

    fn heap(&self, heap: &Heap, top: usize) -> Markup {
        let rows = top + self.rows_below();
        html! {
            g {
                title { (heap.title) }
                rect class={ "request several " (self.server) } x=(percent(heap.from)) y=(rows)
                    width=(percent(heap.width)) height=(self.rows * ROW - 2) {}
                @if heap.width > WORDS {
                    text.lane-name x=(percent(heap.from + heap.width / 2.0)) y=(top + 13) text-anchor="middle" {
                        (grouped(heap.number)) " more"
                    }
                }
            }
        }
    }
}

/// The first row in which there is room, or the one in which there is soonest.
fn row_for(free_from: &mut Vec<f64>, from: f64, width: f64) -> usize {
    let row = free_from.iter().position(|&free| free <= from).unwrap_or_else(|| {
        if free_from.len() < ROWS {
            free_from.push(0.0);
            return free_from.len() - 1;
        }
        (0..ROWS).min_by(|&a, &b| free_from[a].total_cmp(&free_from[b])).unwrap_or_default()
    });
    free_from[row] = free_from[row].max(from + width);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_at_the_same_time_stand_under_each_other() {
        let mut free_from = Vec::new();
        let rows =
            [(0.0, 2.0), (1.0, 2.0), (2.5, 1.0), (2.6, 1.0)].map(|(from, width)| row_for(&mut free_from, from, width));
        assert_eq!(rows, [0, 1, 0, 2]);
    }

    #[test]
    fn no_crowd_makes_a_lane_higher_than_ten_rows() {
        let mut free_from = Vec::new();
        assert!((0..100).all(|_| row_for(&mut free_from, 0.0, 1.0) < ROWS));
    }
}
