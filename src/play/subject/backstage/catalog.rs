//! A Backstage's catalog, read by its REST API (`GET /api/catalog/entities/by-query`, in pages).

use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};
use understudy_provider::{HttpClient, HttpError};
use url::Url;

/// How many entities a page has.
const PAGE: &str = "250";
/// The annotation that says where a provider has an entity from.
const LOCATION: &str = "backstage.io/managed-by-location";

/// The catalog of a Backstage, as far as it comes from one portal.
#[derive(Debug)]
pub(super) struct Catalog {
    url: Url,
    token: Option<SecretString>,
    client: HttpClient,
    /// `url:` and the portal's base URL.
    location: String,
}

/// Why the catalog could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum CatalogError {
    /// The backend could not be reached, or broke off.
    #[error("the catalog can't be read: {0}")]
    Http(#[from] HttpError),
    /// The caller was turned away.
    #[error(
        "the catalog at {url} answered {status}: set BACKSTAGE_TOKEN to a static token that `backend.auth.externalAccess` \
         of that Backstage allows"
    )]
    Refused {
        /// What was asked.
        url: Url,
        /// `401` or `403`.
        status: StatusCode,
    },
    /// The answer is no page of entities.
    #[error("the catalog at {url} answered {status}, and no page of entities: is this the URL of a Backstage backend?")]
    NoPage {
        /// What was asked.
        url: Url,
        /// The answer's status.
        status: StatusCode,
    },
}

impl CatalogError {
    /// Whether it may be over in a moment.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Http(_) => true,
            Self::Refused { .. } => false,
            Self::NoPage { status, .. } => status.is_server_error(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Value>,
    #[serde(default)]
    page_info: PageInfo,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    next_cursor: Option<String>,
}

impl Catalog {
    /// The catalog of the Backstage at `url`; of it, what comes from the portal at `portal_url` (without `/v1`).
    pub(super) fn new(url: Url, token: Option<SecretString>, client: HttpClient, portal_url: &str) -> Self {
        Self { url, token, client, location: format!("url:{}", portal_url.trim_end_matches('/')) }
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// The entities that come from the portal, as their provider gave them, in the order of their references.
    pub(super) async fn read(&self) -> Result<Vec<Value>, CatalogError> {
        let mut entities = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = self.page(cursor.as_deref()).await?;
            entities.extend(page.items.into_iter().filter(|entity| self.is_ours(entity)).map(as_given));
            match page.page_info.next_cursor {
                Some(next) if cursor.as_ref() != Some(&next) => cursor = Some(next),
                _ => break,
            }
        }
        entities.sort_by_cached_key(|entity| {
            let text = |pointer| entity.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_lowercase();
            (text("/kind"), text("/metadata/namespace"), text("/metadata/name"))
        });
        Ok(entities)
    }

    async fn page(&self, cursor: Option<&str>) -> Result<Page, CatalogError> {
        let mut url = self.url.clone();
        let path = format!("{}/api/catalog/entities/by-query", url.path().trim_end_matches('/'));
        url.set_path(&path);
        let asked = url.clone();
        url.query_pairs_mut().append_pair("limit", PAGE);
        // A cursor holds the order of the pages that it goes on from.
        match cursor {
            Some(cursor) => url.query_pairs_mut().append_pair("cursor", cursor),
            None => url.query_pairs_mut().append_pair("orderField", "metadata.name,asc"),
        };
        let answer = self.client.get(url, self.token.as_ref()).await?;
        match answer.status() {
            StatusCode::OK => serde_json::from_slice(answer.body())
                .map_err(|_| CatalogError::NoPage { url: asked, status: StatusCode::OK }),
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                Err(CatalogError::Refused { url: asked, status })
            }
            status => Err(CatalogError::NoPage { url: asked, status }),
        }
    }

    fn is_ours(&self, entity: &Value) -> bool {
        let location = entity["metadata"]["annotations"][LOCATION].as_str();
        location
            .and_then(|location| location.strip_prefix(&self.location))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// An entity without what the catalog has added to it: ids, the default namespace, relations, status, and where a page
/// links to.
fn as_given(mut entity: Value) -> Value {
    if let Some(members) = entity.as_object_mut() {
        members.remove("relations");
        members.remove("status");
    }
    if let Some(metadata) = entity.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("uid");
        metadata.remove("etag");
        if metadata.get("namespace").is_some_and(|namespace| namespace == "default") {
            metadata.remove("namespace");
        }
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            remove_links(annotations);
        }
    }
    entity
}

/// The links to view and edit what is at a URL, where they are the location itself: the catalog makes them of it.
fn remove_links(annotations: &mut Map<String, Value>) {
    let location = annotations.get(LOCATION).and_then(Value::as_str).unwrap_or_default().to_owned();
    for link in ["backstage.io/view-url", "backstage.io/edit-url", "backstage.io/source-location"] {
        let target = annotations.get(link).and_then(Value::as_str).unwrap_or_default();
        if location == target || location.strip_prefix("url:") == Some(target) {
            annotations.remove(link);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::Router;
    use axum::routing::get;
    use http::{HeaderMap, Uri};
    use serde_json::json;

    use super::*;

    const PORTAL: &str = "http://localhost:31080";

    fn entity(name: &str, location: &str) -> Value {
        json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "API",
            "metadata": {
                "name": name, "namespace": "default", "uid": "1", "etag": "2",
                "annotations": {
                    (LOCATION): location,
                    "backstage.io/view-url": location.trim_start_matches("url:"),
                },
            },
            "relations": [], "spec": { "type": "openapi" },
        })
    }

    /// A catalog of three pages, for those with the token.
    async fn catalog(token: &str) -> Catalog {
        let page = |uri: Uri, headers: HeaderMap| async move {
            if headers.get("authorization").is_none_or(|header| header != "Bearer good") {
                return Err(StatusCode::UNAUTHORIZED);
            }
            let ours = format!("url:{PORTAL}/v1/apis");
            let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
            let cursor = query.into_owned().find_map(|(key, value)| (key == "cursor").then_some(value));
            let page = match cursor.as_deref() {
                None => json!({ "items": [entity("b", &ours)], "pageInfo": { "nextCursor": "2/=" } }),
                Some("2/=") => json!({
                    "items": [entity("c", "url:http://localhost:310801/v1"), entity("d", "file:/x")],
                    "pageInfo": { "nextCursor": "3", "prevCursor": "1" },
                }),
                Some(_) => json!({ "items": [entity("a", &ours)], "totalItems": 4, "pageInfo": {} }),
            };
            Ok(page.to_string())
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/api/catalog/entities/by-query", get(page));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let client = HttpClient::with_limits(Duration::from_secs(30), 1_000_000);
        Catalog::new(Url::parse(&url).unwrap(), Some(token.into()), client, PORTAL)
    }

    #[tokio::test]
    async fn all_pages_are_read_and_what_comes_from_elsewhere_is_left_out() {
        let entities = catalog("good").await.read().await.unwrap();
        let names: Vec<_> = entities.iter().map(|entity| &entity["metadata"]["name"]).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[tokio::test]
    async fn an_entity_is_what_its_provider_gave() {
        let entities = catalog("good").await.read().await.unwrap();
        let given = json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "API",
            "metadata": { "name": "a", "annotations": { (LOCATION): format!("url:{PORTAL}/v1/apis") } },
            "spec": { "type": "openapi" },
        });
        assert_eq!(entities[0], given);
    }

    #[tokio::test]
    async fn who_is_turned_away_is_told_which_token_is_wanted() {
        let error = catalog("bad").await.read().await.unwrap_err();
        assert!(!error.may_pass());
        insta::with_settings!({filters => vec![(r"127\.0\.0\.1:\d+", "HOST")]}, {
            insta::assert_snapshot!(error, @"the catalog at http://HOST/api/catalog/entities/by-query answered 401 Unauthorized: set BACKSTAGE_TOKEN to a static token that `backend.auth.externalAccess` of that Backstage allows");
        });
    }
}
