//! One request of a portal, with a token.

use std::sync::Arc;

use http::header::{ACCEPT, AUTHORIZATION, HeaderValue, IF_NONE_MATCH};
use reqwest::{Method, Request};
use url::Url;

use super::PortalError;
use crate::http::{Answer, HttpClient};
use crate::token::{AccessToken, TokenSource};

/// Sends requests to a portal, each with a token that is good when it leaves.
#[derive(Clone, Debug)]
pub(super) struct Requests {
    http: HttpClient,
    tokens: Arc<dyn TokenSource>,
}

impl Requests {
    pub(super) fn new(http: HttpClient, tokens: Arc<dyn TokenSource>) -> Self {
        Self { http, tokens }
    }

    /// The answer, whatever its status, and the token that it was asked with, which no message may show. With `known`,
    /// the entity tag of the last answer, the portal may answer 304.
    pub(super) async fn get(
        &self,
        url: &Url,
        known: Option<&HeaderValue>,
    ) -> Result<(Answer, AccessToken), PortalError> {
        let token = self.tokens.token().await?;
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose()))
            .expect("an access token is of visible ASCII characters");
        bearer.set_sensitive(true);
        let mut request = Request::new(Method::GET, url.clone());
        request.headers_mut().insert(AUTHORIZATION, bearer);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(known) = known {
            request.headers_mut().insert(IF_NONE_MATCH, known.clone());
        }
        Ok((self.http.send(request).await?, token))
    }
}
