use insta::assert_snapshot;
use serde_json::json;
use understudy_scenarios::{Lapse, Scenario, Server};

use super::super::catalog::tests::{api, catalog};
use super::super::matching::MatchBy;
use super::*;

struct Court {
    world: World,
    judge: Judge,
    journal: Journal,
}

fn start() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

impl Court {
    /// Petstore and tracks, each with an entity of its own.
    fn new() -> (Self, Vec<Value>) {
        let world = Scenario::find("quickstart").unwrap().world().clone();
        let mut entities: Vec<Value> =
            versions(&world).map(|version| api(version.id.as_str(), version.spec.get())).collect();
        let mut system = api("portal", "x");
        system["kind"] = json!("System");
        entities.push(system);
        let baseline = catalog(entities.clone());
        let matching = Matching::learn(&MatchBy::Learnt, &world, &baseline).unwrap();
        let judge = Judge::new(matching, baseline, Mark::default(), start());
        (Self { world, judge, journal: Journal::new() }, entities)
    }

    fn told(&mut self, expect: &Expect, entities: &[Value]) -> String {
        self.told_after(expect, entities, None)
    }

    fn told_after(&mut self, expect: &Expect, entities: &[Value], error: Option<&str>) -> String {
        let catalog = catalog(entities.to_vec());
        let now = Now {
            world: &self.world,
            catalog: &catalog,
            remarks: &[],
            error,
            journal: &self.journal,
            time: start(),
            plugins: None,
        };
        self.judge.judge(expect, &now).join("\n")
    }
}

fn wish(catalog: CatalogWish) -> Expect {
    Expect { catalog: Some(catalog), ..Expect::default() }
}

#[test]
fn a_catalog_that_is_the_same_or_right_gives_no_finding() {
    let (mut court, entities) = Court::new();
    for wanted in [CatalogWish::Same, CatalogWish::Exactly] {
        assert_eq!(court.told(&wish(wanted), &entities), "");
    }
}

#[test]
fn a_catalog_without_any_api_is_told_as_deleted() {
    let (mut court, entities) = Court::new();
    let told = "the whole catalog was deleted: 2 APIs are gone (petstore-v1, tracks-v1)";
    for wanted in [CatalogWish::Same, CatalogWish::Exactly] {
        assert_eq!(court.told(&wish(wanted), &entities[2..]), told);
    }
}

#[test]
fn an_api_that_is_gone_is_named() {
    let (mut court, entities) = Court::new();
    assert_snapshot!(court.told(&wish(CatalogWish::Same), &entities[1..]), @"api:default/petstore-v1 is gone");
    assert_snapshot!(court.told(&wish(CatalogWish::Exactly), &entities[1..]), @"petstore-v1 is missing: the portal shows it");
}

#[test]
fn what_changed_is_shown() {
    let (mut court, mut entities) = Court::new();
    entities[0]["spec"]["definition"] = json!(r#"{"message":"internal error"}"#);
    entities[1]["spec"]["owner"] = json!("user:you");
    entities[2]["spec"]["owner"] = json!("user:you");
    assert_snapshot!(court.told(&wish(CatalogWish::Same), &entities), @"
    api:default/petstore-v1 changed:
      the definition should be cead0816ad84c1ee of 11838 bytes and is 172f5ca927a62861 of 28 bytes; they differ first at /components: should be an object of 4 members, is not there
    api:default/tracks-v1 changed:
      -   owner: user:me
      +   owner: user:you
    system:default/portal changed:
      -   owner: user:me
      +   owner: user:you
    ");
    assert_snapshot!(court.told(&wish(CatalogWish::Exactly), &entities), @"
    petstore-v1 (api:default/petstore-v1) has another document than the portal shows: the definition should be cead0816ad84c1ee of 11838 bytes and is 172f5ca927a62861 of 28 bytes; they differ first at /components: should be an object of 4 members, is not there
    system:default/portal changed:
      -   owner: user:me
      +   owner: user:you
    ");
}

#[test]
fn what_the_portal_shows_no_more_and_never_showed_must_not_be_there() {
    let (mut court, mut entities) = Court::new();
    court.world.portal.products.truncate(1);
    entities.push(api("other", "{}"));
    assert_snapshot!(court.told(&wish(CatalogWish::Exactly), &entities), @"
    api:default/other is there, and stands for no API that the portal shows
    tracks-v1 is still there, as api:default/tracks-v1: the portal shows it no more
    ");
}

#[test]
fn an_api_without_a_document_may_be_there_or_not() {
    let (mut court, entities) = Court::new();
    court.world.portal.products[0].versions[0].spec_fetch_error = Some("no route".to_owned());
    assert_eq!(court.told(&wish(CatalogWish::Exactly), &entities), "");
    assert_eq!(court.told(&wish(CatalogWish::Exactly), &entities[1..]), "");
}

#[test]
fn apis_are_named_as_the_portal_names_them() {
    let (mut court, entities) = Court::new();
    let expect = Expect {
        contains: vec!["petstore-v1".into(), "tracks-v1".into()],
        lacks: vec!["tracks-v1".into()],
        ..Expect::default()
    };
    assert_snapshot!(court.told(&expect, &entities[1..]), @"
    petstore-v1 is not in the catalog
    tracks-v1 is in the catalog, as api:default/tracks-v1
    ");
}

#[test]
fn members_of_an_entity_are_compared_as_text_or_as_json() {
    let (mut court, mut entities) = Court::new();
    entities[0]["metadata"]["tags"] = json!(["a", "b"]);
    let has = |pairs: &[(&str, &str)]| {
        let has = pairs.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
        Expect { entities: vec![EntityWish { api: "petstore-v1".into(), has }], ..Expect::default() }
    };
    let good = [
        ("metadata.title", "petstore-v1"),
        ("metadata.tags", r#"["a", "b"]"#),
        ("metadata.tags.1", "b"),
        ("metadata.annotations.backstage.io/managed-by-location", "url:http://x"),
    ];
    assert_eq!(court.told(&has(&good), &entities), "");
    let bad = [("metadata.title", "Petstore"), ("spec.system", "portal"), ("metadata.tags", "a")];
    assert_snapshot!(court.told(&has(&bad), &entities), @r#"
    petstore-v1 (api:default/petstore-v1) has ["a","b"] as its metadata.tags, not a
    petstore-v1 (api:default/petstore-v1) has "petstore-v1" as its metadata.title, not Petstore
    petstore-v1 (api:default/petstore-v1) has no spec.system, which should be portal
    "#);
}

#[test]
fn an_error_that_should_have_been_told_or_not_is_a_finding() {
    let (mut court, entities) = Court::new();
    let expect = |error| Expect { error: Some(error), ..Expect::default() };
    assert_eq!(court.told_after(&expect(ErrorWish::Told), &entities, Some("down")), "");
    assert_snapshot!(court.told_after(&expect(ErrorWish::Told), &entities, None), @"the last sync told no error, though something is wrong");
    assert_snapshot!(court.told_after(&expect(ErrorWish::None), &entities, Some("down")), @"the last sync told an error: down");
}

#[test]
fn requests_are_counted_since_the_last_expectation() {
    let (mut court, entities) = Court::new();
    let expect = |wish: RequestWish| Expect { requests: vec![wish], ..Expect::default() };
    let fewest = RequestWish { at_least: Some(1), ..RequestWish::to(Server::Portal) };
    assert_snapshot!(court.told(&expect(fewest), &entities), @"0 requests to the portal came, and 1 are the fewest there must be");
    let none = RequestWish {
        at_most: Some(0),
        not_before: Some(Lapse(SignedDuration::from_secs(1))),
        ..RequestWish::to(Server::Idp)
    };
    assert_eq!(court.told(&expect(none), &entities), "");
}

#[test]
fn an_expectation_of_nothing_is_a_finding() {
    let (mut court, entities) = Court::new();
    assert_snapshot!(court.told(&Expect::default(), &entities), @"nothing is expected here, so nothing was checked: say what must hold");
}
