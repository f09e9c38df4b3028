//! A client that proves itself by a private key: `private_key_jwt` (RFC 7523 section 2.2, OpenID Connect Core section 9).

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

/// How long an assertion is good. It is used at once; the rest is for an identity provider whose clock is ahead.
const LIFE: Duration = Duration::from_secs(300);

/// A client's private key, parsed once, and what its assertions say; clones share it.
#[derive(Clone)]
pub struct AssertionKey(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    pair: Arc<Pair>,
    kid: Option<String>,
    audience: Option<String>,
}

enum Pair {
    /// Signs with RS256 (RFC 7518 section 3.3).
    Rsa(RsaKeyPair),
    /// Signs with ES256 (RFC 7518 section 3.4).
    Ec(EcdsaKeyPair),
}

impl AssertionKey {
    /// A key in PEM: RSA of 2048 bits or more, or EC on the curve P-256; in PKCS#8 (`PRIVATE KEY`), or as OpenSSL has long
    /// written it (`RSA PRIVATE KEY`, `EC PRIVATE KEY`). Its assertions are for the token endpoint and name no key.
    ///
    /// # Errors
    /// When the text holds no such key, or it is encrypted.
    pub fn from_pem(pem: &SecretString) -> Result<Self, InvalidKey> {
        let (label, der) =
            pem_rfc7468::decode_vec(pem.expose_secret().trim().as_bytes()).map_err(|_| InvalidKey::NotPem)?;
        let rsa = |pair| Some(Pair::Rsa(pair));
        let ec = |der| EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, der).ok().map(Pair::Ec);
        let pair = match label {
            "PRIVATE KEY" => RsaKeyPair::from_pkcs8(&der).ok().and_then(rsa).or_else(|| ec(&der)),
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der).ok().and_then(rsa),
            "EC PRIVATE KEY" => ec(&der),
            "ENCRYPTED PRIVATE KEY" => return Err(InvalidKey::Encrypted),
            other => return Err(InvalidKey::NotPrivate { label: other.to_owned() }),
        };
        let pair = Arc::new(pair.ok_or(InvalidKey::Unsupported)?);
        Ok(Self(Arc::new(Inner { pair, kid: None, audience: None })))
    }

    /// Names the key by which the identity provider knows it: the `kid` of its JWK.
    #[must_use]
    pub fn with_kid(self, kid: impl Into<String>) -> Self {
        Self(Arc::new(Inner { kid: Some(kid.into()), ..Inner::clone(&self.0) }))
    }

    /// Makes the assertions for this audience, such as the issuer, in place of the token endpoint.
    #[must_use]
    pub fn with_audience(self, audience: impl Into<String>) -> Self {
        Self(Arc::new(Inner { audience: Some(audience.into()), ..Inner::clone(&self.0) }))
    }

    /// An assertion that `client_id` asks at this token endpoint, good from `now` on and only once.
    pub(super) fn assertion(&self, client_id: &str, token_endpoint: &str, now: SystemTime) -> String {
        let Inner { pair, kid, audience } = &*self.0;
        let random = SystemRandom::new();
        let mut jti = [0; 16];
        random.fill(&mut jti).expect("the system gives random bytes");
        let iat = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let header = Header { alg: pair.algorithm(), typ: "JWT", kid: kid.as_deref() };
        let claims = Claims {
            iss: client_id,
            sub: client_id,
            aud: audience.as_deref().unwrap_or(token_endpoint),
            jti: BASE64_URL_SAFE_NO_PAD.encode(jti),
            iat,
            exp: iat + LIFE.as_secs(),
        };
        let mut jwt = format!("{}.{}", part(&header), part(&claims));
        let signature = pair.sign(&random, jwt.as_bytes());
        jwt.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut jwt);
        jwt
    }
}

impl Pair {
    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::Ec(_) => "ES256",
        }
    }

    fn sign(&self, random: &SystemRandom, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, random, message, &mut signature)
                    .expect("an RSA key of 2048 bits or more signs a message of any length");
                signature
            }
            Self::Ec(pair) => {
                let signature = pair.sign(random, message).expect("a P-256 key signs a message of any length");
                signature.as_ref().to_vec()
            }
        }
    }

    fn public(&self) -> &[u8] {
        match self {
            Self::Rsa(pair) => pair.public_key().as_ref(),
            Self::Ec(pair) => pair.public_key().as_ref(),
        }
    }
}

/// Equal when key, `kid` and audience are.
impl PartialEq for AssertionKey {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (&self.0, &other.0);
        one.pair.public() == other.pair.public() && one.kid == other.kid && one.audience == other.audience
    }
}

impl Eq for AssertionKey {}

impl fmt::Debug for AssertionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AssertionKey")
            .field("alg", &self.0.pair.algorithm())
            .field("kid", &self.0.kid)
            .field("audience", &self.0.audience)
            .finish_non_exhaustive()
    }
}

/// Why a text is no private key that a client can prove itself by. Nothing of the text is told but its label.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidKey {
    /// It is not PEM.
    #[error("it is not whole and in PEM form, with -----BEGIN PRIVATE KEY----- in a line of its own")]
    NotPem,
    /// It needs a passphrase.
    #[error("it is encrypted; decrypt it first: openssl pkcs8 -in KEY -out PLAIN")]
    Encrypted,
    /// It is PEM of something else.
    #[error("it holds a {label}, not a PRIVATE KEY")]
    NotPrivate {
        /// What it says that it is.
        label: String,
    },
    /// It is a key of another kind.
    #[error("it is neither an RSA key of 2048 bits or more nor an EC key on the curve P-256")]
    Unsupported,
}

#[derive(Serialize)]
struct Header<'h> {
    alg: &'h str,
    typ: &'h str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'h str>,
}

#[derive(Serialize)]
struct Claims<'c> {
    iss: &'c str,
    sub: &'c str,
    aud: &'c str,
    /// Servers refuse one that they have seen before.
    jti: String,
    iat: u64,
    exp: u64,
}

fn part(part: &impl Serialize) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).expect("texts and numbers can be written as JSON"))
}
