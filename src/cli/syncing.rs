//! What is said of a provider that keeps syncing: changes and trouble, each once.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;
use understudy::provider::{Entity, Notice, Outcome, Progress};
use understudy::serve::Shown;

use super::failure::{self, Failure};
use super::talk::Talk;

/// How many entities a line names.
const NAMED: usize = 5;

/// What was told of a running provider.
pub(super) struct Told {
    from: String,
    talk: Talk,
    outcome: Option<Arc<Outcome>>,
    failure: Option<String>,
}

impl Told {
    /// Nothing yet of a provider that syncs from there.
    pub(super) fn new(from: impl Into<String>, talk: Talk) -> Self {
        Self { from: from.into(), talk, outcome: None, failure: None }
    }

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
