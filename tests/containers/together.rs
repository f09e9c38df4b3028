//! A Backstage with the published plugin and Understudy in its image from scratch, on a network of their own: what Understudy
//! prints is pasted into Backstage's configuration, and its catalog then shows the APIs.

use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use serde_json::Value;
use testcontainers::core::{IntoContainerPort as _, WaitFor};
use testcontainers::runners::AsyncRunner as _;
use testcontainers::{ContainerAsync, GenericImage, ImageExt as _, TestcontainersError};
use understudy_containers::{BACKSTAGE, UNDERSTUDY};

use crate::Ground;

/// Opens Backstage's REST API to the test.
const TOKEN: &str = "understudy-reads-this-catalog";
const PORT: u16 = 7007;
/// How long each may take to start, and Backstage to show what it synced: some seconds, and more where the machine is busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// The two, which end with this value.
pub(crate) struct Together {
    understudy: ContainerAsync<GenericImage>,
    backstage: ContainerAsync<GenericImage>,
}

impl Together {
    pub(crate) async fn start() -> Result<Self, Failed> {
        // A name that no other run has: the engine may be shared.
        let network = format!("understudy-{}", std::process::id());
        let begun = Instant::now();
        let understudy = UNDERSTUDY
            .generic()
            .with_wait_for(WaitFor::message_on_stdout("Ctrl-C ends it."))
            .with_network(&network)
            .with_hostname("understudy")
            .with_container_name(format!("{network}-portal"))
            .with_cmd(["up", "--bind", "0.0.0.0", "--public-host", &format!("{network}-portal")])
            .with_startup_timeout(PATIENCE)
            .start()
            .await?;
        println!("Understudy served after {:.1?}", begun.elapsed());
        let printed = String::from_utf8(understudy.stdout_to_vec().await?)?;
        let pasted = printed.find("glooPlatformPortal:").and_then(|start| {
            let end = printed.find("Ctrl-C ends it.")?;
            printed.get(start..end)
        });
        let pasted = pasted.ok_or_else(|| format!("there is nothing to paste in what `up` prints:\n{printed}"))?;

        let backstage = BACKSTAGE
            .generic()
            .with_exposed_port(PORT.tcp())
            .with_wait_for(WaitFor::message_on_either_std(format!("Listening on 0.0.0.0:{PORT}")))
            .with_network(&network)
            .with_copy_to("/app/app-config.local.yaml", pasted.as_bytes().to_vec())
            .with_env_var("PORT", PORT.to_string())
            .with_env_var("BACKSTAGE_TOKEN", TOKEN)
            .with_env_var("APP_CONFIG_backend_listen_host", "0.0.0.0")
            .with_cmd(["index.mjs", "--config", "app-config.yaml", "--config", "app-config.local.yaml"])
            .with_startup_timeout(PATIENCE)
            .start()
            .await?;
        println!("Backstage served after {:.1?}", begun.elapsed());
        Ok(Self { understudy, backstage })
    }

    /// Where this machine reaches Backstage.
    pub(crate) async fn address(&self) -> Result<String, Failed> {
        Ok(format!("http://localhost:{}", self.backstage.get_host_port_ipv4(PORT.tcp()).await?))
    }

    /// Waits until the catalog shows both APIs, and nothing else.
    pub(crate) async fn shown(&self) -> Result<(), Failed> {
        let begun = Instant::now();
        let shown = self.titles_within(PATIENCE).await;
        if shown.as_ref().is_ok_and(|shown| shown == &["petstore-v1", "tracks-v1"]) {
            println!("its catalog showed both APIs after {:.1?}", begun.elapsed());
            return Ok(());
        }
        let log = String::from_utf8_lossy(&self.backstage.stdout_to_vec().await?).into_owned();
        let last: Vec<&str> = log.lines().rev().take(40).collect();
        let last: String = last.into_iter().rev().map(|line| format!("{line}\n")).collect();
        Err(format!("Backstage shows {shown:?}; its log ends with:\n{last}").into())
    }

    /// The titles of the catalog's APIs, once there are any.
    async fn titles_within(&self, patience: Duration) -> Result<Vec<String>, Failed> {
        let url = format!("{}/api/catalog/entities?filter=kind=api", self.address().await?);
        let http = reqwest::Client::builder().no_proxy().build()?;
        let end = Instant::now() + patience;
        loop {
            let answer = http.get(&url).bearer_auth(TOKEN).send().await?;
            // The backend listens before the catalog is there to answer.
            let entities: Vec<Value> = if answer.status().is_success() { answer.json().await? } else { Vec::new() };
            let title = |entity: &Value| entity["metadata"]["title"].as_str().unwrap_or_default().to_owned();
            let mut titles: Vec<String> = entities.iter().map(title).collect();
            titles.sort();
            // The catalog stitches one entity after the other.
            if titles.len() >= 2 || Instant::now() > end {
                return Ok(titles);
            }
            // A catalog tells nobody that it has changed.
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    /// Ends both, and waits until they are gone.
    pub(crate) async fn remove(self) -> Result<(), TestcontainersError> {
        self.backstage.rm().await?;
        self.understudy.rm().await
    }
}

pub(crate) fn backstage_shows_the_apis(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async { ground.together().await?.shown().await })
}
