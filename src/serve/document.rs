//! The catalog's entities as one `catalog-info.yaml`, rendered once and shared by all answers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Bytes;
use http::HeaderValue;
use serde_saphyr::SerializerOptions;
use understudy_provider::{Entity, EntityKind, InvalidEntity};

/// A `catalog-info.yaml` of several documents, never empty.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Document {
    /// The text.
    pub body: Bytes,
    /// A strong entity tag: the same text has the same, in quotes as the header has it.
    pub etag: HeaderValue,
    /// How many entities of each kind it holds.
    pub kinds: BTreeMap<EntityKind, usize>,
    /// What was left out, and which rule of Backstage's it breaks: it would be refused without a word there.
    pub left_out: Vec<String>,
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// Nothing that Backstage would take: an empty document would delete all that it has.
    #[error("none of the {0} entities is valid by Backstage's rules, and an empty document would delete its catalog")]
    Empty(usize),
    /// Not all of the portal has been read since the provider was started, so that nobody knows what a whole one holds.
    #[error(
        "a part of the portal could not be read yet, and a document without it would delete that part from Backstage's \
         catalog; what could not be read is told with the sync"
    )]
    Part,
    /// An entity can't be written as YAML.
    #[error("{reference} can't be written as YAML: {source}")]
    Yaml {
        /// Which entity.
        reference: String,
        /// What is wrong with it.
        source: serde_saphyr::ser::Error,
    },
}

impl Document {
    /// The document of these entities, but for those that Backstage would refuse.
    ///
    /// # Errors
    /// When no entity is valid, or one can't be written.
    pub fn of<'a>(entities: impl Iterator<Item = &'a Entity>) -> Result<Self, DocumentError> {
        let (mut valid, mut kinds, mut left_out) = (Vec::new(), BTreeMap::new(), Vec::new());
        for entity in entities {
            match entity.validate() {
                Ok(()) => {
                    *kinds.entry(entity.kind()).or_default() += 1;
                    valid.push(entity);
                }
                Err(error) => left_out.push(told(entity, &error)),
            }
        }
        if valid.is_empty() {
            return Err(DocumentError::Empty(left_out.len()));
        }
        let body = Bytes::from(catalog_info(valid)?);
        let hash = digest(&SHA256, &body);
        let hash = hash.as_ref()[..16].iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let etag = HeaderValue::try_from(format!("\"{hash}\"")).expect("hexadecimal digits in quotes are a header");
        Ok(Self { body, etag, kinds, left_out })
    }

    /// How many entities it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kinds.values().sum()
    }

    /// Never: see [`DocumentError::Empty`].
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }
}

fn told(entity: &Entity, error: &InvalidEntity) -> String {
    format!("{} was left out, since Backstage would refuse it: {error}", entity.reference())
}

/// Entities as YAML, a document each, as Backstage reads them from a file or a URL.
///
/// # Errors
/// When one can't be written.
pub fn catalog_info<'a>(entities: impl IntoIterator<Item = &'a Entity>) -> Result<String, DocumentError> {
    // Long lines stay whole: folding would break a definition's text where it has spaces.
    let mut options = SerializerOptions::default();
    options.folded_wrap_chars = usize::MAX;
    let mut text = String::new();
    for entity in entities {
        let document = serde_saphyr::to_string_with_options(entity, options.clone())
            .map_err(|source| DocumentError::Yaml { reference: entity.reference().to_string(), source })?;
        let _ = write!(text, "---\n{document}");
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use understudy_provider::{EntitySpec, Metadata, SystemSpec};

    use super::*;

    fn system(name: &str) -> Entity {
        let location = "url:http://localhost/v1".to_owned();
        let annotations = ["backstage.io/managed-by-location", "backstage.io/managed-by-origin-location"]
            .map(|key| (key.to_owned(), location.clone()));
        Entity {
            metadata: Metadata { name: name.to_owned(), annotations: annotations.into(), ..Metadata::default() },
            spec: EntitySpec::System(SystemSpec { owner: "user:me".to_owned() }),
        }
    }

    #[test]
    fn what_backstage_would_refuse_is_left_out_and_told() {
        let document = Document::of([&system("good"), &system("-bad")].into_iter()).unwrap();
        assert_eq!(document.len(), 1);
        insta::assert_snapshot!(document.left_out[0], @"system:default/-bad was left out, since Backstage would refuse it: metadata.name is `-bad`, but must be 1 to 63 characters, sequences of [A-Za-z0-9] separated by any of [-_.]");
    }

    #[test]
    fn there_is_no_empty_document() {
        insta::assert_snapshot!(Document::of([].into_iter()).unwrap_err(), @"none of the 0 entities is valid by Backstage's rules, and an empty document would delete its catalog");
    }

    #[test]
    fn the_tag_is_the_text_s() {
        let [one, same, other] = [&["a"][..], &["a"], &["a", "b"]].map(|names| {
            let systems: Vec<_> = names.iter().map(|name| system(name)).collect();
            Document::of(systems.iter()).unwrap().etag
        });
        assert_eq!(one, same);
        assert_ne!(one, other);
        assert!(one.to_str().unwrap().starts_with('"'));
    }
}
