//! Which authorities each view trusts.

use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls_platform_verifier::Verifier;
use tokio_rustls::rustls::client::danger::ServerCertVerifier as _;
use tokio_rustls::rustls::client::verify_server_cert_signed_by_trust_anchor;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{CertificateError, Error, RootCertStore};
use understudy_provider::Config;

use super::NODE;
use crate::check::examination::Examination;
use crate::check::finding::View;

/// Which authorities each view trusts.
pub(super) struct Roots {
    provider: Arc<CryptoProvider>,
    /// Those of CA_FILE.
    extra: Vec<CertificateDer<'static>>,
    /// Those of NODE_EXTRA_CA_CERTS.
    node_extra: Vec<CertificateDer<'static>>,
    /// Why those can't be had.
    node_problem: Option<String>,
    /// Whether Node is told to trust anybody.
    node_trusts_all: bool,
    /// Whether Node is told to trust the system's roots as well.
    node_takes_system: bool,
    system: OnceLock<Result<Verifier, String>>,
    mozilla: OnceLock<RootCertStore>,
}

/// Why a chain of certificates is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Distrust {
    /// No authority that is trusted has signed it.
    UnknownAuthority,
    /// An authority of the signer's name is trusted, and has another key.
    OtherKey,
    /// The system has no roots at all.
    NoRoots(String),
    /// Something else is wrong with it.
    Other(String),
}

impl Roots {
    pub(super) fn load(config: Option<&Config>, env: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut extra = Vec::new();
        if let Some(config) = config {
            let file = config.ca_file.as_deref().and_then(|path| fs::read(path).ok());
            let pems = file.iter().map(Vec::as_slice).chain(config.ca_pem.as_deref().map(str::as_bytes));
            // What can't be used is told by configuration.roots.
            extra.extend(pems.flat_map(CertificateDer::pem_slice_iter).filter_map(Result::ok));
        }
        let node_file = env("NODE_EXTRA_CA_CERTS").filter(|path| !path.is_empty());
        let (node_extra, node_problem) = match node_file.map(|path| certificates(Path::new(&path))) {
            None => (Vec::new(), None),
            Some(Ok(certificates)) => (certificates, None),
            Some(Err(problem)) => (Vec::new(), Some(problem)),
        };
        let options = env("NODE_OPTIONS").unwrap_or_default();
        let has = |option: &str| options.split_whitespace().any(|it| it == option);
        Self {
            provider: Arc::new(aws_lc_rs::default_provider()),
            extra,
            node_extra,
            node_problem,
            node_trusts_all: env("NODE_TLS_REJECT_UNAUTHORIZED").is_some_and(|value| value == "0"),
            node_takes_system: has("--use-system-ca")
                || has("--use-openssl-ca")
                || env("NODE_USE_SYSTEM_CA").is_some_and(|value| value == "1"),
            system: OnceLock::new(),
            mozilla: OnceLock::new(),
        }
    }

    /// What Node's own settings say.
    pub(super) fn tell_node(&self, exam: &mut Examination) {
        let mut is_well = true;
        if let Some(problem) = &self.node_problem {
            is_well = false;
            exam.warn(
                &NODE,
                format!("NODE_EXTRA_CA_CERTS can't be used: {problem}. Node passes over it with one line in its log"),
                "Have it name one PEM file that can be read, with the certificates of authorities.",
            );
        }
        if self.node_trusts_all {
            is_well = false;
            exam.warn(
                &NODE,
                "NODE_TLS_REJECT_UNAUTHORIZED is 0: Node takes any certificate, and sends secrets to whoever answers",
                "Unset it, and name the authority's PEM file in NODE_EXTRA_CA_CERTS.",
            );
        }
        if is_well {
            let count = self.node_extra.len();
            let message = match count {
                0 => "Node trusts Mozilla's roots, and no others by this environment".to_owned(),
                1 => "Node trusts Mozilla's roots, and one more by NODE_EXTRA_CA_CERTS".to_owned(),
                _ => format!("Node trusts Mozilla's roots, and {count} more by NODE_EXTRA_CA_CERTS"),
            };
            exam.pass(&NODE, message);
        }
    }

    /// Whether a view trusts these certificates, the server's own first, at this time. The host's name is not looked at.
    pub(super) fn verify(
        &self,
        view: View,
        certificates: &[CertificateDer<'static>],
        name: &ServerName<'static>,
        is_loopback: bool,
        at: UnixTime,
    ) -> Result<(), Distrust> {
        let Some((own, between)) = certificates.split_first() else { return Err(Distrust::UnknownAuthority) };
        match view {
            // As the provider does: nobody but the user vouches for this machine.
            View::Machine if is_loopback && !self.extra.is_empty() => {
                let mut store = RootCertStore::empty();
                store.add_parsable_certificates(self.extra.iter().cloned());
                self.by_store(&store, own, between, at)
            }
            View::Machine => self.by_system(own, between, name, at),
            View::Backstage if self.node_trusts_all => Ok(()),
            // OpenSSL, by which Node looks, trusts a certificate that is among the roots itself.
            View::Backstage if self.node_extra.contains(own) => Ok(()),
            View::Backstage => match self.by_store(self.mozilla(), own, between, at) {
                Err(Distrust::UnknownAuthority) if self.node_takes_system => self.by_system(own, between, name, at),
                result => result,
            },
        }
    }

    fn mozilla(&self) -> &RootCertStore {
        self.mozilla.get_or_init(|| {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
            store.add_parsable_certificates(self.node_extra.iter().cloned());
            store
        })
    }

    fn by_store(
        &self,
        store: &RootCertStore,
        own: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        at: UnixTime,
    ) -> Result<(), Distrust> {
        let algorithms = self.provider.signature_verification_algorithms.all;
        let own = ParsedCertificate::try_from(own).map_err(|error| distrust(&error))?;
        verify_server_cert_signed_by_trust_anchor(&own, store, between, at, algorithms)
            .map_err(|error| distrust(&error))
    }

    fn by_system(
        &self,
        own: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        at: UnixTime,
    ) -> Result<(), Distrust> {
        let verifier = self.system.get_or_init(|| {
            Verifier::new_with_extra_roots(self.extra.iter().cloned(), Arc::clone(&self.provider))
                .map_err(|error| error.to_string())
        });
        let verifier = verifier.as_ref().map_err(|problem| Distrust::NoRoots(problem.clone()))?;
        match verifier.verify_server_cert(own, between, name, &[], at) {
            Ok(_) => Ok(()),
            // The name is looked at by itself.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(()),
            Err(error) => Err(distrust(&error)),
        }
    }
}

fn distrust(error: &Error) -> Distrust {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => Distrust::UnknownAuthority,
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            Distrust::Other("a certificate between it and the authority has ended".to_owned())
        }
        Error::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            Distrust::Other("a certificate between it and the authority is not good yet".to_owned())
        }
        Error::InvalidCertificate(CertificateError::BadSignature) => Distrust::OtherKey,
        Error::InvalidCertificate(CertificateError::Revoked) => Distrust::Other("it was revoked".to_owned()),
        Error::InvalidCertificate(CertificateError::Other(other)) => {
            let text = other.to_string();
            if text.contains("CaUsedAsEndEntity") {
                Distrust::Other("it is an authority's own certificate, shown as a server's".to_owned())
            } else {
                Distrust::Other(text)
            }
        }
        other => Distrust::Other(other.to_string()),
    }
}

/// The certificates of a PEM file; an error where there is none, or one can't be read.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let pem = fs::read(path).map_err(|error| {
        let text = error.to_string();
        format!("{}: {}", path.display(), text.split(" (os error").next().unwrap_or(&text).to_lowercase())
    })?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match read {
        Ok(certificates) if certificates.is_empty() => Err(format!("there is no certificate in {}", path.display())),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}
