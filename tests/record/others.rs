//! Other people's servers: what a portal may answer that our own never would.

use std::collections::HashMap;

use axum::Router;
use axum::response::IntoResponse as _;
use http::StatusCode;
use insta::assert_snapshot;
use understudy::provider::{Config, FailureKind, ServerUrl, TokenEndpoint};
use understudy::record::{RecordError, Recording, Redaction, record};

use crate::{Live, assert_proven, written};

/// A server that answers each path with a status and a body, and 404 to all else.
async fn server(answers: &[(&'static str, u16, &str)]) -> Config {
    let answers: HashMap<String, (u16, String)> =
        answers.iter().map(|(path, status, body)| ((*path).to_owned(), (*status, (*body).to_owned()))).collect();
    let answer = move |uri: http::Uri| {
        let answer = answers.get(uri.path()).cloned();
        async move {
            match answer {
                Some((status, body)) => (StatusCode::from_u16(status).unwrap(), body).into_response(),
                None if uri.path() == "/token" => {
                    r#"{"access_token":"opaque-token-of-1","token_type":"Bearer"}"#.into_response()
                }
                None => StatusCode::NOT_FOUND.into_response(),
            }
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    let mut config = Config::new(
        ServerUrl::as_is(&format!("http://{address}/api")).unwrap(),
        TokenEndpoint::at(&format!("http://{address}/token")).unwrap(),
        "id",
        "a-secret-of-ours",
    );
    config.retries = understudy::provider::Retries::none();
    config
}

async fn recorded(answers: &[(&'static str, u16, &str)]) -> Recording {
    record(&server(answers).await, &Redaction::default()).await.unwrap()
}

async fn refused(answers: &[(&'static str, u16, &str)]) -> RecordError {
    record(&server(answers).await, &Redaction::default()).await.unwrap_err()
}

#[tokio::test]
async fn a_sparse_portal_is_recorded_with_what_it_has() {
    let recording = recorded(&[
        ("/api/apis", 200, r#"[{"apiId":"a","apiProductId":"p","apiVersion":"v1"},{"apiId":"b","apiProductId":"p","apiVersion":"v2","extra":1,"customMetadata":{"n":1}}]"#),
        ("/api/apis/a/schema", 200, r#"{"openapi":"3.0.0"}"#),
        ("/api/apis/b/schema", 500, "broken"),
    ])
    .await;
    assert_snapshot!(format!("{}{}", written(&recording), recording.notes().join("\n")), @r#"
    == scenario.yaml
    # Recorded from a live portal by `understudy record`; its documents are in `specs`.
    identity:
      issuers:
      - face: keycloak
        path: ""
      clients:
      - id: id
        secret: backstage-dev-secret
    portal:
      shape: flat
      inlineSpecs: false
      products:
      - id: p
        name: ""
        versions:
        - name: v1
          id: a
          spec: ./specs/a.json
        - name: v2
          id: b
          customMetadata:
            "n": "1"
          specFetchError: the portal answered 500 Internal Server Error

    == specs/a.json
    {"openapi":"3.0.0"}
    the identity provider's discovery document could not be read; its ways are told from its token
    the identity provider is neither Okta nor Keycloak, as far as can be told; in the recording it has Keycloak's ways
    the access token is no JWT, by which the mock portal knows callers: the tokens of the recording are JWTs
    /usage-plans answered 404 Not Found and no list; the recording has no usage plans
    API `b`: its customMetadata holds more than texts, which became their JSON
    API `b`: the portal answered 500 Internal Server Error for its document; it is recorded as one that the portal could not fetch
    left out, since a scenario has no room for it: `extra` of an API
    "#);
    assert_proven(&recording).await;
}

#[tokio::test]
async fn a_grouped_list_with_unknown_members_is_recorded_and_they_are_told() {
    let recording = recorded(&[
        ("/api/apis", 200, r#"[{"apiProductId":"p","owner":"x","apiVersions":[{"apiId":"p-v1","apiVersion":"v1","title":"T","audience":"y","openapiSpec":"openapi: 3.0.0\ninfo: {title: no}\n"}]}]"#),
        ("/api/usage-plans", 200, r#"[{"name":"gold","rateLimitPolicy":{"unit":"MONTH","requestsPerUnit":1}}]"#),
    ])
    .await;
    assert_snapshot!(format!("{}{}", written(&recording), recording.notes().join("\n")), @r#"
    == scenario.yaml
    # Recorded from a live portal by `understudy record`; its documents are in `specs`.
    identity:
      issuers:
      - face: keycloak
        path: ""
      clients:
      - id: id
        secret: backstage-dev-secret
    portal:
      inlineSpecs: true
      products:
      - id: p
        name: ""
        versions:
        - name: v1
          title: T
          usagePlans: []
          spec: ./specs/p-v1.yaml
          specForm: yaml-text
      usagePlans:
      - name: gold
        authTypes: []

    == specs/p-v1.yaml
    openapi: 3.0.0
    info: {title: no}

    the identity provider's discovery document could not be read; its ways are told from its token
    the identity provider is neither Okta nor Keycloak, as far as can be told; in the recording it has Keycloak's ways
    the access token is no JWT, by which the mock portal knows callers: the tokens of the recording are JWTs
    usage plan `gold`: its rate limit is none that a scenario can hold, and is left out
    left out, since a scenario has no room for it: `audience` of an API, `owner` of a product
    "#);
    assert_proven(&recording).await;
}

#[tokio::test]
async fn what_no_scenario_can_hold_is_told_as_a_difference() {
    let recording = recorded(&[
        ("/api/apis", 404, ""),
        ("/api/api-products", 200, r#"[{"id":"p","name":"P","apiKeyEnabled":true}]"#),
        (
            "/api/api-products/p/versions",
            200,
            r#"[{"id":"p1","name":"v1","status":"retired","apiSpec":"no such file"}]"#,
        ),
    ])
    .await;
    let proof = recording.prove(&recording.scenario().unwrap()).await.unwrap();
    assert_snapshot!(format!("{}\n{}", recording.notes().join("\n"), proof.differences.join("\n")), @r#"
    the identity provider's discovery document could not be read; its ways are told from its token
    the identity provider is neither Okta nor Keycloak, as far as can be told; in the recording it has Keycloak's ways
    the access token is no JWT, by which the mock portal knows callers: the tokens of the recording are JWTs
    product `p`: the portal answered 404 Not Found for its details; the recording has no contact of it
    API `p1`: it has the status `retired`, which no scenario can say; it is recorded as published
    API `p1`: what the portal serves for its document is a text that holds no document; it is recorded as missing
    api:default/p1 differs:
      the definition should be e34cb9e34d3d297b of 12 bytes and is 5f9f33aeb4335fc5 of 132 bytes; they differ first at the top: should be "no such file", is an object of 3 members
    "#);
}

#[tokio::test]
async fn a_server_that_is_no_portal_is_told_as_a_sync_tells_it() {
    let error = refused(&[]).await;
    assert_eq!(error.kind(), FailureKind::Invalid);
    assert!(error.to_string().starts_with("no portal at http://127.0.0.1:"), "{error}");
}

#[tokio::test]
async fn a_portal_that_refuses_the_token_is_told_as_a_sync_tells_it() {
    let error = refused(&[("/api/apis", 401, r#"{"message":"who?"}"#)]).await;
    assert_eq!(error.kind(), FailureKind::Refused);
    assert!(error.to_string().starts_with("the portal refused the access token"), "{error}");
}

#[tokio::test]
async fn a_portal_that_shows_nothing_is_not_recorded() {
    let error = refused(&[("/api/apis", 200, "[]")]).await;
    assert!(matches!(error, RecordError::Empty { .. }), "{error}");
    let live = Live::bundled("empty-portal", crate::okta()).await;
    assert!(matches!(live.try_record(&Redaction::default()).await, Err(RecordError::Empty { .. })));
}

#[tokio::test]
async fn nobody_there_is_told_as_a_sync_tells_it() {
    let mut config = server(&[]).await;
    config.portal = ServerUrl::as_is("http://127.0.0.1:1/v1").unwrap();
    let error = record(&config, &Redaction::default()).await.unwrap_err();
    assert_eq!(error.kind(), FailureKind::Unreachable);
}

/// One product's versions can't be read: a recording without them would not be the portal.
#[tokio::test]
async fn a_portal_of_which_a_part_cannot_be_read_is_not_recorded() {
    let error = refused(&[
        ("/api/apis", 404, ""),
        ("/api/api-products", 200, r#"[{"id":"p","name":"P"},{"id":"q","name":"Q"}]"#),
        ("/api/api-products/p/versions", 200, "[]"),
        ("/api/api-products/q/versions", 503, "down"),
    ])
    .await;
    assert!(error.to_string().contains("/api-products/q/versions answered 503"), "{error}");
}
