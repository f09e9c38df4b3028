//! What a portal answers to all that can be asked about its APIs, byte for byte, and in which order it was asked.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use http::StatusCode;
use serde_json::value::RawValue;
use understudy_provider::{Config, HttpClient, PortalClient, PortalError, TokenSource};

use super::error::RecordError;

/// An item of a list, its members as they came; the last of two with one name.
pub(super) type Members<'a> = BTreeMap<String, &'a RawValue>;

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    /// `/apis`
    Apis,
    /// `/apis/{id}/schema`
    Schema,
    /// `/usage-plans`
    UsagePlans,
    /// `/api-products`
    Products,
    /// `/api-products/{id}`
    Product,
    /// `/api-products/{id}/versions`
    Versions,
}

/// An answer of the portal.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) asked: Asked,
    /// The segments of the path under the portal's URL.
    pub(super) path: Vec<String>,
    pub(super) status: StatusCode,
    pub(super) body: String,
}

impl Answer {
    /// The path, to be shown.
    pub(super) fn shown(&self) -> String {
        self.path.iter().map(|segment| format!("/{segment}")).collect()
    }
}

/// The answers of one portal.
#[derive(Clone, Debug)]
pub(super) struct Answers(pub(super) Vec<Answer>);

impl Answers {
    /// Asks a portal for everything that its contract has to read.
    pub(super) async fn of(
        config: &Config,
        http: HttpClient,
        tokens: Arc<dyn TokenSource>,
    ) -> Result<Self, RecordError> {
        let client = PortalClient::new(config, http, tokens);
        let asking = Asking { client, at_once: config.concurrency.get() };
        let apis = asking.any(Asked::Apis, &["apis"]).await?;
        let list = if apis.status == StatusCode::OK { items(&apis.body) } else { None };
        match list {
            // As a sync tells the families apart.
            Some(list) if list.first().is_none_or(|first| !has(first, "id")) => {
                let ids = ids_without_document(&list);
                let mut answers = vec![];
                answers.extend(asking.each(ids, Asked::Schema, |id| vec!["apis".into(), id, "schema".into()]).await?);
                answers.push(asking.any(Asked::UsagePlans, &["usage-plans"]).await?);
                answers.insert(0, apis);
                Ok(Self(answers))
            }
            _ => {
                let products = match list {
                    Some(_) => Answer { asked: Asked::Products, ..apis.clone() },
                    None => asking.good(Asked::Products, &["api-products"]).await?,
                };
                let ids = items(&products.body).ok_or_else(|| RecordError::Changed(products.shown()))?;
                let ids: Vec<String> = ids.iter().filter_map(|item| text(item, "id")).collect();
                let mut answers = if products.path == apis.path { vec![products] } else { vec![apis, products] };
                answers.extend(asking.each(ids.clone(), Asked::Product, |id| vec!["api-products".into(), id]).await?);
                let versions = |id| vec!["api-products".into(), id, "versions".into()];
                answers.extend(asking.each(ids, Asked::Versions, versions).await?);
                Ok(Self(answers))
            }
        }
    }

    /// The first answer to such a question.
    pub(super) fn first(&self, asked: Asked) -> Option<&Answer> {
        self.0.iter().find(|answer| answer.asked == asked)
    }
}

struct Asking {
    client: PortalClient,
    at_once: usize,
}

impl Asking {
    /// The answer, whatever its status.
    async fn any(&self, asked: Asked, path: &[&str]) -> Result<Answer, PortalError> {
        let answer = self.client.answer(path).await?;
        let status = answer.status();
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        Ok(Answer { asked, path: path.iter().map(|&segment| segment.to_owned()).collect(), status, body })
    }

    /// The answer, which has to be a good one.
    async fn good(&self, asked: Asked, path: &[&str]) -> Result<Answer, PortalError> {
        let body = String::from_utf8_lossy(&self.client.body(path).await?).into_owned();
        Ok(Answer {
            asked,
            path: path.iter().map(|&segment| segment.to_owned()).collect(),
            status: StatusCode::OK,
            body,
        })
    }

    /// The answers about all of these ids, in their order.
    async fn each(
        &self,
        ids: Vec<String>,
        asked: Asked,
        path: impl Fn(String) -> Vec<String>,
    ) -> Result<Vec<Answer>, RecordError> {
        let answers = stream::iter(ids.into_iter().map(path).map(|path| async move {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            match asked {
                Asked::Versions => self.good(asked, &path).await,
                _ => self.any(asked, &path).await,
            }
        }));
        Ok(answers.buffered(self.at_once).try_collect().await?)
    }
}

/// The items of a list of objects; none where it is something else.
pub(super) fn items(body: &str) -> Option<Vec<Members<'_>>> {
    serde_json::from_str(body).ok()
}

/// The versions of a product in a grouped list.
pub(super) fn versions<'a>(item: &Members<'a>) -> Option<Vec<Members<'a>>> {
    item.get("apiVersions").and_then(|versions| serde_json::from_str(versions.get()).ok())
}

/// A member that is a text.
pub(super) fn text(item: &Members<'_>, member: &str) -> Option<String> {
    item.get(member).and_then(|value| serde_json::from_str(value.get()).ok())
}

/// Whether a member is there, and not `null`.
pub(super) fn has(item: &Members<'_>, member: &str) -> bool {
    item.get(member).is_some_and(|value| value.get() != "null")
}

/// Whether JavaScript takes a member for true, as the plugin asks (ECMA-262, ToBoolean).
pub(super) fn is_true(item: &Members<'_>, member: &str) -> bool {
    item.get(member).is_some_and(|value| match value.get() {
        "null" | "false" | "\"\"" => false,
        number => number.parse::<f64>() != Ok(0.0),
    })
}

/// The ids whose documents are not in the list, and not told to be missing: a sync asks for those. Each once.
fn ids_without_document(list: &[Members<'_>]) -> Vec<String> {
    let is_grouped = list.first().is_some_and(|first| has(first, "apiVersions"));
    let (mut ids, mut seen) = (Vec::new(), HashSet::new());
    let mut add = |item: &Members<'_>| {
        if !is_true(item, "openapiSpec")
            && !is_true(item, "openapiSpecFetchErr")
            && let Some(id) = text(item, "apiId")
            && seen.insert(id.clone())
        {
            ids.push(id);
        }
    };
    for item in list {
        match versions(item).filter(|_| is_grouped) {
            Some(versions) => versions.iter().for_each(&mut add),
            None => add(item),
        }
    }
    ids
}
