//! Gloo Mesh Gateway's routes and shapes.

use insta::assert_snapshot;

use crate::stand::Stand;

/// A portal with everything that the model can say, save for the family.
pub(crate) const FULL: &str = r"
  products:
    - id: petstore
      name: Pet store
      description: All about pets
      contactEmail: pets@example.com
      autoApproval: true
      customMetadata: {team: pets}
      createdAt: 2026-01-01T00:00:00Z
      updatedAt: 2026-02-01T00:00:00Z
      versions:
        - {name: v1, title: Pets, spec: {openapi: 3.0.3, info: {title: Pets, version: '1'}, paths: {}}}
        - name: v2
          title: More pets
          description: Pets and owners
          contact: owners@example.com
          license: MIT
          termsOfService: https://example.com/terms
          lifecycle: production
          status: draft
          usagePlans: [gold]
          customMetadata: {stage: beta}
    - id: tracks
      versions: [{name: v1, usagePlans: []}]
  usagePlans:
    - {name: bronze, rateLimit: {requests: 5, per: minute}}
    - {name: gold, authTypes: [apiKeyAuth, oauth2]}
";

fn full(family: &str) -> String {
    format!("{family}{FULL}")
}

#[tokio::test]
async fn a_grouped_list_holds_products_with_their_versions() {
    let stand = Stand::with(&full("")).await;
    let answered = stand.get("/v1/apis").await;
    assert_snapshot!(answered, @r#"
    200 OK
    content-type: application/json

    [
      {
        "apiProductId": "petstore",
        "apiProductDisplayName": "Pet store",
        "apiVersions": [
          {
            "apiId": "petstore-v1",
            "apiVersion": "v1",
            "title": "Pets",
            "description": "All about pets",
            "contact": "pets@example.com",
            "usagePlans": [
              "bronze",
              "gold"
            ]
          },
          {
            "apiId": "petstore-v2",
            "apiVersion": "v2",
            "title": "More pets",
            "description": "Pets and owners",
            "contact": "owners@example.com",
            "license": "MIT",
            "termsOfService": "https://example.com/terms",
            "lifecycle": "production",
            "usagePlans": [
              "gold"
            ],
            "customMetadata": {
              "stage": "beta"
            }
          }
        ]
      },
      {
        "apiProductId": "tracks",
        "apiProductDisplayName": "tracks",
        "apiVersions": [
          {
            "apiId": "tracks-v1",
            "apiVersion": "v1",
            "title": "tracks",
            "usagePlans": []
          }
        ]
      }
    ]
    "#);
    assert_snapshot!(format!("{:?}", answered.note), @r#"Note { route: Some("GET /v1/apis"), caller: Some("backstage"), outcome: Some("2 products"), refusal: None }"#);
}

#[tokio::test]
async fn a_flat_list_holds_an_item_for_each_version_with_its_document() {
    let stand = Stand::with(&full("\n  shape: flat")).await;
    let answered = stand.get("/v1/apis").await;
    assert_snapshot!(answered, @r#"
    200 OK
    content-type: application/json

    [
      {
        "apiId": "petstore-v1",
        "apiProductId": "petstore",
        "apiProductDisplayName": "Pet store",
        "apiVersion": "v1",
        "title": "Pets",
        "description": "All about pets",
        "contact": "pets@example.com",
        "usagePlans": [
          "bronze",
          "gold"
        ],
        "openapiSpec": {
          "openapi": "3.0.3",
          "info": {
            "title": "Pets",
            "version": "1"
          },
          "paths": {}
        }
      },
      {
        "apiId": "petstore-v2",
        "apiProductId": "petstore",
        "apiProductDisplayName": "Pet store",
        "apiVersion": "v2",
        "title": "More pets",
        "description": "Pets and owners",
        "contact": "owners@example.com",
        "license": "MIT",
        "termsOfService": "https://example.com/terms",
        "lifecycle": "production",
        "usagePlans": [
          "gold"
        ],
        "customMetadata": {
          "stage": "beta"
        },
        "openapiSpec": {
          "openapi": "3.0.3",
          "info": {
            "title": "More pets",
            "version": "v2"
          },
          "paths": {}
        }
      },
      {
        "apiId": "tracks-v1",
        "apiProductId": "tracks",
        "apiProductDisplayName": "tracks",
        "apiVersion": "v1",
        "title": "tracks",
        "usagePlans": [],
        "openapiSpec": {
          "openapi": "3.0.3",
          "info": {
            "title": "tracks",
            "version": "v1"
          },
          "paths": {}
        }
      }
    ]
    "#);
    assert_snapshot!(answered.note.outcome.unwrap(), @"3 APIs");
}

#[tokio::test]
async fn a_grouped_list_holds_the_documents_where_the_world_says_so() {
    let portal = "{inlineSpecs: true, products: [{id: petstore, versions: [{name: v1}]}]}";
    let stand = Stand::with(portal).await;
    assert_snapshot!(stand.get("/v1/apis").await, @r#"
    200 OK
    content-type: application/json

    [
      {
        "apiProductId": "petstore",
        "apiProductDisplayName": "petstore",
        "apiVersions": [
          {
            "apiId": "petstore-v1",
            "apiVersion": "v1",
            "title": "petstore",
            "usagePlans": [],
            "openapiSpec": {
              "openapi": "3.0.3",
              "info": {
                "title": "petstore",
                "version": "v1"
              },
              "paths": {}
            }
          }
        ]
      }
    ]
    "#);
}

#[tokio::test]
async fn a_flat_list_leaves_the_documents_out_where_the_world_says_so() {
    let portal = "{shape: flat, inlineSpecs: false, products: [{id: petstore, versions: [{name: v1}]}]}";
    let stand = Stand::with(portal).await;
    assert_snapshot!(stand.get("/v1/apis").await, @r#"
    200 OK
    content-type: application/json

    [
      {
        "apiId": "petstore-v1",
        "apiProductId": "petstore",
        "apiProductDisplayName": "petstore",
        "apiVersion": "v1",
        "title": "petstore",
        "usagePlans": []
      }
    ]
    "#);
}

#[tokio::test]
async fn an_empty_portal_lists_nothing() {
    let stand = Stand::with("{}").await;
    assert_eq!(stand.get("/v1/apis").await.body, "[]");
    assert_eq!(stand.get("/v1/usage-plans").await.body, "[]");
}

#[tokio::test]
async fn a_schema_is_the_document_as_it_was_written() {
    let portal =
        r#"{products: [{id: petstore, versions: [{name: v1, spec: {openapi: "3.0.3", z: 1, a: {"10": p, "9": q}}}]}]}"#;
    let stand = Stand::with(portal).await;
    let answered = stand.get("/v1/apis/petstore-v1/schema").await;
    assert_eq!(answered.body, r#"{"openapi":"3.0.3","z":1,"a":{"10":"p","9":"q"}}"#);
    assert_eq!(answered.header("content-type"), "application/json");
    assert_snapshot!(format!("{:?}", answered.note), @r#"Note { route: Some("GET /v1/apis/{id}/schema"), caller: Some("backstage"), outcome: Some("48 B spec"), refusal: None }"#);
}

#[tokio::test]
async fn a_schema_of_an_unknown_api_is_not_found_in_the_contract_s_words() {
    let stand = Stand::with("{}").await;
    let answered = stand.get("/v1/apis/nope/schema").await;
    assert_snapshot!(answered, @r#"
    404 Not Found
    content-type: application/json

    {
      "message": "API schema not found"
    }
    "#);
    assert_eq!(answered.note.route, Some("GET /v1/apis/{id}/schema"));
}

#[tokio::test]
async fn an_id_with_odd_characters_is_reached_percent_encoded() {
    let portal = r#"{products: [{id: p, versions: [
        {name: v1, id: "a/b"}, {name: v2, id: "a b%2F?#ü"}, {name: v3, id: ".."}, {name: v4, id: "a"}]}]}"#;
    let stand = Stand::with(portal).await;
    for path in ["a%2Fb", "a%20b%252F%3F%23%C3%BC", "..", "%2E%2E", "a", "%61"] {
        let answered = stand.get(&format!("/v1/apis/{path}/schema")).await;
        assert_eq!(answered.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_path_that_decodes_to_no_text_is_nobody_s() {
    let stand = Stand::with("{products: [{id: p, versions: [{name: v1}]}]}").await;
    for path in ["/v1/apis/%FF/schema", "/v1/apis/%/schema", "/v1/apis//schema", "/v1/apis/p-v1/schema/"] {
        assert_eq!(stand.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn usage_plans_name_the_apis_under_them() {
    let stand = Stand::with(&full("")).await;
    let answered = stand.get("/v1/usage-plans").await;
    assert_snapshot!(answered, @r#"
    200 OK
    content-type: application/json

    [
      {
        "name": "bronze",
        "authPolicies": [
          {
            "authType": "apiKeyAuth"
          }
        ],
        "rateLimitPolicy": {
          "unit": "MINUTE",
          "requestsPerUnit": 5
        },
        "apiIds": [
          "petstore-v1"
        ]
      },
      {
        "name": "gold",
        "authPolicies": [
          {
            "authType": "apiKeyAuth"
          },
          {
            "authType": "oauth2"
          }
        ],
        "apiIds": [
          "petstore-v1",
          "petstore-v2"
        ]
      }
    ]
    "#);
    assert_snapshot!(answered.note.outcome.unwrap(), @"2 usage plans");
}

#[tokio::test]
async fn a_service_account_gets_an_address_in_me() {
    let stand = Stand::with("{}").await;
    assert_snapshot!(stand.get("/v1/me").await, @r#"
    200 OK
    content-type: application/json

    {
      "name": "backstage",
      "email": "backstage@example.com",
      "username": "backstage"
    }
    "#);
}

#[tokio::test]
async fn a_person_is_shown_in_me_as_in_the_token() {
    let stand = Stand::with("{}").await;
    let claims =
        serde_json::json!({"sub": "00u1", "email": "dana@example.org", "name": "Dana", "preferred_username": "dana"});
    assert_snapshot!(stand.get_with("/v1/me", &stand.token_with(claims)).await, @r#"
    200 OK
    content-type: application/json

    {
      "name": "Dana",
      "email": "dana@example.org",
      "username": "dana"
    }
    "#);
}
