//! What every test of the doctor needs: a stage, a plan for it, and the findings of one check as a text.

use std::collections::HashMap;

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

/// A plan for the whole of a stage.
pub(crate) fn plan_of(stage: &Stage) -> Plan {
    let mut plan = plan(stage.variables().unwrap());
    plan.clock = stage.provider_clock();
    plan
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

fn without_ports(text: &str) -> String {
    let mut parts = text.split("localhost:");
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        told += "localhost:[port]";
        told += part.trim_start_matches(|character: char| character.is_ascii_digit());
    }
    told
}
