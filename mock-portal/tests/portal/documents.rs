//! Documents that are served in another form than they should be, or not at all.

use insta::assert_snapshot;
use serde_json::Value;

use crate::stand::Stand;

const VERSIONS: &str = "
  products:
    - id: pets
      versions:
        - {name: v1, spec: {openapi: 3.0.3}}
        - {name: v2, spec: {openapi: 3.0.3}, specForm: json-text}
        - {name: v3, spec: {openapi: 3.0.3}, specForm: yaml-text}
        - {name: v4, spec: {openapi: 3.0.3}, specForm: missing}
        - {name: v5, spec: {openapi: 3.0.3}, specFetchError: no route to host}
";

async fn portal(family: &str) -> Stand {
    Stand::with(&format!("{family}{VERSIONS}")).await
}

/// Each version's id, with what it tells of its document.
async fn told(stand: &Stand, path: &str, id: &str, members: [&str; 2]) -> String {
    let list: Value = serde_json::from_str(&stand.get(path).await.body).unwrap();
    let versions = match list[0].get("apiVersions") {
        Some(versions) => versions.clone(),
        None => list,
    };
    let told = |version: &Value| members.map(|member| version.get(member).map_or("-".to_owned(), Value::to_string));
    let lines = versions.as_array().unwrap().iter().map(|version| {
        let [document, error] = told(version);
        format!("{} {document} {error}", version[id].as_str().unwrap())
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_list_with_documents_holds_them_in_every_form() {
    let members = ["openapiSpec", "openapiSpecFetchErr"];
    let grouped = told(&portal("\n  inlineSpecs: true").await, "/v1/apis", "apiId", members).await;
    assert_snapshot!(grouped, @r#"
    pets-v1 {"openapi":"3.0.3"} -
    pets-v2 "{\"openapi\":\"3.0.3\"}" -
    pets-v3 "openapi: \"3.0.3\"\n" -
    pets-v4 - -
    pets-v5 - "no route to host"
    "#);
    assert_eq!(told(&portal("\n  shape: flat").await, "/v1/apis", "apiId", members).await, grouped);
}

#[tokio::test]
async fn a_list_without_documents_tells_what_could_not_be_fetched() {
    let told = told(&portal("").await, "/v1/apis", "apiId", ["openapiSpec", "openapiSpecFetchErr"]).await;
    assert_snapshot!(told, @r#"
    pets-v1 - -
    pets-v2 - -
    pets-v3 - -
    pets-v4 - -
    pets-v5 - "no route to host"
    "#);
}

#[tokio::test]
async fn gloo_gateway_serves_every_form_and_has_an_error_of_its_own() {
    let stand = portal("\n  family: gloo-gateway").await;
    let told = told(&stand, "/v1/api-products/pets/versions", "id", ["apiSpec", "apiSpecError"]).await;
    assert_snapshot!(told, @r#"
    pets-v1 {"openapi":"3.0.3"} -
    pets-v2 "{\"openapi\":\"3.0.3\"}" -
    pets-v3 "openapi: \"3.0.3\"\n" -
    pets-v4 - -
    pets-v5 - "no route to host"
    "#);
}

#[tokio::test]
async fn a_schema_is_an_object_or_a_text_that_holds_it() {
    let stand = portal("").await;
    let mut bodies = Vec::new();
    for version in ["v1", "v2", "v3"] {
        let answered = stand.get(&format!("/v1/apis/pets-{version}/schema")).await;
        assert_eq!((answered.status.as_u16(), answered.header("content-type")), (200, "application/json"));
        bodies.push(answered.body);
    }
    assert_snapshot!(bodies.join("\n"), @r#"
    {"openapi":"3.0.3"}
    "{\"openapi\":\"3.0.3\"}"
    "openapi: \"3.0.3\"\n"
    "#);
}

#[tokio::test]
async fn a_missing_document_is_not_found() {
    let answered = portal("").await.get("/v1/apis/pets-v4/schema").await;
    assert_snapshot!(answered, @r#"
    404 Not Found
    content-type: application/json

    {
      "message": "API schema not found"
    }
    "#);
    assert_eq!(answered.note.outcome.as_deref(), Some("no document"));
}

#[tokio::test]
async fn a_document_that_could_not_be_fetched_is_the_portals_fault() {
    let answered = portal("").await.get("/v1/apis/pets-v5/schema").await;
    assert_snapshot!(answered, @r#"
    500 Internal Server Error
    content-type: application/json

    {
      "message": "Missing stitched schema for route table"
    }
    "#);
    assert_eq!(answered.note.outcome.as_deref(), Some("document not fetched"));
}
