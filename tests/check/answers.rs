//! A server that answers what a test wants, for what no mock of ours would say.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::http::{Response, Uri};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// A server with an answer for each path, and 404 for all others. It ends with this value.
pub(crate) struct Answers {
    pub(crate) url: String,
    task: AbortHandle,
}

/// Status, headers and body.
pub(crate) type Given = (u16, Vec<(&'static str, String)>, String);

impl Answers {
    /// Starts it. `SELF` in a header or a body stands for its own address.
    pub(crate) async fn start(answers: impl IntoIterator<Item = (&'static str, Given)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let answers: Arc<HashMap<&str, Given>> = Arc::new(answers.into_iter().collect());
        let own = url.clone();
        let router = Router::new().fallback(move |uri: Uri| {
            let answer = answers.get(uri.path()).cloned();
            let (status, headers, body) = answer.unwrap_or_else(|| (404, Vec::new(), "not found".to_owned()));
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value.replace("SELF", &own));
            }
            let response = response.body(body.replace("SELF", &own)).unwrap();
            async move { response }
        });
        let task = tokio::spawn(async move { axum::serve(listener, router).await }).abort_handle();
        Self { url, task }
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A JSON answer.
pub(crate) fn json(body: &str) -> Given {
    (200, vec![("content-type", "application/json".to_owned())], body.to_owned())
}

/// A web page.
pub(crate) fn page() -> Given {
    let body = "<!doctype html><title>Sign in</title>".to_owned();
    (200, vec![("content-type", "text/html; charset=utf-8".to_owned())], body)
}

/// A redirect.
pub(crate) fn redirect(to: &str) -> Given {
    (301, vec![("location", to.to_owned())], String::new())
}
