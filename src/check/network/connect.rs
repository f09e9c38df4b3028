//! From a name to a connection: DNS and TCP, or a proxy that is asked to connect.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};

use super::proxy::Way;
use super::server::Server;
use super::{DNS, PROXY, TCP};
use crate::check::catalogue::Check;
use crate::check::examination::{Beside, Examination};
use crate::check::finding::{Status, View};

/// How long a name, a connection or a proxy's answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many addresses of a name are tried.
const ADDRESSES: usize = 8;
/// How many bytes the head of a proxy's answer may have.
const HEAD: usize = 16 * 1024;

/// One look at a server: from where, and how grave it is if it is not reached.
struct Look<'e> {
    exam: &'e mut Examination,
    view: Option<View>,
    severity: Status,
}

impl Look<'_> {
    fn well(&mut self, check: &'static Check, message: String) {
        self.exam.found(check, Status::Pass, message, Beside { view: self.view, ..Beside::default() });
    }

    fn skip(&mut self, check: &'static Check, message: String) {
        self.exam.found(check, Status::Skip, message, Beside { view: self.view, ..Beside::default() });
    }

    fn bad(&mut self, check: &'static Check, message: String, remedy: &str) {
        self.told(check, self.severity, message, remedy);
    }

    fn told(&mut self, check: &'static Check, status: Status, message: String, remedy: &str) {
        let beside = Beside { view: self.view, remedy: Some(remedy.to_owned()), ..Beside::default() };
        self.exam.found(check, status, message, beside);
    }
}

/// Connects to a server the way that a view takes; none where that fails, which is told.
pub(super) async fn examine(
    exam: &mut Examination,
    server: &Server,
    way: &Way,
    view: Option<View>,
    severity: Status,
) -> Option<TcpStream> {
    let mut look = Look { exam, view, severity };
    match way {
        Way::Direct { .. } => {
            let addresses = look_up(&mut look, server).await?;
            connect(&mut look, server, &addresses).await
        }
        Way::Through { scheme, host, port, authorization } => {
            let address = server.address();
            look.skip(&DNS, format!("{}: the proxy looks the name up", server.host()));
            if scheme != "http" {
                look.skip(&TCP, format!("{address}: what a proxy of the kind {scheme} does is not looked into"));
                return None;
            }
            through(&mut look, server, (host, *port), authorization.as_deref()).await
        }
    }
}

async fn look_up(look: &mut Look<'_>, server: &Server) -> Option<Vec<SocketAddr>> {
    let (host, role) = (server.host(), server.role);
    let found = timeout(PATIENCE, lookup_host((host.as_str(), server.port()))).await;
    let found = found.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut)));
    match found.map(Iterator::collect::<Vec<_>>) {
        Ok(addresses) if !addresses.is_empty() => {
            let shown: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
            let message = if shown == [host.as_str()] {
                format!("{host} is an address already")
            } else {
                format!("{host} is {}", shown.join(", "))
            };
            look.well(&DNS, message);
            Some(addresses)
        }
        Ok(_) => {
            look.bad(&DNS, format!("the name of {role}, {host}, has no address"), UNKNOWN_NAME);
            None
        }
        Err(error) => {
            let message = format!("the name of {role}, {host}, can't be looked up: {}", cause(&error));
            look.bad(&DNS, message, remedy_of_name(&host));
            None
        }
    }
}

const UNKNOWN_NAME: &str = "Check its spelling, and whether it is known only in another network, by a VPN or another DNS \
                            server.";

fn remedy_of_name(host: &str) -> &'static str {
    if host.ends_with(".svc") || host.contains(".svc.") || !host.contains('.') {
        "Such a name is known only within a cluster: ask from there, or forward a port with `kubectl port-forward`. \
         Otherwise check its spelling."
    } else {
        UNKNOWN_NAME
    }
}

async fn connect(look: &mut Look<'_>, server: &Server, addresses: &[SocketAddr]) -> Option<TcpStream> {
    let began = Instant::now();
    let tried = addresses.iter().take(ADDRESSES).map(|address| async move {
        let connected = timeout(PATIENCE, TcpStream::connect(address)).await;
        (*address, connected.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut))))
    });
    let (mut stream, mut good, mut bad) = (None, Vec::new(), Vec::new());
    let tried = join_all(tried).await;
    let first_is_bad = tried.first().is_some_and(|(_, connected)| connected.is_err());
    for (address, connected) in tried {
        match connected {
            Ok(connected) => {
                stream = stream.or(Some(connected));
                good.push(address.ip().to_string());
            }
            Err(error) => bad.push((address.ip().to_string(), error)),
        }
    }
    let address = server.address();
    if stream.is_none() {
        let (ip, error) = bad.first()?;
        let message = format!("no connection to {}, {address} ({ip}): {}", server.role, cause(error));
        look.bad(&TCP, message, remedy_of_connection(error));
    } else if first_is_bad {
        let (bad, good) = (bad.first().map_or("", |(ip, _)| ip), good.join(", "));
        let message = format!(
            "{address} answers at {good} and not at {bad}, the first address of its name, which Node before version 20 \
             tries alone"
        );
        let remedy =
            format!("Write {good} in place of the name, have the server listen on both, or run Node 20 or later.");
        look.told(&TCP, Status::Warn, message, &remedy);
    } else {
        let took = began.elapsed().as_millis();
        look.well(&TCP, format!("connected to {}, {address}, in {took} ms", server.role));
    }
    stream
}

fn remedy_of_connection(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            "Is it running, and is that its port? `kubectl get svc -A` shows a cluster's; a port that is forwarded ends with \
             the `kubectl port-forward` that forwards it."
        }
        io::ErrorKind::TimedOut => {
            "A firewall, a security group or a missing route drops what is sent there: is a VPN up?"
        }
        _ => "Look at the route to it: is a VPN up, and is the network that it is in reached from here?",
    }
}

/// Connects to a proxy, and has it connect to a server that speaks TLS.
async fn through(
    look: &mut Look<'_>,
    server: &Server,
    proxy: (&str, u16),
    authorization: Option<&[u8]>,
) -> Option<TcpStream> {
    let address = server.address();
    let shown = format!("{}:{}", proxy.0, proxy.1);
    let connected = timeout(PATIENCE, TcpStream::connect(proxy)).await;
    let connected = connected.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut)));
    let mut stream = match connected {
        Ok(stream) => stream,
        Err(error) => {
            let message =
                format!("the proxy {shown}, through which {address} is asked, can't be reached: {}", cause(&error));
            look.bad(&PROXY, message, "Correct HTTPS_PROXY or HTTP_PROXY, or have NO_PROXY name the host.");
            return None;
        }
    };
    if !server.is_https() {
        look.well(&TCP, format!("connected to the proxy {shown}, through which {address} is asked"));
        return Some(stream);
    }
    match timeout(PATIENCE, tunnel(&mut stream, &address, authorization)).await {
        Ok(Ok(200)) => {
            look.well(&TCP, format!("connected to {}, {address}, through the proxy {shown}", server.role));
            Some(stream)
        }
        Ok(Ok(407)) => {
            let message = format!("the proxy {shown} wants to know who asks (407)");
            look.bad(&PROXY, message, "Give HTTPS_PROXY a user and a password: http://USER:PASSWORD@HOST:PORT.");
            None
        }
        Ok(Ok(status)) => {
            let message = format!("the proxy {shown} does not connect to {address}: it answered {status}");
            look.bad(&PROXY, message, "Have the proxy allow that host and port, or have NO_PROXY name the host.");
            None
        }
        Ok(Err(error)) => {
            let message = format!("the proxy {shown} gave no answer that is one: {}", cause(&error));
            look.bad(&PROXY, message, "Is there an HTTP proxy at that port? Correct HTTPS_PROXY.");
            None
        }
        Err(_) => {
            let message = format!("the proxy {shown} did not connect to {address} within {} s", PATIENCE.as_secs());
            look.bad(&PROXY, message, "Have the proxy allow that host and port, or have NO_PROXY name the host.");
            None
        }
    }
}

/// Asks for a tunnel (RFC 9110 section 9.3.6), and answers the status.
async fn tunnel(stream: &mut TcpStream, address: &str, authorization: Option<&[u8]>) -> io::Result<u16> {
    let mut request = format!("CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n").into_bytes();
    if let Some(authorization) = authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(authorization);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await?;
    let mut head = Vec::new();
    // A byte at a time: what comes after the head is the server's.
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= HEAD {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "an answer without an end"));
        }
        head.push(stream.read_u8().await?);
    }
    let line = String::from_utf8_lossy(&head);
    let status = line.strip_prefix("HTTP/").and_then(|line| line.split(' ').nth(1)?.parse().ok());
    status.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "what came is not HTTP"))
}

/// The system's words, without the number that differs from system to system.
fn cause(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::TimedOut {
        return format!("no answer within {} s", PATIENCE.as_secs());
    }
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use understudy_provider::ServerUrl;

    use super::*;
    use crate::check::network::server::distinct;
    use crate::check::{Plan, Source};

    #[tokio::test]
    async fn an_address_that_old_versions_of_node_try_alone_is_warned_of() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let good = listener.local_addr().unwrap();
        // Bound, and not listening: nobody else gets it.
        let other = tokio::net::TcpSocket::new_v4().unwrap();
        other.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let bad = other.local_addr().unwrap();
        let url = ServerUrl::as_is(&format!("http://{good}")).unwrap();
        let server = distinct(Some(&url), None).remove(0);
        let mut exam = Examination::new(Plan::new(Source::None));
        let mut look = Look { exam: &mut exam, view: None, severity: Status::Fail };
        assert!(connect(&mut look, &server, &[bad, good]).await.is_some());
        // Where a line is broken depends on the ports.
        let text = exam.finish().text().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("warn network.tcp"), "{text}");
        assert!(text.contains("which Node before version 20"), "{text}");
    }
}
