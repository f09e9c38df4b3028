//! `http:URL`: a subject that serves what it has synced as a `catalog-info.yaml`, for a Backstage without a plugin.
//!
//! It syncs by itself, or when it is asked for the file. As in Backstage, what can't be read changes nothing: the catalog
//! keeps what was there, and the error is told.

use std::time::Instant;

use understudy_provider::HttpClient;
use url::Url;

use super::address::Watched;
use super::rhythm::{self, Rhythm, Seen};
use super::{SubjectError, SyncOutcome, exec, restart};

/// A URL as a subject.
#[derive(Debug)]
pub(super) struct Http {
    url: Url,
    watched: Watched,
    rhythm: Rhythm,
    client: HttpClient,
    restart: Option<String>,
}

impl Http {
    /// A subject whose file is at `url`; `restart` is the command that starts it anew.
    pub(super) fn new(url: Url, watched: Watched, restart: Option<String>) -> Self {
        Self { url, rhythm: watched.rhythm(), client: watched.client(), watched, restart }
    }

    /// Waits until it has synced after now, and reads its file. A file that can't be read is no mutation, and an error.
    ///
    /// # Errors
    /// When it was never seen to sync.
    pub(super) async fn sync(&mut self) -> Result<SyncOutcome, SubjectError> {
        let mark = self.watched.controls.journal().mark();
        let asked = self.read().await;
        let syncs_when_asked = self.watched.controls.journal().since(mark).iter().any(rhythm::is_list);
        if syncs_when_asked && !self.rhythm.is_known() {
            return Ok(asked);
        }
        match self.rhythm.whole_sync().await {
            Seen::Nothing { waited } if !self.rhythm.is_known() => {
                Err(SubjectError::Protocol(self.watched.what_never_came(waited)))
            }
            Seen::Nothing { .. } | Seen::Whole => Ok(self.read().await),
        }
    }

    /// Runs the command that starts it anew, and waits until it answers.
    ///
    /// # Errors
    /// When there is no such command, it fails, or nobody answers afterwards.
    pub(super) async fn restart(&mut self) -> Result<(), SubjectError> {
        restart::run(self.restart.as_deref()).await?;
        let started = Instant::now();
        while self.client.get(self.url.clone(), None).await.is_err() {
            restart::pause(started, &self.url).await?;
        }
        Ok(())
    }

    /// What the file holds now.
    async fn read(&self) -> SyncOutcome {
        match self.text().await.and_then(|text| {
            exec::documents(&text).map_err(|problem| format!("{}: what it serves {problem}", self.url))
        }) {
            Ok(outcome) => outcome,
            Err(error) => SyncOutcome::failed(error),
        }
    }

    async fn text(&self) -> Result<String, String> {
        let answer = self.client.get(self.url.clone(), None).await.map_err(|error| error.to_string())?;
        if !answer.status().is_success() {
            return Err(format!("{} answered {}", self.url, answer.status()));
        }
        let text = String::from_utf8(answer.into_body());
        text.map_err(|_| format!("{}: what it serves is no text in UTF-8", self.url))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use axum::Router;
    use axum::routing::get;
    use understudy_scenarios::Scenario;

    use super::*;
    use crate::Stage;

    /// A stage, and a server that syncs from it whenever it is asked, unless it is told to fail.
    async fn serving() -> (Stage, Http, Arc<AtomicBool>) {
        let stage = Stage::start(Scenario::find("quickstart").unwrap()).await.unwrap();
        let (provider, fails) = (Arc::new(stage.provider().unwrap()), Arc::new(AtomicBool::new(false)));
        let told = Arc::clone(&fails);
        let answer = get(move || {
            let (provider, fails) = (Arc::clone(&provider), Arc::clone(&told));
            async move {
                let mutation = provider.sync().await.unwrap().mutation;
                if fails.load(Ordering::SeqCst) {
                    return Err(http::StatusCode::SERVICE_UNAVAILABLE);
                }
                let entities = mutation.entities().map(|entity| serde_json::to_string(entity).unwrap());
                Ok(entities.collect::<Vec<_>>().join("\n---\n"))
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/catalog-info.yaml", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/catalog-info.yaml", answer)).await });
        let watched = Watched {
            controls: stage.controls().clone(),
            portal_url: stage.portal_url().to_owned(),
            learnt: Arc::default(),
            sync_every: None,
            timeout: Duration::from_secs(30),
        };
        let http = Http::new(Url::parse(&url).unwrap(), watched, None);
        (stage, http, fails)
    }

    #[tokio::test]
    async fn what_it_serves_is_what_the_catalog_holds() {
        let (_stage, mut http, _) = serving().await;
        let outcome = http.sync().await.unwrap();
        assert_eq!(outcome.mutations[0]["entities"].as_array().unwrap().len(), 5);
        assert_eq!(outcome.error, None);
    }

    #[tokio::test]
    async fn an_answer_that_is_no_file_changes_nothing() {
        let (_stage, mut http, fails) = serving().await;
        fails.store(true, Ordering::SeqCst);
        let outcome = http.sync().await.unwrap();
        assert!(outcome.mutations.is_empty());
        assert!(outcome.error.unwrap().ends_with("answered 503 Service Unavailable"));
    }

    #[tokio::test]
    async fn without_a_command_it_is_not_started_anew() {
        let (_stage, mut http, _) = serving().await;
        insta::assert_snapshot!(
            http.restart().await.unwrap_err(),
            @"the subject can't be started anew from here: say how with --restart CMD"
        );
    }
}
