//! Plays one scenario against one subject on a stage of its own, and reports step by step.

use std::sync::Arc;
use std::time::{Duration, Instant};

use understudy_scenarios::{
    CatalogWish, ClockMove, ErrorWish, Expect, FaultKind, Restart, Scenario, Step, World, hazards,
};

use super::catalog::{Catalog, Remark};
use super::fit;
use super::ground::Ground;
use super::judge::{Judge, Now};
use super::matching::{MatchBy, Matching};
use super::report::{CatalogLine, Outcome, ScenarioReport, StepReport, Verdict};
use super::subject::{self, Limits, Running, Subject, SubjectError};
use crate::{Stage, Target};

/// How scenarios are played and judged.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What everything random is drawn with; 0 by default.
    pub seed: u64,
    /// How long a subject may take.
    pub limits: Limits,
    /// By what entities are matched to APIs.
    pub match_by: MatchBy,
    /// What a catalog that is to be exactly right is compared with.
    pub measure: Measure,
    /// Whether the stage serves TLS; one whose certificates a scenario's faults spoil does so in any case.
    pub tls: bool,
    /// Where the servers are. What can't be changed there is left as it is: scenarios that would are skipped.
    pub target: Target,
    /// The port of a mock identity provider that a real portal must find; 0, the default, takes any free one.
    pub idp_port: u16,
}

impl Options {
    /// Why a scenario would be skipped with these options and this subject; none where it is played.
    #[must_use]
    pub fn unfit(&self, scenario: &Scenario, subject: &Subject) -> Option<String> {
        let steps = steps_of(scenario);
        fit::unfit(scenario, &steps, subject, &self.target)
            .or_else(|| unplayable_by(scenario, &steps, subject)?.reason().map(str::to_owned))
    }
}

/// What a catalog that is to be exactly right is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// With what the portal shows, whatever the subject's names are.
    #[default]
    Portal,
    /// With the published plugin's own entities, every member of them. They are what our provider gives on the same
    /// stage, which is the same on well-formed input.
    Plugin,
}

/// Plays one scenario against a subject, on a stage of its own.
///
/// First the subject syncs once, undisturbed: that is the baseline, and it tells which entity stands for which API.
/// Then the steps are played in order. A scenario without steps expects that the catalog is exactly what the portal
/// shows, and that no error was told.
///
/// # Errors
/// When the subject can't be started at all, whatever the scenario.
pub async fn play(scenario: &Scenario, subject: &Subject, options: &Options) -> Result<ScenarioReport, SubjectError> {
    let began = Instant::now();
    let mut report = ScenarioReport::unplayed(scenario, Outcome::Passed);
    let steps = steps_of(scenario);
    let unplayable = fit::unfit(scenario, &steps, subject, &options.target).map(|reason| Outcome::Skipped { reason });
    if let Some(outcome) = unplayable.or_else(|| unplayable_by(scenario, &steps, subject)) {
        report.outcome = outcome;
        return Ok(report);
    }
    let tls = options.tls || spoils_certificates(scenario.steps());
    let ground = match Ground::start(scenario, subject, options, tls).await {
        Ok(ground) => ground,
        Err(error) => {
            report.outcome = Outcome::Broken { reason: error.to_string() };
            return Ok(report);
        }
    };
    let stage = &ground.stage;
    let running = match subject.start(&ground, options.limits).await {
        Ok(running) => running,
        // It is the scenario that leaves the subject nothing to go by.
        Err(SubjectError::Stage(error)) => {
            report.outcome = Outcome::Broken { reason: error.to_string() };
            return Ok(report);
        }
        Err(SubjectError::Misfit(reason)) => {
            report.outcome = Outcome::Skipped { reason };
            return Ok(report);
        }
        Err(error) => return Err(error),
    };
    let mut player = Player {
        subject,
        ground: &ground,
        stage,
        running,
        options,
        began,
        catalog: Catalog::default(),
        error: None,
        remarks: Vec::new(),
        steps: Vec::new(),
    };
    let (outcome, before) = player.play(&steps).await;
    report.outcome = match outcome {
        // A real portal has an owner, who may have changed something meanwhile.
        Outcome::Failed if ground.has_changed().await => Outcome::Broken {
            reason: "the portal shows something else than before, so that nothing can be said; play it again"
                .to_owned(),
        },
        outcome => outcome,
    };
    report.before = before;
    report.after = player.catalog.lines();
    report.log = player.running.take_log();
    report.steps = player.steps;
    report.requests = stage.journal().exchanges();
    report.elapsed = began.elapsed();
    Ok(report)
}

/// Whether there is a fault among them that only a stage with TLS can play.
fn spoils_certificates(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step, Step::Fault(fault) if matches!(fault.does, FaultKind::Tls(_))))
}

/// The scenario's steps, and what a scenario without any expects.
fn steps_of(scenario: &Scenario) -> Vec<Step> {
    if !scenario.steps().is_empty() {
        return scenario.steps().to_vec();
    }
    let expect = Expect { catalog: Some(CatalogWish::Exactly), error: Some(ErrorWish::None), ..Expect::default() };
    vec![Step::Expect(Box::new(expect))]
}

/// Why a scenario is not played at all against this subject.
fn unplayable_by(scenario: &Scenario, steps: &[Step], subject: &Subject) -> Option<Outcome> {
    // One that was read from a folder is the user's own, whatever its name.
    let hazard = hazards::find(scenario.name()).filter(|_| scenario.folders().is_empty());
    if let Some(need) = hazard.map(|hazard| hazard.need).filter(|need| !subject.meets(*need)) {
        return Some(Outcome::Skipped { reason: need.reason().unwrap_or_default().to_owned() });
    }
    if spoils_certificates(steps) && subject.ports().is_some() {
        let reason = "it is played over TLS, and the subject is configured for http".to_owned();
        return Some(Outcome::Skipped { reason });
    }
    if !steps.iter().any(|step| matches!(step, Step::Expect(_))) {
        let reason = "it has steps and expects nothing, so it can check nothing: give it an `expect`".to_owned();
        return Some(Outcome::Broken { reason });
    }
    steps
        .iter()
        .find_map(|step| match step {
            Step::Clock(ClockMove::Skew(_)) => None,
            Step::Clock(_) if !subject.follows_the_clock() => {
                Some(format!("`{step}`: the subject runs in another process and would have to wait for that time"))
            }
            Step::Restart(Restart::Subject) => subject.no_restart(),
            _ => None,
        })
        .map(|reason| Outcome::Skipped { reason })
}

struct Player<'p> {
    subject: &'p Subject,
    ground: &'p Ground,
    stage: &'p Stage,
    running: Running,
    options: &'p Options,
    began: Instant,
    catalog: Catalog,
    /// What the last sync told.
    error: Option<String>,
    /// What the catalog said since the last expectation.
    remarks: Vec<Remark>,
    steps: Vec<StepReport>,
}

impl Player<'_> {
    /// Plays the undisturbed first sync and then the steps; answers how it ended and the catalog after the first sync.
    async fn play(&mut self, steps: &[Step]) -> (Outcome, Vec<CatalogLine>) {
        let (mut judge, before) = match self.baseline().await {
            Ok(judge) => (judge, self.catalog.lines()),
            Err(reason) => {
                self.skip(steps, 0, "the undisturbed first sync failed");
                return (Outcome::Broken { reason }, self.catalog.lines());
            }
        };
        let mut failed = false;
        for (at, step) in steps.iter().enumerate() {
            let mut line = self.begin_step(at, step);
            match self.step(step, &mut judge, &mut line).await {
                Ok(()) => {
                    failed |= matches!(line.verdict, Verdict::Failed { .. });
                    self.end(line);
                }
                Err(reason) => {
                    line.verdict = Verdict::Failed { findings: vec![reason.clone()] };
                    self.end(line);
                    self.skip(steps, at + 1, "a step before it could not be played");
                    let reason = format!("step {} (`{step}`) could not be played: {reason}", at + 1);
                    return (Outcome::Broken { reason }, before);
                }
            }
        }
        (if failed { Outcome::Failed } else { Outcome::Passed }, before)
    }

    /// The undisturbed first sync, and a judge who has seen it.
    async fn baseline(&mut self) -> Result<Judge, String> {
        let mut line = self.begin("sync, undisturbed".to_owned());
        let result = self.sync(&mut line).await;
        let world = self.world();
        let result = result.and_then(|()| match &self.error {
            Some(error) => Err(format!("the undisturbed first sync told an error: {error}")),
            None => Matching::learn(&self.options.match_by, &world, &self.catalog).map_err(|mut reason| {
                for remark in &self.remarks {
                    reason.push('\n');
                    reason.push_str(&remark.to_string());
                }
                reason
            }),
        });
        match &result {
            Ok(matching) => line.words = format!("sync, undisturbed ({})", matching.words()),
            Err(reason) => line.verdict = Verdict::Failed { findings: vec![reason.clone()] },
        }
        self.end(line);
        let matching = result?;
        let (mark, time) = (self.stage.journal().mark(), self.stage.clock().now());
        Ok(Judge::new(matching, self.catalog.clone(), mark, time))
    }

    async fn step(&mut self, step: &Step, judge: &mut Judge, line: &mut StepReport) -> Result<(), String> {
        match step {
            Step::Sync => self.sync(line).await,
            Step::Restart(Restart::Subject) => {
                self.running.restart(self.ground).await.map_err(|error| error.to_string())
            }
            Step::Expect(expect) => {
                let Some(expect) = fit::judgeable(expect, self.subject, &self.options.target) else {
                    line.verdict = Verdict::Skipped { reason: fit::UNSEEN.to_owned() };
                    return Ok(());
                };
                let Some(expect) = self.running.judgeable(&expect) else {
                    let reason = "what it expects can't be seen of a subject that syncs by itself".to_owned();
                    line.verdict = Verdict::Skipped { reason };
                    return Ok(());
                };
                let expect = &expect;
                let plugins = plugins(self.ground, self.options, expect).await?;
                let world = self.world();
                let mut findings = judge.judge(
                    expect,
                    &Now {
                        world: &world,
                        catalog: &self.catalog,
                        remarks: &self.remarks,
                        error: self.error.as_deref(),
                        journal: self.stage.journal(),
                        time: self.stage.clock().now(),
                        plugins: plugins.as_ref(),
                    },
                );
                self.remarks.clear();
                let leaks = self.running.leaks();
                findings.extend(leaks.iter().map(|secret| format!("the subject wrote {secret} where it can be read")));
                line.verdict = if findings.is_empty() { Verdict::Passed } else { Verdict::Failed { findings } };
                Ok(())
            }
            step => {
                self.stage.play(step).await.map_err(|error| error.to_string())?;
                judge.see(&self.world());
                Ok(())
            }
        }
    }

    async fn sync(&mut self, line: &mut StepReport) -> Result<(), String> {
        let outcome = self.running.sync().await.map_err(|error| error.to_string())?;
        for mutation in outcome.mutations {
            match self.catalog.apply(mutation) {
                Ok(remarks) => {
                    line.remarks.extend(remarks.iter().map(Remark::to_string));
                    self.remarks.extend(remarks);
                }
                Err(problem) => {
                    line.remarks.push(problem.to_string());
                    self.remarks.push(Remark::Mutation(problem));
                }
            }
        }
        line.error.clone_from(&outcome.error);
        self.error = outcome.error;
        Ok(())
    }

    fn world(&self) -> Arc<World> {
        self.stage.world().current().world
    }

    fn begin(&self, words: String) -> StepReport {
        StepReport {
            words,
            line: None,
            verdict: Verdict::Done,
            error: None,
            remarks: Vec::new(),
            at: self.stage.clock().now(),
            began: self.began.elapsed(),
            elapsed: Duration::ZERO,
            first_request: self.stage.journal().mark().0 + 1,
        }
    }

    fn end(&mut self, mut line: StepReport) {
        line.elapsed = self.began.elapsed().saturating_sub(line.began);
        self.steps.push(line);
    }

    /// The step at `index` of the scenario.
    fn begin_step(&self, index: usize, step: &Step) -> StepReport {
        StepReport { line: self.stage.scenario().step_line(index), ..self.begin(step.to_string()) }
    }

    /// Leaves out the steps from the one at `first` on.
    fn skip(&mut self, steps: &[Step], first: usize, reason: &str) {
        for (index, step) in steps.iter().enumerate().skip(first) {
            let verdict = Verdict::Skipped { reason: reason.to_owned() };
            let line = StepReport { verdict, ..self.begin_step(index, step) };
            self.steps.push(line);
        }
    }
}

/// The plugin's own entities on this stage, where those are what the catalog is compared with.
async fn plugins(ground: &Ground, options: &Options, expect: &Expect) -> Result<Option<Catalog>, String> {
    if options.measure != Measure::Plugin || expect.catalog != Some(CatalogWish::Exactly) {
        return Ok(None);
    }
    let failed = |error: String| format!("what the plugin's entities would be can't be told: {error}");
    let limits = options.limits;
    let provider = subject::provider::provider(ground, limits.sync).map_err(|error| failed(error.to_string()))?;
    let outcome = subject::provider::outcome(&provider, limits.sync).await;
    if let Some(error) = outcome.error {
        return Err(failed(error));
    }
    let mut catalog = Catalog::default();
    for mutation in outcome.mutations {
        catalog.apply(mutation).map_err(|error| failed(error.to_string()))?;
    }
    Ok(Some(catalog))
}
