//! A running Backstage whose catalog is not what it should be: a small server that answers as one does.

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse as _;
use axum::routing::get;
use serde_json::{Value, json};
use understudy::Stage;
use understudy::check::{Plan, Report};
use url::Url;

use crate::stand::{only, plan, plan_of, stage, told};

/// What our provider makes of a stage, as a catalog shows it.
async fn synced(stage: &Stage) -> Vec<Value> {
    let outcome = stage.provider().unwrap().sync().await.unwrap();
    outcome.mutation.entities().map(|entity| serde_json::to_value(entity).unwrap()).collect()
}

async fn served(router: Router) -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Url::parse(&url).unwrap()
}

/// A backend whose catalog holds these, two a page.
async fn backstage(entities: Vec<Value>) -> Url {
    let page = move |uri: Uri| async move {
        let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let cursor = query.into_owned().find(|(key, _)| key == "cursor").map_or(0, |(_, value)| value.parse().unwrap());
        let items: Vec<&Value> = entities.iter().skip(cursor).take(2).collect();
        let next = (cursor + 2 < entities.len()).then(|| (cursor + 2).to_string());
        json!({ "items": items, "totalItems": entities.len(), "pageInfo": { "nextCursor": next } }).to_string()
    };
    served(Router::new().route("/api/catalog/entities/by-query", get(page))).await
}

/// What is found of a Backstage that should hold what the stage shows.
async fn found(stage: &Stage, backend: Url) -> Report {
    let mut plan = plan_of(stage);
    plan.backstage = Some(backend);
    only(plan, "backstage").await
}

async fn of(stage: &Stage, entities: Vec<Value>) -> Report {
    found(stage, backstage(entities).await).await
}

fn is_named(entity: &Value, name: &str) -> bool {
    entity["metadata"]["name"] == name
}

#[tokio::test]
async fn a_catalog_that_holds_what_it_should_passes() {
    let stage = stage("quickstart").await;
    let report = of(&stage, synced(&stage).await).await;
    assert_eq!(report.exit_code(), 0, "{}", report.text());
    insta::assert_snapshot!(told(&report, "backstage.apis-missing"), @"pass: all 2 are there");
}

#[tokio::test]
async fn none_of_the_three_means_that_the_plugin_never_synced() {
    let stage = stage("quickstart").await;
    let report =
        of(&stage, vec![json!({ "apiVersion": "v1", "kind": "Component", "metadata": { "name": "a" } })]).await;
    assert_eq!(report.exit_code(), 1);
    insta::assert_snapshot!(told(&report, "backstage.owners"), @"
    fail: the catalog holds the Group, the User and the System of no portal (its entities: 1): the plugin is not registered, its configuration is not loaded, or it never got a token
    do: Register the plugin in packages/backend/src/index.ts (`createBackendModule` with `pluginId: 'catalog'`, which calls `catalog.addEntityProvider`), and deploy that build. Have Backstage load the file with `glooPlatformPortal.backend` (each `--config` of its command; with one, no app-config.local.yaml is loaded by itself). Mend what `client` and `token` say, and restart Backstage: the plugin asks for its first token once. `kubectl logs deploy/backstage | understudy check --log -` tells which it is.
    ");
    insta::assert_snapshot!(told(&report, "backstage.apis"), @"skip: it needs what `backstage.owners` finds, which failed");
}

#[tokio::test]
async fn some_of_the_three_are_named() {
    let stage = stage("quickstart").await;
    let mut entities = synced(&stage).await;
    entities.retain(|entity| entity["kind"] != "User");
    insta::assert_snapshot!(told(&of(&stage, entities).await, "backstage.owners"), @"
    fail: missing: user:default/gloo-platform-portal-service-account; there: group:default/solo-io-service-accounts, system:default/gloo-platform-portal-apis
    do: `kubectl logs deploy/backstage | understudy check --log -` tells which it is. Remove the other one (its page in Backstage > ⋮ > Unregister entity, or its `catalog.locations` entry), or rename the API in the portal.
    ");
}

#[tokio::test]
async fn all_three_and_no_api_mean_that_the_list_was_refused_or_empty() {
    let stage = stage("quickstart").await;
    let mut entities = synced(&stage).await;
    entities.retain(|entity| entity["kind"] != "API");
    insta::assert_snapshot!(told(&of(&stage, entities).await, "backstage.apis"), @"
    fail: there is none, though the portal shows 2 to this client: Backstage's list was refused or empty
    do: The plugin takes a list that is refused (401, 403, a login page, 5xx) for an empty one and says nothing: mend what `portal` says, or have a PortalGroup match the token's claims; the next sync brings the APIs.
    ");
}

#[tokio::test]
async fn without_a_target_it_is_triaged_by_what_is_there() {
    let stage = stage("quickstart").await;
    let mut entities = synced(&stage).await;
    entities.retain(|entity| entity["kind"] != "API");
    let mut plan = Plan::new(understudy::check::Source::None).variables(|_| None);
    plan.backstage = Some(backstage(entities).await);
    let report = only(plan, "backstage").await;
    insta::assert_snapshot!(told(&report, "backstage.apis"), @"
    fail: there is none: the list was refused, or is empty for the service account
    do: The plugin takes a list that is refused (401, 403, a login page, 5xx) for an empty one and says nothing: mend what `portal` says, or have a PortalGroup match the token's claims; the next sync brings the APIs.
    ");
    insta::assert_snapshot!(told(&report, "backstage.portal"), @"skip: they come from url:http://localhost:[port]/v1, and no portal is named to compare that with");
}

#[tokio::test]
async fn an_api_that_the_catalog_refuses_is_told_with_the_rule() {
    let stage = stage("portal:\n  products:\n    - {id: orders, versions: [{name: v1, id: 'orders!'}]}\n    - {id: a, versions: [{name: v1}]}\n").await;
    let mut entities = synced(&stage).await;
    entities.retain(|entity| entity["metadata"]["title"] != "orders!");
    insta::assert_snapshot!(told(&of(&stage, entities).await, "backstage.apis-missing"), @"
    fail: the catalog refuses what the plugin makes of `orders!`: metadata.name is `orders-`, but must be 1 to 63 characters, sequences of [A-Za-z0-9] separated by any of [-_.]
    do: Change the API's id or document in the portal so that the rule holds, or serve the entities by `understudy serve`, which gives the nearest that Backstage takes.
    ");
}

#[tokio::test]
async fn an_api_whose_name_is_taken_is_told_with_who_has_it() {
    let stage = stage("quickstart").await;
    let mut entities = synced(&stage).await;
    let taken = entities.iter_mut().find(|entity| is_named(entity, "petstore-v1")).unwrap();
    taken["metadata"]["annotations"]["backstage.io/managed-by-location"] =
        json!("url:https://git.example/catalog-info.yaml");
    insta::assert_snapshot!(told(&of(&stage, entities).await, "backstage.apis-missing"), @"
    fail: the name is taken: api:default/petstore-v1 comes from url:https://git.example/catalog-info.yaml
    do: Remove the other one (its page in Backstage > ⋮ > Unregister entity, or its `catalog.locations` entry), or rename the API in the portal.
    ");
}

#[tokio::test]
async fn an_api_that_is_missing_for_no_reason_that_shows_is_told() {
    let stage = stage("quickstart").await;
    let mut entities = synced(&stage).await;
    entities.retain(|entity| !is_named(entity, "tracks-v1"));
    insta::assert_snapshot!(told(&of(&stage, entities).await, "backstage.apis-missing"), @"
    fail: 1 of 2 are missing: api:default/tracks-v1
    do: Wait for one syncFrequency and look again. Where it is still so, the catalog refused it without a word here: its log has `Policy check failed for` that entity.
    ");
}

#[tokio::test]
async fn what_is_stale_an_orphan_or_has_another_definition_is_named() {
    let stage = stage("quickstart").await;
    let mut entities = synced(&stage).await;
    let mut gone = entities.iter().find(|entity| is_named(entity, "tracks-v1")).unwrap().clone();
    gone["metadata"]["name"] = json!("gone-v1");
    gone["metadata"]["annotations"]["backstage.io/orphan"] = json!("true");
    gone["spec"]["definition"] = json!("{}");
    let changed = entities.iter_mut().find(|entity| is_named(entity, "petstore-v1")).unwrap();
    changed["spec"]["definition"] = json!(r#"{"openapi":"3.0.3","info":{"title":"Other"}}"#);
    entities.push(gone);
    let report = of(&stage, entities).await;
    insta::assert_snapshot!(told(&report, "backstage.stale"), @"
    warn: the portal does not show api:default/gone-v1
    do: Wait for one syncFrequency and look again. Where it stays, the plugin syncs no more: restart Backstage, and look at its log.
    ");
    insta::assert_snapshot!(told(&report, "backstage.orphans"), @"
    warn: nobody gives them any more: api:default/gone-v1
    do: Delete them (the entity's page > ⋮ > Unregister entity), or let Backstage do so with `catalog.orphanStrategy: delete`.
    ");
    insta::with_settings!({filters => vec![(r"[0-9a-f]{16} of \d+ bytes", "[document]")]}, {
        insta::assert_snapshot!(told(&report, "backstage.definitions"), @"
        fail: api:default/petstore-v1: the definition should be [document] and is [document]; they differ first at /components: should be an object of 4 members, is not there
        do: Wait for one syncFrequency and look again. Where it stays, the plugin syncs no more: restart Backstage, and look at its log.
        ");
    });
}

#[tokio::test]
async fn a_document_that_the_plugin_has_put_into_quotes_is_told() {
    let stage = stage("quickstart").await;
    let mut entities = synced(&stage).await;
    let quoted = entities.iter_mut().find(|entity| is_named(entity, "petstore-v1")).unwrap();
    quoted["spec"]["definition"] = quoted["spec"]["definition"].to_string().into();
    insta::assert_snapshot!(told(&of(&stage, entities).await, "backstage.definitions"), @"
    fail: a document in quotes, and not the document, is in api:default/petstore-v1
    do: The portal gives the document as a text, and the plugin puts that into quotes: have the portal give it as a JSON object, or serve the entities by `understudy serve`.
    ");
}

#[tokio::test]
async fn an_api_that_two_ways_give_is_told_with_both() {
    let stage = stage("quickstart").await;
    let mut entities = synced(&stage).await;
    let mut twice = entities.iter().find(|entity| is_named(entity, "tracks-v1")).unwrap().clone();
    twice["metadata"]["name"] = json!("tracks");
    twice["metadata"]["annotations"]["backstage.io/managed-by-location"] =
        json!("url:https://git.example/catalog-info.yaml");
    entities.push(twice);
    insta::assert_snapshot!(told(&of(&stage, entities).await, "backstage.duplicates"), @"
    warn: one document is there twice: api:default/tracks from url:https://git.example/catalog-info.yaml and api:default/tracks-v1 from url:http://localhost:[port]/v1/apis
    do: Take one of the two ways: the plugin, or a `catalog.locations` entry such as of `understudy serve`; remove the other, and unregister what it gave.
    ");
}

#[tokio::test]
async fn an_error_that_the_catalog_tells_of_an_entity_is_told() {
    let stage = stage("quickstart").await;
    let mut entities = synced(&stage).await;
    let bad = entities.iter_mut().find(|entity| is_named(entity, "tracks-v1")).unwrap();
    bad["status"] =
        json!({ "items": [{ "level": "error", "message": "InputError: Policy check failed;\n caused by TypeError" }] });
    insta::assert_snapshot!(told(&of(&stage, entities).await, "backstage.errors"), @"
    fail: api:default/tracks-v1: InputError: Policy check failed; caused by TypeError
    do: Do what the message says; where it names a rule, mend the API in the portal.
    ");
}

#[tokio::test]
async fn entities_of_the_plugins_default_portal_mean_that_it_finds_no_portal_server_url() {
    let stage = stage("quickstart").await;
    let mut entities = synced(&stage).await;
    for entity in &mut entities {
        entity["metadata"]["annotations"]["backstage.io/managed-by-location"] = json!("url:http://localhost:31080/v1");
    }
    let report = of(&stage, entities).await;
    assert!(
        told(&report, "backstage.portal").contains("http://localhost:[port]/v1, the plugin's default"),
        "{}",
        report.text()
    );
    assert!(
        told(&report, "backstage.portal").contains("do: Set glooPlatformPortal.backend.portalServerUrl"),
        "{}",
        report.text()
    );
}

#[tokio::test]
async fn who_is_turned_away_is_told_how_to_be_let_in() {
    let stage = stage("quickstart").await;
    let refusing = |status: StatusCode| Router::new().fallback(move || async move { status });
    let report = found(&stage, served(refusing(StatusCode::UNAUTHORIZED)).await).await;
    insta::assert_snapshot!(told(&report, "backstage.lets-in"), @"
    fail: the catalog answers 401 Unauthorized without a token, and lets no guest in
    do: Set BACKSTAGE_TOKEN to a static token that Backstage allows: `backend.auth.externalAccess` in its app-config, with `type: static` and `options: {token: ${…}, subject: understudy}`.
    ");
    let mut with_token = plan([("BACKSTAGE_TOKEN", "a-static-token-of-nobody")]);
    with_token.backstage = Some(served(refusing(StatusCode::FORBIDDEN)).await);
    with_token.source = understudy::check::Source::None;
    insta::assert_snapshot!(told(&only(with_token, "backstage").await, "backstage.lets-in"), @"
    fail: the catalog answers 403 Forbidden by BACKSTAGE_TOKEN
    do: The caller is known and not allowed to read the catalog: have the permission policy allow `catalog.entity.read`, or take a token of a subject that may.
    ");
}

#[tokio::test]
async fn where_guests_are_let_in_it_looks_as_one() {
    let stage = stage("quickstart").await;
    let entities = synced(&stage).await;
    let page = move |headers: HeaderMap| async move {
        match headers.get("authorization").and_then(|header| header.to_str().ok()) {
            Some("Bearer token-of-the-guest") => {
                json!({ "items": entities, "pageInfo": {} }).to_string().into_response()
            }
            _ => StatusCode::UNAUTHORIZED.into_response(),
        }
    };
    let session = || async { json!({ "backstageIdentity": { "token": "token-of-the-guest" } }).to_string() };
    let router =
        Router::new().route("/api/catalog/entities/by-query", get(page)).route("/api/auth/guest/refresh", get(session));
    let report = found(&stage, served(router).await).await;
    insta::assert_snapshot!(told(&report, "backstage.lets-in"), @"pass: the catalog can be read as a guest");
    assert!(!report.text().contains("token-of-the-guest"));
}

#[tokio::test]
async fn a_backend_without_pages_is_read_at_once() {
    let stage = stage("quickstart").await;
    let entities = synced(&stage).await;
    let router = Router::new().route("/api/catalog/entities", get(|| async move { Value::from(entities).to_string() }));
    let report = found(&stage, served(router).await).await;
    insta::assert_snapshot!(told(&report, "backstage.reachable"), @"pass: the catalog of http://localhost:[port]/ holds 5 entities");
}

#[tokio::test]
async fn what_is_no_backend_is_told() {
    let stage = stage("quickstart").await;
    let frontend = Router::new().fallback(|| async { "<!doctype html><title>Backstage</title>" });
    let report = found(&stage, served(frontend).await).await;
    insta::assert_snapshot!(told(&report, "backstage.reachable"), @"
    fail: http://localhost:[port]/ answered 200 OK with a page, as a frontend does, and not with a catalog
    do: Name the backend's URL, such as http://localhost:[port]: in development the frontend has a port of its own (3000), and in Kubernetes `kubectl port-forward deploy/backstage 7007` makes it reachable.
    ");
    let nobody = found(&stage, Url::parse("http://localhost:1").unwrap()).await;
    assert_eq!(nobody.exit_code(), 3, "{}", nobody.text());
}
