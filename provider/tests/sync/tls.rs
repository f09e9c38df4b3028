//! TLS with a private authority, as `ca_file` names it or `ca_pem` holds it.

use std::path::PathBuf;
use std::sync::Arc;

use insta::assert_snapshot;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use understudy_provider::{Config, ConfigError, Provider, ServerUrl, TokenEndpoint};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/sync/tls").join(name)
}

/// A TLS server that refuses every client in Keycloak's words; its base URL.
async fn refusing() -> String {
    let certificates = CertificateDer::pem_file_iter(file("server.pem")).unwrap().collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(certificates, key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let answer = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 26\r\n\r\n{\"error\":\"invalid_client\"}";
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    });
    base
}

fn config(base: &str) -> Config {
    let portal = ServerUrl::with_v1(base).unwrap();
    Config::new(portal, TokenEndpoint::at(&format!("{base}/token")).unwrap(), "backstage", "secret")
}

async fn failure(config: Config, base: &str) -> String {
    let error = Provider::new(config).unwrap().sync().await.unwrap_err();
    format!("{:?}: {error}", error.kind()).replace(base, "https://127.0.0.1:PORT")
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_named() {
    let base = refusing().await;
    let mut config = config(&base);
    config.ca_file = Some(file("ca.pem"));
    let failure = failure(config, &base).await;
    assert!(failure.starts_with("Refused: "), "{failure}");
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_it_is_handed_over_in_memory() {
    let base = refusing().await;
    let mut config = config(&base);
    config.ca_pem = Some(std::fs::read_to_string(file("ca.pem")).unwrap());
    let failure = failure(config, &base).await;
    assert!(failure.starts_with("Refused: "), "{failure}");
}

#[test]
fn an_authority_in_memory_that_cannot_be_used_is_told_at_once() {
    let mut config = config("http://127.0.0.1:1");
    config.ca_pem = Some("nothing in here".to_owned());
    let error = Provider::new(config).unwrap_err().to_string();
    assert_snapshot!(error, @"the root certificates in memory cannot be used: there is no certificate in it. They must be in PEM form");
}

#[tokio::test]
async fn a_private_authority_is_not_trusted_by_itself() {
    let base = refusing().await;
    assert_snapshot!(failure(config(&base), &base).await, @"Unreachable: the identity provider cannot be reached at https://127.0.0.1:PORT/token: invalid peer certificate: UnknownIssuer. Is it running, and does it speak https there? If its certificate comes from a private authority, name that authority's PEM file in CA_FILE");
}

#[tokio::test]
async fn https_to_a_server_that_speaks_http_is_told() {
    let base = crate::support::raw(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.replace("http:", "https:");
    assert_snapshot!(failure(config(&base), &base).await, @"Unreachable: the identity provider cannot be reached at https://127.0.0.1:PORT/token: received corrupt message of type InvalidContentType. Is it running, and does it speak https there? If its certificate comes from a private authority, name that authority's PEM file in CA_FILE");
}

#[test]
fn a_ca_file_that_cannot_be_used_is_told_at_once() {
    let problem = |path: PathBuf| {
        let mut config = config("http://127.0.0.1:1");
        config.ca_file = Some(path);
        let Err(ConfigError::CaFile { problem, .. }) = Provider::new(config) else { panic!("it must be refused") };
        problem
    };
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    assert_snapshot!(problem(folder.path().join("missing.pem")), @"No such file or directory");
    assert_snapshot!(problem(written("empty.pem", "nothing in here\n")), @"there is no certificate in it");
    assert_snapshot!(problem(file("server.key")), @"there is no certificate in it");
    let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    assert_snapshot!(problem(written("broken.pem", broken)), @"invalid peer certificate: BadEncoding");
}
