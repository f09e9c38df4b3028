//! The library's module for testcontainers: by itself, and with the real image. What needs no image is here too, since only
//! this package turns the module on.

use std::time::Duration;

use libtest_mimic::Failed;
use reqwest::StatusCode;
use testcontainers::core::WaitFor;
use testcontainers::core::wait::ExitWaitStrategy;
use testcontainers::runners::AsyncRunner as _;
use testcontainers::{ContainerRequest, Image as _, ImageExt as _};
use understudy::provider::{Config, Provider};
use understudy::testcontainers::{Ready, UnderstudyContainer as _, UnderstudyImage};
use understudy_containers::UNDERSTUDY;

use crate::Ground;

/// How long a container may take to start: tenths of a second, and more where the machine is busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// The image that was made here, in place of a published one.
fn of_here(image: UnderstudyImage) -> ContainerRequest<UnderstudyImage> {
    image.request().with_tag(UNDERSTUDY.tag).with_startup_timeout(PATIENCE)
}

pub(crate) fn three_ports_are_drawn(_: &Ground) -> Result<(), Failed> {
    let image = UnderstudyImage::on_this_machine()?;
    let urls = [image.portal_url(), image.idp_url(), image.control_url()];
    for (index, url) in urls.iter().enumerate() {
        if !url.starts_with("http://localhost:") || urls[..index].contains(url) {
            return Err(format!("the servers are known by {urls:?}").into());
        }
    }
    Ok(())
}

pub(crate) fn a_scenario_is_played_from_its_copy(_: &Ground) -> Result<(), Failed> {
    let image = UnderstudyImage::known_as("portal")?.with_scenario_at("here/my-portal.yaml")?;
    let command: Vec<String> = image.cmd().into_iter().map(|argument| argument.into().into_owned()).collect();
    if command != ["up", "/scenario/my-portal.yaml"] {
        return Err(format!("the container is started with {command:?}").into());
    }
    match UnderstudyImage::known_as("portal")?.with_scenario_at("here/..") {
        Ok(_) => Err("a path without a file's name is taken".into()),
        Err(_) => Ok(()),
    }
}

pub(crate) fn the_variables_are_of_the_first_client_at_the_first_issuer(_: &Ground) -> Result<(), Failed> {
    let ready: Ready = serde_json::from_str(
        r#"{"portal":{"url":"http://p","server_url":"http://p/v1"},
            "issuers":[{"name":"okta","kind":"okta","issuer":"http://i","token_endpoint":"http://i/t","jwks_uri":"http://i/k"}],
            "clients":[{"client_id":"backstage","client_secret":"s","redirect_uris":[]}],
            "users":[],"scenario":"quickstart","control":{"url":"http://c","token":"t"}}"#,
    )?;
    let variables: Vec<String> = ready.variables().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let expected = "PORTAL_URL=http://p PORTAL_SERVER_URL=http://p/v1 CLIENT_ID=backstage CLIENT_SECRET=s \
                    ISSUER_URL=http://i TOKEN_ENDPOINT=http://i/t";
    if variables.join(" ") != expected {
        return Err(format!("the variables are {variables:?}").into());
    }
    if format!("{ready:?}").contains("\"t\"") {
        return Err("a secret is shown".into());
    }
    Ok(())
}

pub(crate) fn a_test_on_this_machine_syncs_from_a_container(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        let container = of_here(UnderstudyImage::on_this_machine()?).start().await?;
        let ready = container.ready().await?;
        if ready.portal.server_url != container.image().portal_server_url() {
            return Err(format!("the portal is told to be at {}", ready.portal.server_url).into());
        }
        let titles = synced(&ready.variables()).await?;
        if titles != ["petstore-v1", "tracks-v1"] {
            return Err(format!("a sync gives {titles:?}").into());
        }
        let journal = format!("{}/journal", container.image().control_url());
        let token = container.image().control_token().expose();
        let answer = reqwest::Client::new().get(journal).bearer_auth(token).send().await?;
        if answer.status() != StatusCode::OK || !answer.text().await?.contains("/v1/apis") {
            return Err("the control API does not tell of the sync".into());
        }
        Ok(())
    })
}

pub(crate) fn a_scenario_of_the_test_is_played(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        let scenario = "portal: {products: [{id: mine, versions: [{name: v1}, {name: v2}]}]}";
        let container = of_here(UnderstudyImage::on_this_machine()?.with_scenario_text(scenario)).start().await?;
        let titles = synced(&container.ready().await?.variables()).await?;
        if titles != ["mine-v1", "mine-v2"] {
            return Err(format!("a sync gives {titles:?}").into());
        }
        Ok(())
    })
}

pub(crate) fn other_containers_reach_it_by_its_name(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        // A name that no other run has: the engine may be shared.
        let network = format!("understudy-module-{}", std::process::id());
        let name = format!("{network}-portal");
        let image = of_here(UnderstudyImage::known_as(&name)?);
        let container = image.with_network(&network).with_container_name(&name).start().await?;
        let sync = UNDERSTUDY
            .generic()
            .with_wait_for(WaitFor::exit(ExitWaitStrategy::new().with_exit_code(0)))
            .with_network(&network)
            .with_cmd(["sync", "--target", "real"])
            .with_startup_timeout(PATIENCE);
        let ready = container.ready().await?;
        let sync = ready.variables().into_iter().fold(sync, |sync, (name, value)| sync.with_env_var(name, value));
        let printed = String::from_utf8(sync.start().await?.stdout_to_vec().await?)?;
        if !printed.contains("petstore-v1") {
            return Err(format!("a sync in another container prints:\n{printed}").into());
        }
        Ok(())
    })
}

pub(crate) fn ports_that_are_not_published_as_themselves_are_told(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        let image = UnderstudyImage::on_this_machine()?.with_tag(UNDERSTUDY.tag).with_startup_timeout(PATIENCE);
        match image.start().await {
            Ok(_) => Err("it starts, with URLs that nobody can reach".into()),
            Err(error) if error.to_string().contains("image.request()") => Ok(()),
            Err(error) => Err(format!("it says {error}").into()),
        }
    })
}

/// The titles of the APIs that a sync gives with these variables.
pub(crate) async fn synced(variables: &[(&'static str, String)]) -> Result<Vec<String>, Failed> {
    let value = |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| value.clone());
    let outcome = Provider::new(Config::from_vars(value)?)?.sync().await?;
    Ok(outcome
        .mutation
        .entities()
        .filter_map(|entity| entity.metadata.title.clone())
        .filter(|it| it.contains("-v"))
        .collect())
}
