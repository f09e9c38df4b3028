//! The world: shown, replaced, changed.

use axum::extract::State;
use serde::Serialize;
use understudy_scenarios::{Change, Family, Scenario, Shape, Step};
use utoipa::ToSchema;

use super::answer::{Answer, Done};
use super::body::{self, Read, ScenarioText, off_the_connection};
use super::refusal::Refusal;
use crate::stage::Controls;

/// The world as it is now, without secrets and documents.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WorldSummary {
    /// The scenario that the stage was started with.
    scenario: String,
    /// One more for each change of the world since the start.
    generation: u64,
    /// Which portal server answers: `gloo-mesh-gateway` or `gloo-gateway`.
    #[schema(example = "gloo-mesh-gateway")]
    family: &'static str,
    /// How Gloo Mesh Gateway lists APIs: `grouped` or `flat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    shape: Option<&'static str>,
    /// The issuers, in the scenario's order.
    issuers: Vec<IssuerSummary>,
    /// The ids of the clients.
    clients: Vec<String>,
    /// The names of the users.
    users: Vec<String>,
    /// The products, in the portal's order.
    products: Vec<ProductSummary>,
}

/// An issuer and where it is.
#[derive(Debug, Serialize, ToSchema)]
struct IssuerSummary {
    name: String,
    /// `okta` or `keycloak`.
    kind: &'static str,
    /// The `iss` of its tokens.
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
}

/// A product and its versions.
#[derive(Debug, Serialize, ToSchema)]
struct ProductSummary {
    id: String,
    name: String,
    versions: Vec<VersionSummary>,
}

/// A version of a product.
#[derive(Debug, Serialize, ToSchema)]
struct VersionSummary {
    /// The API id.
    id: String,
    name: String,
    title: String,
}

impl WorldSummary {
    fn of(controls: &Controls) -> Self {
        let edition = controls.world().current();
        let (identity, portal) = (&edition.world.identity, &edition.world.portal);
        let (family, shape) = match portal.family {
            Family::GlooMeshGateway { shape: Shape::Grouped, .. } => ("gloo-mesh-gateway", Some("grouped")),
            Family::GlooMeshGateway { shape: Shape::Flat, .. } => ("gloo-mesh-gateway", Some("flat")),
            Family::GlooGateway => ("gloo-gateway", None),
        };
        let issuers = controls.issuers_of(&edition.world).map(|issuer| IssuerSummary {
            name: issuer.name,
            kind: issuer.kind,
            issuer: issuer.issuer,
            token_endpoint: issuer.token_endpoint,
            jwks_uri: issuer.jwks_uri,
        });
        let products = portal.products.iter().map(|product| ProductSummary {
            id: product.id.to_string(),
            name: product.name.clone(),
            versions: product
                .versions
                .iter()
                .map(|version| VersionSummary {
                    id: version.id.to_string(),
                    name: version.name.clone(),
                    title: version.title.clone(),
                })
                .collect(),
        });
        Self {
            scenario: controls.scenario().name().to_owned(),
            generation: edition.generation,
            family,
            shape,
            issuers: issuers.collect(),
            clients: identity.clients.iter().map(|client| client.id.clone()).collect(),
            users: identity.users.iter().map(|user| user.username.clone()).collect(),
            products: products.collect(),
        }
    }
}

/// Shows the world as it is now.
#[utoipa::path(
    get, path = "/world", operation_id = "showWorld", tag = "world",
    responses((status = 200, description = "The world.", body = WorldSummary)),
)]
pub(super) async fn show(State(controls): State<Controls>) -> Answer<WorldSummary> {
    Answer(WorldSummary::of(&controls))
}

/// Replaces the world by that of a scenario, which stands alone: documents are written in it. Its steps are not played.
/// A scenario with a mistake changes nothing.
#[utoipa::path(
    put, path = "/world", operation_id = "replaceWorld", tag = "world",
    request_body(content = ref("#/components/schemas/ScenarioFile"), content_type = "application/json"),
    responses((status = 200, description = "The world is the scenario's.", body = Done)),
)]
pub(super) async fn replace(
    State(controls): State<Controls>,
    ScenarioText(text): ScenarioText,
) -> Result<Answer<Done>, Refusal> {
    let scenario = off_the_connection(move || Ok(Scenario::from_yaml(body::NAME, &text)?)).await?;
    controls.world().replace(scenario.world().clone());
    Ok(Answer(Done::new("world", &controls)))
}

/// Changes what the portal shows: one new world, or none when the change names what is not there.
#[utoipa::path(
    post, path = "/world/changes", operation_id = "changeWorld", tag = "world",
    request_body(content = ref("#/components/schemas/Change"), content_type = "application/json"),
    responses((status = 200, description = "It is changed.", body = Done)),
)]
pub(super) async fn change(
    State(controls): State<Controls>,
    Read(change): Read<Change>,
) -> Result<Answer<Done>, Refusal> {
    super::steps::done(&controls, Step::Change(Box::new(change))).await
}
