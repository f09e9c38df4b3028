//! The portal's own answers, played back to a sync: what a recording must give the same entities as.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode, Uri};
use tokio::net::TcpListener;
use understudy_provider::{Config, Retries, ServerUrl, TokenEndpoint};

use super::answers::Answers;
use super::error::RecordError;
use crate::connections::{self, Serving};

/// Where tokens are had; no portal has this path.
const TOKEN: &str = "/token";
const TOKEN_ANSWER: &str = r#"{"access_token":"tape","token_type":"Bearer","expires_in":3600}"#;

/// Answers that are served at a port of this machine, until this is dropped.
pub(super) struct Tape {
    server: ServerUrl,
    token_endpoint: String,
    _serving: Serving,
}

impl Tape {
    pub(super) async fn play(answers: &Answers) -> Result<Self, RecordError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(RecordError::Listen)?;
        let port = listener.local_addr().map_err(RecordError::Listen)?.port();
        let server = ServerUrl::as_is(&format!("http://127.0.0.1:{port}/v1"))
            .expect("an address of this machine and a path are a URL");
        let mut recorded = HashMap::new();
        for answer in &answers.0 {
            let path: Vec<&str> = answer.path.iter().map(String::as_str).collect();
            // The first of two, as in the scenario.
            recorded.entry(server.at(&path).path().to_owned()).or_insert_with(|| (answer.status, answer.body.clone()));
        }
        let recorded = Arc::new(recorded);
        let router = Router::new().fallback(move |request: Request<axum::body::Body>| {
            let recorded = Arc::clone(&recorded);
            async move { answer(&recorded, request.uri()) }
        });
        let token_endpoint = format!("http://127.0.0.1:{port}{TOKEN}");
        Ok(Self { server, token_endpoint, _serving: connections::serve(listener, router) })
    }

    /// The configuration of a provider that reads it.
    pub(super) fn config(&self) -> Config {
        let token_endpoint =
            TokenEndpoint::at(&self.token_endpoint).expect("an address of this machine and a path are a URL");
        let mut config = Config::new(self.server.clone(), token_endpoint, "tape", "tape");
        config.retries = Retries::none();
        config
    }
}

fn answer(recorded: &HashMap<String, (StatusCode, String)>, uri: &Uri) -> Response {
    let json = |status: StatusCode, body: String| (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    match recorded.get(uri.path()) {
        Some((status, body)) => json(*status, body.clone()),
        None if uri.path() == TOKEN => json(StatusCode::OK, TOKEN_ANSWER.to_owned()),
        None => json(StatusCode::NOT_FOUND, r#"{"message":"not recorded"}"#.to_owned()),
    }
}
