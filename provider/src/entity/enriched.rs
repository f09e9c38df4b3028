//! The enriched profile: what the portal tells of an API, where Backstage's pages show it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use url::Url;

use super::name::{LONGEST, tag};
use super::names::hashed;
use super::profile::Mapping;
use super::{Link, Metadata};
use crate::portal::{Api, Facts, UsagePlan, UsagePlans};
use crate::quote;
use crate::validate::{is_key, is_label_value, is_name};

/// Where the portal's own id of an API is kept, since the title is for people.
pub(super) const API_ID: &str = "gloo-portal/api-id";
/// Where the portal's own id of a product is kept.
pub(super) const PRODUCT_ID: &str = "gloo-portal/product-id";
/// What the keys of annotations of our own begin with.
const OWN_PREFIX: &str = "gloo-portal";
const PLAN_TAG: &str = "plan:";

/// The name that people read: the portal's title, with the version where that is not in it.
pub(super) fn title(api: &Api) -> String {
    let facts = &api.facts;
    let version = api.version.as_deref().map(str::trim).filter(|version| !version.is_empty());
    match (facts.title.as_ref().or(facts.product_name.as_ref()), version) {
        (None, _) => api.id.clone(),
        (Some(title), Some(version)) if !title.to_lowercase().contains(&version.to_lowercase()) => {
            format!("{title} {version}")
        }
        (Some(title), _) => title.clone(),
    }
}

/// What the portal says of the API, then how it can be used, then what is no link. Nothing where it says none of it.
pub(super) fn description(api: &Api, plans: &UsagePlans) -> Option<String> {
    let facts = &api.facts;
    let told = facts.documentation.as_ref().or(api.description.as_ref()).map(|text| text.trim_end());
    let told = told.filter(|text| !text.is_empty()).map(str::to_owned);
    let mut parts = Vec::new();
    if !facts.usage_plans.is_empty() {
        let mut table = "| Usage plan | Limit | Authentication |\n|---|---|---|".to_owned();
        for name in &facts.usage_plans {
            let _ = write!(table, "\n| {} |{}", cell(name), details(plans.get(name)));
        }
        parts.push(table);
    }
    let ways = [(facts.api_key_enabled, "an API key"), (facts.oauth_enabled, "an OAuth token")];
    let ways: Vec<&str> = ways.into_iter().filter(|(is_enabled, _)| *is_enabled).map(|(_, way)| way).collect();
    if !ways.is_empty() {
        parts.push(format!("Called with {}.", ways.join(" or ")));
    }
    let lines = statements(facts).filter(|(what, text)| link(what, text).is_none());
    let lines: Vec<String> = lines.map(|(what, text)| format!("- {what}: {}", one_line(text))).collect();
    if !lines.is_empty() {
        parts.push(lines.join("\n"));
    }
    if parts.is_empty() {
        return told;
    }
    // The catalog's list shows the first line, which is to be one that can be read there.
    parts.insert(0, told.unwrap_or_else(|| title(api)));
    Some(parts.join("\n\n"))
}

/// The cells of a plan after its name.
fn details(plan: Option<&UsagePlan>) -> String {
    let Some(plan) = plan else { return " | |".to_owned() };
    let limit = match &plan.limit {
        Some(limit) => format!("{} per {}", limit.requests, cell(&limit.unit.to_lowercase())),
        None => "none".to_owned(),
    };
    let ways: Vec<String> = plan.auth_types.iter().map(|kind| auth(kind)).collect();
    format!(" {limit} | {} |", if ways.is_empty() { "none".to_owned() } else { ways.join(", ") })
}

/// A way to prove oneself in words.
fn auth(kind: &str) -> String {
    match kind.to_ascii_lowercase() {
        kind if kind.starts_with("apikey") => "API key".to_owned(),
        kind if kind.starts_with("oauth") => "OAuth".to_owned(),
        _ => cell(kind),
    }
}

/// A text within a table's cell.
fn cell(text: &str) -> String {
    one_line(text).replace('\\', "\\\\").replace('|', "\\|")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A tag for each usage plan whose name has something that a tag may have.
pub(super) fn tags(facts: &Facts) -> impl Iterator<Item = String> + '_ {
    facts.usage_plans.iter().filter_map(|plan| tag(PLAN_TAG, plan))
}

/// Contact, licence and terms of service, as far as they lead somewhere.
pub(super) fn links(facts: &Facts) -> Vec<Link> {
    statements(facts).filter_map(|(what, text)| link(what, text)).collect()
}

fn statements(facts: &Facts) -> impl Iterator<Item = (&'static str, &str)> {
    let all = [("Contact", &facts.contact), ("Licence", &facts.license), ("Terms of service", &facts.terms_of_service)];
    all.into_iter()
        .filter_map(|(what, text)| Some((what, text.as_deref()?.trim())))
        .filter(|(_, text)| !text.is_empty())
}

fn link(what: &str, text: &str) -> Option<Link> {
    let titled = |url: Url, title: String, icon: Option<&str>| Link {
        url: url.into(),
        title: Some(title),
        icon: icon.map(str::to_owned),
    };
    if let Ok(url) = Url::parse(text)
        && matches!(url.scheme(), "http" | "https" | "mailto")
    {
        return Some(titled(url, what.to_owned(), None));
    }
    match what {
        "Contact" if is_address(text) => {
            Some(titled(Url::parse(&format!("mailto:{text}")).ok()?, format!("{what}: {text}"), Some("email")))
        }
        // https://spdx.org/licenses/: each licence has a page by its id.
        "Licence" if LICENCES.contains(&text) => Some(titled(
            Url::parse(&format!("https://spdx.org/licenses/{text}.html")).ok()?,
            format!("{what}: {text}"),
            None,
        )),
        _ => None,
    }
}

/// Licences that APIs are seen under, by their SPDX ids.
const LICENCES: [&str; 20] = [
    "0BSD",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "EPL-2.0",
    "EUPL-1.2",
    "GPL-2.0-only",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "ISC",
    "LGPL-3.0-or-later",
    "MIT",
    "MPL-2.0",
    "Unlicense",
];

/// Whether a text is a mail address, as far as a link needs it: one `@`, and nothing that a URL would take otherwise.
fn is_address(text: &str) -> bool {
    let is_plain = |part: &str| {
        !part.is_empty() && part.chars().all(|character| character.is_alphanumeric() || "._+-".contains(character))
    };
    text.split_once('@').is_some_and(|(name, host)| is_plain(name) && is_plain(host))
}

/// Puts custom metadata into labels where key and value have their shape, else into annotations. Keys that belong to
/// Backstage or to us are left out, and returned.
pub(super) fn metadata<'m>(
    custom: &'m BTreeMap<String, String>,
    mapping: &Mapping,
    metadata: &mut Metadata,
) -> Vec<&'m str> {
    let mut left_out = Vec::new();
    for (key, value) in custom {
        if is_reserved(key) {
            left_out.push(key.as_str());
            continue;
        }
        let fits = is_key(key);
        let mended = if fits { key.clone() } else { mended(key, custom) };
        let placed = match &mapping.metadata_prefix {
            Some(prefix) if !mended.contains('/') => format!("{}/{mended}", prefix.as_str()),
            _ => mended,
        };
        if fits && is_label_value(value) {
            metadata.labels.insert(placed, value.clone());
        } else {
            metadata.annotations.insert(placed, value.clone());
        }
    }
    left_out
}

/// Keys by which Backstage itself goes, such as `backstage.io/managed-by-location`, and our own.
fn is_reserved(key: &str) -> bool {
    key.split_once('/').is_some_and(|(prefix, _)| {
        let prefix = prefix.to_ascii_lowercase();
        prefix == OWN_PREFIX || prefix == "backstage.io" || prefix.ends_with(".backstage.io")
    })
}

/// A key that an annotation may have, made of one that it may not; with a hash where another key has that already.
fn mended(key: &str, all: &BTreeMap<String, String>) -> String {
    let plain = plain_key(key);
    let is_shared = all.keys().any(|other| other != key && (*other == plain || plain_key(other) == plain));
    if is_name(&plain) && !is_shared { plain } else { hashed("metadata", key, 0) }
}

fn plain_key(key: &str) -> String {
    let mut plain = String::new();
    for character in key.chars() {
        let kept = if character.is_ascii_alphanumeric() || "_.".contains(character) { character } else { '-' };
        if kept != '-' || !plain.ends_with('-') {
            plain.push(kept);
        }
    }
    let is_dashing = |character: char| !character.is_ascii_alphanumeric();
    let plain = plain.trim_start_matches(is_dashing);
    plain[..plain.len().min(LONGEST)].trim_end_matches(is_dashing).to_owned()
}

/// Where the API is in its life.
pub(super) fn lifecycle(facts: &Facts, mapping: &Mapping) -> String {
    let Some(told) = facts.lifecycle.as_deref().map(str::trim).filter(|told| !told.is_empty()) else {
        return mapping.default_lifecycle.as_str().to_owned();
    };
    if let Some(word) = mapping.lifecycle.get(told) {
        return word.as_str().to_owned();
    }
    // The words of Gloo Gateway's `status`, and those that Backstage's documentation recommends.
    match told {
        "published" => "production",
        "draft" => "experimental",
        other => other,
    }
    .to_owned()
}

/// Whom an API or a product belongs to; none where only the service account is left.
pub(super) fn owner(
    product: Option<&str>,
    metadata: &[&BTreeMap<String, String>],
    mapping: &Mapping,
) -> Option<String> {
    let mapping = &mapping.owner;
    let by_product = product.and_then(|product| mapping.products.get(product)).map(|owner| owner.as_str().to_owned());
    let by_metadata = || {
        let key = mapping.metadata_key.as_ref()?;
        let value = metadata.iter().find_map(|metadata| metadata.get(key))?;
        let owner = mapping.values.get(value).cloned().or_else(|| value.as_str().try_into().ok())?;
        Some(owner.as_str().to_owned())
    };
    by_product.or_else(by_metadata).or_else(|| mapping.default.as_ref().map(|owner| owner.as_str().to_owned()))
}

/// What is told of metadata that was left out.
pub(super) fn left_out(key: &str) -> String {
    format!(
        "its custom metadata {} is left out, since such keys are Backstage's or the provider's own",
        quote::name(key)
    )
}
