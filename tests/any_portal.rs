//! Whatever a portal shows, a sync gives only entities that Backstage accepts, or an error that names the item.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;
use understudy::provider::{EntityError, EntityKind, PortalError, SyncError};
use understudy::scenarios::World;
use understudy::{Scenario, Stage};
use understudy_scenarios::arbitrary;

proptest! {
    // Each case is two servers and a sync over real sockets.
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_portal_gives_valid_entities_or_an_error_that_names_the_item(world in arbitrary::world()) {
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
            let mutation = outcome.mutation;
            for entity in mutation.entities() {
                prop_assert_eq!(entity.validate(), Ok(()));
            }
            let apis = mutation.entities().filter(|entity| entity.kind() == EntityKind::Api);
            let titles: Vec<String> = apis.filter_map(|entity| entity.metadata.title.clone()).collect();
            prop_assert_eq!(titles, ids);
        }
        Err(SyncError::Entity(error)) => {
            let named = match &error {
                EntityError::Refused { id, .. } => vec![id],
                EntityError::SameName { first, second, .. } => vec![first, second],
                other => return Err(TestCaseError::fail(format!("no world has this mistake: {other}"))),
            };
            for id in named {
                prop_assert!(ids.contains(id), "{} names what is not in {:?}", error, ids);
                // A message shows an id on one line.
                let shown = id.split_whitespace().next().unwrap_or_default().chars().take(60).collect::<String>();
                prop_assert!(error.to_string().contains(&shown) || shown.chars().any(char::is_control), "{}", error);
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
