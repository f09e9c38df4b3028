//! What an entity's name, title, annotation or label says of the API that it stands for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use serde_json::Value;
use understudy_scenarios::{ApiId, Product, Version};

use crate::play::catalog::Catalog;

/// The texts of a version that an entity may be named by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Texts {
    api: String,
    product: String,
    version: String,
    title: String,
}

impl Texts {
    pub(super) fn of(product: &Product, version: &Version) -> Self {
        Self {
            api: version.id.as_str().to_owned(),
            product: product.id.as_str().to_owned(),
            version: version.name.clone(),
            title: version.title.clone(),
        }
    }
}

/// A member of an entity that equals a text made of the version that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relation {
    member: Member,
    /// With `{api}`, `{product}`, `{version}` and `{title}` to be filled in.
    template: String,
    form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    Title,
    Name,
    Annotation(String),
    Label(String),
}

/// How texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Letter for letter.
    Exact,
    /// Without case, and with all that is no ASCII letter or digit as one dash, as names have to be.
    Folded,
}

impl Form {
    fn of(self, text: &str) -> String {
        match self {
            Self::Exact => text.to_owned(),
            Self::Folded => {
                let mut folded = String::with_capacity(text.len());
                for character in text.chars() {
                    if character.is_ascii_alphanumeric() {
                        folded.push(character.to_ascii_lowercase());
                    } else if !folded.is_empty() && !folded.ends_with('-') {
                        folded.push('-');
                    }
                }
                folded.truncate(folded.trim_end_matches('-').len());
                folded
            }
        }
    }
}

impl Member {
    fn of<'e>(&self, entity: &'e Value) -> Option<&'e str> {
        let metadata = entity.get("metadata")?;
        match self {
            Self::Title => metadata.get("title"),
            Self::Name => metadata.get("name"),
            Self::Annotation(key) => metadata.get("annotations")?.get(key),
            Self::Label(key) => metadata.get("labels")?.get(key),
        }?
        .as_str()
    }

    /// All that any API entity of the catalog has, the most telling first.
    fn all(catalog: &Catalog) -> Vec<Self> {
        let keys = |member: &str| -> BTreeSet<String> {
            let maps = catalog.apis().filter_map(|(_, entity)| entity.get("metadata")?.get(member)?.as_object());
            maps.flat_map(|map| map.keys().cloned()).collect()
        };
        let mut all = vec![Self::Title, Self::Name];
        all.extend(keys("annotations").into_iter().map(Self::Annotation));
        all.extend(keys("labels").into_iter().map(Self::Label));
        all
    }
}

impl Relation {
    pub(super) fn title() -> Self {
        Self { member: Member::Title, template: "{api}".to_owned(), form: Form::Exact }
    }

    pub(super) fn annotation(key: &str) -> Self {
        Self { member: Member::Annotation(key.to_owned()), template: "{api}".to_owned(), form: Form::Exact }
    }

    pub(super) fn name(template: &str) -> Self {
        Self { member: Member::Name, template: template.to_owned(), form: Form::Folded }
    }

    /// The relation by which the most versions have one entity each, against none of the pairs that are certain; the
    /// plainest of those. None where there is none.
    pub(super) fn learn(
        known: &BTreeMap<ApiId, Texts>,
        catalog: &Catalog,
        certain: &BTreeMap<ApiId, String>,
    ) -> Option<Self> {
        let members = Member::all(catalog);
        let mut best: Option<(usize, Self)> = None;
        for has_affix in [false, true] {
            for template in ["{api}", "{product}-{version}", "{product}{version}", "{title}"] {
                for form in [Form::Exact, Form::Folded] {
                    for member in &members {
                        let plain = Self { member: member.clone(), template: template.to_owned(), form };
                        let relation = if has_affix { plain.with_affix(known, catalog, certain) } else { Some(plain) };
                        let Some(relation) = relation else { continue };
                        let score = relation.score(known, catalog, certain);
                        if score == known.len() && score > 0 {
                            return Some(relation);
                        }
                        if score > best.as_ref().map_or(0, |(score, _)| *score) {
                            best = Some((score, relation));
                        }
                    }
                }
            }
        }
        best.map(|(_, relation)| relation)
    }

    /// What the relation says that the member of a version's entity holds.
    pub(super) fn key(&self, texts: &Texts) -> String {
        let filled = self.template.replace("{api}", &texts.api);
        let filled = filled.replace("{product}", &texts.product).replace("{version}", &texts.version);
        self.form.of(&filled.replace("{title}", &texts.title))
    }

    /// The API entities by what their member holds.
    pub(super) fn index<'c>(&self, catalog: &'c Catalog) -> HashMap<String, Vec<&'c str>> {
        let mut index: HashMap<String, Vec<&str>> = HashMap::new();
        for (reference, entity) in catalog.apis() {
            if let Some(text) = self.member.of(entity) {
                index.entry(self.form.of(text)).or_default().push(reference);
            }
        }
        index
    }

    /// How many versions have exactly one entity by this relation; 0 where two versions would have the same, or where a
    /// certain pair is another.
    fn score(&self, known: &BTreeMap<ApiId, Texts>, catalog: &Catalog, certain: &BTreeMap<ApiId, String>) -> usize {
        let index = self.index(catalog);
        let mut keys = BTreeSet::new();
        let mut score = 0;
        for (api, texts) in known {
            let key = self.key(texts);
            let found = match index.get(&key).map(Vec::as_slice) {
                Some([reference]) => Some(*reference),
                _ => None,
            };
            let contradicts = certain.get(api).is_some_and(|reference| found.is_some_and(|found| found != reference));
            if contradicts || !keys.insert(key) {
                return 0;
            }
            score += usize::from(found.is_some());
        }
        score
    }

    /// The relation with what stands before and after the text in one entity, where something does.
    fn with_affix(
        self,
        known: &BTreeMap<ApiId, Texts>,
        catalog: &Catalog,
        certain: &BTreeMap<ApiId, String>,
    ) -> Option<Self> {
        let (api, texts) = known.iter().find(|(api, _)| certain.contains_key(*api)).or_else(|| known.iter().next())?;
        let text = self.key(texts);
        if text.is_empty() {
            return None;
        }
        let values =
            catalog.apis().filter(|(reference, _)| certain.get(api).is_none_or(|certain| certain == reference));
        let values = values.filter_map(|(_, entity)| self.member.of(entity)).map(|value| self.form.of(value));
        let value = values.filter(|value| value.contains(&text)).min_by_key(String::len)?;
        let (before, after) = value.split_once(&text)?;
        // A brace in what surrounds the text would be read as a placeholder.
        let is_plain = |text: &str| !text.contains(['{', '}']);
        (is_plain(before) && is_plain(after) && !(before.is_empty() && after.is_empty()))
            .then(|| Self { template: format!("{before}{}{after}", self.template), ..self.clone() })
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.member {
            Member::Title => formatter.write_str("metadata.title")?,
            Member::Name => formatter.write_str("metadata.name")?,
            Member::Annotation(key) => write!(formatter, "the annotation {key}")?,
            Member::Label(key) => write!(formatter, "the label {key}")?,
        }
        write!(formatter, " is `{}`", self.template)?;
        match self.form {
            Form::Exact => Ok(()),
            Form::Folded => formatter.write_str(", but for case and punctuation"),
        }
    }
}
