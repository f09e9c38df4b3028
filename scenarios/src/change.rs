//! What becomes of a world when its owner changes it: one new world, or an error that names what is not there.

mod add;
mod edit;
mod error;
mod find;
mod portal;

pub use error::{ChangeError, ChangeProblem, Known};

use jiff::Timestamp;

use crate::load::trail::trail;
use crate::{Change, Cutoff, CutoffReason, Issuer, KeyChange, TokenChange, World};

/// How many of an issuer's keys are published at most.
const MOST_KEYS: u32 = 4;

impl World {
    /// This world after `change`. What comes anew has the same defaults as in a scenario file.
    ///
    /// # Errors
    /// When the change names what is not there, makes an id stand twice, or names a document by its path: those are read
    /// with the scenario that they are in.
    pub fn changed(&self, change: &Change) -> Result<Self, ChangeError> {
        let portal = portal::changed(&self.portal, change)?;
        Ok(Self { identity: self.identity.clone(), portal })
    }

    /// This world after an issuer changed its signing keys. Four of them are published at most: with more, the oldest
    /// goes by itself.
    ///
    /// # Errors
    /// When there is no such issuer.
    pub fn with_keys(&self, change: &KeyChange) -> Result<Self, ChangeError> {
        let (KeyChange::Rotate(name) | KeyChange::Retire(name)) = change;
        let word = match change {
            KeyChange::Rotate(_) => "rotate",
            KeyChange::Retire(_) => "retire",
        };
        let mut world = self.clone();
        let issuers = || self.identity.issuers.iter().map(|issuer| &*issuer.name);
        let issuer = world.identity.issuers.iter_mut().find(|issuer| issuer.name == *name).ok_or_else(|| {
            let problem = ChangeProblem::NoIssuer { name: name.clone(), known: error::known(name, issuers()) };
            ChangeError::new(trail!["keys", word], problem)
        })?;
        let keys = &mut issuer.keys;
        match change {
            KeyChange::Rotate(_) => {
                keys.current = keys.current.saturating_add(1);
                keys.oldest = keys.oldest.max(keys.current.saturating_sub(MOST_KEYS - 1));
            }
            KeyChange::Retire(_) => keys.oldest = keys.current,
        }
        Ok(world)
    }

    /// This world after `change` of what becomes of access tokens, at `now` by the clock of whoever issues them.
    ///
    /// Tokens tell when they were issued in whole seconds (RFC 7519 section 2, as every issuer here writes `iat`). So
    /// after [`Expire`](TokenChange::Expire) and [`Revoke`](TokenChange::Revoke), those that are issued in the rest of
    /// the second can't be told from those before, and are turned away too: move the clock to the next second.
    #[must_use]
    pub fn with_tokens(&self, change: &TokenChange, now: Timestamp) -> Self {
        let mut world = self.clone();
        let mut each = |change: &dyn Fn(&mut Issuer)| world.identity.issuers.iter_mut().for_each(change);
        match change {
            TokenChange::Expire => {
                world.portal.access.cutoff = Some(Cutoff { at: now, reason: CutoffReason::Expired });
            }
            TokenChange::Revoke => {
                world.portal.access.cutoff = Some(Cutoff { at: now, reason: CutoffReason::Revoked });
            }
            TokenChange::Opaque(opaque) => each(&|issuer| issuer.opaque_tokens = *opaque),
            TokenChange::Drop(claims) => each(&|issuer| issuer.dropped_claims.clone_from(claims)),
            TokenChange::Lifetime(lapse) => each(&|issuer| issuer.access_token_lifetime = lapse.forward()),
        }
        world
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IssuerKeys, Lapse, Scenario};

    fn world() -> World {
        Scenario::from_yaml("test", "portal: {}").unwrap().world().clone()
    }

    fn keys(world: &World) -> [(u32, u32); 3] {
        let of = |at: usize| {
            let IssuerKeys { oldest, current } = world.identity.issuers[at].keys;
            (oldest, current)
        };
        [of(0), of(1), of(2)]
    }

    #[test]
    fn rotating_adds_a_key_of_one_issuer_and_retiring_leaves_the_newest() {
        let rotate = KeyChange::Rotate("okta".into());
        let world = world().with_keys(&rotate).unwrap().with_keys(&rotate).unwrap();
        assert_eq!(keys(&world), [(0, 2), (0, 0), (0, 0)]);
        let world = world.with_keys(&KeyChange::Retire("okta".into())).unwrap();
        assert_eq!(keys(&world), [(2, 2), (0, 0), (0, 0)]);
    }

    #[test]
    fn the_oldest_key_goes_when_there_would_be_five() {
        let rotate = KeyChange::Rotate("keycloak".into());
        let world = (0..5).fold(world(), |world, _| world.with_keys(&rotate).unwrap());
        assert_eq!(keys(&world)[2], (2, 5));
    }

    #[test]
    fn an_issuer_that_is_not_there_is_named_with_the_nearest() {
        let error = world().with_keys(&KeyChange::Retire("keycloack".into())).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`keys.retire`: there is no issuer `keycloack`: did you mean `keycloak`? (the issuers: `okta`, `okta-org`, \
             `keycloak`)"
        );
    }

    #[test]
    fn tokens_change_for_every_issuer() {
        let now = Timestamp::UNIX_EPOCH;
        let world = world()
            .with_tokens(&TokenChange::Opaque(true), now)
            .with_tokens(&TokenChange::Drop(vec!["exp".into()]), now)
            .with_tokens(&TokenChange::Lifetime(Lapse(jiff::SignedDuration::from_secs(9))), now)
            .with_tokens(&TokenChange::Revoke, now);
        for issuer in &world.identity.issuers {
            assert!(issuer.opaque_tokens && issuer.dropped_claims == ["exp"]);
            assert_eq!(issuer.access_token_lifetime.as_secs(), 9);
        }
        assert_eq!(world.portal.access.cutoff, Some(Cutoff { at: now, reason: CutoffReason::Revoked }));
    }
}
