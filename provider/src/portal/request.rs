//! One request of a portal: with a token, again where it fails in passing, along redirects that stay with the portal.

use std::sync::Arc;

use http::StatusCode;
use http::header::{ACCEPT, AUTHORIZATION, HeaderValue, IF_NONE_MATCH, LOCATION};
use reqwest::{Method, Request};
use tokio::time::sleep;
use url::Url;

use super::PortalError;
use super::pause::Pause;
use crate::http::{Answer, HttpClient};
use crate::quote::ShownUrl;
use crate::token::{AccessToken, TokenSource};

/// How many redirects of one request are followed.
const MOST_REDIRECTS: usize = 5;

/// Sends requests to a portal, each with a token that is good when it leaves.
#[derive(Clone, Debug)]
pub(super) struct Requests {
    http: HttpClient,
    tokens: Arc<dyn TokenSource>,
    pause: Arc<Pause>,
}

impl Requests {
    pub(super) fn new(http: HttpClient, tokens: Arc<dyn TokenSource>) -> Self {
        Self { http, tokens, pause: Arc::default() }
    }

    /// The answer, whatever its status, and the token that it was asked with, which no message may show. With `known`,
    /// the entity tag of the last answer, the portal may answer 304.
    ///
    /// A token that is turned away by 401 is replaced once, and the request repeated with the next one. Redirects are
    /// followed while they stay with the portal's scheme, host and port, since the token is meant for nobody else.
    pub(super) async fn get(
        &self,
        url: &Url,
        known: Option<&HeaderValue>,
    ) -> Result<(Answer, AccessToken), PortalError> {
        let mut url = url.clone();
        let mut token = self.tokens.token().await?;
        let mut is_first_token = true;
        let mut redirects = 0;
        let attempts = self.http.attempts();
        loop {
            self.pause.over(&url, &attempts).await?;
            let result = attempts.send(request(&url, &token, known)).await;
            let wait = attempts.wait_after(&result);
            if let Ok(answer) = &result
                && answer.status() == StatusCode::TOO_MANY_REQUESTS
            {
                self.pause.begin(&url, answer, &self.http);
            }
            if let Some(wait) = wait {
                sleep(wait).await;
                token = self.tokens.token().await?;
                continue;
            }
            let answer = result?;
            if answer.status() == StatusCode::UNAUTHORIZED && is_first_token {
                is_first_token = false;
                self.tokens.turned_away(&token);
                let next = self.tokens.token().await?;
                if next.expose() != token.expose() {
                    token = next;
                    continue;
                }
            }
            if let Some(status) = redirection(&answer) {
                let target = target(&url, &answer);
                let own =
                    target.as_ref().filter(|target| target.origin() == url.origin() && redirects < MOST_REDIRECTS);
                let Some(own) = own.cloned() else {
                    let host = target.filter(|target| target.origin() != url.origin());
                    let host = host.and_then(|target| target.host_str().map(str::to_owned));
                    return Err(PortalError::Redirected { url: ShownUrl::of(&url), status, host });
                };
                url = own;
                redirects += 1;
                continue;
            }
            return Ok((answer, token));
        }
    }
}

fn request(url: &Url, token: &AccessToken, known: Option<&HeaderValue>) -> Request {
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose()))
        .expect("an access token is of visible ASCII characters");
    bearer.set_sensitive(true);
    let mut request = Request::new(Method::GET, url.clone());
    request.headers_mut().insert(AUTHORIZATION, bearer);
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(known) = known {
        request.headers_mut().insert(IF_NONE_MATCH, known.clone());
    }
    request
}

/// The status, where it sends the client elsewhere: not that of RFC 9110 section 15.4 which only says that nothing changed.
fn redirection(answer: &Answer) -> Option<StatusCode> {
    let status = answer.status();
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308).then_some(status)
}

/// Where an answer points.
fn target(url: &Url, answer: &Answer) -> Option<Url> {
    let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let mut target = location.and_then(|location| url.join(location).ok())?;
    // A portal's URL has no credentials; those of a redirect would go out in place of the token.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    Some(target)
}
