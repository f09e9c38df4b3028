//! What one look at a portal found: what came, and for what did not, why.

use std::collections::HashSet;

use super::PortalError;
use super::listing::{Api, Family, Listing};

/// What one look at a portal found: what came, and of what did not, why. [`PortalClient::survey`](super::PortalClient::survey)
/// gives it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Survey {
    /// What came, in the portal's order. A document that could not be read is missing in it, for that reason.
    pub listing: Listing,
    /// What could not be read, in the portal's order.
    pub unread: Vec<Unread>,
}

/// Something of a portal that could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum Unread {
    /// The OpenAPI document of an API version (Gloo Mesh Gateway).
    Document {
        /// The version's id.
        api: String,
        /// Why.
        error: PortalError,
    },
    /// The versions of a product (Gloo Gateway).
    Versions {
        /// The product's id.
        product: String,
        /// Why.
        error: PortalError,
    },
}

/// What one look at a portal found, its list having been read.
#[derive(Debug)]
pub(crate) enum Reading {
    /// Gloo Mesh Gateway's API versions, in its order.
    Apis(Vec<FoundApi>),
    /// Gloo Gateway's products, in its order.
    Products(Vec<FoundProduct>),
}

/// An API version, whose document may be missing because it could not be read.
#[derive(Debug)]
pub(crate) struct FoundApi {
    /// The version. Where its document could not be read, that is missing for this reason.
    pub(crate) api: Api,
    /// Why its document could not be read.
    pub(crate) failure: Option<PortalError>,
}

/// A product and its versions.
#[derive(Debug)]
pub(crate) struct FoundProduct {
    /// The product's id.
    pub(crate) id: String,
    /// Its versions, or why they could not be read.
    pub(crate) versions: Result<Vec<Api>, PortalError>,
}

impl Reading {
    /// Which family of portals answered.
    pub(crate) fn family(&self) -> Family {
        match self {
            Self::Apis(_) => Family::GlooMesh,
            Self::Products(_) => Family::GlooGateway,
        }
    }

    /// The ids of the API versions that were found.
    pub(crate) fn ids(&self) -> HashSet<String> {
        match self {
            Self::Apis(found) => found.iter().map(|found| found.api.id.clone()).collect(),
            Self::Products(found) => {
                let read = found.iter().filter_map(|product| product.versions.as_ref().ok());
                read.flatten().map(|api| api.id.clone()).collect()
            }
        }
    }

    /// The whole listing, or the first thing that failed.
    pub(super) fn whole(self) -> Result<Listing, PortalError> {
        let Survey { listing, unread } = self.surveyed();
        match unread.into_iter().next() {
            Some(Unread::Document { error, .. } | Unread::Versions { error, .. }) => Err(error),
            None => Ok(listing),
        }
    }

    /// What came, and beside it what did not.
    pub(super) fn surveyed(self) -> Survey {
        let family = self.family();
        let (mut apis, mut unread) = (Vec::new(), Vec::new());
        match self {
            Self::Apis(found) => {
                for FoundApi { api, failure } in found {
                    unread.extend(failure.map(|error| Unread::Document { api: api.id.clone(), error }));
                    apis.push(api);
                }
            }
            Self::Products(found) => {
                for FoundProduct { id, versions } in found {
                    match versions {
                        Ok(versions) => apis.extend(versions),
                        Err(error) => unread.push(Unread::Versions { product: id, error }),
                    }
                }
            }
        }
        Survey { listing: Listing { family, apis }, unread }
    }
}
