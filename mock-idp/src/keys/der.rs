//! Just enough DER (ITU-T X.690) to find an RSA public key in a certificate, so that the committed keys need no second,
//! hand-kept copy of their numbers.

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
/// `[0] EXPLICIT`, the optional version at the head of a certificate (RFC 5280 section 4.1).
const VERSION: u8 = 0xA0;

/// The modulus and the exponent, big-endian and without leading zeros, of an `RSAPublicKey` (RFC 8017 appendix A.1.1).
pub(super) fn rsa_public_key(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut fields = Reader(der).read(SEQUENCE)?.fields();
    let modulus = fields.read(INTEGER)?.unsigned();
    let exponent = fields.read(INTEGER)?.unsigned();
    Some((modulus, exponent))
}

/// The `SubjectPublicKeyInfo` of a certificate (RFC 5280 section 4.1): the whole of it, and the key inside.
pub(super) fn certificate_public_key(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut fields = Reader(der).read(SEQUENCE)?.fields().read(SEQUENCE)?.fields();
    if fields.peek() == Some(VERSION) {
        fields.read(VERSION)?;
    }
    fields.read(INTEGER)?; // serial number
    for _signature_issuer_validity_subject in 0..4 {
        fields.read(SEQUENCE)?;
    }
    let info = fields.read(SEQUENCE)?;
    let mut parts = info.fields();
    parts.read(SEQUENCE)?; // algorithm
    let (_unused_bits, key) = parts.read(BIT_STRING)?.content.split_first()?;
    Some((info.whole, key))
}

struct Element<'a> {
    whole: &'a [u8],
    content: &'a [u8],
}

impl<'a> Element<'a> {
    fn fields(&self) -> Reader<'a> {
        Reader(self.content)
    }

    fn unsigned(&self) -> &'a [u8] {
        let zeros = self.content.iter().take_while(|byte| **byte == 0).count();
        &self.content[zeros..]
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next element, which must have this tag.
    fn read(&mut self, tag: u8) -> Option<Element<'a>> {
        let (found, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = if *first < 0x80 {
            (usize::from(*first), rest)
        } else {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            let length =
                bytes.iter().try_fold(0_usize, |length, byte| length.checked_mul(256)?.checked_add(usize::from(*byte)));
            (length?, rest)
        };
        let (content, after) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - after.len()];
        self.0 = after;
        (*found == tag).then_some(Element { whole, content })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rsa_public_key_gives_its_two_numbers_without_leading_zeros() {
        let der = [0x30, 0x09, 0x02, 0x02, 0x00, 0xC5, 0x02, 0x03, 0x01, 0x00, 0x01];
        assert_eq!(rsa_public_key(&der), Some((&[0xC5][..], &[1, 0, 1][..])));
    }

    #[test]
    fn what_ends_too_early_is_no_key() {
        assert_eq!(rsa_public_key(&[0x30, 0x82]), None);
        assert_eq!(rsa_public_key(&[0x30, 0x05, 0x02, 0x01, 0x01]), None);
        assert_eq!(certificate_public_key(&[]), None);
    }
}
