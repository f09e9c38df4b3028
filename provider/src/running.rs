//! A provider that runs: one sync after the other, each published, until it is ended.

mod progress;
mod wait;

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::outcome::Outcome;
use crate::schedule::Schedule;
use crate::sync::Provider;

pub use progress::{Progress, SyncFailure, SyncResult};

/// A provider that syncs over and over on a task of its own, which ends with this value.
///
/// The first sync begins at once, each further one by the [`Schedule`]; no two overlap. What came of them is told by
/// [`progress`](Self::progress).
///
/// ```no_run
/// # async fn run() -> Result<(), understudy_provider::SyncError> {
/// use std::sync::Arc;
///
/// use understudy_provider::{Config, Provider, Running, SystemClock};
///
/// let config = Config::from_vars(|name| std::env::var(name).ok())?;
/// let schedule = config.schedule;
/// let running = Running::start(Provider::new(config)?, schedule, Arc::new(SystemClock));
/// let mut progress = running.progress();
/// while progress.changed().await.is_ok() {
///     if let Some(outcome) = &progress.borrow_and_update().outcome {
///         println!("{} entities", outcome.mutation.entities().count());
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Running {
    progress: watch::Receiver<Progress>,
    /// Dropped to have the task end.
    end: Option<watch::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    /// Starts the task; within a Tokio runtime whose time is enabled.
    ///
    /// The time from one sync to the next goes by `clock`, so that a clock that is moved moves the syncs; where it stands
    /// still or goes back, by real time. A sync's time limit is real time.
    #[must_use]
    pub fn start(provider: Provider, schedule: Schedule, clock: Arc<dyn Clock>) -> Self {
        let (sender, progress) = watch::channel(Progress::default());
        let (end, ended) = watch::channel(());
        let task = tokio::spawn(run(provider, schedule, clock, sender, ended));
        Self { progress, end: Some(end), task }
    }

    /// What has come of the syncs: the last good outcome and figures, anew after each sync.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.clone()
    }

    /// Ends it, and returns once it has ended. A sync that is under way is given up: it only reads.
    pub async fn end(mut self) {
        self.end = None;
        // The task can only have ended by itself or have panicked, and then it has ended too.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(
    provider: Provider,
    schedule: Schedule,
    clock: Arc<dyn Clock>,
    sender: watch::Sender<Progress>,
    mut ended: watch::Receiver<()>,
) {
    let syncs = async {
        let mut failures = 0_u32;
        loop {
            let (began, since) = (clock.now(), Instant::now());
            let result = sync(&provider, &schedule).await;
            let took = since.elapsed();
            let is_good = result.as_ref().is_ok_and(|outcome| outcome.failure.is_none());
            failures = if is_good { 0 } else { failures.saturating_add(1) };
            let wait = wait::before_next(&schedule, failures, wait::chance());
            sender.send_modify(|progress| progress.add(result, took, wait, clock.now()));
            // A good sync's time counts, so that they begin as often as the schedule says; a failed one is followed by a rest.
            let (from, since) = if failures == 0 { (began, since) } else { (clock.now(), Instant::now()) };
            wait::until_over(&*clock, from, since, wait).await;
        }
    };
    // The sender of `ended` only ever goes away.
    tokio::select! {
        () = syncs => {}
        _ = ended.changed() => {}
    }
}

async fn sync(provider: &Provider, schedule: &Schedule) -> Result<Outcome, SyncFailure> {
    match tokio::time::timeout(schedule.timeout, provider.sync()).await {
        Ok(Ok(outcome)) => Ok(outcome),
        Ok(Err(error)) => Err(SyncFailure::of(&error)),
        Err(_) => Err(SyncFailure::timed_out(provider.server(), schedule.timeout)),
    }
}
