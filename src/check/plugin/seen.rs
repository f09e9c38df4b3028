//! What a portal answered to the requests of a sync, as far as the plugin goes by it: kinds of JSON, not their content.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;
use understudy_provider::Exchange;

/// The answers of one sync, by their paths under the portal's URL.
#[derive(Debug, Default)]
pub(in crate::check) struct Seen(BTreeMap<String, Answer>);

/// One answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) body: Body,
    pub(super) elapsed: Duration,
}

/// What a body is to who parses it as JSON and does not look at the status.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// An array, and what its items are.
    List(Vec<Item>),
    /// An object, and whether the status says that it is an error.
    Object { is_error: bool },
    /// A string.
    Text,
    /// Another value.
    Value,
    /// No JSON, or no answer.
    Nothing,
}

/// An item of a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    pub(super) id: Option<String>,
    pub(super) api_id: Option<String>,
    pub(super) has_product: bool,
    pub(super) versions: Option<Vec<Item>>,
    pub(super) document: Document,
    pub(super) has_fetch_error: bool,
}

/// What an item has for its document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Document {
    /// Nothing, or what JavaScript takes for false.
    #[default]
    None,
    /// A string.
    Text,
    /// Anything else.
    Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    api_id: Option<&'a RawValue>,
    api_product_id: Option<&'a RawValue>,
    api_versions: Option<Vec<&'a RawValue>>,
    openapi_spec: Option<&'a RawValue>,
    api_spec: Option<&'a RawValue>,
    openapi_spec_fetch_err: Option<&'a RawValue>,
}

impl Seen {
    /// Takes down an answer; one that is asked for again takes its place.
    pub(in crate::check) fn take(&mut self, path: &str, exchange: &Exchange<'_>) {
        let body = exchange.result.map_or(Body::Nothing, |answer| body(answer.body(), answer.status().as_u16() >= 400));
        self.0.insert(path.to_owned(), Answer { body, elapsed: exchange.elapsed });
    }

    /// The items of the list at a path.
    pub(super) fn list(&self, path: &str) -> Option<&[Item]> {
        match &self.0.get(path)?.body {
            Body::List(items) => Some(items),
            _ => None,
        }
    }

    /// The answer to the request for what belongs to an id: `/apis/{id}/schema`.
    pub(super) fn of(&self, list: &str, id: &str, what: &str) -> Option<&Answer> {
        self.0.get(&format!("{list}/{}/{what}", segment(id)))
    }

    /// How long each request took but for the lists', from the shortest on.
    pub(super) fn spans(&self) -> Vec<Duration> {
        let details = self.0.iter().filter(|(path, _)| path.matches('/').count() > 1);
        let mut spans: Vec<Duration> = details.map(|(_, answer)| answer.elapsed).collect();
        spans.sort_unstable();
        spans
    }
}

/// An id as one segment of a path, as the provider asks for it (RFC 3986 section 3.3).
fn segment(id: &str) -> String {
    id.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

pub(super) fn body(body: &[u8], is_error: bool) -> Body {
    let Ok(value) = serde_json::from_slice::<&RawValue>(body) else { return Body::Nothing };
    match value.get().as_bytes().first() {
        Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(value.get()) {
            Ok(items) => Body::List(items.into_iter().map(item).collect()),
            Err(_) => Body::Nothing,
        },
        Some(b'{') => Body::Object { is_error },
        Some(b'"') => Body::Text,
        _ => Body::Value,
    }
}

fn item(value: &RawValue) -> Item {
    // Only an object: a derived struct would also read an array.
    let members = value.get().starts_with('{').then(|| serde_json::from_str::<Members<'_>>(value.get()).ok()).flatten();
    let Some(members) = members else { return Item::default() };
    let text = |value: Option<&RawValue>| value.and_then(|value| serde_json::from_str(value.get()).ok());
    let document = match members.openapi_spec.or(members.api_spec).map(RawValue::get) {
        None | Some("null" | "false" | "0" | "\"\"") => Document::None,
        Some(text) if text.starts_with('"') => Document::Text,
        Some(_) => Document::Value,
    };
    let is_true = |value: &RawValue| !matches!(value.get(), "null" | "false" | "0" | "\"\"");
    Item {
        id: text(members.id),
        api_id: text(members.api_id),
        has_product: members.api_product_id.is_some_and(is_true),
        versions: members.api_versions.map(|versions| versions.into_iter().map(item).collect()),
        document,
        has_fetch_error: members.openapi_spec_fetch_err.is_some_and(is_true),
    }
}
