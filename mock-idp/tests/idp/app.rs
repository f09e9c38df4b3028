//! The one way in which these tests make an identity provider, ask it, and read what it says.

use std::fmt;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;
use tower::ServiceExt as _;
use understudy_scenarios::{Clock, Endpoints, Ids, LiveWorld, Note, Scenario, World};

pub(crate) const OKTA: &str = "/oauth2/default/v1/token";
pub(crate) const ORG: &str = "/oauth2/v1/token";
pub(crate) const KEYCLOAK: &str = "/realms/gloo/protocol/openid-connect/token";
/// Good credentials of the default client, for a form.
pub(crate) const BACKSTAGE: &str = "client_id=backstage&client_secret=backstage-dev-secret";

/// An identity provider at `http://idp.test`, at noon on 24 November 2026.
pub(crate) struct App {
    pub(crate) world: LiveWorld,
    pub(crate) clock: Clock,
    router: Router,
}

impl App {
    /// With the world that a scenario has which names nothing.
    pub(crate) fn new() -> Self {
        Self::with("{}")
    }

    /// With the world of a scenario whose `identity` this is.
    pub(crate) fn with(identity: &str) -> Self {
        Self::at("http://idp.test", identity)
    }

    /// Known by another base URL.
    pub(crate) fn at(base: &str, identity: &str) -> Self {
        let world = LiveWorld::new(world(identity));
        let clock = Clock::fixed("2026-11-24T12:00:00.9Z".parse().unwrap());
        let endpoints = Endpoints::new(&"http://portal.test".parse().unwrap(), &base.parse().unwrap());
        let router = understudy_idp::router(world.clone(), clock.clone(), Ids::seeded(1), endpoints);
        Self { world, clock, router }
    }

    pub(crate) fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> Ask {
        self.ask(Method::POST, path)
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> Ask {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        Ask { router: self.router.clone(), request }
    }

    /// `GET`s of several paths.
    pub(crate) async fn gets(&self, paths: &[&str]) -> Vec<Answer> {
        let mut answers = Vec::new();
        for path in paths {
            answers.push(self.get(path).send().await);
        }
        answers
    }

    /// A form to a token endpoint.
    pub(crate) async fn token(&self, path: &str, form: &str) -> Answer {
        self.post(path).form(form).send().await
    }

    /// Several forms to a token endpoint.
    pub(crate) async fn tokens(&self, path: &str, forms: &[String]) -> Vec<Answer> {
        let mut answers = Vec::new();
        for form in forms {
            answers.push(self.token(path, form).await);
        }
        answers
    }

    /// Client credentials of the default client, with more parameters (`&…`) or none.
    pub(crate) async fn client_credentials(&self, path: &str, more: &str) -> Answer {
        self.token(path, &format!("grant_type=client_credentials&{BACKSTAGE}{more}")).await
    }

    /// The claims of a token whose signature the key of its `kid`, in the JWKS at `keys`, verifies.
    pub(crate) async fn verified(&self, keys: &str, token: &str) -> Value {
        let keys: JwkSet = serde_json::from_str(&self.get(keys).send().await.text).unwrap();
        let header = jsonwebtoken::decode_header(token).unwrap();
        let key = keys.find(&header.kid.unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims
    }
}

/// The world of a scenario whose `identity` this is.
pub(crate) fn world(identity: &str) -> World {
    Scenario::from_yaml("test", &format!("identity: {identity}")).unwrap().world().clone()
}

/// A request in the making.
pub(crate) struct Ask {
    router: Router,
    request: Request<Body>,
}

impl Ask {
    pub(crate) fn header(self, name: &'static str, value: &str) -> Self {
        self.value(name, value.parse().unwrap())
    }

    /// A header of any bytes.
    pub(crate) fn value(mut self, name: &'static str, value: HeaderValue) -> Self {
        self.request.headers_mut().append(name, value);
        self
    }

    pub(crate) fn basic(self, id: &str, secret: &str) -> Self {
        let credentials = BASE64_STANDARD.encode(format!("{id}:{secret}"));
        self.header("authorization", &format!("Basic {credentials}"))
    }

    pub(crate) fn form(self, form: &str) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned())
    }

    pub(crate) fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    pub(crate) fn from(mut self, peer: &str) -> Self {
        let peer: SocketAddr = peer.parse().unwrap();
        self.request.extensions_mut().insert(ConnectInfo(peer));
        self
    }

    pub(crate) async fn send(self) -> Answer {
        let (parts, body) = self.router.oneshot(self.request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            note: parts.extensions.get::<Note>().expect("every answer has a note").clone(),
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}

/// What came back. Displayed as status and body, with Okta's error ids hidden.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) note: Note,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// A member of the body that is text.
    pub(crate) fn member(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("{name} in {self}")).to_owned()
    }

    /// The names of the body's members, in their order.
    pub(crate) fn members(&self) -> Vec<String> {
        let pretty = self.pretty();
        let top = pretty.lines().filter_map(|line| line.strip_prefix("  \"")?.split_once('"'));
        top.map(|(name, _)| name.to_owned()).collect()
    }

    /// The body with a line for each value, in the order in which it came.
    pub(crate) fn pretty(&self) -> String {
        pretty(&self.text)
    }

    /// A header's value, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Why the note says the caller was turned away, or nothing.
    pub(crate) fn refusal(&self) -> &str {
        self.note.refusal.as_ref().map_or("", |refusal| &refusal.0)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = match self.text.split_once(r#""errorId":"oae"#) {
            Some((before, after)) => format!(r#"{before}"errorId":"oae…{}"#, &after[22..]),
            None => self.text.clone(),
        };
        write!(formatter, "{}\n{body}", self.status)
    }
}

/// The one thing that all of these answers say.
pub(crate) fn alike(answers: impl IntoIterator<Item = impl fmt::Display>) -> String {
    let mut said = answers.into_iter().map(|answer| answer.to_string());
    let first = said.next().expect("at least one answer");
    said.for_each(|other| assert_eq!(other, first));
    first
}

/// A part of a token as the text that it is: 0 the header, 1 the claims.
pub(crate) fn part(token: &str, part: usize) -> String {
    let part = token.split('.').nth(part).unwrap();
    String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// JSON text with a line for each value, its members in their order.
pub(crate) fn pretty(json: &str) -> String {
    let mut text = Vec::new();
    let mut writer = serde_json::Serializer::pretty(&mut text);
    serde_transcode::transcode(&mut serde_json::Deserializer::from_str(json), &mut writer).unwrap();
    String::from_utf8(text).unwrap()
}
