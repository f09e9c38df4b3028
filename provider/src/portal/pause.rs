//! The patience that a portal asked for by 429: nobody asks it anything meanwhile.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use url::Url;

use super::PortalError;
use crate::http::{Answer, Attempts, HttpClient, retry_after};
use crate::quote::ShownUrl;

/// A pause of all requests to one portal. It goes by real time, as all waiting for sockets does.
#[derive(Debug, Default)]
pub(super) struct Pause(Mutex<Option<Paused>>);

#[derive(Clone, Debug)]
struct Paused {
    until: Instant,
    by: ShownUrl,
}

impl Pause {
    /// Begins a pause, for as long as the answer says: 429 without `Retry-After` pauses for the first of the retries' waits.
    pub(super) fn begin(&self, url: &Url, answer: &Answer, http: &HttpClient) {
        let retries = http.retries();
        let length = retry_after(answer.headers()).unwrap_or(retries.first_wait).min(retries.longest_pause);
        self.extend(Instant::now(), length, ShownUrl::of(url));
    }

    /// Waits until the pause is over.
    ///
    /// # Errors
    /// When that takes longer than a request may wait.
    pub(super) async fn over(&self, url: &Url, attempts: &Attempts<'_>) -> Result<(), PortalError> {
        while let Some((rest, by)) = self.rest(Instant::now()) {
            if !attempts.can_wait(rest) {
                return Err(PortalError::Paused { url: ShownUrl::of(url), by, rest });
            }
            // Those that wait don't all come back at the same moment.
            sleep(rest + attempts.spread()).await;
        }
        Ok(())
    }

    fn extend(&self, now: Instant, length: Duration, by: ShownUrl) {
        let Some(until) = now.checked_add(length) else { return };
        let mut paused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if paused.as_ref().is_none_or(|paused| paused.until < until) {
            *paused = Some(Paused { until, by });
        }
    }

    fn rest(&self, now: Instant) -> Option<(Duration, ShownUrl)> {
        let paused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let paused = paused.as_ref().filter(|paused| paused.until > now)?;
        Some((paused.until.duration_since(now), paused.by.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_extended_and_never_cut_short() {
        let (pause, now) = (Pause::default(), Instant::now());
        let shown = |path: &str| ShownUrl::of(&Url::parse("http://portal.example").unwrap().join(path).unwrap());
        let rest = |after: u64| pause.rest(now + Duration::from_secs(after)).map(|(rest, _)| rest.as_secs());
        assert_eq!(rest(0), None);
        pause.extend(now, Duration::from_secs(5), shown("/a"));
        pause.extend(now, Duration::from_secs(2), shown("/b"));
        assert_eq!((rest(0), rest(4), rest(5)), (Some(5), Some(1), None));
        pause.extend(now, Duration::from_secs(9), shown("/c"));
        assert_eq!(pause.rest(now), Some((Duration::from_secs(9), shown("/c"))));
    }
}
