//! Gloo Mesh Gateway's operations.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;

use super::me::{self, ME};
use super::{Id, closed};
use crate::rendered::mesh::{Answers, ApiList, Plan, Schema};
use crate::respond::{self, Message};

pub(crate) const LIST_APIS: &str = "GET /v1/apis";
pub(crate) const GET_SCHEMA: &str = "GET /v1/apis/{id}/schema";
pub(crate) const LIST_USAGE_PLANS: &str = "GET /v1/usage-plans";

/// All operations, as notes name them.
pub(crate) const OPERATIONS: &[&str] = &[LIST_APIS, GET_SCHEMA, ME, LIST_USAGE_PLANS];

/// The contract's words where there is no document.
const NO_SCHEMA: &str = "API schema not found";
/// The contract's words for a 500 where the document that should be there is not. That they are said of one that could
/// not be fetched is a decision made here: no contract tells what becomes of `/schema` then.
const FAILED_SCHEMA: &str = "Missing stitched schema for route table";

type Visit = super::Visit<Answers>;

pub(crate) fn router() -> Router {
    closed::<Answers, ()>(
        Router::new()
            .route("/v1/apis", get(list_apis))
            .route("/v1/apis/{id}/schema", get(get_schema))
            .route("/v1/me", get(me::in_mesh))
            .route("/v1/usage-plans", get(list_usage_plans)),
    )
}

/// Lists the APIs, by product or flat.
#[utoipa::path(
    get, path = "/v1/apis", operation_id = "ListAPIs", tag = "gloo-mesh-gateway", security(("bearer" = [])),
    responses(
        (status = 200, description = "The APIs.", body = ApiList<'_>),
        (status = 304, description = "The caller has them already."),
    ),
)]
pub(crate) async fn list_apis(visit: Visit) -> Response {
    visit.answer(LIST_APIS, &visit.answers.apis)
}

/// Gets the OpenAPI document of an API.
#[utoipa::path(
    get, path = "/v1/apis/{id}/schema", operation_id = "GetApiSchema", tag = "gloo-mesh-gateway", security(("bearer" = [])),
    params(("id" = String, Path, description = "The API's id, percent-encoded.")),
    responses(
        (status = 200, description = "The document.", body = Object),
        (status = 304, description = "The caller has it already."),
        (status = 404, description = "There is no such API, or it has no document.", body = Message),
        (status = 500, description = "The portal has no document, since it could not fetch it.", body = Message),
    ),
)]
pub(crate) async fn get_schema(visit: Visit, id: Id) -> Response {
    let error = |status, words, why| respond::message(status, words, visit.note(GET_SCHEMA).outcome(why));
    match id.among(&visit.answers.schemas) {
        Some(Schema::Served(answer)) => visit.answer(GET_SCHEMA, answer),
        Some(Schema::Missing) => error(StatusCode::NOT_FOUND, NO_SCHEMA, "no document"),
        Some(Schema::Failed) => error(StatusCode::INTERNAL_SERVER_ERROR, FAILED_SCHEMA, "document not fetched"),
        None => error(StatusCode::NOT_FOUND, NO_SCHEMA, "no such id"),
    }
}

/// Lists the usage plans.
#[utoipa::path(
    get, path = "/v1/usage-plans", operation_id = "GetUsagePlans", tag = "gloo-mesh-gateway", security(("bearer" = [])),
    responses(
        (status = 200, description = "The usage plans.", body = [Plan<'_>]),
        (status = 304, description = "The caller has them already."),
    ),
)]
pub(crate) async fn list_usage_plans(visit: Visit) -> Response {
    visit.answer(LIST_USAGE_PLANS, &visit.answers.usage_plans)
}
