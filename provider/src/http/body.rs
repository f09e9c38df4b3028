//! The body of an answer as it comes in: decoded, and no larger than the limit.

use std::fmt;
use std::io::{self, Write};

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use flate2::write::MultiGzDecoder;

/// A body of which a part has come.
pub(super) enum Body {
    Plain(Limited),
    Gzip { decoder: Box<MultiGzDecoder<Limited>>, has_begun: bool },
}

/// The most room that is made for a body before it has come: what a length promises may never come.
const MOST_ROOM: u64 = 1024 * 1024;

/// Bytes up to a limit.
pub(super) struct Limited {
    bytes: Vec<u8>,
    limit: u64,
}

/// Why a body can't be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BodyError {
    TooLarge,
    Encoding(EncodingProblem),
}

/// What is wrong with the encoding of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodingProblem {
    /// `Content-Encoding` names another one than gzip, which is the only one that was asked for.
    Unknown {
        /// Its name.
        encoding: String,
    },
    /// It is said to be gzip, and is not.
    NotGzip,
    /// It is gzip, and ends before it is whole.
    CutShort,
}

impl fmt::Display for EncodingProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { encoding } => {
                write!(formatter, "Content-Encoding is {encoding}, though only gzip was asked for")
            }
            Self::NotGzip => formatter.write_str("Content-Encoding is gzip, but the body is not"),
            Self::CutShort => formatter.write_str("it is gzip, but not whole"),
        }
    }
}

impl Body {
    /// The empty beginning of a body that comes as these headers say (RFC 9110 section 8.4).
    pub(super) fn begin(headers: &HeaderMap, limit: u64) -> Result<Self, BodyError> {
        let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
        let Some(encoding) = encodings.next() else {
            // No larger than it will be: what a growing one leaves behind is room that nothing else fits into.
            let promised = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
            let room = usize::try_from(promised.unwrap_or(0).min(limit).min(MOST_ROOM)).unwrap_or(0);
            return Ok(Self::Plain(Limited { bytes: Vec::with_capacity(room), limit }));
        };
        let bytes = Limited { bytes: Vec::new(), limit };
        let name = String::from_utf8_lossy(encoding.as_bytes()).trim().to_ascii_lowercase();
        match (name.as_str(), encodings.next()) {
            ("gzip" | "x-gzip", None) => {
                Ok(Self::Gzip { decoder: Box::new(MultiGzDecoder::new(bytes)), has_begun: false })
            }
            ("" | "identity", None) => Ok(Self::Plain(bytes)),
            _ => Err(BodyError::Encoding(EncodingProblem::Unknown { encoding: crate::quote::name(&name) })),
        }
    }

    /// Takes in what came next.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Result<(), BodyError> {
        let result = match self {
            Self::Plain(bytes) => bytes.write_all(chunk),
            Self::Gzip { decoder, has_begun } => {
                // RFC 1952 section 2.3.1. The decoder itself would wait for ten bytes.
                if !*has_begun && chunk.first().is_some_and(|first| *first != 0x1f) {
                    return Err(BodyError::Encoding(EncodingProblem::NotGzip));
                }
                *has_begun = true;
                decoder.write_all(chunk)
            }
        };
        result.map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => BodyError::TooLarge,
            _ => BodyError::Encoding(EncodingProblem::NotGzip),
        })
    }

    /// The whole body, once all has come.
    pub(super) fn finish(self) -> Result<Vec<u8>, BodyError> {
        match self {
            Self::Plain(bytes) => Ok(bytes.bytes),
            Self::Gzip { decoder, .. } => match decoder.finish() {
                Ok(bytes) => Ok(bytes.bytes),
                Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Err(BodyError::TooLarge),
                Err(_) => Err(BodyError::Encoding(EncodingProblem::CutShort)),
            },
        }
    }
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + bytes.len()) as u64 > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ::http::HeaderValue;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(encoding: Option<&'static str>, sent: &[u8], at_once: usize, limit: u64) -> Result<Vec<u8>, BodyError> {
        let mut headers = HeaderMap::new();
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        let mut body = Body::begin(&headers, limit)?;
        sent.chunks(at_once).try_for_each(|chunk| body.push(chunk))?;
        body.finish()
    }

    #[test]
    fn what_is_packed_is_unpacked_however_it_comes_in() {
        let text = br#"[{"apiId": "petstore-v1"}]"#.repeat(100);
        for at_once in [1, 7, 100_000] {
            assert_eq!(read(Some("gzip"), &gzip(&text), at_once, 10_000).unwrap(), text);
            assert_eq!(read(Some("X-GZIP"), &gzip(&text), at_once, 10_000).unwrap(), text);
            assert_eq!(read(Some("identity"), &text, at_once, 10_000).unwrap(), text);
            assert_eq!(read(None, &text, at_once, 10_000).unwrap(), text);
        }
        // RFC 1952 section 2.2: members may follow each other.
        let members = [gzip(&text[..50]), gzip(&text[50..])].concat();
        assert_eq!(read(Some("gzip"), &members, 7, 10_000).unwrap(), text);
    }

    #[test]
    fn an_empty_body_is_one_packed_or_not() {
        assert_eq!(read(None, b"", 1, 10).unwrap(), b"");
        assert_eq!(read(Some("gzip"), &gzip(b""), 1, 10).unwrap(), b"");
    }

    #[test]
    fn what_unpacks_to_more_than_the_limit_is_given_up_early() {
        let bomb = gzip(&vec![b' '; 5_000_000]);
        assert!(bomb.len() < 6_000);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        let mut body = Body::begin(&headers, 1000).unwrap();
        assert_eq!(body.push(&bomb), Err(BodyError::TooLarge));
        let Body::Gzip { decoder, .. } = &body else { panic!("it is gzip") };
        assert!(decoder.get_ref().bytes.capacity() <= 1000);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_comes_the_limit_holds(
            text in prop::collection::vec(any::<u8>(), 0..300), packed in any::<bool>(), labelled in any::<bool>(),
            at in any::<prop::sample::Index>(), put in prop::collection::vec(any::<u8>(), 0..4), at_once in 1..40_usize,
        ) {
            let mut sent = if packed { gzip(&text.repeat(20)) } else { text };
            let at = at.index(sent.len() + 1);
            let until = (at + put.len()).min(sent.len());
            sent.splice(at..until, put);
            if let Ok(body) = read(labelled.then_some("gzip"), &sent, at_once, 1000) {
                prop_assert!(body.len() <= 1000);
            }
        }
    }

    #[test]
    fn what_is_not_as_it_is_labelled_is_told() {
        let problem = |encoding, sent: &[u8]| read(Some(encoding), sent, 4, 1000).unwrap_err();
        assert_eq!(problem("gzip", b"[]"), BodyError::Encoding(EncodingProblem::NotGzip));
        assert_eq!(problem("gzip", b"\x1f\x8b\x08not gzip at all"), BodyError::Encoding(EncodingProblem::NotGzip));
        let packed = gzip(b"[]");
        for whole in [1, 11, packed.len() - 1] {
            assert_eq!(problem("gzip", &packed[..whole]), BodyError::Encoding(EncodingProblem::CutShort));
        }
        let encoding = "`br`".to_owned();
        assert_eq!(problem("br", b"[]"), BodyError::Encoding(EncodingProblem::Unknown { encoding }));
    }
}
