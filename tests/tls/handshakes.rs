//! Handshakes, on a good day and with a certificate that is wrong.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::rustls::{self, CertificateError};
use understudy::scenarios::Server;
use understudy::tls::LocalAuthority;
use understudy::{Scenario, Stage};

use crate::client::{Connection, address, connect, connect_to, fault, protocol, refusal, stage, token};

#[tokio::test]
async fn both_mocks_are_trusted_by_the_authority_under_all_names_of_this_machine() {
    let stage = stage("quickstart").await;
    for server in [Server::Portal, Server::Idp] {
        for name in ["localhost", "127.0.0.1", "::1"] {
            connect_to(&stage, server, name, &[]).await.unwrap();
        }
        assert!(connect_to(&stage, server, "portal.example.com", &[]).await.is_err());
    }
}

#[tokio::test]
async fn the_public_names_are_in_the_certificate() {
    let builder = Stage::builder(Scenario::find("quickstart").unwrap()).public_host("host.docker.internal");
    let idp = "https://idp.example.com/mock".parse().unwrap();
    let stage = builder.idp_url(idp).tls(LocalAuthority::in_memory().unwrap()).start().await.unwrap();
    assert!(stage.portal_url().starts_with("https://host.docker.internal:"));
    for name in ["localhost", "host.docker.internal", "idp.example.com"] {
        connect_to(&stage, Server::Portal, name, &[]).await.unwrap();
    }
}

#[tokio::test]
async fn who_asks_for_http2_gets_it_and_who_does_not_gets_http_1_1() {
    let stage = stage("quickstart").await;
    for (asked, got) in
        [(&["h2", "http/1.1"][..], Some("h2")), (&["h2"], Some("h2")), (&["http/1.1"], Some("http/1.1")), (&[], None)]
    {
        assert_eq!(protocol(&connect(&stage, asked).await.unwrap()), got, "{asked:?}");
    }
}

#[tokio::test]
async fn who_speaks_plain_http_is_told_in_plain_words() {
    let stage = stage("quickstart").await;
    let mut stream = TcpStream::connect(address(&stage, Server::Portal)).await.unwrap();
    stream.write_all(b"GET /v1/apis HTTP/1.1\r\nHost: portal\r\n\r\n").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nthis port speaks TLS: ask it by https\n"), "{answer}");
}

#[tokio::test]
async fn a_certificate_that_is_wrong_fails_the_handshake_for_the_stated_reason_and_heals() {
    let stage = stage("quickstart").await;
    for (wrong, server) in [("expired", Server::Portal), ("wrong-host", Server::Idp), ("unknown-ca", Server::Portal)] {
        let spoilt = stage.fault(fault(&format!("{{server: {server}, does: {{tls: {wrong}}}}}"))).unwrap();
        let why = refusal(&stage, server).await;
        let is_stated = match wrong {
            "expired" => matches!(why, CertificateError::Expired | CertificateError::ExpiredContext { .. }),
            "wrong-host" => {
                matches!(why, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. })
            }
            _ => matches!(why, CertificateError::UnknownIssuer | CertificateError::BadSignature),
        };
        assert!(is_stated, "{wrong}: {why:?}");
        assert_eq!(spoilt.played(), 1);
        // The other mock shows its own.
        let other = if server == Server::Portal { Server::Idp } else { Server::Portal };
        connect_to(&stage, other, "localhost", &[]).await.unwrap();
        spoilt.lift();
        connect_to(&stage, server, "localhost", &[]).await.unwrap();
    }
}

#[tokio::test]
async fn handshakes_are_counted_one_by_one() {
    let stage = stage("quickstart").await;
    let spoilt = stage.fault(fault("{server: portal, does: {tls: expired}, when: {nth: 2}}")).unwrap();
    for number in 1..=3 {
        assert_eq!(connect(&stage, &[]).await.is_err(), number == 2, "handshake {number}");
    }
    assert_eq!(spoilt.played(), 1);
}

#[tokio::test]
async fn a_certificate_is_wrong_within_its_time_by_the_stages_clock() {
    let stage = stage("quickstart").await;
    stage.clock().freeze();
    let window = "{server: portal, does: {tls: expired}, when: {from: 10s, until: 20s}}";
    let _spoilt = stage.fault(fault(window)).unwrap();
    for (seconds, fails) in [(0, false), (10, true), (10, false)] {
        stage.clock().advance(jiff::SignedDuration::from_secs(seconds));
        assert_eq!(connect(&stage, &[]).await.is_err(), fails);
    }
}

#[tokio::test]
async fn a_connection_that_was_kept_is_closed_when_the_certificate_turns_wrong() {
    let stage = stage("quickstart").await;
    let token = token(&stage).await;
    for spoken in ["http/1.1", "h2"] {
        let (mut connection, ended) = Connection::open(&stage, spoken).await;
        assert_eq!(connection.get(&stage, "/v1/apis", &token).await.unwrap().0, 200);
        let spoilt = stage.fault(fault("{server: portal, does: {tls: expired}}")).unwrap();
        tokio::time::timeout(Duration::from_secs(10), ended).await.expect("it is closed").unwrap().ok();
        assert!(connection.get(&stage, "/v1/apis", &token).await.is_err());
        drop(spoilt);
    }
}

#[tokio::test]
async fn it_is_closed_by_the_time_that_the_fault_is_in_force_as_tls_wants_it() {
    let stage = stage("quickstart").await;
    let stream = connect(&stage, &["http/1.1"]).await.unwrap();
    let (socket, mut session) = stream.into_inner();
    let mut socket = socket.into_std().unwrap();
    // The server's side of the handshake ends with what the client has sent last.
    while !stage_has_met(&mut socket, &mut session) {
        tokio::task::yield_now().await;
    }
    let _spoilt = stage.fault(fault("{server: portal, does: {tls: expired}}")).unwrap();
    // This runtime has one thread, and nothing was awaited: no task has run since.
    while session.read_tls(&mut socket).unwrap() > 0 {
        assert!(session.process_new_packets().is_ok());
    }
    assert!(session.process_new_packets().unwrap().peer_has_closed());
}

/// Whether the server has sent what it sends once it has shaken hands: tickets (RFC 8446, section 4.6.1).
fn stage_has_met(socket: &mut std::net::TcpStream, session: &mut rustls::ClientConnection) -> bool {
    match session.read_tls(socket) {
        Ok(read) => {
            assert!(read > 0, "it has ended");
            session.process_new_packets().unwrap();
            true
        }
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => false,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_stage_without_tls_has_no_certificate_to_spoil() {
    let stage = Stage::start(Scenario::find("quickstart").unwrap()).await.unwrap();
    let error = stage.fault(fault("{does: {tls: expired}}")).unwrap_err().to_string();
    assert_eq!(error, "this stage serves no TLS, so there is no certificate for `tls` to spoil");
    assert_eq!(stage.ca_file(), None);
}
