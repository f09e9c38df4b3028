//! Our own provider as a subject: in this process, by the stage's clock, and kept from one sync to the next as one that
//! runs in a backend is.

use std::time::Duration;

use serde_json::Value;
use understudy_provider::{HttpClient, NoticeKind, Outcome, Provider};

use super::{Limits, SubjectError, SyncOutcome};
use crate::StageError;
use crate::play::ground::Ground;

pub(in crate::play) struct Running {
    provider: Provider,
    limits: Limits,
}

impl Running {
    pub(super) fn start(ground: &Ground, limits: Limits) -> Result<Self, SubjectError> {
        Ok(Self { provider: provider(ground, limits.request)?, limits })
    }

    pub(super) fn restart(&mut self, ground: &Ground) -> Result<(), SubjectError> {
        self.provider = provider(ground, self.limits.request)?;
        Ok(())
    }

    pub(super) async fn sync(&mut self) -> SyncOutcome {
        outcome(&self.provider, self.limits.sync).await
    }
}

/// Our provider for these servers; on mocks it waits no longer than `request` for an answer. What it asks of real ones is
/// taken down in the journal, as mocks take it down.
pub(in crate::play) fn provider(ground: &Ground, request: Duration) -> Result<Provider, SubjectError> {
    let config = ground.config(request)?;
    let http = HttpClient::new(&config).map_err(StageError::from)?;
    let http = if ground.is_mock() { http } else { http.observed(ground.watcher(&config)) };
    Ok(Provider::through(http, config, ground.stage.provider_clock()))
}

/// One sync of our provider. What it kept or held back is an error to its user, though the mutation is as good as can be.
pub(in crate::play) async fn outcome(provider: &Provider, patience: Duration) -> SyncOutcome {
    match tokio::time::timeout(patience, provider.sync()).await {
        Ok(Ok(outcome)) => match serde_json::to_value::<_>(&outcome.mutation) {
            Ok::<Value, _>(mutation) => SyncOutcome { mutations: vec![mutation], error: told(&outcome) },
            Err(error) => SyncOutcome::failed(format!("the mutation can't be written as JSON: {error}")),
        },
        Ok(Err(error)) => SyncOutcome::failed(error.to_string()),
        Err(_) => SyncOutcome::failed(format!("the sync did not end within {patience:?}")),
    }
}

fn told(outcome: &Outcome) -> Option<String> {
    let not_whole = outcome.notices.iter().filter(|notice| notice.kind != NoticeKind::Invalid);
    let messages: Vec<&str> = not_whole.map(|notice| notice.message.as_str()).collect();
    (!messages.is_empty()).then(|| messages.join("\n"))
}
