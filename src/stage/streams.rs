//! HTTP/2 on one connection, with all its streams in the connection's own task.
//!
//! So they end with the connection, as a stage's connections must when it ends or a fault breaks them, and a body that
//! waits until what was written has left waits for a socket that the same task writes.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use axum::body::Body;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::server::conn::http2;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};

use super::secure::Secure;
use super::serve::NoAnswer;
use super::wire::Line;

type Stream = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Streams that have begun and are not run yet.
#[derive(Clone, Default)]
struct Begun(Arc<Mutex<Vec<Stream>>>);

impl Begun {
    fn take(&self) -> Vec<Stream> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for Begun {
    fn execute(&self, stream: F) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Box::pin(stream));
    }
}

/// Serves a connection to its end: the peer's, or that of its line.
pub(super) async fn serve<S>(stream: Secure, line: &Line, service: S)
where
    S: Service<Request<Incoming>, Response = Response<Body>, Error = NoAnswer>,
    S::Future: Send + 'static,
{
    let begun = Begun::default();
    let connection =
        http2::Builder::new(begun.clone()).timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let mut running = FuturesUnordered::new();
    poll_fn(|context| {
        let has_ended = connection.as_mut().poll(context).is_ready();
        loop {
            running.extend(begun.take());
            if !matches!(running.poll_next_unpin(context), Poll::Ready(Some(()))) {
                break;
            }
        }
        // Before the connection can tell its peer that a stream alone has ended.
        if has_ended || line.is_over() {
            return Poll::Ready(());
        }
        // Who waits for a flush waits for one that comes after; the connection flushes each time.
        if line.takes_news() {
            context.waker().wake_by_ref();
        }
        Poll::Pending
    })
    .await;
}
