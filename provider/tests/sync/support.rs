//! A server that is portal and identity provider at once and answers what a test tells it to.

use std::collections::HashMap;
use std::future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{Barrier, Notify, Semaphore};
use tokio::task::AbortHandle;
use understudy_provider::{
    ClientCredentials, Clock, Config, EntitySpec, HttpClient, Mutation, PortalClient, Provider, Retries, ServerUrl,
    SyncError, SystemClock, TokenEndpoint,
};

pub(crate) const SECRET: &str = "marker-secret/+1";
pub(crate) const TOKEN: &str = "marker-token.eyJhIjoxfQ.x_y-z";

/// What is answered to one kind of request.
#[derive(Clone)]
pub(crate) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// 200 with a body that is no text.
    Bytes {
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// What was sent, with this status.
    Echo(u16),
    /// The answer never comes.
    Silence,
    /// JSON, once the test adds a permit.
    Held(Arc<Semaphore>, String),
    /// JSON, once this many requests are under way at the same time.
    Together(Arc<Barrier>, String),
}

pub(crate) fn json(body: &str) -> Reply {
    status(200, body)
}

pub(crate) fn status(status: u16, body: &str) -> Reply {
    Reply::Answer { status, headers: vec![("content-type", "application/json".to_owned())], body: body.to_owned() }
}

/// JSON with an entity tag.
pub(crate) fn tagged(tag: &str, body: &str) -> Reply {
    Reply::Answer { status: 200, headers: vec![("etag", tag.to_owned())], body: body.to_owned() }
}

pub(crate) fn html(code: u16) -> Reply {
    let body = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>".to_owned();
    Reply::Answer { status: code, headers: vec![("content-type", "text/html".to_owned())], body }
}

pub(crate) fn redirect(location: &str) -> Reply {
    Reply::Answer { status: 302, headers: vec![("location", location.to_owned())], body: String::new() }
}

/// The fluent start of a [`Server`]: without anything said it gives a token, and 404 for all else.
pub(crate) struct Canned(HashMap<String, Vec<Reply>>);

impl Canned {
    pub(crate) fn new() -> Self {
        Self(HashMap::new()).on("POST /token", json(&token_answer(TOKEN)))
    }

    /// What a request such as `GET /v1/apis` is answered; `BASE` in a body stands for the server's own address.
    pub(crate) fn on(mut self, request: &str, reply: Reply) -> Self {
        self.0.insert(request.to_owned(), vec![reply]);
        self
    }

    /// What it is answered the next time; the last one stays.
    pub(crate) fn then(mut self, request: &str, reply: Reply) -> Self {
        self.0.get_mut(request).expect("the first answer was given").push(reply);
        self
    }

    /// A portal of the older family with this list.
    pub(crate) fn mesh(self, list: &str) -> Self {
        self.on("GET /v1/apis", json(list))
    }

    /// A portal of the newer family with this list.
    pub(crate) fn gateway(self, list: &str) -> Self {
        self.on("GET /v1/apis", status(404, r#"{"message":"not found"}"#)).on("GET /v1/api-products", json(list))
    }

    pub(crate) async fn start(self) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared { base: base.clone(), replies: Mutex::new(self.0), ..Shared::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async { axum::serve(listener, router).await.unwrap() }).abort_handle();
        Server { base, shared, task }
    }
}

#[derive(Default)]
struct Shared {
    base: String,
    replies: Mutex<HashMap<String, Vec<Reply>>>,
    asked: Mutex<Vec<Asked>>,
    has_asked: Notify,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
}

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) authorization: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) if_none_match: Option<String>,
    pub(crate) accept_encoding: Option<String>,
    pub(crate) body: String,
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let under_way = shared.under_way.fetch_add(1, Ordering::SeqCst) + 1;
    shared.most_under_way.fetch_max(under_way, Ordering::SeqCst);
    let (parts, body) = request.into_parts();
    let header = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let line = format!("{} {}", parts.method, parts.uri);
    let (authorization, user_agent) = (header("authorization"), header("user-agent"));
    let (if_none_match, accept_encoding) = (header("if-none-match"), header("accept-encoding"));
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let sent = body.clone();
    let asked = Asked { line: line.clone(), authorization, user_agent, if_none_match, accept_encoding, body };
    shared.asked.lock().unwrap().push(asked);
    shared.has_asked.notify_waiters();

    let reply = match shared.replies.lock().unwrap().get_mut(&line) {
        None => status(404, r#"{"message":"nothing here"}"#),
        Some(replies) if replies.len() > 1 => replies.remove(0),
        Some(replies) => replies[0].clone(),
    };
    let response = match reply {
        Reply::Echo(status) => Response::builder().status(status).body(Body::from(sent)).unwrap(),
        Reply::Bytes { headers, body } => {
            let response =
                headers.into_iter().fold(Response::builder(), |response, (name, value)| response.header(name, value));
            response.body(Body::from(body)).unwrap()
        }
        Reply::Silence => future::pending().await,
        Reply::Held(permits, body) => {
            permits.acquire().await.unwrap().forget();
            Response::new(Body::from(body))
        }
        Reply::Together(barrier, body) => {
            barrier.wait().await;
            Response::new(Body::from(body))
        }
        Reply::Answer { status, headers, body } => {
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value.replace("BASE", &shared.base));
            }
            response.body(Body::from(body.replace("BASE", &shared.base))).unwrap()
        }
    };
    shared.under_way.fetch_sub(1, Ordering::SeqCst);
    response
}

/// A running server; it ends when dropped.
pub(crate) struct Server {
    pub(crate) base: String,
    shared: Arc<Shared>,
    task: AbortHandle,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(crate) fn config(&self) -> Config {
        let portal = ServerUrl::as_is(&format!("{}/v1", self.base)).unwrap();
        let endpoint = TokenEndpoint::at(&format!("{}/token", self.base)).unwrap();
        let mut config = Config::new(portal, endpoint, "backstage", SECRET);
        config.retries = retries(0);
        config
    }

    pub(crate) async fn sync(&self) -> Result<Mutation, SyncError> {
        Ok(Provider::new(self.config()).unwrap().sync().await?.mutation)
    }

    /// The mutation of a sync that must succeed, with the server's port hidden.
    pub(crate) async fn mutation(&self) -> Mutation {
        self.without_port(&self.sync().await.unwrap_or_else(|error| panic!("{error}")))
    }

    /// The mutation with the server's port hidden.
    pub(crate) fn without_port(&self, mutation: &Mutation) -> Mutation {
        let hidden = mutation.entities().cloned().map(|mut entity| {
            for location in entity.metadata.annotations.values_mut() {
                *location = self.hide_port(location);
            }
            entity
        });
        Mutation::full(hidden.collect())
    }

    /// What the APIs of a sync are, a line each.
    pub(crate) async fn apis(&self) -> String {
        let mutation = self.mutation().await;
        let apis = mutation.entities().filter_map(|entity| match &entity.spec {
            EntitySpec::Api(api) => Some((&entity.metadata, api)),
            _ => None,
        });
        apis.map(|(metadata, api)| format!("{} {:?} {}\n", metadata.name, metadata.tags, api.definition)).collect()
    }

    /// What a sync tells besides its mutation, a line each.
    pub(crate) async fn notices(&self) -> String {
        let outcome = Provider::new(self.config()).unwrap().sync().await.unwrap();
        outcome.notices.iter().map(|notice| format!("{:?}: {notice}\n", notice.kind)).collect()
    }

    /// Why a sync failed: its kind and its text, with the server's port hidden.
    pub(crate) async fn failure(&self) -> String {
        self.failure_with(self.config()).await
    }

    pub(crate) async fn failure_with(&self, config: Config) -> String {
        let error = Provider::new(config).unwrap().sync().await.expect_err("the sync must fail");
        self.hide_port(&format!("{:?}: {error}", error.kind()))
    }

    /// Why the portal could not be read whole.
    pub(crate) async fn fetch_failure(&self) -> String {
        let config = self.config();
        let http = HttpClient::new(&config).unwrap();
        let tokens = ClientCredentials::new(&config, http.clone(), Arc::new(SystemClock));
        let fetched = PortalClient::new(&config, http, Arc::new(tokens)).fetch().await;
        let error = SyncError::from(fetched.expect_err("the portal must not be readable"));
        self.hide_port(&format!("{:?}: {error}", error.kind()))
    }

    pub(crate) fn hide_port(&self, text: &str) -> String {
        text.replace(&self.base, "http://127.0.0.1:PORT")
    }

    /// What a request is answered from now on, where that needs the server's address.
    pub(crate) fn answer_from_now_on(&self, request: &str, reply: Reply) {
        self.shared.replies.lock().unwrap().insert(request.to_owned(), vec![reply]);
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// The requests that came, in the order they came.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }

    /// How many requests of this kind came.
    pub(crate) fn count(&self, line: &str) -> usize {
        self.lines().iter().filter(|came| *came == line).count()
    }

    /// Waits until this many requests of this kind have come.
    pub(crate) async fn until(&self, line: &str, count: usize) {
        loop {
            let asked = self.shared.has_asked.notified();
            tokio::pin!(asked);
            asked.as_mut().enable();
            if self.count(line) >= count {
                return;
            }
            asked.await;
        }
    }

    pub(crate) fn most_under_way(&self) -> usize {
        self.shared.most_under_way.load(Ordering::SeqCst)
    }
}

/// A token answer with this token, which lives for 300 s.
pub(crate) fn token_answer(token: &str) -> String {
    format!(r#"{{"token_type":"Bearer","expires_in":300,"access_token":"{token}"}}"#)
}

/// Requests that fail in passing are repeated this often, after a moment.
pub(crate) fn retries(count: u32) -> Retries {
    let mut retries = Retries::default();
    retries.count = count;
    retries.first_wait = Duration::from_millis(1);
    retries.seed = Some(1);
    retries
}

/// A server that writes these bytes to whoever connects and asks something, then closes. Its base URL.
pub(crate) async fn raw(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(bytes).await;
        }
    });
    base
}

/// An address at which nobody listens: port 1 is never given to a test that asks for any free one.
pub(crate) const NOBODY: &str = "http://127.0.0.1:1";

/// A clock that a test moves.
#[derive(Debug)]
pub(crate) struct HandClock(Mutex<SystemTime>);

impl HandClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000))))
    }

    pub(crate) fn advance(&self, seconds: u64) {
        *self.0.lock().unwrap() += Duration::from_secs(seconds);
    }

    pub(crate) fn set_back(&self, seconds: u64) {
        *self.0.lock().unwrap() -= Duration::from_secs(seconds);
    }
}

impl Clock for HandClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}
