//! The folder of a recording: whole or not there.

use std::fs;
use std::path::Path;

use understudy::Scenario;
use understudy::record::{Destination, RecordError};

use crate::Live;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_recording_is_a_folder_that_loads_as_a_scenario() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("recorded");
    let recording = Live::quickstart().await.record().await;
    let written = Destination::new(&folder, false).unwrap().write(&recording).unwrap();
    let proof = recording.prove(&written.scenario().unwrap()).await.unwrap();
    assert_eq!((proof.entities, proof.differences.len()), (5, 0));
    assert!(!folder.exists());
    written.keep().unwrap();
    assert_eq!(names(&folder), ["scenario.yaml", "specs"]);
    assert_eq!(names(parent.path()), ["recorded"]);
    let scenario = Scenario::load(&folder).unwrap();
    assert_eq!((scenario.name(), scenario.world()), ("recorded", recording.scenario().unwrap().world()));
}

#[tokio::test]
async fn what_is_not_kept_leaves_nothing() {
    let parent = tempfile::tempdir().unwrap();
    let recording = Live::quickstart().await.record().await;
    drop(Destination::new(&parent.path().join("recorded"), false).unwrap().write(&recording).unwrap());
    assert_eq!(names(parent.path()), [""; 0]);
}

#[tokio::test]
async fn a_recording_is_replaced_by_force_alone() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("recorded");
    let recording = Live::quickstart().await.record().await;
    Destination::new(&folder, false).unwrap().write(&recording).unwrap().keep().unwrap();
    let error = Destination::new(&folder, false).unwrap_err();
    assert!(
        error.to_string().ends_with("is not empty; choose another folder, or replace the recording in it with --force")
    );
    fs::write(folder.join("specs/old.json"), "{}").unwrap();
    Destination::new(&folder, true).unwrap().write(&recording).unwrap().keep().unwrap();
    assert_eq!(names(&folder.join("specs")), ["petstore-v1.json", "tracks-v1.json"]);
    assert_eq!(names(parent.path()), ["recorded"]);
}

#[test]
fn force_replaces_no_folder_that_holds_something_else() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.md"), "mine").unwrap();
    let error = Destination::new(folder.path(), true).unwrap_err();
    assert!(matches!(&error, RecordError::NotARecording { other, .. } if other == "notes.md"), "{error}");
}

#[test]
fn a_place_that_cannot_be_written_is_told_before_anything_is_asked() {
    let parent = tempfile::tempdir().unwrap();
    let error = Destination::new(&parent.path().join("no/such/folder"), false).unwrap_err().to_string();
    assert!(error.starts_with("can't write ") && error.contains("no/such"), "{error}");
    fs::write(parent.path().join("file"), "").unwrap();
    assert!(Destination::new(&parent.path().join("file"), true).is_err());
}

#[tokio::test]
async fn an_empty_folder_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let recording = Live::quickstart().await.record().await;
    Destination::new(folder.path(), false).unwrap().write(&recording).unwrap().keep().unwrap();
    assert_eq!(names(folder.path()), ["scenario.yaml", "specs"]);
}
