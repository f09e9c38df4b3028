//! A real, minimal Backstage with the published plugin: what its catalog shows is what was synced, and scenarios that are
//! played against it end as they were measured to. And one without the plugin, which reads what `understudy serve` serves.
//!
//! Needs Node, and the backend in the folder that `UNDERSTUDY_BACKSTAGE` names; says so and skips otherwise.

#[path = "backstage/checked.rs"]
mod checked;
#[path = "node/installed.rs"]
mod installed;
#[path = "validators/seen.rs"]
mod seen;
#[path = "backstage/served.rs"]
mod served;
#[path = "backstage/validated.rs"]
mod validated;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;
use understudy::Scenario;
use understudy::play::report::{Outcome, RunReport, Verdict};
use understudy::play::{Measure, Options, Plan, Setup, Subject, run};
use understudy::scenarios::hazards;

/// Opens the REST API to the test.
const TOKEN: &str = "understudy-reads-this-catalog";

/// Hazards, and what the plugin does, each measured, where it syncs every second, so that a wait for it is short.
const HAZARDS: [(&str, End); 5] = [
    ("product-removed", End::Passes),
    ("document-changed", End::Passes),
    ("list-answers-5xx", End::Fails("the whole catalog was deleted")),
    ("spec-fails-with-json", End::Fails("the definition should be")),
    ("list-unreachable", End::Fails("the whole catalog was deleted")),
];
/// Where it syncs seldom enough to tell its first sync from its second.
const AT_START: [(&str, End); 1] = [(
    "first-sync-after-start",
    End::FailsWhereLogged("Not initialized", "the first sync after the start must have failed"),
)];

#[derive(Clone, Copy)]
enum End {
    Passes,
    /// With this in what was found.
    Fails(&'static str),
    /// With the second in what was found, where Backstage has logged the first since its last start, and passes
    /// otherwise: which of the two is quicker, the token or Backstage, is not for us to say.
    FailsWhereLogged(&'static str, &'static str),
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = backstage();
    if let Err(why) = &folder {
        eprintln!("skipped: the tests with Backstage: {why}");
    }
    let skipped = folder.is_err();
    let folder = folder.unwrap_or_default();
    let trial = |name, every, ends: &'static [(&str, End)]| {
        let folder = folder.clone();
        Trial::test(name, move || against_backstage(&folder, Duration::from_secs(every), ends))
            .with_ignored_flag(skipped)
    };
    let (checked, served, shown) = (folder.clone(), folder.clone(), folder.clone());
    let trials = vec![
        Trial::test("the_doctor_tells_a_real_backstage_that_is_well_from_one_whose_plugin_got_no_token", move || {
            checked::a_real_backstage_is_told_well_or_ill(&checked)
        })
        .with_ignored_flag(skipped),
        trial("scenarios_against_a_real_backstage_end_as_measured", 1, &HAZARDS),
        // Its scheduler may come to a task only 5 s after it was registered, which 6 s could not be told from.
        trial("the_first_sync_after_a_start_of_backstage_is_told_as_logged", 10, &AT_START),
        Trial::test("a_catalog_without_the_plugin_outlives_the_portal_and_follows_it", move || {
            served::a_catalog_outlives_the_portal_and_follows_it(&served)
        })
        .with_ignored_flag(skipped),
        Trial::test("a_real_backstage_takes_every_entity_that_is_shown_to_it", move || {
            validated::a_real_backstage_takes_every_entity(&shown)
        })
        .with_ignored_flag(skipped),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Where the backend is, or why it can't be run.
fn backstage() -> Result<PathBuf, String> {
    installed::folder("UNDERSTUDY_BACKSTAGE", "tests/backstage/install.sh", "@backstage/plugin-catalog-backend")
}

fn against_backstage(folder: &Path, every: Duration, ends: &[(&str, End)]) -> Result<(), Failed> {
    let [portal_port, idp_port, port] = free_ports()?;
    let backend = Backend::new(folder, port, every)?;
    let setup = Setup {
        portal_port,
        idp_port,
        sync_every: Some(every),
        restart: Some(backend.restart.clone()),
        token: Some(TOKEN.into()),
        ..Setup::default()
    };
    let subject = Subject::named(&format!("backstage:http://localhost:{port}"))?.with(setup)?;

    let mut scenarios = vec![Scenario::find("quickstart")?];
    for (name, _) in ends {
        scenarios.push(hazards::find(name).ok_or("no such hazard")?.scenario()?);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let report = runtime.block_on(async {
        let options = Options { measure: Measure::Plugin, ..Options::default() };
        let mut started = Ok(());
        let start = |stage: &understudy::Stage| started = backend.start(stage);
        subject.introduce(&scenarios[0], options.limits, start).await?;
        started?;
        let plan = Plan { scenarios, subject, options, ..Plan::default() };
        Ok::<RunReport, Failed>(run(&plan, |_| {}).await?)
    });
    let report = report.map_err(|failed| with_log(failed, &backend))?;
    let wrong = wrong(&report, ends, &backend.log());
    if wrong.is_empty() { Ok(()) } else { Err(with_log(wrong.join("\n").into(), &backend)) }
}

/// Which scenarios did not end as measured.
fn wrong(report: &RunReport, ends: &[(&str, End)], log: &str) -> Vec<String> {
    let ends = [("quickstart", End::Passes)].into_iter().chain(ends.iter().copied());
    let of = |name| report.scenarios.iter().find(|scenario| scenario.name == name);
    ends.filter_map(|(name, end)| {
        let scenario = of(name)?;
        let findings: Vec<&str> = scenario
            .steps
            .iter()
            .filter_map(|step| match &step.verdict {
                Verdict::Failed { findings } => Some(findings.iter().map(String::as_str)),
                _ => None,
            })
            .flatten()
            .collect();
        let since_start = log.rsplit("Loading config from").next().unwrap_or_default();
        let passes = scenario.outcome == Outcome::Passed;
        let fails_with =
            |found: &str| scenario.outcome == Outcome::Failed && findings.iter().any(|finding| finding.contains(found));
        let is_so = match end {
            End::Passes => passes,
            End::FailsWhereLogged(line, found) if since_start.contains(line) => fails_with(found),
            End::FailsWhereLogged(..) => passes,
            End::Fails(found) => fails_with(found),
        };
        println!("{name}: {:?} in {:?}", scenario.outcome, scenario.elapsed);
        (!is_so).then(|| format!("{name}: {:?}, {findings:#?}", scenario.outcome))
    })
    .collect()
}

/// Three ports that are free now. Others could take them meanwhile; a Backstage has to be told one before it starts.
fn free_ports() -> std::io::Result<[u16; 3]> {
    let listeners = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0"));
    let mut ports = [0; 3];
    for (port, listener) in ports.iter_mut().zip(listeners) {
        *port = listener?.local_addr()?.port();
    }
    Ok(ports)
}

/// The backend, which ends with this value.
struct Backend {
    folder: PathBuf,
    state: TempDir,
    restart: String,
}

impl Backend {
    fn new(folder: &Path, port: u16, every: Duration) -> Result<Self, Failed> {
        let state = TempDir::new()?;
        let at = |name: &str| state.path().join(name).display().to_string();
        let seconds = every.as_secs();
        fs::write(
            at("fast.yaml"),
            format!(
                "glooPlatformPortal: {{backend: {{syncFrequency: {{hours: 0, minutes: 0, seconds: {seconds}}}}}}}\n"
            ),
        )?;
        let restart = format!(
            "PORT={port} BACKSTAGE_TOKEN={TOKEN} '{}' '{}' '{}' '{}' '{}'",
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/backstage/restart.sh").display(),
            folder.display(),
            state.path().display(),
            at("portal.yaml"),
            at("fast.yaml"),
        );
        Ok(Self { folder: folder.to_owned(), state, restart })
    }

    /// One without the plugin, whose catalog reads what the file `served.yaml` of its state names.
    fn plain(folder: &Path, port: u16) -> Result<Self, Failed> {
        let state = TempDir::new()?;
        let restart = format!(
            "ENTRY=plain.mjs PORT={port} BACKSTAGE_TOKEN={TOKEN} '{}' '{}' '{}' '{}'",
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/backstage/restart.sh").display(),
            folder.display(),
            state.path().display(),
            state.path().join("served.yaml").display(),
        );
        Ok(Self { folder: folder.to_owned(), state, restart })
    }

    fn restart(&self) -> Result<(), Failed> {
        let status = Command::new("sh").arg("-c").arg(&self.restart).status()?;
        if status.success() { Ok(()) } else { Err("the backend did not start".into()) }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.state.path().join("log")).unwrap_or_default()
    }

    /// With what `understudy up --write-app-config` writes.
    fn start(&self, stage: &understudy::Stage) -> Result<(), Failed> {
        fs::write(self.state.path().join("portal.yaml"), stage.app_config()?.to_string())?;
        self.restart()
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/backstage/restart.sh");
        let _ = Command::new(script).arg(&self.folder).arg(self.state.path()).arg("stop").status();
    }
}

/// The end of the backend's log goes with what failed.
fn with_log(failed: Failed, backend: &Backend) -> Failed {
    let log = backend.log();
    let lines: Vec<&str> = log.lines().filter(|line| !line.contains("incomingRequest")).collect();
    let last = lines[lines.len().saturating_sub(40)..].join("\n");
    format!("{}\nBackstage's log ends with:\n{last}", failed.message().unwrap_or_default()).into()
}
