//! What is known after a reading: what came, and of what did not come, what was known before.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::doubt::{Doubts, Scope};
use super::known::{Known, KnownApi};
use super::words;
use crate::entity::is_document;
use crate::outcome::Notice;
use crate::portal::{Api, Definition, FoundApi, FoundProduct, PortalError, Reading};

/// What a reading came to.
pub(super) struct Merged {
    pub(super) known: Known,
    pub(super) doubts: Doubts,
    pub(super) notices: Vec<Notice>,
}

/// What is known after a reading of a portal of which `before` was known.
///
/// What could not be read stays as it was known; what is not there any more goes, unless it is held back.
pub(super) fn merge(before: Option<&Known>, earlier: &Doubts, reading: Reading) -> Merged {
    let family = reading.family();
    let nothing =
        Known { family, products: Vec::new(), unread: BTreeSet::new(), apis: Vec::new(), plans: Arc::default() };
    let is_first = before.is_none();
    let before = before.unwrap_or(&nothing);
    if family != before.family {
        // An answer in passing that is not of the portal's family (a route that is not there yet) would remove all.
        let found = reading.ids();
        let gone = before.ids_beside(&found);
        let mut doubts = earlier.clone();
        let notice = words::other_family(before.family, family, &gone, before.apis.len());
        if doubts.hold_back(earlier, Scope::Family, before.apis.len(), found.len(), gone) {
            return Merged { known: before.clone(), doubts, notices: vec![notice] };
        }
    }
    let mut merge = Merge {
        by_id: before.by_id(),
        before,
        earlier,
        doubts: Doubts::default(),
        notices: Vec::new(),
        seen: HashSet::new(),
        apis: Vec::new(),
        products: Vec::new(),
    };
    match reading {
        Reading::Apis(found) => merge.apis(found),
        Reading::Products(found) => merge.products(found),
    }
    // The loss by another family has been weighed already.
    if family == before.family {
        merge.keep_what_is_held_back();
    }
    let Merge { doubts, notices, apis, products, .. } = merge;
    let failed = products.iter().filter(|product| product.versions.is_none()).map(|product| &product.id);
    let unread = failed.filter(|id| is_first || before.unread.contains(*id)).cloned().collect();
    let products = products.into_iter().map(|product| product.id).collect();
    let plans = Arc::clone(&before.plans);
    Merged { known: Known { family, products, unread, apis, plans }, doubts, notices }
}

struct Merge<'k> {
    before: &'k Known,
    by_id: HashMap<&'k str, &'k KnownApi>,
    earlier: &'k Doubts,
    doubts: Doubts,
    notices: Vec<Notice>,
    /// The ids that are there.
    seen: HashSet<String>,
    apis: Vec<KnownApi>,
    products: Vec<Product>,
}

/// A product that is there, and how many versions it showed; none where those could not be read.
struct Product {
    id: String,
    versions: Option<usize>,
}

impl Merge<'_> {
    fn apis(&mut self, found: Vec<FoundApi>) {
        self.apis.reserve(found.len());
        for FoundApi { api, failure } in found {
            if let Some(api) = self.found(None, api, failure.as_ref()) {
                self.apis.push(api);
            }
        }
    }

    fn products(&mut self, found: Vec<FoundProduct>) {
        // First what could be read: an API that has moved to another product is to be found there.
        let mut groups = Vec::with_capacity(found.len());
        let mut listed = HashSet::with_capacity(found.len());
        for FoundProduct { id, versions } in found {
            if !listed.insert(id.clone()) {
                self.notices.push(words::product_twice(&id));
                continue;
            }
            let product: Arc<str> = id.as_str().into();
            self.products.push(Product { id, versions: versions.as_ref().ok().map(Vec::len) });
            groups.push(match versions {
                Ok(apis) => {
                    Ok(apis.into_iter().filter_map(|api| self.found(Some(&product), api, None)).collect::<Vec<_>>())
                }
                Err(failure) => Err((product, failure)),
            });
        }
        let mut is_whole = true;
        for group in groups {
            match group {
                Ok(apis) => self.apis.extend(apis),
                Err((product, failure)) => {
                    is_whole = false;
                    self.keep_product(&product, &failure);
                }
            }
        }
        if !is_whole {
            self.keep_those_of_no_product();
        }
    }

    /// An API version as it is to be known, with the document of before where it came with none.
    fn found(&mut self, product: Option<&Arc<str>>, mut api: Api, failure: Option<&PortalError>) -> Option<KnownApi> {
        if !self.seen.insert(api.id.clone()) {
            self.notices.push(words::api_twice(&api.id));
            return None;
        }
        let before = self.by_id.get(api.id.as_str()).map(|known| &known.api);
        let document = before.map(|before| &before.definition).filter(|it| !matches!(it, Definition::Missing(_)));
        match (&api.definition, document) {
            (Definition::Missing(reason), Some(document)) => {
                self.notices.push(words::document_kept(&api.id, reason.as_deref()));
                api.definition = document.clone();
            }
            // One that the portal has no document for is not kept, but told of where it is made an entity.
            (Definition::Missing(_), None) => {
                self.notices.extend(failure.map(|failure| words::no_document_yet(&api.id, failure)));
            }
            // An equal one is the same one, so that it is in memory once.
            (definition, Some(document)) if definition == document => api.definition = document.clone(),
            // An error in place of the document, with a status that says that all is well.
            (definition, Some(document)) if !is_document(definition) && is_document(document) => {
                self.notices
                    .push(words::document_kept(&api.id, Some("what the portal shows now is no OpenAPI document")));
                api.definition = document.clone();
            }
            _ => {}
        }
        let api = before.filter(|before| ***before == api).map_or_else(|| Arc::new(api), Arc::clone);
        Some(KnownApi { product: product.cloned(), api })
    }

    /// Keeps what is known of a product whose versions could not be read.
    fn keep_product(&mut self, product: &str, failure: &PortalError) {
        let kept = self.before.apis.iter().filter(|known| known.is_of(product) && !self.seen.contains(&known.api.id));
        let kept: Vec<KnownApi> = kept.cloned().collect();
        self.seen.extend(kept.iter().map(|known| known.api.id.clone()));
        self.notices.push(words::product_kept(product, kept.len(), failure));
        self.doubts.take_over(self.earlier, Scope::Versions(product.to_owned()));
        self.apis.extend(kept);
    }

    /// Keeps what is known from when the portal was of the other family: it may be of a product that could not be read.
    fn keep_those_of_no_product(&mut self) {
        let is_kept = |known: &&KnownApi| known.product.is_none() && !self.seen.contains(&known.api.id);
        let kept: Vec<KnownApi> = self.before.apis.iter().filter(is_kept).cloned().collect();
        self.seen.extend(kept.iter().map(|known| known.api.id.clone()));
        self.apis.extend(kept);
    }

    /// Weighs what is gone from each list by itself, and keeps what is held back.
    fn keep_what_is_held_back(&mut self) {
        let gone = self.before.ids_beside(&self.seen);
        if gone.is_empty() {
            return;
        }
        // By their products; those of none are with no product's versions.
        let mut gone_of: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for known in gone.iter().filter_map(|id| self.by_id.get(id.as_str())) {
            if let Some(product) = &known.product {
                gone_of.entry(product).or_default().insert(known.api.id.clone());
            }
        }
        let listed: HashMap<&str, Option<usize>> =
            self.products.iter().map(|product| (product.id.as_str(), product.versions)).collect();
        let mut before_of: HashMap<&str, usize> = HashMap::new();
        for product in self.before.apis.iter().filter_map(|known| known.product.as_deref()) {
            *before_of.entry(product).or_default() += 1;
        }
        let mut held: BTreeSet<String> = BTreeSet::new();
        for (product, gone) in &gone_of {
            let Some(Some(left)) = listed.get(product) else { continue };
            let before = before_of[product];
            let scope = Scope::Versions((*product).to_owned());
            if self.doubts.hold_back(self.earlier, scope, before, *left, gone.clone()) {
                self.notices.push(words::versions_held_back(product, gone, before));
                held.extend(gone.iter().cloned());
            }
        }
        let is_gone = |id: &&String| !listed.contains_key(id.as_str());
        let products: BTreeSet<String> = self.before.products.iter().filter(is_gone).cloned().collect();
        let (before, left) = (self.before.products.len(), self.products.len());
        if self.doubts.hold_back(self.earlier, Scope::Products, before, left, products.clone()) {
            self.notices.push(words::products_held_back(&products, before));
            for product in products {
                held.extend(gone_of.remove(product.as_str()).into_iter().flatten());
                self.products.push(Product { id: product, versions: None });
            }
        }
        let (before, left) = (self.before.apis.len(), self.apis.len());
        if self.doubts.hold_back(self.earlier, Scope::Apis, before, left, gone.clone()) {
            if !gone.is_subset(&held) {
                self.notices.push(words::apis_held_back(&gone, before));
            }
            held.extend(gone);
        }
        self.apis.extend(self.before.apis.iter().filter(|known| held.contains(&known.api.id)).cloned());
    }
}
