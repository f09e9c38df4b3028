//! Plain HTTP/1.1 connections to a router of ours, which end with it: those of the control API and of what is served to
//! Backstage. The mocks' own, which faults break on purpose, are the stage's.

use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// An accept loop, which ends with this value, and its connections with it.
#[derive(Debug)]
pub(crate) struct Serving(AbortHandle);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Serves connections to `listener` until the answer is dropped.
pub(crate) fn serve(listener: TcpListener, router: Router) -> Serving {
    let task = tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => drop(connections.spawn(serve_connection(stream, router.clone()))),
                    // Out of file descriptors, or a peer that went away in between: neither is the listener's end.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
    });
    Serving(task.abort_handle())
}

async fn serve_connection(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    // An error here is the peer's: it spoke something else, or went away.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .await;
}
