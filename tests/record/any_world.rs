//! Whatever world a portal shows: recorded and played, a sync of it gives the same entities, and no secret is in the files.

use proptest::prelude::*;
use understudy::record::{RecordError, Redaction, record};
use understudy::{Scenario, Stage};
use understudy_scenarios::arbitrary;

use crate::written;

proptest! {
    // Each case is three servers and six syncs over real sockets.
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_world_is_recorded_and_played_with_the_same_entities(scenario in arbitrary::scenario()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(scenario))?;
    }
}

async fn check(scenario: Scenario) -> Result<(), TestCaseError> {
    let is_empty = scenario.world().portal.products.is_empty();
    let stage = Stage::start(scenario).await.unwrap();
    stage.world().edit(|world| {
        let mut world = world.clone();
        // Whether a token is for this portal is not this test's question.
        world.portal.access.audience = None;
        world
    });
    let Ok(issuer) = stage.issuer() else { return Ok(()) };
    let Ok(config) = stage.provider_config(&issuer) else { return Ok(()) };
    // A world may have no way in: a client without the grant, an Okta without scopes. Then a sync fails as well.
    let synced = stage.provider_with(config.clone()).unwrap().sync().await;
    match record(&config, &Redaction::default()).await {
        Ok(recording) => {
            let scenario = recording.scenario().map_err(|error| TestCaseError::fail(error.to_string()))?;
            let proof = recording.prove(&scenario).await.map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(&proof.differences[..], &[] as &[String], "{}", written(&recording));
            prop_assert_eq!(proof.entities, synced.unwrap().mutation.entities().count());
        }
        Err(RecordError::Empty { .. }) => prop_assert!(is_empty),
        Err(RecordError::Sync(error)) => {
            prop_assert_eq!(error.to_string(), synced.map_or_else(|error| error.to_string(), |_| "a sync".to_owned()));
        }
        Err(other) => return Err(TestCaseError::fail(other.to_string())),
    }
    Ok(())
}
