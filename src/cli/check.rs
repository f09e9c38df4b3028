//! `understudy check`: is the way from this configuration to a catalog well, and what is to be done where it is not.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anstyle::Style;
use clap::{Args, ValueEnum};
use understudy::check::{
    Against, Check, Event, LogSource, Part, Plan, Report, ReportFormat, Selection, Source, examine,
};
use understudy::record::Redaction;
use understudy::{Scenario, Stage};
use url::Url;

use super::failure::Failure;
use super::output;
use super::record::{replacement, replacing};
use super::run::duration;
use super::signals::Signals;
use super::talk::Talk;
use super::target::{ScenarioArg, TargetArgs};

#[derive(Args)]
#[command(mut_arg("target", |target| target.help(
    "Where the portal and the identity provider are: mocks that are started here, or the servers that the variables name. \
     There is no default, so that nobody takes the mocks' health for his own",
)))]
#[command(after_help = "\
Examples:
  understudy check --target real                          the servers that PORTAL_URL, TOKEN_ENDPOINT and the rest name
  understudy check --app-config app-config.yaml --app-config app-config.local.yaml        as Backstage is configured
  understudy check --target real --output short           a line for each problem, to paste into a chat
  understudy check --target real --only network,token     two parts of it
  understudy check --target real --wait 5m                until all is well, for five minutes at most
  understudy check --app-config app-config.yaml --backstage http://localhost:7007
  understudy check --target real --against ./recorded     what has changed since `understudy record`
  kubectl logs deploy/backstage | understudy check --log -
  understudy check --list                                 what is looked at

It only reads. A real target is described by the Gloo guide's variables: PORTAL_URL or PORTAL_SERVER_URL, TOKEN_ENDPOINT
or ISSUER_URL, CLIENT_ID, CLIENT_SECRET, and SCOPE and CA_FILE where they are needed.

Exit codes, by the first failure: 0 all well (warnings fail nothing), 1 a check failed or nothing was checked, 2 usage or
configuration, 3 a server could not be reached; the same whatever the output format.")]
pub(super) struct CheckArgs {
    #[command(flatten)]
    scenario: ScenarioArg,
    #[command(flatten)]
    target: TargetArgs,
    /// The form of the report.
    #[arg(long, short, value_enum, default_value_t = OutputFormat::Text, value_name = "FORMAT")]
    output: OutputFormat,
    /// Make these checks alone, by their ids or by the names of parts, such as `token`.
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    only: Vec<String>,
    /// Leave these checks out, by their ids or by the names of parts.
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    skip: Vec<String>,
    /// Print what would be looked at, and look at nothing.
    #[arg(long)]
    list: bool,
    /// Look again and again until all is well, for this long at most, such as 5m.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    wait: Option<Duration>,
    /// Compare the catalog of the Backstage at this address with what it should hold. BACKSTAGE_TOKEN is the token for it,
    /// where it wants one.
    #[arg(long, value_name = "URL")]
    backstage: Option<Url>,
    /// Compare the portal with this recording of it, a folder or a scenario file: what has changed since.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// What the recording was made with; as with `understudy record`.
    #[arg(long, value_name = "FROM=TO", value_parser = replacement, requires = "against")]
    replace: Vec<(String, String)>,
    /// Look at this log of a Backstage with the plugin; - for standard input.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum OutputFormat {
    /// Each finding with what to do, to read.
    Text,
    /// One JSON document, for programs.
    Json,
    /// JUnit XML, for continuous integration.
    Junit,
    /// A line for each problem, to paste into a chat.
    Short,
}

impl OutputFormat {
    fn report(self) -> ReportFormat {
        match self {
            Self::Text => ReportFormat::Text,
            Self::Json => ReportFormat::Json,
            Self::Junit => ReportFormat::Junit,
            Self::Short => ReportFormat::Short,
        }
    }
}

pub(super) fn run(args: CheckArgs, talk: &Talk) -> Result<(), Failure> {
    let selection = Selection::of(&args.only, &args.skip).map_err(Failure::usage)?;
    if args.list {
        return output::write(list(&selection).as_bytes());
    }
    if args.wait.is_some() && args.log.as_deref().is_some_and(|log| log.as_os_str() == "-") {
        return Err(Failure::usage("standard input can be read only once: leave out either --wait or `--log -`"));
    }
    args.is_about_something()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let end = Signals::new()?;
        tokio::select! {
            ended = check(args, selection, *talk) => ended,
            () = end.received() => Err(Failure::Refused("the check was interrupted, and reports nothing".to_owned())),
        }
    })
}

async fn check(args: CheckArgs, selection: Selection, talk: Talk) -> Result<(), Failure> {
    // A mistake in it is told before any server is asked.
    let against = match &args.against {
        Some(path) => Some(Against {
            recorded: Scenario::load(path)?,
            redaction: replacing(&args.replace, Redaction::default())?,
        }),
        None => None,
    };
    let CheckArgs { scenario, target, .. } = args;
    let opened;
    // A scenario goes with a mock: beside real servers it is told to be left out, before anything else is said.
    let (source, clock) = match if scenario.is_none() { source(&target, talk) } else { None } {
        Some(source) => (source, None),
        None if target.is_said() => {
            opened = target.open(scenario, talk, |scenario| Ok(Stage::builder(scenario))).await?;
            (Source::Given(Box::new(opened.config.clone())), Some(opened.clock()))
        }
        None => {
            return Err(Failure::usage(
                "a scenario says what a mock shows: with it goes `--target mock`, which checks a stage of its own",
            ));
        }
    };
    let mut plan = Plan::new(source).on_event(move |event| {
        if let (Event::Asked(line), true) = (event, talk.is_verbose()) {
            talk.say(line);
        }
    });
    plan.selection = selection;
    plan.backstage = args.backstage;
    plan.log = args.log.map(|log| if log.as_os_str() == "-" { LogSource::Stdin } else { LogSource::File(log) });
    plan.against = against;
    if let Some(clock) = clock {
        plan.clock = clock;
    }
    let report = match args.wait {
        None => once(&plan, talk).await,
        Some(wait) => until_well(&plan, wait, talk).await,
    };
    output::write(report.render(args.output.report(), true).as_bytes())?;
    match (report.problem(), report.exit_code()) {
        (None, _) => Ok(()),
        (Some(problem), 2) => Err(Failure::Usage(problem)),
        (Some(problem), 3) => Err(Failure::Unreachable(problem)),
        (Some(problem), _) => Err(Failure::Refused(problem)),
    }
}

async fn once(plan: &Plan, talk: Talk) -> Report {
    let work = examine(plan.clone());
    // A spinner and lines of requests would write over each other.
    if talk.is_verbose() { work.await } else { talk.while_waiting("checking".to_owned(), work).await }
}

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_secs(2);

async fn until_well(plan: &Plan, wait: Duration, talk: Talk) -> Report {
    let began = Instant::now();
    let mut told = None;
    loop {
        let report = once(plan, talk).await;
        let left = wait.saturating_sub(began.elapsed());
        if report.is_pass() || left.is_zero() {
            return report;
        }
        let problem = report.problem();
        if told != problem {
            talk.say(format_args!(
                "{}; looking again for {} s",
                problem.as_deref().unwrap_or_default(),
                left.as_secs()
            ));
            told = problem;
        }
        tokio::time::sleep(PAUSE.min(left)).await;
    }
}

impl CheckArgs {
    /// # Errors
    /// When nothing was named: there is no default, so that nobody takes the mocks' health for his own.
    fn is_about_something(&self) -> Result<(), Failure> {
        if self.target.is_said()
            || !self.scenario.is_none()
            || (self.against.is_none() && (self.log.is_some() || self.backstage.is_some()))
        {
            return Ok(());
        }
        Err(Failure::usage(
            "what is to be checked? `--app-config FILE` names the servers as Backstage knows them, `--target real` those that \
             PORTAL_URL, TOKEN_ENDPOINT, CLIENT_ID and CLIENT_SECRET name; `--target mock` checks a stage of understudy's own",
        ))
    }
}

/// Where servers are told of which none is a mock.
fn source(target: &TargetArgs, talk: Talk) -> Option<Source> {
    if !target.is_said() {
        return Some(Source::None);
    }
    if !target.is_all_real() {
        return None;
    }
    if target.app_config().is_empty() {
        talk.say("target: real, by the variables");
        return Some(Source::Variables);
    }
    let files: Vec<_> = target.app_config().iter().map(|file| file.display().to_string()).collect();
    talk.say(format_args!("target: real, by {}", files.join(", ")));
    Some(Source::AppConfig(target.app_config().to_vec()))
}

/// The checks, part by part.
fn list(selection: &Selection) -> String {
    let bold = Style::new().bold();
    let mut text = String::new();
    for part in Part::ALL {
        let checks: Vec<&Check> = part.checks().iter().copied().filter(|check| selection.has(check)).collect();
        if checks.is_empty() {
            continue;
        }
        text.push_str(&format!("{bold}{part}{bold:#}: {}\n", part.title()));
        for check in checks {
            text.push_str(&format!("  {:<30} {}\n", check.id, check.title));
        }
    }
    text
}
