//! Reads a portal's APIs: both families, and both shapes of the older one.

mod error;
mod item;
mod listing;
mod pause;
mod request;

use std::num::NonZeroUsize;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use http::StatusCode;
use serde_json::value::RawValue;
use url::Url;

use crate::config::{Config, ServerUrl};
use crate::http::{Answer, HttpClient};
use crate::quote::{self, ShownUrl};
use crate::token::{AccessToken, TokenSource};
pub use error::PortalError;
use item::{Items, MeshApi, Product, versions};
pub use listing::{Api, Definition, Family, Listing};
use request::Requests;

/// Reads the APIs of a portal.
#[derive(Clone, Debug)]
pub struct PortalClient {
    server: ServerUrl,
    requests: Requests,
    concurrency: NonZeroUsize,
}

/// What the first request for a list tells.
enum ListAnswer {
    /// A list, whatever is in it.
    List(Vec<u8>),
    /// Nothing of this family is here; the text says what came instead.
    NotHere(String),
}

impl PortalClient {
    /// A client of the configuration's portal, which shows it tokens from `tokens`. Nothing is asked yet.
    #[must_use]
    pub fn new(config: &Config, http: HttpClient, tokens: Arc<dyn TokenSource>) -> Self {
        Self { server: config.portal.clone(), requests: Requests::new(http, tokens), concurrency: config.concurrency }
    }

    /// The portal that is asked.
    #[must_use]
    pub fn server(&self) -> &ServerUrl {
        &self.server
    }

    /// Reads all APIs that the token's bearer may see, with their OpenAPI documents, in the portal's order.
    ///
    /// `/apis` is asked first (Gloo Mesh Gateway). Where that answers 404, or JSON that is no list, the portal is
    /// not of that family, and `/api-products` is asked (Gloo Gateway). Any other answer that is no list is an error
    /// and not a reason to try elsewhere: a portal that is down or refuses the token would else look like an empty one.
    ///
    /// # Errors
    /// When anything that is asked does not answer as it should. There is no partial listing.
    pub async fn fetch(&self) -> Result<Listing, PortalError> {
        let apis = self.server.under(Family::GlooMesh.path());
        let not_mesh = match self.list(&apis).await? {
            ListAnswer::List(body) => {
                let items = Items::read(&body).map_err(|problem| problem.at(&apis))?;
                if items.are_products() {
                    return self.gateway(items.products().map_err(|problem| problem.at(&apis))?).await;
                }
                let pending = items.mesh_apis().map_err(|problem| problem.at(&apis))?;
                drop(body);
                return self.mesh(pending).await;
            }
            ListAnswer::NotHere(answer) => answer,
        };
        let products = self.server.under(Family::GlooGateway.path());
        match self.list(&products).await? {
            ListAnswer::List(body) => {
                let items = Items::read(&body).and_then(|items| items.products());
                self.gateway(items.map_err(|problem| problem.at(&products))?).await
            }
            ListAnswer::NotHere(not_gateway) => {
                Err(PortalError::NoPortal { server: self.server.clone(), not_mesh, not_gateway })
            }
        }
    }

    async fn mesh(&self, pending: Vec<MeshApi>) -> Result<Listing, PortalError> {
        let apis = stream::iter(pending.into_iter().map(|api| self.with_definition(api)));
        let apis = apis.buffered(self.concurrency.get()).try_collect().await?;
        Ok(Listing { family: Family::GlooMesh, apis })
    }

    async fn with_definition(&self, pending: MeshApi) -> Result<Api, PortalError> {
        let definition = match pending.definition {
            Some(definition) => definition,
            None => {
                let url = self.server.under(&format!("/apis/{}/schema", path_segment(&pending.id)));
                let (body, token) = self.get_ok(&url).await?;
                let schema = json(&url, &body, &token)?;
                Definition::read(schema).map_err(|kind| {
                    item::about_api(&pending.id, format!("its schema is {kind}, not an OpenAPI document")).at(&url)
                })?
            }
        };
        Ok(Api { id: pending.id, version: pending.version, description: pending.description, definition })
    }

    async fn gateway(&self, products: Vec<Product>) -> Result<Listing, PortalError> {
        let apis = stream::iter(products.into_iter().map(|product| self.versions_of(product)));
        let apis: Vec<Vec<Api>> = apis.buffered(self.concurrency.get()).try_collect().await?;
        Ok(Listing { family: Family::GlooGateway, apis: apis.into_iter().flatten().collect() })
    }

    async fn versions_of(&self, product: Product) -> Result<Vec<Api>, PortalError> {
        let url = self.server.under(&format!("/api-products/{}/versions", path_segment(&product.id)));
        let (body, token) = self.get_ok(&url).await?;
        json(&url, &body, &token)?;
        Items::read(&body).and_then(|items| versions(&items, &product)).map_err(|problem| problem.at(&url))
    }

    /// Asks for a list and tells whether the portal has one here.
    async fn list(&self, url: &Url) -> Result<ListAnswer, PortalError> {
        let (answer, token) = self.requests.get(url, None).await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(ListAnswer::NotHere(error::status_and_message(&answer, token.expose())));
        }
        let body = ok_body(url, answer, &token)?;
        let value = json(url, &body, &token)?;
        if value.get().starts_with('[') {
            return Ok(ListAnswer::List(body));
        }
        Ok(ListAnswer::NotHere(format!("{}, {}", StatusCode::OK, error::message(&body, token.expose()))))
    }

    async fn get_ok(&self, url: &Url) -> Result<(Vec<u8>, AccessToken), PortalError> {
        let (answer, token) = self.requests.get(url, None).await?;
        Ok((ok_body(url, answer, &token)?, token))
    }
}

/// The body of a 200; anything else is an error of its own kind.
fn ok_body(url: &Url, answer: Answer, token: &AccessToken) -> Result<Vec<u8>, PortalError> {
    if answer.status() == StatusCode::OK {
        return Ok(answer.into_body());
    }
    Err(PortalError::from_answer(url, &answer, token.expose()))
}

fn json<'a>(url: &Url, body: &'a [u8], token: &AccessToken) -> Result<&'a RawValue, PortalError> {
    serde_json::from_slice(body).map_err(|error| PortalError::NotJson {
        url: ShownUrl::of(url),
        problem: error.to_string(),
        body: quote::body(body, token.expose()),
    })
}

/// An id as one segment of a path (RFC 3986 section 3.3): all but unreserved characters are percent-encoded.
fn path_segment(id: &str) -> String {
    let mut segment = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            segment.push_str(&format!("%{byte:02X}"));
        }
    }
    segment
}

/// The ids in an answer of `/apis`, as a sync reads them.
#[cfg(test)]
pub(crate) fn ids_in_list(body: &[u8], url: &Url) -> Result<Vec<String>, PortalError> {
    let items = Items::read(body).map_err(|problem| problem.at(url))?;
    if items.are_products() {
        let products = items.products().map_err(|problem| problem.at(url))?;
        return Ok(products.into_iter().map(|product| product.id).collect());
    }
    let apis = items.mesh_apis().map_err(|problem| problem.at(url))?;
    Ok(apis.into_iter().map(|api| api.id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stays_one_segment_of_the_path() {
        assert_eq!(path_segment("petstore-v1.0_~"), "petstore-v1.0_~");
        assert_eq!(path_segment("a b/c?d#%2e\n€"), "a%20b%2Fc%3Fd%23%252e%0A%E2%82%AC");
    }
}
