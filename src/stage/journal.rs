//! What was asked and answered on both mocks: kept, counted, waited for and followed.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use understudy_scenarios::{RequestWish, Server};

use super::exchange::Exchange;
use super::pattern::Pattern;

/// How many exchanges are kept: the oldest go first.
pub const CAPACITY: usize = 10_000;

/// What was asked and answered on both mocks of a stage, the last [`CAPACITY`] of it; clones share it.
///
/// It holds no header, query or body, and so no secret.
#[derive(Clone, Debug)]
pub struct Journal(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    kept: Mutex<Kept>,
    /// The number of the newest exchange.
    newest: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Kept {
    exchanges: VecDeque<Arc<Exchange>>,
    /// Counts all that ever passed.
    passed: u64,
}

/// A point in a journal: everything up to it has passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(pub u64);

impl Journal {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared { kept: Mutex::default(), newest: watch::Sender::new(0) }))
    }

    /// Takes an exchange down, and gives it its number.
    pub(crate) fn take_down(&self, exchange: Exchange) -> Arc<Exchange> {
        // Room is made and given back where nobody waits for it.
        let mut exchange = Arc::new(exchange);
        let mut kept = self.kept();
        kept.passed += 1;
        let passed = kept.passed;
        Arc::get_mut(&mut exchange).expect("nobody else has it yet").number = passed;
        let oldest = if kept.exchanges.len() == CAPACITY { kept.exchanges.pop_front() } else { None };
        kept.exchanges.push_back(Arc::clone(&exchange));
        drop(kept);
        drop(oldest);
        // Whoever begins to follow from here on asks for what has passed by then.
        if self.0.newest.receiver_count() > 0 {
            self.tell(passed);
        }
        exchange
    }

    /// Tells those who follow how many have passed.
    fn tell(&self, passed: u64) {
        self.0.newest.send_if_modified(|newest| {
            let is_newer = passed > *newest;
            *newest = passed.max(*newest);
            is_newer
        });
    }

    /// The point up to which everything has passed by now.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark(self.kept().passed)
    }

    /// All that is kept, the oldest first.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Arc<Exchange>> {
        self.since(Mark::default())
    }

    /// What has passed since `mark`, as far as it is kept, the oldest first.
    #[must_use]
    pub fn since(&self, mark: Mark) -> Vec<Arc<Exchange>> {
        let kept = self.kept();
        let first = kept.exchanges.partition_point(|exchange| exchange.number <= mark.0);
        kept.exchanges.range(first..).cloned().collect()
    }

    /// How many of the exchanges since `mark` are of this kind; the bounds of `kind` do not matter.
    #[must_use]
    pub fn count(&self, kind: &RequestWish, mark: Mark) -> usize {
        self.since(mark).iter().filter(|exchange| is_of(kind, exchange)).count()
    }

    /// The first exchange of this kind since `mark`, as far as it is kept.
    #[must_use]
    pub fn first(&self, kind: &RequestWish, mark: Mark) -> Option<Arc<Exchange>> {
        self.since(mark).into_iter().find(|exchange| is_of(kind, exchange))
    }

    /// Waits until an exchange of this kind has come since `mark`, and answers it.
    ///
    /// # Errors
    /// When none has come within `patience`, which is real time.
    pub async fn wait_for(
        &self,
        kind: &RequestWish,
        mark: Mark,
        patience: Duration,
    ) -> Result<Arc<Exchange>, NeverCame> {
        let mut newest = self.0.newest.subscribe();
        let found = async {
            loop {
                newest.borrow_and_update();
                if let Some(found) = self.first(kind, mark) {
                    return found;
                }
                if newest.changed().await.is_err() {
                    return std::future::pending().await;
                }
            }
        };
        let never = |_| NeverCame { kind: Kind(kind.clone()), patience, came: self.since(mark).len() };
        tokio::time::timeout(patience, found).await.map_err(never)
    }

    /// Follows the number of the newest exchange.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        let mut newest = self.0.newest.subscribe();
        // While nobody followed, nobody was told.
        self.tell(self.mark().0);
        newest.mark_unchanged();
        newest
    }

    /// Forgets all exchanges; the numbers go on.
    pub fn clear(&self) {
        self.kept().exchanges.clear();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an exchange is of a kind. The portal's own requests to its issuers are of no kind.
#[must_use]
pub(crate) fn is_of(kind: &RequestWish, exchange: &Exchange) -> bool {
    !exchange.is_by_the_gateway()
        && kind.server == exchange.server
        && kind.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(exchange.method.as_str()))
        && kind.path.as_deref().is_none_or(|path| Pattern::new(path).matches(&exchange.path))
}

/// A request that was waited for and never came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} came within {patience:?}; {came} other requests did")]
pub struct NeverCame {
    kind: Kind,
    patience: Duration,
    came: usize,
}

/// A kind of request, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind(pub(super) RequestWish);

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(RequestWish { server, method, path, .. }) = self;
        let server = match server {
            Server::Portal => "the portal",
            Server::Idp => "the identity provider",
        };
        match (method, path) {
            (Some(method), Some(path)) => write!(formatter, "{method} {path} to {server}"),
            (Some(method), None) => write!(formatter, "{method} to {server}"),
            (None, Some(path)) => write!(formatter, "request for {path} to {server}"),
            (None, None) => write!(formatter, "request to {server}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, StatusCode};
    use jiff::Timestamp;
    use understudy_scenarios::Note;

    use super::*;

    fn exchange(path: &str) -> Exchange {
        Exchange {
            number: 0,
            at: Timestamp::UNIX_EPOCH,
            server: Server::Portal,
            method: Method::GET,
            path: path.to_owned(),
            status: Some(StatusCode::OK),
            note: Note::default(),
            faults: Vec::new(),
            elapsed: Duration::ZERO,
        }
    }

    fn kind(path: &str) -> RequestWish {
        RequestWish { path: Some(path.to_owned()), ..RequestWish::to(Server::Portal) }
    }

    #[test]
    fn what_passed_since_a_mark_is_counted_by_its_kind() {
        let journal = Journal::new();
        journal.take_down(exchange("/v1/apis"));
        let mark = journal.mark();
        journal.take_down(exchange("/v1/apis"));
        journal.take_down(exchange("/v1/apis/a/schema"));
        assert_eq!(journal.count(&kind("/v1/apis"), mark), 1);
        assert_eq!(journal.count(&kind("/v1/apis/*/schema"), mark), 1);
        assert_eq!(journal.count(&kind("/v1/**"), Mark::default()), 3);
    }

    #[test]
    fn the_oldest_go_when_there_is_no_room() {
        let journal = Journal::new();
        for _ in 0..CAPACITY + 5 {
            journal.take_down(exchange("/"));
        }
        assert_eq!(journal.exchanges().len(), CAPACITY);
        assert_eq!(journal.exchanges()[0].number, 6);
    }

    #[tokio::test]
    async fn a_request_that_never_comes_is_told_by_its_kind() {
        let journal = Journal::new();
        let error = journal.wait_for(&kind("/v1/me"), journal.mark(), Duration::from_millis(5)).await.unwrap_err();
        assert_eq!(error.to_string(), "no request for /v1/me to the portal came within 5ms; 0 other requests did");
    }

    #[tokio::test]
    async fn a_request_that_comes_ends_the_wait() {
        let journal = Journal::new();
        let kind = kind("/v1/me");
        let (found, ()) = tokio::join!(journal.wait_for(&kind, Mark::default(), Duration::from_secs(5)), async {
            journal.take_down(exchange("/v1/me"));
        });
        assert_eq!(found.unwrap().number, 1);
    }
}
