//! Portals with which the published plugin does something wrong, and what is said of it.

use std::fs;
use std::time::Duration;

use insta::assert_snapshot;
use understudy::check::{Plan, Source, Status, examine};
use understudy::provider::ClientAuth;

use crate::content::{GATEWAY, PETSTORE, of, served, while_portal};
use crate::served::{Served, jwt, lasting, page, reply};
use crate::stand::{only, plan_of, stage, told};

async fn of_okta(issuer: &str, check: &str) -> String {
    let stage = stage(&format!("identity:\n  issuers: [{{face: okta{issuer}}}]\n")).await;
    told(&only(plan_of(&stage), check).await, check)
}

#[tokio::test]
async fn a_configuration_that_the_plugin_can_t_follow_is_told() {
    let stage = stage("quickstart").await;
    let mut config = stage.provider_config(&stage.issuer().unwrap()).unwrap();
    config.client_auth = ClientAuth::Basic;
    config.audience = Some("api://default".to_owned());
    let plan = Plan::new(Source::Given(Box::new(config))).variables(|_| None);
    assert_snapshot!(told(&only(plan, "plugin.client").await, "plugin.client"), @"
    warn: the configuration asks with the secret by HTTP Basic, and with an audience, and the plugin can't
    do: Let the client use client_secret_post, with a default scope. Or let `understudy serve` give Backstage the same entities without the plugin.
    ");
}

#[tokio::test]
async fn a_token_that_the_plugin_can_t_read_is_told() {
    assert_snapshot!(of_okta(", opaqueTokens: true", "plugin.token-jwt").await, @"
    warn: the token is no JWT that the plugin can read: it never schedules a sync
    do: Have the identity provider issue JWTs: in Okta, by a custom authorization server such as /oauth2/default. Or let `understudy serve` give Backstage the same entities: it does not look into the token.
    ");
}

#[tokio::test]
async fn a_token_that_makes_the_plugin_flood_the_identity_provider_is_told() {
    assert_snapshot!(of_okta(", dropClaims: [exp]", "plugin.token-refresh").await, @"
    warn: the token has no `exp`: the plugin asks for the next one about 600 times a second
    do: Okta: set the access token's lifetime in the rule under Access Policies. Keycloak: Realm settings > Tokens > Access Token Lifespan. Or let `understudy serve` give Backstage the same entities: it asks once a second at most, and once a day at least.
    ");
    assert_snapshot!(of_okta(", accessTokenLifetime: 720h", "plugin.token-refresh").await, @"
    warn: the token ends in 30 days, and the plugin's timer holds 24.8 days: it asks for the next one hundreds of times a second
    do: Okta: set the access token's lifetime in the rule under Access Policies. Keycloak: Realm settings > Tokens > Access Token Lifespan. Or let `understudy serve` give Backstage the same entities: it asks once a second at most, and once a day at least.
    ");
    let server = Served::with(&jwt(r#"{"alg":"RS256"}"#, r#"{"exp":"soon"}"#), []).await;
    assert_snapshot!(told(&only(server.plan(), "plugin.token-refresh").await, "plugin.token-refresh"), @"
    warn: the token's `exp` is no number: the plugin can't time the next one, and asks without end
    do: Okta: set the access token's lifetime in the rule under Access Policies. Keycloak: Realm settings > Tokens > Access Token Lifespan. Or let `understudy serve` give Backstage the same entities: it asks once a second at most, and once a day at least.
    ");
    let server = Served::with(&jwt(r#"{"alg":"RS256"}"#, r#"{"exp":1700000000}"#), []).await;
    assert_snapshot!(told(&only(server.plan(), "plugin.token-refresh").await, "plugin.token-refresh"), @"
    warn: the token has ended by this machine's clock: each sync fails with `Not initialized`
    do: Set the clocks of the identity provider and of Backstage's machine by NTP. Or let `understudy serve` give Backstage the same entities without the plugin: it does none of this.
    ");
}

#[tokio::test]
async fn a_first_sync_that_comes_too_early_is_told() {
    let stage = stage("quickstart").await;
    let said = told(&only(plan_of(&stage), "plugin.first-sync").await, "plugin.first-sync");
    insta::with_settings!({filters => [(r"within \d+\.\d s", "within [time]")].to_vec()}, {
        assert_snapshot!(said, @"
        warn: the token comes within [time], before a Backstage that starts has connected the plugin: its first sync fails with `Not initialized`, and the catalog is empty for 5 min after each start
        do: Set `syncFrequency: {seconds: 30}` in the app-config, or wait that long after a start. Or let `understudy serve` give Backstage the same entities without the plugin: it does none of this.
        ");
    });
    let mut config = stage.provider_config(&stage.issuer().unwrap()).unwrap();
    config.schedule.frequency = Duration::from_secs(10);
    let plan = Plan::new(Source::Given(Box::new(config))).variables(|_| None);
    assert!(told(&only(plan, "plugin.first-sync").await, "plugin.first-sync").starts_with("pass"));
}

#[tokio::test]
async fn a_log_that_would_hold_the_token_is_told() {
    let stage = stage("quickstart").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app-config.yaml");
    let issuer = stage.issuer().unwrap();
    let (portal, endpoint) = (stage.portal_server_url(), issuer.token_endpoint);
    let yaml = format!(
        "glooPlatformPortal:\n  backend:\n    portalServerUrl: {portal}\n    tokenEndpoint: {endpoint}\n    clientId: backstage\n    \
         clientSecret: backstage-dev-secret\n    debugLogging: true\n"
    );
    fs::write(&file, yaml).unwrap();
    let plan = Plan::new(Source::AppConfig(vec![file])).variables(|_| None);
    assert_snapshot!(told(&only(plan, "plugin.debug-logging").await, "plugin.debug-logging"), @"
    warn: `debugLogging` is on: the plugin writes the bearer token to the log
    do: Set `debugLogging: false`, and take the tokens that were logged for known.
    ");
}

#[tokio::test]
async fn a_flat_list_beside_another_is_told() {
    let list = r#"[{"apiId":"a-v1","apiProductId":"a","openapiSpec":{"openapi":"3.0.3"}}]"#;
    let replies =
        [("GET /v1/apis", reply(200, list)), ("GET /v1/api-products", reply(404, r#"{"message":"not found"}"#))];
    assert_snapshot!(served(replies, "plugin.list").await, @"
    warn: the list is flat, so that the plugin asks http://localhost:[port]/v1/api-products as well; that answers 404 Not Found with JSON, which the plugin takes in place of the list: the APIs are gone
    do: Upgrade Gloo Mesh Gateway to 2.5 or later, whose list is grouped, or have the route answer /api-products with 404 and no JSON. Or let `understudy serve` give Backstage the same entities without the plugin.
    ");
    let stage = stage("gloo-mesh-flat").await;
    assert!(told(&only(plan_of(&stage), "plugin.list").await, "plugin.list").starts_with("pass: the list is flat"));
}

#[tokio::test]
async fn an_api_of_no_product_is_told_since_the_plugin_leaves_it_out() {
    let list = r#"[{"apiId":"a-v1","openapiSpec":{"openapi":"3.0.3"}}]"#;
    let replies = [("GET /v1/apis", reply(200, list)), ("GET /v1/api-products", page(404))];
    assert_snapshot!(served(replies, "plugin.list").await, @"
    warn: the list is flat, and the plugin leaves out `a-v1`: no `apiProductId` is told of it
    do: Upgrade Gloo Mesh Gateway to 2.5 or later, whose list is grouped, or have the route answer /api-products with 404 and no JSON. Or let `understudy serve` give Backstage the same entities without the plugin: it does none of this.
    ");
}

#[tokio::test]
async fn documents_that_are_strings_are_told() {
    let product = "{id: orders, versions: [{name: v1, specForm: json-text}, {name: v2, specForm: yaml-text}]}";
    assert_snapshot!(of(GATEWAY, &[PETSTORE, product], "plugin.text-documents").await, @"
    warn: the document of `orders-v1` and `orders-v2` is a string, which the plugin quotes once more: Backstage can't render it
    do: Let `understudy serve` give Backstage the same entities: it unpacks such documents.
    ");
}

#[tokio::test]
async fn versions_without_a_document_are_told() {
    let product = "{id: orders, versions: [{name: v1, specForm: missing}]}";
    assert_snapshot!(of(GATEWAY, &[PETSTORE, product], "plugin.missing-documents").await, @"
    warn: `orders-v1` has no document: the plugin's entity has no definition, and Backstage refuses it
    do: Give the API a document, by an ApiDoc or an ApiSchemaDiscovery. Or let `understudy serve` give Backstage a document in its place that says what is missing.
    ");
}

#[tokio::test]
async fn a_document_that_fails_is_told_with_what_the_plugin_deletes() {
    let json = "{server: portal, path: /v1/apis/tracks-v1/schema, does: {status: 500}}";
    assert_snapshot!(while_portal(json, "plugin.failing-documents").await, @"
    warn: the plugin takes the error that comes in place of the document of `tracks-v1` for the document
    do: Repair what `content.documents-read` names. Or let `understudy serve` give Backstage the entities: it keeps what it had.
    ");
    let text = "{server: portal, path: /v1/apis/petstore-v1/schema, does: {status: {code: 502, body: 'bad gateway'}}}";
    assert_snapshot!(while_portal(text, "plugin.failing-documents").await, @"
    warn: at the document of `petstore-v1`, which is no JSON, the plugin gives up and deletes 2 APIs from there on
    do: Repair what `content.documents-read` names. Or let `understudy serve` give Backstage the entities: it keeps what it had.
    ");
}

#[tokio::test]
async fn a_product_whose_versions_fail_is_told_with_what_the_plugin_deletes() {
    let replies = [("GET /v1/api-products", reply(200, r#"[{"id":"petstore"}]"#))];
    assert_snapshot!(served(replies, "plugin.failing-documents").await, @"
    warn: the plugin deletes the APIs of `petstore`, whose versions can't be read
    do: Repair what `content.documents-read` names. Or let `understudy serve` give Backstage the entities: it keeps what it had.
    ");
}

#[tokio::test]
async fn names_that_the_plugin_spoils_are_told() {
    let product = "{id: orders, versions: [{name: v1 beta}, {name: v1/beta}, {name: (x)}]}";
    assert_snapshot!(of(GATEWAY, &[PETSTORE, product], "plugin.names").await, @"
    warn: the plugin gives `orders-v1 beta` and `orders-v1/beta` names that they share, of which Backstage keeps one each; Backstage refuses the names that the plugin gives `orders-(x)`
    do: Give these APIs ids of lower-case letters, digits and dashes. Or let `understudy serve` give Backstage the same entities: it gives such APIs a name with a hash.
    ");
}

#[tokio::test]
async fn requests_that_take_too_long_one_after_the_other_are_told() {
    let stage = stage("portal:\n  family: gloo-gateway\n  products: [{id: a}, {id: b}, {id: c}, {id: d}]\n").await;
    let fault = "{server: portal, path: /v1/api-products/*/versions, does: {latency: {by: 150ms}}}";
    let _fault = stage.fault(serde_saphyr::from_str(fault).unwrap()).unwrap();
    let mut config = stage.provider_config(&stage.issuer().unwrap()).unwrap();
    config.schedule.timeout = Duration::from_millis(500);
    let plan = Plan::new(Source::Given(Box::new(config))).variables(|_| None);
    let said = told(&only(plan, "plugin.sync-time").await, "plugin.sync-time");
    let filters = [(r"\d+\.\d s", "[time]"), (r"\d+ ms", "[time]")];
    insta::with_settings!({filters => filters.to_vec()}, {
        assert_snapshot!(said, @"
        warn: the plugin makes 4 requests one after the other, about [time] by the median of [time]: more than syncTimeout ([time]), so that no sync ends
        do: Raise `syncTimeout` in the app-config, such as `{minutes: 5}`. Or let `understudy serve` give Backstage the same entities: it makes 16 requests at a time.
        ");
    });
}

#[tokio::test]
async fn the_plugin_only_warns() {
    let server = Served::with(
        &lasting(),
        [("GET /v1/apis", reply(200, r#"[{"apiProductId":"a","apiVersions":[{"apiId":"( )"}]}]"#))],
    )
    .await;
    let report = examine(server.plan()).await;
    let of_plugin = report.findings().iter().filter(|finding| finding.check.id.starts_with("plugin."));
    assert!(of_plugin.clone().any(|finding| finding.status == Status::Warn));
    assert!(of_plugin.clone().all(|finding| finding.status != Status::Fail), "{}", report.text());
}
