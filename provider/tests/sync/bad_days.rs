//! Whatever a portal answers, and in whichever order: nothing is lost but by a good answer.
//!
//! A **good answer** is whole and valid, and came with status 200 to a token that was let in. A list is about all APIs of
//! Gloo Mesh Gateway, and about all products of Gloo Gateway; a product's versions are about its APIs; a document is about
//! its API's document. A list of the other family than before counts from when three syncs have seen one, unless it loses
//! nothing. After each sync, whatever came before it:
//!
//! 1. the catalog holds every API that the last good answers about it held: the list, and with Gloo Gateway the versions of
//!    its product since that has been in the list;
//! 2. each with the document of the last good answer about that; only where there has been none since it is in the
//!    catalog, with whatever came, or a stand-in;
//! 3. whatever else it holds, it held before, and a notice says that something is kept or held back;
//! 4. a catalog that took the deltas is the same;
//! 5. when three syncs have found the same good answers, it holds those and nothing else.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash as _, Hasher as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use proptest::prelude::*;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use understudy_provider::{
    Catalog as _, Config, EntityKind, EntitySpec, Family, MemoryCatalog, NoticeKind, Outcome, Provider, ServerUrl,
    TokenEndpoint,
};

/// A product and a version of it.
type Id = (u8, u8);

fn name((product, version): Id) -> String {
    format!("p{product}-v{version}")
}

/// What goes wrong with an answer.
#[derive(Clone, Copy, Debug)]
enum Bad {
    Status(u16),
    Html,
    Empty,
    Cut,
    ErrorWith200,
    NullWithin,
}

/// What is answered for a document.
#[derive(Clone, Copy, Debug)]
enum Document {
    Good,
    /// The portal says that there is none.
    Missing,
    /// Gloo Gateway has its documents in the versions, where none can fail by itself: there it is missing.
    Bad(Bad),
}

/// What a portal answers in one sync.
#[derive(Clone, Debug)]
struct Day {
    family: Family,
    /// The products and versions that there are; a product may have none.
    products: BTreeMap<u8, BTreeSet<u8>>,
    list: Option<Bad>,
    /// Gloo Gateway's products whose versions are not answered well.
    bad_products: BTreeMap<u8, Bad>,
    documents: BTreeMap<Id, Document>,
    /// What the documents say.
    revision: u8,
    /// Whether answers have entity tags.
    has_tags: bool,
}

impl Day {
    fn ids(&self) -> impl Iterator<Item = Id> {
        self.products.iter().flat_map(|(product, versions)| versions.iter().map(|version| (*product, *version)))
    }

    fn document(&self, id: Id) -> Document {
        self.documents.get(&id).copied().unwrap_or(Document::Good)
    }

    /// The same without anything that goes wrong.
    fn good(&self) -> Self {
        Self { list: None, bad_products: BTreeMap::new(), documents: BTreeMap::new(), ..self.clone() }
    }

    fn text(&self, id: Id) -> String {
        document(id, self.revision)
    }

    fn answer(&self, path: &str) -> (u16, String) {
        let not_here = (404, r#"{"message":"not here"}"#.to_owned());
        if path == "/v1/apis" && self.family == Family::GlooMesh {
            return spoilt(self.list, self.mesh_list());
        }
        if path == "/v1/api-products" && self.family == Family::GlooGateway {
            let items = self.products.keys().map(|product| format!(r#"{{"id":"p{product}"}}"#));
            return spoilt(self.list, array(items));
        }
        let parts: Vec<&str> = path.split('/').collect();
        match (self.family, parts.as_slice()) {
            (Family::GlooMesh, ["", "v1", "apis", api, "schema"]) => {
                let Some(id) = self.ids().find(|id| name(*id) == *api) else { return not_here };
                let bad = if let Document::Bad(bad) = self.document(id) { Some(bad) } else { None };
                spoilt(bad, self.text(id))
            }
            (Family::GlooGateway, ["", "v1", "api-products", product, "versions"]) => {
                let Some((product, versions)) = self.products.iter().find(|(at, _)| format!("p{at}") == *product)
                else {
                    return not_here;
                };
                let versions = versions.iter().map(|version| (*product, *version)).map(|id| match self.document(id) {
                    Document::Good => format!(r#"{{"id":"{}","apiSpec":{}}}"#, name(id), self.text(id)),
                    Document::Missing | Document::Bad(_) => format!(r#"{{"id":"{}"}}"#, name(id)),
                });
                spoilt(self.bad_products.get(product).copied(), array(versions))
            }
            _ => not_here,
        }
    }

    fn mesh_list(&self) -> String {
        array(self.products.iter().map(|(product, versions)| {
            let versions = versions.iter().map(|version| (*product, *version)).map(|id| match self.document(id) {
                Document::Missing => format!(r#"{{"apiId":"{}","openapiSpecFetchErr":"gone"}}"#, name(id)),
                Document::Good | Document::Bad(_) => format!(r#"{{"apiId":"{}"}}"#, name(id)),
            });
            format!(r#"{{"apiProductId":"p{product}","apiVersions":{}}}"#, array(versions))
        }))
    }
}

fn document(id: Id, revision: u8) -> String {
    format!(r#"{{"openapi":"3.1.0","of":"{}","revision":{revision}}}"#, name(id))
}

/// Whether it is none of the documents above.
fn says_nothing(document: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(document).is_ok_and(|document| document.get("revision").is_none())
}

fn array(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn spoilt(bad: Option<Bad>, good: String) -> (u16, String) {
    match bad {
        None => (200, good),
        Some(Bad::Status(status)) => (status, r#"{"message":"no"}"#.to_owned()),
        Some(Bad::Html) => (200, "<html></html>".to_owned()),
        Some(Bad::Empty) => (200, String::new()),
        Some(Bad::Cut) => (200, good[..good.len() - 1].to_owned()),
        Some(Bad::ErrorWith200) => (200, r#"{"message":"no"}"#.to_owned()),
        // In a list an item; in place of a document all of it.
        Some(Bad::NullWithin) if good.starts_with("[]") => (200, "[null]".to_owned()),
        Some(Bad::NullWithin) if good.starts_with('[') => (200, good.replacen('[', "[null,", 1)),
        Some(Bad::NullWithin) => (200, "null".to_owned()),
    }
}

fn bad() -> impl Strategy<Value = Bad> {
    prop_oneof![
        prop::sample::select(vec![401, 403, 404, 500, 503]).prop_map(Bad::Status),
        Just(Bad::Html),
        Just(Bad::Empty),
        Just(Bad::Cut),
        Just(Bad::ErrorWith200),
        Just(Bad::NullWithin),
    ]
}

fn day(family: Family) -> impl Strategy<Value = Day> {
    let family = prop_oneof![
        6 => Just(family),
        1 => Just(if family == Family::GlooMesh { Family::GlooGateway } else { Family::GlooMesh }),
    ];
    let some = |all: u8| prop::collection::btree_set(0..all, 0..=usize::from(all));
    // Mostly a lot, so that a loss can be a great one.
    let versions = prop_oneof![3 => Just((0..3).collect()), 2 => some(3)];
    let products = prop_oneof![
        2 => prop::collection::btree_map(0..4u8, versions.clone(), 3..=4),
        1 => prop::collection::btree_map(0..4u8, versions, 0..=4),
    ];
    let list = prop::option::weighted(0.25, bad());
    let bad_products = prop::collection::btree_map(0..4u8, bad(), 0..2);
    let documents = prop_oneof![Just(Document::Missing), bad().prop_map(Document::Bad)];
    let documents = prop::collection::btree_map((0..4u8, 0..3u8), documents, 0..4);
    (family, products, list, bad_products, documents, 0..3u8, any::<bool>()).prop_map(
        |(family, products, list, bad_products, documents, revision, has_tags)| Day {
            family,
            products,
            list,
            bad_products,
            documents,
            revision,
            has_tags,
        },
    )
}

/// Days of one portal, some of them twice or three times.
fn days() -> impl Strategy<Value = Vec<Day>> {
    let family = prop_oneof![Just(Family::GlooMesh), Just(Family::GlooGateway)];
    let days = family.prop_flat_map(|family| prop::collection::vec((day(family), 1..=3usize), 1..8));
    days.prop_map(|days| days.into_iter().flat_map(|(day, times)| vec![day; times]).collect())
}

/// What must be in the catalog.
#[derive(Default)]
struct Owed {
    family: Option<Family>,
    /// How many good lists of the other family have been seen.
    other_family: usize,
    /// The APIs that the last good answers held, by their products.
    apis: BTreeMap<u8, BTreeSet<u8>>,
    /// The revision of each API's last good document.
    documents: BTreeMap<Id, u8>,
}

impl Owed {
    /// Takes in the answers of a day, of which the catalog `held` this before. Says whether the list was good and counts.
    fn see(&mut self, day: &Day, held: &BTreeMap<Id, String>) -> bool {
        if day.list.is_some() {
            return false;
        }
        let is_read = |product: &u8| day.family == Family::GlooMesh || !day.bad_products.contains_key(product);
        if self.family.is_some_and(|family| family != day.family) {
            let loses = held.keys().any(|id| !is_read(&id.0) || !day.ids().any(|found| found == *id));
            self.other_family += 1;
            if loses && self.other_family < 3 {
                return false;
            }
        }
        self.family = Some(day.family);
        self.other_family = 0;
        self.apis.retain(|product, _| day.products.contains_key(product));
        for (product, versions) in day.products.iter().filter(|(product, _)| is_read(product)) {
            self.apis.insert(*product, versions.clone());
            for id in versions.iter().map(|version| (*product, *version)) {
                if matches!(day.document(id), Document::Good) {
                    self.documents.insert(id, day.revision);
                }
            }
        }
        true
    }

    fn ids(&self) -> BTreeSet<Id> {
        self.apis.iter().flat_map(|(product, versions)| versions.iter().map(|version| (*product, *version))).collect()
    }
}

/// The APIs of a catalog, each with its document.
fn apis(catalog: &MemoryCatalog) -> BTreeMap<Id, String> {
    let all = (0..4u8).flat_map(|product| (0..3u8).map(move |version| (product, version)));
    let names: BTreeMap<String, Id> = all.map(|id| (name(id), id)).collect();
    let apis = catalog.entities().filter(|(_, entity)| entity.kind() == EntityKind::Api);
    apis.map(|(_, entity)| {
        let EntitySpec::Api(api) = &entity.spec else { panic!("an API has an API's spec") };
        (names[&entity.metadata.name], api.definition.to_string())
    })
    .collect()
}

async fn answer(State(day): State<Arc<Mutex<Day>>>, request: Request) -> Response {
    let path = request.uri().path();
    let builder = Response::builder();
    if path == "/token" {
        return builder.body(Body::from(r#"{"token_type":"Bearer","expires_in":300,"access_token":"a.b.c"}"#)).unwrap();
    }
    let day = day.lock().unwrap().clone();
    let (status, body) = day.answer(path);
    if status != 200 || !day.has_tags {
        return builder.status(status).body(Body::from(body)).unwrap();
    }
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    let tag = format!("\"{:x}\"", hasher.finish());
    let is_known = request.headers().get("if-none-match").is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let (status, body) = if is_known { (304, String::new()) } else { (200, body) };
    builder.status(status).header("etag", tag).body(Body::from(body)).unwrap()
}

/// A portal that answers what the day is, and a provider of it.
async fn stage(first: &Day) -> (Arc<Mutex<Day>>, Provider) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let day = Arc::new(Mutex::new(first.clone()));
    let router = Router::new().fallback(answer).with_state(Arc::clone(&day));
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    let portal = ServerUrl::as_is(&format!("{base}/v1")).unwrap();
    let mut config = Config::new(portal, TokenEndpoint::at(&format!("{base}/token")).unwrap(), "me", "secret");
    config.retries.count = 0;
    config.retries.longest_pause = Duration::ZERO;
    (day, Provider::new(config).unwrap())
}

/// A catalog that takes mutations, and one that takes deltas.
#[derive(Default)]
struct Catalogs {
    catalog: MemoryCatalog,
    by_deltas: MemoryCatalog,
}

impl Catalogs {
    fn take(&mut self, outcome: &Outcome) -> Result<(), TestCaseError> {
        self.catalog.apply(&outcome.mutation).unwrap();
        if let Some(delta) = &outcome.delta {
            self.by_deltas.apply(delta).unwrap();
        }
        prop_assert_eq!(&self.catalog, &self.by_deltas, "what was built by deltas is another catalog");
        Ok(())
    }
}

async fn play(days: &[Day]) -> Result<(), TestCaseError> {
    let (now, provider) = stage(&days[0]).await;
    let (mut owed, mut catalogs) = (Owed::default(), Catalogs::default());
    for (at, day) in days.iter().enumerate() {
        now.lock().unwrap().clone_from(day);
        let before = apis(&catalogs.catalog);
        let is_good = owed.see(day, &before);
        let outcome = provider.sync().await;
        if let Ok(outcome) = &outcome {
            catalogs.take(outcome)?;
        }
        let after = apis(&catalogs.catalog);
        let owes = owed.ids();
        for id in &owes {
            let Some(document) = after.get(id) else {
                return Err(TestCaseError::fail(format!("sync {at} lost {}: {after:?}", name(*id))));
            };
            match owed.documents.get(id) {
                Some(revision) => prop_assert_eq!(document, &self::document(*id, *revision), "sync {}", at),
                None => prop_assert!(says_nothing(document), "sync {}: {}", at, document),
            }
        }
        let others: Vec<&Id> = after.keys().filter(|id| !owes.contains(id)).collect();
        if !others.is_empty() {
            prop_assert!(
                others.iter().all(|id| before.contains_key(id)),
                "sync {}: {:?} came from nowhere",
                at,
                others
            );
            let is_told = |outcome: &Outcome| {
                outcome.notices.iter().any(|notice| matches!(notice.kind, NoticeKind::Kept | NoticeKind::HeldBack))
            };
            prop_assert!(outcome.as_ref().is_ok_and(is_told), "sync {} does not tell of {:?}", at, others);
        }
        if !is_good {
            prop_assert_eq!(&before, &after, "sync {}: an answer that does not count changed something", at);
        }
        owed.documents.retain(|id, _| after.contains_key(id));
    }
    let last = days[days.len() - 1].good();
    for _ in 0..3 {
        now.lock().unwrap().clone_from(&last);
        catalogs.take(&provider.sync().await.map_err(|error| TestCaseError::fail(error.to_string()))?)?;
    }
    let wanted: BTreeMap<Id, String> = last.ids().map(|id| (id, last.text(id))).collect();
    prop_assert_eq!(apis(&catalogs.catalog), wanted);
    Ok(())
}

/// How many sequences are played: 64, since each is many syncs, or as many as `PROPTEST_CASES` says.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_but_by_a_good_answer(days in days()) {
        Builder::new_current_thread().enable_all().build().unwrap().block_on(play(&days))?;
    }
}
