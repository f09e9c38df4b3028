//! What is said of a provider that keeps syncing: changes and trouble, each once.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;
use understudy::provider::{Clock, Entity, Notice, NoticeKind, Outcome, Progress, Provider, Running, Schedule};
use understudy::serve::Shown;

use super::failure::{self, Failure};
use super::provider::ProviderArgs;
use super::talk::Talk;
use super::target::Opened;

/// How often mocks are synced: what changes there is to be seen soon, and costs nobody anything.
const MOCK_FREQUENCY: Duration = Duration::from_secs(10);
/// How many notices are told at once.
const NOTICES: usize = 10;
/// How many entities a line names.
const NAMED: usize = 5;

/// A provider that is to keep syncing.
pub(super) struct Syncing {
    provider: Provider,
    schedule: Schedule,
    clock: Arc<dyn Clock>,
    from: String,
    /// Whether a sync that changed nothing is told of too.
    each: bool,
}

impl Syncing {
    /// From what was opened: a mock portal every 10 seconds where nobody says, a real one as often as is configured.
    pub(super) async fn of(
        opened: &Opened,
        every: Option<Duration>,
        kept: &ProviderArgs,
        talk: Talk,
    ) -> Result<Self, Failure> {
        let mut config = opened.config.clone();
        kept.apply(&mut config);
        let schedule = match every {
            None if opened.target.is_portal_real() => config.schedule,
            every => config.schedule.every(every.unwrap_or(MOCK_FREQUENCY)),
        };
        let provider = Provider::with_clock(config, opened.clock())?;
        kept.confirm(&provider, talk).await;
        Ok(Self { provider, schedule, clock: opened.clock(), from: opened.portal(), each: opened.debug_logging })
    }

    /// One sync, whatever the schedule says: what came of it, and from where.
    pub(super) async fn once(self, talk: Talk) -> Result<(Outcome, String), Failure> {
        let outcome = talk.while_waiting(format!("syncing {}", self.from), self.provider.sync()).await?;
        Ok((outcome, self.from))
    }

    /// Starts it, and what is told of it.
    pub(super) fn start(self, talk: Talk) -> (Running, Told) {
        let running = Running::start(self.provider, self.schedule, self.clock);
        (running, Told { from: self.from, talk, each: self.each, outcome: None, trouble: HashSet::new() })
    }
}

/// What was told of a running provider.
pub(super) struct Told {
    from: String,
    talk: Talk,
    each: bool,
    outcome: Option<Arc<Outcome>>,
    /// What was told of the trouble that lasts; none in a good time.
    trouble: HashSet<String>,
}

impl Told {
    /// Tells what comes of each sync for as long as the provider runs, and hands over each outcome that changes the
    /// catalog.
    pub(super) async fn follow(
        mut self,
        mut progress: watch::Receiver<Progress>,
        mut changed: impl FnMut(&Outcome) -> Result<(), Failure>,
    ) -> Failure {
        while progress.changed().await.is_ok() {
            let progress = progress.borrow_and_update().clone();
            if let Some(outcome) = self.tell(&progress)
                && let Err(failure) = changed(&outcome)
            {
                return failure;
            }
        }
        ended()
    }

    /// The same of what is served, and what of it can't be shown; each once that is seen by who asks.
    pub(super) async fn follow_served(mut self, mut shown: watch::Receiver<Shown>) -> Failure {
        let (mut left_out, mut trouble) = (Vec::new(), None);
        while shown.changed().await.is_ok() {
            let shown = shown.borrow_and_update().clone();
            self.tell(&shown.progress);
            if shown.trouble != trouble {
                shown.trouble.iter().for_each(|trouble| failure::tell(trouble));
                trouble = shown.trouble;
            }
            if let Some(document) = shown.document.filter(|document| document.left_out != left_out) {
                document.left_out.iter().for_each(|told| self.talk.say(told));
                left_out.clone_from(&document.left_out);
            }
        }
        ended()
    }

    /// Tells what the last sync brought, and gives its outcome where that changes the catalog.
    fn tell(&mut self, progress: &Progress) -> Option<Arc<Outcome>> {
        let was_trouble = !self.trouble.is_empty();
        match &progress.failure {
            Some(failure) => self.trouble(&failure.message, progress),
            None => self.trouble.clear(),
        }
        // A sync that failed altogether has brought nothing.
        let outcome = progress
            .outcome
            .clone()
            .filter(|outcome| self.outcome.as_ref().is_none_or(|before| !Arc::ptr_eq(before, outcome)))?;
        let before = self.outcome.replace(Arc::clone(&outcome));
        let (count, from) = (outcome.mutation.entities().count(), &self.from);
        let change = before.as_ref().map(|before| change(before, &outcome));
        match &change {
            None if progress.failure.is_some() => self.talk.say(format_args!("{count} entities from before")),
            None => {
                let millis = progress.last_duration.unwrap_or_default().as_millis();
                self.talk.say(format_args!("{count} entities from {from} in {millis} ms"));
            }
            Some(Some(change)) => self.talk.say(format_args!("{count} entities from {from}: {change}")),
            Some(None) if progress.failure.is_some() => {}
            Some(None) if was_trouble => self.talk.say(format_args!("{count} entities from {from} again")),
            Some(None) if self.each => self.talk.say(format_args!("{count} entities from {from}, none changed")),
            Some(None) => {}
        }
        self.news(before.as_deref().map_or(&[], |before| &before.notices), &outcome.notices);
        (!matches!(change, Some(None))).then_some(outcome)
    }

    fn trouble(&mut self, message: &str, progress: &Progress) {
        let is_new = self.trouble.is_empty();
        // A server may word each refusal anew, with an id of the request in it.
        if self.trouble.len() >= NOTICES || !self.trouble.insert(message.to_owned()) {
            return;
        }
        failure::tell(message);
        // Once for each trouble, whatever words it goes on in.
        if is_new {
            let time = progress.succeeded_at.and_then(|time| Timestamp::try_from(time).ok());
            match (&progress.outcome, time) {
                (_, Some(time)) => self.talk.say(format_args!(
                    "It is tried again. The last good sync was at {}.",
                    time.to_zoned(TimeZone::system()).strftime("%H:%M:%S"),
                )),
                (Some(_), None) => self.talk.say("It is tried again."),
                (None, None) => self.talk.say("Nothing has been synced yet; it is tried again."),
            }
        }
    }

    /// Tells of notices when they begin and when they end, but for that of the trouble, which is told as such.
    fn news(&self, before: &[Notice], now: &[Notice]) {
        let of_trouble = |notice: &&Notice| notice.kind == NoticeKind::Kept && notice.about.is_none();
        let things = |notices: &[Notice]| -> HashSet<(NoticeKind, Option<String>)> {
            notices.iter().map(|notice| (notice.kind, notice.about.clone())).collect()
        };
        let (were, are) = (things(before), things(now));
        let without = |notices: &'_ [Notice], others: &HashSet<(NoticeKind, Option<String>)>| -> Vec<String> {
            let new = notices.iter().filter(|notice| !others.contains(&(notice.kind, notice.about.clone())));
            new.filter(|notice| !of_trouble(notice)).map(|notice| notice.message.clone()).collect()
        };
        self.some(without(now, &were), "");
        self.some(without(before, &are), "no more: ");
    }

    /// Some of the messages: a portal that fails may give thousands.
    fn some(&self, messages: Vec<String>, prefix: &str) {
        let more = messages.len().saturating_sub(NOTICES);
        messages.into_iter().take(NOTICES).for_each(|message| self.talk.say(format_args!("{prefix}{message}")));
        if more > 0 {
            self.talk.say(format_args!("{prefix}{more} more like this"));
        }
    }
}

fn ended() -> Failure {
    Failure::Refused("the provider has ended, by a mistake of ours; start it anew".to_owned())
}

/// What is new, gone and otherwise than before; none where nothing is.
fn change(before: &Outcome, now: &Outcome) -> Option<String> {
    if before.mutation == now.mutation {
        return None;
    }
    let by_reference = |outcome: &'_ Outcome| -> BTreeMap<String, Entity> {
        outcome.mutation.entities().map(|entity| (entity.reference().to_string(), entity.clone())).collect()
    };
    let (before, now) = (by_reference(before), by_reference(now));
    let new = now.keys().filter(|reference| !before.contains_key(*reference));
    let gone = before.keys().filter(|reference| !now.contains_key(*reference));
    let changed =
        now.iter().filter(|(reference, entity)| before.get(*reference).is_some_and(|before| before != *entity));
    let parts = [
        named("new", &new.collect::<Vec<_>>()),
        named("gone", &gone.collect::<Vec<_>>()),
        named("changed", &changed.map(|(reference, _)| reference).collect::<Vec<_>>()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Some(if parts.is_empty() { "in another order".to_owned() } else { parts.join("; ") })
}

fn named(word: &str, references: &[&String]) -> Option<String> {
    let named: Vec<&str> = references.iter().take(NAMED).map(|reference| reference.as_str()).collect();
    match references.len().saturating_sub(NAMED) {
        _ if named.is_empty() => None,
        0 => Some(format!("{word} {}", named.join(", "))),
        more => Some(format!("{word} {} and {more} more", named.join(", "))),
    }
}
