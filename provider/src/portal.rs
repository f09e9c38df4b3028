//! Reads a portal's APIs: both families, and both shapes of the older one.

mod answers;
mod error;
mod item;
mod listing;
mod pause;
mod reading;
mod request;

use std::num::NonZeroUsize;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt};
use http::StatusCode;
use serde_json::value::RawValue;
use url::Url;

use crate::config::{Config, ServerUrl};
use crate::http::{Answer, HttpClient};
use crate::json;
use crate::quote::{self, ShownUrl};
use crate::token::{AccessToken, TokenSource};
pub(crate) use answers::Answers;
use answers::{List, Tagged, Versions, tag};
pub use error::PortalError;
use item::{Items, MeshApi, Product, versions};
pub use listing::{Api, Definition, Family, Listing};
pub(crate) use reading::{FoundApi, FoundProduct, Reading};
use request::Requests;

/// Reads the APIs of a portal.
#[derive(Clone, Debug)]
pub struct PortalClient {
    server: ServerUrl,
    requests: Requests,
    concurrency: NonZeroUsize,
}

/// What the request for a list tells.
enum ListAnswer {
    /// A list, whatever is in it.
    List(Tagged<Arc<List>>),
    /// Nothing of this family is here; the text says what came instead.
    NotHere(String),
}

/// What came of one API's document, and how it is to be found in the list.
type Schema = Result<Tagged<Definition>, PortalError>;

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
        let (reading, _) = self.read(&Answers::default()).await?;
        reading.whole()
    }

    /// Reads what there is, as [`fetch`](Self::fetch) does, but goes on where an API's document or a product's versions
    /// can't be read. What has not been modified since `before` is taken from there. Answers the reading, and what is to be
    /// handed in the next time.
    ///
    /// # Errors
    /// When the list can't be read.
    pub(crate) async fn read(&self, before: &Answers) -> Result<(Reading, Answers), PortalError> {
        let mut answers = Answers::default();
        let family = Family::GlooMesh;
        let list = match self.list(family, before).await? {
            ListAnswer::List(list) => list,
            ListAnswer::NotHere(not_mesh) => {
                let family = Family::GlooGateway;
                match self.list(family, before).await? {
                    ListAnswer::List(list) => {
                        answers.keep_list(family, list.clone());
                        return Ok((self.content(&list.value, before, &mut answers).await, answers));
                    }
                    ListAnswer::NotHere(not_gateway) => {
                        return Err(PortalError::NoPortal { server: self.server.clone(), not_mesh, not_gateway });
                    }
                }
            }
        };
        answers.keep_list(family, list.clone());
        Ok((self.content(&list.value, before, &mut answers).await, answers))
    }

    async fn content(&self, list: &List, before: &Answers, answers: &mut Answers) -> Reading {
        match list {
            List::Apis(apis) => self.apis(apis, before, answers).await,
            List::Products(products) => self.products(products, before, answers).await,
        }
    }

    async fn apis(&self, listed: &[MeshApi], before: &Answers, answers: &mut Answers) -> Reading {
        let pending: Vec<_> = listed
            .iter()
            .enumerate()
            .filter(|(_, api)| api.definition.is_none())
            .map(|(at, api)| (at, api.id.clone(), before.schemas.get(&api.id).cloned()))
            .collect();
        let schemas = stream::iter(pending.into_iter().map(|(at, id, known)| async move {
            let schema = self.schema(&id, known.clone()).await;
            (at, schema, known)
        }));
        // As they come: one that hangs must not hold up those behind it.
        let mut schemas = schemas.buffer_unordered(self.concurrency.get());
        let mut read: Vec<Option<Schema>> = listed.iter().map(|_| None).collect();
        while let Some((at, schema, known)) = schemas.next().await {
            if let Some(answer) = schema.as_ref().ok().cloned().or(known) {
                answers.schemas.insert(listed[at].id.clone(), answer);
            }
            read[at] = Some(schema);
        }
        let found = listed.iter().zip(read).map(|(listed, schema)| {
            let (definition, failure) = match schema {
                Some(Ok(schema)) => (schema.value, None),
                Some(Err(error)) => (Definition::Missing(Some(error.to_string())), Some(error)),
                None => (listed.definition.clone().unwrap_or(Definition::Missing(None)), None),
            };
            let MeshApi { id, version, description, .. } = listed.clone();
            FoundApi { api: Api { id, version, description, definition }, failure }
        });
        Reading::Apis(found.collect())
    }

    /// An API's document, or what is known of it where that has not been modified.
    async fn schema(&self, id: &str, known: Option<Tagged<Definition>>) -> Schema {
        let url = self.server.under(&format!("/apis/{}/schema", path_segment(id)));
        let (answer, token) = self.requests.get(&url, known.as_ref().and_then(|known| known.tag.as_ref())).await?;
        if let Some(known) = known.as_ref().filter(|known| is_unmodified(&answer, known)) {
            return Ok(known.clone());
        }
        let tag = tag(&answer);
        let body = ok_body(&url, answer, &token)?;
        if let Some(Tagged { value: known @ Definition::Document(text), .. }) = &known
            && json::minifies_to(&body, text)
        {
            return Ok(Tagged { tag, value: known.clone() });
        }
        let value = Definition::read(json(&url, &body, &token)?)
            .map_err(|kind| item::about_api(id, format!("its schema is {kind}, not an OpenAPI document")).at(&url))?;
        Ok(Tagged { tag, value })
    }

    async fn products(&self, listed: &[Product], before: &Answers, answers: &mut Answers) -> Reading {
        let pending: Vec<_> = listed
            .iter()
            .enumerate()
            .map(|(at, product)| (at, product.clone(), before.versions.get(&product.id).cloned()))
            .collect();
        let versions = stream::iter(pending.into_iter().map(|(at, product, known)| async move {
            let versions = self.versions_of(product, known.clone()).await;
            (at, versions, known)
        }));
        let mut versions = versions.buffer_unordered(self.concurrency.get());
        let mut read: Vec<Option<Result<Vec<Api>, PortalError>>> = listed.iter().map(|_| None).collect();
        while let Some((at, versions, known)) = versions.next().await {
            if let Some(answer) = versions.as_ref().ok().cloned().or(known) {
                answers.versions.insert(listed[at].id.clone(), answer);
            }
            read[at] = Some(versions.map(|versions| versions.value.apis.clone()));
        }
        let found = listed.iter().zip(read).map(|(product, versions)| FoundProduct {
            id: product.id.clone(),
            versions: versions.expect("every product's versions were asked for"),
        });
        Reading::Products(found.collect())
    }

    /// A product's versions, or what is known of them where neither they nor the product have been modified.
    async fn versions_of(
        &self,
        product: Product,
        known: Option<Tagged<Arc<Versions>>>,
    ) -> Result<Tagged<Arc<Versions>>, PortalError> {
        let known = known.filter(|known| known.value.product == product);
        let url = self.server.under(&format!("/api-products/{}/versions", path_segment(&product.id)));
        let (answer, token) = self.requests.get(&url, known.as_ref().and_then(|known| known.tag.as_ref())).await?;
        if let Some(known) = known.filter(|known| is_unmodified(&answer, known)) {
            return Ok(known);
        }
        let tag = tag(&answer);
        let body = ok_body(&url, answer, &token)?;
        json(&url, &body, &token)?;
        let apis = Items::read(&body).and_then(|items| versions(&items, &product));
        let apis = apis.map_err(|problem| problem.at(&url))?;
        Ok(Tagged { tag, value: Arc::new(Versions { product, apis }) })
    }

    /// Asks for a family's list and tells whether the portal has one there.
    async fn list(&self, family: Family, before: &Answers) -> Result<ListAnswer, PortalError> {
        let url = self.server.under(family.path());
        let known = before.list(family);
        let (answer, token) = self.requests.get(&url, known.and_then(|known| known.tag.as_ref())).await?;
        if let Some(known) = known.filter(|known| is_unmodified(&answer, known)) {
            return Ok(ListAnswer::List(known.clone()));
        }
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(ListAnswer::NotHere(error::status_and_message(&answer, token.expose())));
        }
        let tag = tag(&answer);
        let body = ok_body(&url, answer, &token)?;
        let value = json(&url, &body, &token)?;
        if !value.get().starts_with('[') {
            let message = error::message(&body, token.expose());
            return Ok(ListAnswer::NotHere(format!("{}, {message}", StatusCode::OK)));
        }
        let list = Items::read(&body).and_then(|items| match family {
            Family::GlooMesh if !items.are_products() => items.mesh_apis().map(List::Apis),
            _ => items.products().map(List::Products),
        });
        let list = list.map_err(|problem| problem.at(&url))?;
        Ok(ListAnswer::List(Tagged { tag, value: Arc::new(list) }))
    }
}

/// Whether the portal says that what it answered before still holds. Only who was asked with a tag may say so.
fn is_unmodified<T>(answer: &Answer, known: &Tagged<T>) -> bool {
    answer.status() == StatusCode::NOT_MODIFIED && known.tag.is_some()
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
