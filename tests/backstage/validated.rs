//! A real Backstage is shown every entity, and says whether it would take it: `POST /api/catalog/validate-entity`.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use libtest_mimic::Failed;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use understudy::provider::{Mapping, Profile};

use super::seen::{self, Seen};
use super::{Backend, TOKEN, free_ports, with_log};

/// How many entities are shown at once.
const AT_ONCE: usize = 8;
/// How long Backstage may take to start.
const START: Duration = Duration::from_secs(120);

pub(crate) fn a_real_backstage_takes_every_entity(folder: &Path) -> Result<(), Failed> {
    let mut entities = seen::entities(&Profile::Plugin)?;
    entities.extend(seen::entities(&Profile::Enriched(Mapping::default()))?);
    let [_, _, port] = free_ports()?;
    let backend = Backend::plain(folder, port)?;
    fs::write(backend.state.path().join("served.yaml"), "catalog: {locations: []}\n")?;
    backend.restart()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(shown(port, entities)).map_err(|failed| with_log(failed, &backend))
}

async fn shown(port: u16, entities: Seen) -> Result<(), Failed> {
    // Node closes connections that idle for some seconds, at the very moment when one is taken up again.
    let client = Client::builder().no_proxy().pool_max_idle_per_host(0).build()?;
    let bad = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "API",
        "metadata": {"name": "ends-in-a-dash-"},
        "spec": {"type": "openapi", "lifecycle": "production", "owner": "platform", "definition": "{}"},
    });
    // Nobody tells when a Backstage is up.
    let began = Instant::now();
    while validated(&client, port, &bad).await.is_err() && began.elapsed() < START {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    if validated(&client, port, &bad).await?.is_none() {
        return Err(format!("it takes {bad}").into());
    }
    let count = entities.len();
    let asked = entities.into_iter().map(|(entity, scenario)| {
        let client = client.clone();
        async move {
            let refusal = validated(&client, port, &serde_json::from_str(&entity)?).await?;
            Ok::<_, Failed>(refusal.map(|refusal| format!("{scenario}: {refusal}\n{entity}")))
        }
    });
    let answers: Vec<_> = stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
    let refused: Vec<String> = answers.into_iter().filter_map(Result::transpose).collect::<Result<_, _>>()?;
    println!("{count} entities were shown to Backstage, and {} were refused", refused.len());
    if refused.is_empty() { Ok(()) } else { Err(refused.join("\n").into()) }
}

/// Why Backstage refuses an entity; nothing where it takes it.
async fn validated(client: &Client, port: u16, entity: &Value) -> Result<Option<String>, Failed> {
    let location = entity.pointer("/metadata/annotations/backstage.io~1managed-by-location").and_then(Value::as_str);
    let body = json!({"entity": entity, "location": location.unwrap_or("url:http://localhost:31080/v1/apis")});
    let url = format!("http://localhost:{port}/api/catalog/validate-entity");
    let request = client.post(url).bearer_auth(TOKEN).header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await?;
    match answer.status() {
        StatusCode::OK => Ok(None),
        StatusCode::BAD_REQUEST => Ok(Some(answer.text().await?)),
        other => Err(format!("validate-entity answered {other}: {}", answer.text().await?).into()),
    }
}
