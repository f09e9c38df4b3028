//! What a scenario must hold to beside its form, before it becomes a world.

mod identity;
mod portal;
mod steps;

use std::collections::HashMap;

use super::error::Mistake;
use super::trail::{Trail, trail};
use super::wording::quoted;
use crate::file::ScenarioFile;

pub(super) use steps::check as steps;

/// Finds the first mistake, in the order of the file model.
pub(super) fn check(file: &ScenarioFile) -> Result<(), Mistake> {
    identity::check(&file.identity)?;
    portal::check(&file.portal, &file.identity)
}

/// Refuses an empty name.
fn not_empty(text: &str, at: impl FnOnce() -> Trail, what: &str) -> Result<(), Mistake> {
    if text.trim().is_empty() { Err(Mistake::at(at(), format!("{what} is empty"))) } else { Ok(()) }
}

/// The names that have been used so far, each with where.
struct Taken<'f> {
    /// What they are names of: `the product id`.
    what: &'static str,
    names: HashMap<&'f str, Trail>,
}

impl<'f> Taken<'f> {
    fn new(what: &'static str) -> Self {
        Self { what, names: HashMap::new() }
    }

    /// Refuses a name that is taken already.
    fn take(&mut self, name: &'f str, trail: Trail) -> Result<(), Mistake> {
        match self.names.get(name) {
            Some(first) => {
                let message = format!("{} {} stands twice", self.what, quoted(name));
                Err(Mistake::at(trail, message).first_at(first.clone()))
            }
            None => {
                self.names.insert(name, trail);
                Ok(())
            }
        }
    }
}

/// The trail to an item of the list at `list`.
fn item(list: &[&str], position: usize) -> Trail {
    list.iter().fold(trail![], |trail, key| trail.then(*key)).then(position)
}
