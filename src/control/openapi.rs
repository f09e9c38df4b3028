//! The OpenAPI document of the control API, from the functions and types that serve it.
//!
//! Answers are described by their types here. What is sent (scenarios, steps, faults and so on) is the scenario file's
//! model, whose JSON Schemas its own types derive: those are taken over as components, not written a second time.

use std::sync::OnceLock;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};
use understudy_scenarios::{Step, file::ScenarioFile};
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder, Schema};
use utoipa::{Modify, OpenApi};

use crate::stage::ExchangeLine;

use super::{clock, faults, index, journal, refusal, steps, verify, world};

/// The OpenAPI document (3.1) of the control API.
#[must_use]
pub fn openapi() -> Value {
    let mut document = serde_json::to_value(Document::openapi()).unwrap_or_default();
    if let Some(components) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        components.extend(model());
    }
    document
}

/// Answers the OpenAPI document of this API. Needs no token.
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "stage", security(()),
    responses((status = 200, description = "The document.", content_type = "application/json")),
)]
pub(super) async fn document() -> Response {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, JSON)], DOCUMENT.get_or_init(|| format!("{:#}\n", openapi())).as_str()).into_response()
}

/// The schemas of the scenario file's model, by name, with references between them as OpenAPI has them.
fn model() -> Map<String, Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    generator.subschema_for::<ScenarioFile>();
    generator.subschema_for::<Step>();
    generator.take_definitions(true).into_iter().collect()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Understudy's control API",
        description = "What moves a running stage. Every answer but that of /journal/stream is JSON; bodies are JSON \
                       or YAML, by `Content-Type`. Nothing that is sent is repeated in an answer to it.",
        license(name = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "The control API itself; `understudy up` prints where it is.")),
    paths(
        index::index, index::health, document,
        world::show, world::replace, world::change,
        faults::list, faults::inject, faults::lift, faults::lift_one,
        clock::show, clock::turn,
        steps::keys, steps::tokens, steps::restart, steps::play, steps::reset,
        journal::list, journal::clear, journal::count, journal::wait, journal::stream,
        verify::verify,
    ),
    components(schemas(refusal::Refused, ExchangeLine<'_>)),
    security(("token" = [])),
    tags(
        (name = "stage", description = "The stage as a whole."),
        (name = "world", description = "What the portal and the identity provider know."),
        (name = "faults", description = "What goes wrong."),
        (name = "clock", description = "The stage's time."),
        (name = "identity", description = "Signing keys and access tokens."),
        (name = "journal", description = "What was asked and answered."),
    ),
    modifiers(&Everywhere),
)]
struct Document;

/// What holds for every operation: the token, YAML beside JSON, and how refusals look.
struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The token that `understudy up` prints, or that UNDERSTUDY_CONTROL_TOKEN gave it."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
        for path in document.paths.paths.values_mut() {
            let operations = [&mut path.get, &mut path.put, &mut path.post, &mut path.delete];
            for operation in operations.into_iter().filter_map(Option::as_mut) {
                if let Some(RefOr::T(body)) = &mut operation.request_body
                    && let Some(json) = body.content.get("application/json").cloned()
                {
                    body.content.insert("application/yaml".to_owned(), json);
                }
                let refused = ResponseBuilder::new()
                    .description("It is refused; nothing has changed.")
                    .content("application/json", Content::new(Some(Ref::from_schema_name("Refused"))));
                operation.responses.responses.insert("default".to_owned(), refused.build().into());
            }
        }
    }
}

/// The schema of a fault, in the model.
pub(super) fn fault() -> RefOr<Schema> {
    Ref::from_schema_name("Fault").into()
}

/// The schema of a kind of requests, in the model.
pub(super) fn request_wish() -> RefOr<Schema> {
    Ref::from_schema_name("RequestWish").into()
}

/// The schema of several kinds of requests.
pub(super) fn request_wishes() -> RefOr<Schema> {
    list_of("RequestWish")
}

/// The schema of exchanges.
pub(super) fn exchanges() -> RefOr<Schema> {
    list_of("Exchange")
}

fn list_of(name: &str) -> RefOr<Schema> {
    Schema::Array(ArrayBuilder::new().items(Ref::from_schema_name(name)).build()).into()
}
