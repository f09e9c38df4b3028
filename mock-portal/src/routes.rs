//! The operations of both families, a router each. External auth has let the caller in before any of them runs.

pub(crate) mod gateway;
pub(crate) mod health;
pub(crate) mod me;
pub(crate) mod mesh;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::response::Response;
use http::request::Parts;
use http::{Method, StatusCode};
use understudy_scenarios::Note;

use crate::auth::Caller;
use crate::rendered::ById;
use crate::respond::{self, Answer, KnownTags};

/// What the gate hands to a route, in the request's extensions: who calls, and the answers of the world as it was then.
pub(crate) struct Admitted<A> {
    pub(crate) caller: Arc<Caller>,
    pub(crate) answers: Arc<A>,
}

impl<A> Clone for Admitted<A> {
    fn clone(&self) -> Self {
        Self { caller: Arc::clone(&self.caller), answers: Arc::clone(&self.answers) }
    }
}

/// A request that was let in, with what it knows already.
pub(crate) struct Visit<A> {
    pub(crate) caller: Arc<Caller>,
    pub(crate) answers: Arc<A>,
    known: KnownTags,
}

impl<A: Send + Sync + 'static, S: Sync> FromRequestParts<S> for Visit<A> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        match parts.extensions.remove::<Admitted<A>>() {
            Some(Admitted { caller, answers }) => Ok(Self { caller, answers, known: KnownTags::of(&parts.headers) }),
            // A route that the gate does not stand before: refused rather than open.
            None => Err(respond::message(StatusCode::UNAUTHORIZED, "Unauthorized", Note::default())),
        }
    }
}

impl<A> Visit<A> {
    /// A note about this caller's request for `route`.
    pub(crate) fn note(&self, route: &'static str) -> Note {
        Note { caller: self.caller.client.clone(), ..Note::of(route) }
    }

    /// 200 with a shared answer, or 304.
    fn answer(&self, route: &'static str, answer: &Answer) -> Response {
        answer.respond(&self.known, self.note(route))
    }

    /// The same for an answer that may be missing: then 404 with these words.
    fn answer_or(&self, route: &'static str, answer: Option<&Answer>, missing: &'static str) -> Response {
        match answer {
            Some(answer) => self.answer(route, answer),
            None => respond::message(StatusCode::NOT_FOUND, missing, self.note(route).outcome("no such id")),
        }
    }
}

/// The id in a path, percent-decoded; none where it is no text once decoded, since that is nobody's id.
pub(crate) struct Id(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(path.ok().map(|Path(id)| id)))
    }
}

impl Id {
    /// The answer for it among `answers`.
    fn among<'a, T>(&self, answers: &'a ById<T>) -> Option<&'a T> {
        answers.get(self.0.as_deref()?)
    }
}

/// Completes a family's router: what it does not know, it says in the portal's one shape of errors. The router itself
/// adds `Allow`.
fn closed<A: Send + Sync + 'static, S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router.method_not_allowed_fallback(wrong_method::<A>).fallback(unknown_path::<A>)
}

async fn unknown_path<A>(visit: Visit<A>) -> Response {
    respond::unknown_path(Note { caller: visit.caller.client.clone(), ..Note::default() })
}

async fn wrong_method<A>(visit: Visit<A>) -> Response {
    respond::wrong_method(Note { caller: visit.caller.client.clone(), ..Note::default() })
}

/// Which of `operations` a request asks for. A request that external auth refuses never reaches its route, and its note
/// shall name it all the same.
pub(crate) fn asked_for(operations: &[&'static str], method: &Method, path: &str) -> Option<&'static str> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    let asked = |operation: &&str| operation.split_once(' ').is_some_and(|(name, at)| name == method && fits(at, path));
    operations.iter().copied().find(asked)
}

/// Whether `path` is the one that `pattern` names, part by part: `{id}` stands for anything, as in the router.
fn fits(pattern: &str, path: &str) -> bool {
    let alike = |(pattern, part): (&str, &str)| pattern == part || pattern.starts_with('{');
    pattern.split('/').count() == path.split('/').count() && pattern.split('/').zip(path.split('/')).all(alike)
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::asked_for;

    #[test]
    fn a_refused_request_is_named_after_the_operation_that_it_asked_for() {
        let asked = |method, path| asked_for(super::mesh::OPERATIONS, &method, path);
        assert_eq!(asked(Method::GET, "/v1/apis"), Some("GET /v1/apis"));
        assert_eq!(asked(Method::HEAD, "/v1/apis/a%2Fb/schema"), Some("GET /v1/apis/{id}/schema"));
        assert_eq!(asked(Method::GET, "/v1/apis//schema"), Some("GET /v1/apis/{id}/schema"));
        assert_eq!(asked(Method::POST, "/v1/apis"), None);
        for path in ["/v1", "/v1/apis/", "/v1/apis/a/schema/", "/v1/apis/a/b/schema", ""] {
            assert_eq!(asked(Method::GET, path), None, "{path}");
        }
    }
}
