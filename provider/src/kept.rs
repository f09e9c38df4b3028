//! The last good state, which a sync starts from and goes back to: nothing that was synced is lost by a bad day.

mod built;
mod doubt;
mod file;
mod known;
mod merge;
mod words;

use std::path::PathBuf;
use std::sync::Arc;

use crate::config::ServerUrl;
use crate::entity::Profile;
use crate::outcome::{News, Notice, Outcome};
use crate::portal::{Answers, PortalError, Reading, UsagePlans};
use crate::sync::SyncError;
use built::Built;
use doubt::Doubts;
use file::StateFile;
use known::Known;
use merge::{Merged, merge};

/// The last good state of a portal, from one sync to the next.
pub(crate) struct Kept {
    server: ServerUrl,
    profile: Profile,
    /// What the portal last answered, for conditional requests.
    answers: Answers,
    last: Option<Last>,
    doubts: Doubts,
    /// Whether a sync has given something, so that a delta to that can be told.
    has_given: bool,
    /// What the last sync told.
    told: Vec<Notice>,
    file: Option<StateFile>,
    /// Whether the file has been read.
    has_loaded: bool,
    /// Why the file is not gone by, until that has been told.
    ignored: Option<Notice>,
}

/// What is known, and the entities of that.
struct Last {
    known: Known,
    built: Built,
}

impl Kept {
    /// Nothing yet; what the state file holds is read by [`load`](Self::load).
    pub(crate) fn new(state_file: Option<PathBuf>, server: ServerUrl, profile: Profile) -> Self {
        let file = state_file.map(|path| StateFile::new(path, server.as_str()));
        Self {
            server,
            profile,
            answers: Answers::default(),
            last: None,
            doubts: Doubts::default(),
            has_given: false,
            told: Vec::new(),
            file,
            has_loaded: false,
            ignored: None,
        }
    }

    /// Reads the state file, where there is one and it has not been read yet.
    pub(crate) async fn load(&mut self) {
        let Some(file) = self.file.as_mut().filter(|_| !self.has_loaded) else { return };
        let loaded = file.load().await;
        self.has_loaded = true;
        let state = match loaded {
            Ok(state) => state,
            Err(notice) => {
                self.ignored = Some(notice);
                return;
            }
        };
        if let Some(state) = state {
            let built = Built::new(&state.known, &self.server, &self.profile, None);
            self.answers = state.answers();
            self.doubts = state.doubts.clone();
            self.last = Some(Last { known: state.known.clone(), built });
        }
    }

    /// What the portal last answered.
    pub(crate) fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Takes in what a sync has found, or keeps all as it was where that failed; `plans` where usage plans were asked for.
    ///
    /// # Errors
    /// When it failed, and nothing was ever synced.
    pub(crate) async fn take_in(
        &mut self,
        found: Result<(Reading, Answers), SyncError>,
        plans: Option<Result<UsagePlans, PortalError>>,
    ) -> Result<Outcome, SyncError> {
        let (reading, answers) = match found {
            Ok(found) => found,
            Err(failure) => return self.keep_all(failure),
        };
        let last = self.last.as_ref();
        let Merged { mut known, doubts, mut notices } = merge(last.map(|last| &last.known), &self.doubts, reading);
        match plans {
            Some(Ok(plans)) if plans != *known.plans => known.plans = Arc::new(plans),
            Some(Err(failure)) => notices.push(words::plans_kept(&failure)),
            _ => {}
        }
        let built = Built::new(&known, &self.server, &self.profile, last.map(|last| &last.built));
        built.tell(&mut notices);
        let unsaved = match &mut self.file {
            Some(file) => file.save(&known, &doubts, &answers).await.err(),
            None => None,
        };
        // Nothing waits from here on: who drops a sync drops it before anything was changed.
        notices.extend(self.ignored.take().or(unsaved));
        let before = self.last.take().map(|last| last.built).filter(|_| self.has_given);
        let last = Last { known, built };
        let mutation = last.built.mutation(&last.known, before.as_ref());
        let delta = last.built.since(before.as_ref());
        self.answers = answers;
        self.doubts = doubts;
        self.last = Some(last);
        Ok(Outcome { mutation, delta, failure: None, news: self.give(&notices), notices })
    }

    /// What came of a sync that failed: what was known before.
    fn keep_all(&mut self, failure: SyncError) -> Result<Outcome, SyncError> {
        let Some(last) = &self.last else { return Err(failure) };
        let mut notices = vec![words::all_kept(last.known.apis.len(), &failure)];
        last.built.tell(&mut notices);
        // What a state file held has not been given yet.
        let delta = if self.has_given { None } else { last.built.since(None) };
        let mutation = last.built.mutation(&last.known, None);
        notices.extend(self.ignored.take());
        Ok(Outcome { mutation, delta, failure: Some(failure.kind()), news: self.give(&notices), notices })
    }

    /// Lets go what is held back now; answers from how many lists something was.
    pub(crate) fn confirm_removals(&mut self) -> usize {
        self.doubts.confirm()
    }

    /// Notes that an outcome with these notices is given, and says what of them is new.
    fn give(&mut self, notices: &[Notice]) -> News {
        self.has_given = true;
        let news = News::between(&self.told, notices);
        self.told = notices.to_vec();
        news
    }
}
