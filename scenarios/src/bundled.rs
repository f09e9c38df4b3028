//! The scenarios that come with the program. They double as examples: each file tells in its first lines what it shows.

use crate::{LoadError, Scenario, hazards};

/// A scenario that comes with the program.
#[derive(Debug)]
pub struct Bundled {
    /// What it is asked for by: `quickstart`.
    pub name: &'static str,
    /// What it is for, in a sentence: the `description` in its text.
    pub description: &'static str,
    /// The scenario file, comments included.
    pub text: &'static str,
    /// The files that the scenario names, each by its name beside the scenario.
    pub documents: &'static [(&'static str, &'static str)],
}

impl Bundled {
    /// The scenario itself.
    ///
    /// # Errors
    /// Never, as long as this crate's tests pass.
    pub fn scenario(&'static self) -> Result<Scenario, LoadError> {
        Scenario::bundled(self)
    }
}

/// Petstore and tracks, one version each.
const DOCUMENTS: &[(&str, &str)] = &[
    ("petstore-v1.yaml", include_str!("../bundled/petstore-v1.yaml")),
    ("tracks-v1.yaml", include_str!("../bundled/tracks-v1.yaml")),
];

static ALL: [Bundled; 4] = [
    Bundled {
        name: "quickstart",
        description: "Two API products as Gloo Mesh Gateway groups them, and an identity provider to sync them with.",
        text: include_str!("../bundled/quickstart.yaml"),
        documents: DOCUMENTS,
    },
    Bundled {
        name: "gloo-mesh-flat",
        description: "The quickstart's products in the flat list of Gloo Mesh Gateway 2.4.",
        text: include_str!("../bundled/gloo-mesh-flat.yaml"),
        documents: DOCUMENTS,
    },
    Bundled {
        name: "gloo-gateway",
        description: "The quickstart's products on Gloo Gateway's portal server.",
        text: include_str!("../bundled/gloo-gateway.yaml"),
        documents: DOCUMENTS,
    },
    Bundled {
        name: "empty-portal",
        description: "A portal that works and shows nothing, as it is before the first product is published.",
        text: include_str!("../bundled/empty-portal.yaml"),
        documents: &[],
    },
];

/// All of them; the first is the one that is used when none is named.
#[must_use]
pub fn all() -> &'static [Bundled] {
    &ALL
}

/// The one with this name.
///
/// # Errors
/// When there is none: the error tells the nearest name that there is.
pub fn find(name: &str) -> Result<&'static Bundled, LoadError> {
    let found = ALL.iter().find(|bundled| bundled.name == name);
    let hazards = || hazards::all().iter().map(|hazard| hazard.id);
    found.ok_or_else(|| LoadError::unknown(name, ALL.iter().map(|bundled| bundled.name), hazards()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;

    use super::*;
    use crate::{ApiId, Family, Shape};

    #[test]
    fn every_bundled_scenario_loads_and_tells_what_it_is_for() {
        for bundled in all() {
            let scenario = bundled.scenario().unwrap();
            assert_eq!(scenario.name(), bundled.name);
            assert_eq!(scenario.file().description, bundled.description);
            assert!(bundled.text.starts_with("# "), "{}", bundled.name);
        }
    }

    #[test]
    fn petstore_comes_before_tracks_in_each_with_products() {
        for bundled in &all()[..3] {
            let scenario = bundled.scenario().unwrap();
            let products = &scenario.world().portal.products;
            let ids: Vec<_> = products.iter().flat_map(|product| &product.versions).map(|v| v.id.as_str()).collect();
            assert_eq!(ids, ["petstore-v1", "tracks-v1"], "{}", bundled.name);
        }
        assert!(find("empty-portal").unwrap().scenario().unwrap().world().portal.products.is_empty());
    }

    #[test]
    fn an_apis_id_is_its_product_and_its_version() {
        for bundled in all() {
            let scenario = bundled.scenario().unwrap();
            for product in &scenario.world().portal.products {
                for version in &product.versions {
                    assert_eq!(version.id, ApiId::of(&product.id, &version.name));
                }
            }
        }
    }

    #[test]
    fn each_shows_the_family_that_it_is_named_after() {
        let family = |name| find(name).unwrap().scenario().unwrap().world().portal.family;
        assert_eq!(family("quickstart"), Family::GlooMeshGateway { shape: Shape::Grouped, inline_specs: false });
        assert_eq!(family("gloo-mesh-flat"), Family::GlooMeshGateway { shape: Shape::Flat, inline_specs: true });
        assert_eq!(family("gloo-gateway"), Family::GlooGateway);
    }

    #[test]
    fn the_identity_that_quickstart_spells_out_is_the_default() {
        let spelt_out = find("quickstart").unwrap().scenario().unwrap();
        let left_out = find("empty-portal").unwrap().scenario().unwrap();
        assert_eq!(spelt_out.world().identity, left_out.world().identity);
    }

    #[test]
    fn the_bundled_documents_have_a_dozen_operations_and_no_loose_references() {
        for (name, text) in DOCUMENTS {
            let spec: crate::Spec = serde_saphyr::from_str(text).unwrap();
            let document: Value = serde_json::from_str(spec.get()).unwrap();
            let mut ids = HashSet::new();
            visit(&document, &mut |member, value| match (member, value) {
                ("$ref", Value::String(reference)) => {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{name}: {reference}");
                }
                ("operationId", Value::String(id)) if document.pointer("/paths").is_some() => {
                    ids.insert(id.clone());
                }
                _ => {}
            });
            assert!(ids.len() >= 12, "{name}: {ids:?}");
        }
    }

    fn visit(value: &Value, see: &mut impl FnMut(&str, &Value)) {
        match value {
            Value::Object(members) => members.iter().for_each(|(member, value)| {
                see(member, value);
                visit(value, see);
            }),
            Value::Array(items) => items.iter().for_each(|value| visit(value, see)),
            _ => {}
        }
    }
}
