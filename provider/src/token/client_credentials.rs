//! Tokens by the client-credentials grant, kept until shortly before they end, and asked for by one request at a time.

use std::fmt;
use std::panic;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokio::time::sleep;

use super::grant::{Grant, Granted, NotGranted};
use super::kept::{Hold, Kept, Use};
use super::{AccessToken, TokenError, TokenFuture, TokenSource};
use crate::clock::Clock;
use crate::config::Config;
use crate::http::HttpClient;

/// However often the token endpoint has failed, it is asked again after this long, unless it says another time.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

/// Tokens by the client-credentials grant.
///
/// The client authenticates as the configuration's `client_auth` says. A token is used until shortly before its end, a tenth
/// of its life but 5 s at most, and a new one is asked for after 80 to 90 hundredths of that: meanwhile, and also if that
/// fails, the old one is used. Its life is `expires_in`, counted from when it was asked for, by the [`Clock`]: what the
/// identity provider's own clock says never matters, nor what is in the token. Whatever `expires_in` says (nothing, 0, a
/// negative or a huge number), a token is used for a second at least and a day at most.
///
/// However many need a token at once, one request is made, and it goes on for the others when who asked first goes away.
/// Between requests that failed, and tokens that were turned away in a row, passes a growing time with jitter, or as long
/// as `Retry-After` says. Who asks for a token then waits where that is at most the configuration's `retries.longest_wait`;
/// else the last error is the answer at once, and no request is made: a sync, which has 30 s, then ends soon and the next one
/// comes.
pub struct ClientCredentials(Arc<Inner>);

struct Inner {
    grant: Grant,
    http: HttpClient,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    flight: Option<Flight>,
    hold: Option<Hold>,
    /// How many requests have failed in a row.
    failures: u32,
}

/// A request under way, for all who wait for it. It gives nothing only when the runtime that ran it has ended.
type Flight = Shared<BoxFuture<'static, Option<Result<AccessToken, TokenError>>>>;

/// What there is for who needs a token.
enum Next {
    Token(AccessToken),
    Error(TokenError),
    Wait(Duration),
    Flight(Flight),
}

impl ClientCredentials {
    /// Tokens for the configuration's client from its token endpoint. Nothing is asked yet.
    #[must_use]
    pub fn new(config: &Config, http: HttpClient, clock: Arc<dyn Clock>) -> Self {
        let grant = Grant::new(config, http.clone(), Arc::clone(&clock));
        Self(Arc::new(Inner { grant, http, clock, state: Mutex::default() }))
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        // Every change of the state is whole when the lock is given back.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn token(self: &Arc<Self>) -> Result<AccessToken, TokenError> {
        let mut has_waited = false;
        loop {
            match self.next(has_waited) {
                Next::Token(token) => return Ok(token),
                Next::Error(error) => return self.last_resort().ok_or(error),
                Next::Wait(rest) => {
                    sleep(rest).await;
                    has_waited = true;
                }
                Next::Flight(flight) => match flight.await {
                    Some(Ok(token)) => return Ok(token),
                    Some(Err(error)) => return self.last_resort().ok_or(error),
                    None => {}
                },
            }
        }
    }

    fn next(self: &Arc<Self>, has_waited: bool) -> Next {
        let mut state = self.state();
        let now = self.clock.now();
        let rest = state.hold.as_ref().and_then(|hold| hold.rest(now)).filter(|_| !has_waited);
        let kept = state.kept.as_ref().map(|kept| (kept.token.clone(), kept.at(now), kept.is_turned_away()));
        match kept {
            Some((token, Use::Good, _)) => return Next::Token(token),
            Some((token, Use::Renewed, _)) => {
                if rest.is_none() {
                    // It runs by itself, and nobody waits for it.
                    drop(self.flight(&mut state));
                }
                return Next::Token(token);
            }
            Some((_, Use::Ending | Use::Over, _)) | None => {}
        }
        if let Some(flight) = &state.flight {
            return Next::Flight(flight.clone());
        }
        match (rest, state.hold.as_ref().and_then(|hold| hold.error.clone()), kept) {
            (Some(rest), ..) if rest <= self.http.retries().longest_wait => Next::Wait(rest),
            (Some(_), Some(error), _) => Next::Error(error),
            // It was turned away like those before it: a new one would most likely be too.
            (Some(_), None, Some((token, _, true))) => Next::Token(token),
            _ => Next::Flight(self.flight(&mut state)),
        }
    }

    /// The old token, where it has not quite ended yet.
    fn last_resort(&self) -> Option<AccessToken> {
        let state = self.state();
        let now = self.clock.now();
        state.kept.as_ref().filter(|kept| kept.at(now) == Use::Ending).map(|kept| kept.token.clone())
    }

    /// The request that is under way, or a new one. It runs by itself, whoever waits for it.
    fn flight(self: &Arc<Self>, state: &mut State) -> Flight {
        let start = || {
            let inner = Arc::clone(self);
            let task = tokio::spawn(async move {
                let result = inner.grant.ask().await;
                inner.landed(result)
            });
            let inner = Arc::downgrade(self);
            let ended = async move {
                match task.await {
                    Ok(result) => Some(result),
                    Err(error) => {
                        if let Some(inner) = inner.upgrade() {
                            inner.state().flight = None;
                        }
                        error.try_into_panic().map_or(None, |reason| panic::resume_unwind(reason))
                    }
                }
            };
            ended.boxed().shared()
        };
        state.flight.get_or_insert_with(start).clone()
    }

    fn landed(&self, result: Result<Granted, NotGranted>) -> Result<AccessToken, TokenError> {
        let mut state = self.state();
        state.flight = None;
        match result {
            Ok(granted) => {
                let token = granted.token.clone();
                let turned_away = state.kept.as_ref().map_or(0, Kept::turned_away);
                state.kept = Some(Kept::new(granted, turned_away, self.http.jitter().draw()));
                state.hold = None;
                state.failures = 0;
                Ok(token)
            }
            Err(NotGranted { error, retry_after }) => {
                state.failures = state.failures.saturating_add(1);
                let retries = self.http.retries();
                let backoff = retries.backoff(state.failures, LONGEST_BACKOFF, self.http.jitter());
                let length = retry_after.map_or(backoff, |told| told.max(backoff)).min(retries.longest_pause);
                state.hold = Some(Hold::new(self.clock.now(), length, Some(error.clone())));
                Err(error)
            }
        }
    }

    fn turned_away(&self, token: &AccessToken) {
        let mut state = self.state();
        let now = self.clock.now();
        let newest = state.kept.as_mut().filter(|kept| kept.token.expose() == token.expose());
        let Some(in_a_row) = newest.and_then(|kept| kept.turn_away(now)) else { return };
        // The first is replaced at once, and those that come for it and are turned away too ever later.
        if in_a_row > 1 {
            let backoff = self.http.retries().backoff(in_a_row - 1, LONGEST_BACKOFF, self.http.jitter());
            state.hold = Some(Hold::new(now, backoff.min(self.http.retries().longest_pause), None));
        }
    }
}

impl TokenSource for ClientCredentials {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(self.0.token())
    }

    fn turned_away(&self, token: &AccessToken) {
        self.0.turned_away(token);
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ClientCredentials").field("grant", &self.0.grant).finish_non_exhaustive()
    }
}
