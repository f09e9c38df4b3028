//! Catalogs that mutations are applied to: in memory, in a file, and in a folder.

#![allow(clippy::unwrap_used, reason = "tests may unwrap")]

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use insta::assert_snapshot;
use understudy_provider::{
    ApiSpec, Catalog, Entity, EntitySpec, FileCatalog, FolderCatalog, MemoryCatalog, Metadata, Mutation,
};

/// The API entities with these names, each with a document of its own.
fn apis(apis: &[(&str, &str)]) -> Vec<Entity> {
    let api = |(name, document): &(&str, &str)| Entity {
        metadata: Metadata { name: (*name).to_owned(), ..Metadata::default() },
        spec: EntitySpec::Api(ApiSpec {
            kind: "openapi".to_owned(),
            lifecycle: "production".to_owned(),
            system: None,
            owner: "user:me".to_owned(),
            definition: (*document).into(),
        }),
    };
    apis.iter().map(api).collect()
}

fn full(versions: &[(&str, &str)]) -> Mutation {
    Mutation::full(apis(versions))
}

fn delta(added: &[(&str, &str)], removed: &[&str]) -> Mutation {
    let added = apis(added).into_iter().map(Into::into).collect();
    let removed = apis(&removed.iter().map(|id| (*id, "{}")).collect::<Vec<_>>());
    Mutation::Delta { added, removed: removed.iter().map(|entity| entity.reference().into()).collect() }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

fn touched(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

#[test]
fn a_catalog_in_memory_takes_full_mutations_and_deltas() {
    let mut catalog = MemoryCatalog::new();
    let references = |catalog: &MemoryCatalog| -> Vec<String> {
        catalog.entities().map(|(reference, _)| reference.to_string()).collect()
    };
    catalog.apply(&full(&[("b-v1", "{}"), ("a-v1", "{}")])).unwrap();
    assert_eq!(references(&catalog), ["api:default/a-v1", "api:default/b-v1"]);
    catalog.apply(&delta(&[("c-v1", "{}")], &["a-v1", "never-there"])).unwrap();
    assert_eq!(references(&catalog), ["api:default/b-v1", "api:default/c-v1"]);
    catalog.apply(&full(&[])).unwrap();
    assert_eq!(catalog, MemoryCatalog::new());
}

#[test]
fn a_yaml_file_holds_a_document_for_each_entity() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalog-info.yaml");
    FileCatalog::new(&path).apply(&full(&[("b-v1", r#"{"a b": "---\n"}"#), ("a-v1", "{}")])).unwrap();
    assert_snapshot!(fs::read_to_string(&path).unwrap(), @r#"
    # Written by understudy, which writes it anew: changes here are lost.
    ---
    apiVersion: backstage.io/v1alpha1
    kind: API
    metadata:
      name: a-v1
    spec:
      type: openapi
      lifecycle: production
      owner: user:me
      definition: "{}"
    ---
    apiVersion: backstage.io/v1alpha1
    kind: API
    metadata:
      name: b-v1
    spec:
      type: openapi
      lifecycle: production
      owner: user:me
      definition: "{\"a b\": \"---\\n\"}"
    "#);
    assert_eq!(names(folder.path()), ["catalog-info.yaml"]);
}

#[test]
fn a_file_takes_a_delta_to_what_an_earlier_process_wrote() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["entities.yaml", "entities.json"] {
        let (path, afresh) = (folder.path().join(name), folder.path().join(format!("afresh-{name}")));
        FileCatalog::new(&path).apply(&full(&[("a-v1", "text ---\n---\n"), ("b-v1", "{}"), ("c-v1", "{}")])).unwrap();
        FileCatalog::new(&path).apply(&delta(&[("b-v1", "[]"), ("d-v1", "{}")], &["c-v1"])).unwrap();
        FileCatalog::new(&afresh).apply(&full(&[("a-v1", "text ---\n---\n"), ("b-v1", "[]"), ("d-v1", "{}")])).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), fs::read_to_string(&afresh).unwrap());
    }
}

#[test]
fn a_json_file_is_an_array_of_entities() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("entities.json");
    let mut catalog = FileCatalog::new(&path);
    for ids in [&[("a-v1", "{}"), ("b-v1", "{}")][..], &[]] {
        catalog.apply(&full(ids)).unwrap();
        let entities: Vec<serde_json::Value> = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let names: Vec<_> = entities.iter().map(|entity| entity["metadata"]["name"].as_str().unwrap()).collect();
        assert_eq!(names, ids.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    }
}

#[test]
fn a_file_is_written_only_when_something_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalog-info.yaml");
    let mut catalog = FileCatalog::new(&path);
    catalog.apply(&full(&[("a-v1", "{}")])).unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    catalog.apply(&full(&[("a-v1", "{}")])).unwrap();
    FileCatalog::new(&path).apply(&full(&[("a-v1", "{}")])).unwrap();
    assert_eq!(touched(&path), long_ago);
    catalog.apply(&full(&[("a-v1", "[]")])).unwrap();
    assert_ne!(touched(&path), long_ago);
}

#[test]
fn somebody_elses_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("catalog-info.yaml", "kind: Component\n"), ("package.json", r#"{"name": "mine"}"#)] {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let error = FileCatalog::new(&path).apply(&full(&[("a-v1", "{}")])).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("was not written by understudy, and stays as it is: move it away, or name another path")
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_folder_holds_a_file_for_each_entity_and_touches_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("mine.yaml");
    fs::write(&mine, "kind: Component\n").unwrap();
    let mut catalog = FolderCatalog::new(folder.path());
    catalog.apply(&full(&[("a-v1", "{}"), ("b-v1", "{}")])).unwrap();
    assert_eq!(names(folder.path()), ["api.default.a-v1.yaml", "api.default.b-v1.yaml", "mine.yaml"]);
    catalog.apply(&delta(&[("c-v1", "{}")], &["a-v1", "never-there"])).unwrap();
    assert_eq!(names(folder.path()), ["api.default.b-v1.yaml", "api.default.c-v1.yaml", "mine.yaml"]);
    FolderCatalog::new(folder.path()).apply(&full(&[("d-v1", "{}")])).unwrap();
    assert_eq!(names(folder.path()), ["api.default.d-v1.yaml", "mine.yaml"]);
}

#[test]
fn a_folder_leaves_files_alone_whose_entities_have_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let mut catalog = FolderCatalog::new(folder.path().join("made"));
    catalog.apply(&full(&[("a-v1", "{}"), ("b-v1", "{}")])).unwrap();
    let path = |name: &str| folder.path().join("made").join(name);
    let long_ago = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for name in ["api.default.a-v1.yaml", "api.default.b-v1.yaml"] {
        fs::File::options().write(true).open(path(name)).unwrap().set_modified(long_ago).unwrap();
    }
    catalog.apply(&full(&[("a-v1", "{}"), ("b-v1", "[]")])).unwrap();
    FolderCatalog::new(path("")).apply(&full(&[("a-v1", "{}"), ("b-v1", "[]")])).unwrap();
    assert_eq!(touched(&path("api.default.a-v1.yaml")), long_ago);
    assert_ne!(touched(&path("api.default.b-v1.yaml")), long_ago);
}

#[test]
fn a_file_in_the_way_of_an_entity_lets_nothing_change() {
    let folder = tempfile::tempdir().unwrap();
    let mut catalog = FolderCatalog::new(folder.path());
    catalog.apply(&full(&[("a-v1", "{}")])).unwrap();
    fs::write(folder.path().join("api.default.b-v1.yaml"), "kind: API\n").unwrap();
    catalog.apply(&full(&[("b-v1", "{}")])).unwrap_err();
    assert_eq!(names(folder.path()), ["api.default.a-v1.yaml", "api.default.b-v1.yaml"]);
}

#[test]
fn a_name_that_leads_elsewhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut entity = apis(&[("a-v1", "{}")]).remove(0);
    entity.metadata.name = "../../a".to_owned();
    let error = FolderCatalog::new(folder.path()).apply(&Mutation::full(vec![entity])).unwrap_err();
    assert_snapshot!(error, @"api:default/../../a can't be written: its reference can't be a file's name");
}
