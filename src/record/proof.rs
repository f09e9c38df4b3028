//! The proof of a recording: a sync of it gives the entities that a sync of the portal's own answers gives.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use understudy_provider::{Config, Entity, EntitySpec, Mapping, Profile, Provider, Retries, SyncError};
use understudy_scenarios::Scenario;

use super::answers::Answers;
use super::error::RecordError;
use super::tape::Tape;
use crate::play::difference;
use crate::stage::Stage;

/// What stands in place of the portal's address.
const PORTAL: &str = "url:PORTAL";
/// What a provider says in place of a document that the portal does not have, before the reason, in the portal's words.
const NO_DOCUMENT: &str = "The portal has no OpenAPI document for this API.";
/// The longest definition that may be such a stand-in, in bytes.
const LONGEST_STAND_IN: usize = 8 * 1024;

/// What came of playing a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// How many entities a sync of the portal gives, by the plugin's profile.
    pub entities: usize,
    /// What a sync of the recording gives otherwise, an entity each; none where it proves the recording. The portal's own
    /// address does not count, nor in which words a missing document is told of.
    pub differences: Vec<String>,
}

pub(super) async fn prove(answers: &Answers, scenario: &Scenario) -> Result<Proof, RecordError> {
    let tape = Tape::play(answers).await?;
    let stage = Stage::start(scenario.clone()).await?;
    let mut of_stage = stage.provider_config(&stage.issuer()?)?;
    of_stage.retries = Retries::none();
    let mut proof = Proof { entities: 0, differences: Vec::new() };
    for profile in [Profile::Plugin, Profile::Enriched(Mapping::default())] {
        let is_plugin = profile == Profile::Plugin;
        let of = |config: &Config| {
            let mut config = config.clone();
            config.profile = profile.clone();
            config
        };
        let portal = entities(of(&tape.config())).await?;
        let recording = entities(of(&of_stage)).await?;
        let found = differences(&portal, &recording);
        if is_plugin {
            proof.entities = portal.len();
            proof.differences = found;
        } else if proof.differences.is_empty() {
            proof.differences = found.into_iter().map(|found| format!("(enriched profile) {found}")).collect();
        }
    }
    Ok(proof)
}

/// The configuration with the profile that shows all.
pub(super) fn enriched(config: &Config) -> Config {
    let mut config = config.clone();
    config.profile = Profile::Enriched(Mapping::default());
    config.state_file = None;
    config
}

/// The entities that a sync gives, by reference, without what tells where the portal is.
pub(super) async fn entities(config: Config) -> Result<BTreeMap<String, Entity>, SyncError> {
    let server = config.portal.clone();
    let outcome = Provider::new(config)?.sync().await?;
    let entities = outcome.mutation.entities().cloned().map(|mut entity| {
        for annotation in entity.metadata.annotations.values_mut() {
            if let Some(rest) = annotation.strip_prefix("url:").and_then(|url| url.strip_prefix(server.as_str())) {
                *annotation = format!("{PORTAL}{rest}");
            }
        }
        if let EntitySpec::Api(api) = &mut entity.spec
            && let Cow::Owned(definition) = without_reason(&api.definition)
        {
            api.definition = definition.into();
        }
        (entity.reference().to_string(), entity)
    });
    Ok(entities.collect())
}

/// A definition; of one that stands in for a missing document, what all such ones say.
fn without_reason(definition: &str) -> Cow<'_, str> {
    if definition.len() > LONGEST_STAND_IN || !definition.contains(NO_DOCUMENT) {
        return definition.into();
    }
    let Ok(mut document) = serde_json::from_str::<Value>(definition) else { return definition.into() };
    let description = document.pointer_mut("/info/description");
    match description.filter(|description| description.as_str().is_some_and(|text| text.starts_with(NO_DOCUMENT))) {
        Some(description) => {
            *description = NO_DOCUMENT.into();
            document.to_string().into()
        }
        None => definition.into(),
    }
}

/// What differs, an entity each.
pub(super) fn differences(portal: &BTreeMap<String, Entity>, recording: &BTreeMap<String, Entity>) -> Vec<String> {
    let mut differences = Vec::new();
    for (reference, entity) in portal {
        match recording.get(reference) {
            None => differences.push(format!("{reference} is not there")),
            Some(other) if entity == other => {}
            Some(other) => {
                let value = |entity: &Entity| serde_json::to_value(entity).unwrap_or_default();
                if let Some(told) = difference::of_entities(&value(entity), &value(other)) {
                    differences.push(format!("{reference} differs:{told}"));
                }
            }
        }
    }
    let more = recording.keys().filter(|reference| !portal.contains_key(*reference));
    differences.extend(more.map(|reference| format!("{reference} is there, and should not be")));
    differences
}
