//! The enriched profile: what the portal tells, where Backstage's pages show it.

use insta::{assert_snapshot, assert_yaml_snapshot};
use understudy_provider::{Mapping, Mutation, Outcome, Profile, Provider, Retries};

use crate::support::{Canned, Server, json, status};

fn mapping(yaml: &str) -> Mapping {
    serde_saphyr::from_str(yaml).unwrap()
}

async fn outcome(server: &Server, mapping: Mapping) -> Outcome {
    let mut config = server.config();
    config.profile = Profile::Enriched(mapping);
    Provider::new(config).unwrap().sync().await.unwrap()
}

async fn enriched(server: &Server, mapping: Mapping) -> Mutation {
    server.without_port(&outcome(server, mapping).await.mutation)
}

const PLANS: &str = r#"[
  {"name": "gold", "authPolicies": [{"authType": "apiKeyAuth"}, {"authType": "oauth2"}],
   "rateLimitPolicy": {"unit": "SECOND", "requestsPerUnit": 100}, "apiIds": ["petstore-v1"]},
  {"name": "open", "authPolicies": [], "apiIds": []}
]"#;

const PETSTORE: &str = r#""apiId": "petstore-v1", "apiVersion": "v1", "title": "Petstore REST API", "description": "Pets.",
  "contact": "pets@example.com", "license": "Apache-2.0", "termsOfService": "https://example.com/terms",
  "lifecycle": "beta", "usagePlans": ["gold", "open", "gone | away"],
  "customMetadata": {"team": "shop-floor", "Cost center": "4711 (EU)", "backstage.io/managed-by-location": "url:x"},
  "openapiSpec": {"openapi": "3.0.3"}"#;

#[tokio::test]
async fn a_grouped_mesh_portal_shows_all_that_it_tells() {
    let server = Canned::new()
        .mesh(&format!(
            r#"[{{"apiProductId": "petstore", "apiProductDisplayName": "Petstore", "apiVersions": [
              {{{PETSTORE}}}, {{"apiId": "petstore-v2", "apiVersion": "v2", "openapiSpec": {{"openapi": "3.0.3"}}}}]}}]"#
        ))
        .on("GET /v1/usage-plans", json(PLANS))
        .start()
        .await;
    assert_yaml_snapshot!(enriched(&server, Mapping::default()).await);
}

#[tokio::test]
async fn a_flat_mesh_portal_shows_the_same() {
    let server = Canned::new()
        .mesh(&format!(r#"[{{"apiProductId": "petstore", "apiProductDisplayName": "Petstore", {PETSTORE}}}]"#))
        .on("GET /v1/usage-plans", json(PLANS))
        .start()
        .await;
    let mapping = mapping(
        "{owner: {default: platform, metadataKey: team, values: {shop-floor: group:default/shops}}, lifecycle: {beta: experimental}, metadataPrefix: portal.example.com}",
    );
    assert_yaml_snapshot!(enriched(&server, mapping).await);
}

#[tokio::test]
async fn a_gateway_portal_shows_all_that_it_tells() {
    let server = Canned::new()
        .gateway(
            r#"[{"id": "tracks", "name": "Tracks", "description": "Trains.", "apiKeyEnabled": true, "oauthEnabled": true,
                 "apiProductMetadata": {"team": "railway", "tier": 1}}]"#,
        )
        .on(
            "GET /v1/api-products/tracks/versions",
            json(
                r#"[{"id": "tracks-v1", "name": "v1", "title": "Tracks v1", "status": "published", "license": "in-house",
                     "documentation": "All *tracks*.", "termsOfService": "Ask first.", "apiSpec": {"openapi": "3.0.3"},
                     "productVersionMetadata": {"region": "eu"}},
                    {"id": "tracks-v2", "name": "v2", "status": "draft", "apiSpecError": "no such file"}]"#,
            ),
        )
        .start()
        .await;
    assert_yaml_snapshot!(enriched(&server, mapping("{owner: {metadataKey: team}}")).await);
    assert!(!server.lines().contains(&"GET /v1/usage-plans".to_owned()), "this family has none");
}

#[tokio::test]
async fn what_the_portal_does_not_tell_is_as_with_the_plugin() {
    let versions = r#"{"apiId": "a-v1", "openapiSpec": {"openapi": "3.0.3"}}"#;
    let server = Canned::new()
        .mesh(&format!(r#"[{{"apiVersions": [{versions}]}}]"#))
        .on("GET /v1/usage-plans", json("[]"))
        .start()
        .await;
    assert_yaml_snapshot!(enriched(&server, Mapping::default()).await.entities().skip(2).collect::<Vec<_>>());
}

#[tokio::test]
async fn members_of_another_kind_than_they_should_be_are_left_aside() {
    let versions = r#"{"apiId": "a-v1", "openapiSpec": {"openapi": "3.0.3"}, "title": 1, "contact": {}, "license": [],
        "lifecycle": true, "usagePlans": "gold", "customMetadata": ["x"], "termsOfService": null}"#;
    let server = Canned::new()
        .mesh(&format!(r#"[{{"apiProductId": "a", "apiVersions": [{versions}]}}]"#))
        .on("GET /v1/usage-plans", json("[]"))
        .start()
        .await;
    let mutation = enriched(&server, Mapping::default()).await;
    let entity = mutation.entities().last().unwrap();
    assert_eq!((entity.metadata.title.as_deref(), entity.metadata.links.len()), (Some("a-v1"), 0));
}

#[tokio::test]
async fn plans_that_cannot_be_read_stay_as_they_were() {
    let list = format!(r#"[{{"apiProductId": "petstore", "apiVersions": [{{{PETSTORE}}}]}}]"#);
    let server = Canned::new()
        .mesh(&list)
        .on("GET /v1/usage-plans", json(PLANS))
        .then("GET /v1/usage-plans", status(500, "boom"))
        .start()
        .await;
    let mut config = server.config();
    config.profile = Profile::Enriched(Mapping::default());
    let provider = Provider::new(config).unwrap();
    let (first, second) = (provider.sync().await.unwrap(), provider.sync().await.unwrap());
    assert_eq!(first.mutation, second.mutation);
    assert!(first.is_whole() && !second.is_whole());
    assert_snapshot!(server.hide_port(&second.notices[0].to_string()), @r#"the usage plans stay as they were last read: http://127.0.0.1:PORT/v1/usage-plans answered 500 Internal Server Error, "boom". Look at the logs of the portal and of the gateway before it"#);
}

#[tokio::test]
async fn a_change_of_the_plans_alone_changes_what_they_are_shown_on() {
    let list = format!(r#"[{{"apiProductId": "petstore", "apiVersions": [{{{PETSTORE}}}]}}]"#);
    let slower = PLANS.replace("100", "50");
    let server = Canned::new()
        .mesh(&list)
        .on("GET /v1/usage-plans", json(PLANS))
        .then("GET /v1/usage-plans", json(&slower))
        .start()
        .await;
    let mut config = server.config();
    config.profile = Profile::Enriched(Mapping::default());
    let provider = Provider::new(config).unwrap();
    provider.sync().await.unwrap();
    let delta = provider.sync().await.unwrap().delta.unwrap();
    let changed: Vec<_> = delta.entities().collect();
    assert_eq!(changed.len(), 1);
    assert!(changed[0].metadata.description.as_ref().unwrap().contains("| gold | 50 per second |"));
}

#[tokio::test]
async fn a_restart_while_the_portal_is_down_shows_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let list = format!(r#"[{{"apiProductId": "petstore", "apiVersions": [{{{PETSTORE}}}]}}]"#);
    let server = Canned::new()
        .mesh(&list)
        .then("GET /v1/apis", status(500, "boom"))
        .on("GET /v1/usage-plans", json(PLANS))
        .start()
        .await;
    let sync = || async {
        let mut config = server.config();
        config.profile = Profile::Enriched(Mapping::default());
        config.state_file = Some(folder.path().join("state"));
        config.retries = Retries::none();
        Provider::new(config).unwrap().sync().await.unwrap()
    };
    let (before, after) = (sync().await, sync().await);
    assert!(before.is_whole() && !after.is_whole());
    assert_eq!(before.mutation, after.mutation);
}

#[tokio::test]
async fn metadata_that_is_backstages_own_is_left_out_and_told() {
    let list = format!(r#"[{{"apiProductId": "petstore", "apiVersions": [{{{PETSTORE}}}]}}]"#);
    let server = Canned::new().mesh(&list).on("GET /v1/usage-plans", json(PLANS)).start().await;
    let outcome = outcome(&server, Mapping::default()).await;
    assert_snapshot!(outcome.notices.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), @"API `petstore-v1`: its custom metadata `backstage.io/managed-by-location` is left out, since such keys are Backstage's or the provider's own");
}
