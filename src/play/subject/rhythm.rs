//! When a subject that syncs by itself has synced: told from what it asks of the portal.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Method;
use tokio::time::timeout;
use understudy_scenarios::Server;

use super::named::Learnt;
use crate::{Exchange, Faults, Journal, Mark};

/// How long nothing is asked of the portal once a sync is over; less of one that syncs more often than every 2 s.
const QUIET: Duration = Duration::from_secs(1);

/// A Backstage may take five seconds from a provider's construction to its first sync, which is how often its scheduler looks
/// for tasks; who syncs more often than this can't be told to have missed one.
const TELLING: Duration = Duration::from_secs(8);

/// How a subject syncs by itself: a request for the list of APIs begins a sync, and quiet ends it.
#[derive(Debug)]
pub(super) struct Rhythm {
    journal: Journal,
    faults: Faults,
    /// From one sync's beginning to the next one's, where the subject's user has told.
    told: Option<Duration>,
    /// The same, measured.
    learnt: Arc<Learnt>,
    /// How long to wait for a sync while that is not known.
    patience: Duration,
    /// [`QUIET`], but in tests.
    quiet: Duration,
}

/// Whether a sync was seen to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// From its beginning to its end.
    Whole,
    /// Nothing was seen for longer than it takes to the next sync: it may have failed before it reached the portal.
    Nothing {
        /// How long was waited.
        waited: Duration,
    },
}

impl Rhythm {
    pub(super) fn new(
        journal: Journal,
        faults: Faults,
        learnt: Arc<Learnt>,
        told: Option<Duration>,
        patience: Duration,
    ) -> Self {
        Self { journal, faults, told, learnt, patience, quiet: QUIET }
    }

    fn every(&self) -> Option<Duration> {
        self.told.or_else(|| self.learnt.every.get().copied())
    }

    /// Whether it is known how often the subject syncs.
    pub(super) fn is_known(&self) -> bool {
        self.every().is_some()
    }

    /// Waits until a whole sync that begins after now has passed. The first time, where nobody has told how often the
    /// subject syncs, two of them, so that it is known from then on.
    pub(super) async fn whole_sync(&self) -> Seen {
        let waited = match self.every() {
            // One may have begun just now, and a slow one puts off the next.
            Some(every) => every * 2 + Duration::from_secs(5),
            None => self.patience,
        };
        let nothing = Seen::Nothing { waited };
        let Some(first) = self.list(self.journal.mark(), Instant::now(), waited).await else { return nothing };
        self.quiet(first.mark).await;
        if self.every().is_none() {
            let Some(second) = self.list(self.journal.mark(), Instant::now(), waited).await else { return nothing };
            let _ = self.learnt.every.set(second.began.duration_since(first.began));
            self.quiet(second.mark).await;
        }
        Seen::Whole
    }

    /// How long after its first token request a subject that was started at `mark` asked for the list, where that is so
    /// long that its first sync must have failed before it asked anything. Nothing where the subject syncs so often that
    /// the second sync can't be told from a slow first one.
    pub(super) fn missed_first(&self, mark: Mark) -> Option<Duration> {
        let every = self.every().filter(|every| *every >= TELLING)?;
        let came = self.journal.since(mark);
        let token = came.iter().find(|exchange| exchange.server == Server::Idp && exchange.method == Method::POST)?;
        let list = came.iter().find(|exchange| is_list(exchange))?;
        let gap = Duration::try_from(list.at.duration_since(token.at)).ok()?;
        (gap >= every * 4 / 5).then_some(gap)
    }

    /// The first request for the list that begins after `since`.
    async fn list(&self, mut mark: Mark, since: Instant, patience: Duration) -> Option<Begun> {
        let mut newest = self.journal.subscribe();
        let found = async {
            loop {
                newest.borrow_and_update();
                for exchange in self.journal.since(mark) {
                    // One that was under way may have been answered from what the portal was before.
                    let began = Instant::now().checked_sub(exchange.elapsed).unwrap_or(since);
                    mark = Mark(exchange.number);
                    if is_list(&exchange) && began >= since {
                        return Begun { mark, began };
                    }
                }
                if newest.changed().await.is_err() {
                    return std::future::pending().await;
                }
            }
        };
        timeout(patience, found).await.ok()
    }

    /// Waits until nothing more is asked of the portal, for at most the patience.
    async fn quiet(&self, mut mark: Mark) {
        let quiet = match self.every() {
            // An answer may be long in coming, and what is under way is not in the journal yet.
            Some(every) if !self.faults.active().is_empty() => every,
            Some(every) => self.quiet.min(every / 2),
            None => self.quiet,
        };
        let passed = async {
            let mut newest = self.journal.subscribe();
            while timeout(quiet, next(&mut newest, &self.journal, &mut mark)).await.is_ok() {}
        };
        let _ = timeout(self.patience, passed).await;
    }
}

/// A sync that has begun.
#[derive(Clone, Copy)]
struct Begun {
    mark: Mark,
    began: Instant,
}

/// Waits for a further request to the portal.
async fn next(newest: &mut tokio::sync::watch::Receiver<u64>, journal: &Journal, mark: &mut Mark) {
    loop {
        newest.borrow_and_update();
        let came = journal.since(*mark);
        *mark = came.last().map_or(*mark, |last| Mark(last.number));
        if came.iter().any(|exchange| exchange.server == Server::Portal) {
            return;
        }
        if newest.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Whether a request is for the list of APIs, of either family, wherever the portal's base is.
pub(super) fn is_list(exchange: &Arc<Exchange>) -> bool {
    let last = exchange.path.trim_end_matches('/').rsplit('/').next();
    exchange.server == Server::Portal
        && exchange.method == Method::GET
        && last.is_some_and(|last| last == "apis" || last == "api-products")
}

#[cfg(test)]
mod tests {
    use understudy_scenarios::Scenario;

    use super::*;
    use crate::Stage;

    /// A stage, and a subject that syncs from it all the time, until the answer is dropped.
    async fn syncing(every: Duration) -> (Stage, tokio::task::JoinSet<()>) {
        let stage = Stage::start(Scenario::find("quickstart").unwrap()).await.unwrap();
        let provider = stage.provider().unwrap();
        let mut subject = tokio::task::JoinSet::new();
        subject.spawn(async move {
            let mut ticks = tokio::time::interval(every);
            loop {
                ticks.tick().await;
                let _ = provider.sync().await;
            }
        });
        (stage, subject)
    }

    fn rhythm(stage: &Stage, every: Option<Duration>, patience: Duration) -> Rhythm {
        Rhythm::new(stage.journal().clone(), stage.faults().clone(), Arc::default(), every, patience)
    }

    #[tokio::test]
    async fn a_whole_sync_is_seen_after_a_change() {
        let (stage, _subject) = syncing(Duration::from_millis(200)).await;
        let rhythm = rhythm(&stage, Some(Duration::from_millis(200)), Duration::from_secs(30));
        let before = stage.journal().mark();
        assert_eq!(rhythm.whole_sync().await, Seen::Whole);
        let came = stage.journal().since(before);
        let list = came.iter().position(is_list).unwrap();
        assert_eq!(came[list..].iter().filter(|exchange| exchange.path.ends_with("/schema")).count().min(2), 2);
    }

    #[tokio::test]
    async fn how_often_it_syncs_is_measured() {
        let (stage, _subject) = syncing(Duration::from_secs(1)).await;
        let mut rhythm = rhythm(&stage, None, Duration::from_secs(30));
        rhythm.quiet = Duration::from_millis(400);
        assert_eq!(rhythm.whole_sync().await, Seen::Whole);
        // On a busy machine a beginning is seen late.
        assert!(rhythm.every().is_some_and(|every| (500..2000).contains(&every.as_millis())), "{:?}", rhythm.every());
    }

    #[tokio::test]
    async fn a_subject_that_asks_nothing_is_not_waited_for_for_ever() {
        let stage = Stage::start(Scenario::find("quickstart").unwrap()).await.unwrap();
        let waited = Duration::from_millis(50);
        assert_eq!(rhythm(&stage, None, waited).whole_sync().await, Seen::Nothing { waited });
    }
}
