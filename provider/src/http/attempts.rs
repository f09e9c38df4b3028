//! What is tried again after it failed in passing, when, and until when.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ::http::StatusCode;
use ::http::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::Request;
use tokio::time::{Instant, sleep};

use super::{Answer, ConnectionFailure, EncodingProblem, HttpClient, HttpError};
use crate::retries::{Jitter, Retries};

/// The attempts at one request, which all end by the same time.
#[derive(Debug)]
pub(crate) struct Attempts<'c> {
    client: &'c HttpClient,
    retries: &'c Retries,
    jitter: &'c Jitter,
    failures: AtomicU32,
    deadline: Instant,
}

impl<'c> Attempts<'c> {
    pub(super) fn new(client: &'c HttpClient, retries: &'c Retries, jitter: &'c Jitter, limit: Duration) -> Self {
        // A limit beyond what a clock can hold is none.
        let now = Instant::now();
        let deadline = now.checked_add(limit).unwrap_or_else(|| now + Duration::from_secs(86_400 * 365));
        Self { client, retries, jitter, failures: AtomicU32::new(0), deadline }
    }

    /// One attempt, in what is left of the time.
    pub(crate) async fn send(&self, request: Request) -> Result<Answer, HttpError> {
        self.client.send_by(request, self.deadline).await
    }

    /// Whether this long a wait leaves time for what is to come after it.
    pub(crate) fn can_wait(&self, wait: Duration) -> bool {
        wait <= self.retries.longest_wait && wait < self.deadline.saturating_duration_since(Instant::now())
    }

    /// A little time that keeps those apart who wait for the same moment.
    pub(crate) fn spread(&self) -> Duration {
        self.retries.first_wait.mul_f64(self.jitter.draw())
    }

    /// How long to wait before the next attempt; nothing where what came is to be taken as it is.
    pub(crate) fn wait_after(&self, result: &Result<Answer, HttpError>) -> Option<Duration> {
        if !is_passing(result) {
            return None;
        }
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        let told = result.as_ref().ok().and_then(|answer| retry_after(answer.headers()));
        let backoff = self.retries.backoff(failures, self.retries.longest_wait, self.jitter);
        // Those that are told the same time don't all come back at that moment.
        let wait = told.map_or(backoff, |told| told.saturating_add(self.spread()));
        (failures <= self.retries.count && self.can_wait(wait)).then_some(wait)
    }

    /// Sends a request, again where it fails in passing, and answers what came last.
    pub(crate) async fn all(self, request: Request) -> Result<Answer, HttpError> {
        loop {
            let attempt = request.try_clone().expect("a request without a body, or with one in memory, can be cloned");
            let result = self.send(attempt).await;
            match self.wait_after(&result) {
                Some(wait) => sleep(wait).await,
                None => return result,
            }
        }
    }
}

/// Whether a request may well succeed when it is made again.
fn is_passing(result: &Result<Answer, HttpError>) -> bool {
    match result {
        Ok(answer) => matches!(
            answer.status(),
            StatusCode::TOO_MANY_REQUESTS
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT
        ),
        Err(HttpError::Connection(error)) => matches!(
            error.failure(),
            ConnectionFailure::Resolve | ConnectionFailure::Connect | ConnectionFailure::Broken
        ),
        Err(HttpError::Encoding { problem, .. }) => *problem == EncodingProblem::CutShort,
        Err(HttpError::TooLarge { .. }) => false,
    }
}

/// How long a server asks to be left alone (RFC 9110 section 10.2.3), in seconds or as a time, which is measured by the
/// answer's own `Date`: its clock may differ from ours.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let told = text(RETRY_AFTER)?;
    if let Ok(seconds) = told.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(told).ok()?;
    let now = httpdate::parse_http_date(text(DATE)?).ok()?;
    // A time that has passed asks for no patience.
    Some(until.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use ::http::HeaderValue;

    use super::*;

    #[test]
    fn patience_is_read_in_seconds_and_as_a_time() {
        let read = |told: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(told));
            headers.insert(DATE, HeaderValue::from_static("Wed, 25 Nov 2026 20:00:00 GMT"));
            retry_after(&headers).map(|told| told.as_secs())
        };
        assert_eq!(read("60"), Some(60));
        assert_eq!(read(" 0 "), Some(0));
        assert_eq!(read("18446744073709551615"), Some(u64::MAX));
        assert_eq!(read("Wed, 25 Nov 2026 20:01:30 GMT"), Some(90));
        assert_eq!(read("Wed, 25 Nov 2026 19:00:00 GMT"), Some(0));
        assert_eq!(read("soon"), None);
        assert_eq!(read("-5"), None);
        assert_eq!(read("18446744073709551616"), None);
    }

    #[test]
    fn a_time_without_a_date_to_measure_it_by_is_not_told() {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("Wed, 25 Nov 2026 20:01:30 GMT"));
        assert_eq!(retry_after(&headers), None);
    }
}
