//! A version's OpenAPI document in the form in which the world has it served.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use understudy_scenarios::{Portal, SpecForm, Version};

/// A version's document as the portal holds it.
#[derive(Debug)]
pub(crate) enum Document<'w> {
    /// The document itself.
    Object(&'w RawValue),
    /// A string that holds it.
    Text(Cow<'w, str>),
    /// There is none.
    Missing,
    /// It could not be fetched, for this reason.
    Failed(&'w str),
}

impl<'w> Document<'w> {
    /// The documents of a portal, by product and by version. A document that is served as YAML is written here, and only
    /// here.
    pub(crate) fn all_of(portal: &'w Portal) -> Vec<Vec<Self>> {
        portal.products.iter().map(|product| product.versions.iter().map(Self::of).collect()).collect()
    }

    fn of(version: &'w Version) -> Self {
        if let Some(error) = &version.spec_fetch_error {
            return Self::Failed(error);
        }
        match version.spec_form {
            SpecForm::Object => Self::Object(version.spec.raw()),
            SpecForm::JsonText => Self::Text(version.spec.get().into()),
            SpecForm::YamlText => Self::Text(version.spec.to_yaml().into()),
            SpecForm::Missing => Self::Missing,
        }
    }

    /// The document, where there is one to be served.
    pub(crate) fn served(&self) -> Option<&Self> {
        matches!(self, Self::Object(_) | Self::Text(_)).then_some(self)
    }

    /// Why there is none, where it could not be fetched.
    pub(crate) fn error(&self) -> Option<&'w str> {
        match self {
            Self::Failed(error) => Some(error),
            _ => None,
        }
    }
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(document) => document.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Missing | Self::Failed(_) => serializer.serialize_unit(),
        }
    }
}
