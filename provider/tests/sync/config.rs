//! The guide's variables: what they mean and what is said when they are wrong.

use std::collections::HashMap;

use insta::assert_snapshot;
use secrecy::ExposeSecret;
use understudy_provider::{Config, ConfigError, TokenEndpoint};

const GOOD: [(&str, &str); 4] = [
    ("PORTAL_URL", "http://localhost:31080"),
    ("TOKEN_ENDPOINT", "http://localhost:31090/oauth2/default/v1/token"),
    ("CLIENT_ID", "backstage"),
    ("CLIENT_SECRET", "marker-secret"),
];

/// Reads the good variables with these changes; an empty one is as good as unset.
fn read(changes: &[(&'static str, &'static str)]) -> Result<Config, ConfigError> {
    let mut vars = HashMap::from(GOOD);
    vars.extend(changes.iter().copied());
    Config::from_vars(|name| vars.get(name).map(|value| (*value).to_owned()))
}

fn refused(changes: &[(&'static str, &'static str)]) -> String {
    read(changes).unwrap_err().to_string()
}

#[test]
fn the_guides_variables_make_a_configuration() {
    let config = read(&[("SCOPE", " portal "), ("CA_FILE", "/tmp/ca.pem")]).unwrap();
    assert_eq!(config.portal.as_str(), "http://localhost:31080/v1");
    assert_eq!(config.token_endpoint, TokenEndpoint::at("http://localhost:31090/oauth2/default/v1/token").unwrap());
    assert_eq!(config.client_id, "backstage");
    assert_eq!(config.client_secret.expose_secret(), "marker-secret");
    assert_eq!(config.scope.as_deref(), Some("portal"));
    assert_eq!(config.ca_file.as_deref(), Some("/tmp/ca.pem".as_ref()));
}

#[test]
fn the_portals_url_is_taken_with_or_without_v1() {
    for url in
        ["http://localhost:31080", "http://localhost:31080/", "http://localhost:31080/v1", "http://localhost:31080/v1/"]
    {
        assert_eq!(read(&[("PORTAL_URL", url)]).unwrap().portal.as_str(), "http://localhost:31080/v1");
    }
}

#[test]
fn the_server_url_is_taken_as_it_is() {
    let config = read(&[("PORTAL_URL", ""), ("PORTAL_SERVER_URL", "http://localhost:31080/")]).unwrap();
    assert_eq!(config.portal.as_str(), "http://localhost:31080");
}

#[test]
fn both_urls_may_be_set_when_they_agree() {
    assert!(read(&[("PORTAL_SERVER_URL", "http://localhost:31080/v1")]).is_ok());
    assert_snapshot!(refused(&[("PORTAL_SERVER_URL", "https://portal.example/v1")]), @"PORTAL_SERVER_URL and PORTAL_URL name two servers: https://portal.example/v1 and http://localhost:31080/v1. Unset one of them");
}

#[test]
fn a_token_endpoint_wins_over_an_issuer() {
    let config = read(&[("ISSUER_URL", "http://localhost:31090/oauth2/default")]).unwrap();
    assert!(matches!(config.token_endpoint, TokenEndpoint::At(_)));
    let config = read(&[("TOKEN_ENDPOINT", ""), ("ISSUER_URL", "http://localhost:31090/realms/gloo")]).unwrap();
    assert_eq!(config.token_endpoint, TokenEndpoint::Issuer("http://localhost:31090/realms/gloo".to_owned()));
}

#[test]
fn a_missing_variable_is_named_with_where_to_find_it() {
    assert_snapshot!(refused(&[("CLIENT_SECRET", " ")]), @"CLIENT_SECRET is not set. It is the secret of the portal's service account. Okta: Applications > the app > General > Client Credentials > Client Secrets. Keycloak: Clients > the client > Credentials > Client Secret");
    assert_snapshot!(refused(&[("CLIENT_ID", "")]), @"CLIENT_ID is not set. It is the id of the portal's service account. Okta: Applications > the app > General > Client Credentials > Client ID. Keycloak: Clients > the client > Settings > Client ID");
    assert_snapshot!(refused(&[("PORTAL_URL", "")]), @"PORTAL_URL (or PORTAL_SERVER_URL) is not set. It is the address of the portal's REST server, such as https://developer.example.com: the host of the portal's RouteTable or HTTPRoute");
    assert_snapshot!(refused(&[("TOKEN_ENDPOINT", "")]), @"TOKEN_ENDPOINT (or ISSUER_URL) is not set. It is where tokens come from. Okta: Security > API > Authorization Servers > the server > Issuer URI is ISSUER_URL, and TOKEN_ENDPOINT is that with /v1/token after it. Keycloak: ISSUER_URL is https://HOST/realms/REALM, and TOKEN_ENDPOINT is that with /protocol/openid-connect/token after it");
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    assert_snapshot!(Config::from_vars(|_| None).unwrap_err(), @"
    4 variables are not set:
      PORTAL_URL (or PORTAL_SERVER_URL): the address of the portal's REST server, such as https://developer.example.com: the host of the portal's RouteTable or HTTPRoute
      TOKEN_ENDPOINT (or ISSUER_URL): where tokens come from. Okta: Security > API > Authorization Servers > the server > Issuer URI is ISSUER_URL, and TOKEN_ENDPOINT is that with /v1/token after it. Keycloak: ISSUER_URL is https://HOST/realms/REALM, and TOKEN_ENDPOINT is that with /protocol/openid-connect/token after it
      CLIENT_ID: the id of the portal's service account. Okta: Applications > the app > General > Client Credentials > Client ID. Keycloak: Clients > the client > Settings > Client ID
      CLIENT_SECRET: the secret of the portal's service account. Okta: Applications > the app > General > Client Credentials > Client Secrets. Keycloak: Clients > the client > Credentials > Client Secret
    ");
}

#[test]
fn a_url_that_cannot_be_used_is_told_without_being_quoted() {
    let mut failures = String::new();
    for url in [
        "localhost:31080",
        "$PORTAL_URL",
        "ftp://portal.example",
        "http://",
        "http://user:hidden@portal.example",
        "http://portal.example/?key=hidden",
        "http://portal.example/a b",
    ] {
        let failure = refused(&[("PORTAL_URL", url)]);
        failures.push_str(failure.split(". PORTAL_URL is ").next().unwrap());
        failures.push('\n');
    }
    assert_snapshot!(failures, @"
    PORTAL_URL cannot be used: it does not start with http:// or https://
    PORTAL_URL cannot be used: it does not start with http:// or https://
    PORTAL_URL cannot be used: it does not start with http:// or https://
    PORTAL_URL cannot be used: it is no URL (empty host)
    PORTAL_URL cannot be used: it holds a user name or password; leave them out
    PORTAL_URL cannot be used: it has a part after `?` or `#`; leave that out
    PORTAL_URL cannot be used: there is white space in it
    ");
    assert_snapshot!(refused(&[("TOKEN_ENDPOINT", "idp.example/token")]), @"TOKEN_ENDPOINT cannot be used: it does not start with http:// or https://. TOKEN_ENDPOINT is where tokens come from. Okta: Security > API > Authorization Servers > the server > Issuer URI is ISSUER_URL, and TOKEN_ENDPOINT is that with /v1/token after it. Keycloak: ISSUER_URL is https://HOST/realms/REALM, and TOKEN_ENDPOINT is that with /protocol/openid-connect/token after it");
}
