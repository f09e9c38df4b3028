//! The catalog as Backstage would show it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};
use understudy_provider::{ApiSpec, Entity, EntitySpec};

use super::legible::legible;
use super::undisturbed::{Catalog, Found};
use super::{Desk, MOST_ROWS, Part, rest, text};
use crate::control::refusal::Refusal;

/// The catalog of the world of now.
pub(super) async fn part(State(desk): State<Desk>) -> Part {
    let found = desk.catalog.of(&desk.controls).await;
    Part(html! {
        h2 #catalog-title tabindex="-1" { "Catalog" }
        p.muted {
            "What Backstage would hold after a sync of this world by the provider that comes along. It is synced aside: \
             faults do not touch it, and the journal does not show it."
        }
        (shown(&found))
    })
}

fn shown(found: &Found) -> Markup {
    match found {
        Ok(catalog) => table(catalog),
        Err(why) => html! { p.reason.failed { "A sync gives nothing: " (why) } },
    }
}

fn table(catalog: &Catalog) -> Markup {
    let apis = catalog.entities.iter().filter(|entity| api(entity).is_some()).count();
    html! {
        div.scroll tabindex="0" role="region" aria-label="Entities" {
            table {
                caption.hidden { (catalog.entities.len()) " entities" }
                thead { tr {
                    th scope="col" { "Kind" } th scope="col" { "Name and title" }
                    th scope="col" { "Lifecycle" } th scope="col" { "Owner" } th scope="col" { "Definition" }
                } }
                tbody { @for entity in catalog.entities.iter().take(MOST_ROWS) { (row(entity)) } }
            }
        }
        (rest(catalog.entities.len(), "row"))
        @if apis == 0 { p.muted { "The portal shows no API." } }
        @if !catalog.notices.is_empty() {
            h3 { "The provider says" }
            ul { @for notice in catalog.notices.iter().take(MOST_ROWS) { li { (notice) } } }
        }
    }
}

fn row(entity: &Entity) -> Markup {
    let name = &entity.metadata.name;
    let kind = entity.kind().as_str();
    let owner = match &entity.spec {
        EntitySpec::Api(api) => Some(api.owner.as_str()),
        EntitySpec::System(system) => Some(system.owner.as_str()),
        EntitySpec::Group(_) | EntitySpec::User(_) => None,
    };
    html! {
        tr {
            td { span class={ "kind " (kind) } { (kind) } }
            th scope="row" {
                code { (name) }
                @if let Some(title) = &entity.metadata.title { span.title { (title) } }
            }
            td { (api(entity).map_or("", |api| &api.lifecycle)) }
            td.owner { (owner.unwrap_or_default()) }
            td { @if let Some(api) = api(entity) {
                details id={ "definition-" (name) } data-text={ "/page/definitions/" (name) } {
                    summary { (api.kind) ", " (size(api.definition.len())) span.hidden { " of " (name) } }
                    pre tabindex="0" {}
                }
            } }
        }
    }
}

/// The definition of one API, as text.
pub(super) async fn definition(
    State(desk): State<Desk>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let found = desk.catalog.of(&desk.controls).await;
    let entities = found.as_ref().as_ref().map(|catalog| catalog.entities.as_slice()).unwrap_or_default();
    let of_name = |name: String| entities.iter().filter(|entity| entity.metadata.name == name).find_map(api);
    let found = name.ok().and_then(|Path(name)| of_name(name));
    let none = || Refusal::new(StatusCode::NOT_FOUND, "no-such-api", "the catalog holds no API of this name");
    found.map(|api| text("text/plain; charset=utf-8", legible(&api.definition))).ok_or_else(none)
}

fn api(entity: &Entity) -> Option<&ApiSpec> {
    match &entity.spec {
        EntitySpec::Api(api) => Some(api),
        _ => None,
    }
}

/// A number of bytes for people: `512 B`, `11.8 kB`, `1.2 MB`.
fn size(bytes: usize) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_told_in_the_unit_that_fits() {
        assert_eq!([999, 11_803, 1_200_000].map(size), ["999 B", "11.8 kB", "1.2 MB"]);
    }
}
