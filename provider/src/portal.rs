//! Reads a portal's APIs: both families, and both shapes of the older one.

mod answers;
mod error;
mod item;
mod listing;
mod pause;
mod plans;
mod reading;
mod request;
mod time_limit;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

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
pub use listing::{Api, Definition, Facts, Family, Listing};
pub use plans::{Limit, UsagePlan, UsagePlans};
pub(crate) use reading::{FoundApi, FoundProduct, Reading};
pub use reading::{Survey, Unread};
use request::Requests;
use time_limit::TimeLimit;

/// Reads the APIs of a portal.
#[derive(Clone, Debug)]
pub struct PortalClient {
    server: ServerUrl,
    requests: Requests,
    concurrency: NonZeroUsize,
    /// How long a whole sync has, in real time.
    sync_timeout: Duration,
}

/// What the request for a list tells.
enum ListAnswer {
    /// A list, whatever is in it.
    List(Tagged<Arc<List>>),
    /// Nothing of this family is here; the text says what came instead.
    NotHere(String),
}

/// What came of one API's document.
type Schema = Result<Tagged<Definition>, PortalError>;

impl PortalClient {
    /// A client of the configuration's portal, which shows it tokens from `tokens`. Nothing is asked yet.
    #[must_use]
    pub fn new(config: &Config, http: HttpClient, tokens: Arc<dyn TokenSource>) -> Self {
        Self {
            server: config.portal.clone(),
            requests: Requests::new(http, tokens),
            concurrency: config.concurrency,
            sync_timeout: config.schedule.timeout,
        }
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
        let (reading, _) = self.read_within(TimeLimit::NONE, &Answers::default()).await?;
        reading.whole()
    }

    /// What the portal answers to a `GET` of something under its URL, as it came and whatever the status: for who wants more
    /// of it than a [`Listing`] has. It is asked as a sync asks: with a token, again where that fails in passing, along
    /// redirects that stay with the portal.
    ///
    /// # Errors
    /// When there is no token, when the portal can't be reached, and when it points elsewhere.
    pub async fn answer(&self, segments: &[&str]) -> Result<::http::Response<Vec<u8>>, PortalError> {
        Ok(self.requests.get(&self.server.at(segments), None).await?.0)
    }

    /// The body of such an answer, where its status is 200.
    ///
    /// # Errors
    /// As with [`answer`](Self::answer), and when the status is another one: the error of a sync that asks for the same.
    pub async fn body(&self, segments: &[&str]) -> Result<Vec<u8>, PortalError> {
        let url = self.server.at(segments);
        let (answer, token) = self.requests.get(&url, None).await?;
        ok_body(&url, answer, &token)
    }

    /// Reads what there is, as [`fetch`](Self::fetch) does, but goes on where an API's document or a product's versions
    /// can't be read, or not within nine tenths of the schedule's `timeout`: what the first sync of a
    /// [`Provider`](crate::Provider) goes by.
    ///
    /// # Errors
    /// When the list can't be read.
    pub async fn survey(&self) -> Result<Survey, PortalError> {
        Ok(self.read(&Answers::default()).await?.0.surveyed())
    }

    /// Reads what there is, as [`fetch`](Self::fetch) does, but goes on where an API's document or a product's versions
    /// can't be read, or not in time. What has not been modified since `before` is taken from there. Answers the reading, and
    /// what is to be handed in the next time.
    ///
    /// # Errors
    /// When the list can't be read.
    pub(crate) async fn read(&self, before: &Answers) -> Result<(Reading, Answers), PortalError> {
        // Something is left for who gives a sync up that has taken all of its time.
        self.read_within(TimeLimit::from_now_on(self.sync_timeout / 10 * 9), before).await
    }

    async fn read_within(&self, limit: TimeLimit, before: &Answers) -> Result<(Reading, Answers), PortalError> {
        let mut answers = Answers::default();
        let (family, list) = self.detect(limit, before).await?;
        answers.keep_list(family, list.clone());
        let reading = match &*list.value {
            List::Apis(apis) => self.apis(limit, apis, before, &mut answers).await,
            List::Products(products) => self.products(limit, products, before, &mut answers).await,
        };
        Ok((reading, answers))
    }

    /// The portal's list, and the family at whose path it is. Each sync looks for it afresh, so that nothing follows from
    /// a wrong answer but for that sync.
    async fn detect(&self, limit: TimeLimit, before: &Answers) -> Result<(Family, Tagged<Arc<List>>), PortalError> {
        let not_mesh = match self.list(limit, Family::GlooMesh, before).await? {
            ListAnswer::List(list) => return Ok((Family::GlooMesh, list)),
            ListAnswer::NotHere(answer) => answer,
        };
        match self.list(limit, Family::GlooGateway, before).await? {
            ListAnswer::List(list) => Ok((Family::GlooGateway, list)),
            ListAnswer::NotHere(not_gateway) => {
                Err(PortalError::NoPortal { server: self.server.clone(), not_mesh, not_gateway })
            }
        }
    }

    async fn apis(&self, limit: TimeLimit, listed: &[MeshApi], before: &Answers, answers: &mut Answers) -> Reading {
        let pending: Vec<_> = listed
            .iter()
            .enumerate()
            .filter(|(_, api)| api.definition.is_none())
            .map(|(at, api)| (at, api.id.clone(), before.schemas.get(&api.id).cloned()))
            .collect();
        let schemas = stream::iter(pending.into_iter().map(|(at, id, known)| async move {
            let schema = self.schema(&id, known).await;
            (at, schema)
        }));
        // As they come: one that hangs must not hold up those behind it.
        let mut schemas = schemas.buffer_unordered(self.concurrency.get());
        let mut read: Vec<Option<Schema>> = listed.iter().map(|_| None).collect();
        while let Some(Some((at, schema))) = limit.within(schemas.next()).await {
            read[at] = Some(schema);
        }
        let mut found = Vec::with_capacity(listed.len());
        for (api, schema) in listed.iter().zip(read) {
            let MeshApi { id, version, description, definition, facts } = api.clone();
            let (definition, failure) = match (definition, schema) {
                (Some(definition), _) => (definition, None),
                (None, Some(Ok(schema))) => {
                    answers.schemas.insert(id.clone(), schema.clone());
                    (schema.value, None)
                }
                (None, failure) => {
                    // What was answered before is still good for being asked for.
                    answers
                        .schemas
                        .extend(before.schemas.get_key_value(&id).map(|(id, known)| (id.clone(), known.clone())));
                    let failure = failure.and_then(Result::err).unwrap_or_else(|| limit.over(&self.schema_url(&id)));
                    (Definition::Missing(Some(failure.to_string())), Some(failure))
                }
            };
            found.push(FoundApi { api: Api { id, version, description, definition, facts }, failure });
        }
        Reading::Apis(found)
    }

    /// An API's document, or what is known of it where that has not been modified.
    async fn schema(&self, id: &str, known: Option<Tagged<Definition>>) -> Schema {
        let url = self.schema_url(id);
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

    async fn products(&self, limit: TimeLimit, listed: &[Product], before: &Answers, answers: &mut Answers) -> Reading {
        let pending: Vec<_> = listed
            .iter()
            .enumerate()
            .map(|(at, product)| (at, product.clone(), before.versions.get(&product.id).cloned()))
            .collect();
        let versions = stream::iter(pending.into_iter().map(|(at, product, known)| async move {
            let versions = self.versions_of(product, known).await;
            (at, versions)
        }));
        let mut versions = versions.buffer_unordered(self.concurrency.get());
        let mut read: Vec<Option<Result<Tagged<Arc<Versions>>, PortalError>>> = listed.iter().map(|_| None).collect();
        while let Some(Some((at, versions))) = limit.within(versions.next()).await {
            read[at] = Some(versions);
        }
        let mut found = Vec::with_capacity(listed.len());
        for (Product { id, .. }, versions) in listed.iter().zip(read) {
            let versions = versions.unwrap_or_else(|| Err(limit.over(&self.versions_url(id))));
            if let Some(answer) = versions.as_ref().ok().or(before.versions.get(id)) {
                answers.versions.insert(id.clone(), answer.clone());
            }
            found.push(FoundProduct { id: id.clone(), versions: versions.map(|versions| versions.value.apis.clone()) });
        }
        Reading::Products(found)
    }

    fn schema_url(&self, id: &str) -> Url {
        self.server.at(&["apis", id, "schema"])
    }

    fn versions_url(&self, product: &str) -> Url {
        self.server.at(&["api-products", product, "versions"])
    }

    /// A product's versions, or what is known of them where neither they nor the product have been modified.
    async fn versions_of(
        &self,
        product: Product,
        known: Option<Tagged<Arc<Versions>>>,
    ) -> Result<Tagged<Arc<Versions>>, PortalError> {
        let known = known.filter(|known| known.value.product == product);
        let url = self.versions_url(&product.id);
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
    async fn list(&self, limit: TimeLimit, family: Family, before: &Answers) -> Result<ListAnswer, PortalError> {
        let url = self.server.under(family.path());
        let known = before.list(family);
        let answer = self.requests.get(&url, known.and_then(|known| known.tag.as_ref()));
        let (answer, token) = limit.within(answer).await.unwrap_or_else(|| Err(limit.over(&url)))?;
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
