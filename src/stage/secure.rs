//! TLS on a stage: which certificate a server shows, the handshake, and what clients must trust.

use std::io::{self, Write as _};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tempfile::TempPath;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;
use understudy_scenarios::TlsFault;

use super::wire::{Line, Wire};
use crate::tls::{LocalAuthority, TlsError};

/// How long a handshake may take, in real time.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The content type of a TLS record that begins a handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// What is answered to whoever speaks plain HTTP here.
const SPEAK_TLS: &str = "this port speaks TLS: ask it by https\n";

/// The certificates of a stage's servers: the one that they have, and those that faults show in place of it.
#[derive(Clone, Debug)]
pub(super) struct Certificates(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    authority: Arc<LocalAuthority>,
    hosts: Vec<String>,
    own: Arc<ServerConfig>,
    /// Made at first need, and once.
    spoilt: Mutex<Vec<(TlsFault, Arc<ServerConfig>)>>,
}

impl Certificates {
    /// Certificates for servers that are known by these names and addresses.
    pub(super) fn new(authority: Arc<LocalAuthority>, hosts: Vec<String>) -> Result<Self, TlsError> {
        let own = authority.server_config(&hosts, None)?;
        Ok(Self(Arc::new(Shared { authority, hosts, own, spoilt: Mutex::default() })))
    }

    /// What the servers show on a good day.
    pub(super) fn own(&self) -> &Arc<ServerConfig> {
        &self.0.own
    }

    /// The same with something wrong about it.
    pub(super) fn spoilt(&self, wrong: TlsFault) -> Result<Arc<ServerConfig>, TlsError> {
        let mut spoilt = self.0.spoilt.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, made)) = spoilt.iter().find(|(of, _)| *of == wrong) {
            return Ok(Arc::clone(made));
        }
        let made = self.0.authority.server_config(&self.0.hosts, Some(wrong))?;
        spoilt.push((wrong, Arc::clone(&made)));
        Ok(made)
    }
}

/// What clients of a stage with TLS must trust, in a file too: most take nothing else.
#[derive(Debug)]
pub(super) struct Trusted {
    authority: Arc<LocalAuthority>,
    /// The file of an authority that has none of its own; it goes with the stage.
    file: Option<TempPath>,
}

impl Trusted {
    pub(super) fn new(authority: Arc<LocalAuthority>) -> Result<Self, TlsError> {
        let write = || -> io::Result<TempPath> {
            let mut file = tempfile::Builder::new().prefix("understudy-ca-").suffix(".pem").tempfile()?;
            file.write_all(authority.certificate_pem().as_bytes())?;
            Ok(file.into_temp_path())
        };
        let file = match authority.certificate_path() {
            Some(_) => None,
            None => Some(write().map_err(|source| TlsError::Folder { path: std::env::temp_dir(), source })?),
        };
        Ok(Self { authority, file })
    }

    pub(super) fn pem(&self) -> &str {
        self.authority.certificate_pem()
    }

    pub(super) fn path(&self) -> &Path {
        let kept = || self.authority.certificate_path();
        // An authority that is kept has a path, and for any other a file was made.
        self.file.as_deref().or_else(kept).unwrap_or(Path::new(""))
    }
}

/// A connection that speaks TLS. It ends as TLS wants it, whoever drops it, or its peer could not tell the end from an
/// attack and would take a connection that it kept for one that failed. One that a fault ends is not so polite.
#[derive(Debug)]
pub(super) struct Secure {
    stream: TlsStream<Wire>,
    line: Arc<Line>,
}

impl Secure {
    /// Whether the peer has asked for HTTP/2.
    pub(super) fn speaks_http2(&self) -> bool {
        self.stream.get_ref().1.alpn_protocol() == Some(b"h2")
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        if !self.line.is_over() {
            // A few bytes, for which a socket has room or a peer that reads nothing more anyway.
            let _ = Pin::new(&mut self.stream).poll_shutdown(&mut Context::from_waker(Waker::noop()));
        }
    }
}

impl AsyncRead for Secure {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Secure {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Shakes hands with whoever connects, with the certificate that is chosen once it has begun; nothing where that fails, or does not end within `patience`.
pub(super) async fn handshake(
    mut stream: TcpStream,
    certificate: impl FnOnce() -> Arc<ServerConfig>,
    patience: Duration,
) -> Option<(Secure, Arc<Line>)> {
    let shaken = async {
        let mut first = [0];
        if stream.peek(&mut first).await.ok()? == 0 {
            return None;
        }
        if first != [HANDSHAKE] {
            // It may have gone by now, and then there is nobody to tell.
            let _ = turn_away(&mut stream).await;
            return None;
        }
        let (wire, line) = Wire::new(stream);
        let stream = TlsAcceptor::from(certificate()).accept(wire).await.ok()?;
        Some((Secure { stream, line: Arc::clone(&line) }, line))
    };
    tokio::time::timeout(patience, shaken).await.ok().flatten()
}

/// Tells who speaks something else what is spoken here.
async fn turn_away(stream: &mut TcpStream) -> io::Result<()> {
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{SPEAK_TLS}",
        SPEAK_TLS.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // What is left unread would turn the end into a reset, and that may overtake the answer.
    let mut rest = [0; 4096];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_handshake_that_never_ends_is_given_up() {
        let own = LocalAuthority::in_memory().unwrap().server_config(&["localhost".to_owned()], None).unwrap();
        for begun in [&b""[..], &[HANDSHAKE, 3, 1]] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            client.write_all(begun).await.unwrap();
            let (stream, _) = listener.accept().await.unwrap();
            assert!(handshake(stream, || Arc::clone(&own), Duration::from_millis(20)).await.is_none());
            // And the connection with it, by an end or a reset of what nobody has read.
            assert!(matches!(client.read(&mut [0]).await, Ok(0) | Err(_)));
        }
    }
}
