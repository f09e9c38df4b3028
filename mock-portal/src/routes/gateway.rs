//! Gloo Gateway's operations.

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::me::{self, ME};
use super::{Id, closed};
use crate::gate::Desk;
use crate::rendered::gateway::{Answers, Details, ProductVersion, Summary};
use crate::respond::Message;

pub(crate) const LIST_PRODUCTS: &str = "GET /v1/api-products";
pub(crate) const GET_PRODUCT: &str = "GET /v1/api-products/{id}";
pub(crate) const LIST_VERSIONS: &str = "GET /v1/api-products/{id}/versions";

/// All operations, as notes name them.
pub(crate) const OPERATIONS: &[&str] = &[LIST_PRODUCTS, GET_PRODUCT, LIST_VERSIONS, ME];

/// The contract's words for an id that no product has.
const NO_PRODUCT: &str = "API Product not found";

type Visit = super::Visit<Answers>;

pub(crate) fn router() -> Router<Desk> {
    closed::<Answers, Desk>(
        Router::new()
            .route("/v1/api-products", get(list_products))
            .route("/v1/api-products/{id}", get(get_product))
            .route("/v1/api-products/{id}/versions", get(list_versions))
            .route("/v1/me", get(me::in_gateway)),
    )
}

/// Lists the API products.
#[utoipa::path(
    get, path = "/v1/api-products", operation_id = "ListApiProducts", tag = "gloo-gateway", security(("bearer" = [])),
    responses(
        (status = 200, description = "The products.", body = [Summary<'_>]),
        (status = 304, description = "The caller has them already."),
    ),
)]
pub(crate) async fn list_products(visit: Visit) -> Response {
    visit.answer(LIST_PRODUCTS, &visit.answers.products)
}

/// Gets an API product.
#[utoipa::path(
    get, path = "/v1/api-products/{id}", operation_id = "GetApiProductById", tag = "gloo-gateway", security(("bearer" = [])),
    params(("id" = String, Path, description = "The product's id, percent-encoded.")),
    responses(
        (status = 200, description = "The product.", body = Details<'_>),
        (status = 304, description = "The caller has it already."),
        (status = 404, description = "There is no such product.", body = Message),
    ),
)]
pub(crate) async fn get_product(visit: Visit, id: Id) -> Response {
    visit.answer_or(GET_PRODUCT, id.among(&visit.answers.details), NO_PRODUCT)
}

/// Lists the versions of an API product, each with its OpenAPI document.
#[utoipa::path(
    get, path = "/v1/api-products/{id}/versions", operation_id = "ListProductVersions", tag = "gloo-gateway", security(("bearer" = [])),
    params(("id" = String, Path, description = "The product's id, percent-encoded.")),
    responses(
        (status = 200, description = "The versions.", body = [ProductVersion<'_>]),
        (status = 304, description = "The caller has them already."),
        (status = 404, description = "There is no such product.", body = Message),
    ),
)]
pub(crate) async fn list_versions(visit: Visit, id: Id) -> Response {
    visit.answer_or(LIST_VERSIONS, id.among(&visit.answers.versions), NO_PRODUCT)
}
