//! Good portals, and the whole mutation that each gives; and what becomes of what Backstage would refuse.

use insta::{assert_snapshot, assert_yaml_snapshot};

use crate::support::{Canned, json};

#[tokio::test]
async fn a_grouped_mesh_portal_gives_a_mutation() {
    let server = Canned::new()
        .mesh(
            r#"[
              {"apiProductId": "petstore", "apiProductDisplayName": "Petstore", "apiVersions": [
                {"apiId": "petstore-v1", "apiVersion": "v1", "title": "Petstore", "description": "Pets.",
                 "contact": "pets@example.com", "lifecycle": "GA", "usagePlans": ["gold"], "customMetadata": {"a": "b"}},
                {"apiId": "petstore-v2.0 Beta", "apiVersion": "v2.0 Beta"}]},
              {"apiProductId": "empty", "apiProductDisplayName": "Empty", "apiVersions": []},
              {"apiProductId": "tracks", "apiProductDisplayName": "Tracks", "apiVersions": [
                {"apiId": "Tracks-v1", "apiVersion": "", "description": ""}]}
            ]"#,
        )
        .on("GET /v1/apis/petstore-v1/schema", json("{\n \"openapi\" : \"3.0.3\",\n \"10\": 1.10, \"2\": 1e3 }"))
        .on("GET /v1/apis/petstore-v2.0%20Beta/schema", json(r#"{"openapi":"3.1.0"}"#))
        .on("GET /v1/apis/Tracks-v1/schema", json("{}"))
        .start()
        .await;
    assert_yaml_snapshot!(server.mutation().await);
}

#[tokio::test]
async fn a_flat_mesh_portal_gives_a_mutation() {
    let server = Canned::new()
        .mesh(
            r#"[
              {"apiId": "petstore-v1", "apiProductId": "petstore", "apiProductDisplayName": "Petstore", "apiVersion": "v1",
               "title": "Petstore", "description": "Pets.", "openapiSpec": {"openapi": "3.0.3", "paths": {}}},
              {"apiId": "tracks-v1", "apiProductId": "tracks", "apiVersion": "v1"}
            ]"#,
        )
        .on("GET /v1/apis/tracks-v1/schema", json(r#"{"openapi":"3.0.3"}"#))
        .start()
        .await;
    assert_yaml_snapshot!(server.mutation().await);
}

#[tokio::test]
async fn a_flat_item_without_a_product_is_an_api_as_the_contract_has_it() {
    let server = Canned::new().mesh(r#"[{"apiId": "petstore-v1", "openapiSpec": {"openapi": "3.0.3"}}]"#).start().await;
    let mutation = server.mutation().await;
    let names: Vec<&str> = mutation.entities().map(|entity| entity.metadata.name.as_str()).collect();
    assert_eq!(names.last(), Some(&"petstore-v1"), "{names:?}");
}

#[tokio::test]
async fn a_gateway_portal_gives_a_mutation() {
    let server = Canned::new()
        .gateway(
            r#"[
              {"id": "petstore", "name": "Petstore", "description": "Pets.", "versionsCount": 2},
              {"id": "no/versions", "name": "None", "versionsCount": 0},
              {"id": "tracks", "name": "Tracks", "versionsCount": 1}
            ]"#,
        )
        .on(
            "GET /v1/api-products/petstore/versions",
            json(
                r#"[
                  {"id": "petstore-v1", "apiProductId": "petstore", "name": "v1", "title": "One", "apiSpec": {"a": 1.0}},
                  {"id": "petstore-v2", "apiProductId": "petstore", "name": "v2", "apiSpec": "{\"b\": 2}"}
                ]"#,
            ),
        )
        .on("GET /v1/api-products/no%2Fversions/versions", json("[]"))
        .on("GET /v1/api-products/tracks/versions", json(r#"[{"id": "tracks-v1", "name": "v1", "apiSpec": {"c": []}}]"#))
        .start()
        .await;
    assert_yaml_snapshot!(server.mutation().await);
}

#[tokio::test]
async fn a_portal_with_nothing_in_it_gives_its_owners_alone() {
    let server = Canned::new().mesh("[]").start().await;
    assert_yaml_snapshot!(server.mutation().await);
}

/// The APIs of a portal with these versions, and what is told of them.
async fn mended(versions: &str) -> String {
    let server = Canned::new().mesh(&format!(r#"[{{"apiProductId":"p","apiVersions":[{versions}]}}]"#)).start().await;
    server.apis().await + &server.notices().await
}

#[tokio::test]
async fn ids_that_make_no_name_of_their_own_get_one() {
    let ids = ["orders-v1", "a-", "é", "a b", "c", "A/b"];
    let versions = ids.map(|id| format!(r#"{{"apiId": "{id}", "openapiSpec": {{"openapi": "3.0.3"}}}}"#));
    assert_snapshot!(mended(&versions.join(",")).await, @r#"
    orders-v1 ["gloo-platform"] {"openapi":"3.0.3"}
    a-9baf4407 ["gloo-platform"] {"openapi":"3.0.3"}
    api-4a99557e ["gloo-platform"] {"openapi":"3.0.3"}
    a-b-c8687a08 ["gloo-platform"] {"openapi":"3.0.3"}
    c ["gloo-platform"] {"openapi":"3.0.3"}
    a-b-3646f792 ["gloo-platform"] {"openapi":"3.0.3"}
    Invalid: API `a-`: it is api:default/a-9baf4407, since its id makes a name that Backstage refuses (`a-`)
    Invalid: API `é`: it is api:default/api-4a99557e, since its id makes a name that Backstage refuses (`-`)
    Invalid: API `a b`: it is api:default/a-b-c8687a08, since another id makes the name `a-b` too
    Invalid: API `A/b`: it is api:default/a-b-3646f792, since another id makes the name `a-b` too
    "#);
}

#[tokio::test]
async fn a_version_that_makes_no_tag_is_mended_or_left_out() {
    let names = ["v1.0", "v1.", "a-version-name-that-is-far-too-long-to-be-a-tag-of-anything", "倉庫", ""];
    let versions = names.iter().enumerate().map(|(at, name)| {
        format!(r#"{{"apiId": "a-v{at}", "apiVersion": "{name}", "openapiSpec": {{"openapi": "3.0.3"}}}}"#)
    });
    assert_snapshot!(mended(&versions.collect::<Vec<_>>().join(",")).await, @r#"
    a-v0 ["gloo-platform", "api-version:v1-0"] {"openapi":"3.0.3"}
    a-v1 ["gloo-platform", "api-version:v1"] {"openapi":"3.0.3"}
    a-v2 ["gloo-platform", "api-version:a-version-name-that-is-far-too-long-to-be-a-tag-of"] {"openapi":"3.0.3"}
    a-v3 ["gloo-platform"] {"openapi":"3.0.3"}
    a-v4 ["gloo-platform"] {"openapi":"3.0.3"}
    Invalid: API `a-v1`: its version `v1.` makes the tag `api-version:v1-`, which Backstage refuses; it has `api-version:v1` instead
    Invalid: API `a-v2`: its version `a-version-name-that-is-far-too-long-to-be-a-tag-of-anything` makes the tag `api-version:a-version-name-that-is-far-too-long-to-be-a-tag-of-anything`, which Backstage refuses; it has `api-version:a-version-name-that-is-far-too-long-to-be-a-tag-of` instead
    Invalid: API `a-v3`: its version `倉庫` makes the tag `api-version:-`, which Backstage refuses; it has no tag instead
    "#);
}

#[tokio::test]
async fn a_document_that_is_text_is_never_a_document_in_quotes() {
    let versions = [
        r#"{"apiId": "json", "openapiSpec": "{\"openapi\": \"3.0.3\"}"}"#,
        r#"{"apiId": "json-twice", "openapiSpec": "\"{\\\"openapi\\\": \\\"3.0.3\\\"}\""}"#,
        r#"{"apiId": "yaml", "openapiSpec": "openapi: 3.0.3\ninfo: {}\n"}"#,
        r#"{"apiId": "neither", "openapiSpec": "<html>\n"}"#,
    ];
    assert_snapshot!(mended(&versions.join(",")).await, @r#"
    json ["gloo-platform"] {"openapi":"3.0.3"}
    json-twice ["gloo-platform"] {"openapi":"3.0.3"}
    yaml ["gloo-platform"] {"openapi":"3.0.3","info":{}}
    neither ["gloo-platform"] <html>

    Invalid: API `neither`: its OpenAPI document is text that holds no document ("<html>"); Backstage gets it as it is
    "#);
}

#[tokio::test]
async fn an_api_without_a_document_says_so_and_holds_nothing_back() {
    let versions = [
        r#"{"apiId": "a-v1", "apiVersion": "v1", "openapiSpecFetchErr": "dial tcp: i/o timeout"}"#,
        r#"{"apiId": "a-v2", "openapiSpecFetchErr": {"code": 5}}"#,
        r#"{"apiId": "a-v3", "openapiSpec": " "}"#,
        r#"{"apiId": "a-v4", "openapiSpec": 42}"#,
        r#"{"apiId": "a-v5", "openapiSpec": {"openapi": "3.0.3"}}"#,
    ];
    assert_snapshot!(mended(&versions.join(",")).await, @r#"
    a-v1 ["gloo-platform", "api-version:v1"] {"openapi":"3.0.3","info":{"title":"a-v1","version":"v1","description":"The portal has no OpenAPI document for this API. The reason: dial tcp: i/o timeout"},"paths":{}}
    a-v2 ["gloo-platform"] {"openapi":"3.0.3","info":{"title":"a-v2","version":"unknown","description":"The portal has no OpenAPI document for this API. The reason: {\"code\": 5}"},"paths":{}}
    a-v3 ["gloo-platform"] {"openapi":"3.0.3","info":{"title":"a-v3","version":"unknown","description":"The portal has no OpenAPI document for this API."},"paths":{}}
    a-v4 ["gloo-platform"] {"openapi":"3.0.3","info":{"title":"a-v4","version":"unknown","description":"The portal has no OpenAPI document for this API. The reason: its openapiSpec is a number, not an OpenAPI document"},"paths":{}}
    a-v5 ["gloo-platform"] {"openapi":"3.0.3"}
    Invalid: API `a-v1`: it has no OpenAPI document: dial tcp: i/o timeout; Backstage gets a stand-in that says so. Look at the API's document on the portal
    Invalid: API `a-v2`: it has no OpenAPI document: {"code": 5}; Backstage gets a stand-in that says so. Look at the API's document on the portal
    Invalid: API `a-v3`: it has no OpenAPI document; Backstage gets a stand-in that says so. Look at the API's document on the portal
    Invalid: API `a-v4`: it has no OpenAPI document: its openapiSpec is a number, not an OpenAPI document; Backstage gets a stand-in that says so. Look at the API's document on the portal
    "#);
}

#[tokio::test]
async fn a_document_that_is_no_openapi_is_told() {
    assert_snapshot!(mended(r#"{"apiId": "a-v1", "openapiSpec": {"message": "API schema not found"}}"#).await, @r#"
    a-v1 ["gloo-platform"] {"message":"API schema not found"}
    Invalid: API `a-v1`: its document has no `openapi` or `swagger` that names a version as text, so it is no OpenAPI document; Backstage gets it as it is
    "#);
}

#[tokio::test]
async fn an_id_that_comes_again_is_one_entity() {
    let versions = [
        r#"{"apiId": "same", "openapiSpec": {"openapi": "3.0.3"}}"#,
        r#"{"apiId": "other", "openapiSpec": {"openapi": "3.0.3"}}"#,
        r#"{"apiId": "same", "openapiSpec": {"openapi": "3.0.3"}}"#,
        r#"{"apiId": "other", "openapiSpec": {"openapi": "3.1.0"}}"#,
    ];
    assert_snapshot!(mended(&versions.join(",")).await, @r#"
    same ["gloo-platform"] {"openapi":"3.0.3"}
    other ["gloo-platform"] {"openapi":"3.0.3"}
    Invalid: the portal shows two APIs with the id `same`, and only the first is taken
    Invalid: the portal shows two APIs with the id `other`, and only the first is taken
    "#);
}
