//! Starts a real Keycloak that is made fit for a portal, and says how it is reached, until it is interrupted:
//! `cargo run -p understudy-containers --example keycloak`. Its lines go before `understudy … --idp real`.

use understudy_containers::{KEYCLOAK, Keycloak, why_not};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    if let Some(why) = why_not(&[KEYCLOAK]).await {
        return Err(why.into());
    }
    let keycloak = Keycloak::start().await?;
    println!("export ISSUER_URL={}", keycloak.issuer());
    println!("export TOKEN_ENDPOINT={}/protocol/openid-connect/token", keycloak.issuer());
    println!("export CLIENT_ID={}", Keycloak::CLIENT);
    println!("export CLIENT_SECRET={}", Keycloak::SECRET);
    eprintln!("A Keycloak is up after {:.1?}; Ctrl-C ends it.", keycloak.took);
    tokio::signal::ctrl_c().await?;
    Ok(keycloak.remove().await?)
}
