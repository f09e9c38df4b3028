//! Whatever a portal shows, a sync gives an entity that Backstage accepts for each API version.

use std::collections::BTreeSet;

use proptest::prelude::*;
use understudy::provider::{EntityKind, NoticeKind, PortalError, SyncError};
use understudy::scenarios::World;
use understudy::{Scenario, Stage};
use understudy_scenarios::arbitrary;

proptest! {
    // Each case is two servers and a sync over real sockets.
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn any_portal_gives_a_valid_entity_of_its_own_for_each_version(world in arbitrary::world()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(world))?;
    }
}

async fn check(world: World) -> Result<(), TestCaseError> {
    let ids: Vec<String> = world
        .portal
        .products
        .iter()
        .flat_map(|product| &product.versions)
        .map(|version| version.id.to_string())
        .collect();
    // The identity is the bundled one: what a caller may be called is not this test's question.
    let stage = Stage::start(Scenario::find("empty-portal").unwrap()).await.unwrap();
    stage.world().edit(|before| {
        let mut portal = world.portal.clone();
        portal.access = before.portal.access.clone();
        World { portal, ..before.clone() }
    });
    match stage.provider().unwrap().sync().await {
        Ok(outcome) => {
            let mut references = BTreeSet::new();
            for entity in outcome.mutation.entities() {
                prop_assert_eq!(entity.validate(), Ok(()));
                prop_assert!(references.insert(entity.reference()), "{} is there twice", entity.reference());
            }
            let apis = outcome.mutation.entities().filter(|entity| entity.kind() == EntityKind::Api);
            let titles: Vec<String> = apis.filter_map(|entity| entity.metadata.title.clone()).collect();
            prop_assert_eq!(titles, &ids[..]);
            for notice in &outcome.notices {
                prop_assert_eq!(notice.kind, NoticeKind::Invalid);
                prop_assert!(notice.about.as_ref().is_some_and(|about| ids.contains(about)), "{}", notice);
            }
        }
        // The one id that no request can ask for: a URL's dot segments go before it is sent.
        Err(SyncError::Portal(PortalError::Item { item, problem, .. })) => {
            let told = format!("{item}: {problem}");
            let is_dots = |id: &str| id == "." || id == "..";
            let products = world.portal.products.iter().map(|product| product.id.as_str());
            let dots: Vec<&str> = products.chain(ids.iter().map(String::as_str)).filter(|id| is_dots(id)).collect();
            prop_assert!(dots.iter().any(|id| told.contains(&format!("`{id}`"))), "{} of {:?}", told, ids);
        }
        Err(other) => prop_assert!(false, "{}", other),
    }
    Ok(())
}
