//! Clients of one's own: a TLS handshake that is looked at, and HTTP/1.1 or HTTP/2 by hyper on what comes of it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};
use understudy::scenarios::{Fault, Server};
use understudy::tls::LocalAuthority;
use understudy::{Scenario, Stage};

/// A stage with TLS, by an authority of its own.
pub(crate) async fn stage(scenario: &str) -> Stage {
    let authority = LocalAuthority::in_memory().unwrap();
    Stage::builder(Scenario::find(scenario).unwrap()).tls(authority).start().await.unwrap()
}

/// A fault as the file writes it.
pub(crate) fn fault(yaml: &str) -> Fault {
    serde_saphyr::from_str(yaml).unwrap()
}

/// Where a mock listens on IPv4.
pub(crate) fn address(stage: &Stage, server: Server) -> SocketAddr {
    let url = match server {
        Server::Portal => stage.portal_url().to_owned(),
        Server::Idp => stage.issuer().unwrap().token_endpoint,
    };
    ([127, 0, 0, 1], url::Url::parse(&url).unwrap().port().unwrap()).into()
}

/// Connects to the portal as a client that trusts the stage's authority, and asks for these protocols by ALPN.
pub(crate) async fn connect(stage: &Stage, protocols: &[&str]) -> io::Result<TlsStream<TcpStream>> {
    connect_to(stage, Server::Portal, "localhost", protocols).await
}

/// The same to either mock, by any of its names.
pub(crate) async fn connect_to(
    stage: &Stage,
    server: Server,
    name: &str,
    protocols: &[&str],
) -> io::Result<TlsStream<TcpStream>> {
    let pem = std::fs::read(stage.ca_file().unwrap()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    let stream = TcpStream::connect(address(stage, server)).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(name.to_owned()).unwrap(), stream).await
}

/// Why a handshake failed, in the words of the TLS library.
pub(crate) async fn refusal(stage: &Stage, server: Server) -> rustls::CertificateError {
    let error = connect_to(stage, server, "localhost", &[]).await.unwrap_err();
    match error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(error)) => error.clone(),
        _ => panic!("{error}"),
    }
}

/// Which protocol a connection speaks.
pub(crate) fn protocol(stream: &TlsStream<TcpStream>) -> Option<&str> {
    stream.get_ref().1.alpn_protocol().map(|protocol| std::str::from_utf8(protocol).unwrap())
}

/// A connection to the portal that speaks HTTP.
pub(crate) enum Connection {
    Http1(http1::SendRequest<Empty<Bytes>>),
    Http2(http2::SendRequest<Empty<Bytes>>),
}

/// How it went: the status and what came of the body, and how that broke off.
pub(crate) type Answer = (StatusCode, Bytes, Result<(), hyper::Error>);

impl Connection {
    /// Opens one, by ALPN. Who awaits the second value learns how the connection ended.
    pub(crate) async fn open(stage: &Stage, protocol: &str) -> (Self, tokio::task::JoinHandle<hyper::Result<()>>) {
        let stream = connect(stage, &[protocol]).await.unwrap();
        assert_eq!(self::protocol(&stream), Some(protocol));
        let io = TokioIo::new(stream);
        if protocol == "h2" {
            let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
            (Self::Http2(sender), tokio::spawn(connection))
        } else {
            let (sender, connection) = http1::handshake(io).await.unwrap();
            (Self::Http1(sender), tokio::spawn(connection))
        }
    }

    pub(crate) async fn send(&mut self, stage: &Stage, path: &str, token: &str) -> hyper::Result<Response<Incoming>> {
        let authorization = format!("Bearer {token}");
        match self {
            Self::Http1(sender) => {
                let request = Request::get(path).header("host", "portal").header("authorization", authorization);
                sender.send_request(request.body(Empty::new()).unwrap()).await
            }
            Self::Http2(sender) => {
                let url = format!("{}{path}", stage.portal_url());
                let request = Request::get(url).header("authorization", authorization);
                sender.send_request(request.body(Empty::new()).unwrap()).await
            }
        }
    }

    pub(crate) async fn get(&mut self, stage: &Stage, path: &str, token: &str) -> hyper::Result<Answer> {
        let response = self.send(stage, path, token).await?;
        let status = response.status();
        let mut body = response.into_body();
        let mut read = Vec::new();
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => read.extend_from_slice(&frame.into_data().unwrap_or_default()),
                Err(error) => return Ok((status, read.into(), Err(error))),
            }
        }
        Ok((status, read.into(), Ok(())))
    }
}

/// An access token of the stage, by a client that trusts it.
pub(crate) async fn token(stage: &Stage) -> String {
    let pem = std::fs::read(stage.ca_file().unwrap()).unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()])
        .build()
        .unwrap();
    let account = stage.service_account().unwrap();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        account.id,
        account.secret.as_ref().unwrap().expose()
    );
    let request = client
        .post(stage.issuer().unwrap().token_endpoint)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}
