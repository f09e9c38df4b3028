//! What portals show that is not as Backstage would have it, and what is said of it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use insta::assert_snapshot;
use understudy::Stage;
use understudy::check::{Plan, Source};

use crate::served::{Reply, Served, lasting, reply};
use crate::stand::{only, plan_of, stage, told};

const OPENAPI: &str = r#"{"openapi":"3.0.3","info":{"title":"A","version":"1"},"paths":{}}"#;

/// What a check says of a portal with these products, each a line of YAML.
pub(crate) async fn of(portal: &str, products: &[&str], check: &str) -> String {
    let stage = stage(&scenario(portal, products)).await;
    told(&only(plan_of(&stage), check).await, check)
}

pub(crate) fn scenario(portal: &str, products: &[&str]) -> String {
    let products: String = products.iter().map(|product| format!("    - {product}\n")).collect();
    format!("portal:\n{portal}  products:\n{products}")
}

/// What a check says of the quickstart while this goes wrong.
pub(crate) async fn while_portal(fault: &str, check: &str) -> String {
    let stage = stage("quickstart").await;
    let _fault = stage.fault(serde_saphyr::from_str(fault).unwrap()).unwrap();
    told(&only(plan_of(&stage), check).await, check)
}

/// A portal that answers so to a token.
pub(crate) async fn served(replies: impl IntoIterator<Item = (&'static str, Reply)>, check: &str) -> String {
    let server = Served::with(&lasting(), replies).await;
    told(&only(server.plan(), check).await, check)
}

pub(crate) const PETSTORE: &str = "{id: petstore, versions: [{name: v1}]}";
pub(crate) const GATEWAY: &str = "  family: gloo-gateway\n";

#[tokio::test]
async fn an_item_that_can_t_be_understood_is_told() {
    let list = r#"[{"apiProductId":"p","apiVersions":[{"apiId":"a"},{"apiId":7}]}]"#;
    assert_snapshot!(served([("GET /v1/apis", reply(200, list))], "content.list").await, @"
    fail: product `p`, apiVersions[1] in the answer of http://localhost:[port]/v1/apis cannot be understood: its apiId is a number, not a string
    do: Correct the resource that the item comes from: the RouteTable's `portalMetadata` (Gloo Mesh Gateway), or the ApiProduct (Gloo Gateway).
    ");
}

#[tokio::test]
async fn a_document_that_can_t_be_fetched_is_told_with_its_api() {
    let fault = "{server: portal, path: /v1/apis/tracks-v1/schema, does: {status: 500}}";
    assert_snapshot!(while_portal(fault, "content.documents-read").await, @r#"
    fail: the documents of 1 API can't be read:
        API `tracks-v1`: http://localhost:[port]/v1/apis/tracks-v1/schema answered 500 Internal Server Error, "Internal Server Error". Look at the logs of the portal and of the gateway before it
    do: Look at the ApiDoc of the API's Service: `kubectl get apidocs -A`; the portal shows what is in its `spec.openapi.inlineString`.
    "#);
}

#[tokio::test]
async fn a_product_whose_versions_can_t_be_read_is_told() {
    let list = reply(200, r#"[{"id":"petstore"}]"#);
    let replies = [
        ("GET /v1/api-products", list),
        ("GET /v1/api-products/petstore/versions", reply(404, r#"{"message":"no such product"}"#)),
    ];
    assert_snapshot!(served(replies, "content.documents-read").await, @r#"
    fail: the versions of 1 product can't be read:
        product `petstore`: http://localhost:[port]/v1/api-products/petstore/versions answered 404 Not Found, "no such product". Is this the portal's REST server, and has the portal changed in the meantime?
    do: Look at the portal server's log for this API or product.
    "#);
}

#[tokio::test]
async fn an_api_without_a_document_is_told() {
    let product = "{id: orders, versions: [{name: v1, specFetchError: 'dial tcp: i/o timeout'}]}";
    assert_snapshot!(of("  shape: flat\n", &[PETSTORE, product], "content.documents-openapi").await, @"
    warn: the portal has no document for `orders-v1` (dial tcp: i/o timeout): Backstage can't render it
    do: Let the portal find the document: an ApiSchemaDiscovery that names where the Service serves it, or an ApiDoc with it.
    ");
}

#[tokio::test]
async fn a_document_that_is_no_openapi_is_told() {
    let fault = r#"{server: portal, path: /v1/apis/tracks-v1/schema, does: {status: {code: 200, body: '{"message":"hello"}'}}}"#;
    assert_snapshot!(while_portal(fault, "content.documents-openapi").await, @r#"
    warn: what the portal has for `tracks-v1` is no OpenAPI document: Backstage can't render it
    do: Correct the document: it needs `openapi: 3.x.y` or `swagger: "2.0"` at its top.
    "#);
}

#[tokio::test]
async fn names_that_collide_or_are_refused_or_cut_are_told() {
    let long = format!(
        "{{id: orders, versions: [{{name: v1 beta}}, {{name: v1/beta}}, {{name: (x)}}, {{name: {}}}]}}",
        "long".repeat(16)
    );
    assert_snapshot!(of(GATEWAY, &[PETSTORE, &long], "content.names").await, @"
    warn: not every API's id makes a whole name of its own that Backstage takes:
        `orders-v1 beta` and `orders-v1/beta` make the name `orders-v1-beta`
        Backstage refuses the name that the id makes of `orders-(x)`
        a name has 62 characters of an id, and there are more in `orders-longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglong`
    do: Give the API an id of lower-case letters, digits and dashes, of 62 characters at most: `apiProductId` and `apiVersion` in the RouteTable's `portalMetadata`, or the ApiProduct's `spec.id` and the version's `apiVersion`.
    ");
}

#[tokio::test]
async fn what_had_to_be_mended_is_told() {
    let product = "{id: orders, versions: [{name: v1 (beta), id: orders-beta}]}";
    assert_snapshot!(of(GATEWAY, &[PETSTORE, product], "content.entities-valid").await, @"
    warn: Backstage takes all 5 entities, 2 APIs of them, after something was mended:
        API `orders-beta`: its version `v1 (beta)` makes the tag `api-version:v1-beta-`, which Backstage refuses; it has `api-version:v1-beta` instead
    do: Correct what the message names in the API's resource; until then the catalog gets the nearest that is valid.
    ");
}

#[tokio::test]
async fn an_api_that_stands_in_the_list_twice_is_told() {
    let fault = "{server: portal, path: /v1/apis, does: {items: duplicate}}";
    let said = while_portal(fault, "content.entities-valid").await;
    assert!(said.starts_with("warn: ") && said.contains("`petstore-v1`"), "{said}");
}

#[tokio::test]
async fn the_entities_are_counted() {
    assert_snapshot!(of("", &[PETSTORE], "content.entities-valid").await, @"pass: Backstage takes all 4 entities, 1 API of them");
}

/// A plan for a stage whose syncs may take so long.
fn within(stage: &Stage, timeout: Duration) -> Plan {
    let mut config = stage.provider_config(&stage.issuer().unwrap()).unwrap();
    config.schedule.timeout = timeout;
    let mut plan = Plan::new(Source::Given(Box::new(config))).variables(|_| None);
    plan.clock = stage.provider_clock();
    plan
}

#[tokio::test]
async fn a_sync_that_takes_most_of_its_time_is_told() {
    let stage = stage("quickstart").await;
    let fault = "{server: portal, path: /v1/apis/*/schema, does: {latency: {by: 400ms}}}";
    let _fault = stage.fault(serde_saphyr::from_str(fault).unwrap()).unwrap();
    let said = told(&only(within(&stage, Duration::from_millis(780)), "content.sync-time").await, "content.sync-time");
    insta::with_settings!({filters => [(r"\d+\.\d s", "[time]")].to_vec()}, {
        assert_snapshot!(said, @"
        warn: reading 2 API versions took [time], more than half of syncTimeout ([time])
        do: Raise `syncTimeout` in the app-config, such as `{minutes: 2}`, and let more requests run at once.
        ");
    });
}

#[tokio::test]
async fn a_sync_that_does_not_end_in_its_time_is_told() {
    let stage = stage("quickstart").await;
    let fault = "{server: portal, path: /v1/apis/tracks-v1/schema, does: {latency: {by: 1h}}}";
    let _fault = stage.fault(serde_saphyr::from_str(fault).unwrap()).unwrap();
    let said = told(&only(within(&stage, Duration::from_millis(500)), "content.sync-time").await, "content.sync-time");
    insta::with_settings!({filters => [(r"\d+\.\d s", "[time]")].to_vec()}, {
        assert_snapshot!(said, @"
        fail: reading 2 API versions took [time] and did not end within syncTimeout ([time])
        do: Raise `syncTimeout` in the app-config, such as `{minutes: 2}`, and let more requests run at once.
        ");
    });
}

#[tokio::test]
async fn a_portal_that_shows_something_else_each_time_is_told() {
    let token = lasting();
    let answer = format!(r#"{{"access_token":"{token}","token_type":"Bearer"}}"#);
    let count = AtomicUsize::new(0);
    let server = Served::by(move |asked| match asked.line.as_str() {
        "POST /token" => Some(reply(200, &answer)),
        "GET /v1/apis" => Some(reply(200, r#"[{"apiProductId":"a","apiVersions":[{"apiId":"a-v1"}]}]"#)),
        "GET /v1/apis/a-v1/schema" => {
            let count = count.fetch_add(1, Ordering::Relaxed);
            Some(reply(200, OPENAPI.replace("\"1\"", &format!("\"{count}\""))))
        }
        _ => None,
    })
    .await;
    assert_snapshot!(told(&only(server.plan(), "content.steady").await, "content.steady"), @"
    warn: a second sync right after the first changes `api:default/a-v1`
    do: Look for two portal servers behind the same host that show different things, and at documents that are made anew for each request, such as with a time in them.
    ");
}

#[tokio::test]
async fn a_portal_that_can_t_be_read_the_second_time_is_told() {
    let stage = stage("quickstart").await;
    // The first is asked of the door, with a token and twice without a good one; then comes the first sync.
    let fault = "{server: portal, path: /v1/apis, does: {status: 500}, when: {nth: 3}}";
    let _fault = stage.fault(serde_saphyr::from_str(fault).unwrap()).unwrap();
    let said = told(&only(plan_of(&stage), "content.steady").await, "content.steady");
    assert_snapshot!(said, @r#"
    fail: the second time, the portal can't be read: http://localhost:[port]/v1/apis answered 500 Internal Server Error, "Internal Server Error". Look at the logs of the portal and of the gateway before it
    do: Look for two portal servers behind the same host that show different things, and at documents that are made anew for each request, such as with a time in them.
    "#);
}
