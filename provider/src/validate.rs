//! What Backstage accepts: the rules that its catalog checks every entity by, each with its source.
//!
//! The sources are files of [backstage/backstage](https://github.com/backstage/backstage) under
//! `packages/catalog-model/src`: `entity/policies/FieldFormatEntityPolicy.ts` says which member is checked by which
//! function of `validation/KubernetesValidatorFunctions.ts` and `validation/CommonValidatorFunctions.ts`;
//! `schema/EntityMeta.schema.json` and `schema/kinds/*.v1alpha1.schema.json` say what must be there. What the types of
//! this crate make sure of already (`description` is a string, `children` is a list) needs no check.

mod value;

use url::Url;

use crate::entity::{Entity, EntitySpec, Metadata};
pub use value::{InvalidValue, validate_value};

/// The annotation that says where an entity comes from (`LOCATION_ANNOTATION` in `packages/catalog-client`).
pub(crate) const LOCATION_ANNOTATION: &str = "backstage.io/managed-by-location";
/// The annotation that says what led to it.
pub(crate) const ORIGIN_LOCATION_ANNOTATION: &str = "backstage.io/managed-by-origin-location";

const NAME_RULE: &str = "1 to 63 characters, sequences of [A-Za-z0-9] separated by any of [-_.]";
const NAMESPACE_RULE: &str = "1 to 63 characters, sequences of [a-z0-9] separated by single `-`";
const TAG_RULE: &str = "1 to 63 characters, sequences of [a-z0-9:+#] separated by single `-`";
const KEY_RULE: &str = "a name of 1 to 63 characters, with at most a DNS name and `/` before it";
const TEXT_RULE: &str = "a string that is not empty";
const LABEL_RULE: &str = "empty, or of 1 to 63 characters, sequences of [A-Za-z0-9] separated by any of [-_.]";
const LOCATION_RULE: &str = "a location such as url:https://host/path";
const URL_RULE: &str = "a URL";

/// A rule of Backstage that an entity breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{member} is {}, but must be {rule}", crate::quote::value(value))]
pub struct InvalidEntity {
    /// The member that breaks it, such as `metadata.name` or `metadata.tags[1]`.
    pub member: String,
    /// What it is.
    pub value: String,
    /// What it must be.
    pub rule: &'static str,
}

impl Entity {
    /// Checks the entity by Backstage's rules, and tells the first that it breaks.
    ///
    /// # Errors
    /// When the catalog would refuse the entity.
    pub fn validate(&self) -> Result<(), InvalidEntity> {
        metadata(&self.metadata)?;
        match &self.spec {
            // schema/kinds/Group.v1alpha1.schema.json: `type` and `children` are required, no string in them is empty.
            EntitySpec::Group(group) => {
                not_empty("spec.type", &group.kind)?;
                each("spec.children", &group.children)?;
                each("spec.members", &group.members)
            }
            // schema/kinds/User.v1alpha1.schema.json: `memberOf` is required (by the older ones).
            EntitySpec::User(user) => each("spec.memberOf", &user.member_of),
            // schema/kinds/System.v1alpha1.schema.json: `owner` is required.
            EntitySpec::System(system) => not_empty("spec.owner", &system.owner),
            // schema/kinds/API.v1alpha1.schema.json: all but `system` are required, and none is empty.
            EntitySpec::Api(api) => {
                not_empty("spec.type", &api.kind)?;
                not_empty("spec.lifecycle", &api.lifecycle)?;
                not_empty("spec.owner", &api.owner)?;
                api.system.iter().try_for_each(|system| not_empty("spec.system", system))?;
                not_empty("spec.definition", &api.definition)
            }
        }
    }
}

fn metadata(metadata: &Metadata) -> Result<(), InvalidEntity> {
    check(is_name(&metadata.name), || "metadata.name".to_owned(), &metadata.name, NAME_RULE)?;
    // schema/EntityMeta.schema.json: `minLength: 1`.
    if let Some(title) = &metadata.title {
        not_empty("metadata.title", title)?;
    }
    if let Some(namespace) = &metadata.namespace {
        check(is_namespace(namespace), || "metadata.namespace".to_owned(), namespace, NAMESPACE_RULE)?;
    }
    for (key, value) in &metadata.labels {
        check(is_key(key), || "a key of metadata.labels".to_owned(), key, KEY_RULE)?;
        check(is_label_value(value), || format!("metadata.labels[{key}]"), value, LABEL_RULE)?;
    }
    for key in metadata.annotations.keys() {
        check(is_key(key), || "a key of metadata.annotations".to_owned(), key, KEY_RULE)?;
    }
    // packages/catalog-model/src/location/annotation.ts; the catalog's orchestrator throws without both.
    for key in [LOCATION_ANNOTATION, ORIGIN_LOCATION_ANNOTATION] {
        let value = metadata.annotations.get(key).map(String::as_str).unwrap_or_default();
        check(is_location(value), || format!("metadata.annotations[{key}]"), value, LOCATION_RULE)?;
    }
    for (at, tag) in metadata.tags.iter().enumerate() {
        check(is_tag(tag), || format!("metadata.tags[{at}]"), tag, TAG_RULE)?;
    }
    for (at, link) in metadata.links.iter().enumerate() {
        check(is_url(&link.url), || format!("metadata.links[{at}].url"), &link.url, URL_RULE)?;
        if let Some(title) = &link.title {
            check(!title.trim().is_empty(), || format!("metadata.links[{at}].title"), title, TEXT_RULE)?;
        }
        if let Some(icon) = &link.icon {
            check(is_name(icon), || format!("metadata.links[{at}].icon"), icon, NAME_RULE)?;
        }
    }
    Ok(())
}

fn check(holds: bool, member: impl Fn() -> String, value: &str, rule: &'static str) -> Result<(), InvalidEntity> {
    if holds { Ok(()) } else { Err(InvalidEntity { member: member(), value: value.to_owned(), rule }) }
}

/// `minLength: 1` of the kinds' schemas.
fn not_empty(member: &str, value: &str) -> Result<(), InvalidEntity> {
    check(!value.is_empty(), || member.to_owned(), value, TEXT_RULE)
}

fn each(member: &str, values: &[String]) -> Result<(), InvalidEntity> {
    let mut values = values.iter().enumerate();
    values.try_for_each(|(at, value)| check(!value.is_empty(), || format!("{member}[{at}]"), value, TEXT_RULE))
}

/// An entity's name: 1 to 63 of `[A-Za-z0-9-_.]`, a letter or digit at both ends
/// (`KubernetesValidatorFunctions.isValidObjectName`).
pub(crate) fn is_name(value: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = value.as_bytes();
    bytes.len() <= 63 && ends(bytes.first()) && ends(bytes.last()) && bytes.iter().all(|byte| inner(*byte))
}

/// An entity's namespace: a DNS label (`KubernetesValidatorFunctions.isValidNamespace`).
///
/// Recent releases (`@backstage/catalog-model` 1.10) also take runs of `-`; older ones do not, so neither does this.
pub(crate) fn is_namespace(value: &str) -> bool {
    is_sequence(value, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// A tag: 1 to 63 characters, `[a-z0-9:+#]` sequences joined by single `-` (`isValidTag` of
/// `validation/makeValidator.ts`).
pub(crate) fn is_tag(value: &str) -> bool {
    is_sequence(value, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b":+#".contains(&byte))
}

/// The key of a label or an annotation: a name, with at most a DNS subdomain and `/` before it
/// (`KubernetesValidatorFunctions.isValidLabelKey` and `isValidAnnotationKey`).
pub(crate) fn is_key(value: &str) -> bool {
    match value.split_once('/') {
        None => is_name(value),
        Some((prefix, name)) => is_dns_subdomain(prefix) && is_name(name),
    }
}

/// The value of a label: empty, or as a name (`KubernetesValidatorFunctions.isValidLabelValue`).
pub(crate) fn is_label_value(value: &str) -> bool {
    value.is_empty() || is_name(value)
}

/// 1 to 253 characters, DNS labels separated by dots (`CommonValidatorFunctions.isValidDnsSubdomain`).
pub(crate) fn is_dns_subdomain(value: &str) -> bool {
    value.len() <= 253 && value.split('.').all(is_namespace)
}

/// `CommonValidatorFunctions.isValidUrl`: what WHATWG's parser takes.
fn is_url(value: &str) -> bool {
    Url::parse(value).is_ok()
}

/// `parseLocationRef` of `packages/catalog-model/src/location/helpers.ts`: a type, a colon and a target.
fn is_location(value: &str) -> bool {
    value.split_once(':').is_some_and(|(kind, target)| !kind.trim().is_empty() && !target.trim().is_empty())
}

/// 1 to 63 characters, sequences of what `is_inner` takes, joined by single `-`.
fn is_sequence(value: &str, is_inner: impl Fn(u8) -> bool) -> bool {
    value.len() <= 63 && value.split('-').all(|part| !part.is_empty() && part.bytes().all(&is_inner))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use insta::assert_snapshot;

    use super::*;
    use crate::entity::{ApiSpec, GroupSpec, Link, SystemSpec, UserSpec};

    /// What each rule takes and refuses, as `@backstage/catalog-model` 1.10.1 does.
    fn assert_rule(rule: fn(&str) -> bool, taken: &[&str], refused: &[&str]) {
        for value in taken {
            assert!(rule(value), "{value:?} must be taken");
        }
        for value in refused {
            assert!(!rule(value), "{value:?} must be refused");
        }
    }

    #[test]
    fn names_start_and_end_in_a_letter_or_digit() {
        let (longest, too_long) = ("a".repeat(63), "a".repeat(64));
        assert_rule(
            is_name,
            &["a", "A.b_c-9", "a--b", "a-_.b", &longest],
            &["", "-a", "a.", "a b", "a/b", "é", &too_long],
        );
    }

    #[test]
    fn namespaces_are_dns_labels() {
        assert_rule(is_namespace, &["default", "a-b-1"], &["", "A", "a_b", "a.b", "-a", "a-"]);
    }

    #[test]
    fn tags_have_single_dashes_only() {
        let too_long = format!("api-version:{}", "a".repeat(52));
        assert_rule(
            is_tag,
            &["c++", "c#", "api-version:v1-0"],
            &["", "A", "a--b", "v1-", "-v", "v1.0", "a b", &too_long],
        );
    }

    #[test]
    fn keys_have_at_most_a_dns_name_before_them() {
        let long = format!("{}/a", ["a"; 127].join("."));
        let too_long = format!("{}a/a", ["a"; 127].join("."));
        assert_rule(
            is_key,
            &["a", "A_b", "backstage.io/managed-by-location", &long],
            &["", "/a", "a/", "a/b/c", "A.b/x", "a..b/x", &too_long],
        );
        assert_rule(is_label_value, &["", "a.b"], &["-", "a b"]);
    }

    fn entity(change: impl Fn(&mut Metadata), spec: EntitySpec) -> String {
        let location = "url:http://localhost/v1".to_owned();
        let mut metadata = Metadata {
            name: "good".to_owned(),
            annotations: BTreeMap::from([
                (LOCATION_ANNOTATION.to_owned(), location.clone()),
                (ORIGIN_LOCATION_ANNOTATION.to_owned(), location),
            ]),
            ..Metadata::default()
        };
        change(&mut metadata);
        Entity { metadata, spec }.validate().map_or_else(|error| error.to_string(), |()| "valid".to_owned())
    }

    fn system() -> EntitySpec {
        EntitySpec::System(SystemSpec { owner: "user:me".to_owned() })
    }

    #[test]
    fn the_first_rule_of_metadata_that_is_broken_is_told() {
        let told = |change: fn(&mut Metadata)| entity(change, system());
        let link = |url: &str| Link { url: url.to_owned(), title: None, icon: None };
        assert_eq!(told(|_| ()), "valid");
        assert_snapshot!(told(|metadata| metadata.name.clear()), @"metadata.name is empty, but must be 1 to 63 characters, sequences of [A-Za-z0-9] separated by any of [-_.]");
        assert_snapshot!(told(|metadata| metadata.title = Some(String::new())), @"metadata.title is empty, but must be a string that is not empty");
        assert_snapshot!(told(|metadata| metadata.namespace = Some("A".to_owned())), @"metadata.namespace is `A`, but must be 1 to 63 characters, sequences of [a-z0-9] separated by single `-`");
        assert_snapshot!(told(|metadata| { metadata.labels.insert("a/b/c".to_owned(), String::new()); }), @"a key of metadata.labels is `a/b/c`, but must be a name of 1 to 63 characters, with at most a DNS name and `/` before it");
        assert_snapshot!(told(|metadata| { metadata.labels.insert("a".to_owned(), "b c".to_owned()); }), @"metadata.labels[a] is `b c`, but must be empty, or of 1 to 63 characters, sequences of [A-Za-z0-9] separated by any of [-_.]");
        assert_snapshot!(told(|metadata| { metadata.annotations.insert("é".to_owned(), String::new()); }), @"a key of metadata.annotations is `é`, but must be a name of 1 to 63 characters, with at most a DNS name and `/` before it");
        assert_snapshot!(told(|metadata| { metadata.annotations.remove(ORIGIN_LOCATION_ANNOTATION); }), @"metadata.annotations[backstage.io/managed-by-origin-location] is empty, but must be a location such as url:https://host/path");
        assert_snapshot!(told(|metadata| metadata.tags = vec!["ok".to_owned(), "v1.0".to_owned()]), @"metadata.tags[1] is `v1.0`, but must be 1 to 63 characters, sequences of [a-z0-9:+#] separated by single `-`");
        assert_snapshot!(entity(|metadata| metadata.links = vec![link("/docs")], system()), @"metadata.links[0].url is `/docs`, but must be a URL");
        let untitled = Link { title: Some(" ".to_owned()), ..link("https://a.example") };
        assert_snapshot!(entity(|metadata| metadata.links = vec![untitled.clone()], system()), @"metadata.links[0].title is empty, but must be a string that is not empty");
        let bad_icon = Link { icon: Some("-".to_owned()), ..link("https://a.example") };
        assert_snapshot!(entity(|metadata| metadata.links = vec![bad_icon.clone()], system()), @"metadata.links[0].icon is `-`, but must be 1 to 63 characters, sequences of [A-Za-z0-9] separated by any of [-_.]");
    }

    #[test]
    fn what_a_kind_requires_must_not_be_empty() {
        let told = |spec: EntitySpec| entity(|_| (), spec);
        let api = |kind: &str, definition: &str, system: Option<&str>| {
            EntitySpec::Api(ApiSpec {
                kind: kind.to_owned(),
                lifecycle: "production".to_owned(),
                system: system.map(str::to_owned),
                owner: "user:me".to_owned(),
                definition: definition.into(),
            })
        };
        let group = |kind: &str, members: &[&str]| {
            let members = members.iter().map(|member| (*member).to_owned()).collect();
            EntitySpec::Group(GroupSpec { kind: kind.to_owned(), profile: None, children: vec![], members })
        };
        assert_eq!(told(api("openapi", "{}", None)), "valid");
        assert_eq!(told(group("team", &["me"])), "valid");
        assert_snapshot!(told(api("", "{}", None)), @"spec.type is empty, but must be a string that is not empty");
        assert_snapshot!(told(api("openapi", "", None)), @"spec.definition is empty, but must be a string that is not empty");
        assert_snapshot!(told(api("openapi", "{}", Some(""))), @"spec.system is empty, but must be a string that is not empty");
        assert_snapshot!(told(group("", &[])), @"spec.type is empty, but must be a string that is not empty");
        assert_snapshot!(told(group("team", &["me", ""])), @"spec.members[1] is empty, but must be a string that is not empty");
        assert_snapshot!(told(EntitySpec::System(SystemSpec { owner: String::new() })), @"spec.owner is empty, but must be a string that is not empty");
        let user = UserSpec {
            display_name: String::new(),
            email: String::new(),
            picture: String::new(),
            member_of: vec![String::new()],
            profile: None,
        };
        assert_snapshot!(told(EntitySpec::User(user)), @"spec.memberOf[0] is empty, but must be a string that is not empty");
    }
}
