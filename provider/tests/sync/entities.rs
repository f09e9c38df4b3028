//! Good portals, and the whole mutation that each gives.

use insta::assert_yaml_snapshot;

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
