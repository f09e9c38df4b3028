//! How a live portal has changed since it was recorded.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde_json::Value;
use understudy_scenarios::{Face, Family, Issuer, Portal, Product, Scenario, Spec, UsagePlan, Version, World};

use super::Recording;
use super::error::RecordError;
use super::redacted::{self, Tally};
use super::redaction::{Redactor, nameless};
use crate::play::difference;

/// What a difference is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// Which products and APIs there are, and what is told of them.
    Apis,
    /// An API's document.
    Documents,
    /// The usage plans.
    UsagePlans,
    /// The identity provider and the service account.
    Issuer,
}

/// One thing in which a live portal is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is of.
    pub aspect: Aspect,
    /// What it is about: ``API `petstore-v1` ``, `the portal`.
    pub subject: String,
    /// What is otherwise.
    pub change: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.subject, self.change)
    }
}

/// How `live` differs from `recorded`, which may be a recording or a scenario that somebody wrote: the portal first, then
/// products, APIs and usage plans, then the identity provider. Names, hosts and addresses are compared as they are after
/// replacing, on both sides. Times of creation and change do not count, nor does the order of products.
///
/// # Errors
/// When the live portal can't be said in a scenario.
pub fn drift(recorded: &Scenario, live: &Recording) -> Result<Vec<Difference>, RecordError> {
    let live_world = live.scenario()?;
    let mut drift = Drift { redactor: &live.redactor, aspect: Aspect::Apis, found: Vec::new() };
    drift.portal(&recorded.world().portal, &live_world.world().portal);
    drift.aspect = Aspect::Issuer;
    drift.identity(recorded.world(), live_world.world());
    Ok(drift.found)
}

struct Drift<'a> {
    redactor: &'a Redactor,
    /// What is being compared.
    aspect: Aspect,
    found: Vec<Difference>,
}

impl Drift<'_> {
    fn add(&mut self, subject: &str, change: impl Into<String>) {
        self.found.push(Difference { aspect: self.aspect, subject: subject.to_owned(), change: change.into() });
    }

    /// Compares a member that is a text or nothing.
    fn text(&mut self, subject: &str, member: &str, was: Option<&str>, is: Option<&str>) {
        let was = was.filter(|was| !was.is_empty()).map(|was| self.redactor.quietly(was));
        let is = is.filter(|is| !is.is_empty());
        if was.as_deref() != is {
            self.add(subject, format!("its {member} was {} and is {}", shown(was.as_deref()), shown(is)));
        }
    }

    /// Compares whom to ask, who may be a person with a name.
    fn contact(&mut self, subject: &str, was: Option<&str>, is: Option<&str>) {
        let nameless = was.and_then(nameless).filter(|_| self.redactor.replaces_names());
        self.text(subject, "contact", nameless.as_deref().or(was), is);
    }

    /// Compares something that is told as a text.
    fn word<T: PartialEq>(&mut self, subject: &str, member: &str, was: T, is: T, word: impl Fn(&T) -> String) {
        if was != is {
            self.add(subject, format!("its {member} was {} and is {}", word(&was), word(&is)));
        }
    }

    fn portal(&mut self, was: &Portal, is: &Portal) {
        self.word("the portal", "family", was.family, is.family, |family| family_word(*family).to_owned());
        let products = by(&was.products, |product| self.redactor.quietly(product.id.as_str()));
        let live = by(&is.products, |product| product.id.to_string());
        self.gone(&products, &live, |id| format!("product `{id}`"));
        for product in &is.products {
            let id = product.id.to_string();
            match products.get(&id) {
                None => self.add(&format!("product `{id}`"), "it is new"),
                Some(was) => self.product(was, product, is.family),
            }
        }
        let versions = |portal: &'_ Portal| -> Vec<(String, Version)> {
            let of = |product: &Product| -> Vec<(String, Version)> {
                product.versions.iter().map(|version| (product.id.to_string(), version.clone())).collect()
            };
            portal.products.iter().flat_map(of).collect()
        };
        let (was_versions, is_versions) = (versions(was), versions(is));
        let before = by(&was_versions, |(_, version)| self.redactor.quietly(version.id.as_str()));
        let now = by(&is_versions, |(_, version)| version.id.to_string());
        self.gone(&before, &now, |id| format!("API `{id}`"));
        for (product, version) in &is_versions {
            let subject = format!("API `{}`", version.id);
            match before.get(version.id.as_str()) {
                None => self.add(&subject, "it is new"),
                Some((was_product, was)) => {
                    self.text(&subject, "product", Some(was_product), Some(product));
                    self.version(&subject, was, version, is.family);
                }
            }
        }
        self.aspect = Aspect::UsagePlans;
        self.usage_plans(&was.usage_plans, &is.usage_plans);
    }

    /// Tells what is not there any more.
    fn gone<T>(&mut self, was: &BTreeMap<String, &T>, is: &BTreeMap<String, &T>, name: impl Fn(&str) -> String) {
        for id in was.keys().filter(|id| !is.contains_key(*id)) {
            self.add(&name(id), "it is gone");
        }
    }

    fn product(&mut self, was: &Product, is: &Product, family: Family) {
        let subject = format!("product `{}`", is.id);
        self.text(&subject, "name", Some(&was.name), Some(&is.name));
        // Nothing tells these of Gloo Mesh Gateway's products.
        if family == Family::GlooGateway {
            self.text(&subject, "description", was.description.as_deref(), is.description.as_deref());
            self.contact(&subject, was.contact_email.as_deref(), is.contact_email.as_deref());
            self.word(&subject, "auto-approval", was.auto_approval, is.auto_approval, ToString::to_string);
            self.metadata(&subject, &was.metadata, &is.metadata);
        }
    }

    fn version(&mut self, subject: &str, was: &Version, is: &Version, family: Family) {
        self.text(subject, "version", Some(&was.name), Some(&is.name));
        self.text(subject, "title", Some(&was.title), Some(&is.title));
        self.text(subject, "description", was.description.as_deref(), is.description.as_deref());
        self.text(subject, "licence", was.license.as_deref(), is.license.as_deref());
        self.text(subject, "terms of service", was.terms_of_service.as_deref(), is.terms_of_service.as_deref());
        if family == Family::GlooGateway {
            self.word(subject, "status", was.status, is.status, |status| format!("{status:?}").to_lowercase());
        } else {
            self.contact(subject, was.contact.as_deref(), is.contact.as_deref());
            self.text(subject, "lifecycle", was.lifecycle.as_deref(), is.lifecycle.as_deref());
        }
        self.plans(subject, &was.usage_plans, &is.usage_plans);
        self.metadata(subject, &was.metadata, &is.metadata);
        self.aspect = Aspect::Documents;
        let error = |version: &Version| version.spec_fetch_error.clone();
        self.text(subject, "document's error", error(was).as_deref(), error(is).as_deref());
        let has_document = |version: &Version| {
            version.spec_fetch_error.is_none() && version.spec_form != understudy_scenarios::SpecForm::Missing
        };
        match (has_document(was), has_document(is)) {
            (true, true) => {
                self.word(subject, "document's form", was.spec_form, is.spec_form, |form| format!("{form:?}"));
                self.document(subject, &was.spec, &is.spec);
            }
            (true, false) => self.add(subject, "its document is gone"),
            (false, true) => self.add(subject, "it has a document now"),
            (false, false) => {}
        }
        self.aspect = Aspect::Apis;
    }

    fn document(&mut self, subject: &str, was: &Spec, is: &Spec) {
        if was == is {
            return;
        }
        let was = redacted::document(was.get(), "", self.redactor, &mut Tally::default());
        let value = |document: &str| serde_json::from_str::<Value>(document).unwrap_or_default();
        if was != is.get() && value(&was) != value(is.get()) {
            let told = difference::of_definitions(Some(&was), Some(is.get()));
            // As it is told of a subject that was judged.
            let told = told.replace("the definition should be", "its document was").replace("should be", "was");
            self.add(subject, told);
        }
    }

    fn plans(&mut self, subject: &str, was: &[String], is: &[String]) {
        let was: Vec<String> = was.iter().map(|plan| self.redactor.quietly(plan)).collect();
        if was != is {
            self.add(subject, format!("its usage plans were {} and are {}", list(&was), list(is)));
        }
    }

    fn metadata(&mut self, subject: &str, was: &BTreeMap<String, String>, is: &BTreeMap<String, String>) {
        let redacted = |text: &String| self.redactor.quietly(text);
        let was: BTreeMap<String, String> = was.iter().map(|(key, value)| (redacted(key), redacted(value))).collect();
        let keys: std::collections::BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for key in keys {
            self.text(
                subject,
                &format!("metadata `{key}`"),
                was.get(key).map(String::as_str),
                is.get(key).map(String::as_str),
            );
        }
    }

    fn usage_plans(&mut self, was: &[UsagePlan], is: &[UsagePlan]) {
        let before: HashMap<String, &UsagePlan> =
            was.iter().map(|plan| (self.redactor.quietly(&plan.name), plan)).collect();
        for plan in was {
            let name = self.redactor.quietly(&plan.name);
            if is.iter().all(|now| now.name != name) {
                self.add(&format!("usage plan `{name}`"), "it is gone");
            }
        }
        for plan in is {
            let subject = format!("usage plan `{}`", plan.name);
            match before.get(&plan.name) {
                None => self.add(&subject, "it is new"),
                Some(was) => {
                    let (was_types, is_types) = (list(&was.auth_types), list(&plan.auth_types));
                    self.word(&subject, "ways to prove oneself", was_types, is_types, Clone::clone);
                    self.word(&subject, "limit", was.rate_limit, plan.rate_limit, |limit| match limit {
                        Some(limit) => format!("{} per {:?}", limit.requests_per_unit, limit.unit).to_lowercase(),
                        None => "none".to_owned(),
                    });
                }
            }
        }
    }

    /// The issuer that is recorded against the one of the scenario that is most like it.
    fn identity(&mut self, was: &World, is: &World) {
        let Some(issuer) = is.identity.issuers.first() else { return };
        let alike = |was: &&Issuer| face_word(&was.face) == face_word(&issuer.face);
        let before = was.identity.issuers.iter().find(alike).or(was.identity.issuers.first());
        if let Some(before) = before {
            let subject = "the identity provider";
            self.text(subject, "kind", Some(face_word(&before.face)), Some(face_word(&issuer.face)));
            self.text(subject, "path", Some(&before.path), Some(&issuer.path));
            self.text(subject, "audience", Some(&before.audience), Some(&issuer.audience));
            let seconds = |issuer: &Issuer| format!("{} s", issuer.access_token_lifetime.as_secs());
            self.word(subject, "tokens' lifetime", seconds(before), seconds(issuer), Clone::clone);
            self.word(subject, "scopes", list(&before.scopes), list(&issuer.scopes), Clone::clone);
            self.word(
                subject,
                "default scopes",
                list(&before.default_scopes),
                list(&issuer.default_scopes),
                Clone::clone,
            );
            let claims = (list(&before.dropped_claims), list(&issuer.dropped_claims));
            self.word(subject, "missing claims", claims.0, claims.1, Clone::clone);
        }
        let client = is.identity.clients.first().map(|client| client.id.as_str());
        let is_known =
            was.identity.clients.iter().any(|known| Some(self.redactor.quietly(&known.id).as_str()) == client);
        if !is_known {
            let before = was.identity.clients.first().map(|client| client.id.as_str());
            self.text("the service account", "client id", before, client);
        }
    }
}

fn by<T>(things: &[T], id: impl Fn(&T) -> String) -> BTreeMap<String, &T> {
    things.iter().map(|thing| (id(thing), thing)).collect()
}

fn shown(text: Option<&str>) -> String {
    match text {
        Some(text) => format!("`{}`", difference::cut(&text.split_whitespace().collect::<Vec<_>>().join(" "))),
        None => "nothing".to_owned(),
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }
}

fn family_word(family: Family) -> &'static str {
    use understudy_scenarios::Shape::{Flat, Grouped};
    match family {
        Family::GlooMeshGateway { shape: Grouped, inline_specs: false } => "Gloo Mesh Gateway, grouped",
        Family::GlooMeshGateway { shape: Grouped, inline_specs: true } => "Gloo Mesh Gateway, grouped with documents",
        Family::GlooMeshGateway { shape: Flat, inline_specs: true } => "Gloo Mesh Gateway, flat",
        Family::GlooMeshGateway { shape: Flat, inline_specs: false } => "Gloo Mesh Gateway, flat without documents",
        Family::GlooGateway => "Gloo Gateway",
    }
}

fn face_word(face: &Face) -> &'static str {
    match face {
        Face::OktaOrg => "an Okta org",
        Face::OktaCustom { .. } => "an Okta authorization server",
        Face::Keycloak { .. } => "a Keycloak realm",
    }
}
