//! A thousand made portals with nothing wrong in them, of each family and shape: the plugin's entities and ours are equal.
//!
//! One stage shows them one after the other. A plugin keeps to the family that it has found first, so there is one for each;
//! ours is new for every portal, since it would hold back what a portal that is replaced shows no more.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use libtest_mimic::Failed;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::Value;
use understudy::provider::{ClientCredentials, HttpClient, PortalClient, Provider, SystemClock};
use understudy::scenarios::{ApiId, Family, Product, ProductId, Shape, Spec, SpecForm, Version, World};
use understudy::{Scenario, Stage};
use understudy_scenarios::arbitrary;

const PORTALS: usize = 1_000;

pub(super) fn agree(plugin: &Path) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let stage = runtime.block_on(Stage::start(Scenario::find("quickstart")?))?;
    let config = stage.provider_config(&stage.issuer()?)?;
    let http = HttpClient::new(&config)?;
    let tokens = Arc::new(ClientCredentials::new(&config, http.clone(), Arc::new(SystemClock)));
    let mesh = |shape| Family::GlooMeshGateway { shape, inline_specs: false };
    let families = [mesh(Shape::Grouped), mesh(Shape::Flat), Family::GlooGateway];
    let mut plugins = families.map(|_| None);
    let mut runner = TestRunner::deterministic();
    let worlds = arbitrary::world();
    for number in 0..PORTALS {
        let drawn = worlds.new_tree(&mut runner).map_err(|error| error.to_string())?.current();
        let family = number % families.len();
        stage.world().edit(|before| well_formed(before, drawn, families[family]));
        let portal = PortalClient::new(&config, http.clone(), tokens.clone());
        let ours = runtime.block_on(Provider::over(portal).sync())?;
        let ours = super::comparable(serde_json::to_value(ours.mutation)?)?;
        let theirs = match &mut plugins[family] {
            Some(running) => running,
            none => none.insert(Plugin::start(plugin, &stage)?),
        }
        .sync()?;
        let theirs = super::comparable(theirs)?;
        if ours != theirs {
            return Err(format!("portal {number}, ours:\n{ours:#}\nthe plugin's:\n{theirs:#}").into());
        }
    }
    Ok(())
}

/// The world that was drawn, with the identity of `before`, and without what would make entities that Backstage refuses or
/// numbers that JavaScript can't hold.
fn well_formed(before: &World, drawn: World, family: Family) -> World {
    let mut world = World { portal: drawn.portal, ..before.clone() };
    world.portal.family = family;
    world.portal.access = before.portal.access.clone();
    world.portal.products.retain(|product| !product.versions.is_empty());
    if world.portal.products.is_empty() {
        world.portal.products.clone_from(&before.portal.products);
    }
    for (at, product) in world.portal.products.iter_mut().enumerate() {
        let id = format!("product-{at}");
        let versions = std::mem::take(&mut product.versions).into_iter().enumerate();
        *product = Product {
            versions: versions.map(|(at, drawn)| version(&id, at, drawn)).collect(),
            id: ProductId::from(id.clone()),
            ..product.clone()
        };
    }
    world
}

fn version(product: &str, at: usize, drawn: Version) -> Version {
    let name = format!("v{}.{at}", at + 1);
    let mut document: Value = serde_json::from_str(drawn.spec.get()).unwrap_or_default();
    make_small(&mut document);
    Version {
        id: ApiId::from(format!("{product}-{name}")),
        name,
        spec: Spec::from_json(&document.to_string()).expect("a value is JSON"),
        spec_form: SpecForm::Object,
        spec_fetch_error: None,
        ..drawn
    }
}

/// Makes every number one that is the same number in JavaScript.
fn make_small(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Value::from(number.as_i64().unwrap_or(7) % 1_000),
        Value::Array(items) => items.iter_mut().for_each(make_small),
        Value::Object(members) => members.values_mut().for_each(make_small),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// The plugin, driven and kept running.
struct Plugin {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Plugin {
    fn start(plugin: &Path, stage: &Stage) -> Result<Self, Failed> {
        let mut child = Command::new("node")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/drive-provider.mjs"))
            .arg(plugin)
            .env_remove("UNDERSTUDY_APP_CONFIG")
            .env("UNDERSTUDY_KEEP", "1")
            .envs(stage.variables()?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let asks = child.stdin.take().ok_or("the plugin can't be asked")?;
        let answers = BufReader::new(child.stdout.take().ok_or("the plugin can't answer")?);
        Ok(Self { child, asks, answers })
    }

    /// The mutation of one sync.
    fn sync(&mut self) -> Result<Value, Failed> {
        writeln!(self.asks, "sync")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let mut answer: Value = serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))?;
        Ok(answer["mutations"][0].take())
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
