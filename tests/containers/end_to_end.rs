//! One and the same way, from a token by client credentials over the portal's list to the entities, with whoever gives the
//! token: the mock, a real Keycloak, or servers in another process that the variables name.

use std::env;
use std::time::Duration;

use libtest_mimic::Failed;
use tokio::process::Command;
use understudy::Stage;
use understudy::provider::{Config, Discovery, EntityKind, HttpClient, Provider};
use understudy::scenarios::{OutsideIssuer, Scenario};
use understudy_containers::Keycloak;

use crate::Ground;

/// How long one request may take.
const TIME_LIMIT: Duration = Duration::from_secs(20);
/// How long an answer may be, in bytes.
const SIZE_LIMIT: u64 = 1_000_000;

pub(crate) fn with_the_mock(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        let stage = Stage::start(Scenario::find("quickstart")?).await?;
        // The Keycloak realm, as the real one's is.
        let issuer = stage.issuers().into_iter().find(|issuer| issuer.kind == "keycloak").ok_or("no Keycloak face")?;
        walk(stage.provider_config(&issuer)?).await
    })
}

pub(crate) fn with_keycloak(ground: &Ground) -> Result<(), Failed> {
    ground.runtime.block_on(async {
        let stage = portal_before(ground.keycloak().await?).await?;
        walk(stage.provider_config(&stage.issuer()?)?).await
    })
}

/// This program again, which knows of the portal and the Keycloak here what the variables say.
pub(crate) fn with_the_variables(ground: &Ground) -> Result<(), Failed> {
    if env::var_os("UNDERSTUDY_TARGET").is_some_and(|target| target == "real") {
        let config = Config::from_vars(|name| env::var(name).ok())?;
        return ground.runtime.block_on(walk(config));
    }
    ground.runtime.block_on(async {
        let stage = portal_before(ground.keycloak().await?).await?;
        let again = async |secret: &str| -> Result<(bool, String), Failed> {
            let output = Command::new(env::current_exe()?)
                .args(["--exact", "a_token_gives_the_list_and_the_entities_of_servers_that_the_variables_name"])
                .env("UNDERSTUDY_TARGET", "real")
                .envs(stage.variables()?)
                .env("CLIENT_SECRET", secret)
                .kill_on_drop(true)
                .output()
                .await?;
            let told = String::from_utf8_lossy(&output.stdout).into_owned();
            Ok((output.status.success() && told.contains("1 passed"), told))
        };
        let (passed, told) = again(Keycloak::SECRET).await?;
        if !passed {
            return Err(format!("with what the variables name it fails:\n{told}").into());
        }
        let (passed, told) = again("no-such-secret").await?;
        if passed || !told.contains("401 Unauthorized, unauthorized_client") || told.contains("no-such-secret") {
            return Err(format!("with a wrong secret it does not fail as it should:\n{told}").into());
        }
        Ok(())
    })
}

/// The mock of a portal, before this Keycloak in place of the mock's issuers.
async fn portal_before(keycloak: &Keycloak) -> Result<Stage, Failed> {
    let found = Discovery::read(&HttpClient::with_limits(TIME_LIMIT, SIZE_LIMIT), &keycloak.issuer()).await?;
    let issuer = OutsideIssuer {
        issuer: found.issuer,
        token_endpoint: found.token_endpoint.into(),
        jwks_uri: found.jwks_uri.ok_or("Keycloak names no keys")?.into(),
        ca_pem: None,
    };
    let stage = Stage::builder(Scenario::find("quickstart")?).issuer_at(issuer);
    Ok(stage.service_account(Keycloak::CLIENT, Keycloak::SECRET).start().await?)
}

/// Token, list, entities; and nothing without a token.
async fn walk(config: Config) -> Result<(), Failed> {
    let apis = format!("{}/apis", config.portal.as_str()).parse()?;
    let unasked = HttpClient::with_limits(TIME_LIMIT, SIZE_LIMIT).get(apis, None).await?;
    if unasked.status() != 401 {
        return Err(format!("without a token the portal answers {}", unasked.status()).into());
    }

    let provider = Provider::new(config)?;
    let first = provider.sync().await?.mutation;
    let shown = first.entities().map(|entity| match entity.kind() {
        EntityKind::Api => entity.metadata.title.clone().unwrap_or_default(),
        _ => entity.metadata.name.to_string(),
    });
    let shown: Vec<String> = shown.collect();
    let expected = [
        "solo-io-service-accounts",
        "gloo-platform-portal-service-account",
        "gloo-platform-portal-apis",
        "petstore-v1",
        "tracks-v1",
    ];
    if shown != expected {
        return Err(format!("the entities are {shown:?}, not {expected:?}").into());
    }
    let again = provider.sync().await?.mutation;
    if !again.entities().eq(first.entities()) {
        return Err("a second sync makes other entities".into());
    }
    Ok(())
}
