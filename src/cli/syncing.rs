//! What is said of a provider that keeps syncing: changes and trouble, each once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;
use understudy::Stage;
use understudy::provider::{Clock, Entity, Notice, Outcome, Progress, Provider, Running, Schedule, SystemClock};
use understudy::serve::Shown;

use super::failure::{self, Failure};
use super::talk::Talk;
use super::target::RealTarget;

/// How often mocks are synced: what changes there is to be seen soon, and costs nobody anything.
const MOCK_FREQUENCY: Duration = Duration::from_secs(10);
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
    /// From a stage, every 10 seconds where nobody says.
    pub(super) fn from_stage(stage: &Stage, every: Option<Duration>) -> Result<Self, Failure> {
        Ok(Self {
            provider: stage.provider()?,
            schedule: Schedule::default().every(every.unwrap_or(MOCK_FREQUENCY)),
            clock: stage.provider_clock(),
            from: stage.portal_url().to_owned(),
            each: false,
        })
    }

    /// From servers that are there, as often as they are configured to be where nobody says.
    pub(super) fn from_servers(target: RealTarget, every: Option<Duration>, talk: Talk) -> Result<Self, Failure> {
        let RealTarget { config, debug_logging } = target;
        let from = config.portal.to_string();
        talk.say(format_args!("target: real, {from}"));
        let schedule = every.map_or(config.schedule, |every| config.schedule.every(every));
        Ok(Self { provider: Provider::new(config)?, schedule, clock: Arc::new(SystemClock), from, each: debug_logging })
    }

    /// Starts it, and what is told of it.
    pub(super) fn start(self, talk: Talk) -> (Running, Told) {
        let running = Running::start(self.provider, self.schedule, self.clock);
        (running, Told { from: self.from, talk, each: self.each, outcome: None, failure: None })
    }
}

/// What was told of a running provider.
pub(super) struct Told {
    from: String,
    talk: Talk,
    each: bool,
    outcome: Option<Arc<Outcome>>,
    failure: Option<String>,
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
        if let Some(failure) = &progress.failure {
            self.trouble(&failure.message, progress);
            return None;
        }
        let outcome = progress.outcome.clone()?;
        let before = self.outcome.replace(Arc::clone(&outcome));
        let count = outcome.mutation.entities().count();
        let is_again = self.failure.take().is_some();
        let change = before.as_ref().map(|before| change(before, &outcome));
        match &change {
            None => {
                let millis = progress.last_duration.unwrap_or_default().as_millis();
                self.talk.say(format_args!("{count} entities from {} in {millis} ms", self.from));
            }
            Some(Some(change)) => self.talk.say(format_args!("{count} entities from {}: {change}", self.from)),
            Some(None) if is_again => self.talk.say(format_args!("{count} entities from {} again", self.from)),
            Some(None) if self.each => self.talk.say(format_args!("{count} entities from {}, none changed", self.from)),
            Some(None) => {}
        }
        let (begun, ended) = news(before.as_deref().map_or(&[], |before| &before.notices), &outcome.notices);
        begun.into_iter().for_each(|notice| self.talk.say(notice));
        ended.into_iter().for_each(|notice| self.talk.say(format_args!("no more: {notice}")));
        (!matches!(change, Some(None))).then_some(outcome)
    }

    fn trouble(&mut self, message: &str, progress: &Progress) {
        if self.failure.as_deref() == Some(message) {
            return;
        }
        failure::tell(message);
        // Once for each trouble, whatever words it goes on in.
        if self.failure.is_none() {
            let time = progress.succeeded_at.and_then(|time| Timestamp::try_from(time).ok());
            match (&progress.outcome, time) {
                (Some(outcome), Some(time)) => self.talk.say(format_args!(
                    "What was synced at {} stays, {} entities; it is tried again.",
                    time.to_zoned(TimeZone::system()).strftime("%H:%M:%S"),
                    outcome.mutation.entities().count(),
                )),
                _ => self.talk.say("Nothing has been synced yet; it is tried again."),
            }
        }
        self.failure = Some(message.to_owned());
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

/// The notices that were not there before, and those that are there no more.
fn news<'a>(before: &'a [Notice], now: &'a [Notice]) -> (Vec<&'a Notice>, Vec<&'a Notice>) {
    let without =
        |these: &'a [Notice], those: &[Notice]| these.iter().filter(|notice| !those.contains(notice)).collect();
    (without(now, before), without(before, now))
}
