//! What is known of the stage where the subject is at an address of its own.

use std::sync::Arc;
use std::time::Duration;

use understudy_provider::HttpClient;

use super::SubjectError;
use super::named::Learnt;
use super::rhythm::{self, Rhythm};
use crate::{Controls, Mark};

/// The stage as a subject at an address of its own sees it. Its ports are fixed, since the subject's configuration is:
/// scenarios are played on it one after the other.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    /// What was asked of the stage, and its faults.
    pub(super) controls: Controls,
    /// The portal's base URL, without `/v1`.
    pub(super) portal_url: String,
    /// What is known of the subject by now.
    pub(super) learnt: Arc<Learnt>,
    /// How often the subject syncs, where its user has told.
    pub(super) sync_every: Option<Duration>,
    /// How long one sync may take, and the subject's answers.
    pub(super) timeout: Duration,
}

impl Watched {
    /// When the subject syncs.
    pub(super) fn rhythm(&self) -> Rhythm {
        let (journal, faults) = (self.controls.journal().clone(), self.controls.faults().clone());
        Rhythm::new(journal, faults, Arc::clone(&self.learnt), self.sync_every, self.timeout)
    }

    /// A client for the subject's own address.
    pub(super) fn client(&self) -> HttpClient {
        HttpClient::with_limits(self.timeout, super::exec::LARGEST as u64)
    }

    /// Waits until the subject has asked the portal for its list, however it was answered.
    ///
    /// # Errors
    /// When it has not in time: the error says what came in place of it.
    pub(super) async fn first_requests(&self, patience: Duration) -> Result<(), SubjectError> {
        let journal = self.controls.journal();
        let mut newest = journal.subscribe();
        let came = async {
            while !journal.exchanges().iter().any(rhythm::is_list) {
                if newest.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        if tokio::time::timeout(patience, came).await.is_ok() {
            return Ok(());
        }
        Err(SubjectError::Protocol(self.what_never_came(patience)))
    }

    /// Which requests never came, and what to look at.
    pub(super) fn what_never_came(&self, waited: Duration) -> String {
        let exchanges = self.controls.journal().since(Mark::default());
        let tokens = exchanges.iter().rev().find(|exchange| {
            exchange.server == understudy_scenarios::Server::Idp && exchange.method == http::Method::POST
        });
        let portal = format!("GET {}/v1/apis or …/api-products", self.portal_url);
        match tokens {
            None => format!(
                "no request of the subject came within {waited:?}, neither for a token nor {portal}: is it running, and \
                 does it hold the app-config that was printed?"
            ),
            Some(token) => {
                let answer = token.status.map_or("not at all".to_owned(), |status| status.to_string());
                format!(
                    "the subject asked for a token, which was last answered {answer}, but {portal} never came within \
                     {waited:?}: does it hold the app-config that was printed, and how often does it sync?"
                )
            }
        }
    }
}
