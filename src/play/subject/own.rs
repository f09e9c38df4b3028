//! A provider of one's own in this process, given as a function.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::{Limits, Subject, SyncOutcome};
use crate::Stage;

type SyncFuture = Pin<Box<dyn Future<Output = SyncOutcome> + Send>>;
type SyncFn = Box<dyn FnMut() -> SyncFuture + Send>;

/// A provider of one's own: what it is called, and how one is made for a stage.
#[derive(Clone)]
pub struct Own {
    name: Arc<str>,
    start: Arc<dyn Fn(&Stage) -> SyncFn + Send + Sync>,
}

impl Subject {
    /// A provider of one's own that runs in this process. `start` makes one for a stage, once for each scenario and at
    /// each restart; what it answers is called for each sync.
    #[must_use]
    pub fn own<S, F, R>(name: &str, start: S) -> Self
    where
        S: Fn(&Stage) -> F + Send + Sync + 'static,
        F: FnMut() -> R + Send + 'static,
        R: Future<Output = SyncOutcome> + Send + 'static,
    {
        let start = move |stage: &Stage| -> SyncFn {
            let mut sync = start(stage);
            Box::new(move || Box::pin(sync()))
        };
        Self::Own(Own { name: name.into(), start: Arc::new(start) })
    }
}

impl Own {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn start(&self, stage: &Stage, limits: Limits) -> Running {
        Running { own: self.clone(), sync: (self.start)(stage), limits }
    }
}

impl fmt::Debug for Own {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Own").field(&self.name).finish()
    }
}

pub(in crate::play) struct Running {
    own: Own,
    sync: SyncFn,
    limits: Limits,
}

impl Running {
    pub(super) async fn sync(&mut self) -> SyncOutcome {
        let patience = self.limits.sync;
        match tokio::time::timeout(patience, (self.sync)()).await {
            Ok(outcome) => outcome,
            Err(_) => SyncOutcome::failed(format!("the sync did not end within {patience:?}")),
        }
    }

    pub(super) fn restart(&mut self, stage: &Stage) {
        self.sync = (self.own.start)(stage);
    }
}
