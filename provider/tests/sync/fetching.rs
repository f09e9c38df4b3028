//! Which requests a sync makes: what it asks, in which order, how many at once, and with which headers.

use std::num::NonZeroUsize;
use std::sync::Arc;

use insta::{assert_debug_snapshot, assert_snapshot};
use tokio::sync::Barrier;
use understudy_provider::{EntityRef, Provider};

use crate::support::{Canned, Reply, TOKEN, json, status};

#[tokio::test]
async fn a_flat_list_needs_no_second_list() {
    let server = Canned::new()
        .mesh(r#"[{"apiId": "a-v1", "apiProductId": "a", "openapiSpec": {}}, {"apiId": "b-v1", "apiProductId": "b"}]"#)
        .on("GET /v1/apis/b-v1/schema", json("{}"))
        .start()
        .await;
    server.sync().await.unwrap();
    assert_debug_snapshot!(server.lines(), @r#"
    [
        "POST /token",
        "GET /v1/apis",
        "GET /v1/apis/b-v1/schema",
    ]
    "#);
}

#[tokio::test]
async fn a_grouped_list_with_documents_needs_no_schema() {
    let server = Canned::new()
        .mesh(r#"[{"apiProductId": "a", "apiVersions": [{"apiId": "a-v1", "openapiSpec": {"x": 1}}]}]"#)
        .start()
        .await;
    assert_snapshot!(server.apis().await, @r#"a-v1 ["gloo-platform"] {"x":1}"#);
    assert_debug_snapshot!(server.lines(), @r#"
    [
        "POST /token",
        "GET /v1/apis",
    ]
    "#);
}

#[tokio::test]
async fn what_is_no_list_means_the_other_family() {
    for not_a_list in [r#"{"message":"no such route"}"#, "null", "\"apis\""] {
        let server = Canned::new().gateway("[]").on("GET /v1/apis", json(not_a_list)).start().await;
        server.sync().await.unwrap();
        assert_eq!(server.lines(), ["POST /token", "GET /v1/apis", "GET /v1/api-products"]);
    }
}

#[tokio::test]
async fn products_in_place_of_apis_are_read_as_products() {
    let server = Canned::new()
        .mesh(r#"[{"id": "a", "description": "A"}]"#)
        .on("GET /v1/api-products/a/versions", json(r#"[{"id": "a-v1", "name": "v1", "apiSpec": {}}]"#))
        .start()
        .await;
    let mutation = server.mutation().await;
    let annotations = &mutation.entities().last().unwrap().metadata.annotations;
    assert_eq!(annotations["backstage.io/managed-by-location"], "url:http://127.0.0.1:PORT/v1/api-products");
}

#[tokio::test]
async fn what_is_false_in_javascript_is_no_document_and_no_error() {
    let server = Canned::new()
        .mesh(
            r#"[{"apiProductId": "a", "apiVersions": [
                {"apiId": "a-v1", "openapiSpec": null, "openapiSpecFetchErr": ""},
                {"apiId": "a-v2", "openapiSpec": "", "openapiSpecFetchErr": null, "apiVersion": null, "description": null},
                {"apiId": "a-v3", "openapiSpec": false, "openapiSpecFetchErr": 0}]}]"#,
        )
        .on("GET /v1/apis/a-v1/schema", json("{}"))
        .on("GET /v1/apis/a-v2/schema", json(r#""{\"as\": \"text\"}""#))
        .on("GET /v1/apis/a-v3/schema", json("{}"))
        .start()
        .await;
    assert_snapshot!(server.apis().await, @r#"
    a-v1 ["gloo-platform"] {}
    a-v2 ["gloo-platform"] {"as":"text"}
    a-v3 ["gloo-platform"] {}
    "#);
}

#[tokio::test]
async fn requests_carry_the_token_and_say_who_asks() {
    let server = Canned::new().mesh("[]").start().await;
    server.sync().await.unwrap();
    let asked = &server.asked()[1];
    assert_eq!(asked.authorization.as_deref(), Some(format!("Bearer {TOKEN}").as_str()));
    assert_eq!(asked.user_agent.as_deref(), Some(concat!("understudy-provider/", env!("CARGO_PKG_VERSION"))));
}

/// Twelve APIs whose schemas are answered only once four requests are under way.
async fn twelve_schemas_four_at_a_time() -> crate::support::Server {
    let ids: Vec<String> = (1..=12).map(|at| format!("api-{at}")).collect();
    let versions: Vec<String> = ids.iter().map(|id| format!(r#"{{"apiId":"{id}"}}"#)).collect();
    let barrier = Arc::new(Barrier::new(4));
    let mut canned = Canned::new().mesh(&format!(r#"[{{"apiProductId":"a","apiVersions":[{}]}}]"#, versions.join(",")));
    for id in &ids {
        let reply = Reply::Together(Arc::clone(&barrier), format!(r#"{{"id":"{id}"}}"#));
        canned = canned.on(&format!("GET /v1/apis/{id}/schema"), reply);
    }
    canned.start().await
}

#[tokio::test]
async fn requests_run_side_by_side_up_to_the_limit_and_keep_the_order() {
    let server = twelve_schemas_four_at_a_time().await;
    let mut config = server.config();
    config.concurrency = NonZeroUsize::new(4).unwrap();
    let mutation = Provider::new(config).unwrap().sync().await.unwrap().mutation;
    assert_eq!(server.most_under_way(), 4);
    let references: Vec<EntityRef> = mutation.entities().skip(3).map(understudy_provider::Entity::reference).collect();
    let expected: Vec<EntityRef> = (1..=12).map(|at| EntityRef::new("API", "default", &format!("api-{at}"))).collect();
    assert_eq!(references, expected);
}

#[tokio::test]
async fn versions_of_products_run_side_by_side_too() {
    let barrier = Arc::new(Barrier::new(2));
    let versions = |id: &str| {
        let body = format!(r#"[{{"id":"{id}-v1","name":"v1","apiSpec":{{}}}}]"#);
        Reply::Together(Arc::clone(&barrier), body)
    };
    let server = Canned::new()
        .gateway(r#"[{"id": "b"}, {"id": "a"}]"#)
        .on("GET /v1/api-products/a/versions", versions("a"))
        .on("GET /v1/api-products/b/versions", versions("b"))
        .start()
        .await;
    assert_snapshot!(server.apis().await, @r#"
    b-v1 ["gloo-platform", "api-version:v1"] {}
    a-v1 ["gloo-platform", "api-version:v1"] {}
    "#);
}

#[tokio::test]
async fn a_second_sync_looks_at_the_portal_afresh() {
    let server = Canned::new()
        .mesh("[]")
        .then("GET /v1/apis", status(404, ""))
        .on("GET /v1/api-products", json("[]"))
        .start()
        .await;
    let provider = Provider::new(server.config()).unwrap();
    provider.sync().await.unwrap();
    provider.sync().await.unwrap();
    assert_eq!(server.lines(), ["POST /token", "GET /v1/apis", "GET /v1/apis", "GET /v1/api-products"]);
}
