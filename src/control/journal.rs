//! The journal: shown, counted, waited for, followed, forgotten.

mod stream;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use understudy_scenarios::{Lapse, RequestWish, Server};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Answer, Done};
use super::body::Read;
use super::query::{Keys, Query};
use super::refusal::Refusal;
use crate::Exchange;
use crate::stage::{Controls, Mark, Pattern};

pub(super) use stream::{__path_stream, stream};

/// How many exchanges are answered at once where nobody says.
const PAGE: usize = 1_000;

/// How long is waited where nobody says.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest that is waited, so that no connection is held for ever.
const MOST_PATIENCE: Duration = Duration::from_secs(60);

/// Which exchanges.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Those with a higher number than this: a `mark`, or the number of the last one seen.
    #[serde(default)]
    #[param(default = 0)]
    since: u64,
    /// Those with this mock: `portal` or `idp`.
    #[param(value_type = Option<String>)]
    server: Option<Server>,
    /// Those with this method.
    method: Option<String>,
    /// Those with this path, where `*` stands for one segment and a `**` at the end for all that follow.
    path: Option<String>,
    /// At most so many, the oldest first; 1,000 by default.
    limit: Option<usize>,
}

impl Keys for Which {
    const TAKES: &'static str = "`since` and `limit` are numbers, `server` is `portal` or `idp`, `method` is a method, \
                                 and `path` is a path with `*` and `**`";
}

impl Which {
    fn fits(&self, exchange: &Exchange) -> bool {
        self.server.is_none_or(|server| server == exchange.server)
            && self.method.as_deref().is_none_or(|method| method.eq_ignore_ascii_case(exchange.method.as_str()))
            && self.path.as_deref().is_none_or(|path| Pattern::new(path).matches(&exchange.path))
    }
}

/// A part of the journal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page {
    /// The exchanges, the oldest first.
    #[schema(schema_with = super::openapi::exchanges)]
    exchanges: Vec<Arc<Exchange>>,
    /// To be given as `since` for what comes after these.
    mark: u64,
}

/// Lists exchanges. The portal's own requests for an issuer's keys are among them, with the caller `gateway`.
#[utoipa::path(
    get, path = "/journal", operation_id = "listExchanges", tag = "journal", params(Which),
    responses((status = 200, description = "The exchanges.", body = Page)),
)]
pub(super) async fn list(State(controls): State<Controls>, Query(which): Query<Which>) -> Answer<Page> {
    let newest = controls.journal().mark().0;
    let all = controls.journal().since(Mark(which.since));
    let limit = which.limit.unwrap_or(PAGE);
    let mut exchanges: Vec<_> = all.into_iter().filter(|exchange| which.fits(exchange)).take(limit + 1).collect();
    let is_cut = exchanges.len() > limit;
    exchanges.truncate(limit);
    let last = exchanges.last().map_or(which.since, |exchange| exchange.number);
    Answer(Page { exchanges, mark: if is_cut { last } else { last.max(newest) } })
}

/// A number of exchanges.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Count {
    /// How many.
    count: usize,
}

/// Counts exchanges, without the portal's own.
#[utoipa::path(
    get, path = "/journal/count", operation_id = "countExchanges", tag = "journal", params(Which),
    responses((status = 200, description = "How many.", body = Count)),
)]
pub(super) async fn count(State(controls): State<Controls>, Query(which): Query<Which>) -> Answer<Count> {
    let all = controls.journal().since(Mark(which.since));
    let count = all.iter().filter(|exchange| which.fits(exchange) && !exchange.is_by_the_gateway()).count();
    Answer(Count { count: which.limit.map_or(count, |limit| count.min(limit)) })
}

/// What to wait for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Wait {
    /// The request; its bounds do not matter.
    #[schema(schema_with = super::openapi::request_wish)]
    kind: RequestWish,
    /// Among those with a higher number than this; all that are kept, without it.
    #[serde(default)]
    #[schema(default = 0)]
    since: u64,
    /// How long to wait, in real time, `60s` at most; `10s` without it.
    #[schema(value_type = Option<String>)]
    timeout: Option<Lapse>,
}

/// Waits until a request of a kind has come, and answers its exchange. Not the portal's own.
#[utoipa::path(
    post, path = "/journal/wait", operation_id = "awaitExchange", tag = "journal", request_body = Wait,
    responses(
        (status = 200, description = "The first of its kind.", body = ref("#/components/schemas/Exchange")),
        (status = 504, description = "None came in time.", body = super::refusal::Refused),
    ),
)]
pub(super) async fn wait(
    State(controls): State<Controls>,
    Read(Wait { kind, since, timeout }): Read<Wait>,
) -> Result<Answer<Arc<Exchange>>, Refusal> {
    let patience = timeout.map_or(PATIENCE, Lapse::forward);
    if patience > MOST_PATIENCE {
        return Err(Refusal::unprocessable("`timeout` is `60s` at most; ask again to wait longer"));
    }
    let found = controls.journal().wait_for(&kind, Mark(since), patience).await;
    found.map(Answer).map_err(|_| {
        let came = controls.journal().since(Mark(since)).len();
        let message = format!("no such request came within {patience:?}; {came} others did since then");
        Refusal::new(StatusCode::GATEWAY_TIMEOUT, "never-came", message)
    })
}

/// Forgets all exchanges; the numbers go on.
#[utoipa::path(
    delete, path = "/journal", operation_id = "clearJournal", tag = "journal",
    responses((status = 200, description = "They are forgotten.", body = Done)),
)]
pub(super) async fn clear(State(controls): State<Controls>) -> Answer<Done> {
    controls.journal().clear();
    Answer(Done::new("journal", &controls))
}
