//! What a running provider has come to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::config::ServerUrl;
use crate::outcome::{Notice, NoticeKind, Outcome};
use crate::sync::{FailureKind, SyncError};

/// What a running provider has come to by now.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Progress {
    /// What the last sync that gave anything gave: the last good one, or one that could read nothing and gives what is kept
    /// from before, from the state file too; none before the first.
    pub outcome: Option<Arc<Outcome>>,
    /// When the last good sync ended, by the provider's clock.
    pub succeeded_at: Option<SystemTime>,
    /// Why the last sync failed; none where it did not.
    pub failure: Option<SyncFailure>,
    /// When the last sync ended, good or not, by the provider's clock.
    pub ended_at: Option<SystemTime>,
    /// How long the last sync took, in real time.
    pub last_duration: Option<Duration>,
    /// How long all syncs took together, in real time.
    pub duration: Duration,
    /// How many syncs have ended how.
    pub syncs: BTreeMap<SyncResult, u64>,
    /// The time from the end of the last sync to the next, or from its start where it was good.
    pub wait: Option<Duration>,
}

impl Progress {
    /// How many syncs have ended.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.syncs.values().sum()
    }

    pub(super) fn add(
        &mut self,
        result: Result<Outcome, SyncFailure>,
        took: Duration,
        wait: Duration,
        now: SystemTime,
    ) {
        let (outcome, failure) = match result {
            Ok(outcome) => {
                let failure = SyncFailure::within(&outcome);
                (Some(outcome), failure)
            }
            Err(failure) => (None, Some(failure)),
        };
        let result = failure.as_ref().map_or(SyncResult::Good, |failure| failure.result);
        *self.syncs.entry(result).or_default() += 1;
        self.last_duration = Some(took);
        self.duration = self.duration.saturating_add(took);
        self.wait = Some(wait);
        self.ended_at = Some(now);
        if failure.is_none() {
            self.succeeded_at = Some(now);
        }
        self.failure = failure;
        if let Some(outcome) = outcome {
            self.outcome = Some(Arc::new(outcome));
        }
    }
}

/// How a sync ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SyncResult {
    /// It read the portal.
    Good,
    /// It failed: [`FailureKind::Configuration`].
    Configuration,
    /// It failed: [`FailureKind::Refused`].
    Refused,
    /// It failed: [`FailureKind::Unreachable`].
    Unreachable,
    /// It failed: [`FailureKind::Invalid`].
    Invalid,
    /// It took longer than the schedule's timeout.
    TimedOut,
}

impl SyncResult {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::Good, Self::Configuration, Self::Refused, Self::Unreachable, Self::Invalid, Self::TimedOut];

    /// As metrics have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Configuration => "configuration",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Invalid => "invalid",
            Self::TimedOut => "timed_out",
        }
    }
}

/// Why a sync of a running provider gave no outcome. Its text is whole by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncFailure {
    /// How the sync ended; never [`SyncResult::Good`].
    pub result: SyncResult,
    /// What failed, on what, and what to do next.
    pub message: String,
}

impl SyncFailure {
    pub(super) fn of(error: &SyncError) -> Self {
        Self { result: result_of(error.kind()), message: error.to_string() }
    }

    /// Why nothing could be read by a sync that gives what was known before.
    pub(super) fn within(outcome: &Outcome) -> Option<Self> {
        let result = result_of(outcome.failure?);
        let of_all = |notice: &&Notice| notice.kind == NoticeKind::Kept && notice.about.is_none();
        let message = outcome.notices.iter().find(of_all).map(|notice| notice.message.clone());
        Some(Self { result, message: message.unwrap_or_else(|| "nothing could be read".to_owned()) })
    }

    pub(super) fn timed_out(server: &ServerUrl, timeout: Duration) -> Self {
        let message = format!(
            "the sync of {server} was not done within {timeout:?} and was given up; where the portal needs longer, raise \
             the sync timeout"
        );
        Self { result: SyncResult::TimedOut, message }
    }
}

fn result_of(kind: FailureKind) -> SyncResult {
    match kind {
        FailureKind::Configuration => SyncResult::Configuration,
        FailureKind::Refused => SyncResult::Refused,
        FailureKind::Unreachable => SyncResult::Unreachable,
        FailureKind::Invalid => SyncResult::Invalid,
    }
}

impl fmt::Display for SyncFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}
