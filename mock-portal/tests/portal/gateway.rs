//! Gloo Gateway's routes and shapes.

use insta::assert_snapshot;
use serde_json::json;

use crate::mesh::FULL;
use crate::stand::Stand;

async fn full() -> Stand {
    Stand::with(&format!("\n  family: gloo-gateway{FULL}")).await
}

#[tokio::test]
async fn the_list_holds_a_summary_of_each_product() {
    let stand = full().await;
    let answered = stand.get("/v1/api-products").await;
    assert_snapshot!(answered, @r#"
    200 OK
    content-type: application/json

    [
      {
        "id": "petstore",
        "name": "Pet store",
        "description": "All about pets",
        "versionsCount": 2,
        "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-02-01T00:00:00Z",
        "apiProductMetadata": {
          "team": "pets"
        },
        "apiKeyEnabled": true,
        "oauthEnabled": true
      },
      {
        "id": "tracks",
        "name": "tracks",
        "versionsCount": 1,
        "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z"
      }
    ]
    "#);
    assert_snapshot!(format!("{:?}", answered.note), @r#"Note { route: Some("GET /v1/api-products"), caller: Some("backstage"), outcome: Some("2 products"), refusal: None }"#);
}

#[tokio::test]
async fn a_product_by_itself_has_its_contact_and_approval() {
    assert_snapshot!(full().await.get("/v1/api-products/petstore").await, @r#"
    200 OK
    content-type: application/json

    {
      "id": "petstore",
      "name": "Pet store",
      "description": "All about pets",
      "createdAt": "2026-01-01T00:00:00Z",
      "updatedAt": "2026-02-01T00:00:00Z",
      "contactEmail": "pets@example.com",
      "autoApproval": true,
      "apiProductMetadata": {
        "team": "pets"
      }
    }
    "#);
}

#[tokio::test]
async fn the_versions_of_a_product_hold_their_documents() {
    let stand = full().await;
    let answered = stand.get("/v1/api-products/petstore/versions").await;
    assert_snapshot!(answered, @r#"
    200 OK
    content-type: application/json

    [
      {
        "id": "petstore-v1",
        "apiProductId": "petstore",
        "name": "v1",
        "title": "Pets",
        "status": "published",
        "apiSpec": {
          "openapi": "3.0.3",
          "info": {
            "title": "Pets",
            "version": "1"
          },
          "paths": {}
        },
        "documentation": "All about pets",
        "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z"
      },
      {
        "id": "petstore-v2",
        "apiProductId": "petstore",
        "name": "v2",
        "title": "More pets",
        "status": "draft",
        "apiSpec": {
          "openapi": "3.0.3",
          "info": {
            "title": "More pets",
            "version": "v2"
          },
          "paths": {}
        },
        "documentation": "Pets and owners",
        "termsOfService": "https://example.com/terms",
        "license": "MIT",
        "productVersionMetadata": {
          "stage": "beta"
        },
        "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z"
      }
    ]
    "#);
    assert_snapshot!(format!("{:?}", answered.note), @r#"Note { route: Some("GET /v1/api-products/{id}/versions"), caller: Some("backstage"), outcome: Some("2 versions"), refusal: None }"#);
}

#[tokio::test]
async fn an_unknown_product_is_not_found() {
    let stand = full().await;
    let answered = stand.get("/v1/api-products/nope").await;
    assert_snapshot!(answered, @r#"
    404 Not Found
    content-type: application/json

    {
      "message": "API Product not found"
    }
    "#);
    assert_eq!(answered.note.route, Some("GET /v1/api-products/{id}"));
    assert_eq!(stand.get("/v1/api-products/nope/versions").await.status, 404);
}

#[tokio::test]
async fn a_product_with_odd_characters_is_reached_percent_encoded() {
    let stand = Stand::with(r#"{family: gloo-gateway, products: [{id: "a/b c", versions: [{name: v1}]}]}"#).await;
    assert_eq!(stand.get("/v1/api-products/a%2Fb%20c").await.status, 200);
    assert_eq!(stand.get("/v1/api-products/a%2Fb%20c/versions").await.status, 200);
}

#[tokio::test]
async fn me_is_a_user_with_a_record() {
    assert_snapshot!(full().await.get("/v1/me").await, @r#"
    200 OK
    content-type: application/json

    {
      "id": "e220a839-7b1d-4daf-ae78-9e6aa1b965f4",
      "createdAt": "2026-06-01T12:00:00Z",
      "updatedAt": "2026-06-01T12:00:00Z",
      "email": "backstage@example.com",
      "name": "backstage",
      "username": "backstage",
      "isAdmin": false,
      "synced": true
    }
    "#);
}

#[tokio::test]
async fn a_user_s_record_is_made_at_the_first_visit_and_kept() {
    let stand = full().await;
    let first = stand.get("/v1/me").await;
    stand.advance(600);
    assert_eq!(stand.get("/v1/me").await.body, first.body);
    let other = stand.get_with("/v1/me", &stand.token_with(json!({"sub": "other"}))).await;
    assert_ne!(other.body, first.body);
    assert!(other.body.contains("2026-06-01T12:10:00Z"));
}

#[tokio::test]
async fn an_admin_is_told_by_the_group_claim() {
    let stand = full().await;
    let token = stand.token_with(json!({"group": "admin"}));
    assert!(stand.get_with("/v1/me", &token).await.body.contains(r#""isAdmin":true"#));
}
