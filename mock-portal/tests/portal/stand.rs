//! What a test stands on: a portal, a clock that stands still, and an identity provider's keys over real HTTP.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, http};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tower::ServiceExt;
use understudy_scenarios::{Clock, Endpoints, Ids, LiveWorld, Note, Scenario, World};

/// The path of the default Okta issuer's keys.
pub(crate) const OKTA_KEYS: &str = "/oauth2/default/v1/keys";
/// The path of the default Keycloak issuer's keys.
pub(crate) const KEYCLOAK_KEYS: &str = "/realms/gloo/protocol/openid-connect/certs";

/// A portal before an identity provider that serves the Okta key for Okta and the Keycloak key for Keycloak.
pub(crate) struct Stand {
    pub(crate) idp: Idp,
    pub(crate) clock: Clock,
    pub(crate) live: LiveWorld,
    pub(crate) endpoints: Endpoints,
    pub(crate) portal: Router,
}

impl Stand {
    /// A portal with what `portal` says, in the words of a scenario file.
    pub(crate) async fn with(portal: &str) -> Self {
        Self::of(world(portal), "http://portal.test").await
    }

    pub(crate) async fn of(world: World, portal_url: &str) -> Self {
        let idp = Idp::start().await;
        let public = "http://idp.test".parse().unwrap();
        let endpoints = Endpoints::new(&portal_url.parse().unwrap(), &public);
        let endpoints = endpoints.with_idp_direct(&idp.url.parse().unwrap());
        let clock = Clock::fixed("2026-06-01T12:00:00Z".parse().unwrap());
        let live = LiveWorld::new(world);
        let portal = understudy_portal::router(live.clone(), clock.clone(), Ids::seeded(0), endpoints.clone());
        Self { idp, clock, live, endpoints, portal }
    }

    /// A token of the service account `backstage`, as Okta writes it, good for an hour.
    pub(crate) fn token(&self) -> String {
        self.token_with(json!({}))
    }

    /// The same with other claims; one that is null is left out.
    pub(crate) fn token_with(&self, claims: Value) -> String {
        self.token_by(&Signer::okta("okta-1"), claims)
    }

    /// The same with another signer.
    pub(crate) fn token_by(&self, signer: &Signer, claims: Value) -> String {
        let now = self.clock.now().as_second();
        let mut all = json!({
            "iss": "http://idp.test/oauth2/default", "aud": "api://default", "iat": now, "exp": now + 3600,
            "cid": "backstage", "sub": "backstage",
        });
        for (name, value) in claims.as_object().unwrap() {
            match value {
                Value::Null => all.as_object_mut().unwrap().remove(name),
                value => all.as_object_mut().unwrap().insert(name.clone(), value.clone()),
            };
        }
        signer.sign(&all)
    }

    /// `GET path` as the service account.
    pub(crate) async fn get(&self, path: &str) -> Answered {
        self.get_with(path, &self.token()).await
    }

    /// `GET path` with this token.
    pub(crate) async fn get_with(&self, path: &str, token: &str) -> Answered {
        self.send(http::Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"))).await
    }

    pub(crate) async fn send(&self, request: http::request::Builder) -> Answered {
        let response = self.portal.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        Answered::read(response).await
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// A world whose portal says this, in the words of a scenario file.
pub(crate) fn world(portal: &str) -> World {
    let scenario = Scenario::from_yaml("test", &format!("portal: {portal}")).unwrap();
    scenario.world().clone()
}

/// What came back, shown as a person would read it off the wire.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) note: Note,
}

impl Answered {
    async fn read(response: Response) -> Self {
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Self {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.into()).unwrap(),
            note: head.extensions.get::<Note>().unwrap().clone(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Why the caller was turned away.
    pub(crate) fn refusal(&self) -> &str {
        self.note.refusal.as_ref().map_or("", |refusal| &refusal.0)
    }
}

impl fmt::Display for Answered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.status)?;
        for (name, value) in &self.headers {
            if !["etag", "content-length", "access-control-allow-origin"].contains(&name.as_str()) {
                writeln!(formatter, "{name}: {}", value.to_str().unwrap())?;
            }
        }
        let mut pretty = Vec::new();
        let mut json = serde_json::Deserializer::from_str(&self.body);
        let transcoded = serde_transcode::transcode(&mut json, &mut serde_json::Serializer::pretty(&mut pretty));
        match transcoded.and_then(|()| json.end()) {
            Ok(()) => write!(formatter, "\n{}", String::from_utf8(pretty).unwrap()),
            Err(_) => write!(formatter, "\n{}", self.body),
        }
    }
}

/// A key that signs, and what it is called.
pub(crate) struct Signer {
    kid: String,
    key: RsaKeyPair,
}

impl Signer {
    /// The development key of the Okta faces under the name `kid`.
    pub(crate) fn okta(kid: &str) -> Self {
        Self::of(kid, include_str!("../../../mock-idp/keys/okta-development-signing-key.pem"))
    }

    /// The development key of the Keycloak faces under the name `kid`.
    pub(crate) fn keycloak(kid: &str) -> Self {
        Self::of(kid, include_str!("../../../mock-idp/keys/keycloak-development-signing-key.pem"))
    }

    fn of(kid: &str, pem: &str) -> Self {
        let (_, der) = pem_rfc7468::decode_vec(pem.as_bytes()).unwrap();
        Self { kid: kid.to_owned(), key: RsaKeyPair::from_pkcs8(&der).unwrap() }
    }

    /// A JWT with these claims.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_as(&json!({"kid": self.kid, "alg": "RS256"}), claims)
    }

    /// A JWT with this header, signed with RS256 whatever it says.
    pub(crate) fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encoded(header), encoded(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The public half, as a JWKS lists it.
    pub(crate) fn jwk(&self, r#use: &str) -> Value {
        let public = self.key.public_key();
        let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "kty": "RSA", "kid": self.kid, "use": r#use,
            "n": encoded(public.modulus().big_endian_without_leading_zero()),
            "e": encoded(public.exponent().big_endian_without_leading_zero()),
        })
    }
}

/// An identity provider that serves keys and counts who asks.
pub(crate) struct Idp {
    pub(crate) url: String,
    state: Arc<Served>,
}

struct Served {
    answers: Mutex<HashMap<String, (StatusCode, String)>>,
    asked: Mutex<Vec<String>>,
    /// One permit a request that may be answered.
    doors: Semaphore,
    /// One permit a request that has come.
    came: Semaphore,
}

impl Idp {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Served {
            answers: Mutex::default(),
            asked: Mutex::default(),
            doors: Semaphore::new(Semaphore::MAX_PERMITS / 2),
            came: Semaphore::new(0),
        });
        let idp = Self { url, state: Arc::clone(&state) };
        idp.serve(OKTA_KEYS, &[Signer::okta("okta-1").jwk("sig")]);
        idp.serve(KEYCLOAK_KEYS, &[Signer::keycloak("keycloak-1").jwk("sig")]);
        let router = Router::new().fallback(answer).with_state(state);
        tokio::spawn(async { axum::serve(listener, router).await });
        idp
    }

    /// Puts these keys in place of the ones at `path`.
    pub(crate) fn serve(&self, path: &str, keys: &[Value]) {
        self.answer(path, StatusCode::OK, json!({ "keys": keys }).to_string());
    }

    /// Answers `path` with this from now on.
    pub(crate) fn answer(&self, path: &str, status: StatusCode, body: String) {
        self.state.answers.lock().unwrap().insert(path.to_owned(), (status, body));
    }

    /// How often keys were asked for.
    pub(crate) fn asked(&self) -> usize {
        self.state.asked.lock().unwrap().len()
    }

    /// Lets no request through any more until the door is [opened](Self::open).
    pub(crate) fn shut(&self) {
        self.state.doors.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Lets all requests through once one has come.
    pub(crate) async fn open_when_asked(&self) {
        self.state.came.acquire().await.unwrap().forget();
        self.state.doors.add_permits(1_000);
    }
}

async fn answer(State(served): State<Arc<Served>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    served.asked.lock().unwrap().push(path.clone());
    served.came.add_permits(1);
    served.doors.acquire().await.unwrap().forget();
    let answer = served.answers.lock().unwrap().get(&path).cloned();
    answer.unwrap_or((StatusCode::NOT_FOUND, String::new())).into_response()
}
