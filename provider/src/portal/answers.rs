//! What a portal last answered, read already, so that an answer that says "not modified" is not parsed again.

use std::collections::HashMap;
use std::sync::Arc;

use http::HeaderValue;
use http::header::ETAG;

use super::item::{MeshApi, Product};
use super::listing::{Api, Definition, Family};
use crate::http::Answer;

/// The last good answers of a portal, each with its entity tag. It is a cache and nothing more: what is lost from it is
/// asked for again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers {
    pub(super) apis: Option<Tagged<Arc<List>>>,
    pub(super) products: Option<Tagged<Arc<List>>>,
    /// Gloo Mesh Gateway's documents by the ids of their APIs.
    pub(super) schemas: HashMap<String, Tagged<Definition>>,
    /// Gloo Gateway's versions by the ids of their products.
    pub(super) versions: HashMap<String, Tagged<Arc<Versions>>>,
}

/// Something that was read from an answer, and the answer's entity tag (RFC 9110 section 8.8.3), where it had one.
#[derive(Clone, Debug)]
pub(super) struct Tagged<T> {
    pub(super) tag: Option<HeaderValue>,
    pub(super) value: T,
}

/// What a list holds.
#[derive(Debug)]
pub(super) enum List {
    /// Gloo Mesh Gateway's APIs.
    Apis(Vec<MeshApi>),
    /// Gloo Gateway's products.
    Products(Vec<Product>),
}

/// The versions of a product, with what the list said of it: they are made of both.
#[derive(Debug)]
pub(super) struct Versions {
    pub(super) product: Product,
    pub(super) apis: Vec<Api>,
}

impl Answers {
    /// The last answer of a family's list.
    pub(super) fn list(&self, family: Family) -> Option<&Tagged<Arc<List>>> {
        match family {
            Family::GlooMesh => self.apis.as_ref(),
            Family::GlooGateway => self.products.as_ref(),
        }
    }

    pub(super) fn keep_list(&mut self, family: Family, list: Tagged<Arc<List>>) {
        match family {
            Family::GlooMesh => self.apis = Some(list),
            Family::GlooGateway => self.products = Some(list),
        }
    }

    /// The entity tag of an API's document, where this is the document that the portal answered for it.
    pub(crate) fn schema_tag(&self, id: &str, document: &Definition) -> Option<&HeaderValue> {
        let answer = self.schemas.get(id).filter(|answer| answer.value == *document)?;
        answer.tag.as_ref()
    }

    /// Takes up a document that was answered with this tag at an earlier time.
    pub(crate) fn keep_schema(&mut self, id: String, tag: HeaderValue, document: Definition) {
        self.schemas.insert(id, Tagged { tag: Some(tag), value: document });
    }
}

/// An answer's entity tag, in memory of its own: a header's value is a slice of all that was read from the connection with
/// it, and whoever keeps the one keeps the other.
pub(super) fn tag(answer: &Answer) -> Option<HeaderValue> {
    let tag = answer.headers().get(ETAG)?;
    HeaderValue::from_bytes(tag.as_bytes()).ok()
}
