//! `GET /v1/me`: the one path that both families have. Each answers in its own way who the token says one is.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::Visit;
use crate::auth::Caller;
use crate::gate::Desk;
use crate::rendered::gateway::Times;
use crate::rendered::{gateway, mesh};
use crate::respond;
use crate::users::Record;

pub(crate) const ME: &str = "GET /v1/me";

/// The caller.
///
/// A service account, whose token has neither, gets its user name for a name and an address at `example.com`.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Me<'a> {
    /// As Gloo Mesh Gateway tells it.
    GlooMeshGateway(MeshUser<'a>),
    /// As Gloo Gateway tells it.
    GlooGateway(GatewayUser<'a>),
}

/// A user of Gloo Mesh Gateway.
#[derive(Serialize, ToSchema)]
pub(crate) struct MeshUser<'a> {
    /// The name for people.
    name: &'a str,
    /// The email address.
    #[schema(format = "email")]
    email: &'a str,
    /// The user name.
    username: &'a str,
}

/// A user of Gloo Gateway.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GatewayUser<'a> {
    /// The portal's own id of the user.
    id: &'a str,
    #[serde(flatten)]
    times: Times,
    /// The email address.
    #[schema(format = "email")]
    email: &'a str,
    /// The name for people.
    name: &'a str,
    /// The user name.
    username: &'a str,
    /// Whether the token's claim `group` says `admin`.
    is_admin: bool,
    /// Whether the record holds what the token says: always, since it is made of the token.
    synced: bool,
}

impl<'a> MeshUser<'a> {
    fn of(caller: &'a Caller) -> Self {
        Self { name: &caller.name, email: &caller.email, username: &caller.username }
    }
}

impl<'a> GatewayUser<'a> {
    fn of(caller: &'a Caller, record: &'a Record) -> Self {
        Self {
            id: &record.id,
            times: Times { created_at: record.created_at, updated_at: record.created_at },
            email: &caller.email,
            name: &caller.name,
            username: &caller.username,
            is_admin: caller.is_admin,
            synced: true,
        }
    }
}

/// Tells the caller who it is.
#[utoipa::path(
    get, path = "/v1/me", operation_id = "GetCurrentUser", tag = "users", security(("bearer" = [])),
    responses(
        (status = 200, description = "The caller.", body = Me<'_>),
    ),
)]
pub(crate) async fn in_gateway(State(desk): State<Desk>, visit: Visit<gateway::Answers>) -> Response {
    let record = desk.users.record(&visit.caller.subject, desk.clock.now());
    let me = Me::GlooGateway(GatewayUser::of(&visit.caller, &record));
    respond::json(StatusCode::OK, &me, visit.note(ME))
}

/// The same in the other family; the document shows it beside [`in_gateway`].
pub(crate) async fn in_mesh(visit: Visit<mesh::Answers>) -> Response {
    let me = Me::GlooMeshGateway(MeshUser::of(&visit.caller));
    respond::json(StatusCode::OK, &me, visit.note(ME))
}
