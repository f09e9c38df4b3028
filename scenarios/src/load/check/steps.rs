//! What steps must hold to: each by itself, and all of them one after the other over the world that they begin in.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::load::error::Mistake;
use crate::load::trail::{Trail, trail};
use crate::load::wording::{did_you_mean, listed, quoted};
use crate::{ApiId, ChangeError, Expect, Step, StepError, World};

/// Finds the first mistake of `steps`, which begin in `world`.
pub(crate) fn check(steps: &[Step], world: &World) -> Result<(), Mistake> {
    let mut course = Course { world: Cow::Borrowed(world), shown: HashSet::new(), faults: Vec::new() };
    for (position, step) in steps.iter().enumerate() {
        step.check().map_err(|error| wrong(&error, position))?;
        course.play(step, position)?;
    }
    Ok(())
}

/// What has come of the steps so far.
struct Course<'s> {
    world: Cow<'s, World>,
    /// The APIs that the portal showed once and shows no more.
    shown: HashSet<ApiId>,
    /// The names of the faults that were played.
    faults: Vec<&'s str>,
}

impl<'s> Course<'s> {
    fn play(&mut self, step: &'s Step, position: usize) -> Result<(), Mistake> {
        match step {
            Step::Change(change) => {
                let changed = self.world.changed(change).map_err(|error| impossible(&error, position))?;
                self.shown.extend(ids(&self.world).cloned());
                self.world = Cow::Owned(changed);
            }
            Step::Keys(change) => {
                let changed = self.world.with_keys(change).map_err(|error| impossible(&error, position))?;
                self.world = Cow::Owned(changed);
            }
            Step::Fault(fault) => self.faults.push(fault.name()),
            Step::Lift(name) => self.check_lift(name, position)?,
            Step::Expect(expect) => self.check_expect(expect, position)?,
            Step::Sync | Step::Clock(_) | Step::Tokens(_) | Step::Restart(_) => {}
        }
        Ok(())
    }

    fn check_lift(&self, name: &str, position: usize) -> Result<(), Mistake> {
        if name == "all" || self.faults.contains(&name) {
            return Ok(());
        }
        let known = || self.faults.iter().copied();
        let message = format!("no fault before this is called {}{}", quoted(name), did_you_mean(name, known()));
        let mistake = Mistake::at(trail!["steps", position, "lift"], message);
        Err(if self.faults.is_empty() {
            mistake.help("there is no fault before this")
        } else {
            mistake.help(format!("the faults before this: {}; `all` lifts them all", listed(known())))
        })
    }

    fn check_expect(&self, expect: &Expect, position: usize) -> Result<(), Mistake> {
        let at = trail!["steps", position, "expect"];
        for (item, api) in expect.contains.iter().enumerate() {
            self.is_shown(api, || at.then("contains").then(item))?;
        }
        for (item, wish) in expect.entities.iter().enumerate() {
            if !self.shown.contains(&wish.api) {
                self.is_shown(&wish.api, || at.then("entities").then(item).then("api"))?;
            }
        }
        Ok(())
    }

    /// Refuses an API that the portal does not show at this point.
    fn is_shown(&self, api: &ApiId, at: impl FnOnce() -> Trail) -> Result<(), Mistake> {
        if ids(&self.world).any(|shown| shown == api) {
            return Ok(());
        }
        let known: Vec<&str> = ids(&self.world).map(ApiId::as_str).collect();
        let meant = did_you_mean(api.as_str(), known.iter().copied());
        let mistake = Mistake::at(at(), format!("the portal does not show {} here{meant}", quoted(api.as_str())));
        Err(if known.is_empty() {
            mistake.help("it shows no API at this point")
        } else {
            mistake.help(format!("the APIs that it shows at this point: {}", listed(known)))
        })
    }
}

fn ids(world: &World) -> impl Iterator<Item = &ApiId> {
    world.portal.products.iter().flat_map(|product| &product.versions).map(|version| &version.id)
}

/// What the step at `position` says is wrong wherever it is played.
fn wrong(error: &StepError, position: usize) -> Mistake {
    let (at, is_key, message, help) = error.parts();
    let at = at.under_item("steps", position);
    let mistake = if is_key { Mistake::at_key(at, message) } else { Mistake::at(at, message) };
    match help {
        Some(help) => mistake.help(help),
        None => mistake,
    }
}

/// What the step at `position` names is not there, or would be there twice.
fn impossible(error: &ChangeError, position: usize) -> Mistake {
    let mistake = Mistake::at(error.trail().under_item("steps", position), error.problem().to_string());
    match error.problem().help() {
        Some(help) => mistake.help(help),
        None => mistake,
    }
}
