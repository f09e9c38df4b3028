//! `understudy run`: plays scenarios against a subject, and says what it found.

mod chosen;
mod subject;
mod told;

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use understudy::Target;
use understudy::play::{ExpectedFailures, Limits, MatchBy, Plan, RunError, Subject, run as play};

use super::failure::Failure;
use super::output;
use super::report::{self, ReportOption};
use super::signals::Signals;
use super::talk::Talk;
use super::target::{TargetArgs, idp};

#[derive(Args)]
#[command(after_help = "\
Examples:
  understudy run --suite hazards                       what goes wrong in the field, against understudy's own provider
  understudy run my-scenario.yaml                      one scenario of your own
  understudy run ./scenarios/ --fail-fast              every scenario file in a folder
  understudy run ./scenarios/ --report junit=junit.xml --report html=report.html
  understudy run quickstart gloo-gateway --match name:{product}.{version}
  understudy run quickstart --keep --subject 'exec:node drive-provider.mjs ./dist/index.cjs.js#MyProvider'
  understudy run --target real                         what can be played on a portal that is only read
  understudy run --suite hazards --idp real            mock portals that trust the tokens of a real Okta or Keycloak

Before the first step of a scenario the subject syncs once, undisturbed. What is judged is what its catalog holds
afterwards; a scenario without steps expects the catalog to be exactly what the portal shows.

On real servers nothing is ever written: what needs more than reading is skipped, each with the reason.

Exit codes: 0 all ended well, 1 one did not or nothing was checked, 2 usage, 3 the subject could not be reached.")]
pub(super) struct RunArgs {
    /// Hazards and bundled scenarios by their names, scenario files, folders of scenario files, folders of OpenAPI documents.
    #[arg(value_name = "SCENARIO|PATH")]
    scenarios: Vec<String>,
    /// A suite that comes with understudy: `hazards`, `quick`, `plugin-parity`, which compares with the published plugin's
    /// own entities, or `read-only`, which fits a real portal. [default on real servers: `read-only`, and what is skipped]
    #[arg(long, value_name = "NAME")]
    suite: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    subject: subject::SubjectArgs,
    /// By what entities are matched to the portal's APIs: `title`, `annotation:KEY` or `name:TEMPLATE`, with {api},
    /// {product} and {version} in it. [default: by what the first sync shows]
    #[arg(long = "match", value_name = "HOW")]
    match_by: Option<MatchBy>,
    /// A YAML list of `{scenario, reason}`: scenarios that are known to fail. One that passes is a failure then.
    #[arg(long, value_name = "FILE")]
    expect_failures: Option<PathBuf>,
    /// Write a report of the run into a file: junit=FILE for continuous integration, json=FILE for programs, html=FILE
    /// for people, one page that needs nothing else. May be given more than once.
    #[arg(long = "report", value_name = "KIND=FILE")]
    reports: Vec<ReportOption>,
    /// What everything random is drawn with: the same seed plays the same.
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
    /// How many scenarios are played at a time. [default: two for each processor]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Begin no more scenarios once one has ended badly.
    #[arg(long)]
    fail_fast: bool,
    /// Print the names of the scenarios, one a line, and play none.
    #[arg(long)]
    list: bool,
    /// Play all scenarios over https. Those whose faults spoil certificates are in any case. The subject is told the
    /// authority's file by CA_FILE and NODE_EXTRA_CA_CERTS; only for `provider` and `exec:`.
    #[arg(long)]
    tls: bool,
    /// How long one sync may take, such as 30s.
    #[arg(long, default_value = "30s", value_name = "DURATION", value_parser = duration)]
    timeout: Duration,
    /// How long one request of `provider` may take, such as 2s. [default: 1s; to a real portal 30s]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    request_timeout: Option<Duration>,
}

pub(super) fn run(args: RunArgs, talk: &Talk) -> Result<(), Failure> {
    let plan = chosen::plan(&args.scenarios, args.suite.as_deref(), args.target.is_real())?;
    if args.list {
        let names: String = plan.scenarios.iter().map(|scenario| format!("{}\n", scenario.name())).collect();
        return output::write(names.as_bytes());
    }
    report::check(&args.reports)?;
    let reports = args.reports.clone();
    let plan = finished(plan, args, *talk)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let end = Signals::new()?;
        tokio::select! {
            judged = judge(&plan, &reports, *talk) => judged,
            // The runtime ends what it runs, and so the commands that are judged.
            () = end.received() => Err(Failure::Refused("the run was interrupted, and reports nothing".to_owned())),
        }
    })
}

async fn judge(plan: &Plan, reports: &[ReportOption], talk: Talk) -> Result<(), Failure> {
    let seed = plan.options.seed;
    let (count, ending) = (plan.scenarios.len(), if plan.scenarios.len() == 1 { "" } else { "s" });
    talk.say(format_args!("subject: {}, {count} scenario{ending}, seed {seed}", plan.subject));
    if let Some(first) = plan.scenarios.first() {
        subject::introduce(&plan.subject, first, plan.options.limits, talk).await?;
    }
    let mut progress = told::Progress::new(plan, talk);
    let report = play(plan, |scenario| progress.ended(scenario)).await;
    progress.finish()?;
    let report = report.map_err(|error| match error {
        RunError::Subject(error) => Failure::Unreachable(error.to_string()),
        RunError::Target(error) => error.into(),
        RunError::Portal(error) => error.into(),
        error => Failure::usage(error),
    })?;
    report::write(&report, reports, talk)?;
    output::write(told::summary(&report).as_bytes())?;
    match report.problem() {
        None => Ok(()),
        Some(problem) => Err(Failure::Refused(problem)),
    }
}

/// The plan with what else the command line says.
fn finished(mut plan: Plan, args: RunArgs, talk: Talk) -> Result<Plan, Failure> {
    plan.options.target = args.target.choose(talk)?.target;
    tell_target(&plan.options.target, talk);
    // Where a real portal was told to look for it.
    plan.options.idp_port = if args.target.has_idp_for_a_portal() { args.subject.idp_port } else { 0 };
    let names: Vec<&str> = plan.scenarios.iter().map(understudy::Scenario::name).collect();
    let mut expected = ExpectedFailures::default();
    if let Some(path) = &args.expect_failures {
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::Usage(format!("can't read {}: {error}", path.display())))?;
        expected = ExpectedFailures::from_yaml(&text)
            .and_then(|failures| failures.check(&names).map(|()| failures))
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    }
    // The known ones are of the bundled hazards, not of a user's file that has such a name.
    let bundled = plan.scenarios.iter().filter(|scenario| scenario.folders().is_empty());
    let bundled: Vec<&str> = bundled.map(understudy::Scenario::name).collect();
    plan.expected = expected.and(ExpectedFailures::known().only(&bundled));
    plan.subject = args.subject.subject()?;
    if args.tls && matches!(plan.subject, Subject::Http(_) | Subject::Backstage(_)) {
        return Err(Failure::usage(
            "--tls is for the subjects `provider` and `exec:`: one at an address trusts what it was started with",
        ));
    }
    if !matches!(plan.options.target, Target::Mocks) && matches!(plan.subject, Subject::Http(_) | Subject::Backstage(_))
    {
        return Err(Failure::usage(
            "on real servers the subjects `provider` and `exec:` can be played: one at an address is watched by what it \
             asks of mocks. `understudy check --backstage URL` looks into a Backstage that runs",
        ));
    }
    plan.options.tls = args.tls;
    plan.jobs = args.jobs;
    plan.fail_fast = args.fail_fast;
    plan.options.seed = args.seed;
    plan.options.limits =
        Limits { sync: args.timeout, request: args.request_timeout.unwrap_or(Duration::from_secs(1)) };
    if let (Target::Real(config) | Target::RealPortal(config), Some(timeout)) =
        (&mut plan.options.target, args.request_timeout)
    {
        config.request_timeout = timeout;
    }
    plan.options.match_by = args.match_by.unwrap_or_default();
    Ok(plan)
}

fn tell_target(target: &Target, talk: Talk) {
    match target {
        Target::Real(config) => talk.say(format_args!("target: real, {}", config.portal)),
        Target::RealPortal(config) => talk.say(format_args!("target: real portal, {}; mock idp", config.portal)),
        Target::RealIdp { config, .. } => talk.say(format_args!("target: mock portals; real idp, {}", idp(config))),
        _ => {}
    }
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let length: jiff::SignedDuration =
        text.parse().map_err(|_| "it is no length of time; one looks like 250ms, 30s or 5m".to_owned())?;
    match Duration::try_from(length) {
        Ok(length) if !length.is_zero() => Ok(length),
        _ => Err("it must be longer than nothing".to_owned()),
    }
}
