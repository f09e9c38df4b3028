//! The snippets of the book for languages other than Rust: each is put into a small program of its language, which starts a
//! container by it, tells where that is reached, and ends it.

mod language;
mod program;

use std::time::Instant;

use libtest_mimic::Failed;
use testcontainers::bollard::models::ContainerSummary;
use testcontainers::bollard::query_parameters::ListContainersOptions;
use testcontainers::core::client::docker_client_instance;

use crate::Ground;
use crate::module::synced;
pub(crate) use language::Language;
use program::{Program, compile};

pub(crate) fn for_node(ground: &Ground) -> Result<(), Failed> {
    starts_a_stage(ground, Language::Node)
}

pub(crate) fn for_go(ground: &Ground) -> Result<(), Failed> {
    starts_a_stage(ground, Language::Go)
}

pub(crate) fn for_java(ground: &Ground) -> Result<(), Failed> {
    starts_a_stage(ground, Language::Java)
}

/// A sync from where the program says that its container is; nothing of it is left when the program has ended.
fn starts_a_stage(ground: &Ground, language: Language) -> Result<(), Failed> {
    let folder = language.folder()?;
    std::fs::write(folder.join(language.file()), language.program()?)?;
    ground.runtime.block_on(async {
        if let Some(compiler) = language.compiler() {
            compile(compiler, &folder).await?;
        }
        let begun = Instant::now();
        let mut program = Program::start(language.command(), &folder)?;
        let seen = async {
            let stage = program.stage().await?;
            println!("a program told where its container is after {:.1?}", begun.elapsed());
            Ok::<_, Failed>((publishing(stage.port()?).await?, synced(&stage.variables()).await?))
        };
        let seen = seen.await;
        // Also where something was wrong until here: the container is the program's to remove.
        program.end().await?;
        let (container, titles) = seen?;
        if titles != ["petstore-v1", "tracks-v1"] {
            return Err(format!("a sync gives {titles:?}").into());
        }
        if containers().await?.iter().any(|(id, _)| *id == container) {
            return Err(format!("the program ended and left its container, {container}").into());
        }
        Ok(())
    })
}

/// The container that publishes a port.
async fn publishing(port: u16) -> Result<String, Failed> {
    let found = containers().await?.into_iter().find(|(_, ports)| ports.contains(&port));
    found.map(|(id, _)| id).ok_or_else(|| format!("no container publishes port {port}").into())
}

/// All containers of the engine, with the ports that they publish.
async fn containers() -> Result<Vec<(String, Vec<u16>)>, Failed> {
    let all = ListContainersOptions { all: true, ..ListContainersOptions::default() };
    let listed = docker_client_instance().await?.list_containers(Some(all)).await?;
    let published = |container: ContainerSummary| {
        let ports = container.ports.unwrap_or_default().into_iter().filter_map(|port| port.public_port).collect();
        Some((container.id?, ports))
    };
    Ok(listed.into_iter().filter_map(published).collect())
}
