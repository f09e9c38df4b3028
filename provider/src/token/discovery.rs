//! Finds an issuer's token endpoint (OpenID Connect Discovery 1.0, section 4).

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
}

/// Reads the token endpoint from `<issuer>/.well-known/openid-configuration`, whose `issuer` must equal `issuer`.
pub(super) async fn token_endpoint(http: &HttpClient, issuer: &str) -> Result<Url, TokenError> {
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
    let endpoint =
        web_url(&endpoint).map_err(|problem| invalid(format!("its token_endpoint cannot be used: {problem}")))?;
    if issuer.starts_with("https:") && endpoint.scheme() != "https" {
        return Err(invalid(
            "its token_endpoint is not https, though the issuer is; the secret is not sent there".to_owned(),
        ));
    }
    Ok(endpoint)
}
