//! How long a whole sync has, in real time: what is not there by then counts as what could not be read.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use url::Url;

use super::PortalError;
use crate::quote::ShownUrl;

/// How long a sync has, and until when that is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimit {
    length: Duration,
    /// None where there is no end.
    end: Option<Instant>,
}

impl TimeLimit {
    /// No limit at all.
    pub(super) const NONE: Self = Self { length: Duration::MAX, end: None };

    /// One that begins now.
    pub(super) fn from_now_on(length: Duration) -> Self {
        Self { length, end: Instant::now().checked_add(length) }
    }

    /// What a future gives within the limit.
    pub(super) async fn within<T>(self, future: impl Future<Output = T>) -> Option<T> {
        match self.end {
            Some(end) => timeout_at(end, future).await.ok(),
            None => Some(future.await),
        }
    }

    /// The error of what has not been answered within it.
    pub(super) fn over(self, url: &Url) -> PortalError {
        PortalError::OutOfTime { url: ShownUrl::of(url), limit: self.length }
    }
}
