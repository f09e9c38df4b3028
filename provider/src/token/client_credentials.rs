//! Tokens by the client-credentials grant (RFC 6749 section 4.4), kept until shortly before they end.

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
use tokio::sync::{Mutex, OnceCell};
use url::Url;

use super::answer::TokenAnswer;
use super::error::{is_token, no_token};
use super::{AccessToken, TokenError, TokenFuture, TokenSource, discovery};
use crate::clock::Clock;
use crate::config::{ClientAuth, Config, TokenEndpoint};
use crate::http::HttpClient;
use crate::quote::ShownUrl;

/// However short a token's life, it is used for this long: the token endpoint is asked once a second at most.
const SHORTEST_USE: Duration = Duration::from_secs(1);
/// However long a token's life, a new one is asked for after this long.
const LONGEST_USE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a token is used whose life the server does not tell.
const UNTOLD_USE: Duration = Duration::from_secs(60);

/// Tokens by the client-credentials grant.
///
/// The client authenticates in the body, as the plugin does, or by Basic. A token is kept until shortly before its end:
/// a tenth of its life, but at least 5 and at most 30 seconds. Whatever `expires_in` says (nothing, 0, a negative or a huge
/// number), a new token is asked for once a second at most and once a day at least. However many need a token at
/// once, one request is made.
pub struct ClientCredentials {
    endpoint: TokenEndpoint,
    discovered: OnceCell<Url>,
    client_id: String,
    client_secret: SecretString,
    client_auth: ClientAuth,
    scope: Option<String>,
    http: HttpClient,
    clock: Arc<dyn Clock>,
    kept: Mutex<Option<Kept>>,
}

/// A token that can be used again, and for which span of time.
struct Kept {
    token: AccessToken,
    since: SystemTime,
    until: SystemTime,
}

impl ClientCredentials {
    /// Tokens for the configuration's client from its token endpoint. Nothing is asked yet.
    #[must_use]
    pub fn new(config: &Config, http: HttpClient, clock: Arc<dyn Clock>) -> Self {
        Self {
            endpoint: config.token_endpoint.clone(),
            discovered: OnceCell::new(),
            client_id: config.client_id.clone(),
            client_secret: config.client_secret.clone(),
            client_auth: config.client_auth,
            scope: config.scope.clone(),
            http,
            clock,
            kept: Mutex::new(None),
        }
    }

    async fn kept_or_new(&self) -> Result<AccessToken, TokenError> {
        let mut kept = self.kept.lock().await;
        let now = self.clock.now();
        if let Some(kept) = kept.as_ref().filter(|kept| kept.since <= now && now < kept.until) {
            return Ok(kept.token.clone());
        }
        let (token, life) = self.request(now).await?;
        let until = now.checked_add(use_of(life)).unwrap_or(now);
        *kept = Some(Kept { token: token.clone(), since: now, until });
        Ok(token)
    }

    /// Asks for a token; `now` is when its life begins, before the request rather than after.
    async fn request(&self, now: SystemTime) -> Result<(AccessToken, Option<Duration>), TokenError> {
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
        let adapter =
            Adapter { http: self.http.clone(), endpoint: shown.clone(), client_secret: self.client_secret.clone() };
        let answer = client
            .exchange_client_credentials()
            .add_scopes(scopes.map(|scope| Scope::new(scope.to_owned())))
            .request_async(&adapter)
            .await
            .map_err(|error| told(shown.clone(), error))?;

        let invalid = |problem: String| TokenError::InvalidAnswer { url: shown.clone(), problem };
        if !answer.is_bearer() {
            return Err(invalid("its token_type is not Bearer".to_owned()));
        }
        let life = answer.life();
        let expires_at = life.and_then(|life| now.checked_add(life));
        let token = AccessToken::new(answer.into_secret(), expires_at).map_err(|error| invalid(error.to_string()))?;
        Ok((token, life))
    }
}

impl TokenSource for ClientCredentials {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(self.kept_or_new())
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientCredentials")
            .field("endpoint", &self.endpoint)
            .field("client_id", &self.client_id)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// The oauth2 crate's way to our client. What is no token is told in the server's own words here, where status, headers
/// and raw body are still at hand.
struct Adapter {
    http: HttpClient,
    endpoint: ShownUrl,
    client_secret: SecretString,
}

impl<'c> AsyncHttpClient<'c> for Adapter {
    type Error = TokenError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, TokenError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = Request::try_from(request).expect("the oauth2 crate makes requests of an absolute URL");
            let mut answer = self.http.send(request).await?;
            if !is_token(&answer) {
                return Err(no_token(&self.endpoint, &answer, self.client_secret.expose_secret()));
            }
            // It is JSON, whatever the header calls it; the plugin does not look at the header either.
            answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(answer)
        })
    }
}

/// How long a token with this life is used.
fn use_of(life: Option<Duration>) -> Duration {
    let Some(life) = life else { return UNTOLD_USE };
    let margin = (life / 10).clamp(Duration::from_secs(5), Duration::from_secs(30));
    life.saturating_sub(margin).clamp(SHORTEST_USE, LONGEST_USE)
}

fn told(url: ShownUrl, error: RequestTokenError<TokenError, BasicErrorResponse>) -> TokenError {
    let problem = match error {
        RequestTokenError::Request(error) => return error,
        // The parser's own words may quote the token; where it stumbled does not.
        RequestTokenError::Parse(error, _) => {
            let path = error.path().to_string();
            let member = if path == "." { "it".to_owned() } else { format!("its `{path}`") };
            format!("{member} is not as RFC 6749 section 5.1 has it")
        }
        RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_) => "it is not a token response".to_owned(),
    };
    TokenError::InvalidAnswer { url, problem }
}

type TokenClient = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_used_until_shortly_before_its_end() {
        let used = |life: Option<u64>| use_of(life.map(Duration::from_secs)).as_secs();
        assert_eq!(used(Some(3600)), 3570);
        assert_eq!(used(Some(300)), 270);
        assert_eq!(used(Some(60)), 54);
        assert_eq!(used(Some(10)), 5);
    }

    #[test]
    fn a_token_is_used_for_a_second_at_least_and_a_day_at_most() {
        assert_eq!(use_of(Some(Duration::ZERO)), Duration::from_secs(1));
        assert_eq!(use_of(Some(Duration::from_secs(5))), Duration::from_secs(1));
        assert_eq!(use_of(Some(Duration::from_secs(100 * 365 * 86_400))), Duration::from_secs(86_400));
        assert_eq!(use_of(None), Duration::from_secs(60));
    }
}
