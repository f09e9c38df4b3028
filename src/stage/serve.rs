//! From a connection to its mock's router and back, past the faults and into the journal.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::rustls::ServerConfig;
use tower::Service as _;
use understudy_scenarios::{Clock, Note, Server};

use super::exchange::Exchange;
use super::faults::{self, Faults};
use super::held::Over;
use super::journal::Journal;
use super::passing::Passing;
use super::wire::{Line, Wire};
use super::{secure, streams};

/// Called with each exchange as it passes.
pub(super) type Observer = Arc<dyn Fn(&Exchange) + Send + Sync>;

/// What all connections to one mock share.
pub(super) struct Front {
    pub(super) server: Server,
    /// The stage's own clock, by which exchanges are taken down.
    pub(super) clock: Clock,
    pub(super) journal: Journal,
    pub(super) faults: Faults,
    pub(super) observer: Option<Observer>,
    /// What the mock shows who connects; none where it speaks no TLS.
    pub(super) certificate: Option<Arc<ServerConfig>>,
    /// [`GATEWAY`](super::GATEWAY), shared by the notes of its exchanges.
    pub(super) gateway: Arc<str>,
}

/// There will be no answer: the connection ends here.
#[derive(Debug)]
pub(super) struct NoAnswer;

impl fmt::Display for NoAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a fault ends the connection")
    }
}

impl std::error::Error for NoAnswer {}

/// Serves one connection to its end: by TLS where the mock has a certificate, and then by HTTP/2 where the peer knows it.
pub(super) async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, front: Arc<Front>, over: Over) {
    // Without it, an answer in two writes waits for the peer's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let Some(certificate) = front.certificate.clone() else {
        let (wire, line) = Wire::new(stream);
        let way = Arc::new(Way { front, line, over, router, peer });
        return http1(wire, service_fn(move |request| answer(Arc::clone(&way), request))).await;
    };
    // Boxed, so that a plain connection does not carry the room for it.
    Box::pin(async move {
        let chosen = || front.faults.certificate(front.server).unwrap_or(certificate);
        let Some((stream, line)) = secure::handshake(stream, chosen, secure::PATIENCE).await else { return };
        let way = Arc::new(Way { front, line: Arc::clone(&line), over, router, peer });
        let service = service_fn(move |request| answer(Arc::clone(&way), request));
        if stream.speaks_http2() { streams::serve(stream, &line, service).await } else { http1(stream, service).await }
    })
    .await;
}

/// From one connection to the mock: shared by the requests on it, so that those of other connections, on other cores, do not
/// meet in one count of references.
pub(super) struct Way {
    pub(super) front: Arc<Front>,
    line: Arc<Line>,
    over: Over,
    router: Router,
    peer: SocketAddr,
}

async fn http1<S>(wire: impl AsyncRead + AsyncWrite + Unpin + 'static, service: S)
where
    S: hyper::service::Service<Request<Incoming>, Response = Response<Body>, Error = NoAnswer>,
{
    // An error here is the peer's, which spoke something else or went away, or a fault's.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(wire), service).await;
}

async fn answer(way: Arc<Way>, mut request: Request<Incoming>) -> Result<Response<Body>, NoAnswer> {
    if way.over.is_over() {
        return Err(NoAnswer);
    }
    request.extensions_mut().insert(ConnectInfo(way.peer));
    let passing = Passing::new(&way, &request);
    let mut router = way.router.clone();
    if !way.front.faults.is_idle() {
        // Boxed, so that requests on a good day don't carry the room for a bad one.
        return Box::pin(async move { faults::play(&way.front.faults, passing, &way.line, router, request).await })
            .await;
    }
    drop(way);
    let Ok(response) = router.call(request).await;
    Ok(answered(passing, response))
}

/// Takes the exchange down with what the mock said of it.
pub(super) fn answered(passing: Passing, mut response: Response<Body>) -> Response<Body> {
    let note = response.extensions_mut().remove::<Note>();
    passing.answered(response.status(), note);
    response
}
