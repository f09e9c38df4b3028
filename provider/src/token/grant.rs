//! One token by the client-credentials grant (RFC 6749 section 4.4): what is asked and what the answer means.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, HeaderValue};
use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse};
use oauth2::{
    AsyncHttpClient, AuthType, Client, ClientId, ClientSecret, HttpRequest, HttpResponse, RequestTokenError, Scope,
    StandardRevocableToken, TokenUrl,
};
use reqwest::Request;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::sleep;
use url::Url;

use super::answer::TokenAnswer;
use super::error::{is_token, no_token};
use super::{AccessToken, Discovery, TokenError};
use crate::clock::Clock;
use crate::config::{ClientAuth, Config, TokenEndpoint};
use crate::http::{Attempts, HttpClient, retry_after};
use crate::quote::ShownUrl;

/// RFC 7523 section 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Asks for tokens, each time anew.
pub(super) struct Grant {
    endpoint: TokenEndpoint,
    /// What the issuer named, until that fails.
    discovered: Mutex<Option<Url>>,
    client_id: String,
    client_secret: SecretString,
    client_auth: ClientAuth,
    scope: Option<String>,
    audience: Option<String>,
    http: HttpClient,
    clock: Arc<dyn Clock>,
}

/// A token as it came.
pub(super) struct Granted {
    pub(super) token: AccessToken,
    /// When it was asked for: its life counts from then, whatever the identity provider's clock says.
    pub(super) asked_at: SystemTime,
    /// How long it lives, where that is told.
    pub(super) life: Option<Duration>,
}

/// No token came.
#[derive(Debug)]
pub(super) struct NotGranted {
    pub(super) error: TokenError,
    /// How long the server asks to be left alone.
    pub(super) retry_after: Option<Duration>,
}

impl Grant {
    pub(super) fn new(config: &Config, http: HttpClient, clock: Arc<dyn Clock>) -> Self {
        Self {
            endpoint: config.token_endpoint.clone(),
            discovered: Mutex::default(),
            client_id: config.client_id.clone(),
            client_secret: config.client_secret.clone(),
            client_auth: config.client_auth.clone(),
            scope: config.scope.clone(),
            audience: config.audience.clone(),
            http,
            clock,
        }
    }

    /// Asks for a token; again where that fails in passing.
    pub(super) async fn ask(&self) -> Result<Granted, NotGranted> {
        let endpoint = self.endpoint().await?;
        let granted = self.ask_at(&endpoint).await;
        if let Err(NotGranted { error: TokenError::InvalidAnswer { .. } | TokenError::Unreachable(_), .. }) = granted {
            // The issuer may have moved it.
            *self.discovered() = None;
        }
        granted
    }

    async fn endpoint(&self) -> Result<Url, TokenError> {
        let issuer = match &self.endpoint {
            TokenEndpoint::At(url) => return Ok(url.clone()),
            TokenEndpoint::Issuer(issuer) => issuer,
        };
        if let Some(known) = self.discovered().clone() {
            return Ok(known);
        }
        let found = Discovery::read(&self.http, issuer).await?.token_endpoint;
        *self.discovered() = Some(found.clone());
        Ok(found)
    }

    fn discovered(&self) -> MutexGuard<'_, Option<Url>> {
        self.discovered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask_at(&self, endpoint: &Url) -> Result<Granted, NotGranted> {
        let shown = ShownUrl::of(endpoint);
        let attempts = self.http.attempts();
        let (asked_at, answer) = loop {
            let asked_at = self.clock.now();
            match self.attempt(endpoint, &attempts, asked_at).await {
                Ok(answer) => break (asked_at, answer),
                Err(Failure::Passing { wait }) => sleep(wait).await,
                Err(Failure::Final(not_granted)) => return Err(not_granted),
            }
        };

        let invalid = |problem: String| TokenError::InvalidAnswer { url: shown.clone(), problem };
        if !answer.is_bearer() {
            return Err(invalid("its token_type is not Bearer".to_owned()).into());
        }
        let life = answer.life();
        let expires_at = life.and_then(|life| asked_at.checked_add(life));
        let token = AccessToken::new(answer.into_secret(), expires_at).map_err(|error| invalid(error.to_string()))?;
        Ok(Granted { token, asked_at, life })
    }

    /// One request. An assertion can be shown only once, so each has its own.
    async fn attempt(&self, endpoint: &Url, attempts: &Attempts<'_>, now: SystemTime) -> Result<TokenAnswer, Failure> {
        let client =
            TokenClient::new(ClientId::new(self.client_id.clone())).set_token_uri(TokenUrl::from_url(endpoint.clone()));
        let (client, assertion) = match &self.client_auth {
            ClientAuth::Body => (client.set_client_secret(self.secret()).set_auth_type(AuthType::RequestBody), None),
            ClientAuth::Basic => (client.set_client_secret(self.secret()).set_auth_type(AuthType::BasicAuth), None),
            ClientAuth::PrivateKeyJwt(key) => {
                let assertion = SecretString::from(key.assertion(&self.client_id, endpoint.as_str(), now));
                (client.set_auth_type(AuthType::RequestBody), Some(assertion))
            }
        };
        let scopes = self.scope.iter().flat_map(|scope| scope.split_whitespace());
        let mut request =
            client.exchange_client_credentials().add_scopes(scopes.map(|scope| Scope::new(scope.to_owned())));
        if let Some(audience) = &self.audience {
            request = request.add_extra_param("audience", audience);
        }
        if let Some(assertion) = &assertion {
            request = request
                .add_extra_param("client_assertion_type", ASSERTION_TYPE)
                .add_extra_param("client_assertion", assertion.expose_secret());
        }
        let secret = assertion.as_ref().unwrap_or(&self.client_secret);
        let shown = ShownUrl::of(endpoint);
        let adapter = Adapter { attempts, endpoint: shown.clone(), secret };
        request.request_async(&adapter).await.map_err(|error| told(shown, error))
    }

    fn secret(&self) -> ClientSecret {
        ClientSecret::new(self.client_secret.expose_secret().to_owned())
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Grant")
            .field("endpoint", &self.endpoint)
            .field("client_id", &self.client_id)
            .field("client_auth", &self.client_auth)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl From<TokenError> for NotGranted {
    fn from(error: TokenError) -> Self {
        Self { error, retry_after: None }
    }
}

/// The oauth2 crate's way to our client. What is no token is told in the server's own words here, where status, headers
/// and raw body are still at hand.
struct Adapter<'a> {
    attempts: &'a Attempts<'a>,
    endpoint: ShownUrl,
    /// What the client proves itself by, and what no message may quote.
    secret: &'a SecretString,
}

impl<'c> AsyncHttpClient<'c> for Adapter<'_> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = Request::try_from(request).expect("the oauth2 crate makes requests of an absolute URL");
            let result = self.attempts.send(request).await;
            if let Some(wait) = self.attempts.wait_after(&result) {
                return Err(Failure::Passing { wait });
            }
            let mut answer = result.map_err(|error| Failure::Final(TokenError::from(error).into()))?;
            if !is_token(&answer) {
                let error = no_token(&self.endpoint, &answer, self.secret.expose_secret());
                return Err(Failure::Final(NotGranted { error, retry_after: retry_after(answer.headers()) }));
            }
            // It is JSON, whatever the header calls it; the plugin does not look at the header either.
            answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(answer)
        })
    }
}

/// What the oauth2 crate carries from the [`Adapter`] back to who asked.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("to be tried again after {wait:?}")]
    Passing { wait: Duration },
    #[error("{}", _0.error)]
    Final(NotGranted),
}

fn told(url: ShownUrl, error: RequestTokenError<Failure, BasicErrorResponse>) -> Failure {
    let problem = match error {
        RequestTokenError::Request(failure) => return failure,
        // The parser's own words may quote the token; where it stumbled does not.
        RequestTokenError::Parse(error, _) => {
            let path = error.path().to_string();
            let member = if path == "." { "it".to_owned() } else { format!("its `{path}`") };
            format!("{member} is not as RFC 6749 section 5.1 has it")
        }
        RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_) => "it is not a token response".to_owned(),
    };
    Failure::Final(TokenError::InvalidAnswer { url, problem }.into())
}

type TokenClient = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;
