//! What there is, and whether the stage is up.

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::Answer;

/// What the control API is, with a link to each thing in it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Index {
    /// What answers.
    #[schema(example = "understudy")]
    name: &'static str,
    /// Its version.
    version: &'static str,
    /// Paths, each with the methods that it has.
    links: Vec<Link>,
}

/// A path of the control API.
#[derive(Debug, Serialize, ToSchema)]
struct Link {
    /// The path.
    href: &'static str,
    /// The methods.
    methods: &'static [&'static str],
    /// What it is for.
    title: &'static str,
}

/// Every path, as the index lists it.
const LINKS: [Link; 17] = [
    link("/openapi.json", &["GET"], "the OpenAPI document of this API; needs no token"),
    link("/health", &["GET"], "whether the stage is up; needs no token"),
    link("/world", &["GET", "PUT"], "what the portal and the identity provider know"),
    link("/world/changes", &["POST"], "the portal's owner changes what it shows"),
    link("/faults", &["GET", "POST", "DELETE"], "what goes wrong"),
    link("/faults/{id}", &["DELETE"], "one fault"),
    link("/clock", &["GET", "POST"], "the stage's time"),
    link("/keys", &["POST"], "an issuer changes its signing keys"),
    link("/tokens", &["POST"], "what becomes of access tokens"),
    link("/restarts", &["POST"], "a mock is started anew"),
    link("/journal", &["GET", "DELETE"], "what was asked and answered"),
    link("/journal/count", &["GET"], "how many requests of a kind"),
    link("/journal/wait", &["POST"], "waits until a request of a kind comes"),
    link("/journal/stream", &["GET"], "follows the journal"),
    link("/steps", &["POST"], "plays any step of a scenario"),
    link("/verify", &["POST"], "a verdict on the requests that came"),
    link("/reset", &["POST"], "everything as it was at the start"),
];

const fn link(href: &'static str, methods: &'static [&'static str], title: &'static str) -> Link {
    Link { href, methods, title }
}

/// Lists what there is; who asks for `text/html`, as a browser does, gets the page.
#[utoipa::path(get, path = "/", operation_id = "index", tag = "stage", responses((status = 200, description = "The paths.", body = Index)))]
pub(super) async fn index() -> Answer<Index> {
    Answer(Index { name: "understudy", version: env!("CARGO_PKG_VERSION"), links: LINKS.into() })
}

/// That the stage is up.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `up`.
    #[schema(example = "up")]
    status: &'static str,
}

/// Tells that the stage is up. Needs no token.
#[utoipa::path(
    get, path = "/health", operation_id = "health", tag = "stage", security(()),
    responses((status = 200, description = "It is up.", body = Health)),
)]
pub(super) async fn health() -> Answer<Health> {
    Answer(Health { status: "up" })
}
