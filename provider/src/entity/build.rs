//! From a portal's listing to entities: the same ones as the plugin's wherever Backstage takes those, and else the
//! nearest that it takes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::{
    ApiSpec, Entity, EntityKind, EntityRef, EntitySpec, GroupSpec, Mapping, Metadata, Names, OwnerProfile, Profile,
    SystemSpec, UserSpec, definition, enriched, name,
};
use crate::config::ServerUrl;
use crate::outcome::{Notice, NoticeKind};
use crate::portal::{Api, Family, Listing, UsagePlans};
use crate::{quote, validate};

const GROUP: &str = "solo-io-service-accounts";
const USER: &str = "gloo-platform-portal-service-account";
const USER_TITLE: &str = "Solo.io Service Account";
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
///
/// In the enriched profile there is a System for each product besides, and all that the portal tells is in the entities.
/// `plans` is what it tells of its usage plans, of which APIs have only the names.
#[must_use]
pub fn entities_of(listing: &Listing, server: &ServerUrl, profile: &Profile, plans: &Arc<UsagePlans>) -> Entities {
    let maker = Maker::new(server, listing.family, profile, plans, &listing.apis);
    let names = Names::assign(listing.apis.iter().map(|api| api.id.as_str()));
    let (entities, notices) = maker.owners(&listing.apis);
    let mut made = Entities { entities, notices };
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

/// Makes the entities of one portal, each by itself: from equal makers, an equal API has an equal entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Maker {
    server: ServerUrl,
    apis_location: String,
    profile: Profile,
    plans: Arc<UsagePlans>,
    /// The names of the products' systems; none with the plugin's profile.
    systems: Names,
}

impl Maker {
    /// A maker of the entities of a portal of this family at `server`, which shows these APIs.
    pub(crate) fn new<'a>(
        server: &ServerUrl,
        family: Family,
        profile: &Profile,
        plans: &Arc<UsagePlans>,
        apis: impl IntoIterator<Item = &'a Api>,
    ) -> Self {
        let systems = match profile {
            Profile::Plugin => Names::default(),
            Profile::Enriched(_) => {
                Names::assign_besides(&[SYSTEM], apis.into_iter().filter_map(|api| api.facts.product.as_deref()))
            }
        };
        Self {
            server: server.clone(),
            apis_location: format!("{server}{}", family.path()),
            profile: profile.clone(),
            plans: Arc::clone(plans),
            systems,
        }
    }

    /// The service account, its group, and the systems that the APIs are part of: one for all with the plugin's profile,
    /// one for each product in the enriched.
    pub(crate) fn owners<'a>(&self, apis: impl IntoIterator<Item = &'a Api>) -> (Vec<Entity>, Vec<Notice>) {
        let metadata = |name: &str| Metadata {
            name: name.to_owned(),
            annotations: locations(self.server.as_str()),
            ..Metadata::default()
        };
        let is_enriched = self.profile != Profile::Plugin;
        let known_as = |name: &str| is_enriched.then(|| OwnerProfile { display_name: name.to_owned() });
        let group = EntitySpec::Group(GroupSpec {
            kind: "service-account-group".to_owned(),
            profile: known_as("Solo.io Service Accounts"),
            children: Vec::new(),
            members: vec![USER.to_owned()],
        });
        let user = EntitySpec::User(UserSpec {
            display_name: USER_TITLE.to_owned(),
            email: String::new(),
            picture: String::new(),
            member_of: vec![GROUP.to_owned()],
            profile: known_as(USER_TITLE),
        });
        let system = Metadata {
            title: Some("Gloo Platform Portal APIs".to_owned()),
            tags: vec![TAG.to_owned()],
            ..metadata(SYSTEM)
        };
        let mut owners =
            vec![Entity { metadata: metadata(GROUP), spec: group }, Entity { metadata: metadata(USER), spec: user }];
        let system = Entity { metadata: system, spec: EntitySpec::System(SystemSpec { owner: service_account() }) };
        let Profile::Enriched(mapping) = &self.profile else {
            owners.push(system);
            return (owners, Vec::new());
        };
        let mut notices = Vec::new();
        let mut seen = HashSet::new();
        // What is of no product is part of the one for all.
        let mut system = Some(system);
        for api in apis {
            match &api.facts.product {
                None => owners.extend(system.take()),
                Some(product) if seen.insert(product) => {
                    let (entity, told) = self.product(product, api, mapping);
                    owners.push(entity);
                    notices.extend(told);
                }
                Some(_) => {}
            }
        }
        (owners, notices)
    }

    /// The system of a product, from what one of its APIs tells.
    fn product(&self, product: &str, api: &Api, mapping: &Mapping) -> (Entity, Vec<Notice>) {
        let facts = &api.facts;
        let mut metadata = Metadata {
            name: self.systems.of(product).into_owned(),
            title: Some(facts.product_name.as_deref().unwrap_or(product).to_owned()).filter(|title| !title.is_empty()),
            description: facts.product_description.clone(),
            annotations: locations(&self.apis_location),
            tags: vec![TAG.to_owned()],
            ..Metadata::default()
        };
        metadata.annotations.insert(enriched::PRODUCT_ID.to_owned(), product.to_owned());
        let left_out = enriched::metadata(&facts.product_metadata, mapping, &mut metadata);
        let told = |key: &str| Notice {
            kind: NoticeKind::Invalid,
            about: Some(product.to_owned()),
            message: format!("product {}: {}", quote::name(product), enriched::left_out(key)),
        };
        let owner = enriched::owner(Some(product), &[&facts.product_metadata], mapping).unwrap_or_else(service_account);
        let notices = left_out.into_iter().map(told).collect();
        (Entity { metadata, spec: EntitySpec::System(SystemSpec { owner }) }, notices)
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
        let mut metadata = Metadata {
            name: name.to_owned(),
            title: Some(api.id.clone()).filter(|title| !title.is_empty()),
            description: api.description.clone(),
            annotations: locations(&self.apis_location),
            tags,
            ..Metadata::default()
        };
        let mut spec = ApiSpec {
            kind: "openapi".to_owned(),
            lifecycle: "production".to_owned(),
            system: Some(SYSTEM.to_owned()),
            owner: service_account(),
            definition: document.text,
        };
        if let Profile::Enriched(mapping) = &self.profile {
            for key in self.enrich(api, mapping, &mut metadata, &mut spec) {
                tell(&enriched::left_out(key));
            }
        }
        (Entity { metadata, spec: EntitySpec::Api(spec) }, notices)
    }

    /// Puts what the portal tells besides where Backstage shows it; returns the keys of metadata that cannot be there.
    fn enrich<'a>(&self, api: &'a Api, mapping: &Mapping, metadata: &mut Metadata, spec: &mut ApiSpec) -> Vec<&'a str> {
        let facts = &api.facts;
        let product = facts.product.as_deref();
        metadata.title = Some(enriched::title(api)).filter(|title| !title.is_empty());
        metadata.description = enriched::description(api, &self.plans);
        for tag in enriched::tags(facts) {
            if !metadata.tags.contains(&tag) {
                metadata.tags.push(tag);
            }
        }
        metadata.links = enriched::links(facts);
        metadata.annotations.insert(enriched::API_ID.to_owned(), api.id.clone());
        if let Some(product) = product {
            metadata.annotations.insert(enriched::PRODUCT_ID.to_owned(), product.to_owned());
            spec.system = Some(self.systems.of(product).into_owned());
        }
        spec.lifecycle = enriched::lifecycle(facts, mapping);
        spec.owner = enriched::owner(product, &[&facts.metadata, &facts.product_metadata], mapping)
            .unwrap_or_else(service_account);
        enriched::metadata(&facts.metadata, mapping, metadata)
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

/// Whom things belong to with the plugin.
fn service_account() -> String {
    format!("user:{USER}")
}

fn locations(url: &str) -> BTreeMap<String, String> {
    let location = format!("url:{url}");
    BTreeMap::from([
        (validate::LOCATION_ANNOTATION.to_owned(), location.clone()),
        (validate::ORIGIN_LOCATION_ANNOTATION.to_owned(), location),
    ])
}
