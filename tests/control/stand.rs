//! A stage with its control API, and how a test talks to it.

use http::Method;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use understudy::{Scenario, Stage};

/// A stage with a control API, and a client that has its token.
pub(crate) struct Stand {
    pub(crate) stage: Stage,
    pub(crate) client: Client,
}

impl Stand {
    pub(crate) async fn new() -> Self {
        Self::of("quickstart").await
    }

    /// A stage of a bundled scenario.
    pub(crate) async fn of(scenario: &str) -> Self {
        let stage = Stage::builder(Scenario::find(scenario).unwrap()).control_port(0).start().await.unwrap();
        Self { stage, client: Client::builder().no_proxy().build().unwrap() }
    }

    pub(crate) fn token(&self) -> &str {
        self.stage.control().unwrap().token().expose()
    }

    /// A request with the token.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.stage.control().unwrap().url());
        self.client.request(method, url).bearer_auth(self.token())
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    /// Sends `body` as JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    /// Sends `body` as YAML.
    pub(crate) async fn yaml(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = self.request(method, path).header("content-type", "application/yaml");
        Answer::of(request.body(body.to_owned())).await
    }

    /// Sends these bytes, and gives all that is answered until the server closes.
    pub(crate) async fn raw(&self, request: &str) -> String {
        let address = self.stage.control().unwrap().addresses()[0];
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// Syncs with our provider: the titles of the APIs, or the error.
    pub(crate) async fn sync(&self) -> Result<usize, String> {
        let outcome = self.stage.provider().unwrap().sync().await.map_err(|error| error.to_string())?;
        Ok(outcome.mutation.entities().count())
    }
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Answer {
    async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let status = response.status();
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        Self { status, body: response.json().await.unwrap() }
    }

    /// Status and body, with times left out.
    pub(crate) fn text(&self) -> String {
        let mut body = self.body.clone();
        if let Some(now) = body.get_mut("now") {
            *now = "[time]".into();
        }
        format!("{} {body}", self.status.as_u16())
    }

    /// The body of an answer that must be good.
    pub(crate) fn good(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap()
    }
}
