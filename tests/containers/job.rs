//! `deploy/check-job.yaml`: the container that Kubernetes would start of it, with a ConfigMap and a Secret as Backstage has
//! them, beside a portal.

use std::fs;
use std::path::Path;
use std::time::Duration;

use libtest_mimic::Failed;
use serde_json::Value;
use testcontainers::core::wait::ExitWaitStrategy;
use testcontainers::core::{AccessMode, Mount, WaitFor};
use testcontainers::runners::AsyncRunner as _;
use testcontainers::{ContainerAsync, GenericImage, ImageExt as _};
use understudy::testcontainers::{UnderstudyContainer as _, UnderstudyImage};
use understudy_containers::UNDERSTUDY;

use crate::Ground;

const JOB: &str = include_str!("../../deploy/check-job.yaml");
/// How long a container may take to start or to end: tenths of a second, and more where the machine is busy.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) fn says_whether_backstage_is_configured_well(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        let network = format!("understudy-job-{}", std::process::id());
        let name = format!("{network}-portal");
        let portal = UnderstudyImage::known_as(&name)?.request().with_tag(UNDERSTUDY.tag);
        let portal = portal.with_network(&network).with_container_name(&name).with_startup_timeout(PATIENCE);
        let portal = portal.start().await?;
        let ready = portal.ready().await?;
        let token_endpoint = &ready.issuers.first().ok_or("there is no issuer")?.token_endpoint;

        // As a ConfigMap of Backstage's has them; the secret is in none.
        let config_map = tempfile::tempdir()?;
        fs::write(config_map.path().join("app-config.yaml"), "app: {title: Backstage}\n")?;
        let production = format!(
            "glooPlatformPortal:\n  backend:\n    portalServerUrl: {}\n    tokenEndpoint: {token_endpoint}\n    \
             clientId: backstage\n    clientSecret: ${{CLIENT_SECRET}}\n",
            ready.portal.server_url
        );
        fs::write(config_map.path().join("app-config.production.yaml"), production)?;

        let job: Value = serde_saphyr::from_str(JOB)?;
        let well = run(&job, config_map.path(), &network, "backstage-dev-secret", 0).await?;
        let printed = String::from_utf8_lossy(&well.stdout_to_vec().await?).into_owned();
        if !printed.contains("pass client.token") || printed.contains("backstage-dev-secret") {
            return Err(format!("with the right secret it prints:\n{printed}").into());
        }
        let refused = run(&job, config_map.path(), &network, "no-such-secret", 1).await?;
        let printed = String::from_utf8_lossy(&refused.stdout_to_vec().await?).into_owned();
        if !printed.contains("fail client.token") || printed.contains("no-such-secret") {
            return Err(format!("with a wrong secret it prints:\n{printed}").into());
        }
        Ok(())
    })
}

/// Runs the job's container until it ends with this code.
async fn run(
    job: &Value,
    config_map: &Path,
    network: &str,
    secret: &str,
    code: i64,
) -> Result<ContainerAsync<GenericImage>, Failed> {
    use std::os::unix::fs::PermissionsExt as _;
    // As the kubelet mounts it: anybody may read it.
    fs::set_permissions(config_map, fs::Permissions::from_mode(0o755))?;
    let pod = &job["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let arguments: Vec<&str> = container["args"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mounted = container["volumeMounts"][0]["mountPath"].as_str().ok_or("the job mounts nothing")?;
    let user = pod["securityContext"]["runAsUser"].as_u64().ok_or("the job names no user")?;
    let is_read_only = container["securityContext"]["readOnlyRootFilesystem"] == Value::Bool(true);
    let mount = Mount::bind_mount(config_map.display().to_string(), mounted).with_access_mode(AccessMode::ReadOnly);
    let container = UNDERSTUDY
        .generic()
        .with_wait_for(WaitFor::exit(ExitWaitStrategy::new().with_exit_code(code)))
        .with_network(network)
        .with_cmd(arguments)
        .with_env_var("CLIENT_SECRET", secret)
        .with_mount(mount)
        .with_user(user.to_string())
        .with_readonly_rootfs(is_read_only)
        .with_cap_drop("ALL")
        .with_startup_timeout(PATIENCE);
    Ok(container.start().await?)
}
