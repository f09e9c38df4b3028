//! A certificate authority that is made once and kept in a folder, so that clients that trust it go on to do so.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, date_time_ymd,
};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use understudy_scenarios::{Clock, TlsFault};

/// The authority's certificate, as clients are told to trust it.
const CERTIFICATE: &str = "ca.pem";
/// The authority's private key, readable for its owner alone.
const KEY: &str = "ca-key.pem";

const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A certificate authority for this machine's mocks alone.
///
/// [`in_folder`](Self::in_folder) makes it once: its key (ECDSA P-256) never leaves that folder, and only its owner can
/// read it. The servers' own certificates are made anew at each start and last for a year at most.
pub struct LocalAuthority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    path: Option<PathBuf>,
}

impl LocalAuthority {
    /// The authority that is kept in `folder`, made there if there is none.
    ///
    /// # Errors
    /// When the folder can't be read or written, or holds a key that is none.
    pub fn in_folder(folder: &Path) -> Result<Self, TlsError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| TlsError::Folder { path, source }
        };
        fs::create_dir_all(folder).map_err(failed(folder))?;
        let (key_path, path) = (folder.join(KEY), folder.join(CERTIFICATE));
        // Who comes second to make it takes what the first one made.
        let key = kept(&key_path, true, || Ok(new_key()?.serialize_pem())).map_err(|error| error.at(&key_path))?;
        let key = KeyPair::from_pem(&key).map_err(|source| TlsError::Key { path: key_path, source })?;
        let pem = kept(&path, false, || Ok(params()?.self_signed(&key)?.pem())).map_err(|error| error.at(&path))?;
        Ok(Self { issuer: Issuer::new(params()?, key), pem, path: Some(path) })
    }

    /// An authority that nobody else knows and that ends with this value.
    ///
    /// # Errors
    /// When this machine gives no random numbers.
    pub fn in_memory() -> Result<Self, TlsError> {
        let key = new_key()?;
        let pem = params()?.self_signed(&key)?.pem();
        Ok(Self { issuer: Issuer::new(params()?, key), pem, path: None })
    }

    /// The certificate to trust, in PEM.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    /// The file that holds the certificate to trust; none for one in memory.
    #[must_use]
    pub fn certificate_path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What a server that is known by `hosts` (names and addresses) shows to its clients, with `fault` wrong about it.
    /// It speaks HTTP/2 and HTTP/1.1, as ALPN tells.
    ///
    /// # Errors
    /// When a host is no name that a certificate can hold.
    pub fn server_config(&self, hosts: &[String], fault: Option<TlsFault>) -> Result<Arc<ServerConfig>, TlsError> {
        let now = Clock::system().now();
        let hosts: Vec<String> = match fault {
            Some(TlsFault::WrongHost) => vec!["another-host.invalid".to_owned()],
            _ => hosts.to_vec(),
        };
        let names = |source| TlsError::Host { hosts: hosts.join(", "), source };
        let mut params = CertificateParams::new(hosts.clone()).map_err(names)?;
        let (from, until) = match fault {
            Some(TlsFault::Expired) => (now - YEAR, now - DAY),
            // A client's clock may be behind.
            _ => (now - DAY, now + YEAR),
        };
        set_validity(&mut params, from, until);
        params.distinguished_name = name("Understudy mock server");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = new_key()?;
        let certificate = match fault {
            Some(TlsFault::UnknownCa) => params.signed_by(&key, &Self::in_memory()?.issuer)?,
            _ => params.signed_by(&key, &self.issuer)?,
        };
        let chain = vec![CertificateDer::from(certificate)];
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        // Named, because a program may have more than one provider of cryptography linked in.
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

impl std::fmt::Debug for LocalAuthority {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("LocalAuthority").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What the authority's certificate says. Whoever has the key makes the same name and key identifier of it again, so
/// that a certificate is good whichever start made it.
fn params() -> Result<CertificateParams, TlsError> {
    let now = Clock::system().now();
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name = name("Understudy local CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    set_validity(&mut params, now - DAY, now + YEAR * 10);
    Ok(params)
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name.push(DnType::OrganizationName, "Understudy, for tests on this machine");
    name
}

fn new_key() -> Result<KeyPair, rcgen::Error> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)
}

/// Sets from when until when a certificate is good, to the day.
fn set_validity(params: &mut CertificateParams, from: Timestamp, until: Timestamp) {
    let day = |time: Timestamp| {
        let date = time.to_zoned(TimeZone::UTC).date();
        let part = |number: i8| u8::try_from(number).expect("months and days are counted from 1");
        date_time_ymd(date.year().into(), part(date.month()), part(date.day()))
    };
    (params.not_before, params.not_after) = (day(from), day(until));
}

/// The text of a file, which is made with what `make` gives if there is none; a file that is there is never overwritten.
fn kept(path: &Path, secret: bool, make: impl FnOnce() -> Result<String, TlsError>) -> Result<String, KeepError> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return Ok(read?),
    }
    let text = make().map_err(KeepError::Made)?;
    // Whole or not at all: another start may read it at any moment.
    let unfinished = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let _ = secret;
    options.open(&unfinished)?.write_all(text.as_bytes())?;
    let linked = fs::hard_link(&unfinished, path);
    let _ = fs::remove_file(&unfinished);
    match linked {
        Ok(()) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(fs::read_to_string(path)?),
        Err(error) => Err(error.into()),
    }
}

enum KeepError {
    Made(TlsError),
    File(io::Error),
}

impl KeepError {
    fn at(self, path: &Path) -> TlsError {
        match self {
            Self::Made(error) => error,
            Self::File(source) => TlsError::Folder { path: path.to_owned(), source },
        }
    }
}

impl From<io::Error> for KeepError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The authority's files can't be read or written.
    #[error("the local certificate authority can't be kept at `{}`: {source}", .path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The authority's key is no key.
    #[error(
        "`{}` holds no private key ({source}); remove it and `{CERTIFICATE}` beside it, and both are made anew",
        .path.display()
    )]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: rcgen::Error,
    },
    /// A host is no name that a certificate can hold.
    #[error("no certificate can be made for {hosts}: {source}")]
    Host {
        /// The names and addresses.
        hosts: String,
        /// What is wrong with them.
        source: rcgen::Error,
    },
    /// A certificate could not be made.
    #[error("no certificate could be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The TLS library would not have it.
    #[error("TLS can't be set up: {0}")]
    Setup(#[from] tokio_rustls::rustls::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let first = LocalAuthority::in_folder(folder.path()).unwrap();
        let second = LocalAuthority::in_folder(folder.path()).unwrap();
        assert_eq!(first.certificate_pem(), second.certificate_pem());
        assert_eq!(first.issuer.key().serialize_der(), second.issuer.key().serialize_der());
        assert_eq!(second.certificate_path(), Some(&*folder.path().join("ca.pem")));
    }

    #[cfg(unix)]
    #[test]
    fn its_key_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        LocalAuthority::in_folder(folder.path()).unwrap();
        let mode = fs::metadata(folder.path().join("ca-key.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_that_is_none_is_told_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ca-key.pem"), "no key").unwrap();
        let error = LocalAuthority::in_folder(folder.path()).unwrap_err().to_string();
        assert!(error.contains("ca-key.pem` holds no private key"), "{error}");
    }

    #[test]
    fn a_host_that_no_certificate_can_hold_is_told() {
        let authority = LocalAuthority::in_memory().unwrap();
        let error = authority.server_config(&["bücher.example".to_owned()], None).unwrap_err().to_string();
        assert!(error.starts_with("no certificate can be made for bücher.example"), "{error}");
    }
}
