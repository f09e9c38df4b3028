//! One step of a scenario, played on a running stage.

use understudy_scenarios::Step;

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
            step => Err(PlayError::NeedsSubject(step.word())),
        }
    }
}

/// Why a step could not be played.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlayError {
    /// The step is about a subject.
    #[error("`{0}` is about a subject, and a stage by itself has none; `understudy run` plays it")]
    NeedsSubject(&'static str),
    /// There is no such fault.
    #[error("there is no fault `{0}` to lift")]
    NoFault(String),
}
