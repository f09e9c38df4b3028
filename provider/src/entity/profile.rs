//! What entities are made to show: what the plugin's do, or all that the portal tells, by a mapping.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::quote;
use crate::validate::{is_dns_subdomain, is_name, is_namespace};

/// What entities are made to show.
///
/// ```
/// use understudy_provider::{Config, Mapping, OwnerRef, Profile};
///
/// fn enriched(mut config: Config) -> Config {
///     let mut mapping = Mapping::default(); // or any format of serde's
///     mapping.owner.default = OwnerRef::try_from("group:default/platform").ok();
///     config.profile = Profile::Enriched(mapping);
///     config
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// What the published plugin's entities do, member for member.
    #[default]
    Plugin,
    /// All that the portal tells, where Backstage's pages show it.
    Enriched(Mapping),
}

/// How the portal's words become Backstage's in the enriched profile. All of it may be left out.
///
/// Read from a file, its keys are in camel case, and one that is not known is an error:
///
/// ```yaml
/// owner:
///   default: group:default/platform
///   products: {tracks: railway}
///   metadataKey: team
///   values: {shop-floor: group:default/shops}
/// lifecycle: {beta: experimental}
/// defaultLifecycle: production
/// metadataPrefix: portal.example.com
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Mapping {
    /// Whom APIs and their products belong to.
    pub owner: OwnerMapping,
    /// The lifecycle in Backstage for the portal's words. Those that are not here stay as they are, but for Gloo Gateway's
    /// `published` (`production`) and `draft` (`experimental`).
    pub lifecycle: BTreeMap<String, Lifecycle>,
    /// The lifecycle of an API for which the portal tells none; `production` by default, as with the plugin.
    pub default_lifecycle: Lifecycle,
    /// What stands before the keys of custom metadata, and a `/`; nothing by default.
    pub metadata_prefix: Option<DnsName>,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            owner: OwnerMapping::default(),
            lifecycle: BTreeMap::new(),
            default_lifecycle: Lifecycle("production".to_owned()),
            metadata_prefix: None,
        }
    }
}

/// Whom things belong to. The first that says something counts: the product, then the custom metadata, then the default,
/// then the service account, as with the plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OwnerMapping {
    /// Who owns what nothing else says the owner of.
    pub default: Option<OwnerRef>,
    /// The owners of products, by the product's id.
    pub products: BTreeMap<String, OwnerRef>,
    /// The key of the custom metadata whose value names the owner: a version's, else its product's.
    pub metadata_key: Option<String>,
    /// The owners that values of that key stand for. A value that is not here is taken for an owner itself, where it has
    /// the shape of one.
    pub values: BTreeMap<String, OwnerRef>,
}

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $holds:expr, $rule:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidMapping;

            fn try_from(text: String) -> Result<Self, InvalidMapping> {
                let holds: fn(&str) -> bool = $holds;
                if holds(&text) { Ok(Self(text)) } else { Err(InvalidMapping { text, rule: $rule }) }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = InvalidMapping;

            fn try_from(text: &str) -> Result<Self, InvalidMapping> {
                Self::try_from(text.to_owned())
            }
        }
    };
}

checked_text! {
    /// A group or user as Backstage refers to it: `[group:|user:][NAMESPACE/]NAME`.
    OwnerRef, is_owner, "group or user: `[group:|user:][NAMESPACE/]NAME`"
}

checked_text! {
    /// Where an API is in its life, in any words: Backstage's documentation recommends `experimental`, `production` and
    /// `deprecated`.
    Lifecycle, |text| !text.trim().is_empty(), "lifecycle"
}

checked_text! {
    /// A DNS name, as it stands before the `/` of a label's key.
    DnsName, is_dns_subdomain, "DNS name in lower case"
}

/// A text in a mapping that cannot be what it is there for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is no {rule}", quote::value(text))]
pub struct InvalidMapping {
    text: String,
    rule: &'static str,
}

/// `parseEntityRef` of `packages/catalog-model/src/entity/ref.ts`, with the kinds that can own.
fn is_owner(text: &str) -> bool {
    let rest = match text.split_once(':') {
        Some((kind, rest)) if ["group", "user"].iter().any(|known| kind.eq_ignore_ascii_case(known)) => rest,
        Some(_) => return false,
        None => text,
    };
    match rest.split_once('/') {
        Some((namespace, name)) => is_namespace(namespace) && is_name(name),
        None => is_name(rest),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn read(yaml: &str) -> Result<Mapping, String> {
        serde_saphyr::from_str(yaml).map_err(|error| error.to_string())
    }

    #[test]
    fn a_mapping_may_say_nothing() {
        assert_eq!(read("{}").unwrap(), Mapping::default());
        assert_eq!(Mapping::default().default_lifecycle.as_str(), "production");
    }

    #[test]
    fn a_mapping_says_who_owns_what() {
        let mapping =
            read("owner: {default: platform, products: {tracks: 'user:rail/otto'}, metadataKey: team}").unwrap();
        assert_eq!(mapping.owner.default.as_ref().map(OwnerRef::as_str), Some("platform"));
        assert_eq!(mapping.owner.products["tracks"].as_str(), "user:rail/otto");
    }

    #[test]
    fn what_a_mapping_cannot_say_is_told() {
        let told = |yaml: &str| read(yaml).unwrap_err().lines().next().unwrap().to_owned();
        assert_snapshot!(told("{owners: {}}"), @"error: line 1 column 2: unknown field `owners`, expected one of owner, lifecycle, defaultLifecycle, metadataPrefix");
        assert_snapshot!(told("{owner: {default: 'system:x'}}"), @"error: line 1 column 19: `system:x` is no group or user: `[group:|user:][NAMESPACE/]NAME`");
        assert_snapshot!(told("{owner: {values: {a: 'a b'}}}"), @"error: line 1 column 22: `a b` is no group or user: `[group:|user:][NAMESPACE/]NAME`");
        assert_snapshot!(told("{defaultLifecycle: ' '}"), @"error: line 1 column 20: empty is no lifecycle");
        assert_snapshot!(told("{metadataPrefix: Example.COM}"), @"error: line 1 column 18: `Example.COM` is no DNS name in lower case");
    }

    #[test]
    fn an_owner_is_a_group_or_a_user() {
        for owner in ["platform", "group:platform", "Group:default/Platform", "user:a/b.c"] {
            assert!(is_owner(owner), "{owner}");
        }
        for other in ["", "a b", "component:x", "group:", "group:A/b", "a/b/c", "a:b:c"] {
            assert!(!is_owner(other), "{other}");
        }
    }
}
