//! RSA keys as a signer and a JWKS need them: parsed once, never generated.

mod claims;
mod der;
mod ring;

use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;

pub(crate) use ring::{COMMITTED, Ring};

/// A private key that signs tokens with RS256 (RFC 7518 section 3.3), with the header that its tokens have.
pub(crate) struct SigningKey {
    pair: RsaKeyPair,
    header: String,
}

impl SigningKey {
    /// Parses a committed PKCS#8 key in PEM. `header` makes the JSON text of its tokens' header.
    pub(crate) fn from_pem(pem: &str, header: impl FnOnce(&PublicKey) -> String) -> (Self, PublicKey) {
        let der = decode(pem);
        let pair = RsaKeyPair::from_pkcs8(&der).expect("a committed development key is a PKCS#8 RSA key");
        let public = PublicKey::from_der(pair.public_key().as_ref());
        let header = BASE64_URL_SAFE_NO_PAD.encode(header(&public));
        (Self { pair, header }, public)
    }

    /// A JWT in the compact form (RFC 7515 section 7.1); the members of `claims` keep their order, and the `dropped`
    /// ones are left out.
    pub(crate) fn sign(&self, claims: &impl Serialize, dropped: &[String]) -> String {
        let claims = claims::to_json(claims, dropped);
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let mut token = String::with_capacity(self.header.len() + 4 * (claims.len() + signature.len()) / 3 + 8);
        token.push_str(&self.header);
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(&claims, &mut token);
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature)
            .expect("an RSA key of 2048 bits signs a message of any length");
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
        token
    }
}

/// A public key's numbers as in a JWK (RFC 7518 section 6.3.1).
pub(crate) struct PublicKey {
    /// The modulus.
    pub(crate) n: String,
    /// The exponent.
    pub(crate) e: String,
}

impl PublicKey {
    fn from_der(der: &[u8]) -> Self {
        let (n, e) = der::rsa_public_key(der).expect("a committed development key is an RSA key in DER");
        Self { n: BASE64_URL_SAFE_NO_PAD.encode(n), e: BASE64_URL_SAFE_NO_PAD.encode(e) }
    }

    /// The SHA-256 thumbprint (RFC 7638 section 3): 43 characters.
    pub(crate) fn thumbprint(&self) -> String {
        let canonical = format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, self.e, self.n);
        sha256(canonical.as_bytes())
    }
}

/// A committed certificate, and the members of a JWK that come from it (RFC 7517 sections 4.7 to 4.9).
pub(crate) struct Certificate {
    /// The certificate in base64.
    pub(crate) x5c: String,
    /// Its SHA-1 thumbprint.
    pub(crate) x5t: String,
    /// Its SHA-256 thumbprint.
    pub(crate) x5t_s256: String,
    /// The public key as `SubjectPublicKeyInfo` in base64.
    pub(crate) public_key_info: String,
    /// The SHA-256 of the public key as `SubjectPublicKeyInfo`: 43 characters, which Keycloak takes as key id.
    pub(crate) key_id: String,
    /// The public key.
    pub(crate) public: PublicKey,
}

impl Certificate {
    /// Parses a committed certificate in PEM.
    pub(crate) fn from_pem(pem: &str) -> Self {
        let der = decode(pem);
        let (info, key) = der::certificate_public_key(&der).expect("a committed certificate is X.509 in DER");
        Self {
            x5c: BASE64_STANDARD.encode(&der),
            x5t: BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, &der)),
            x5t_s256: sha256(&der),
            public_key_info: BASE64_STANDARD.encode(info),
            key_id: sha256(info),
            public: PublicKey::from_der(key),
        }
    }
}

/// The `at_hash` of an access token signed with RS256 (OpenID Connect Core section 3.1.3.6).
pub(crate) fn at_hash(access_token: &str) -> String {
    let hash = digest::digest(&SHA256, access_token.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

fn sha256(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&SHA256, bytes))
}

fn decode(pem: &str) -> Vec<u8> {
    let (_label, der) = pem_rfc7468::decode_vec(pem.as_bytes()).expect("a committed key or certificate is PEM");
    der
}
