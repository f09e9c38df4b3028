//! What a portal says that it has, once read.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::entity::is_document;
use crate::json;

/// All APIs that a portal shows to the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which family of portals answered.
    pub family: Family,
    /// The API versions in the portal's order.
    pub apis: Vec<Api>,
}

/// The two families of portal servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Gloo Mesh Gateway, 2.4 and later: `/apis`.
    GlooMesh,
    /// Gloo Gateway, 1.18 and later: `/api-products`.
    GlooGateway,
}

impl Family {
    /// The path of the family's list, under the server's URL.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::GlooMesh => "/apis",
            Self::GlooGateway => "/api-products",
        }
    }
}

/// One version of an API product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Api {
    /// The version's id, such as `petstore-v1`.
    pub id: String,
    /// The version's name, such as `v1`.
    pub version: Option<String>,
    /// Gloo Mesh Gateway: the version's description; Gloo Gateway: its product's.
    pub description: Option<String>,
    /// Its OpenAPI document.
    pub definition: Definition,
    /// What else the portal tells of it; shared with the answer that it came with.
    #[serde(default)]
    pub facts: Arc<Facts>,
}

/// What a portal tells of a version besides, as far as it does. The plugin leaves it aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// The product's id.
    pub product: Option<String>,
    /// The product's name for people.
    pub product_name: Option<String>,
    /// What the product is (Gloo Gateway).
    pub product_description: Option<String>,
    /// The version's title for people.
    pub title: Option<String>,
    /// What the version is, where that is told apart from its product's description (Gloo Gateway's `documentation`).
    pub documentation: Option<String>,
    /// Whom to ask (Gloo Mesh Gateway): an address, a URL or a name.
    pub contact: Option<String>,
    /// The licence: its name or a URL.
    pub license: Option<String>,
    /// The terms of service: a URL or words.
    pub terms_of_service: Option<String>,
    /// Where the version is in its life: Gloo Mesh Gateway's `lifecycle`, in free words; Gloo Gateway's `status`.
    pub lifecycle: Option<String>,
    /// The names of the usage plans that it can be used under (Gloo Mesh Gateway).
    pub usage_plans: Vec<String>,
    /// Whether an API key lets a caller in (Gloo Gateway, of the product).
    pub api_key_enabled: bool,
    /// Whether an OAuth token lets a caller in (Gloo Gateway, of the product).
    pub oauth_enabled: bool,
    /// The product's free metadata (Gloo Gateway).
    pub product_metadata: BTreeMap<String, String>,
    /// The version's free metadata.
    pub metadata: BTreeMap<String, String>,
}

/// What a portal has for an OpenAPI document.
#[derive(Clone, Debug, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Definition {
    /// A JSON object as minified text; its members keep their order, its numbers their digits.
    Document(Arc<str>),
    /// Text that is not JSON: YAML, most likely.
    Text(Arc<str>),
    /// None; with the reason, where the portal tells it (`openapiSpecFetchErr`).
    Missing(Option<String>),
}

impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // What has not changed is the same in memory, and may be large.
            (Self::Document(one), Self::Document(other)) | (Self::Text(one), Self::Text(other)) => {
                Arc::ptr_eq(one, other) || one == other
            }
            (Self::Missing(one), Self::Missing(other)) => one == other,
            _ => false,
        }
    }
}

impl Definition {
    /// Whether it is an OpenAPI document, in whichever form: an object that says of which version of OpenAPI it is.
    #[must_use]
    pub fn is_openapi(&self) -> bool {
        is_document(self)
    }

    /// Reads what a portal gives as a document: an object, or a string that holds the document as text.
    ///
    /// Anything else is an error, which says what it is: "a number".
    pub(super) fn read(value: &RawValue) -> Result<Self, &'static str> {
        if json::is_object(value) {
            return Ok(Self::Document(json::minified(value).into()));
        }
        let Ok(mut text) = serde_json::from_str::<String>(value.get()) else { return Err(json::kind(value.get())) };
        // A document that was put in quotes more than once is still that document.
        while let Ok(inner) = serde_json::from_str(&text) {
            text = inner;
        }
        Ok(match serde_json::from_str::<&RawValue>(&text) {
            Ok(value) if json::is_object(value) => Self::Document(json::minified(value).into()),
            _ if text.trim().is_empty() => Self::Missing(None),
            _ => Self::Text(text.into()),
        })
    }
}
