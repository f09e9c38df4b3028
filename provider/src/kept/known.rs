//! The last good state of a portal.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::portal::{Api, Family, UsagePlans};

/// The last good state of a portal: what its last good answers held, and what is held back from being removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) family: Family,
    /// The ids of Gloo Gateway's products, those without a version too.
    pub(super) products: Vec<String>,
    /// Those of them whose versions could not be read since nothing was known: what the catalog holds of them, it may
    /// hold from an earlier time.
    pub(super) unread: BTreeSet<String>,
    pub(super) apis: Vec<KnownApi>,
    /// Gloo Mesh Gateway's usage plans, where they were ever asked for.
    #[serde(default)]
    pub(super) plans: Arc<UsagePlans>,
}

/// An API version, and how it came here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct KnownApi {
    /// The product whose versions it was read with; with Gloo Mesh Gateway, all are read with the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) product: Option<Arc<str>>,
    pub(super) api: Arc<Api>,
}

impl KnownApi {
    pub(super) fn is_of(&self, product: &str) -> bool {
        self.product.as_deref() == Some(product)
    }
}

impl Known {
    /// The APIs by their ids.
    pub(super) fn by_id(&self) -> HashMap<&str, &KnownApi> {
        self.apis.iter().map(|known| (known.api.id.as_str(), known)).collect()
    }

    /// The ids of the APIs that are not among these.
    pub(super) fn ids_beside(&self, ids: &HashSet<String>) -> BTreeSet<String> {
        let gone = self.apis.iter().map(|known| &known.api.id).filter(|id| !ids.contains(*id));
        gone.cloned().collect()
    }

    /// Whether the usage plans are equal, and the APIs the very same ones, in memory: then so are the entities that were made of them.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.family == other.family
            && self.plans == other.plans
            && self.apis.len() == other.apis.len()
            && self.apis.iter().zip(&other.apis).all(|(one, other)| Arc::ptr_eq(&one.api, &other.api))
    }
}
