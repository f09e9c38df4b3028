//! One step of a scenario, played on a running stage.

use jiff::SignedDuration;
use understudy_scenarios::{ChangeError, ClockMove, Restart, Server, Step, StepError, TokenChange};

use super::{Controls, FaultError};

impl Controls {
    /// Plays one step on the mocks. `sync`, `expect` and a restart of the subject are about a subject, which a stage
    /// does not have: who plays a whole scenario sees to those.
    ///
    /// # Errors
    /// When the step names what is not there, or is about a subject. Nothing has changed then.
    pub async fn play(&self, step: &Step) -> Result<(), PlayError> {
        // The stage checks faults itself: it knows more of what it can play.
        if !matches!(step, Step::Fault(_)) {
            step.check()?;
        }
        match step {
            Step::Fault(fault) => {
                self.faults.inject((**fault).clone())?;
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
            Step::Clock(to) => {
                self.move_clock(*to);
                Ok(())
            }
            Step::Restart(Restart::Portal) => {
                self.mocks.restart(Server::Portal);
                Ok(())
            }
            Step::Restart(Restart::Idp) => {
                self.mocks.restart(Server::Idp);
                Ok(())
            }
            step => Err(PlayError::NeedsSubject(step.word())),
        }
    }

    fn move_clock(&self, to: ClockMove) {
        match to {
            ClockMove::Advance(by) => self.clock.advance(by.0),
            ClockMove::Set(time) => self.clock.set(time),
            ClockMove::Freeze => self.clock.freeze(),
            ClockMove::Run => self.clock.run(),
            ClockMove::Skew(skew) => self.mocks.of(skew.server).clock.skew(skew.by.0),
        }
        // What the new time opens or closes is open or closed for whatever comes next.
        self.faults.settle();
    }
}

impl Controls {
    /// A token tells when it was issued in whole seconds. So that one that is issued after it is told apart from those
    /// that end here, the clock moves on to the next second: by a second at most.
    fn change_tokens(&self, change: &TokenChange) {
        // What a token tells is the time of the clock that it was issued by.
        let now = self.mocks.of(Server::Idp).clock.now();
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
    /// The step says nothing, or what can't be.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The world can't be changed so.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// There is no such fault.
    #[error("there is no fault `{0}` to lift")]
    NoFault(String),
    /// The fault can't be played.
    #[error(transparent)]
    Fault(#[from] FaultError),
}
