//! The same rules for an entity that is any JSON value: what somebody else's provider hands over.
//!
//! What only the types of this crate rule out is told here too: members that are missing, or of another kind.

use serde_json::{Map, Value};

use super::{
    InvalidEntity, KEY_RULE, LABEL_RULE, LOCATION_ANNOTATION, LOCATION_RULE, NAME_RULE, NAMESPACE_RULE,
    ORIGIN_LOCATION_ANNOTATION, TAG_RULE, TEXT_RULE, URL_RULE, check, is_key, is_label_value, is_location, is_name,
    is_namespace, is_sequence, is_tag, is_url, not_empty,
};
use crate::entity::EntityRef;

/// `apiVersion` of the kinds that come with Backstage (`schema/kinds/*.v1alpha1.schema.json`).
const API_VERSIONS: [&str; 2] = ["backstage.io/v1alpha1", "backstage.io/v1beta1"];
const KIND_RULE: &str = "a letter, then letters and digits, 63 at most";

/// Why Backstage would refuse a JSON value as an entity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidValue {
    /// A member breaks a rule.
    #[error(transparent)]
    Rule(#[from] InvalidEntity),
    /// A member must be there, and is not.
    #[error("{member} is missing, but must be {rule}")]
    Missing {
        /// The member, such as `spec.definition`.
        member: String,
        /// What it must be.
        rule: &'static str,
    },
    /// A member is of another kind than it must be.
    #[error("{member} is {is}, but must be {rule}")]
    Kind {
        /// The member, such as `spec.definition`.
        member: String,
        /// What it is, such as `an object`.
        is: &'static str,
        /// What it must be.
        rule: &'static str,
    },
}

impl EntityRef {
    /// The reference of an entity that is any JSON value.
    ///
    /// # Errors
    /// When the value has no envelope: `apiVersion`, `kind` and `metadata.name` must be there and not empty
    /// (`schema/EntityEnvelope.schema.json`). Backstage refuses a mutation as a whole for one such entity
    /// (`plugins/catalog-backend/src/processing/connectEntityProviders.ts`).
    pub fn of_value(entity: &Value) -> Result<Self, InvalidValue> {
        let entity = object(Some(entity), "the entity")?;
        text(entity, "apiVersion", "apiVersion")?;
        let kind = text(entity, "kind", "kind")?;
        let metadata = object(entity.get("metadata"), "metadata")?;
        let name = text(metadata, "name", "metadata.name")?;
        let namespace = optional(metadata, "namespace", "metadata.namespace")?;
        if let Some(namespace) = namespace {
            not_empty("metadata.namespace", namespace)?;
        }
        Ok(Self::new(kind, namespace.unwrap_or(Self::DEFAULT_NAMESPACE), name))
    }
}

/// Checks an entity that is any JSON value by Backstage's rules, and tells the first that it breaks.
///
/// What a kind's own schema says is checked for the kinds that come with Backstage; others are a processor's of their
/// own. An entity that passes [`EntityRef::of_value`] and not this is taken by the catalog, and fails when it is
/// processed: it never shows, or stays as it was.
///
/// # Errors
/// When the catalog would refuse the entity.
pub fn validate_value(entity: &Value) -> Result<EntityRef, InvalidValue> {
    let reference = EntityRef::of_value(entity)?;
    let entity = object(Some(entity), "the entity")?;
    let kind = text(entity, "kind", "kind")?;
    check(is_kind(kind), || "kind".to_owned(), kind, KIND_RULE)?;
    metadata(object(entity.get("metadata"), "metadata")?)?;
    // `AlphaApiEntity` and its like match the kind letter for letter.
    let required: &[(&str, Wanted)] = match kind {
        "API" => &[
            ("type", Wanted::Text),
            ("lifecycle", Wanted::Text),
            ("owner", Wanted::Text),
            ("definition", Wanted::Text),
        ],
        "Component" => &[("type", Wanted::Text), ("lifecycle", Wanted::Text), ("owner", Wanted::Text)],
        "Resource" => &[("type", Wanted::Text), ("owner", Wanted::Text)],
        "System" | "Domain" => &[("owner", Wanted::Text)],
        "Group" => &[("type", Wanted::Text), ("children", Wanted::Texts)],
        "User" => &[("memberOf", Wanted::Texts)],
        _ => return Ok(reference),
    };
    let version = text(entity, "apiVersion", "apiVersion")?;
    let rule = "backstage.io/v1alpha1 or backstage.io/v1beta1";
    check(API_VERSIONS.contains(&version), || "apiVersion".to_owned(), version, rule)?;
    let spec = object(entity.get("spec"), "spec")?;
    for (key, wanted) in required {
        let member = format!("spec.{key}");
        match wanted {
            Wanted::Text => drop(text(spec, key, &member)?),
            Wanted::Texts if spec.contains_key(*key) => texts(spec, key, &member)?,
            Wanted::Texts => return Err(InvalidValue::Missing { member, rule: "a list of strings" }),
        }
    }
    // Optional ones, which must be right where they are there.
    if let Some(system) = optional(spec, "system", "spec.system")? {
        not_empty("spec.system", system)?;
    }
    if kind == "Group" {
        texts(spec, "members", "spec.members")?;
    }
    Ok(reference)
}

#[derive(Clone, Copy)]
enum Wanted {
    Text,
    Texts,
}

fn metadata(metadata: &Map<String, Value>) -> Result<(), InvalidValue> {
    let name = text(metadata, "name", "metadata.name")?;
    check(is_name(name), || "metadata.name".to_owned(), name, NAME_RULE)?;
    if let Some(namespace) = optional(metadata, "namespace", "metadata.namespace")? {
        check(is_namespace(namespace), || "metadata.namespace".to_owned(), namespace, NAMESPACE_RULE)?;
    }
    optional(metadata, "description", "metadata.description")?;
    if let Some(title) = optional(metadata, "title", "metadata.title")? {
        not_empty("metadata.title", title)?;
    }
    if let Some(labels) = optional_object(metadata, "labels", "metadata.labels")? {
        for (key, value) in labels {
            let member = format!("metadata.labels[{key}]");
            check(is_key(key), || "a key of metadata.labels".to_owned(), key, KEY_RULE)?;
            let value = string(value, &member, LABEL_RULE)?;
            check(is_label_value(value), || member.clone(), value, LABEL_RULE)?;
        }
    }
    let none = Map::new();
    let annotations = optional_object(metadata, "annotations", "metadata.annotations")?.unwrap_or(&none);
    for (key, value) in annotations {
        check(is_key(key), || "a key of metadata.annotations".to_owned(), key, KEY_RULE)?;
        string(value, &format!("metadata.annotations[{key}]"), "a string")?;
    }
    for key in [LOCATION_ANNOTATION, ORIGIN_LOCATION_ANNOTATION] {
        let value = annotations.get(key).and_then(Value::as_str).unwrap_or_default();
        check(is_location(value), || format!("metadata.annotations[{key}]"), value, LOCATION_RULE)?;
    }
    for (at, tag) in list(metadata, "tags", "metadata.tags")?.iter().enumerate() {
        let member = format!("metadata.tags[{at}]");
        let tag = string(tag, &member, TAG_RULE)?;
        check(is_tag(tag), || member.clone(), tag, TAG_RULE)?;
    }
    for (at, link) in list(metadata, "links", "metadata.links")?.iter().enumerate() {
        let member = format!("metadata.links[{at}]");
        let link = object(Some(link), &member)?;
        let url = text(link, "url", &format!("{member}.url"))?;
        check(is_url(url), || format!("{member}.url"), url, URL_RULE)?;
        if let Some(title) = optional(link, "title", &format!("{member}.title"))? {
            check(!title.trim().is_empty(), || format!("{member}.title"), title, TEXT_RULE)?;
        }
        if let Some(icon) = optional(link, "icon", &format!("{member}.icon"))? {
            check(is_name(icon), || format!("{member}.icon"), icon, NAME_RULE)?;
        }
    }
    Ok(())
}

/// `KubernetesValidatorFunctions.isValidKind`.
fn is_kind(value: &str) -> bool {
    value.starts_with(|first: char| first.is_ascii_alphabetic())
        && is_sequence(value, |byte| byte.is_ascii_alphanumeric())
}

fn object<'v>(value: Option<&'v Value>, member: &str) -> Result<&'v Map<String, Value>, InvalidValue> {
    let rule = "an object";
    match value {
        None => Err(InvalidValue::Missing { member: member.to_owned(), rule }),
        Some(Value::Object(object)) => Ok(object),
        Some(other) => Err(InvalidValue::Kind { member: member.to_owned(), is: kind_of(other), rule }),
    }
}

fn optional_object<'v>(
    parent: &'v Map<String, Value>,
    key: &str,
    member: &str,
) -> Result<Option<&'v Map<String, Value>>, InvalidValue> {
    parent.get(key).map(|value| object(Some(value), member)).transpose()
}

fn string<'v>(value: &'v Value, member: &str, rule: &'static str) -> Result<&'v str, InvalidValue> {
    value.as_str().ok_or_else(|| InvalidValue::Kind { member: member.to_owned(), is: kind_of(value), rule })
}

/// A string that must be there and must not be empty.
fn text<'v>(object: &'v Map<String, Value>, key: &str, member: &str) -> Result<&'v str, InvalidValue> {
    let value = object.get(key).ok_or_else(|| InvalidValue::Missing { member: member.to_owned(), rule: TEXT_RULE })?;
    let value = string(value, member, TEXT_RULE)?;
    not_empty(member, value)?;
    Ok(value)
}

/// A string that may be left out.
fn optional<'v>(object: &'v Map<String, Value>, key: &str, member: &str) -> Result<Option<&'v str>, InvalidValue> {
    object.get(key).map(|value| string(value, member, "a string")).transpose()
}

/// A list that may be left out.
fn list<'v>(object: &'v Map<String, Value>, key: &str, member: &str) -> Result<&'v [Value], InvalidValue> {
    match object.get(key) {
        None => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(other) => Err(InvalidValue::Kind { member: member.to_owned(), is: kind_of(other), rule: "a list" }),
    }
}

/// A list of strings that are not empty, which may be left out.
fn texts(object: &Map<String, Value>, key: &str, member: &str) -> Result<(), InvalidValue> {
    for (at, item) in list(object, key, member)?.iter().enumerate() {
        let member = format!("{member}[{at}]");
        not_empty(&member, string(item, &member, TEXT_RULE)?)?;
    }
    Ok(())
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use serde_json::json;

    use super::*;

    fn api() -> Value {
        json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "API",
            "metadata": {
                "name": "Petstore-v1",
                "annotations": { LOCATION_ANNOTATION: "url:http://x", ORIGIN_LOCATION_ANNOTATION: "url:http://x" },
            },
            "spec": { "type": "openapi", "lifecycle": "production", "owner": "user:me", "definition": "{}" },
        })
    }

    fn told(pointer: &str, value: Option<Value>) -> String {
        let mut entity = api();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = entity.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Some(value) => drop(parent.insert(key.to_owned(), value)),
            None => drop(parent.remove(key)),
        }
        validate_value(&entity).map_or_else(|problem| problem.to_string(), |reference| reference.to_string())
    }

    #[test]
    fn what_backstage_takes_is_known_by_its_reference() {
        assert_eq!(validate_value(&api()).unwrap().to_string(), "api:default/petstore-v1");
        assert_eq!(told("/metadata/namespace", Some(json!("teams"))), "api:teams/petstore-v1");
        assert_eq!(told("/kind", Some(json!("MyKind"))), "mykind:default/petstore-v1");
    }

    #[test]
    fn what_is_missing_or_of_another_kind_is_told() {
        assert_snapshot!(told("/spec/definition", None), @"spec.definition is missing, but must be a string that is not empty");
        assert_snapshot!(told("/spec/definition", Some(json!({}))), @"spec.definition is an object, but must be a string that is not empty");
        assert_snapshot!(told("/spec/definition", Some(json!(""))), @"spec.definition is empty, but must be a string that is not empty");
        assert_snapshot!(told("/metadata/name", Some(json!("a b"))), @"metadata.name is `a b`, but must be 1 to 63 characters, sequences of [A-Za-z0-9] separated by any of [-_.]");
        assert_snapshot!(told("/metadata/annotations", None), @"metadata.annotations[backstage.io/managed-by-location] is empty, but must be a location such as url:https://host/path");
        assert_snapshot!(told("/metadata/tags", Some(json!([1]))), @"metadata.tags[0] is a number, but must be 1 to 63 characters, sequences of [a-z0-9:+#] separated by single `-`");
        assert_snapshot!(told("/apiVersion", Some(json!("v1"))), @"apiVersion is `v1`, but must be backstage.io/v1alpha1 or backstage.io/v1beta1");
        assert_snapshot!(told("/metadata", Some(json!([]))), @"metadata is a list, but must be an object");
    }
}
