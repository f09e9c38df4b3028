//! The portal's own OpenAPI document, from the response types and route functions that serve it.

use std::mem::take;

use utoipa::openapi::schema::AnyOf;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{Modify, OpenApi};

use crate::routes::{gateway, health, me, mesh};

/// The OpenAPI document of what [`router`](crate::router) serves: the operations of both families (a world's portal
/// answers one of them), and the health paths.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Understudy's portal",
        description = "What the mock portal serves: the family that the world names, behind external auth.",
        version = "1",
        license(name = "MIT OR Apache-2.0"),
    ),
    paths(
        mesh::list_apis,
        mesh::get_schema,
        mesh::list_usage_plans,
        gateway::list_products,
        gateway::get_product,
        gateway::list_versions,
        me::in_gateway,
        health::health,
        health::healthz,
        health::readyz,
    ),
    tags(
        (name = "gloo-mesh-gateway", description = "Gloo Mesh Gateway alone."),
        (name = "gloo-gateway", description = "Gloo Gateway alone."),
        (name = "users", description = "Both families, each in its own way."),
        (name = "health", description = "Outside external auth."),
    ),
    modifiers(&ExternalAuth, &Overlap),
)]
struct Document;

/// What external auth adds to every operation that it stands before: the scheme, and its two refusals.
struct ExternalAuth;

impl Modify for ExternalAuth {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("An access token of a trusted issuer, signed with RS256."))
            .build();
        document.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(scheme));
        let operations = document.paths.paths.values_mut().filter_map(|path| path.get.as_mut());
        for operation in operations.filter(|operation| operation.security.is_some()) {
            let responses = &mut operation.responses.responses;
            responses
                .insert("401".to_owned(), refusal("External auth refuses the caller; `WWW-Authenticate` says why."));
            responses.insert("503".to_owned(), refusal("External auth can't fetch the issuer's keys."));
        }
    }
}

fn refusal(description: &str) -> RefOr<Response> {
    let message = Content::new(Some(Ref::from_schema_name("Message")));
    ResponseBuilder::new().description(description).content("application/json", message).build().into()
}

/// The alternatives of an answer may overlap (an empty list of APIs is grouped and flat at once), so it is any of them
/// rather than exactly one.
struct Overlap;

impl Modify for Overlap {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for schema in document.components.iter_mut().flat_map(|components| components.schemas.values_mut()) {
            if let RefOr::T(Schema::OneOf(one)) = schema {
                let any = AnyOf { items: take(&mut one.items), description: one.description.take(), ..AnyOf::new() };
                *schema = RefOr::T(Schema::AnyOf(any));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_document_is_the_one_that_was_reviewed() {
        insta::assert_snapshot!(openapi().to_pretty_json().unwrap());
    }

    #[test]
    fn the_document_names_every_operation_and_no_other() {
        let document = openapi();
        let documented: BTreeSet<String> = document.paths.paths.keys().map(|path| format!("GET {path}")).collect();
        let health = [health::HEALTH, health::HEALTHZ, health::READYZ];
        let served = [mesh::OPERATIONS, gateway::OPERATIONS, &health].concat();
        assert_eq!(documented, served.into_iter().map(str::to_owned).collect());
    }
}
