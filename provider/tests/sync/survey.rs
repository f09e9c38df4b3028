//! What a survey finds where a part of a portal can't be read, and what who watches a client is told.

use std::sync::{Arc, Mutex};

use insta::assert_snapshot;
use secrecy::SecretString;
use understudy_provider::{
    ClientCredentials, Definition, HttpClient, PortalClient, ShownUrl, Survey, SystemClock, TokenError, Unread,
};
use url::Url;

use crate::support::{Canned, SECRET, Server, html, json, status};

fn portal(server: &Server, http: HttpClient) -> PortalClient {
    let config = server.config();
    let tokens = ClientCredentials::new(&config, http.clone(), Arc::new(SystemClock));
    PortalClient::new(&config, http, Arc::new(tokens))
}

async fn survey(server: &Server) -> Survey {
    portal(server, HttpClient::new(&server.config()).unwrap()).survey().await.unwrap()
}

fn unread(server: &Server, survey: &Survey) -> String {
    let lines = survey.unread.iter().map(|unread| match unread {
        Unread::Document { api, error } => format!("document of {api}: {error}\n"),
        Unread::Versions { product, error } => format!("versions of {product}: {error}\n"),
        _ => panic!("nothing else can be unread"),
    });
    server.hide_port(&lines.collect::<String>())
}

#[tokio::test]
async fn a_survey_goes_on_where_a_document_fails() {
    let list = r#"[{"apiProductId":"p","apiVersions":[{"apiId":"a"},{"apiId":"b"}]}]"#;
    let server = Canned::new()
        .mesh(list)
        .on("GET /v1/apis/a/schema", status(500, r#"{"message":"boom"}"#))
        .on("GET /v1/apis/b/schema", json(r#"{"openapi":"3.1.0"}"#))
        .start()
        .await;
    let survey = survey(&server).await;
    assert_snapshot!(unread(&server, &survey), @r#"document of a: http://127.0.0.1:PORT/v1/apis/a/schema answered 500 Internal Server Error, "boom". Look at the logs of the portal and of the gateway before it"#);
    let is_openapi: Vec<bool> = survey.listing.apis.iter().map(|api| api.definition.is_openapi()).collect();
    assert_eq!(is_openapi, [false, true]);
    assert!(matches!(survey.listing.apis[0].definition, Definition::Missing(Some(_))));
}

#[tokio::test]
async fn a_survey_goes_on_where_a_product_fails() {
    let server = Canned::new()
        .gateway(r#"[{"id":"p"},{"id":"q"}]"#)
        .on("GET /v1/api-products/p/versions", html(200))
        .on("GET /v1/api-products/q/versions", json(r#"[{"id":"q-v1","apiSpec":{"swagger":"2.0"}}]"#))
        .start()
        .await;
    let survey = survey(&server).await;
    assert!(unread(&server, &survey).starts_with("versions of p: http://127.0.0.1:PORT/v1/api-products/p/versions"));
    assert_eq!(survey.listing.apis.len(), 1);
}

#[tokio::test]
async fn who_watches_a_client_is_told_of_each_attempt() {
    let server = Canned::new().mesh("[]").start().await;
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let told = Arc::clone(&seen);
    let http = HttpClient::new(&server.config()).unwrap().observed(move |exchange| {
        let status = exchange.result.map(|answer| answer.status().as_u16());
        let line = format!("{} {} {status:?}", exchange.method, ShownUrl::of(exchange.url));
        told.lock().unwrap().push(line);
    });
    portal(&server, http).survey().await.unwrap();
    assert_snapshot!(server.hide_port(&seen.lock().unwrap().join("\n")), @r"
    POST http://127.0.0.1:PORT/token Ok(200)
    GET http://127.0.0.1:PORT/v1/apis Ok(200)
    ");
}

#[test]
fn an_answer_without_a_token_says_why_and_never_the_secret() {
    let url = Url::parse("http://idp.example/token").unwrap();
    let of = |status: u16, body: &str| {
        let answer = http::Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap();
        TokenError::of_answer(&url, &answer, &SecretString::from(SECRET)).map(|error| error.to_string())
    };
    assert_eq!(of(200, r#"{"access_token":"t","token_type":"Bearer"}"#), None);
    let echoed = format!(r#"{{"error":"invalid_client","error_description":"no {SECRET}"}}"#);
    let told = of(401, &echoed).unwrap();
    assert!(told.contains("invalid_client: no …") && !told.contains(SECRET), "{told}");
    assert!(of(200, "<html>").unwrap().contains("<html>"));
}
