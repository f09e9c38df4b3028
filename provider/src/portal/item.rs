//! The items of a portal's lists: which family and shape they are of, and what is read of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use super::PortalError;
use super::listing::{Api, Definition, Facts};
use crate::json;
use crate::quote::{self, ShownUrl};

/// The members that are read of an item, whichever kind it is of; `null` counts as not there.
///
/// They stay text until each is asked for, so that a mistake can be told with the item's name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    name: Option<&'a RawValue>,
    description: Option<&'a RawValue>,
    api_id: Option<&'a RawValue>,
    api_product_id: Option<&'a RawValue>,
    api_version: Option<&'a RawValue>,
    api_versions: Option<&'a RawValue>,
    openapi_spec: Option<&'a RawValue>,
    openapi_spec_fetch_err: Option<&'a RawValue>,
    api_spec: Option<&'a RawValue>,
    api_spec_error: Option<&'a RawValue>,
    api_product_display_name: Option<&'a RawValue>,
    title: Option<&'a RawValue>,
    documentation: Option<&'a RawValue>,
    contact: Option<&'a RawValue>,
    license: Option<&'a RawValue>,
    terms_of_service: Option<&'a RawValue>,
    lifecycle: Option<&'a RawValue>,
    status: Option<&'a RawValue>,
    usage_plans: Option<&'a RawValue>,
    api_key_enabled: Option<&'a RawValue>,
    oauth_enabled: Option<&'a RawValue>,
    custom_metadata: Option<&'a RawValue>,
    api_product_metadata: Option<&'a RawValue>,
    product_version_metadata: Option<&'a RawValue>,
}

/// A list that a portal answered.
pub(super) struct Items<'a>(Vec<Members<'a>>);

/// A version of Gloo Mesh Gateway, whose document may still have to be asked for.
#[derive(Clone, Debug)]
pub(super) struct MeshApi {
    pub(super) id: String,
    pub(super) version: Option<String>,
    pub(super) description: Option<String>,
    pub(super) definition: Option<Definition>,
    pub(super) facts: Arc<Facts>,
}

/// A product of Gloo Gateway, whose versions still have to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Product {
    pub(super) id: String,
    description: Option<String>,
    /// What is known of all its versions.
    facts: Facts,
}

/// An item that cannot be understood, and why.
#[derive(Debug)]
pub(super) struct ItemProblem {
    item: String,
    problem: String,
}

impl ItemProblem {
    /// The problem as an error of the URL whose answer has it.
    pub(super) fn at(self, url: &Url) -> PortalError {
        PortalError::Item { url: ShownUrl::of(url), item: self.item, problem: self.problem }
    }
}

/// A problem of the API with this id.
pub(super) fn about_api(id: &str, problem: String) -> ItemProblem {
    ItemProblem { item: format!("API {}", quote::name(id)), problem }
}

impl<'a> Items<'a> {
    /// Reads a JSON array of objects.
    pub(super) fn read(body: &'a [u8]) -> Result<Self, ItemProblem> {
        // The parser's own words are not told: they may quote what the portal echoes.
        let not_a_list = |_| ItemProblem { item: "the list".to_owned(), problem: "it is no JSON array".to_owned() };
        let items = serde_json::from_slice(body).map_err(not_a_list)?;
        Self::read_all(items, |at| format!("item [{at}]"))
    }

    fn read_all(items: Vec<&'a RawValue>, name: impl Fn(usize) -> String) -> Result<Self, ItemProblem> {
        let items = items.into_iter().enumerate().map(|(at, item)| {
            let problem = |problem: String| ItemProblem { item: name(at), problem };
            if !json::is_object(item) {
                return Err(problem(format!("it is {}, not an object", json::kind(item.get()))));
            }
            serde_json::from_str(item.get()).map_err(|error| problem(error.to_string()))
        });
        items.collect::<Result<_, _>>().map(Self)
    }

    /// Whether these are Gloo Gateway's products: the first item has an `id`, as the plugin tells them apart.
    pub(super) fn are_products(&self) -> bool {
        self.0.first().is_some_and(|first| first.id.is_some())
    }

    /// Reads Gloo Mesh Gateway's list, grouped by product (2.5 and later) or flat (2.4).
    pub(super) fn mesh_apis(&self) -> Result<Vec<MeshApi>, ItemProblem> {
        let grouped = self.0.first().is_some_and(|first| first.api_versions.is_some());
        let mut apis = Vec::new();
        for (at, item) in self.0.iter().enumerate() {
            if !grouped {
                apis.push(flat_api(at, item)?);
                continue;
            }
            let product = match text(item.api_product_id).ok().flatten() {
                Some(id) => format!("product {}", quote::name(&id)),
                None => format!("item [{at}]"),
            };
            let Some(versions) = item.api_versions else {
                let problem = "it has no apiVersions, though the first item has".to_owned();
                return Err(ItemProblem { item: product, problem });
            };
            let versions = serde_json::from_str(versions.get()).map_err(|_| ItemProblem {
                item: product.clone(),
                problem: format!("its apiVersions is {}, not an array", json::kind(versions.get())),
            })?;
            let versions = Self::read_all(versions, |at| format!("{product}, apiVersions[{at}]"))?;
            for (at, version) in versions.0.iter().enumerate() {
                let mut api = mesh_api(version, || format!("{product}, apiVersions[{at}]"))?;
                let facts = Arc::make_mut(&mut api.facts);
                facts.product = lenient(item.api_product_id);
                facts.product_name = lenient(item.api_product_display_name);
                apis.push(api);
            }
        }
        Ok(apis)
    }

    /// Reads Gloo Gateway's list of products.
    pub(super) fn products(&self) -> Result<Vec<Product>, ItemProblem> {
        let product = |(at, item): (usize, &Members<'a>)| {
            let id = id(item.id, "id", || format!("item [{at}]"))?;
            let description = text(item.description).map_err(|kind| ItemProblem {
                item: format!("product {}", quote::name(&id)),
                problem: format!("its description is {kind}, not a string"),
            })?;
            let facts = Facts {
                product: Some(id.clone()),
                product_name: lenient(item.name),
                product_description: description.clone(),
                api_key_enabled: is_true(item.api_key_enabled),
                oauth_enabled: is_true(item.oauth_enabled),
                product_metadata: texts(item.api_product_metadata),
                ..Facts::default()
            };
            Ok(Product { id, description, facts })
        };
        self.0.iter().enumerate().map(product).collect()
    }
}

/// Reads the versions of one of Gloo Gateway's products. As with the plugin, their description is the product's.
pub(super) fn versions(items: &Items<'_>, product: &Product) -> Result<Vec<Api>, ItemProblem> {
    let version = |(at, item): (usize, &Members<'_>)| {
        let id = id(item.id, "id", || format!("product {}, version [{at}]", quote::name(&product.id)))?;
        let version = member(&id, "name", item.name)?;
        let definition = match item.api_spec {
            None => Definition::Missing(item.api_spec_error.filter(|error| json::is_truthy(error)).map(reason)),
            Some(spec) => definition("apiSpec", spec),
        };
        let facts = Facts {
            title: lenient(item.title),
            documentation: lenient(item.documentation),
            license: lenient(item.license),
            terms_of_service: lenient(item.terms_of_service),
            lifecycle: lenient(item.status),
            metadata: texts(item.product_version_metadata),
            ..product.facts.clone()
        };
        Ok(Api { id, version, description: product.description.clone(), definition, facts: facts.into() })
    };
    items.0.iter().enumerate().map(version).collect()
}

fn flat_api(at: usize, item: &Members<'_>) -> Result<MeshApi, ItemProblem> {
    if item.api_versions.is_some() {
        let problem = "it has apiVersions, though the first item has none".to_owned();
        return Err(ItemProblem { item: format!("item [{at}]"), problem });
    }
    // The published contract knows no `apiProductId`, so that one without is an API too; the plugin leaves it out.
    mesh_api(item, || format!("item [{at}]"))
}

fn mesh_api(item: &Members<'_>, name: impl Fn() -> String) -> Result<MeshApi, ItemProblem> {
    let id = id(item.api_id, "apiId", name)?;
    let version = member(&id, "apiVersion", item.api_version)?;
    let description = member(&id, "description", item.description)?;
    let fetch_error = item.openapi_spec_fetch_err.filter(|error| json::is_truthy(error));
    let definition = match item.openapi_spec.filter(|spec| json::is_truthy(spec)) {
        Some(spec) => Some(definition("openapiSpec", spec)),
        None => fetch_error.map(|error| Definition::Missing(Some(reason(error)))),
    };
    let facts = Facts {
        product: lenient(item.api_product_id),
        product_name: lenient(item.api_product_display_name),
        title: lenient(item.title),
        contact: lenient(item.contact),
        license: lenient(item.license),
        terms_of_service: lenient(item.terms_of_service),
        lifecycle: lenient(item.lifecycle),
        usage_plans: names(item.usage_plans),
        metadata: texts(item.custom_metadata),
        ..Facts::default()
    };
    Ok(MeshApi { id, version, description, definition, facts: facts.into() })
}

/// The portal's reason in its own words, whatever kind of JSON they come as.
fn reason(error: &RawValue) -> String {
    let text = text(Some(error)).ok().flatten().unwrap_or_else(|| error.get().to_owned());
    quote::words(&text, "")
}

fn id(value: Option<&RawValue>, member: &str, item: impl Fn() -> String) -> Result<String, ItemProblem> {
    let problem = |problem: String| ItemProblem { item: item(), problem };
    match text(value) {
        Ok(None) => Err(problem(format!("it has no {member}"))),
        Err(kind) => Err(problem(format!("its {member} is {kind}, not a string"))),
        // Neither can be a segment of a path (RFC 3986 section 5.2.4), nor a name in Backstage.
        Ok(Some(id)) if matches!(id.as_str(), "" | "." | "..") => {
            Err(problem(format!("its {member} is {}, which cannot be asked for", quote::value(&id))))
        }
        Ok(Some(id)) => Ok(id),
    }
}

fn member(id: &str, member: &str, value: Option<&RawValue>) -> Result<Option<String>, ItemProblem> {
    text(value).map_err(|kind| about_api(id, format!("its {member} is {kind}, not a string")))
}

/// A version whose document is of another kind is read all the same: it is one that has none.
fn definition(member: &str, value: &RawValue) -> Definition {
    let no_document = |kind| Definition::Missing(Some(format!("its {member} is {kind}, not an OpenAPI document")));
    Definition::read(value).unwrap_or_else(no_document)
}

/// A string member; what it is instead, where it is no string.
fn text(value: Option<&RawValue>) -> Result<Option<String>, &'static str> {
    let Some(value) = value else { return Ok(None) };
    if !value.get().starts_with('"') {
        return Err(json::kind(value.get()));
    }
    serde_json::from_str(value.get()).map(Some).map_err(|_| "a string with half a surrogate pair")
}

/// A string that is not blank; nothing where the member is anything else, since no entity of the plugin's needs it.
fn lenient(value: Option<&RawValue>) -> Option<String> {
    text(value).ok().flatten().filter(|text| !text.trim().is_empty())
}

fn is_true(value: Option<&RawValue>) -> bool {
    value.is_some_and(|value| value.get() == "true")
}

/// The strings of a list.
fn names(value: Option<&RawValue>) -> Vec<String> {
    let items: Vec<&RawValue> = value.and_then(|value| serde_json::from_str(value.get()).ok()).unwrap_or_default();
    items.into_iter().filter_map(|item| lenient(Some(item))).collect()
}

/// The members of an object as text: strings as they are, all else as JSON; `null` is left out.
fn texts(value: Option<&RawValue>) -> BTreeMap<String, String> {
    let members: BTreeMap<String, Option<&RawValue>> =
        value.and_then(|value| serde_json::from_str(value.get()).ok()).unwrap_or_default();
    let as_text = |value: &RawValue| serde_json::from_str(value.get()).unwrap_or_else(|_| json::minified(value));
    members.into_iter().filter_map(|(key, value)| Some((key, as_text(value?)))).collect()
}
