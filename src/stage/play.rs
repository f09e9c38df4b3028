//! One step of a scenario, played on a running stage.

use jiff::SignedDuration;
use understudy_scenarios::{ChangeError, Step, TokenChange};

use super::Controls;

impl Controls {
    /// Plays one step on the mocks. `sync`, `expect` and a restart of the subject are about a subject, which a stage
    /// does not have: who plays a whole scenario sees to those.
    ///
    /// # Errors
    /// When the step names what is not there, or is about a subject. Nothing has changed then.
    pub async fn play(&self, step: &Step) -> Result<(), PlayError> {
        match step {
            Step::Fault(fault) => {
                self.faults.inject((**fault).clone());
                Ok(())
            }
            Step::Lift(name) => match self.faults.lift(name) {
                0 if name != "all" => Err(PlayError::NoFault(name.clone())),
                _ => Ok(()),
            },
            Step::Change(change) => {
                self.world.try_edit(|world| world.changed(change))?;
                Ok(())
            }
            Step::Keys(change) => {
                self.world.try_edit(|world| world.with_keys(change))?;
                Ok(())
            }
            Step::Tokens(change) => {
                self.change_tokens(change);
                Ok(())
            }
            step => Err(PlayError::NeedsSubject(step.word())),
        }
    }
}

impl Controls {
    /// A token tells when it was issued in whole seconds. So that one that is issued after it is told apart from those
    /// that end here, the clock moves on to the next second: by a second at most.
    fn change_tokens(&self, change: &TokenChange) {
        let now = self.clock.now();
        if matches!(change, TokenChange::Expire | TokenChange::Revoke) {
            // The clock moves in whole microseconds.
            let into_second = i64::from(now.subsec_nanosecond()).rem_euclid(1_000_000_000) / 1_000;
            self.clock.advance(SignedDuration::from_micros(1_000_000 - into_second));
        }
        self.world.edit(|world| world.with_tokens(change, now));
    }
}

/// Why a step could not be played.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlayError {
    /// The step is about a subject.
    #[error("`{0}` is about a subject, and a stage by itself has none; `understudy run` plays it")]
    NeedsSubject(&'static str),
    /// The world can't be changed so.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// There is no such fault.
    #[error("there is no fault `{0}` to lift")]
    NoFault(String),
}
