//! What must hold at a point of a scenario, in the words of the catalog.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Lapse, Server};
use crate::ApiId;

/// What must hold now. APIs are named as the portal names them; which entity of the subject stands for which API is
/// learnt from the subject's first sync, so that a provider with its own names passes when it behaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Expect {
    /// The catalog as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalog: Option<CatalogWish>,
    /// APIs that the catalog holds, by their ids in the portal, each with its document as the portal has it now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contains: Vec<ApiId>,
    /// APIs that the catalog does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<ApiId>,
    /// APIs whose entities have these members.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<EntityWish>,
    /// What was asked of the mocks since the last expectation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<RequestWish>,
    /// Whether the last sync told an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorWish>,
}

/// What the catalog as a whole must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CatalogWish {
    /// What it was when the last expectation held, or after the undisturbed first sync.
    Same,
    /// One entity for each API that the portal shows now, with its document, no other API, and the rest as it was.
    Exactly,
    /// What was handed over since the last expectation, taken as it came: nothing refused, nothing twice.
    Valid,
}

/// An API's entity and its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntityWish {
    /// The API's id in the portal.
    pub api: ApiId,
    /// Members by their path, such as `metadata.title` or `spec.lifecycle`, each with its value. Values are compared as
    /// text, or as JSON where they are no text.
    pub has: BTreeMap<String, String>,
}

/// Requests of a kind, since the last expectation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestWish {
    /// Whom they went to.
    pub server: Server,
    /// Their method; any by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Their path, where `*` stands for one segment and a `**` at the end for all that follow; any by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The most of them there may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// The fewest of them there may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
    /// How long after the last expectation the first of them may come, by the stage's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Lapse>,
}

impl RequestWish {
    /// Any request to this server, and any number of them.
    #[must_use]
    pub fn to(server: Server) -> Self {
        Self { server, method: None, path: None, at_most: None, at_least: None, not_before: None }
    }
}

/// Whether an error was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorWish {
    /// The last sync told its user that something is wrong.
    Told,
    /// The last sync told no error.
    None,
}
