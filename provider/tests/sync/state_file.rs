//! The last good state on disk: what a provider that is started anew knows, and what it makes of a file that is not good.

use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use tempfile::TempDir;
use understudy_provider::{Outcome, Provider};

use crate::support::{Canned, Reply, SECRET, Server, TOKEN, json, status, tagged};

const TWO: &str = r#"[{"apiProductId": "a", "apiVersions": [{"apiId": "a-v1"}, {"apiId": "a-v2"}]}]"#;

async fn server(list: Reply) -> Server {
    Canned::new()
        .on("GET /v1/apis", list)
        .on("GET /v1/apis/a-v1/schema", tagged(r#""s1""#, r#"{"openapi":"3.0.3","of":"a-v1"}"#))
        .on("GET /v1/apis/a-v2/schema", json(r#"{"openapi":"3.0.3","of":"a-v2"}"#))
        .start()
        .await
}

/// A folder for a state file, and the file's path.
fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portal.state");
    (folder, path)
}

fn started(server: &Server, path: &Path) -> Provider {
    let mut config = server.config();
    config.state_file = Some(path.to_owned());
    Provider::new(config).unwrap()
}

async fn sync(provider: &Provider) -> Outcome {
    provider.sync().await.unwrap_or_else(|error| panic!("{error}"))
}

/// What an outcome tells, a line each, without the path.
fn told(outcome: &Outcome, path: &Path) -> String {
    let lines = outcome.notices.iter().map(|notice| format!("{:?}: {notice}\n", notice.kind));
    lines.collect::<String>().replace(&path.display().to_string(), "STATE")
}

#[tokio::test]
async fn a_provider_that_is_started_while_the_portal_is_down_gives_the_catalog_of_before() {
    let (_folder, path) = place();
    let server = server(json(TWO)).await;
    let before = sync(&started(&server, &path)).await;
    assert_eq!(before.notices, []);
    server.answer_from_now_on("GET /v1/apis", status(503, "no healthy upstream"));
    let provider = started(&server, &path);
    let after = sync(&provider).await;
    assert_eq!(after.mutation, before.mutation);
    assert_eq!(after.delta, before.delta);
    assert!(!after.is_whole());
    assert_eq!(sync(&provider).await.delta, None);
}

#[tokio::test]
async fn documents_that_are_in_the_file_are_not_read_again() {
    let (_folder, path) = place();
    let server = server(json(TWO)).await;
    let before = sync(&started(&server, &path)).await;
    server.answer_from_now_on("GET /v1/apis/a-v1/schema", status(304, ""));
    let after = sync(&started(&server, &path)).await;
    assert_eq!((after.mutation, after.notices), (before.mutation, vec![]));
    assert!(server.asked().iter().any(|asked| asked.if_none_match.as_deref() == Some(r#""s1""#)));
}

#[tokio::test]
async fn what_is_held_back_is_counted_across_starts() {
    let (_folder, path) = place();
    let server = server(json(TWO)).await;
    sync(&started(&server, &path)).await;
    server.answer_from_now_on("GET /v1/apis", json("[]"));
    let mut counts = Vec::new();
    for _ in 0..3 {
        counts.push(sync(&started(&server, &path)).await.mutation.entities().len());
    }
    assert_eq!(counts, [5, 5, 3]);
}

#[tokio::test]
async fn a_removal_can_be_confirmed_right_after_a_start() {
    let (_folder, path) = place();
    let server = server(json(TWO)).await;
    sync(&started(&server, &path)).await;
    server.answer_from_now_on("GET /v1/apis", json("[]"));
    sync(&started(&server, &path)).await;
    let provider = started(&server, &path);
    assert_eq!(provider.confirm_removals().await, 1);
    assert_eq!(sync(&provider).await.mutation.entities().len(), 3);
}

#[tokio::test]
async fn the_file_is_written_only_when_something_has_changed() {
    let (_folder, path) = place();
    let server = server(json(TWO)).await;
    let provider = started(&server, &path);
    sync(&provider).await;
    fs::remove_file(&path).unwrap();
    sync(&provider).await;
    assert!(!path.exists(), "nothing had changed");
    server.answer_from_now_on("GET /v1/apis/a-v2/schema", json(r#"{"openapi":"3.0.3","of":"a-v2","x":1}"#));
    sync(&provider).await;
    assert!(path.exists(), "a document had");
}

#[tokio::test]
async fn the_file_holds_no_secret() {
    let (_folder, path) = place();
    sync(&started(&server(json(TWO)).await, &path)).await;
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("a-v1") && !text.contains(SECRET) && !text.contains(TOKEN), "{text}");
}

#[tokio::test]
async fn a_file_that_is_not_whole_is_told_once_and_written_anew() {
    let (_folder, path) = place();
    let server = server(json(TWO)).await;
    sync(&started(&server, &path)).await;
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let provider = started(&server, &path);
    let outcome = sync(&provider).await;
    assert_snapshot!(told(&outcome, &path), @"StateFile: the state file STATE is not gone by: it is not whole, or was changed by hand");
    assert!(outcome.is_whole());
    assert_eq!(fs::read(&path).unwrap(), whole);
    assert_eq!(sync(&provider).await.notices, []);
}

#[tokio::test]
async fn a_file_of_another_portal_is_told_and_not_gone_by() {
    let (_folder, path) = place();
    sync(&started(&server(json(TWO)).await, &path)).await;
    let other = server(json("[]")).await;
    let outcome = sync(&started(&other, &path)).await;
    assert_eq!(outcome.mutation.entities().len(), 3);
    let told = told(&outcome, &path);
    assert!(
        told.starts_with("StateFile: the state file STATE is not gone by: it is of the portal at http://127"),
        "{told}"
    );
}

#[tokio::test]
async fn a_file_that_is_something_else_stays_untouched() {
    let (_folder, path) = place();
    fs::write(&path, "app:\n  title: mine\n").unwrap();
    let server = server(json(TWO)).await;
    let provider = started(&server, &path);
    for _ in 0..2 {
        sync(&provider).await;
    }
    let outcome = sync(&provider).await;
    assert_snapshot!(told(&outcome, &path), @"StateFile: the state file STATE is not gone by: it is no state file of this provider, and stays untouched. Name another path");
    assert_eq!(fs::read_to_string(&path).unwrap(), "app:\n  title: mine\n");
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_told_and_stops_nothing() {
    let (folder, _) = place();
    let path = folder.path().join("missing/portal.state");
    let outcome = sync(&started(&server(json(TWO)).await, &path)).await;
    assert_eq!(outcome.mutation.entities().len(), 5);
    let words = told(&outcome, &path).replace(&folder.path().display().to_string(), "FOLDER");
    assert_snapshot!(words, @"StateFile: the state file STATE can't be written: there is no folder FOLDER/missing. Until it can, a provider that is started anew knows nothing newer than what is in it");
}
