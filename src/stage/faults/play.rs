//! A request on a bad day: which faults hit it, and what they make of its answer.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tower::Service;
use understudy_portal::Shown;
use understudy_scenarios::{EncodingFault, FaultKind, ItemFault, Note, Server, World};

use super::answer::{self, Scene};
use super::{Active, Faults, caller, content, delay, edit};
use crate::stage::GATEWAY;
use crate::stage::passing::Passing;
use crate::stage::pattern::Pattern;
use crate::stage::serve::{NoAnswer, answered};
use crate::stage::wire::Line;

/// The most of a request's body that is read before its connection is closed; unread, it would turn the close into a
/// reset.
const MOST_DRAINED: usize = 1024 * 1024;

/// What the faults that hit a request do to it.
#[derive(Default)]
struct Plan {
    /// The answer is held back so long.
    delay: Duration,
    /// It ends so, whatever the mock would have said.
    ending: Option<Ending>,
    /// Its list is that of before the world last changed.
    stale: Option<Arc<Active>>,
    /// What is done to the answer, in order.
    edits: Vec<Arc<Active>>,
}

/// How a request ends without its mock.
enum Ending {
    Answer(Response<Body>),
    Reset,
    Close,
}

/// Plays the faults that hit a request, and answers it, or not.
///
/// Delays add up. Of the faults that put something in place of the mock's answer, the one that came first does. What is
/// done to a body comes after that, in the order in which the faults came; padding, pace and an early end come last.
pub(in crate::stage) async fn play(
    faults: &Faults,
    mut passing: Passing,
    line: &Arc<Line>,
    mut router: Router,
    request: Request<Incoming>,
) -> Result<Response<Body>, NoAnswer> {
    let fitting = faults.fitting(&passing);
    if fitting.is_empty() {
        let Ok(response) = router.call(request).await;
        return Ok(answered(passing, response));
    }
    let asks_who = fitting.iter().any(|active| active.names_a_client());
    let (caller, mut request) =
        if asks_who { caller::of(request).await.map_err(|_| NoAnswer)? } else { (None, request.map(Body::new)) };
    let plan = faults.plan(&fitting, &mut passing, caller.as_deref(), &request);
    passing.note.caller = caller.map(Into::into);
    if !plan.edits.is_empty() {
        // A 304 has no body to spoil.
        unconditional(request.headers_mut());
    }
    if !plan.delay.is_zero() {
        tokio::time::sleep(plan.delay).await;
    }
    let mut response = match plan.ending {
        Some(Ending::Reset) => {
            line.reset();
            return Err(NoAnswer);
        }
        Some(Ending::Close) => {
            drain(request.into_body()).await;
            line.close();
            return Err(NoAnswer);
        }
        Some(Ending::Answer(response)) => response,
        None => match (plan.stale, faults.0.world.current().before) {
            (Some(active), Some(before)) => stale(&active, before, &mut passing, &mut router, request).await,
            _ => {
                let Ok(response) = router.call(request).await;
                response
            }
        },
    };
    let note = response.extensions_mut().remove::<Note>();
    if !plan.edits.is_empty() {
        response = edit::edited(response, &plan.edits, &mut passing, line).await;
    }
    passing.answered(response.status(), note);
    Ok(response)
}

impl Faults {
    /// The faults that may hit a request, as far as its server, method and path tell.
    fn fitting(&self, passing: &Passing) -> Vec<Arc<Active>> {
        self.active().into_iter().filter(|active| active.fits(passing)).collect()
    }

    /// Pulls the triggers of the faults that fit, and says what is to be done.
    fn plan(
        &self,
        fitting: &[Arc<Active>],
        passing: &mut Passing,
        caller: Option<&str>,
        request: &Request<Body>,
    ) -> Plan {
        let (mut plan, now) = (Plan::default(), self.0.clock.now());
        let edition = self.0.world.current();
        let server = passing.server();
        let scene = Scene { server, uri: request.uri(), world: &edition.world, ids: &self.0.ids, now };
        let by_gateway = passing.is_by_the_gateway();
        for active in fitting.iter().filter(|active| active.is_for(caller, by_gateway)) {
            let Some(hit) = active.trigger.pull(active.since, now) else { continue };
            let ending = match &active.fault.does {
                FaultKind::Latency(spread) => {
                    plan.delay = plan.delay.saturating_add(delay::length(spread, hit));
                    active.play(passing);
                    continue;
                }
                FaultKind::Items(ItemFault::Stale) => {
                    plan.stale.get_or_insert_with(|| Arc::clone(active));
                    continue;
                }
                FaultKind::SlowBody(_)
                | FaultKind::Truncate(_)
                | FaultKind::ContentType(_)
                | FaultKind::ContentEncoding(EncodingFault::GzipInName)
                | FaultKind::MalformedJson
                | FaultKind::EmptyBody
                | FaultKind::NullInList
                | FaultKind::Items(_)
                | FaultKind::Pad(_) => {
                    plan.edits.push(Arc::clone(active));
                    continue;
                }
                FaultKind::ContentEncoding(EncodingFault::Gzip) => {
                    // Who can't unpack it would not be served so by anybody.
                    if takes_gzip(request.headers()) {
                        plan.edits.push(Arc::clone(active));
                    }
                    continue;
                }
                // The others would put something in place of what is in its place already.
                _ if plan.ending.is_some() => continue,
                FaultKind::Status(fault) => Ending::Answer(scene.status(fault)),
                FaultKind::Html => Ending::Answer(answer::html()),
                FaultKind::Redirect(fault) => Ending::Answer(scene.redirect(fault)),
                FaultKind::RateLimit(quota) => match active.meter.count(*quota, active.since, now) {
                    Ok(()) => continue,
                    Err(seconds) => Ending::Answer(scene.too_many(seconds)),
                },
                FaultKind::Reset => Ending::Reset,
                // Nobody is let in; what is left is a connection that is about to be closed.
                FaultKind::Close | FaultKind::Refuse => Ending::Close,
                // Played at the handshake: it fits no request.
                FaultKind::Tls(_) => continue,
            };
            active.play(passing);
            plan.ending = Some(ending);
        }
        plan
    }
}

/// Whether whoever asks can unpack gzip (RFC 9110 section 12.5.3): it is named, or all are, and not with `q=0`.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let listed = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    listed.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0)));
        (name.eq_ignore_ascii_case("gzip") || name == "*") && !refused
    })
}

impl Active {
    fn fits(&self, passing: &Passing) -> bool {
        let fault = &self.fault;
        !matches!(fault.does, FaultKind::Tls(_))
            && self.is_of(passing.server())
            && fault.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(passing.method().as_str()))
            && fault.path.as_deref().is_none_or(|path| Pattern::new(path).matches(passing.path()))
    }

    /// Whether it is for one client, so that it must be found out who asks.
    fn names_a_client(&self) -> bool {
        self.fault.caller.as_deref().is_some_and(|caller| caller != GATEWAY)
    }

    /// Whether it is for this caller. What comes before requests can't tell one caller from another.
    fn is_for(&self, caller: Option<&str>, by_gateway: bool) -> bool {
        match self.fault.caller.as_deref() {
            _ if self.fault.does.is_before_requests() => true,
            None => !by_gateway,
            Some(GATEWAY) => by_gateway,
            Some(wanted) => !by_gateway && caller == Some(wanted),
        }
    }

    /// Takes down that it was played.
    pub(super) fn play(&self, passing: &mut Passing) {
        self.played.fetch_add(1, Ordering::Relaxed);
        passing.faults.push(Arc::clone(&self.name));
    }
}

/// Makes a request one that is answered whole, whatever its sender already has.
fn unconditional(headers: &mut HeaderMap) {
    headers.remove(IF_NONE_MATCH);
    headers.remove(IF_MODIFIED_SINCE);
}

/// Reads a request's body to its end.
async fn drain(mut body: Body) {
    let mut read = 0;
    while read < MOST_DRAINED
        && let Some(Ok(frame)) = body.frame().await
    {
        read += frame.data_ref().map_or(0, Bytes::len);
    }
}

/// The list of before the world last changed, where a list is asked for; else the mock's own answer.
async fn stale(
    active: &Active,
    before: Arc<World>,
    passing: &mut Passing,
    router: &mut Router,
    request: Request<Body>,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    if passing.server() == Server::Portal && head.method == Method::GET {
        let mut asked = Request::from_parts(head.clone(), Body::empty());
        asked.extensions_mut().insert(Shown(before));
        // Whoever knows the list of now must not hear that the other one has not been modified.
        unconditional(asked.headers_mut());
        let Ok(response) = router.call(asked).await;
        let (answer_head, answer_body) = response.into_parts();
        if answer_head.status == StatusCode::OK {
            let bytes = edit::collected(answer_body).await;
            if content::is_list(&bytes) {
                active.play(passing);
                return Response::from_parts(answer_head, Body::from(bytes));
            }
        }
    }
    let Ok(response) = router.call(Request::from_parts(head, body)).await;
    response
}
