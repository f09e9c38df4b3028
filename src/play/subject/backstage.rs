//! `backstage:URL`: a whole Backstage as a subject, read by its catalog's REST API.
//!
//! Nobody can tell a Backstage when to sync: the provider in it does so by itself. A sync is awaited by what it asks of
//! the portal, and then the catalog until it changes no more, since Backstage goes on processing for seconds. What its
//! provider says of an error is in Backstage's own log, which is not read here.

mod catalog;

use std::time::{Duration, Instant};

use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use self::catalog::Catalog;
use super::address::Watched;
use super::rhythm::{Rhythm, Seen};
use super::{SubjectError, SyncOutcome, restart};
use crate::Mark;

/// For how long the catalog must stay the same to count as settled: Backstage looks for work every second, and an entity
/// goes through two rounds of it.
const SETTLED: Duration = Duration::from_secs(3);
/// How often the catalog is read meanwhile.
const LOOK: Duration = Duration::from_millis(500);

/// A Backstage as a subject.
#[derive(Debug)]
pub(super) struct Backstage {
    catalog: Catalog,
    watched: Watched,
    rhythm: Rhythm,
    restart: Option<String>,
    /// When it was started anew, until it has synced.
    started: Option<Mark>,
}

impl Backstage {
    /// The Backstage whose backend is at `url`, such as `http://localhost:7007`. `token` is what its REST API wants
    /// (`BACKSTAGE_TOKEN`), `restart` the command that starts it anew.
    pub(super) fn new(url: Url, token: Option<SecretString>, watched: Watched, restart: Option<String>) -> Self {
        let catalog = Catalog::new(url, token, watched.client(), &watched.portal_url);
        Self { catalog, rhythm: watched.rhythm(), watched, restart, started: None }
    }

    /// Waits until the provider has synced after now and the catalog has settled. The outcome is one full mutation: what
    /// the catalog holds of this provider.
    ///
    /// A sync that fails before it reaches the portal can't be seen. Where it is known how often the provider syncs, the
    /// catalog is read all the same once the next sync must have passed. Right after a start, a first sync that never
    /// reached the portal is told as an error.
    ///
    /// # Errors
    /// When no sync was ever seen, or the catalog can't be read.
    pub(super) async fn sync(&mut self) -> Result<SyncOutcome, SubjectError> {
        match self.rhythm.whole_sync().await {
            Seen::Nothing { waited } if !self.rhythm.is_known() => {
                return Err(SubjectError::Protocol(self.watched.what_never_came(waited)));
            }
            Seen::Nothing { .. } | Seen::Whole => {}
        }
        let missed = self.started.take().and_then(|mark| self.rhythm.missed_first(mark));
        let error = missed.map(|gap| {
            format!(
                "the first sync after the start must have failed: the portal was asked for its list only {} s after the \
                 token was, at the sync after it",
                gap.as_secs()
            )
        });
        let entities: Vec<Value> =
            self.settled().await?.into_iter().map(|entity| json!({ "entity": entity })).collect();
        Ok(SyncOutcome { mutations: vec![json!({ "type": "full", "entities": entities })], error })
    }

    /// Starts it anew as [`Self::renew`] does; the next sync tells whether the first one after that was missed.
    ///
    /// # Errors
    /// As [`Self::renew`].
    pub(super) async fn restart(&mut self) -> Result<(), SubjectError> {
        self.started = Some(self.watched.controls.journal().mark());
        self.renew().await
    }

    /// Runs the command that starts it anew, and waits until its catalog answers.
    ///
    /// # Errors
    /// When there is no such command, it fails, or the catalog does not answer afterwards.
    pub(super) async fn renew(&self) -> Result<(), SubjectError> {
        restart::run(self.restart.as_deref()).await?;
        let started = Instant::now();
        while self.catalog.read().await.is_err() {
            restart::pause(started, self.catalog.url()).await?;
        }
        Ok(())
    }

    /// The catalog once it changes no more.
    async fn settled(&self) -> Result<Vec<Value>, SubjectError> {
        let began = Instant::now();
        let mut last: Option<(Instant, Vec<Value>)> = None;
        loop {
            let is_late = began.elapsed() > self.watched.timeout;
            match (self.catalog.read().await, &last) {
                (Ok(now), Some((since, before))) if now == *before => {
                    if since.elapsed() >= SETTLED {
                        return Ok(now);
                    }
                }
                (Ok(now), _) => last = Some((Instant::now(), now)),
                // A Backstage that has just been started refuses for a moment.
                (Err(error), _) if is_late || !error.may_pass() => {
                    return Err(SubjectError::Protocol(error.to_string()));
                }
                (Err(_), _) => {}
            }
            if is_late {
                let limit = self.watched.timeout;
                return Err(SubjectError::Protocol(format!(
                    "the catalog at {} still changed {limit:?} after the sync; give it longer with --timeout",
                    self.catalog.url()
                )));
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}
