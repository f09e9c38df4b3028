//! What a test demands of the requests that come to its stage.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use understudy_scenarios::RequestWish;

use super::exchange::Exchange;
use super::journal::{Journal, Kind, Mark, is_of};

/// How many of the requests that came are shown, the newest.
const SHOWN: usize = 40;

/// What was demanded of a stage, in order.
#[derive(Debug, Default)]
pub(super) struct Demands(Mutex<Vec<Demand>>);

#[derive(Clone, Debug)]
struct Demand {
    wish: RequestWish,
    mark: Mark,
    since: Timestamp,
}

/// Demands that do not hold, and the requests that came.
#[derive(Clone, Debug)]
pub struct Unmet {
    findings: Vec<String>,
    came: Vec<Arc<Exchange>>,
}

impl Demands {
    pub(super) fn add(&self, wish: RequestWish, mark: Mark, since: Timestamp) {
        self.all().push(Demand { wish, mark, since });
    }

    /// Whether all holds that was demanded.
    pub(super) fn check(&self, journal: &Journal) -> Result<(), Unmet> {
        let demands = self.all().clone();
        let findings: Vec<String> = demands.iter().filter_map(|demand| demand.finding(journal)).collect();
        let Some(first) = demands.iter().map(|demand| demand.mark).min().filter(|_| !findings.is_empty()) else {
            return Ok(());
        };
        Err(Unmet { findings, came: journal.since(first) })
    }

    fn all(&self) -> MutexGuard<'_, Vec<Demand>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Demand {
    /// What does not hold, in a sentence.
    fn finding(&self, journal: &Journal) -> Option<String> {
        let RequestWish { at_most, at_least, not_before, .. } = &self.wish;
        let since = journal.since(self.mark);
        let came: Vec<&Arc<Exchange>> = since.iter().filter(|exchange| is_of(&self.wish, exchange)).collect();
        let count = u32::try_from(came.len()).unwrap_or(u32::MAX);
        let kind = Kind(self.wish.clone());
        // Demanded without a number, at least one must come; a demand of the time alone is met by none.
        let fewest = at_least.or((at_most.is_none() && not_before.is_none()).then_some(1));
        if let Some(fewest) = fewest.filter(|fewest| count < *fewest) {
            return Some(format!("{kind}: at least {fewest} must come, {count} came"));
        }
        if let Some(most) = at_most {
            if count > *most {
                return Some(format!("{kind}: at most {most} may come, {count} came"));
            }
            let kept = journal.since(self.mark).first().map_or(journal.mark().0, |oldest| oldest.number - 1);
            if kept > self.mark.0 {
                let lost = kept - self.mark.0;
                return Some(format!(
                    "{kind}: at most {most} may come, and nobody can tell, since the journal has let {lost} exchanges go"
                ));
            }
        }
        let earliest = not_before.and_then(|lapse| self.since.saturating_add(lapse.0).ok())?;
        let early = came.iter().find(|exchange| exchange.at < earliest)?;
        Some(format!("{kind}: none may come before {earliest}, one came at {}", early.at))
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::from("of what was demanded of the requests, this does not hold:\n");
        for finding in &self.findings {
            let _ = writeln!(text, "  {finding}");
        }
        let hidden = self.came.len().saturating_sub(SHOWN);
        match (self.came.len(), hidden) {
            (0, _) => text.push_str("no request came"),
            (_, 0) => text.push_str("the requests that came:"),
            (all, _) => drop(write!(text, "the last {SHOWN} of the {all} requests that came:")),
        }
        for exchange in &self.came[hidden..] {
            let Exchange { number, server, method, path, .. } = &**exchange;
            let _ = write!(text, "\n  {number} {server} {method} {path} ");
            match exchange.status {
                Some(status) => drop(write!(text, "{}", status.as_u16())),
                None => text.push_str("no answer"),
            }
            if let Some(caller) = &exchange.note.caller {
                let _ = write!(text, " {caller}");
            }
            for fault in &exchange.faults {
                let _ = write!(text, " fault:{fault}");
            }
        }
        formatter.write_str(&text)
    }
}

impl std::error::Error for Unmet {}
