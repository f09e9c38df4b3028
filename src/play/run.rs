//! Plays many scenarios side by side, and gathers one report.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use understudy_provider::SyncError;
use understudy_scenarios::{LoadError, Scenario, Suite};

use super::expected::{ExpectedFailures, InvalidExpectation};
use super::ground::{Ground, GroundError};
use super::player::{Measure, Options, play};
use super::report::{Outcome, RunReport, ScenarioReport};
use super::subject::{Subject, SubjectError};
use crate::{Target, TargetError};

/// What is to be played, and how.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The scenarios, in the order in which they are reported.
    pub scenarios: Vec<Scenario>,
    /// Who is judged; our own provider by default.
    pub subject: Subject,
    /// The suite that the scenarios are, where they are one, for the report.
    pub suite: Option<String>,
    /// How each is played and judged.
    pub options: Options,
    /// How many are played at a time, where the subject allows; by default two for each processor.
    pub jobs: Option<NonZeroUsize>,
    /// Whether to begin no more once one has ended badly.
    pub fail_fast: bool,
    /// Which are declared to fail.
    pub expected: ExpectedFailures,
}

impl Plan {
    /// Plays these scenarios against our own provider, by the defaults. The fields change them.
    #[must_use]
    pub fn of(scenarios: Vec<Scenario>) -> Self {
        Self { scenarios, ..Self::default() }
    }

    /// Plays a suite that comes with understudy.
    ///
    /// # Errors
    /// Never, as long as this crate's tests pass.
    pub fn of_suite(suite: Suite) -> Result<Self, LoadError> {
        let mut plan = Self::of(suite.scenarios()?);
        plan.suite = Some(suite.name().to_owned());
        if suite == Suite::PluginParity {
            plan.options.measure = Measure::Plugin;
        }
        Ok(plan)
    }

    /// With another subject.
    #[must_use]
    pub fn subject(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// Plays it on these servers.
    #[must_use]
    pub fn target(mut self, target: Target) -> Self {
        self.options.target = target;
        self
    }

    /// Asks real servers once before anything is played, so that one that can't be read is told once.
    async fn meet(&self) -> Result<(), RunError> {
        let Some(first) = self.scenarios.first().filter(|_| !matches!(self.options.target, Target::Mocks)) else {
            return Ok(());
        };
        match Ground::start(first, &self.subject, &self.options, false).await {
            Ok(_) => Ok(()),
            Err(GroundError::Target(error)) => Err(RunError::Target(error)),
            Err(GroundError::Portal(error)) => Err(RunError::Portal(error)),
        }
    }

    fn jobs(&self) -> usize {
        // A real portal is asked for no more at a time than by one Backstage.
        if self.subject.ports().is_some() || !matches!(self.options.target, Target::Mocks) {
            return 1;
        }
        let usual = || 2 * thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.jobs.map_or_else(usual, NonZeroUsize::get)
    }
}

/// Why nothing was played, or not all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The subject can't be used.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// The target can't be asked.
    #[error(transparent)]
    Target(TargetError),
    /// The portal of the target can't be read.
    #[error(transparent)]
    Portal(SyncError),
    /// The declared failures are not of these scenarios.
    #[error(transparent)]
    Expected(#[from] InvalidExpectation),
}

/// Plays what is planned. `ended` is called with each scenario as it ends, in whatever order they do.
///
/// # Errors
/// When the subject can't be used at all, or a failure is declared of a scenario that is not played.
pub async fn run(plan: &Plan, mut ended: impl FnMut(&ScenarioReport)) -> Result<RunReport, RunError> {
    let began = Instant::now();
    let names: Vec<&str> = plan.scenarios.iter().map(Scenario::name).collect();
    plan.expected.check(&names)?;
    plan.meet().await?;
    let is_over = Arc::new(AtomicBool::new(false));
    let playing = plan.scenarios.iter().enumerate().map(|(at, scenario)| {
        let (scenario, plan, is_over) = (scenario.clone(), Shared::of(plan), Arc::clone(&is_over));
        async move { (at, one(scenario, plan, is_over).await) }
    });
    let mut playing = stream::iter(playing).buffer_unordered(plan.jobs());
    let mut reports: Vec<Option<ScenarioReport>> = vec![None; plan.scenarios.len()];
    while let Some((at, report)) = playing.next().await {
        let report = report?;
        if plan.fail_fast && !report.outcome.is_good() {
            is_over.store(true, Ordering::Relaxed);
        }
        ended(&report);
        reports[at] = Some(report);
    }
    Ok(RunReport {
        version: env!("CARGO_PKG_VERSION"),
        subject: plan.subject.to_string(),
        suite: plan.suite.clone(),
        seed: plan.options.seed,
        scenarios: reports.into_iter().flatten().collect(),
        elapsed: began.elapsed(),
    })
}

/// What the task of one scenario takes along.
struct Shared {
    subject: Subject,
    options: Options,
    expected: ExpectedFailures,
}

impl Shared {
    fn of(plan: &Plan) -> Self {
        Self { subject: plan.subject.clone(), options: plan.options.clone(), expected: plan.expected.clone() }
    }
}

async fn one(scenario: Scenario, plan: Shared, is_over: Arc<AtomicBool>) -> Result<ScenarioReport, SubjectError> {
    if is_over.load(Ordering::Relaxed) {
        let reason = "another ended badly before, and the run ends with the first that does".to_owned();
        return Ok(ScenarioReport::unplayed(&scenario, Outcome::Skipped { reason }));
    }
    let name = scenario.name().to_owned();
    let unplayed = ScenarioReport::unplayed(&scenario, Outcome::Passed);
    let Shared { subject, options, expected } = plan;
    let judged = subject.clone();
    let played = tokio::spawn(async move { play(&scenario, &subject, &options).await });
    let mut report = match played.await {
        Ok(report) => report?,
        // A subject in this process may have panicked: that ends its scenario, not the run.
        Err(error) => {
            let outcome = Outcome::Broken { reason: format!("it could not be played to its end: {error}") };
            ScenarioReport { outcome, ..unplayed }
        }
    };
    report.outcome = expected.seen(&name, &judged, report.outcome);
    Ok(report)
}

impl ScenarioReport {
    /// Of a scenario that was not played.
    pub(super) fn unplayed(scenario: &Scenario, outcome: Outcome) -> Self {
        Self {
            file: scenario.path().map(|path| path.display().to_string()),
            name: scenario.name().to_owned(),
            description: scenario.file().description.clone(),
            outcome,
            steps: Vec::new(),
            requests: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
            log: String::new(),
            elapsed: Duration::ZERO,
        }
    }
}

impl RunReport {
    /// Why the run did not end well; nothing where it did. A run that has checked nothing did not.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let bad = self.scenarios.iter().filter(|scenario| !scenario.outcome.is_good()).count();
        let has_checked = self.scenarios.iter().any(|scenario| scenario.outcome.has_checked());
        match (self.scenarios.len(), bad) {
            (0, _) => Some("nothing was checked: there is no scenario in this run".to_owned()),
            (1, 1) => Some("the scenario did not end well".to_owned()),
            (all, bad @ 1..) => Some(format!("{bad} of {all} scenarios did not end well")),
            (1, 0) if !has_checked => Some("nothing was checked: the scenario was skipped".to_owned()),
            (all, 0) if !has_checked => Some(format!("nothing was checked: all {all} scenarios were skipped")),
            _ => None,
        }
    }
}
