//! A small server that is portal and identity provider at once, and answers what a test tells it to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use understudy::check::Plan;

use crate::stand::plan;

/// Long enough to be kept out of every message.
pub(crate) const SECRET: &str = "marker-secret-of-the-client";

/// What is answered to one request, told by method and path, credentials and form.
type Answers = dyn Fn(&Asked) -> Option<Reply> + Send + Sync;

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) authorization: Option<String>,
    pub(crate) form: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

pub(crate) fn reply(status: u16, body: impl AsRef<[u8]>) -> Reply {
    Reply { status, headers: vec![("content-type", "application/json".to_owned())], body: body.as_ref().to_vec() }
}

pub(crate) fn page(status: u16) -> Reply {
    let body = b"<!DOCTYPE html>\n<html><title>Sign in</title></html>".to_vec();
    Reply { status, headers: vec![("content-type", "text/html".to_owned())], body }
}

impl Reply {
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// A running server; it ends when dropped.
pub(crate) struct Served {
    pub(crate) base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: AbortHandle,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Shared {
    answers: Box<Answers>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Served {
    /// Answers by a function; 404 where that answers nothing.
    pub(crate) async fn by(answers: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let shared = Arc::new(Shared { answers: Box::new(answers), asked: Arc::clone(&asked) });
        let router = Router::new().fallback(answer).with_state(shared);
        let task = tokio::spawn(async { axum::serve(listener, router).await.unwrap() }).abort_handle();
        Self { base, asked, task }
    }

    /// Gives a token at `/token`, and answers this to other requests, such as `GET /v1/apis`.
    pub(crate) async fn with(token: &str, replies: impl IntoIterator<Item = (&'static str, Reply)>) -> Self {
        let mut replies: HashMap<&'static str, Reply> = replies.into_iter().collect();
        let token = format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":3600}}"#);
        replies.entry("POST /token").or_insert_with(|| reply(200, token));
        Self::by(move |asked| replies.get(asked.line.as_str()).cloned()).await
    }

    /// A plan that looks at it.
    pub(crate) fn plan(&self) -> Plan {
        plan([
            ("PORTAL_SERVER_URL", format!("{}/v1", self.base)),
            ("TOKEN_ENDPOINT", format!("{}/token", self.base)),
            ("CLIENT_ID", "backstage".to_owned()),
            ("CLIENT_SECRET", SECRET.to_owned()),
        ])
    }

    /// The requests that came, in the order in which they did.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = String::from_utf8_lossy(&to_bytes(body, 1_000_000).await.unwrap()).into_owned();
    let authorization = parts.headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
    let asked = Asked { line: format!("{} {}", parts.method, parts.uri), authorization, form };
    shared.asked.lock().unwrap().push(asked.clone());
    let Reply { status, headers, body } =
        (shared.answers)(&asked).unwrap_or_else(|| reply(404, r#"{"message":"nothing here"}"#));
    let response = headers
        .into_iter()
        .fold(Response::builder().status(status), |response, (name, value)| response.header(name, value));
    response.body(Body::from(body)).unwrap()
}

/// A token with these parts and a signature by nobody.
pub(crate) fn jwt(header: &str, claims: &str) -> String {
    let part = |part: &str| BASE64_URL_SAFE_NO_PAD.encode(part);
    format!("{}.{}.{}", part(header), part(claims), part("marker-signature-by-nobody"))
}

/// A token of a client of Okta's that is good for many years.
pub(crate) fn lasting() -> String {
    jwt(
        r#"{"kid":"key","alg":"RS256"}"#,
        r#"{"iss":"https://org.example/oauth2/default","aud":"api://default","cid":"backstage","iat":1700000000,"exp":4102444800}"#,
    )
}
