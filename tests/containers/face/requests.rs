//! The requests that both servers get: all that have to do with client credentials, good and bad, discovery, keys.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, ORIGIN};
use reqwest::{Client, Method};
use understudy_containers::Keycloak;

use super::answer::Answer;

const FORM: &str = "application/x-www-form-urlencoded";
const TOKEN: &str = "/realms/gloo/protocol/openid-connect/token";
const CERTS: &str = "/realms/gloo/protocol/openid-connect/certs";
const DISCOVERY: &str = "/realms/gloo/.well-known/openid-configuration";
/// The origin of the clients' redirect URIs.
const OWN_ORIGIN: &str = "http://localhost:3000";

/// One request.
pub(super) struct Sent {
    /// What it is about.
    pub(super) name: &'static str,
    method: Method,
    path: &'static str,
    headers: Vec<(HeaderName, String)>,
    body: Option<String>,
}

impl Sent {
    fn new(name: &'static str, method: Method, path: &'static str) -> Self {
        Self { name, method, path, headers: Vec::new(), body: None }
    }

    fn get(name: &'static str, path: &'static str) -> Self {
        Self::new(name, Method::GET, path)
    }

    /// A token request with this form.
    fn token(name: &'static str, form: &str) -> Self {
        Self::new(name, Method::POST, TOKEN).header(CONTENT_TYPE, FORM).body(form)
    }

    /// One of the client with a service account, by its secret in the form.
    fn of_client(name: &'static str, rest: &str) -> Self {
        Self::token(name, &format!("client_id={}&client_secret={}&{rest}", Keycloak::CLIENT, Keycloak::SECRET))
    }

    fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn basic(self, id: &str, secret: &str) -> Self {
        self.header(AUTHORIZATION, &format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))))
    }

    fn origin(self, origin: &str) -> Self {
        self.header(ORIGIN, origin)
    }

    fn body(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self
    }

    /// Sends it to the server at `base`.
    pub(super) async fn send(&self, http: &Client, base: &str) -> reqwest::Result<Answer> {
        let mut request = http.request(self.method.clone(), format!("{base}{}", self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        let answer = request.send().await?;
        Ok(Answer { status: answer.status(), headers: answer.headers().clone(), body: answer.text().await? })
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} {}", self.name, self.method, self.path)
    }
}

/// All of them.
pub(super) fn requests() -> Vec<Sent> {
    let mut all = granted();
    all.extend(refused_clients());
    all.extend(refused_forms());
    all.extend(other_grants());
    all.extend(token_endpoint());
    all.extend(documents());
    all
}

fn granted() -> Vec<Sent> {
    let grant = "grant_type=client_credentials";
    vec![
        Sent::of_client("a secret in the form", grant),
        Sent::token("a secret by Basic", grant).basic(Keycloak::CLIENT, Keycloak::SECRET),
        Sent::token("a secret by Basic and the id in the form", &format!("{grant}&client_id={}", Keycloak::CLIENT))
            .basic(Keycloak::CLIENT, Keycloak::SECRET),
        Sent::of_client("scope openid", &format!("{grant}&scope=openid")),
        Sent::of_client("scopes that are there anyway", &format!("{grant}&scope=email+profile")),
        Sent::of_client("scopes to be asked for", &format!("{grant}&scope=phone+openid+address")),
        Sent::of_client("a scope of spaces", &format!("{grant}&scope=+")),
        Sent::of_client("a parameter that is not known", &format!("{grant}&colour=blue")),
        Sent::of_client("an audience that is asked for", &format!("{grant}&audience=api")),
        Sent::of_client("a page of the client asks", grant).origin(OWN_ORIGIN),
        Sent::of_client("a stranger's page asks", grant).origin("http://stranger.example"),
    ]
}

fn refused_clients() -> Vec<Sent> {
    let grant = "grant_type=client_credentials";
    let of = |id: &str, secret: &str| format!("{grant}&client_id={id}&client_secret={secret}");
    vec![
        Sent::token("a wrong secret in the form", &of(Keycloak::CLIENT, "wrong")),
        Sent::token("a wrong secret by Basic", grant).basic(Keycloak::CLIENT, "wrong"),
        Sent::token("no secret", &format!("{grant}&client_id={}", Keycloak::CLIENT)),
        Sent::token("an empty secret in the form", &of(Keycloak::CLIENT, "")),
        Sent::token("an empty secret by Basic", grant).basic(Keycloak::CLIENT, ""),
        Sent::token("an unknown client in the form", &of("nobody", "wrong")),
        Sent::token("an unknown client by Basic", grant).basic("nobody", "wrong"),
        Sent::token("no client", grant),
        Sent::token("a header that is no Basic", grant).header(AUTHORIZATION, "Basic ???"),
        Sent::token("a bearer in place of a client", grant).header(AUTHORIZATION, "Bearer abc"),
        Sent::token("a client without a service account", &of(Keycloak::WITHOUT_SERVICE_ACCOUNT, Keycloak::SECRET)),
        Sent::token("a public client", &format!("{grant}&client_id={}", Keycloak::PUBLIC)),
        Sent::token("a public client with a secret", &of(Keycloak::PUBLIC, "any")),
        Sent::of_client("a header that is no Basic, and a client in the form", grant)
            .header(AUTHORIZATION, "Basic ???"),
        Sent::token("a Basic without a colon", grant).header(AUTHORIZATION, "Basic YWJj"),
        Sent::of_client("a secret by both ways", grant).basic(Keycloak::CLIENT, Keycloak::SECRET),
        Sent::of_client("a wrong secret by Basic and the right one in the form", grant)
            .basic(Keycloak::CLIENT, "wrong"),
        Sent::token("the right secret by Basic and a wrong one in the form", &format!("{grant}&client_secret=wrong"))
            .basic(Keycloak::CLIENT, Keycloak::SECRET),
        Sent::token("the right secret by Basic and an empty one in the form", &format!("{grant}&client_secret="))
            .basic(Keycloak::CLIENT, Keycloak::SECRET),
        Sent::token("a client by Basic and another in the form", &format!("{grant}&client_id=nobody"))
            .basic(Keycloak::CLIENT, Keycloak::SECRET),
        Sent::of_client("two clients by two ways", grant).basic(Keycloak::WITHOUT_SERVICE_ACCOUNT, Keycloak::SECRET),
        Sent::of_client("an assertion and the secret", &format!("{grant}&client_assertion=a.b.c")),
        Sent::token(
            "an assertion of a client",
            &format!("{grant}&client_id={}&client_assertion=a.b.c", Keycloak::CLIENT),
        ),
        Sent::token(
            "an assertion of no client",
            &format!(
                "{grant}&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=a.b.c"
            ),
        ),
        Sent::token("a wrong secret, and a page asks", &of(Keycloak::CLIENT, "wrong")).origin(OWN_ORIGIN),
    ]
}

fn refused_forms() -> Vec<Sent> {
    let grant = "grant_type=client_credentials";
    vec![
        Sent::of_client("no grant", ""),
        Sent::of_client("an empty grant", "grant_type="),
        Sent::of_client("an unknown grant", "grant_type=magic"),
        Sent::token("an unknown grant of an unknown client", "grant_type=magic&client_id=nobody&client_secret=wrong"),
        Sent::of_client("an empty scope", &format!("{grant}&scope=")),
        Sent::of_client("an empty scope among others", &format!("{grant}&scope=email++profile")),
        Sent::of_client("an unknown scope", &format!("{grant}&scope=nope")),
        Sent::of_client("an unknown scope among known ones", &format!("{grant}&scope=openid+nope+email+never")),
        Sent::of_client("a scope twice", &format!("{grant}&scope=email&scope=email")),
        Sent::of_client("the grant twice", &format!("{grant}&{grant}")),
        Sent::of_client("a wrong secret beside the right one", &format!("{grant}&client_secret=wrong")),
        Sent::token("nothing in the form", ""),
        Sent::new("no form at all", Method::POST, TOKEN),
        Sent::new("JSON in place of a form", Method::POST, TOKEN).header(CONTENT_TYPE, "application/json").body(
            r#"{"grant_type":"client_credentials","client_id":"backstage","client_secret":"backstage-dev-secret"}"#,
        ),
    ]
}

/// What a client with a service account may ask beside it, and gets refused.
fn other_grants() -> Vec<Sent> {
    vec![
        Sent::of_client("a code that was never issued", "grant_type=authorization_code&code=a.b.c"),
        Sent::of_client("no code", "grant_type=authorization_code"),
        Sent::of_client("a refresh token that was never issued", "grant_type=refresh_token&refresh_token=abc"),
        Sent::of_client("no refresh token", "grant_type=refresh_token"),
        Sent::of_client("a user's password", "grant_type=password&username=developer&password=developer-dev-password"),
        Sent::of_client("a device code", "grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=abc"),
        Sent::of_client("backchannel authentication", "grant_type=urn:openid:params:grant-type:ciba&auth_req_id=abc"),
        Sent::of_client(
            "a token exchange",
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=abc",
        ),
        Sent::of_client("a ticket", "grant_type=urn:ietf:params:oauth:grant-type:uma-ticket&ticket=abc"),
        Sent::of_client("no ticket", "grant_type=urn:ietf:params:oauth:grant-type:uma-ticket"),
        Sent::of_client("an audience", "grant_type=urn:ietf:params:oauth:grant-type:uma-ticket&audience=backstage"),
        Sent::of_client("an unknown audience", "grant_type=urn:ietf:params:oauth:grant-type:uma-ticket&audience=nope"),
    ]
}

fn token_endpoint() -> Vec<Sent> {
    let preflight = HeaderName::from_static("access-control-request-method");
    vec![
        Sent::get("GET of the token endpoint", TOKEN),
        Sent::new("PUT to the token endpoint", Method::PUT, TOKEN),
        Sent::new("DELETE of the token endpoint", Method::DELETE, TOKEN),
        Sent::new("OPTIONS without an origin", Method::OPTIONS, TOKEN),
        Sent::new("a preflight", Method::OPTIONS, TOKEN).origin("http://any.example").header(preflight, "POST"),
        Sent::new("an unknown realm's token endpoint", Method::POST, "/realms/nowhere/protocol/openid-connect/token")
            .header(CONTENT_TYPE, FORM)
            .body("grant_type=client_credentials"),
        Sent::new("the token endpoint of old", Method::POST, "/auth/realms/gloo/protocol/openid-connect/token")
            .header(CONTENT_TYPE, FORM)
            .body("grant_type=client_credentials"),
        Sent::get("an unknown endpoint", "/realms/gloo/protocol/openid-connect/nothing"),
        Sent::get("an unknown path of a realm", "/realms/gloo/nothing"),
        Sent::get("a path before all realms", "/realms"),
    ]
}

fn documents() -> Vec<Sent> {
    let oauth = "/realms/gloo/.well-known/oauth-authorization-server";
    vec![
        Sent::get("discovery", DISCOVERY),
        Sent::get("discovery by RFC 8414's name", oauth),
        Sent::get("discovery for a page", DISCOVERY).origin("http://any.example"),
        Sent::new("HEAD of discovery", Method::HEAD, DISCOVERY),
        Sent::new("POST to discovery", Method::POST, DISCOVERY),
        Sent::get("an unknown realm's discovery", "/realms/nowhere/.well-known/openid-configuration"),
        Sent::get("the keys", CERTS),
        Sent::get("the keys for a page", CERTS).origin("http://any.example"),
        Sent::new("HEAD of the keys", Method::HEAD, CERTS),
        Sent::new("POST to the keys", Method::POST, CERTS),
        Sent::new("a preflight to discovery", Method::OPTIONS, DISCOVERY).origin("http://any.example"),
        Sent::new("a preflight to the keys", Method::OPTIONS, CERTS).origin("http://any.example"),
        Sent::get("the realm", "/realms/gloo"),
        Sent::get("the realm for a page", "/realms/gloo").origin("http://any.example"),
        Sent::new("a preflight to the realm", Method::OPTIONS, "/realms/gloo").origin("http://any.example"),
        Sent::new("POST to the realm", Method::POST, "/realms/gloo"),
        Sent::get("an unknown realm", "/realms/nowhere"),
    ]
}
