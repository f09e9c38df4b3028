//! `understudy scenarios new`: what it writes is a scenario that loads as it is.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use understudy::Scenario;
use understudy::scenarios::file::SpecFile;

use crate::{assert_command, understudy};

const PETS: &str = r#"{"openapi": "3.0.3", "info": {"title": "Pet store", "version": "1.10"}, "x-number": 1.10}"#;

fn written(arguments: &[&str], folder: &std::path::Path) -> String {
    let output = understudy().args(["scenarios", "new"]).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Answers each request at a port with the next of `answers`, each a head and a body.
fn serve(answers: &'static [(&'static str, &'static str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for (head, body) in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                request.extend(byte);
            }
            let answer =
                format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    url
}

#[test]
fn without_documents_it_is_a_small_scenario_with_comments_and_steps() {
    let folder = tempfile::tempdir().unwrap();
    let text = written(&[], folder.path());
    let scenario = Scenario::from_yaml("new", &text).unwrap();
    assert_eq!((scenario.name(), scenario.steps().len()), ("my-portal", 7));
    assert!(text.lines().count() < 40, "it fits on a screen");
}

#[test]
fn a_file_becomes_a_product_and_is_named_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("docs")).unwrap();
    fs::write(folder.path().join("docs/petstore-v2.json"), PETS).unwrap();
    fs::write(folder.path().join("tracks.yaml"), "openapi: 3.1.0\ninfo: {title: Tracks, version: '3'}\n").unwrap();
    let text = written(&["--from", "docs/petstore-v2.json", "tracks.yaml"], folder.path());
    insta::assert_snapshot!(text, @"
    # Made from docs/petstore-v2.json, tracks.yaml.
    portal:
      products:
      - id: petstore
        name: Pet store
        versions:
        - name: v2
          title: Pet store
          spec: docs/petstore-v2.json
      - id: tracks
        name: Tracks
        versions:
        - name: v3
          title: Tracks
          spec: tracks.yaml

    # What happens once the world is up, and what must hold then: `understudy run` plays it against a provider.
    # steps:
    #   - fault: {server: portal, does: {status: 503}}
    #   - sync
    #   - expect: {catalog: same, error: told}
    ");
    fs::write(folder.path().join("mine.yaml"), &text).unwrap();
    let scenario = Scenario::load(folder.path().join("mine.yaml")).unwrap();
    let ids: Vec<_> = scenario.world().portal.products.iter().map(|product| product.versions[0].id.as_str()).collect();
    assert_eq!(ids, ["petstore-v2", "tracks-v3"]);
    assert!(scenario.world().portal.products[0].versions[0].spec.get().contains("1.10}"), "its digits stay");
}

#[test]
fn the_steps_that_it_suggests_can_be_played_once_they_are_no_comment() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pets.json"), PETS).unwrap();
    let text = written(&["--from", "pets.json"], folder.path());
    let (before, steps) = text.split_once("# steps:").unwrap();
    let text = format!("{before}steps:{}", steps.replace("\n#", "\n"));
    fs::write(folder.path().join("mine.yaml"), text).unwrap();
    assert_eq!(Scenario::load(folder.path().join("mine.yaml")).unwrap().steps().len(), 3);
}

#[test]
fn what_is_fetched_is_held_by_the_scenario() {
    let url = serve(&[("302 Found\r\nLocation: /v3/openapi.json", ""), ("200 OK", PETS)]);
    let folder = tempfile::tempdir().unwrap();
    let text = written(&["--from", &format!("{url}/openapi.json?token=secret")], folder.path());
    assert!(!text.contains("secret"), "{text}");
    let scenario = Scenario::from_yaml("new", &text).unwrap();
    let version = &scenario.file().portal.products[0].versions[0];
    assert_eq!((scenario.file().portal.products[0].id.as_str(), &*version.name), ("pet-store", "v1"));
    assert!(matches!(version.spec, Some(SpecFile::Inline(_))));
}

#[test]
fn a_file_that_is_not_there_and_one_that_is_no_document_are_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.yaml"), "title: Notes\n").unwrap();
    let new = |from: &str| {
        let mut command = understudy();
        command.args(["scenarios", "new", "--from", from]).current_dir(folder.path());
        command
    };
    assert_command!(new("pets.yaml"), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: can't read the document pets.yaml: there is no such file
    ");
    assert_command!(new("notes.yaml"), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: this is no OpenAPI document
    --> notes.yaml
     = help: such a document has `openapi` or `swagger` at the top
    ");
    assert_command!(new("."), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: can't read the document .: it is a folder; `understudy up .` takes one as it is
    ");
    assert_command!(new("ftp://localhost/pets.yaml"), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: ftp://localhost/pets.yaml can't be fetched: a URL is of http or https
    ");
}

#[test]
fn a_url_that_has_no_document_is_told() {
    let url = serve(&[("404 Not Found", "no"), ("200 OK", "{\"hello\": 1}")]);
    let new = || {
        let mut command = understudy();
        command.args(["scenarios", "new", "--from", &format!("{url}/openapi.json")]);
        command
    };
    assert_command!(new(), @"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    fetching http://127.0.0.1:[port]/openapi.json
    error: http://127.0.0.1:[port]/openapi.json answered 404 Not Found; is the path right?
    ");
    assert_command!(new(), @"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    fetching http://127.0.0.1:[port]/openapi.json
    error: this is no OpenAPI document
    --> http://127.0.0.1:[port]/openapi.json
     = help: such a document has `openapi` or `swagger` at the top
    ");
}

#[test]
fn a_server_that_can_t_be_reached_ends_with_3() {
    let url = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let output = understudy().args(["scenarios", "new", "--from", &url]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("can't reach http://127.0.0.1:") && told.contains("Is that server running"), "{told}");
}
