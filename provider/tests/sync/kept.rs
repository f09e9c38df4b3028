//! What a provider keeps from one sync to the next, so that nothing that was synced is lost by a bad day.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use understudy_provider::{Mutation, Outcome, Provider};

use crate::support::{Canned, Reply, Server, json, status, tagged};

const ONE: &str = r#"[{"apiProductId": "a", "apiVersions": [{"apiId": "a-v1"}]}]"#;
const TWO: &str = r#"[{"apiProductId": "a", "apiVersions": [{"apiId": "a-v1"}, {"apiId": "a-v2"}]}]"#;

fn mesh(lists: impl IntoIterator<Item = Reply>) -> Canned {
    let canned = Canned::new()
        .on("GET /v1/apis/a-v1/schema", json(r#"{"openapi":"a-v1"}"#))
        .on("GET /v1/apis/a-v2/schema", json(r#"{"openapi":"a-v2"}"#));
    replies(canned, "GET /v1/apis", lists)
}

fn replies(canned: Canned, request: &str, replies: impl IntoIterator<Item = Reply>) -> Canned {
    let mut replies = replies.into_iter();
    let canned = canned.on(request, replies.next().expect("there is a first reply"));
    replies.fold(canned, |canned, reply| canned.then(request, reply))
}

fn broken() -> Reply {
    status(503, "no healthy upstream")
}

fn provider(server: &Server) -> Provider {
    Provider::new(server.config()).unwrap()
}

async fn sync(provider: &Provider) -> Outcome {
    provider.sync().await.unwrap_or_else(|error| panic!("{error}"))
}

/// The APIs that an outcome's mutation hands over, each with its document.
fn apis(outcome: &Outcome) -> Vec<String> {
    let apis = outcome.mutation.entities().filter_map(|entity| match &entity.spec {
        understudy_provider::EntitySpec::Api(api) => Some(format!("{} {}", entity.metadata.name, api.definition)),
        _ => None,
    });
    apis.collect()
}

/// What an outcome tells, a line each, with the server's port hidden.
fn told(server: &Server, outcome: &Outcome) -> String {
    let lines = outcome.notices.iter().map(|notice| format!("{:?} {:?}: {notice}\n", notice.kind, notice.about));
    server.hide_port(&lines.collect::<String>())
}

/// What all of several syncs told.
fn only(words: BTreeSet<String>) -> String {
    assert_eq!(words.len(), 1, "{words:?}");
    words.into_iter().collect()
}

/// What a delta adds and removes.
fn changes(outcome: &Outcome) -> (Vec<String>, Vec<String>) {
    let Some(Mutation::Delta { added, removed }) = &outcome.delta else { return Default::default() };
    let added = added.iter().map(|deferred| deferred.entity.reference().to_string());
    (added.collect(), removed.iter().map(|removed| removed.entity_ref.to_string()).collect())
}

#[tokio::test]
async fn a_list_that_fails_keeps_all_and_says_so() {
    let server = mesh([json(TWO), broken(), json(TWO)]).start().await;
    let provider = provider(&server);
    let first = sync(&provider).await;
    let second = sync(&provider).await;
    assert_eq!(second.mutation, first.mutation);
    assert_eq!(second.delta, None);
    assert!(!second.is_whole());
    assert_snapshot!(told(&server, &second), @r#"Kept None: all stays as it was (2 APIs), since this sync failed: http://127.0.0.1:PORT/v1/apis answered 503 Service Unavailable, "no healthy upstream". Look at the logs of the portal and of the gateway before it"#);
    let third = sync(&provider).await;
    assert_eq!((third.mutation, third.notices), (first.mutation, vec![]));
}

#[tokio::test]
async fn what_is_kept_is_news_once() {
    let server = mesh([json(ONE), broken(), status(502, "bad gateway"), json(ONE)]).start().await;
    let provider = provider(&server);
    let mut news = Vec::new();
    for _ in 0..4 {
        let outcome = sync(&provider).await;
        news.push((outcome.news.begun.len(), outcome.news.ended.len()));
    }
    assert_eq!(news, [(0, 0), (1, 0), (0, 0), (0, 1)]);
}

#[tokio::test]
async fn a_provider_that_never_synced_has_nothing_to_keep() {
    let server = mesh([broken(), json(ONE)]).start().await;
    let provider = provider(&server);
    provider.sync().await.unwrap_err();
    assert_eq!(apis(&sync(&provider).await), [r#"a-v1 {"openapi":"a-v1"}"#]);
}

#[tokio::test]
async fn a_document_that_fails_stays_what_it_was() {
    let canned = mesh([json(ONE), json(TWO)]);
    let schema = "GET /v1/apis/a-v1/schema";
    let server = canned.then(schema, json("oops")).then(schema, json(r#"{"openapi":"a-v1","x":1}"#)).start().await;
    let provider = provider(&server);
    sync(&provider).await;
    let second = sync(&provider).await;
    assert_eq!(apis(&second), [r#"a-v1 {"openapi":"a-v1"}"#, r#"a-v2 {"openapi":"a-v2"}"#]);
    assert_snapshot!(told(&server, &second), @r#"Kept Some("a-v1"): API `a-v1` keeps the document that it had: http://127.0.0.1:PORT/v1/apis/a-v1/schema answered no JSON (expected value at line 1 column 1) but "oops". Look at the logs of the portal and of the gateway before it"#);
    let third = sync(&provider).await;
    assert_eq!(apis(&third), [r#"a-v1 {"openapi":"a-v1","x":1}"#, r#"a-v2 {"openapi":"a-v2"}"#]);
    assert_eq!(third.notices, []);
}

/// A portal of the newer family with the products `a` and `b`, whose versions are answered so.
fn gateway(a: impl IntoIterator<Item = Reply>, b: impl IntoIterator<Item = Reply>) -> Canned {
    let canned = Canned::new().gateway(r#"[{"id": "a"}, {"id": "b"}]"#);
    replies(replies(canned, "GET /v1/api-products/a/versions", a), "GET /v1/api-products/b/versions", b)
}

fn versions(ids: &[&str]) -> Reply {
    let versions = ids.iter().map(|id| format!(r#"{{"id": "{id}", "apiSpec": {{"openapi":"{id}"}}}}"#));
    json(&format!("[{}]", versions.collect::<Vec<_>>().join(",")))
}

#[tokio::test]
async fn a_product_that_fails_keeps_its_apis() {
    let a = [versions(&["a-v1"]), versions(&["a-v1", "a-v2"])];
    let server = gateway(a, [versions(&["b-v1"]), broken()]).start().await;
    let provider = provider(&server);
    sync(&provider).await;
    let second = sync(&provider).await;
    assert_eq!(
        apis(&second),
        [r#"a-v1 {"openapi":"a-v1"}"#, r#"a-v2 {"openapi":"a-v2"}"#, r#"b-v1 {"openapi":"b-v1"}"#]
    );
    assert_snapshot!(told(&server, &second), @r#"Kept Some("b"): product `b` keeps 1 API that it had: http://127.0.0.1:PORT/v1/api-products/b/versions answered 503 Service Unavailable, "no healthy upstream". Look at the logs of the portal and of the gateway before it"#);
}

#[tokio::test]
async fn a_product_that_was_never_read_lets_nothing_be_removed() {
    let b = [broken(), broken(), versions(&["b-v1"])];
    let server = gateway([versions(&["a-v1"])], b).start().await;
    let provider = provider(&server);
    for _ in 0..2 {
        let outcome = sync(&provider).await;
        assert!(matches!(&outcome.mutation, Mutation::Delta { removed, .. } if removed.is_empty()));
        assert_eq!(apis(&outcome), [r#"a-v1 {"openapi":"a-v1"}"#]);
    }
    let outcome = sync(&provider).await;
    assert!(matches!(outcome.mutation, Mutation::Full { .. }));
    assert_eq!(apis(&outcome), [r#"a-v1 {"openapi":"a-v1"}"#, r#"b-v1 {"openapi":"b-v1"}"#]);
}

#[tokio::test]
async fn a_version_that_loses_its_document_keeps_the_last() {
    let without = json(r#"[{"id": "b-v1", "name": "v2"}]"#);
    let server = gateway([versions(&["a-v1"])], [versions(&["b-v1"]), without]).start().await;
    let provider = provider(&server);
    sync(&provider).await;
    let second = sync(&provider).await;
    assert_eq!(apis(&second), [r#"a-v1 {"openapi":"a-v1"}"#, r#"b-v1 {"openapi":"b-v1"}"#]);
    assert_eq!(second.mutation.entities().last().unwrap().metadata.tags, ["gloo-platform", "api-version:v2"]);
    assert_snapshot!(told(&server, &second), @r#"Kept Some("b-v1"): API `b-v1` keeps the document that it had: the portal shows none for it now"#);
}

#[tokio::test]
async fn an_empty_list_is_held_back_for_two_further_syncs() {
    let server = mesh([json(TWO), json("[]")]).start().await;
    let provider = provider(&server);
    sync(&provider).await;
    let (mut counts, mut words) = (Vec::new(), BTreeSet::new());
    for _ in 0..2 {
        let outcome = sync(&provider).await;
        words.insert(told(&server, &outcome));
        counts.push(apis(&outcome).len());
    }
    assert_snapshot!(only(words), @"HeldBack None: the portal shows none of its 2 APIs any more (`a-v1`, `a-v2`). They stay until two further syncs have seen the same, or the removal is confirmed");
    let last = sync(&provider).await;
    counts.push(apis(&last).len());
    assert_eq!(counts, [2, 2, 0]);
    assert_eq!(changes(&last), (vec![], vec!["api:default/a-v1".to_owned(), "api:default/a-v2".to_owned()]));
}

#[tokio::test]
async fn a_confirmed_removal_waits_no_longer() {
    let server = mesh([json(TWO), json("[]")]).start().await;
    let provider = provider(&server);
    sync(&provider).await;
    assert_eq!(provider.confirm_removals().await, 0);
    assert_eq!(apis(&sync(&provider).await).len(), 2);
    assert_eq!(provider.confirm_removals().await, 1);
    assert_eq!(apis(&sync(&provider).await).len(), 0);
}

#[tokio::test]
async fn products_and_versions_that_are_gone_are_held_back_each_by_themselves() {
    let list = |ids: &[&str]| {
        let items = ids.iter().map(|id| format!(r#"{{"id": "{id}"}}"#)).collect::<Vec<_>>();
        json(&format!("[{}]", items.join(",")))
    };
    let canned = gateway([versions(&["a-v1"])], [versions(&["b-1", "b-2", "b-3", "b-4", "b-5"]), versions(&["b-1"])]);
    let canned = replies(canned, "GET /v1/api-products", [list(&["a", "b", "c", "d", "e"]), list(&["b"])]);
    let canned = canned.on("GET /v1/api-products/c/versions", versions(&["c-v1"]));
    let canned = canned.on("GET /v1/api-products/e/versions", versions(&["e-v1"]));
    let server = canned.on("GET /v1/api-products/d/versions", versions(&["d-v1"])).start().await;
    let provider = provider(&server);
    sync(&provider).await;
    let (mut counts, mut words) = (Vec::new(), BTreeSet::new());
    for _ in 0..2 {
        let outcome = sync(&provider).await;
        words.insert(told(&server, &outcome));
        counts.push(apis(&outcome).len());
    }
    assert_snapshot!(only(words), @r#"
    HeldBack Some("b"): product `b` shows 4 of its 5 APIs no more (`b-2`, `b-3`, `b-4`, 1 more). They stay until two further syncs have seen the same, or the removal is confirmed
    HeldBack None: the portal shows 4 of its 5 products no more (`a`, `c`, `d`, 1 more). Their APIs stay until two further syncs have seen the same, or the removal is confirmed
    "#);
    counts.push(apis(&sync(&provider).await).len());
    assert_eq!(counts, [9, 9, 1]);
}

#[tokio::test]
async fn a_list_of_the_other_family_is_held_back_too() {
    let server = mesh([json(ONE), status(404, "no route")])
        .on("GET /v1/api-products", json(r#"[{"id": "b"}]"#))
        .on("GET /v1/api-products/b/versions", versions(&["b-v1"]))
        .start()
        .await;
    let provider = provider(&server);
    let first = sync(&provider).await;
    let mut words = BTreeSet::new();
    for _ in 0..2 {
        let outcome = sync(&provider).await;
        assert_eq!(outcome.mutation, first.mutation);
        words.insert(told(&server, &outcome));
    }
    assert_snapshot!(only(words), @"HeldBack None: there is a list at /api-products now, in place of that at /apis, and it shows its one API no more (`a-v1`). All stays as it was until two further syncs have seen the same, or the removal is confirmed");
    assert_eq!(apis(&sync(&provider).await), [r#"b-v1 {"openapi":"b-v1"}"#]);
}

#[tokio::test]
async fn a_list_of_the_other_family_that_loses_nothing_is_taken_at_once() {
    let server = mesh([json(ONE), status(404, "no route")])
        .on("GET /v1/api-products", json(r#"[{"id": "a"}]"#))
        .on("GET /v1/api-products/a/versions", versions(&["a-v1"]))
        .start()
        .await;
    let provider = provider(&server);
    sync(&provider).await;
    let second = sync(&provider).await;
    assert_eq!((apis(&second), second.notices.len()), (vec![r#"a-v1 {"openapi":"a-v1"}"#.to_owned()], 0));
    assert!(
        second.mutation.entities().last().unwrap().metadata.annotations.values().all(|at| at.ends_with("products"))
    );
}

#[tokio::test]
async fn what_is_shown_twice_is_taken_once() {
    let list = r#"[{"apiProductId": "a", "apiVersions": [{"apiId": "a-v1"}, {"apiId": "a-v2"}, {"apiId": "a-v1"}]}]"#;
    let server = mesh([json(list)]).start().await;
    let outcome = sync(&provider(&server)).await;
    assert_eq!(apis(&outcome), [r#"a-v1 {"openapi":"a-v1"}"#, r#"a-v2 {"openapi":"a-v2"}"#]);
    assert_snapshot!(told(&server, &outcome), @r#"Invalid Some("a-v1"): the portal shows two APIs with the id `a-v1`, and only the first is taken"#);
}

#[tokio::test]
async fn a_delta_holds_what_has_changed_and_nothing_else() {
    let changed =
        r#"[{"apiProductId": "a", "apiVersions": [{"apiId": "a-v2", "apiVersion": "2"}, {"apiId": "a-v3"}]}]"#;
    let canned = mesh([json(TWO), json(TWO), json(changed)]);
    let server = canned.on("GET /v1/apis/a-v3/schema", json("{}")).start().await;
    let provider = provider(&server);
    assert_eq!(changes(&sync(&provider).await).0.len(), 5);
    assert_eq!(sync(&provider).await.delta, None);
    let added = vec!["api:default/a-v2".to_owned(), "api:default/a-v3".to_owned()];
    assert_eq!(changes(&sync(&provider).await), (added, vec!["api:default/a-v1".to_owned()]));
}

#[tokio::test]
async fn what_has_not_been_modified_is_taken_from_the_last_answer() {
    let unmodified = || status(304, "");
    let canned = replies(Canned::new(), "GET /v1/apis", [tagged(r#""l1""#, ONE), unmodified()]);
    let schema = [
        tagged(r#""s1""#, r#"{ "openapi": "1" }"#),
        unmodified(),
        tagged(r#""s2""#, r#"{"openapi":"2"}"#),
        unmodified(),
    ];
    let server = replies(canned, "GET /v1/apis/a-v1/schema", schema).start().await;
    let provider = provider(&server);
    let mut documents = Vec::new();
    for _ in 0..4 {
        let outcome = sync(&provider).await;
        assert_eq!(outcome.notices, []);
        documents.extend(apis(&outcome));
    }
    assert_eq!(
        documents,
        [r#"a-v1 {"openapi":"1"}"#, r#"a-v1 {"openapi":"1"}"#, r#"a-v1 {"openapi":"2"}"#, r#"a-v1 {"openapi":"2"}"#]
    );
    let tags: Vec<_> =
        server.asked().into_iter().skip(1).map(|asked| asked.if_none_match.unwrap_or_default()).collect();
    assert_eq!(tags, ["", "", r#""l1""#, r#""s1""#, r#""l1""#, r#""s1""#, r#""l1""#, r#""s2""#]);
}

#[tokio::test]
async fn an_answer_without_a_tag_that_is_the_same_is_the_same_document_in_memory() {
    let server = mesh([json(ONE)]).start().await;
    let provider = provider(&server);
    let (first, second) = (sync(&provider).await, sync(&provider).await);
    let places = |outcome: &Outcome| -> Vec<*const understudy_provider::Entity> {
        outcome.mutation.entities().map(std::ptr::from_ref).collect()
    };
    assert_eq!(places(&first), places(&second));
}

#[tokio::test]
async fn versions_are_read_anew_when_their_product_has_changed() {
    let list = |text: &str| json(&format!(r#"[{{"id": "a", "description": "{text}"}}]"#));
    let body = r#"[{"id": "a-v1", "apiSpec": {}}]"#;
    let canned =
        Canned::new().gateway("[]").on("GET /v1/api-products", list("one")).then("GET /v1/api-products", list("two"));
    let server = canned.on("GET /v1/api-products/a/versions", tagged(r#""v1""#, body)).start().await;
    let provider = provider(&server);
    sync(&provider).await;
    let second = sync(&provider).await;
    assert_eq!(second.mutation.entities().last().unwrap().metadata.description.as_deref(), Some("two"));
    assert_eq!(server.asked().last().unwrap().if_none_match, None);
}

#[tokio::test]
async fn clones_of_a_provider_share_what_is_kept() {
    let server = mesh([json(ONE), broken()]).start().await;
    let provider = provider(&server);
    sync(&provider.clone()).await;
    assert_eq!(apis(&sync(&provider.clone()).await), [r#"a-v1 {"openapi":"a-v1"}"#]);
}

#[tokio::test]
async fn a_sync_that_is_dropped_changes_nothing() {
    let server = mesh([json(ONE), json(TWO)]).on("GET /v1/apis/a-v2/schema", Reply::Silence).start().await;
    let provider = provider(&server);
    let first = sync(&provider).await;
    let cut = tokio::time::timeout(std::time::Duration::from_millis(50), provider.sync()).await;
    assert!(cut.is_err(), "the second sync waits for a document that never comes");
    server.answer_from_now_on("GET /v1/apis", broken());
    assert_eq!(sync(&provider).await.mutation, first.mutation);
}

#[tokio::test]
async fn an_error_that_says_that_all_is_well_does_not_become_the_document() {
    let server = mesh([json(ONE)]).then("GET /v1/apis/a-v1/schema", json(r#"{"message":"boom"}"#)).start().await;
    let provider = provider(&server);
    let first = sync(&provider).await;
    let second = sync(&provider).await;
    assert_eq!(second.mutation, first.mutation);
    assert_snapshot!(told(&server, &second), @r#"Kept Some("a-v1"): API `a-v1` keeps the document that it had: what the portal shows now is no OpenAPI document"#);
}

#[tokio::test]
async fn a_document_that_never_comes_does_not_hold_up_the_rest() {
    let server = mesh([json(TWO)]).on("GET /v1/apis/a-v2/schema", Reply::Silence).start().await;
    let mut config = server.config();
    config.schedule.timeout = std::time::Duration::from_millis(200);
    let outcome = sync(&Provider::new(config).unwrap()).await;
    assert_eq!(apis(&outcome).len(), 2);
    assert_snapshot!(told(&server, &outcome), @r#"Kept Some("a-v2"): API `a-v2` comes without its document, which could not be read yet: http://127.0.0.1:PORT/v1/apis/a-v2/schema had not answered when the time of the sync was over, after 180ms. Let more requests run at once, or give a sync more time"#);
}
