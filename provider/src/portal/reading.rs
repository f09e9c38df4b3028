//! What one look at a portal found: what came, and for what did not, why.

use std::collections::HashSet;

use super::PortalError;
use super::listing::{Api, Family, Listing};

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
        let family = self.family();
        let mut apis = Vec::new();
        match self {
            Self::Apis(found) => {
                for found in found {
                    match found.failure {
                        Some(failure) => return Err(failure),
                        None => apis.push(found.api),
                    }
                }
            }
            Self::Products(found) => {
                for product in found {
                    apis.extend(product.versions?);
                }
            }
        }
        Ok(Listing { family, apis })
    }
}
