//! The last good state on disk, so that a provider that is started anew knows it.
//!
//! The file has three lines: what it is, the state as JSON, and a checksum of both. It is written whole or not at all, and
//! only when something has changed. It holds what the portal shows to the provider, and none of the provider's secrets.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest;
use http::HeaderValue;
use serde::{Deserialize, Serialize};
use tokio::task;

use super::doubt::Doubts;
use super::known::Known;
use super::words;
use crate::atomic::{self, Readers};
use crate::outcome::Notice;
use crate::portal::Answers;

/// How a file begins that is one.
const BEGINNING: &str = "understudy-provider state ";
/// The version of what follows; another one is not read.
const VERSION: &str = "1";
const CHECKSUM: &str = "sha256 ";

/// A provider's state file.
#[derive(Debug)]
pub(super) struct StateFile {
    path: PathBuf,
    portal: String,
    /// What is in it; none where that is not known, or not to be gone by.
    holds: Option<Arc<State>>,
    /// Whether it is something else, which must not be overwritten.
    is_foreign: bool,
}

/// What a state file holds.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    /// The portal's URL.
    portal: String,
    pub(super) known: Known,
    pub(super) doubts: Doubts,
    /// The entity tags of the APIs' documents, where those were read by themselves.
    tags: BTreeMap<String, String>,
}

/// Why a state file is not gone by.
#[derive(Debug, thiserror::Error)]
pub(super) enum StateProblem {
    #[error("it can't be read: {0}")]
    Unreadable(#[source] io::Error),
    #[error("it is no state file of this provider, and stays untouched. Name another path")]
    Foreign,
    #[error("it is of version {0}, and only version {VERSION} is read here")]
    Version(String),
    #[error("it is not whole, or was changed by hand")]
    Damaged,
    #[error("it is of the portal at {0}")]
    OtherPortal(String),
}

impl StateFile {
    pub(super) fn new(path: PathBuf, portal: &str) -> Self {
        Self { path, portal: portal.to_owned(), holds: None, is_foreign: false }
    }

    /// Reads it; none where there is no such file yet.
    pub(super) async fn load(&mut self) -> Result<Option<Arc<State>>, Notice> {
        let (path, portal) = (self.path.clone(), self.portal.clone());
        let read = task::spawn_blocking(move || read(&path, &portal)).await;
        let problem = match read.unwrap_or_else(|error| Err(StateProblem::Unreadable(io::Error::other(error)))) {
            Ok(state) => {
                self.holds = state.map(Arc::new);
                return Ok(self.holds.clone());
            }
            Err(problem) => problem,
        };
        self.is_foreign = matches!(problem, StateProblem::Foreign);
        Err(words::state_ignored(&self.path, &problem))
    }

    /// Writes a state, unless it is what is in the file already.
    pub(super) async fn save(&mut self, known: &Known, doubts: &Doubts, answers: &Answers) -> Result<(), Notice> {
        if self.is_foreign {
            return Err(words::state_ignored(&self.path, &StateProblem::Foreign));
        }
        let state = State {
            portal: self.portal.clone(),
            known: known.clone(),
            doubts: doubts.clone(),
            tags: known.apis.iter().filter_map(|known| tag_of(&known.api, answers)).collect(),
        };
        if self.holds.as_deref() == Some(&state) {
            return Ok(());
        }
        let (path, state) = (self.path.clone(), Arc::new(state));
        let writing = Arc::clone(&state);
        let written = task::spawn_blocking(move || write(&path, &writing)).await;
        match written.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(()) => {
                self.holds = Some(state);
                Ok(())
            }
            Err(error) => Err(words::state_not_written(&self.path, &error)),
        }
    }
}

impl State {
    /// The answers that are known by this state.
    pub(super) fn answers(&self) -> Answers {
        let mut answers = Answers::default();
        for known in &self.known.apis {
            let tag = self.tags.get(&known.api.id).and_then(|tag| HeaderValue::from_str(tag).ok());
            if let Some(tag) = tag {
                answers.keep_schema(known.api.id.clone(), tag, known.api.definition.clone());
            }
        }
        answers
    }
}

fn tag_of(api: &crate::portal::Api, answers: &Answers) -> Option<(String, String)> {
    let tag = answers.schema_tag(&api.id, &api.definition)?.to_str().ok()?;
    Some((api.id.clone(), tag.to_owned()))
}

fn read(path: &Path, portal: &str) -> Result<Option<State>, StateProblem> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StateProblem::Unreadable(error)),
    };
    let state = checked(&bytes)?;
    if state.portal == portal { Ok(Some(state)) } else { Err(StateProblem::OtherPortal(state.portal)) }
}

/// The state that a file of these bytes holds.
fn checked(bytes: &[u8]) -> Result<State, StateProblem> {
    let Some(rest) = bytes.strip_prefix(BEGINNING.as_bytes()) else {
        // A file that was cut off before its first word was over can't be told from a foreign one, but for this.
        let is_begun = BEGINNING.as_bytes().starts_with(bytes);
        return Err(if is_begun { StateProblem::Damaged } else { StateProblem::Foreign });
    };
    let end = rest.iter().position(|byte| *byte == b'\n').ok_or(StateProblem::Damaged)?;
    let (version, rest) = (String::from_utf8_lossy(&rest[..end]), &rest[end + 1..]);
    if version != VERSION {
        return Err(StateProblem::Version(crate::quote::words(&version, "")));
    }
    let end = rest.iter().position(|byte| *byte == b'\n').ok_or(StateProblem::Damaged)?;
    let (json, checksum) = rest.split_at(end + 1);
    let until = bytes.len() - checksum.len();
    let wanted = format!("{CHECKSUM}{}\n", hex(digest::digest(&digest::SHA256, &bytes[..until]).as_ref()));
    if checksum != wanted.as_bytes() {
        return Err(StateProblem::Damaged);
    }
    serde_json::from_slice(json).map_err(|_| StateProblem::Damaged)
}

fn write(path: &Path, state: &State) -> io::Result<()> {
    atomic::write(path, Readers::Owner, |file| {
        let mut summed = Summed { file, sum: digest::Context::new(&digest::SHA256) };
        writeln!(summed, "{BEGINNING}{VERSION}")?;
        serde_json::to_writer(&mut summed, state)?;
        summed.write_all(b"\n")?;
        let Summed { file, sum } = summed;
        writeln!(file, "{CHECKSUM}{}", hex(sum.finish().as_ref()))
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sums up what is written.
struct Summed<'f> {
    file: &'f mut dyn Write,
    sum: digest::Context,
}

impl Write for Summed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::{Api, Definition, Family};

    fn state() -> State {
        let api = Api {
            id: "a-v1".to_owned(),
            version: Some("v1".to_owned()),
            description: None,
            definition: Definition::Document("{\"a\":\"\\n\"}".into()),
            facts: Default::default(),
        };
        let known = super::super::known::KnownApi { product: Some("a".into()), api: Arc::new(api) };
        let known = Known {
            family: Family::GlooGateway,
            products: vec!["a".to_owned()],
            unread: Default::default(),
            apis: vec![known],
            plans: Default::default(),
        };
        let tags = BTreeMap::from([("a-v1".to_owned(), "\"1\"".to_owned())]);
        State { portal: "http://localhost/v1".to_owned(), known, doubts: Doubts::default(), tags }
    }

    fn written() -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        write(&path, &state()).unwrap();
        fs::read(path).unwrap()
    }

    #[test]
    fn a_state_comes_back_as_it_was() {
        assert_eq!(checked(&written()).unwrap(), state());
    }

    #[test]
    fn a_state_that_lost_its_end_or_a_bit_is_not_gone_by() {
        let bytes = written();
        for end in 0..bytes.len() {
            assert!(matches!(checked(&bytes[..end]), Err(StateProblem::Damaged | StateProblem::Version(_))), "{end}");
        }
        for at in BEGINNING.len()..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1;
            assert!(checked(&bytes).is_err(), "{at}");
        }
    }

    #[test]
    fn what_is_something_else_is_told_from_what_is_damaged() {
        assert!(matches!(checked(b"apiVersion: v1\n"), Err(StateProblem::Foreign)));
        let later = b"understudy-provider state 2\n{}\n";
        assert!(matches!(checked(later), Err(StateProblem::Version(version)) if version == "2"));
    }
}
