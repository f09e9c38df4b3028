//! A Backstage's catalog as its REST API tells it, page by page: `GET /api/catalog/entities/by-query`, and where an older
//! backend has no such route, `GET /api/catalog/entities`.

use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use understudy_provider::HttpError;
use url::Url;

/// How many entities a page has.
const PAGE: &str = "250";
/// The annotation that says where a provider has an entity from.
pub(crate) const LOCATION: &str = "backstage.io/managed-by-location";

/// Why the catalog could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CatalogError {
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
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Http(_) => true,
            Self::Refused { .. } => false,
            Self::NoPage { status, .. } => status.is_server_error(),
        }
    }
}

/// The pages of a catalog, one after the other.
#[derive(Debug)]
pub(crate) struct Pages {
    backend: Url,
    next: Next,
    entities: Vec<Value>,
}

#[derive(Debug)]
enum Next {
    First,
    /// The cursor holds the order of the pages that it goes on from.
    After(String),
    /// All on one page, from a backend that has no pages.
    All,
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

impl Pages {
    /// The catalog of the Backstage whose backend is at `backend`, such as `http://localhost:7007`.
    pub(crate) fn of(backend: &Url) -> Self {
        Self { backend: backend.clone(), next: Next::First, entities: Vec::new() }
    }

    /// What is to be asked next.
    pub(crate) fn url(&self) -> Url {
        if matches!(self.next, Next::All) {
            return under(&self.backend, "/api/catalog/entities");
        }
        let mut url = under(&self.backend, "/api/catalog/entities/by-query");
        let (key, value) = match &self.next {
            Next::After(cursor) => ("cursor", cursor.as_str()),
            Next::First | Next::All => ("orderField", "metadata.name,asc"),
        };
        url.query_pairs_mut().append_pair("limit", PAGE).append_pair(key, value);
        url
    }

    /// Takes an answer to that, and tells whether there is more to ask.
    ///
    /// # Errors
    /// When the caller was turned away, or it is no page of entities.
    pub(crate) fn take(&mut self, answer: &Response<Vec<u8>>) -> Result<bool, CatalogError> {
        let mut url = self.url();
        url.set_query(None);
        let no_page = |status| CatalogError::NoPage { url: url.clone(), status };
        match answer.status() {
            StatusCode::OK if matches!(self.next, Next::All) => {
                self.entities = serde_json::from_slice(answer.body()).map_err(|_| no_page(StatusCode::OK))?;
                Ok(false)
            }
            StatusCode::OK => {
                let page: Page = serde_json::from_slice(answer.body()).map_err(|_| no_page(StatusCode::OK))?;
                self.entities.extend(page.items);
                let is_new = |next: &String| !matches!(&self.next, Next::After(cursor) if cursor == next);
                let next = page.page_info.next_cursor.filter(is_new);
                let has_more = next.is_some();
                self.next = next.map_or(Next::First, Next::After);
                Ok(has_more)
            }
            StatusCode::NOT_FOUND if matches!(self.next, Next::First) => {
                self.next = Next::All;
                Ok(true)
            }
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Err(CatalogError::Refused { url, status }),
            status => Err(no_page(status)),
        }
    }

    /// All entities that were taken, as they came.
    pub(crate) fn entities(self) -> Vec<Value> {
        self.entities
    }
}

/// A path under the URL of a backend, which may have a path of its own.
pub(crate) fn under(backend: &Url, path: &str) -> Url {
    let mut url = backend.clone();
    url.set_path(&format!("{}{path}", backend.path().trim_end_matches('/')));
    url
}
