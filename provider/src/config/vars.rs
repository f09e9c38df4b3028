//! The variables of the Gloo guide, what each means, and where to find its value.

use std::path::PathBuf;

use super::{Config, ConfigError, MissingVariable, ServerUrl, TokenEndpoint, UrlProblem};

const PORTAL: &str = "the address of the portal's REST server, such as https://developer.example.com: the host of the \
                      portal's RouteTable or HTTPRoute";
const TOKEN: &str = "where tokens come from. Okta: Security > API > Authorization Servers > the server > Issuer URI is \
                     ISSUER_URL, and TOKEN_ENDPOINT is that with /v1/token after it. Keycloak: ISSUER_URL is \
                     https://HOST/realms/REALM, and TOKEN_ENDPOINT is that with /protocol/openid-connect/token after it";
const CLIENT_ID: &str = "the id of the portal's service account. Okta: Applications > the app > General > Client \
                         Credentials > Client ID. Keycloak: Clients > the client > Settings > Client ID";
const CLIENT_SECRET: &str = "the secret of the portal's service account. Okta: Applications > the app > General > \
                             Client Credentials > Client Secrets. Keycloak: Clients > the client > Credentials > Client \
                             Secret";

pub(super) fn read(vars: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
    let var = |name: &str| vars(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    let portal = portal(var("PORTAL_SERVER_URL"), var("PORTAL_URL"))?;
    let token_endpoint = token_endpoint(var("TOKEN_ENDPOINT"), var("ISSUER_URL"))?;
    let client_id = var("CLIENT_ID");
    let client_secret = var("CLIENT_SECRET");

    let missing = [
        (portal.is_none(), "PORTAL_URL (or PORTAL_SERVER_URL)", PORTAL),
        (token_endpoint.is_none(), "TOKEN_ENDPOINT (or ISSUER_URL)", TOKEN),
        (client_id.is_none(), "CLIENT_ID", CLIENT_ID),
        (client_secret.is_none(), "CLIENT_SECRET", CLIENT_SECRET),
    ];
    let (Some(portal), Some(token_endpoint), Some(client_id), Some(client_secret)) =
        (portal, token_endpoint, client_id, client_secret)
    else {
        let missing = missing.into_iter().filter(|(is_missing, ..)| *is_missing);
        return Err(ConfigError::Missing(
            missing.map(|(_, name, meaning)| MissingVariable { name, meaning }).collect(),
        ));
    };
    let mut config = Config::new(portal, token_endpoint, client_id, client_secret);
    config.scope = var("SCOPE");
    config.ca_file = var("CA_FILE").map(PathBuf::from);
    Ok(config)
}

fn portal(server_url: Option<String>, url: Option<String>) -> Result<Option<ServerUrl>, ConfigError> {
    let server_url = parsed("PORTAL_SERVER_URL", PORTAL, server_url, ServerUrl::as_is)?;
    let url = parsed("PORTAL_URL", PORTAL, url, ServerUrl::with_v1)?;
    match (server_url, url) {
        (Some(server_url), Some(url)) if server_url != url => Err(ConfigError::Conflict {
            first: "PORTAL_SERVER_URL",
            first_value: server_url.to_string(),
            second: "PORTAL_URL",
            second_value: url.to_string(),
        }),
        (server_url, url) => Ok(server_url.or(url)),
    }
}

fn token_endpoint(endpoint: Option<String>, issuer: Option<String>) -> Result<Option<TokenEndpoint>, ConfigError> {
    let endpoint = parsed("TOKEN_ENDPOINT", TOKEN, endpoint, TokenEndpoint::at)?;
    let issuer = parsed("ISSUER_URL", TOKEN, issuer, TokenEndpoint::issuer)?;
    Ok(endpoint.or(issuer))
}

fn parsed<T>(
    variable: &'static str,
    meaning: &'static str,
    value: Option<String>,
    parse: impl Fn(&str) -> Result<T, UrlProblem>,
) -> Result<Option<T>, ConfigError> {
    let parse = |value: String| parse(&value).map_err(|problem| ConfigError::Url { variable, problem, meaning });
    value.map(parse).transpose()
}
