//! What is up: the head of the page.

use std::time::Duration;

use axum::extract::State;
use maud::html;
use understudy_scenarios::{Family, Shape};

use super::{Desk, Part};
use crate::stage::Controls;

/// What is up, and where.
pub(super) async fn part(State(desk): State<Desk>) -> Part {
    let Desk { controls, opened, .. } = &desk;
    let edition = controls.world().current();
    Part(html! {
        h1 #stage-title tabindex="-1" { (controls.scenario().name()) " is up" }
        dl.facts {
            div { dt { "Portal" } dd { code { (controls.portal_server_url()) } } }
            @for issuer in controls.issuers_of(&edition.world).take(6) {
                div { dt { "Issuer " (issuer.name) } dd { code { (issuer.issuer) } } }
            }
            div { dt { "Family" } dd { (family(controls)) } }
            div { dt { "World" } dd { "generation " (edition.generation) } }
            div { dt { "Faults" } dd { @match controls.faults().active().len() {
                0 => "none",
                faults => a.alarm href="#faults" { (faults) " in force" },
            } } }
            div { dt { "Up for" } dd { (lasted(opened.elapsed())) } }
            div { dt { "Understudy" } dd { (env!("CARGO_PKG_VERSION")) } }
        }
    })
}

/// Which portal server answers, in words.
pub(super) fn family(controls: &Controls) -> &'static str {
    match controls.world().current().world.portal.family {
        Family::GlooMeshGateway { shape: Shape::Grouped, .. } => "Gloo Mesh Gateway",
        Family::GlooMeshGateway { shape: Shape::Flat, .. } => "Gloo Mesh Gateway, flat lists",
        Family::GlooGateway => "Gloo Gateway",
    }
}

/// A length of time to the minute.
fn lasted(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "less than a minute".to_owned(),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_told_to_the_minute() {
        let told = [59, 60, 3_660, 90_000].map(|seconds| lasted(Duration::from_secs(seconds)));
        assert_eq!(told, ["less than a minute", "1 min", "1 h 1 min", "25 h 0 min"]);
    }
}
