//! The image itself: how large it is, and that it runs as anybody, on a root that nobody may write, and ends when it is told.

use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use serde_json::Value;
use testcontainers::core::client::docker_client_instance;
use testcontainers::core::wait::HealthWaitStrategy;
use testcontainers::core::{Mount, WaitFor};
use testcontainers::runners::AsyncRunner as _;
use testcontainers::{ContainerAsync, GenericImage, ImageExt as _};
use understudy_containers::UNDERSTUDY;

use crate::Ground;

/// How long a container may take to start: tenths of a second, and more where the machine is busy.
const PATIENCE: Duration = Duration::from_secs(120);
/// The size that the image stays below, in bytes.
const LARGEST: i64 = 25_000_000;
/// How long it may take to end, once it is told to: tenths of a second, most of which the engine takes, and more where the
/// machine is busy; less than the ten seconds after which engines kill what does not end.
const FAREWELL: Duration = Duration::from_secs(5);

pub(crate) fn is_small(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        let image = docker_client_instance().await?.inspect_image(&UNDERSTUDY.to_string()).await?;
        let size = image.size.ok_or("the engine does not tell the image's size")?;
        println!("the image has {:.1} MB", size as f64 / 1e6);
        if size >= LARGEST {
            return Err(format!("the image has {size} bytes, and may have {LARGEST}").into());
        }
        Ok(())
    })
}

pub(crate) fn runs_as_anybody_on_a_root_that_nobody_may_write(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        let begun = Instant::now();
        let container = UNDERSTUDY
            .generic()
            .with_wait_for(WaitFor::message_on_stdout("Ctrl-C ends it."))
            // By the check that the image has.
            .with_wait_for(WaitFor::Healthcheck(HealthWaitStrategy::new()))
            .with_readonly_rootfs(true)
            .with_user("12345:54321")
            .with_cap_drop("ALL")
            .with_security_opt("no-new-privileges")
            .with_startup_timeout(PATIENCE)
            .start()
            .await?;
        println!("it was healthy after {:.1?}", begun.elapsed());
        ends_when_told(container).await
    })
}

/// By SIGTERM, as process 1, which the kernel spares signals that it does not handle.
async fn ends_when_told(container: ContainerAsync<GenericImage>) -> Result<(), Failed> {
    let begun = Instant::now();
    container.stop_with_timeout(Some(30)).await?;
    let took = begun.elapsed();
    println!("it ended after {took:.1?}");
    let code = container.exit_code().await?;
    if code != Some(0) {
        return Err(format!("it ended with {code:?}, not with 0").into());
    }
    if took > FAREWELL {
        return Err(format!("it took {took:.1?} to end").into());
    }
    Ok(())
}

pub(crate) fn is_configured_by_variables(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        let container = UNDERSTUDY
            .generic()
            .with_wait_for(WaitFor::message_on_stdout("server_url"))
            .with_wait_for(WaitFor::Healthcheck(HealthWaitStrategy::new()))
            .with_env_var("UNDERSTUDY_SCENARIO", "gloo-gateway")
            .with_env_var("UNDERSTUDY_OUTPUT", "json")
            .with_env_var("UNDERSTUDY_PUBLIC_HOST", "portal.example")
            .with_env_var("UNDERSTUDY_PORTAL_PORT", "8080")
            .with_env_var("UNDERSTUDY_CONTROL_PORT", "9090")
            .with_env_var("UNDERSTUDY_CONTROL_TOKEN", "a-token-of-ours")
            .with_startup_timeout(PATIENCE)
            .start()
            .await?;
        let ready: Value = serde_json::from_slice(&container.stdout_to_vec().await?)?;
        let told = ["/scenario", "/portal/url", "/control/url", "/control/token"]
            .map(|pointer| ready.pointer(pointer).and_then(Value::as_str).unwrap_or_default());
        let wanted = ["gloo-gateway", "http://portal.example:8080", "http://portal.example:9090", "a-token-of-ours"];
        if told != wanted {
            return Err(format!("it tells {told:?}, not {wanted:?}").into());
        }
        Ok(())
    })
}

pub(crate) fn follows_a_scenario_that_is_mounted(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        // Anybody may look into it: the container has another user.
        let inside = folder.path().join("scenarios");
        std::fs::create_dir(&inside)?;
        permit(folder.path())?;
        let file = inside.join("mine.yaml");
        std::fs::write(&file, "portal: {products: [{id: first, versions: [{name: v1}]}]}\n")?;
        let container = UNDERSTUDY
            .generic()
            .with_wait_for(WaitFor::message_on_stdout("Ctrl-C ends it."))
            .with_mount(Mount::bind_mount(inside.display().to_string(), "/scenarios"))
            .with_cmd(["up", "/scenarios/mine.yaml"])
            .with_startup_timeout(PATIENCE)
            .start()
            .await?;
        std::fs::write(&file, "portal: {products: [{id: first, versions: [{name: v1}, {name: v2}]}]}\n")?;
        let mut log = container.stderr(true);
        let followed = tokio::time::timeout(PATIENCE, async {
            use tokio::io::AsyncBufReadExt as _;
            let mut line = String::new();
            let mut seen = String::new();
            while log.read_line(&mut line).await? > 0 {
                if line.contains("2 versions") {
                    return Ok(());
                }
                seen.push_str(&std::mem::take(&mut line));
            }
            Err(Failed::from(format!("it ended without a word of the second version:\n{seen}")))
        });
        followed.await.map_err(|_| "it does not follow the file")?
    })
}

fn permit(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))
}
