//! What a Backstage's catalog holds of one portal.

use secrecy::SecretString;
use serde_json::{Map, Value};
use understudy_provider::HttpClient;
use url::Url;

use crate::backstage::{CatalogError, LOCATION, Pages};

/// The catalog of a Backstage, as far as it comes from one portal.
#[derive(Debug)]
pub(super) struct Catalog {
    url: Url,
    token: Option<SecretString>,
    client: HttpClient,
    /// `url:` and the portal's base URL.
    location: String,
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
        let mut pages = Pages::of(&self.url);
        while pages.take(&self.client.get(pages.url(), self.token.as_ref()).await?)? {}
        let mut entities: Vec<Value> =
            pages.entities().into_iter().filter(|entity| self.is_ours(entity)).map(as_given).collect();
        entities.sort_by_cached_key(|entity| {
            let text = |pointer| entity.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_lowercase();
            (text("/kind"), text("/metadata/namespace"), text("/metadata/name"))
        });
        Ok(entities)
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
    use http::{HeaderMap, StatusCode, Uri};
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
