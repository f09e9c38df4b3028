//! What the doctor says of a real Backstage with the published plugin: of one that is well, and of one whose plugin got no
//! token when it started.

use std::path::Path;
use std::time::Duration;

use libtest_mimic::Failed;
use understudy::check::{LogSource, Plan, Report, Selection, Source, Status, examine};
use understudy::scenarios::{Fault, RequestWish, Server};
use understudy::{Mark, Scenario, Stage};

use super::served::until;
use super::{Backend, TOKEN, free_ports, with_log};

/// How long the plugin of a Backstage that has started may take to ask for a token.
const PATIENCE: Duration = Duration::from_secs(60);

/// A Backstage that has synced is found well; a token endpoint that was down while Backstage started is told by what the
/// catalog lacks, and by the log.
pub(crate) fn a_real_backstage_is_told_well_or_ill(folder: &Path) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let stage = runtime.block_on(Stage::start(Scenario::find("quickstart")?))?;
    well(folder, &runtime, &stage)?;
    without_token(folder, &runtime, &stage)
}

fn well(folder: &Path, runtime: &tokio::runtime::Runtime, stage: &Stage) -> Result<(), Failed> {
    let [port, ..] = free_ports()?;
    let backend = Backend::new(folder, port, Duration::from_secs(1))?;
    backend.start(stage)?;
    looked(runtime, stage, &backend, port, Report::is_pass)
}

fn without_token(folder: &Path, runtime: &tokio::runtime::Runtime, stage: &Stage) -> Result<(), Failed> {
    let [port, ..] = free_ports()?;
    let backend = Backend::new(folder, port, Duration::from_secs(1))?;
    let mark = stage.journal().mark();
    let outage = stage.fault(serde_saphyr::from_str::<Fault>("{server: idp, does: {status: 503}}")?)?;
    backend.start(stage)?;
    refused(runtime, stage, mark)?;
    outage.lift();
    // The plugin writes its line once it has read the refusal.
    looked(runtime, stage, &backend, port, |report| {
        let fails =
            |id: &str| report.findings().iter().any(|found| found.check.id == id && found.status == Status::Fail);
        fails("backstage.owners") && fails("log.token") && report.exit_code() == 1
    })
}

/// Looks again and again until the report is as it should be.
fn looked(
    runtime: &tokio::runtime::Runtime,
    stage: &Stage,
    backend: &Backend,
    port: u16,
    is_so: impl Fn(&Report) -> bool,
) -> Result<(), Failed> {
    let looked = until(|| {
        let report = look(runtime, stage, backend, port)?;
        Ok(if is_so(&report) { Ok(()) } else { Err(format!("this was found:\n{}", report.text())) })
    });
    looked.map_err(|failed| with_log(failed, backend))
}

/// Waits until the plugin has asked for a token, and got none.
fn refused(runtime: &tokio::runtime::Runtime, stage: &Stage, mark: Mark) -> Result<(), Failed> {
    let kind = RequestWish::to(Server::Idp);
    runtime.block_on(stage.journal().wait_for(&kind, mark, PATIENCE))?;
    Ok(())
}

/// What the doctor finds of the catalog and of the log.
fn look(runtime: &tokio::runtime::Runtime, stage: &Stage, backend: &Backend, port: u16) -> Result<Report, Failed> {
    let config = stage.provider_config(&stage.issuer()?)?;
    let mut plan = Plan::new(Source::Given(Box::new(config)))
        .variables(|name| (name == "BACKSTAGE_TOKEN").then(|| TOKEN.to_owned()));
    plan.clock = stage.provider_clock();
    plan.backstage = Some(format!("http://localhost:{port}").parse()?);
    plan.log = Some(LogSource::File(backend.state.path().join("log")));
    // That the first sync of a start may come too early is known, and no fault of this Backstage's.
    plan.selection = Selection::of(&["backstage".to_owned(), "log".to_owned()], &["log.not-initialized".to_owned()])?;
    Ok(runtime.block_on(examine(plan)))
}
