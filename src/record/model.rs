//! From a portal's answers to a scenario's file: what the model has room for is kept, and the rest told.

mod documents;
mod gateway;
mod item;
mod mesh;

use std::collections::{BTreeMap, HashMap};

use understudy_scenarios::file::{PortalFile, UsagePlanFile};

use super::answers::{Answer, Answers, Asked};
use super::error::RecordError;
pub use documents::Document;
use documents::Documents;

/// A portal as a scenario's file has it.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) portal: PortalFile,
    /// The documents that it names by path.
    pub(super) documents: Vec<Document>,
    /// What it has no room for, and what stands in its place.
    pub(super) notes: Vec<String>,
}

impl Model {
    pub(super) fn of(answers: &Answers) -> Result<Self, RecordError> {
        let mut making = Making::new(answers);
        let portal = match answers.first(Asked::Products) {
            Some(products) => gateway::portal(products, &mut making)?,
            None => {
                let apis = answers.first(Asked::Apis).expect("one of the two lists was asked for");
                mesh::portal(apis, &mut making)?
            }
        };
        let documents = making.documents.finish();
        Ok(Self { portal, documents, notes: making.notes.finish() })
    }
}

/// What is needed while a model is made.
struct Making<'a> {
    by_id: HashMap<(Asked, &'a str), &'a Answer>,
    usage_plans: Option<&'a Answer>,
    documents: Documents,
    notes: Notes,
}

impl<'a> Making<'a> {
    fn new(answers: &'a Answers) -> Self {
        let mut by_id = HashMap::new();
        for answer in &answers.0 {
            if let Some(id) = answer.path.get(1) {
                by_id.entry((answer.asked, id.as_str())).or_insert(answer);
            }
        }
        Self {
            by_id,
            usage_plans: answers.first(Asked::UsagePlans),
            documents: Documents::default(),
            notes: Notes::default(),
        }
    }

    fn about(&self, asked: Asked, id: &str) -> Option<&'a Answer> {
        self.by_id.get(&(asked, id)).copied()
    }
}

/// What there is to tell of what was left out, each thing once.
#[derive(Default)]
struct Notes {
    told: Vec<String>,
    /// How often each member that the model has no room for was there.
    members: BTreeMap<String, usize>,
}

impl Notes {
    fn tell(&mut self, note: String) {
        if !self.told.contains(&note) {
            self.told.push(note);
        }
    }

    fn unknown(&mut self, of: &str, member: &str) {
        *self.members.entry(format!("`{member}` of {of}")).or_default() += 1;
    }

    fn finish(self) -> Vec<String> {
        let mut told = self.told;
        let members = self.members.into_iter().map(|(member, count)| match count {
            1 => member,
            count => format!("{member} ({count} times)"),
        });
        let members: Vec<String> = members.collect();
        if !members.is_empty() {
            told.push(format!("left out, since a scenario has no room for it: {}", members.join(", ")));
        }
        told
    }
}

/// Whether this names all plans in their order, which a version without a list of its own does too.
fn are_all(names: &[String], plans: &[UsagePlanFile]) -> bool {
    names.len() == plans.len() && names.iter().zip(plans).all(|(name, plan)| *name == plan.name)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use proptest::prelude::*;
    use serde_json::Value;

    use super::super::json;
    use super::super::redacted::{self, Tally};
    use super::super::redaction::{Redaction, Redactor};
    use super::super::secrets::Secrets;
    use super::*;

    /// Any JSON; most of its objects have members that portals have.
    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            prop::sample::select(vec![
                "a",
                "v1",
                "published",
                "a: b",
                "{\"openapi\":\"3.0.3\"}",
                "jane@acme.io",
                "marker-secret"
            ])
            .prop_map(Value::from),
        ];
        let member = prop::sample::select(vec![
            "id",
            "name",
            "apiId",
            "apiProductId",
            "apiVersion",
            "apiVersions",
            "openapiSpec",
            "openapiSpecFetchErr",
            "apiSpec",
            "apiSpecError",
            "customMetadata",
            "usagePlans",
            "status",
            "createdAt",
            "contact",
            "authPolicies",
            "rateLimitPolicy",
            "title",
            "other",
        ]);
        leaf.prop_recursive(4, 48, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(member.clone().prop_map(str::to_owned), inner, 0..8)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    fn answer(asked: Asked, path: &[&str], status: u16, body: &Value) -> Answer {
        let path = path.iter().map(|&segment| segment.to_owned()).collect();
        Answer { asked, path, status: StatusCode::from_u16(status).unwrap(), body: body.to_string() }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_a_portal_answers_it_is_a_model_or_an_error(
            gateway in any::<bool>(), list in prop::collection::vec(any_json(), 0..4), one in any_json(), other in any_json(),
            status in prop::sample::select(vec![200_u16, 404, 500]),
        ) {
            let list = Value::from(list);
            let answers = if gateway {
                vec![
                    answer(Asked::Products, &["api-products"], 200, &list),
                    answer(Asked::Product, &["api-products", "a"], status, &one),
                    answer(Asked::Versions, &["api-products", "a", "versions"], 200, &other),
                ]
            } else {
                vec![
                    answer(Asked::Apis, &["apis"], 200, &list),
                    answer(Asked::Schema, &["apis", "a", "schema"], status, &one),
                    answer(Asked::UsagePlans, &["usage-plans"], status, &other),
                ]
            };
            let mut secrets = Secrets::default();
            secrets.add("the client secret", "marker-secret");
            let redactor = Redactor::new(&Redaction::default(), secrets);
            let answers = redacted::answers(&Answers(answers), &redactor, &mut Tally::default());
            for answer in &answers.0 {
                json::strings(&answer.body, |place, said| {
                    // A portal's own member is no word of anybody's.
                    assert!(place.is_name || !said.contains("marker-secret"), "{said}");
                });
            }
            if let Ok(model) = Model::of(&answers) {
                for version in model.portal.products.iter().flat_map(|product| &product.versions) {
                    prop_assert!(!version.name.trim().is_empty());
                }
            }
        }
    }
}
