//! What every test of the doctor needs: a stage, a plan for it, and the findings of one check as a text.

use std::collections::HashMap;
use std::path::Path;

use understudy::check::{Plan, Report, Selection, Source, examine};
use understudy::{Scenario, Stage};

/// A stage that plays a bundled scenario or a scenario file's text.
pub(crate) async fn stage(scenario: &str) -> Stage {
    let scenario = match scenario.contains('\n') {
        true => Scenario::from_yaml("test", scenario).unwrap(),
        false => Scenario::find(scenario).unwrap(),
    };
    Stage::start(scenario).await.unwrap()
}

/// A plan that looks at these variables' servers, with an environment of nothing else.
pub(crate) fn plan(variables: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Plan {
    let variables: HashMap<String, String> =
        variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    Plan::new(Source::Variables).variables(move |name| variables.get(name).cloned())
}

/// The same by a file of Backstage's, `app-config.yaml` in this folder, with these variables.
pub(crate) fn plan_of_file(folder: &Path, text: &str, variables: &[(&str, &str)]) -> Plan {
    let file = folder.join("app-config.yaml");
    std::fs::write(&file, text).unwrap();
    let mut plan = plan(variables.iter().copied());
    plan.source = Source::AppConfig(vec![file]);
    plan
}

/// A plan for the whole of a stage, with more variables, which may take the place of the stage's.
pub(crate) fn plan_with(stage: &Stage, more: &[(&str, &str)]) -> Plan {
    let mut variables: HashMap<String, String> =
        stage.variables().unwrap().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    for (name, value) in more {
        match *value {
            "" => drop(variables.remove(*name)),
            value => drop(variables.insert((*name).to_owned(), value.to_owned())),
        }
    }
    let mut plan = plan(variables);
    plan.clock = stage.provider_clock();
    plan
}

/// A plan for the whole of a stage.
pub(crate) fn plan_of(stage: &Stage) -> Plan {
    plan_with(stage, &[])
}

/// What a plan finds by some checks alone.
pub(crate) async fn only(mut plan: Plan, checks: &str) -> Report {
    let checks: Vec<String> = checks.split(',').map(str::to_owned).collect();
    plan.selection = Selection::of(&checks, &[]).unwrap();
    examine(plan).await
}

/// The findings of a check, each as `status: message` and `do: remedy`, with ports left out.
pub(crate) fn told(report: &Report, check: &str) -> String {
    let mut text = String::new();
    for finding in report.findings().iter().filter(|finding| finding.check.id == check) {
        let view = finding.view.map(|view| format!(" ({view})")).unwrap_or_default();
        text += &format!("{}{view}: {}\n", finding.status, finding.message);
        if let Some(remedy) = &finding.remedy {
            text += &format!("do: {remedy}\n");
        }
    }
    without_ports(&text)
}

/// The text with the ports of this machine left out.
fn without_ports(text: &str) -> String {
    ["localhost:", "127.0.0.1:"].iter().fold(text.to_owned(), |text, host| {
        let mut parts = text.split(host);
        let mut told = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.trim_start_matches(|character: char| character.is_ascii_digit());
            told += host;
            told += if rest.len() < part.len() { "[port]" } else { "" };
            told += rest;
        }
        told
    })
}

/// An address of this machine at which nobody listens, and which nobody else gets while the socket is there.
pub(crate) fn closed() -> (tokio::net::TcpSocket, String) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap().to_string();
    (socket, address)
}
