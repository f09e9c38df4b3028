//! A connection that can be ended at once, from any thread.
//!
//! A task that is aborted ends when the runtime comes to it. Until then its peer takes the connection for a good one, and
//! may even be answered on it; a fault that closes connections must have closed them when it is in force.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::task::Poll;

/// What serves a connection. When it is dropped, the connection ends; what is under way on it is then taken down, so
/// that nothing may be locked by whoever drops it.
pub(super) type Serving = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A connection that is served; clones are the same one.
#[derive(Clone)]
pub(super) struct Held {
    is_over: Over,
    serving: Arc<Mutex<Option<Serving>>>,
}

/// Whether a connection has been ended, for what is under way on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Over(Arc<AtomicBool>);

impl Over {
    /// Whether nothing may be answered any more.
    pub(super) fn is_over(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Held {
    /// Holds what `serve` makes.
    pub(super) fn new<F>(serve: impl FnOnce(Over) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let is_over = Over::default();
        let serving: Serving = Box::pin(serve(is_over.clone()));
        Self { is_over, serving: Arc::new(Mutex::new(Some(serving))) }
    }

    /// Serves it to its end.
    pub(super) async fn run(self) {
        poll_fn(|context| {
            let mut held = self.serving.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(serving) = held.as_mut() else { return Poll::Ready(()) };
            if serving.as_mut().poll(context).is_pending() && !self.is_over.is_over() {
                return Poll::Pending;
            }
            let ended = held.take();
            drop(held);
            drop(ended);
            Poll::Ready(())
        })
        .await;
    }

    /// Ends it: it has ended when the answer is dropped. There is none where it is just being served: then that is the
    /// last of it, and nothing that comes from now on is answered.
    #[must_use]
    pub(super) fn end(&self) -> Option<Serving> {
        self.is_over.0.store(true, Ordering::Release);
        // Whoever ends it may be called by what is under way on it.
        match self.serving.try_lock() {
            Ok(mut serving) => serving.take(),
            Err(TryLockError::Poisoned(serving)) => serving.into_inner().take(),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Held").field("is_over", &self.is_over).finish_non_exhaustive()
    }
}
