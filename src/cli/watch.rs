//! `up` and `serve` follow the files of their scenario: a change of them is one change of the world, or none.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use understudy::{Scenario, Stage};

use crate::cli::failure::{self, Failure};
use crate::cli::scenarios::summary;
use crate::cli::talk::Talk;
use crate::cli::target::Opened;

/// How long no file has to change until they are read: editors save in several steps.
const SETTLED: Duration = Duration::from_millis(100);

/// Follows the files that a target's mocks play; where there are none, nothing ever comes of it.
pub(super) async fn follow(opened: &Opened, talk: Talk) -> Failure {
    match (&opened.scenario, &opened.stage) {
        (Some(argument), Some(stage)) => follow_stage(argument, stage, talk).await,
        _ => std::future::pending().await,
    }
}

/// Follows the files that `argument` names for as long as the stage is up. A scenario with a mistake is told and
/// changes nothing.
pub(super) async fn follow_stage(argument: &str, stage: &Stage, talk: Talk) -> Failure {
    let mut current = stage.scenario().clone();
    if current.folders().is_empty() {
        return std::future::pending().await;
    }
    let mut folders = match Folders::new() {
        Ok(folders) => folders,
        Err(error) => return unwatchable(&error),
    };
    let mut told = None;
    loop {
        if let Err(error) = folders.watch(current.folders()) {
            return unwatchable(&error);
        }
        // Read before the first wait too: a file may have changed since the stage was started.
        match Scenario::find(argument) {
            Ok(scenario) if scenario == current => {
                told = None;
                folders.changed().await;
            }
            Ok(scenario) => {
                play(&scenario, stage, talk);
                current = scenario;
            }
            Err(mistake) => {
                let mistake = mistake.to_string();
                if told.as_ref() != Some(&mistake) {
                    failure::tell(&mistake);
                    talk.say("The mocks go on with the last good scenario.");
                }
                told = Some(mistake);
                folders.changed().await;
            }
        }
    }
}

/// Makes the scenario's world the stage's.
fn play(scenario: &Scenario, stage: &Stage, talk: Talk) {
    let printed = stage.variables().ok();
    stage.controls().reload(scenario);
    talk.say(format_args!("reloaded {}: {}", scenario.name(), summary(scenario)));
    if printed != stage.variables().ok() {
        talk.say("The variables and the app-config that were printed have changed: start anew to see them.");
    }
}

fn unwatchable(error: &notify::Error) -> Failure {
    Failure::Usage(format!("can't watch the scenario's files: {error}"))
}

/// The folders that are watched. Folders and not files, because editors put a new file in an old one's place.
struct Folders {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
    changes: UnboundedReceiver<()>,
}

impl Folders {
    fn new() -> notify::Result<Self> {
        let (sender, changes) = unbounded_channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // To read a file is no change of it. An error may hide one.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                let _ = sender.send(());
            }
        })?;
        Ok(Self { watcher, watched: BTreeSet::new(), changes })
    }

    /// Watches these folders and no others.
    fn watch(&mut self, folders: &BTreeSet<PathBuf>) -> notify::Result<()> {
        for gone in self.watched.difference(folders) {
            // It may be gone from the disk as well.
            let _ = self.watcher.unwatch(here(gone));
        }
        for new in folders.difference(&self.watched) {
            self.watcher.watch(here(new), RecursiveMode::NonRecursive)?;
        }
        self.watched.clone_from(folders);
        Ok(())
    }

    /// Waits until something has changed, and then nothing more for a moment.
    async fn changed(&mut self) {
        if self.changes.recv().await.is_none() {
            return std::future::pending().await;
        }
        while let Ok(Some(())) = tokio::time::timeout(SETTLED, self.changes.recv()).await {}
    }
}

/// The folder as the system takes it: the empty path is the current folder.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}
