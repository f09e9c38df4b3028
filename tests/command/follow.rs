//! `understudy up` follows the files of its scenario.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::running::Running;
use crate::understudy;

#[test]
fn a_change_of_the_scenario_file_is_one_change_of_the_world() {
    let (folder, mut up) = start_mine("portal: {products: [{id: petstore, versions: [{name: v1}]}]}");
    assert_eq!(apis(&up), ["petstore-v1"]);
    save(&folder, "portal: {products: [{id: petstore, versions: [{name: v1}, {name: v2}]}]}");
    assert_eq!(said(&mut up), "reloaded mine: 1 product, 2 versions");
    assert_eq!(apis(&up), ["petstore-v1", "petstore-v2"]);
}

#[test]
fn a_mistake_in_a_saved_file_is_told_and_the_last_good_world_stays() {
    let (folder, mut up) = start_mine("portal: {products: [{id: petstore, versions: [{name: v1}]}]}");
    save(&folder, "portal: {produts: []}");
    assert_eq!(said(&mut up), "error: unknown key `produts` in `portal`: did you mean `products`?");
    while said(&mut up) != "The mocks go on with the last good scenario." {}
    assert_eq!(apis(&up), ["petstore-v1"]);
    save(&folder, "portal: {products: []}");
    assert_eq!(said(&mut up), "reloaded mine: 0 products, 0 versions");
    assert_eq!(apis(&up), [""; 0]);
}

#[test]
fn a_document_beside_the_scenario_is_followed_too() {
    let (folder, mut up) = start_mine("portal: {products: [{id: petstore, versions: [{name: v1}]}]}");
    let documents = folder.path().join("documents");
    fs::create_dir(&documents).unwrap();
    fs::write(documents.join("a.json"), r#"{"openapi":"3.0.3"}"#).unwrap();
    let text = "portal: {products: [{id: petstore, versions: [{name: v1, spec: ./documents/a.json}]}]}";
    save(&folder, text);
    assert_eq!(said(&mut up), "reloaded mine: 1 product, 1 version");
    fs::write(documents.join("a.json"), r#"{"openapi":"3.1.0"}"#).unwrap();
    assert_eq!(said(&mut up), "reloaded mine: 1 product, 1 version");
}

#[test]
fn changed_credentials_are_said_to_differ_from_what_was_printed() {
    let (folder, mut up) = start_mine("identity: {clients: [{id: a, secret: one}]}");
    save(&folder, "identity: {clients: [{id: b, secret: two}]}");
    assert_eq!(said(&mut up), "reloaded mine: 0 products, 0 versions");
    let said = up.said();
    assert!(said.starts_with("The variables and the app-config that were printed have changed"), "{said}");
}

/// A folder with `mine.yaml` in it, and `up` playing that.
fn start_mine(text: &str) -> (TempDir, Running) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.yaml");
    fs::write(&path, text).unwrap();
    let up = Running::start(&[path.to_str().unwrap()]);
    (folder, up)
}

/// The APIs that a sync from there gives.
fn apis(up: &Running) -> Vec<String> {
    let sync =
        understudy().args(["sync", "--target", "real", "--output", "json"]).envs(up.variables()).output().unwrap();
    assert!(sync.status.success(), "{}", String::from_utf8_lossy(&sync.stderr));
    let entities: Vec<Value> = serde_json::from_slice(&sync.stdout).unwrap();
    let apis = entities.iter().filter(|entity| entity["kind"] == "API");
    apis.map(|api| api["metadata"]["name"].as_str().unwrap().to_owned()).collect()
}

/// Saves `mine.yaml` as editors do: a new file takes the old one's place.
fn save(folder: &TempDir, text: &str) {
    let draft = folder.path().join("mine.yaml~");
    fs::write(&draft, text).unwrap();
    fs::rename(draft, folder.path().join("mine.yaml")).unwrap();
}

/// The next line that is about neither the target nor a request.
fn said(up: &mut Running) -> String {
    loop {
        let line = up.said();
        let about_a_request = line.contains(" idp ") || line.contains(" portal GET ");
        if !about_a_request && !line.starts_with("target:") {
            return line;
        }
    }
}
