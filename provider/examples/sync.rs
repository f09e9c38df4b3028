//! Syncs the portal that the guide's variables name, once, and prints the mutation as JSON:
//! `PORTAL_URL=… TOKEN_ENDPOINT=… CLIENT_ID=… CLIENT_SECRET=… cargo run -p understudy-provider --example sync`

use std::process::ExitCode;

use understudy_provider::{Config, Mutation, Provider, SyncError};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match sync().await {
        Ok(mutation) => {
            println!("{}", serde_json::json!(mutation));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn sync() -> Result<Mutation, SyncError> {
    let config = Config::from_vars(|name| std::env::var(name).ok())?;
    Ok(Provider::new(config)?.sync().await?.mutation)
}
