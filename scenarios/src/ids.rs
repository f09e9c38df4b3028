//! Seeded identifiers: every random-looking text that a mock hands out.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Hands out identifiers in the forms that the vendors use; clones share the sequence.
///
/// The same seed gives the same sequence, so that a stage can be repeated. They are unguessable to nobody: this is
/// for mocks.
#[derive(Clone, Debug)]
pub struct Ids(Arc<AtomicU64>);

impl Ids {
    /// A sequence that depends on `seed` alone.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(AtomicU64::new(seed.wrapping_mul(0xD134_2543_DE82_EF95))))
    }

    /// The next 64 bits: SplitMix64 (Steele, Lea and Flood 2014), one atomic addition each.
    #[must_use]
    pub fn bits(&self) -> u64 {
        let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// `length` characters of the base64url alphabet, as in Okta's token and key ids.
    #[must_use]
    pub fn base64url(&self, length: usize) -> String {
        self.text(length, BASE64URL)
    }

    /// `length` letters and digits, as in Okta's object and error ids.
    #[must_use]
    pub fn alphanumeric(&self, length: usize) -> String {
        self.text(length, ALPHANUMERIC)
    }

    /// `length` lower-case hexadecimal digits, as in `X-Okta-Request-Id`.
    #[must_use]
    pub fn hex(&self, length: usize) -> String {
        self.text(length, b"0123456789abcdef")
    }

    /// A version 4 UUID (RFC 9562), as in Keycloak's ids.
    #[must_use]
    pub fn uuid(&self) -> String {
        format_uuid(self.bits(), self.bits())
    }

    fn text(&self, length: usize, alphabet: &[u8]) -> String {
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let mut bits = self.bits();
            // Eight characters a draw: the bias of `%` on 8 bits is of no matter to a mock.
            for _ in 0..8.min(length - text.len()) {
                text.push(char::from(alphabet[(bits & 0xFF) as usize % alphabet.len()]));
                bits >>= 8;
            }
        }
        text
    }
}

impl Default for Ids {
    fn default() -> Self {
        Self::seeded(0)
    }
}

/// A UUID that depends on `name` alone, for ids that must be the same at every start (a user's, a service account's).
#[must_use]
pub fn uuid_of(name: &str) -> String {
    // FNV-1a, twice with different offsets: stable across builds, which std's hasher does not promise.
    let hash = |offset: u64| {
        name.bytes().fold(offset, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3))
    };
    let mixed = Ids::seeded(hash(0xCBF2_9CE4_8422_2325) ^ hash(0x8422_2325_CBF2_9CE4).rotate_left(32));
    format_uuid(mixed.bits(), mixed.bits())
}

fn format_uuid(high: u64, low: u64) -> String {
    let high = (high & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000;
    let low = (low & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000;
    let mut text = String::with_capacity(36);
    let _ = write!(
        text,
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let (one, other) = (Ids::seeded(7), Ids::seeded(7));
        assert_eq!(one.base64url(43), other.base64url(43));
        assert_eq!(one.uuid(), other.uuid());
        assert_ne!(one.uuid(), one.uuid());
    }

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        let uuid = uuid_of("service-account-backstage");
        assert_eq!(uuid, uuid_of("service-account-backstage"));
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"));
    }

    #[test]
    fn texts_have_the_length_and_alphabet_that_were_asked_for() {
        let ids = Ids::seeded(1);
        assert_eq!(ids.base64url(43).len(), 43);
        assert!(ids.hex(32).bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(ids.alphanumeric(20).bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
