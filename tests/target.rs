//! What must hold on the servers that are meant: `UNDERSTUDY_TARGET=real cargo test --test target` plays it on those that
//! the Gloo guide's variables name. Without it, the same is played on a stage of its own.
//!
//! Nothing is changed there. What needs more than reading is listed as ignored, each with the reason.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "target/processes.rs"]
mod processes;

use std::env;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Runtime;
use understudy::check::{Plan, Selection, Source, examine};
use understudy::play::report::{Outcome, ScenarioReport, Verdict};
use understudy::play::{Options, Subject, play};
use understudy::provider::{Config, Provider};
use understudy::scenarios::Suite;
use understudy::{Scenario, Stage, Target};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let runtime = Arc::new(Runtime::new().expect("a runtime needs nothing but threads"));
    let (stage, config) = match servers(&runtime) {
        Ok(servers) => servers,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    let options = Options { target: Target::real(config.clone()), ..Options::default() };
    let scenarios =
        [Suite::ReadOnly, Suite::Hazards].map(|suite| suite.scenarios().expect("what comes along can be read"));
    let scenarios = scenarios.concat();
    if stage.is_none() && !arguments.list && arguments.filter.is_none() {
        tell_unfit(&scenarios, &options);
    }
    let source = if stage.is_some() { Source::Given(Box::new(config.clone())) } else { Source::Variables };
    let mut trials = vec![check(&runtime, source), unchanged(&runtime, config)];
    trials.extend(scenarios.into_iter().map(|scenario| trial(&runtime, scenario, &options)));
    // On a stage of its own it is shown that this is a test of the servers that are named.
    if stage.is_some() {
        trials.extend(processes::trials());
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The servers that are meant, and a stage that they are of where it is one.
fn servers(runtime: &Runtime) -> Result<(Option<Stage>, Config), String> {
    let variables = |name: &str| env::var(name).ok();
    match variables("UNDERSTUDY_TARGET").as_deref() {
        Some("real") => Config::from_vars(variables).map(|config| (None, config)).map_err(|error| error.to_string()),
        None | Some("" | "mock") => {
            let stage = runtime.block_on(Stage::start(Scenario::find("quickstart").unwrap())).unwrap();
            let variables = stage.variables().unwrap();
            let variable =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
            let config = Config::from_vars(variable).unwrap();
            Ok((Some(stage), config))
        }
        Some(other) => Err(format!("UNDERSTUDY_TARGET is `{other}`, and must be `real` or `mock`")),
    }
}

/// Says which are not played, each with the reason: the harness says no more than `ignored`.
fn tell_unfit(scenarios: &[Scenario], options: &Options) {
    let reasons =
        scenarios.iter().filter_map(|scenario| Some((scenario, options.unfit(scenario, &Subject::Provider)?)));
    let reasons: Vec<String> = reasons.map(|(scenario, reason)| format!("  {}: {reason}", scenario.name())).collect();
    eprintln!("\n{} are not played, each with the reason:\n{}", reasons.len(), reasons.join("\n"));
}

/// One scenario, or why it is not played.
fn trial(runtime: &Arc<Runtime>, scenario: Scenario, options: &Options) -> Trial {
    let options = options.clone();
    let name = scenario.name().to_owned();
    if let Some(reason) = options.unfit(&scenario, &Subject::Provider) {
        return Trial::test(name, move || Err(reason.into())).with_ignored_flag(true);
    }
    let runtime = Arc::clone(runtime);
    Trial::test(name, move || {
        let report = runtime.block_on(play(&scenario, &Subject::Provider, &options))?;
        verdict(&report)
    })
}

fn verdict(report: &ScenarioReport) -> Result<(), Failed> {
    if report.outcome == Outcome::Passed {
        return Ok(());
    }
    let findings = report.steps.iter().filter_map(|step| match &step.verdict {
        Verdict::Failed { findings } => Some(format!("{}\n{}", step.words, findings.join("\n"))),
        _ => None,
    });
    let mut told: Vec<String> = report.outcome.reason().map(str::to_owned).into_iter().collect();
    told.extend(findings);
    Err(told.join("\n").into())
}

/// Whether the servers are fit to be played on, in the doctor's words.
fn check(runtime: &Arc<Runtime>, source: Source) -> Trial {
    let runtime = Arc::clone(runtime);
    Trial::test("check", move || {
        let parts = ["configuration", "network", "issuer", "client", "token", "portal"].map(str::to_owned);
        let mut plan = Plan::new(source);
        plan.selection = Selection::of(&parts, &[])?;
        let report = runtime.block_on(examine(plan));
        if report.is_pass() { Ok(()) } else { Err(report.text().into()) }
    })
}

/// A second sync of a portal that has not changed gives no mutation at all.
fn unchanged(runtime: &Arc<Runtime>, config: Config) -> Trial {
    let runtime = Arc::clone(runtime);
    Trial::test("an_unchanged_portal_gives_no_mutation", move || {
        runtime.block_on(async {
            let provider = Provider::new(config)?;
            provider.sync().await?;
            match provider.sync().await?.delta {
                None => Ok(()),
                Some(delta) => Err(format!("the second sync gave one: {delta:?}").into()),
            }
        })
    })
}
