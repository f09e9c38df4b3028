//! Neither the secret nor the token is ever shown: not in errors, their sources, or what `{:?}` prints.

use std::error::Error;
use std::sync::Arc;

use understudy_provider::{
    AccessToken, ClientCredentials, HttpClient, PortalClient, Provider, SystemClock, TokenEndpoint, TokenSource,
};

use crate::support::{Canned, Reply, SECRET, TOKEN, html, json, status};

/// The error's text, its debug form, and those of all its sources.
fn shown(error: &(dyn Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| (*error).source())
        .map(|error| format!("{error}\n{error:?}\n{error:#?}\n"))
        .collect()
}

fn assert_hidden(text: &str) {
    assert!(!text.contains("marker"), "{text}");
}

#[tokio::test]
async fn no_type_shows_a_secret() {
    let server = Canned::new().mesh("[]").start().await;
    let config = server.config();
    let http = HttpClient::new(&config).unwrap();
    let tokens = Arc::new(ClientCredentials::new(&config, http.clone(), Arc::new(SystemClock)));
    let token: AccessToken = tokens.token().await.unwrap();
    let portal = PortalClient::new(&config, http.clone(), Arc::clone(&tokens) as _);
    let provider = Provider::over(portal.clone());
    let mutation = provider.sync().await.unwrap().mutation;
    assert_hidden(&format!("{config:#?} {http:?} {tokens:#?} {token:#?} {portal:#?} {provider:#?} {mutation:#?}"));
}

#[tokio::test]
async fn no_error_shows_a_secret() {
    let echoed = format!("{SECRET} marker-secret%2F%2B1 {TOKEN}");
    let echoes = || {
        let json_text = serde_json::to_string(&echoed).unwrap();
        [
            status(400, &format!(r#"{{"error":{json_text},"error_description":{json_text}}}"#)),
            status(400, &format!(r#"{{"errorCode":{json_text},"errorSummary":{json_text}}}"#)),
            status(401, &echoed),
            status(403, &format!(r#"{{"message":{json_text}}}"#)),
            status(500, &echoed.repeat(400)),
            json(&echoed),
            json(&json_text),
            json(&format!(r#"{{"access_token":[{json_text}]}}"#)),
            json(&format!(r#"{{"access_token":{json_text},"token_type":"Bearer"}}"#)),
            html(200),
            Reply::Answer {
                status: 302,
                headers: vec![("location", "https://marker@x.example/marker".to_owned())],
                body: String::new(),
            },
        ]
    };
    for reply in echoes() {
        // The token endpoint knows no token yet, so only the secret can be kept out of its echo.
        let reply = match reply {
            Reply::Answer { status, headers, body } => Reply::Answer { status, headers, body: body.replace(TOKEN, "") },
            other => other,
        };
        let server = Canned::new().on("POST /token", reply).start().await;
        assert_hidden(&shown(&server.sync().await.unwrap_err()));
    }
    for reply in echoes() {
        // The portal knows no secret, so only the token can be kept out of its echo.
        let reply = match reply {
            Reply::Answer { status, headers, body } => {
                let body = body.replace(SECRET, "").replace("marker-secret%2F%2B1", "");
                Reply::Answer { status, headers, body }
            }
            other => other,
        };
        let server = Canned::new().on("GET /v1/apis", reply).start().await;
        assert_hidden(&shown(&server.sync().await.unwrap_err()));
    }
}

#[tokio::test]
async fn no_connection_error_shows_credentials_of_a_url() {
    let server = Canned::new().start().await;
    let mut config = server.config();
    // The parser refuses such a URL; one that was made otherwise is still not shown.
    config.token_endpoint =
        TokenEndpoint::At("http://marker:marker@127.0.0.1:1/token?key=marker#marker".parse().unwrap());
    assert_hidden(&shown(&Provider::new(config).unwrap().sync().await.unwrap_err()));
}
