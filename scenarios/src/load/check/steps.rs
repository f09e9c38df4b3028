//! What steps must hold to: they are played over the world, as far as it is concerned.

use std::borrow::Cow;

use crate::load::error::Mistake;
use crate::{ChangeError, Step, World};

/// Finds the first mistake of `steps`, which begin in `world`.
pub(crate) fn check(steps: &[Step], world: &World) -> Result<(), Mistake> {
    let mut world = Cow::Borrowed(world);
    for (position, step) in steps.iter().enumerate() {
        match step {
            Step::Change(change) => world = Cow::Owned(world.changed(change).map_err(|error| told(&error, position))?),
            Step::Keys(change) => world = Cow::Owned(world.with_keys(change).map_err(|error| told(&error, position))?),
            _ => {}
        }
    }
    Ok(())
}

/// What a step at `position` can't change.
fn told(error: &ChangeError, position: usize) -> Mistake {
    let mistake = Mistake::at(error.trail().under_item("steps", position), error.problem().to_string());
    match error.problem().help() {
        Some(help) => mistake.help(help),
        None => mistake,
    }
}
