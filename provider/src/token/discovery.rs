//! Finds an issuer's token endpoint and keys (OpenID Connect Discovery 1.0, section 4).

use reqwest::{Method, Request};
use serde::Deserialize;
use url::Url;

use super::TokenError;
use super::error::status_and_body;
use crate::config::web_url;
use crate::http::HttpClient;
use crate::quote::{self, ShownUrl};

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
}

/// What an issuer says of itself: where tokens are asked for, and where its keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Discovery {
    /// Its identifier, the `iss` of its tokens.
    pub issuer: String,
    /// Where tokens are asked for.
    pub token_endpoint: Url,
    /// Where its public keys are; none where it names no URL that can be asked.
    pub jwks_uri: Option<Url>,
}

impl Discovery {
    /// Reads `<issuer>/.well-known/openid-configuration`, whose `issuer` must equal `issuer`, character by character.
    ///
    /// # Errors
    /// When `issuer` is no URL, or the document can't be read, is none, or is that of another issuer.
    pub async fn read(http: &HttpClient, issuer: &str) -> Result<Self, TokenError> {
        let issuer = issuer.trim();
        web_url(issuer).map_err(TokenError::Issuer)?;
        // Section 4.1: a terminating slash of the issuer is removed before the path is added.
        let base = issuer.strip_suffix('/').unwrap_or(issuer);
        let url = format!("{base}/.well-known/openid-configuration");
        let url = Url::parse(&url).expect("a checked issuer URL stays one with a path after it");
        let shown = ShownUrl::of(&url);
        let invalid = |problem: String| TokenError::Discovery { url: shown.clone(), problem };

        let answer = http.attempts().all(Request::new(Method::GET, url)).await?;
        if answer.status() != http::StatusCode::OK {
            let advice = "ISSUER_URL must be the issuer itself, such as https://HOST/oauth2/default (Okta) or \
                          https://HOST/realms/REALM (Keycloak)";
            return Err(invalid(format!("{}. {advice}", status_and_body(&answer, ""))));
        }
        let metadata: Metadata = serde_json::from_slice(answer.body()).map_err(|error| {
            invalid(format!("it is no OpenID configuration ({error}) but {}", quote::body(answer.body(), "")))
        })?;
        // Section 4.3: the issuer must be exactly the one that was asked.
        if metadata.issuer != issuer {
            let found = quote::name(&metadata.issuer);
            return Err(invalid(format!(
                "its issuer is {found}, not {}. If that is the one you mean, set ISSUER_URL to it",
                quote::name(issuer)
            )));
        }
        let Some(endpoint) = metadata.token_endpoint else {
            return Err(invalid("it names no token_endpoint".to_owned()));
        };
        let token_endpoint =
            web_url(&endpoint).map_err(|problem| invalid(format!("its token_endpoint cannot be used: {problem}")))?;
        if issuer.starts_with("https:") && token_endpoint.scheme() != "https" {
            return Err(invalid(
                "its token_endpoint is not https, though the issuer is; the secret is not sent there".to_owned(),
            ));
        }
        let jwks_uri = metadata.jwks_uri.and_then(|url| web_url(&url).ok());
        Ok(Self { issuer: metadata.issuer, token_endpoint, jwks_uri })
    }
}
