//! One token by the client-credentials grant (RFC 6749 section 4.4): what is asked and what the answer means.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, HeaderValue};
use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse};
use oauth2::{
    AsyncHttpClient, AuthType, Client, ClientId, ClientSecret, HttpRequest, HttpResponse, RequestTokenError, Scope,
    StandardRevocableToken, TokenUrl,
};
use reqwest::Request;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;
use url::Url;

use super::answer::TokenAnswer;
use super::error::{is_token, no_token};
use super::{AccessToken, TokenError, discovery};
use crate::clock::Clock;
use crate::config::{ClientAuth, Config, TokenEndpoint};
use crate::http::{HttpClient, HttpError, retry_after};
use crate::quote::ShownUrl;

/// Asks for tokens, each time anew.
pub(super) struct Grant {
    endpoint: TokenEndpoint,
    discovered: OnceCell<Url>,
    client_id: String,
    client_secret: SecretString,
    client_auth: ClientAuth,
    scope: Option<String>,
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
pub(super) struct NotGranted {
    pub(super) error: TokenError,
    /// How long the server asks to be left alone.
    pub(super) retry_after: Option<Duration>,
}

impl Grant {
    pub(super) fn new(config: &Config, http: HttpClient, clock: Arc<dyn Clock>) -> Self {
        Self {
            endpoint: config.token_endpoint.clone(),
            discovered: OnceCell::new(),
            client_id: config.client_id.clone(),
            client_secret: config.client_secret.clone(),
            client_auth: config.client_auth,
            scope: config.scope.clone(),
            http,
            clock,
        }
    }

    /// Asks for a token; again where that fails in passing.
    pub(super) async fn ask(&self) -> Result<Granted, NotGranted> {
        let endpoint = match &self.endpoint {
            TokenEndpoint::At(url) => url,
            TokenEndpoint::Issuer(issuer) => {
                self.discovered.get_or_try_init(|| discovery::token_endpoint(&self.http, issuer)).await?
            }
        };
        let client = TokenClient::new(ClientId::new(self.client_id.clone()))
            .set_client_secret(ClientSecret::new(self.client_secret.expose_secret().to_owned()))
            .set_auth_type(match self.client_auth {
                ClientAuth::Body => AuthType::RequestBody,
                ClientAuth::Basic => AuthType::BasicAuth,
            })
            .set_token_uri(TokenUrl::from_url(endpoint.clone()));
        let scopes = self.scope.iter().flat_map(|scope| scope.split_whitespace());
        let shown = ShownUrl::of(endpoint);
        let adapter = Adapter { grant: self, endpoint: shown.clone() };
        let asked_at = self.clock.now();
        let answer = client
            .exchange_client_credentials()
            .add_scopes(scopes.map(|scope| Scope::new(scope.to_owned())))
            .request_async(&adapter)
            .await
            .map_err(|error| told(shown.clone(), error))?;

        let invalid = |problem: String| TokenError::InvalidAnswer { url: shown.clone(), problem };
        if !answer.is_bearer() {
            return Err(invalid("its token_type is not Bearer".to_owned()).into());
        }
        let life = answer.life();
        let expires_at = life.and_then(|life| asked_at.checked_add(life));
        let token = AccessToken::new(answer.into_secret(), expires_at).map_err(|error| invalid(error.to_string()))?;
        Ok(Granted { token, asked_at, life })
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
struct Adapter<'g> {
    grant: &'g Grant,
    endpoint: ShownUrl,
}

impl<'c> AsyncHttpClient<'c> for Adapter<'_> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = Request::try_from(request).expect("the oauth2 crate makes requests of an absolute URL");
            let sent = self.grant.http.attempts().all(request).await;
            let mut answer = sent.map_err(|error: HttpError| Failure(NotGranted::from(TokenError::from(error))))?;
            if !is_token(&answer) {
                let error = no_token(&self.endpoint, &answer, self.grant.client_secret.expose_secret());
                return Err(Failure(NotGranted { error, retry_after: retry_after(answer.headers()) }));
            }
            // It is JSON, whatever the header calls it; the plugin does not look at the header either.
            answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(answer)
        })
    }
}

/// What the oauth2 crate carries from the [`Adapter`] back to who asked.
struct Failure(NotGranted);

impl fmt::Debug for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0.error, formatter)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.error, formatter)
    }
}

impl std::error::Error for Failure {}

fn told(url: ShownUrl, error: RequestTokenError<Failure, BasicErrorResponse>) -> NotGranted {
    let problem = match error {
        RequestTokenError::Request(Failure(not_granted)) => return not_granted,
        // The parser's own words may quote the token; where it stumbled does not.
        RequestTokenError::Parse(error, _) => {
            let path = error.path().to_string();
            let member = if path == "." { "it".to_owned() } else { format!("its `{path}`") };
            format!("{member} is not as RFC 6749 section 5.1 has it")
        }
        RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_) => "it is not a token response".to_owned(),
    };
    TokenError::InvalidAnswer { url, problem }.into()
}

type TokenClient = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;
