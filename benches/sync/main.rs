//! How long a sync of a large portal takes, and how much memory: our provider, and the published plugin where it is
//! installed, on the same stage, whose portal takes 5 ms for each answer.
//!
//! `cargo bench -p understudy-benches --bench sync [-- VERSIONS [BYTES]]`: how many API versions there are (10,000 by default), and how large each
//! one's document is (20,000 bytes by default). Gloo Mesh Gateway, so that each document is a request of its own. The
//! plugin is asked where `UNDERSTUDY_PLUGIN` is a folder made by `tests/plugin/install.sh`: it takes minutes.
//!
//! Each subject is a process of its own. Ours is this program once more, so that its memory is not the stage's.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use understudy::provider::{Config, Mutation, Provider};
use understudy::scenarios::{ApiId, Fault, Spec, Version, World};
use understudy::{Scenario, Stage};

/// Set for the process that is the subject.
const SUBJECT: &str = "UNDERSTUDY_BENCH_SUBJECT";
/// The project's folder, which a relative `UNDERSTUDY_PLUGIN` is meant from.
const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(128).expect("128 is not 0");

/// What was measured of a subject.
struct Measured {
    first: Duration,
    unchanged: Option<Duration>,
    /// The most memory that it had, in MB (10^6 bytes), where the system tells it.
    megabytes: Option<u64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::var_os(SUBJECT).is_some() {
        return subject();
    }
    // Cargo adds `--bench`.
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let (versions, bytes) = (numbers.next().unwrap_or(10_000), numbers.next().unwrap_or(20_000));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let stage = runtime.block_on(Stage::start(Scenario::find("quickstart")?))?;
    stage.world().edit(|world| large(world, versions, bytes));
    let _latency = stage.fault(serde_saphyr::from_str::<Fault>("{server: portal, does: {latency: {by: 5ms}}}")?)?;
    println!("{versions} API versions with documents of {bytes} bytes, 5 ms for each of the portal's answers");
    report("understudy, 128 at once", &ours(&stage)?);
    if let Some(folder) = std::env::var_os("UNDERSTUDY_PLUGIN") {
        // Cargo runs this in the benchmarks' folder.
        report("the plugin 0.0.74", &plugin(&stage, &Path::new(PROJECT).join(folder))?);
    } else {
        println!("skipped: the plugin: UNDERSTUDY_PLUGIN is not set to a folder made by tests/plugin/install.sh");
    }
    Ok(())
}

fn report(subject: &str, measured: &Measured) {
    let milliseconds = |time: Duration| format!("{} ms", time.as_millis());
    let unchanged = measured.unchanged.map_or_else(|| "-".to_owned(), milliseconds);
    let memory = measured.megabytes.map_or_else(|| "-".to_owned(), |megabytes| format!("{megabytes} MB"));
    println!("  {subject:<25} first {:>9}   unchanged {unchanged:>9}   memory {memory}", milliseconds(measured.first));
}

/// The world with one product that has so many versions, each with a document of its own.
fn large(world: &World, versions: usize, bytes: usize) -> World {
    let mut world = world.clone();
    let mut product = world.portal.products[0].clone();
    let model = product.versions[0].clone();
    product.versions = (0..versions).map(|number| version(&model, number, bytes)).collect();
    world.portal.products = vec![product];
    world
}

fn version(model: &Version, number: usize, bytes: usize) -> Version {
    let id = format!("petstore-{number}");
    let words = "x".repeat(bytes.saturating_sub(100 + id.len()));
    let document = format!(
        r#"{{"openapi":"3.0.3","info":{{"title":"{id}","version":"{number}","description":"{words}"}},"paths":{{}}}}"#
    );
    Version {
        id: ApiId::from(id),
        name: number.to_string(),
        spec: Spec::from_json(&document).expect("it is JSON"),
        ..model.clone()
    }
}

/// This program as the subject: two syncs, and what they took, in a line of JSON.
fn subject() -> Result<(), Box<dyn Error>> {
    let mut config = Config::from_vars(|name| std::env::var(name).ok())?;
    config.concurrency = CONCURRENCY;
    config.schedule.timeout = Duration::from_secs(120);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let provider = Provider::new(config)?;
    let sync = || -> Result<(Duration, Mutation), Box<dyn Error>> {
        let began = Instant::now();
        let outcome = runtime.block_on(provider.sync())?;
        let took = began.elapsed();
        if outcome.is_whole() { Ok((took, outcome.mutation)) } else { Err(outcome.notices[0].to_string().into()) }
    };
    let (first, before) = sync()?;
    let (unchanged, after) = sync()?;
    let is_same = match (&before, &after) {
        (Mutation::Full { entities: before }, Mutation::Full { entities: after }) => {
            before.iter().zip(after).all(|(one, other)| Arc::ptr_eq(&one.entity, &other.entity))
        }
        _ => false,
    };
    if !is_same {
        return Err("the second sync made the entities anew, though nothing had changed".into());
    }
    let figures = serde_json::json!({
        "entities": after.entities().count(),
        "first": first.as_micros() as u64,
        "unchanged": unchanged.as_micros() as u64,
        "megabytes": peak("self"),
    });
    println!("{figures}");
    Ok(())
}

fn ours(stage: &Stage) -> Result<Measured, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.env(SUBJECT, "1").envs(stage.variables()?).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err("the provider did not get through its syncs".into());
    }
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let time = |name: &str| figures[name].as_u64().map(Duration::from_micros);
    let first = time("first").ok_or("the provider tells no time")?;
    Ok(Measured { first, unchanged: time("unchanged"), megabytes: figures["megabytes"].as_u64() })
}

/// The plugin by the driver of the examples, which starts to print its answer when its sync has ended.
fn plugin(stage: &Stage, folder: &Path) -> Result<Measured, Box<dyn Error>> {
    let module = folder.join("node_modules/@solo.io/platform-portal-backstage-plugin-backend").canonicalize()?;
    let mut child = Command::new("node")
        .arg(Path::new(PROJECT).join("examples/drive-provider.mjs"))
        .arg(module)
        .env("UNDERSTUDY_KEEP", "1")
        .envs(stage.variables()?)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut asks = child.stdin.take().ok_or("the plugin can't be asked")?;
    let mut answers = BufReader::new(child.stdout.take().ok_or("the plugin can't answer")?);
    let mut sync = || -> Result<Duration, Box<dyn Error>> {
        let began = Instant::now();
        writeln!(asks, "sync")?;
        asks.flush()?;
        if answers.fill_buf()?.is_empty() {
            return Err("the plugin ended before it had synced".into());
        }
        let took = began.elapsed();
        let mut answer = Vec::new();
        answers.read_until(b'\n', &mut answer)?;
        Ok(took)
    };
    let (first, unchanged) = (sync()?, sync()?);
    let megabytes = peak(&child.id().to_string());
    child.kill()?;
    child.wait()?;
    Ok(Measured { first, unchanged: Some(unchanged), megabytes })
}

/// The most memory that a process has had, in MB, where the system tells it.
fn peak(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes * 1024 / 1_000_000)
}
