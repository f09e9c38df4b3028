//! From a portal's listing to entities: the same ones as the plugin's wherever Backstage takes those, and else the
//! nearest that it takes.

use std::collections::{BTreeMap, HashMap};

use super::{
    ApiSpec, Entity, EntityKind, EntityRef, EntitySpec, GroupSpec, Metadata, Names, SystemSpec, UserSpec, definition,
    name,
};
use crate::config::ServerUrl;
use crate::outcome::{Notice, NoticeKind};
use crate::portal::{Api, Family, Listing};
use crate::{quote, validate};

const GROUP: &str = "solo-io-service-accounts";
const USER: &str = "gloo-platform-portal-service-account";
const SYSTEM: &str = "gloo-platform-portal-apis";
const TAG: &str = "gloo-platform";
const VERSION_TAG: &str = "api-version:";

/// The entities of a portal: Group, User, System, then an API for each version, in the portal's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entities {
    /// The entities: all are valid, and no two have the same reference.
    pub entities: Vec<Entity>,
    /// Where the portal's words could not be taken as they are, and what became of them.
    pub notices: Vec<Notice>,
}

/// The entities of a portal, as the plugin has them. Where Backstage would refuse the plugin's, or two would be one, there
/// is the nearest that it takes, and a notice: see [`Names`] for names; a tag is mended or left out; text is read as YAML;
/// in place of a missing document there is one that says so. The first of several APIs with one id counts.
#[must_use]
pub fn entities_of(listing: &Listing, server: &ServerUrl) -> Entities {
    let maker = Maker::new(server, listing.family);
    let names = Names::assign(listing.apis.iter().map(|api| api.id.as_str()));
    let mut made = Entities { entities: maker.owners(), notices: Vec::new() };
    let mut seen: HashMap<&str, &Api> = HashMap::with_capacity(listing.apis.len());
    for api in &listing.apis {
        if let Some(first) = seen.get(api.id.as_str()) {
            made.notices.push(repeated(first, api));
            continue;
        }
        seen.insert(&api.id, api);
        let (entity, notices) = maker.api(api, &names.of(&api.id));
        made.entities.push(entity);
        made.notices.extend(notices);
    }
    made
}

/// What there is to tell of an API whose id came before.
fn repeated(first: &Api, again: &Api) -> Notice {
    let message = if first == again {
        "stands in the portal's list more than once, and is in the catalog once. Look for a resource of its name in a second namespace"
    } else {
        "stands in the portal's list more than once, each time with other content; the catalog has the first. Look for a resource of its name in a second namespace"
    };
    notice(&again.id, message)
}

fn notice(id: &str, message: &str) -> Notice {
    let message = format!("API {}: {message}", quote::name(id));
    Notice { kind: NoticeKind::Invalid, about: Some(id.to_owned()), message }
}

/// Makes the entities of one portal, each by itself.
#[derive(Clone, Debug)]
pub(crate) struct Maker {
    server: ServerUrl,
    apis_location: String,
}

impl Maker {
    /// A maker of the entities of a portal of this family at `server`.
    pub(crate) fn new(server: &ServerUrl, family: Family) -> Self {
        Self { server: server.clone(), apis_location: format!("{server}{}", family.path()) }
    }

    /// The service account, its group, and the system that the APIs are part of.
    pub(crate) fn owners(&self) -> Vec<Entity> {
        let metadata = |name: &str| Metadata {
            name: name.to_owned(),
            annotations: locations(self.server.as_str()),
            ..Metadata::default()
        };
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

    /// The entity of one API, under the name that [`Names`] gives its id; and what there is to tell of it.
    pub(crate) fn api(&self, api: &Api, name: &str) -> (Entity, Vec<Notice>) {
        let mut notices = Vec::new();
        let mut tell = |message: &str| notices.push(notice(&api.id, message));
        if let Some(message) = renamed(&api.id, name) {
            tell(&message);
        }
        let mut tags = vec![TAG.to_owned()];
        // An empty version gets no tag, as with the plugin.
        if let Some(version) = api.version.as_deref().filter(|version| !version.is_empty()) {
            let plain = format!("{VERSION_TAG}{}", name::sanitize_tag(version));
            let tag = name::tag(VERSION_TAG, version);
            if tag.as_ref() != Some(&plain) {
                let instead = tag.as_ref().map_or_else(|| "no tag".to_owned(), |tag| quote::name(tag));
                tell(&format!(
                    "its version {} makes the tag {}, which Backstage refuses; it has {instead} instead",
                    quote::name(version),
                    quote::name(&plain)
                ));
            }
            tags.extend(tag);
        }
        let document = definition::of(api);
        if let Some(problem) = document.problem {
            tell(&problem);
        }
        let metadata = Metadata {
            name: name.to_owned(),
            title: Some(api.id.clone()).filter(|title| !title.is_empty()),
            description: api.description.clone(),
            annotations: locations(&self.apis_location),
            tags,
            ..Metadata::default()
        };
        let spec = EntitySpec::Api(ApiSpec {
            kind: "openapi".to_owned(),
            lifecycle: "production".to_owned(),
            system: Some(SYSTEM.to_owned()),
            owner: format!("user:{USER}"),
            definition: document.text,
        });
        (Entity { metadata, spec }, notices)
    }
}

/// Why an API's name is not the plugin's, where it is not.
fn renamed(id: &str, name: &str) -> Option<String> {
    let plain = name::sanitize_name(id);
    if plain == name {
        return None;
    }
    let reference = EntityRef::new(EntityKind::Api.as_str(), EntityRef::DEFAULT_NAMESPACE, name);
    Some(if validate::is_name(&plain) {
        format!("it is {reference}, since another id makes the name {} too", quote::name(&plain))
    } else {
        format!("it is {reference}, since its id makes a name that Backstage refuses ({})", quote::name(&plain))
    })
}

fn locations(url: &str) -> BTreeMap<String, String> {
    let location = format!("url:{url}");
    BTreeMap::from([
        (validate::LOCATION_ANNOTATION.to_owned(), location.clone()),
        (validate::ORIGIN_LOCATION_ANNOTATION.to_owned(), location),
    ])
}
