//! The last good state, which a sync starts from and goes back to: nothing that was synced is lost by a bad day.

mod built;
mod doubt;
mod known;
mod merge;
mod words;

use std::collections::HashSet;

use crate::config::ServerUrl;
use crate::outcome::{News, Notice, Outcome};
use crate::portal::{Answers, Reading};
use crate::sync::SyncError;
use built::Built;
use doubt::Doubts;
use known::Known;

/// The last good state of a portal, from one sync to the next.
#[derive(Default)]
pub(crate) struct Kept {
    /// What the portal last answered, for conditional requests.
    answers: Answers,
    known: Option<Known>,
    doubts: Doubts,
    /// The entities of `known`.
    built: Option<Built>,
    /// What the last sync told.
    told: Vec<Notice>,
}

impl Kept {
    /// What the portal last answered.
    pub(crate) fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Takes in what a sync has found, or keeps all as it was where that failed.
    ///
    /// # Errors
    /// When it failed, and nothing was ever synced.
    pub(crate) fn take_in(
        &mut self,
        found: Result<(Reading, Answers), SyncError>,
        server: &ServerUrl,
    ) -> Result<Outcome, SyncError> {
        let (reading, answers) = match found {
            Ok(found) => found,
            Err(failure) => return self.keep_all(failure),
        };
        let merged = merge::merge(self.known.as_ref(), &self.doubts, reading);
        let built = Built::new(&merged.known, server, self.built.as_ref());
        let mut notices = merged.notices;
        // One word about an API is enough: what could not be read of it comes before what is wrong with what was.
        let told: HashSet<&str> = notices.iter().filter_map(|notice| notice.about.as_deref()).collect();
        let untold = |notice: &&Notice| notice.about.as_deref().is_none_or(|about| !told.contains(about));
        let of_entities: Vec<Notice> = built.notices().filter(untold).cloned().collect();
        notices.extend(of_entities);
        let delta = built.since(self.built.as_ref());
        let mutation = built.mutation(&merged.known);
        self.answers = answers;
        self.known = Some(merged.known);
        self.doubts = merged.doubts;
        self.built = Some(built);
        Ok(Outcome { mutation, delta, failure: None, news: self.tell(&notices), notices })
    }

    /// What came of a sync that failed: what was known before.
    fn keep_all(&mut self, failure: SyncError) -> Result<Outcome, SyncError> {
        let (Some(known), Some(built)) = (&self.known, &self.built) else { return Err(failure) };
        let mut notices = vec![words::all_kept(known.apis.len(), &failure)];
        notices.extend(built.notices().cloned());
        let mutation = built.mutation(known);
        Ok(Outcome { mutation, delta: None, failure: Some(failure.kind()), news: self.tell(&notices), notices })
    }

    /// Lets go what is held back now; answers from how many lists something was.
    pub(crate) fn confirm_removals(&mut self) -> usize {
        self.doubts.confirm()
    }

    fn tell(&mut self, notices: &[Notice]) -> News {
        let news = News::between(&self.told, notices);
        self.told = notices.to_vec();
        news
    }
}
