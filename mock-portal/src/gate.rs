//! The way of a request through the gateway: base path, CORS, external auth, and the family that the world names.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use http::Uri;
use tower::Service as _;
use understudy_scenarios::{Clock, Derived, Endpoints, Ids, LiveWorld, Note, World};

use crate::auth::{Caller, KeyStore, Refused, Trust};
use crate::rendered::Rendered;
use crate::respond;
use crate::routes::{self, Admitted};
use crate::users::Users;

/// The portal of `world`, to be served or called.
///
/// `clock` is what tokens are checked by. `ids` gives the users of Gloo Gateway their ids. `endpoints` tell what the
/// trusted issuers are called (the identity provider's public base URL), where their keys are fetched (its direct one),
/// which issuer outside is trusted in their place, if one is,
/// and under which path the portal is known: it answers there as well as at the root.
///
/// Nothing is fetched or rendered before the first request that needs it.
pub fn router(world: LiveWorld, clock: Clock, ids: Ids, endpoints: Endpoints) -> Router {
    let base = endpoints.portal_path().to_owned();
    let desk = Desk { clock, users: Arc::new(Users::new(ids)) };
    let gate = Gate {
        world,
        keys: KeyStore::of(&endpoints),
        endpoints,
        standing: Derived::new(),
        shown: Mutex::default(),
        // Without it each request would box its handler anew (axum, `Router::with_state`, "A note about performance").
        mesh: routes::mesh::router().with_state(()),
        gateway: routes::gateway::router().with_state(desk.clone()),
        desk,
    };
    let at_root = routes::health::router().fallback(enter).with_state(Arc::new(gate));
    if base.is_empty() {
        at_root
    } else {
        Router::new().fallback(below).with_state(Base { path: base.into(), at_root })
    }
}

/// All that a request passes on its way in.
struct Gate {
    world: LiveWorld,
    endpoints: Endpoints,
    keys: KeyStore,
    standing: Derived<Standing>,
    /// What was last rendered of a [`Shown`] world.
    shown: Mutex<Option<(Arc<World>, Arc<Rendered>)>>,
    mesh: Router,
    gateway: Router,
    desk: Desk,
}

/// In the extensions of a request: the world that it is answered from, in place of the live one.
#[derive(Clone, Debug)]
pub struct Shown(pub Arc<World>);

/// What stands until the world changes: whom to let in, and what to answer.
struct Standing {
    trust: Trust,
    rendered: Rendered,
}

/// What routes need beside the world.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub(crate) clock: Clock,
    pub(crate) users: Arc<Users>,
}

impl Gate {
    fn standing(&self) -> Arc<Standing> {
        self.standing.get(&self.world, |world: &World| Standing {
            trust: Trust::of(world, &self.endpoints, &self.keys),
            rendered: Rendered::of(world),
        })
    }

    /// What to answer from another world than the live one.
    fn rendered(&self, Shown(world): &Shown) -> Arc<Rendered> {
        let mut slot = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Some((of, rendered)) if Arc::ptr_eq(of, world) => Arc::clone(rendered),
            _ => {
                let rendered = Arc::new(Rendered::of(world));
                *slot = Some((Arc::clone(world), Arc::clone(&rendered)));
                rendered
            }
        }
    }

    /// Hands an admitted request to the family that the world names.
    async fn pass(&self, mut request: Request, rendered: &Rendered, caller: Arc<Caller>) -> Response {
        let extensions = request.extensions_mut();
        let mut family = match rendered {
            Rendered::Mesh(answers) => {
                extensions.insert(Admitted { caller, answers: Arc::clone(answers) });
                self.mesh.clone()
            }
            Rendered::Gateway(answers) => {
                extensions.insert(Admitted { caller, answers: Arc::clone(answers) });
                self.gateway.clone()
            }
        };
        let Ok(response) = family.call(request).await;
        respond::relay(response)
    }
}

/// Whatever is no health path: all under `/v1` passes CORS and external auth, known path or not, and the rest is not
/// there.
async fn enter(State(gate): State<Arc<Gate>>, request: Request) -> Response {
    if !is_v1(request.uri().path()) {
        return respond::unknown_path(Note::default());
    }
    if respond::is_preflight(request.method(), request.headers()) {
        return respond::preflight();
    }
    let standing = gate.standing();
    match standing.trust.admit(request.headers(), gate.desk.clock.now()).await {
        Ok(caller) => match request.extensions().get::<Shown>() {
            None => gate.pass(request, &standing.rendered, caller).await,
            Some(shown) => {
                let rendered = gate.rendered(shown);
                gate.pass(request, &rendered, caller).await
            }
        },
        Err(refused) => refuse(&request, &standing.rendered, &refused),
    }
}

fn refuse(request: &Request, rendered: &Rendered, refused: &Refused) -> Response {
    let operations = match rendered {
        Rendered::Mesh(_) => routes::mesh::OPERATIONS,
        Rendered::Gateway(_) => routes::gateway::OPERATIONS,
    };
    let route = routes::asked_for(operations, request.method(), request.uri().path());
    refused.respond(Note { route, ..Note::default() })
}

fn is_v1(path: &str) -> bool {
    path.strip_prefix("/v1").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The path under which the portal is known, where that is not the root.
#[derive(Clone)]
struct Base {
    path: Arc<str>,
    at_root: Router,
}

/// Takes the base path off a request that has one.
async fn below(State(mut base): State<Base>, mut request: Request) -> Response {
    if let Some(rest) = without(&base.path, request.uri()) {
        *request.uri_mut() = rest;
    }
    let Ok(response) = base.at_root.call(request).await;
    respond::relay(response)
}

/// `uri` without the base path in front, where one of the portal's own paths is left.
fn without(base: &str, uri: &Uri) -> Option<Uri> {
    let rest = uri.path_and_query()?.as_str().strip_prefix(base)?;
    let path = rest.split('?').next().unwrap_or_default();
    let ours = is_v1(path) || matches!(path, "/health" | "/healthz" | "/readyz");
    if ours { rest.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(base: &str, uri: &str) -> Option<String> {
        without(base, &uri.parse().unwrap()).map(|uri| uri.to_string())
    }

    #[test]
    fn a_base_path_comes_off_in_front_of_the_portal_s_own_paths() {
        assert_eq!(rest("/gloo", "/gloo/v1/apis?a=b").as_deref(), Some("/v1/apis?a=b"));
        assert_eq!(rest("/gloo", "/gloo/v1?x").as_deref(), Some("/v1?x"));
        assert_eq!(rest("/gloo", "/gloo/readyz").as_deref(), Some("/readyz"));
    }

    #[test]
    fn a_base_path_that_looks_like_ours_hides_nothing() {
        assert_eq!(rest("/v1", "/v1/apis"), None);
        assert_eq!(rest("/v1", "/v1/v1/apis").as_deref(), Some("/v1/apis"));
        assert_eq!(rest("/gloo", "/gloo/v12"), None);
        assert_eq!(rest("/gloo", "/gloov1"), None);
    }
}
