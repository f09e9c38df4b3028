//! The world: what the portal and the identity provider know, without secrets.

use axum::extract::State;
use maud::{Markup, html};
use understudy_scenarios::{Client, Identity, Portal, Product, RateLimit, RateUnit, Status, UsagePlan, User};

use super::{Desk, MOST_ROWS, Part, rest, stage};
use crate::play::report::count;
use crate::stage::IssuerAddress;

/// The world of now.
pub(super) async fn part(State(desk): State<Desk>) -> Part {
    let controls = &desk.controls;
    let edition = controls.world().current();
    let (identity, portal) = (&edition.world.identity, &edition.world.portal);
    Part(html! {
        h2 #world-title tabindex="-1" { "World" }
        p.muted { "What the portal (" (stage::family(controls)) ") and the identity provider know." }
        (products(portal))
        @if !portal.usage_plans.is_empty() { (plans(&portal.usage_plans)) }
        (issuers(&controls.issuers()))
        (people(identity))
    })
}

fn products(portal: &Portal) -> Markup {
    let versions = || portal.products.iter().flat_map(|product| product.versions.iter().map(move |it| (product, it)));
    let number = versions().count();
    html! {
        h3 { "Products" }
        p.muted { (count(portal.products.len(), "product")) ", " (count(number, "version")) }
        @if number > 0 {
            div.scroll tabindex="0" role="region" aria-label="Products" {
                table {
                    thead { tr {
                        th scope="col" { "API" } th scope="col" { "Product" } th scope="col" { "Version" }
                        th scope="col" { "Title" } th scope="col" { "Lifecycle" } th scope="col" { "Usage plans" }
                    } }
                    tbody { @for (product, version) in versions().take(MOST_ROWS) { tr {
                        th scope="row" { code { (version.id) } }
                        td { (product.name) (id(product)) }
                        td { (version.name) }
                        td { (version.title) }
                        td { (version.lifecycle.as_deref().unwrap_or(status(version.status))) }
                        td { (version.usage_plans.join(", ")) }
                    } } }
                }
            }
            (rest(number, "version"))
        }
    }
}

/// The product's id, where its name does not tell it.
fn id(product: &Product) -> Markup {
    html! { @if product.name != product.id.as_str() { " " code.muted { (product.id) } } }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Published => "published",
        Status::Draft => "draft",
        Status::Deprecated => "deprecated",
    }
}

fn plans(plans: &[UsagePlan]) -> Markup {
    html! {
        h3 { "Usage plans" }
        ul.plain { @for plan in plans.iter().take(MOST_ROWS) { li {
            b { (plan.name) } " " span.muted { (plan.auth_types.join(", ")) }
            @if let Some(limit) = &plan.rate_limit { ", " (rate(*limit)) }
        } } }
        (rest(plans.len(), "plan"))
    }
}

fn rate(limit: RateLimit) -> String {
    let unit = match limit.unit {
        RateUnit::Second => "second",
        RateUnit::Minute => "minute",
        RateUnit::Hour => "hour",
        RateUnit::Day => "day",
    };
    format!("{} a {unit}", count(limit.requests_per_unit as usize, "request"))
}

fn issuers(issuers: &[IssuerAddress]) -> Markup {
    html! {
        h3 { "Issuers" }
        div.scroll tabindex="0" role="region" aria-label="Issuers" {
            table {
                thead { tr { th scope="col" { "Name" } th scope="col" { "Kind" } th scope="col" { "Token endpoint" } } }
                tbody { @for issuer in issuers.iter().take(MOST_ROWS) { tr {
                    th scope="row" { (issuer.name) }
                    td { (issuer.kind) }
                    td { code { (issuer.token_endpoint) } }
                } } }
            }
        }
        (rest(issuers.len(), "issuer"))
    }
}

fn people(identity: &Identity) -> Markup {
    html! {
        div.pair {
            div {
                h3 { "Clients" }
                ul.plain { @for client in identity.clients.iter().take(MOST_ROWS) { (one_client(client)) } }
                (rest(identity.clients.len(), "client"))
            }
            div {
                h3 { "Users" }
                ul.plain { @for user in identity.users.iter().take(MOST_ROWS) { (one_user(user)) } }
                (rest(identity.users.len(), "user"))
            }
        }
    }
}

fn one_client(client: &Client) -> Markup {
    let grants: Vec<_> = client.grants.iter().map(|grant| grant.as_str()).collect();
    html! { li {
        code { (client.id) } " "
        span.muted {
            @if client.secret.is_some() { "with a secret" } @else { "public" }
            @if !grants.is_empty() { ": " (grants.join(", ")) }
        }
    } }
}

fn one_user(user: &User) -> Markup {
    html! { li {
        code { (user.username) } " " (user.name)
        @if !user.groups.is_empty() { " " span.muted { "in " (user.groups.join(", ")) } }
    } }
}
