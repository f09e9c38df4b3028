//! A Backstage without the plugin that reads what `understudy serve` serves.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use reqwest::Method;
use serde_json::Value;
use tokio::runtime::Runtime;

use super::{Backend, TOKEN, free_ports, with_log};

/// How long Backstage may take for what it is to notice. It deletes orphans every 30 s.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is in the portal is in the catalog; the portal dies, and it stays; a version is added, and comes; one is removed,
/// and goes.
pub(crate) fn a_catalog_outlives_the_portal_and_follows_it(folder: &Path) -> Result<(), Failed> {
    let serve = Serve::start()?;
    let [_, _, port] = free_ports()?;
    let backend = Backend::plain(folder, port)?;
    fs::write(backend.state.path().join("served.yaml"), serve.app_config())?;
    backend.restart()?;
    let play = || {
        let catalog = |wanted: &[&str]| serve.wait_for(port, wanted);
        catalog(&["petstore-v1", "tracks-v1"])?;

        serve.control(Method::POST, "/faults", "{server: portal, does: refuse}")?;
        // Backstage must have read it again, more than once, since then.
        serve.wait_for_reads(3)?;
        catalog(&["petstore-v1", "tracks-v1"])?;
        serve.control(Method::DELETE, "/faults", "")?;

        serve.control(Method::POST, "/world/changes", "{addVersions: [{product: petstore, version: {name: v2}}]}")?;
        catalog(&["petstore-v1", "petstore-v2", "tracks-v1"])?;
        serve.control(Method::POST, "/world/changes", "{removeVersions: [tracks-v1]}")?;
        catalog(&["petstore-v1", "petstore-v2"])
    };
    play().map_err(|failed| with_log(failed, &backend))
}

/// The configuration that `understudy serve` prints, with a shorter interval.
const CONFIG: &str = "\
backend:
  reading:
    allow:
      - host: 'HOST'
catalog:
  processingInterval: { seconds: 1 }
  locations:
    - type: url
      target: http://HOST/catalog-info.yaml
      rules:
        - allow: [API, Group, User, System]
";

/// A running `understudy serve`, which syncs every second and ends with this value.
struct Serve {
    process: Child,
    ready: Value,
    runtime: Runtime,
    client: reqwest::Client,
}

impl Serve {
    fn start() -> Result<Self, Failed> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_understudy"))
            .args([
                "serve",
                "--port",
                "0",
                "--portal-port",
                "0",
                "--idp-port",
                "0",
                "--every",
                "1s",
                "--output",
                "json",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { process, ready: serde_json::from_str(&line)?, runtime, client })
    }

    fn text(&self, pointer: &str) -> &str {
        self.ready.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    fn app_config(&self) -> String {
        CONFIG.replace("HOST", self.text("/url").trim_start_matches("http://"))
    }

    fn send(&self, request: reqwest::RequestBuilder) -> Result<String, Failed> {
        let answer = async { request.send().await?.error_for_status()?.text().await };
        Ok(self.runtime.block_on(answer)?)
    }

    fn control(&self, method: Method, path: &str, body: &'static str) -> Result<(), Failed> {
        let url = format!("{}{path}", self.text("/stage/control/url"));
        let request = self.client.request(method, url).bearer_auth(self.text("/stage/control/token"));
        self.send(request.header("content-type", "application/yaml").body(body)).map(drop)
    }

    /// How often the document was read.
    fn reads(&self) -> Result<u64, Failed> {
        let metrics = self.send(self.client.get(self.text("/metrics")))?;
        let counts = metrics.lines().filter(|line| line.starts_with("understudy_catalog_requests_total{"));
        Ok(counts.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum())
    }

    fn wait_for_reads(&self, more: u64) -> Result<(), Failed> {
        let before = self.reads()?;
        until(|| match self.reads()? {
            reads if reads >= before + more => Ok(Ok(())),
            reads => Ok(Err(format!("Backstage has read {} times in place of {more}", reads - before))),
        })
    }

    /// Waits until these are the catalog's APIs.
    fn wait_for(&self, port: u16, wanted: &[&str]) -> Result<(), Failed> {
        let url = format!("http://localhost:{port}/api/catalog/entities?filter=kind=api");
        let wanted: BTreeSet<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
        until(|| {
            let Ok(entities) = self.send(self.client.get(&url).bearer_auth(TOKEN)) else {
                return Ok(Err("Backstage does not answer".to_owned()));
            };
            let entities: Vec<Value> = serde_json::from_str(&entities)?;
            let names = entities.iter().filter_map(|entity| entity["metadata"]["name"].as_str());
            let names: BTreeSet<String> = names.map(str::to_owned).collect();
            Ok(if names == wanted { Ok(()) } else { Err(format!("the catalog has {names:?} in place of {wanted:?}")) })
        })
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Asks again and again, since Backstage tells nobody when it is done.
pub(crate) fn until(check: impl Fn() -> Result<Result<(), String>, Failed>) -> Result<(), Failed> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match check()? {
            Ok(()) => return Ok(()),
            Err(why) if Instant::now() > deadline => return Err(format!("after {PATIENCE:?}, {why}").into()),
            Err(_) => std::thread::sleep(Duration::from_millis(200)),
        }
    }
}
