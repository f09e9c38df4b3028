//! A TLS handshake that takes any certificate, so that it can be looked at. Nothing is sent on it.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    AlertDescription, ClientConfig, DigitallySignedStruct, Error, ProtocolVersion, SignatureScheme,
};

use super::server::Server;
use super::{TLS, TLS_CHAIN, TLS_END_DATE, TLS_HOST};
use crate::check::examination::Examination;

/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a server showed of itself: its own certificate first. There is one at least.
pub(super) struct Shown {
    pub(super) certificates: Vec<CertificateDer<'static>>,
    pub(super) name: ServerName<'static>,
}

/// Tells why nothing of TLS is looked at.
pub(super) fn skip(exam: &mut Examination, why: &str) {
    for check in [&TLS, &TLS_CHAIN, &TLS_HOST, &TLS_END_DATE] {
        exam.skip(check, why);
    }
}

/// What the server at the other end of a connection shows; none where it shows nothing, which is told.
pub(super) async fn examine(exam: &mut Examination, server: &Server, stream: TcpStream) -> Option<Shown> {
    let address = server.address();
    if !server.is_https() {
        let why = if server.is_loopback() {
            format!("{address} is asked by plain http, which stays on this machine")
        } else {
            format!("{address} is asked by plain http: see configuration.https")
        };
        skip(exam, &why);
        return None;
    }
    let Ok(name) = ServerName::try_from(server.host()) else {
        skip(exam, &format!("{address} has no name that TLS could be asked for"));
        return None;
    };
    let recorder = Arc::new(Recorder::default());
    let config = ClientConfig::builder_with_provider(Arc::clone(&recorder.provider))
        .with_safe_default_protocol_versions()
        .expect("the provider speaks the versions that are the default")
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&recorder) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    let connecting = TlsConnector::from(Arc::new(config)).connect(name.clone(), stream);
    let connected = timeout(PATIENCE, connecting).await;
    match connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
        Ok(stream) => {
            let version = match stream.get_ref().1.protocol_version() {
                Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
                _ => "TLS 1.3",
            };
            exam.pass(&TLS, format!("{address} speaks {version}"));
        }
        Err(error) => {
            let (message, remedy) = told(server, &error);
            exam.fail(&TLS, message, remedy);
        }
    }
    // A handshake may fail after the certificates have come.
    let certificates = std::mem::take(&mut *recorder.certificates.lock().unwrap_or_else(PoisonError::into_inner));
    if certificates.is_empty() {
        for check in [&TLS_CHAIN, &TLS_HOST, &TLS_END_DATE] {
            exam.skip(check, format!("{address} showed no certificate"));
        }
        return None;
    }
    Some(Shown { certificates, name })
}

fn told(server: &Server, error: &io::Error) -> (String, String) {
    let (address, role) = (server.address(), server.role);
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match tls {
        Some(Error::InvalidMessage(_)) => (
            format!("what answers at {address} speaks no TLS"),
            format!("Is that the https port of {role}? If it has none, write http in its address."),
        ),
        Some(Error::PeerIncompatible(_) | Error::AlertReceived(AlertDescription::ProtocolVersion)) => (
            format!("{address} speaks no version of TLS that is still in use, 1.2 or 1.3"),
            format!("Have {role}, or the gateway before it, speak TLS 1.2 or 1.3."),
        ),
        Some(Error::AlertReceived(AlertDescription::UnrecognisedName)) => (
            format!("{address} knows no server of the name {}", server.host()),
            "Have the gateway's listener name this host, or ask by the host that it names.".to_owned(),
        ),
        Some(Error::AlertReceived(alert)) => (
            format!("{address} broke TLS off with the alert {alert:?}"),
            format!("Look at the TLS settings and the log of {role} and of the gateway before it."),
        ),
        Some(other) => (
            format!("no TLS could be agreed on with {address}: {other}"),
            format!("Look at the TLS settings of {role} and of the gateway before it."),
        ),
        None if error.kind() == io::ErrorKind::TimedOut => (
            format!("{address} took the connection, and then said nothing of TLS for {} s", PATIENCE.as_secs()),
            format!("Is that the https port of {role}? Something before it may also hold connections back."),
        ),
        None => (
            format!("{address} closed the connection when it was asked for TLS"),
            format!(
                "Is that the https port of {role}, and has the gateway a listener and a certificate for {}? Some firewalls \
                 close connections whose host they don't allow.",
                server.host()
            ),
        ),
    }
}

/// Takes any certificate, and keeps what came. The signatures of the handshake are checked all the same.
#[derive(Debug)]
struct Recorder {
    provider: Arc<CryptoProvider>,
    certificates: Mutex<Vec<CertificateDer<'static>>>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self { provider: Arc::new(aws_lc_rs::default_provider()), certificates: Mutex::default() }
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let all = std::iter::once(end_entity).chain(intermediates);
        let all = all.map(|certificate| certificate.clone().into_owned()).collect();
        *self.certificates.lock().unwrap_or_else(PoisonError::into_inner) = all;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
