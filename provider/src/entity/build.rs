//! From a portal's listing to entities: the same ones as the plugin's, or an error that names the API.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{
    ApiSpec, Entity, EntityRef, EntitySpec, GroupSpec, Metadata, SystemSpec, UserSpec, sanitize_name, sanitize_tag,
};
use crate::config::ServerUrl;
use crate::portal::{Api, Definition, Listing};
use crate::quote;
use crate::validate::{self, InvalidEntity};

const GROUP: &str = "solo-io-service-accounts";
const USER: &str = "gloo-platform-portal-service-account";
const SYSTEM: &str = "gloo-platform-portal-apis";
const TAG: &str = "gloo-platform";

/// Why an API makes no entity that Backstage would take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntityError {
    /// Backstage would refuse the entity.
    #[error("API {} makes an entity that Backstage refuses: {problem}", quote::name(id))]
    Refused {
        /// The API's id.
        id: String,
        /// The rule that it breaks.
        #[source]
        problem: InvalidEntity,
    },
    /// Two APIs have one id.
    #[error("the portal has two APIs with the id {}", quote::name(id))]
    SameId {
        /// The id.
        id: String,
    },
    /// The ids of two APIs make one name.
    #[error(
        "APIs {} and {} would both be {reference}: their ids differ only in what a name cannot hold",
        quote::name(first),
        quote::name(second)
    )]
    SameName {
        /// The id that comes first in the portal's order.
        first: String,
        /// The other id.
        second: String,
        /// What both would be.
        reference: EntityRef,
    },
    /// The API has no OpenAPI document, and an API entity must have one.
    #[error("API {} has no OpenAPI document{}", quote::name(id), reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default())]
    NoDefinition {
        /// The API's id.
        id: String,
        /// The portal's reason, where it tells one.
        reason: Option<String>,
    },
    /// The API's OpenAPI document is text other than JSON.
    #[error("the OpenAPI document of API {} is text that is not JSON (YAML?), which cannot be read yet: {}", quote::name(id), quote::body(beginning.as_bytes(), ""))]
    TextDefinition {
        /// The API's id.
        id: String,
        /// How the text begins.
        beginning: String,
    },
}

/// The entities of a portal, as the plugin has them: Group, User, System, then an API for each version, in the portal's
/// order. All are valid, and no two have the same reference.
///
/// # Errors
/// When an API would make an entity that Backstage refuses, or two would make the same.
pub fn entities_of(listing: Listing, server: &ServerUrl) -> Result<Vec<Entity>, EntityError> {
    let apis_location = format!("{server}{}", listing.family.path());
    let mut entities = owners(server);
    entities.reserve(listing.apis.len());
    let mut ids = BTreeMap::new();
    for api in listing.apis {
        let id = api.id.clone();
        let entity = api_entity(api, &apis_location)?;
        entity.validate().map_err(|problem| EntityError::Refused { id: id.clone(), problem })?;
        match ids.entry(entity.reference()) {
            Entry::Vacant(entry) => entry.insert(id),
            Entry::Occupied(entry) if *entry.get() == id => return Err(EntityError::SameId { id }),
            Entry::Occupied(entry) => {
                let reference = entry.key().clone();
                return Err(EntityError::SameName { first: entry.remove(), second: id, reference });
            }
        };
        entities.push(entity);
    }
    Ok(entities)
}

/// The service account, its group, and the system that the APIs are part of.
fn owners(server: &ServerUrl) -> Vec<Entity> {
    let metadata =
        |name: &str| Metadata { name: name.to_owned(), annotations: locations(server.as_str()), ..Metadata::default() };
    let group = EntitySpec::Group(GroupSpec {
        kind: "service-account-group".to_owned(),
        children: Vec::new(),
        members: vec![USER.to_owned()],
    });
    let user = EntitySpec::User(UserSpec {
        display_name: "Solo.io Service Account".to_owned(),
        email: String::new(),
        picture: String::new(),
        member_of: vec![GROUP.to_owned()],
    });
    let system = Metadata {
        title: Some("Gloo Platform Portal APIs".to_owned()),
        tags: vec![TAG.to_owned()],
        ..metadata(SYSTEM)
    };
    vec![
        Entity { metadata: metadata(GROUP), spec: group },
        Entity { metadata: metadata(USER), spec: user },
        Entity { metadata: system, spec: EntitySpec::System(SystemSpec { owner: format!("user:{USER}") }) },
    ]
}

fn api_entity(api: Api, location: &str) -> Result<Entity, EntityError> {
    let definition = match api.definition {
        Definition::Document(json) => json,
        Definition::Missing(reason) => return Err(EntityError::NoDefinition { id: api.id, reason }),
        Definition::Text(text) => {
            let beginning = text.chars().take(80).collect();
            return Err(EntityError::TextDefinition { id: api.id, beginning });
        }
    };
    let mut tags = vec![TAG.to_owned()];
    // An empty version gets no tag, as with the plugin.
    if let Some(version) = api.version.filter(|version| !version.is_empty()) {
        tags.push(format!("api-version:{}", sanitize_tag(&version)));
    }
    let metadata = Metadata {
        name: sanitize_name(&api.id),
        title: Some(api.id),
        description: api.description,
        annotations: locations(location),
        tags,
        ..Metadata::default()
    };
    let spec = EntitySpec::Api(ApiSpec {
        kind: "openapi".to_owned(),
        lifecycle: "production".to_owned(),
        system: Some(SYSTEM.to_owned()),
        owner: format!("user:{USER}"),
        definition,
    });
    Ok(Entity { metadata, spec })
}

fn locations(url: &str) -> BTreeMap<String, String> {
    let location = format!("url:{url}");
    BTreeMap::from([
        (validate::LOCATION_ANNOTATION.to_owned(), location.clone()),
        (validate::ORIGIN_LOCATION_ANNOTATION.to_owned(), location),
    ])
}
