//! Sound worlds: what a scenario without a mistake stands for.

use std::collections::HashSet;

use jiff::SignedDuration;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::file::{family, grant, product_words, shape, usage_plan, version_words};
use super::spec::inline_spec;
use super::text::{name, text};
use crate::file::{
    AuthFile, ClientFile, FaceFile, FamilyFile, GroupFile, IdentityFile, IssuerFile, PortalFile, ProductFile,
    ScenarioFile, SpecFile, UsagePlanFile, UserFile, VersionFile,
};
use crate::{
    ApiId, CatalogWish, Change, ClockMove, Expect, Fault, FaultKind, Grant, Growth, ProductId, Scenario, Step,
    TokenChange, When, World,
};

/// Any world that a scenario without a mistake stands for. Its ids and words are often odd: the mistakes are those that
/// a scenario may not hold, not those that a portal may not.
pub fn world() -> impl Strategy<Value = World> {
    scenario().prop_map(|scenario| scenario.world().clone())
}

/// Any scenario without a mistake and without steps, with its documents inline.
pub fn scenario() -> impl Strategy<Value = Scenario> {
    file().prop_map(sound_scenario)
}

/// Any scenario without a mistake, with steps that can be played in any world. Not all of them expect anything.
pub fn scenario_with_steps() -> impl Strategy<Value = Scenario> {
    (file(), vec(sound_step(), 0..6)).prop_map(|(file, steps)| sound_scenario(ScenarioFile { steps, ..file }))
}

fn file() -> impl Strategy<Value = ScenarioFile> {
    (identity(), portal()).prop_map(|(identity, portal)| ScenarioFile { identity, portal, ..ScenarioFile::default() })
}

fn sound_scenario(file: ScenarioFile) -> Scenario {
    Scenario::from_file("arbitrary", file).unwrap_or_else(|error| panic!("{error}"))
}

/// A step that can be played in any world.
fn sound_step() -> impl Strategy<Value = Step> {
    let growth = (1..5_u32, 1..3_u32);
    let growth = growth.prop_map(|(products, versions_each)| Change {
        grow: Some(Growth { products, versions_each }),
        ..Change::default()
    });
    let fault = Fault::new(FaultKind::Html).path("/v1/**").when(When { first: Some(1), ..When::default() });
    let wish = Expect { catalog: Some(CatalogWish::Exactly), ..Expect::default() };
    prop_oneof![
        Just(Step::Sync),
        growth.prop_map(|change| Step::Change(Box::new(change))),
        Just(Step::Change(Box::new(Change { remove_all: true, ..Change::default() }))),
        Just(Step::Fault(Box::new(fault))),
        Just(Step::Lift("all".to_owned())),
        (-9_999..9_999_i64)
            .prop_map(|seconds| Step::Clock(ClockMove::Advance(SignedDuration::from_secs(seconds).into()))),
        Just(Step::Tokens(TokenChange::Revoke)),
        Just(Step::Expect(Box::new(wish))),
    ]
}

/// Leaves the first of each name.
fn distinct<T, K: std::hash::Hash + Eq>(items: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut seen = HashSet::new();
    items.into_iter().filter(|item| seen.insert(key(item))).collect()
}

fn identity() -> impl Strategy<Value = IdentityFile> {
    let issuers = vec(issuer(), 1..4).prop_map(|issuers| {
        let named = issuers.into_iter().enumerate().map(|(n, issuer)| IssuerFile {
            name: issuer.name.map(|name| format!("{name}{n}")).or(Some(format!("issuer-{n}"))),
            path: Some(format!("/issuer/{n}")),
            ..issuer
        });
        named.collect()
    });
    let clients = vec(client(), 1..4).prop_map(|clients| distinct(clients, |client| client.id.clone()));
    let users = vec(user(), 0..3).prop_map(|users| distinct(users, |user| user.username.clone()));
    (of(issuers), of(clients), of((users, any::<bool>()))).prop_map(|(issuers, clients, users)| {
        let listed = users.as_ref().is_some_and(|(_, listed)| *listed);
        let users = users.map(|(users, _)| users);
        let names: HashSet<String> = users.iter().flatten().flat_map(|user| user.groups.clone()).collect();
        let groups = listed.then(|| names.into_iter().map(|name| GroupFile { name }).collect());
        IdentityFile { issuers, clients, users, groups }
    })
}

fn issuer() -> impl Strategy<Value = IssuerFile> {
    let face = select(&[FaceFile::Okta, FaceFile::OktaOrg, FaceFile::Keycloak][..]);
    let lifetime = of((1..10_000_000_i64).prop_map(SignedDuration::from_secs));
    let scopes = of((vec("[a-z:.]{1,10}", 0..3), any::<bool>()));
    let id = of("[a-zA-Z0-9._~-]{0,10}[a-z]");
    (face, of(name()), id, scopes, of(text()), lifetime).prop_map(
        |(face, name, id, scopes, audience, access_token_lifetime)| IssuerFile {
            name,
            server: id.clone().filter(|_| face == FaceFile::Okta),
            realm: id.filter(|_| face == FaceFile::Keycloak),
            default_scopes: scopes.clone().map(|(scopes, default)| if default { scopes } else { Vec::new() }),
            scopes: scopes.map(|(scopes, _)| scopes),
            audience,
            access_token_lifetime,
            ..IssuerFile::new(face)
        },
    )
}

fn client() -> impl Strategy<Value = ClientFile> {
    let uri = select(&["http://localhost:7007/callback", "com.example.app:/back", "https://example.com/a?b=c"][..]);
    (name(), of(name()), of(vec(grant(), 0..3)), vec(uri.prop_map(str::to_owned), 0..3)).prop_map(
        |(id, secret, grants, redirect_uris)| {
            let may = |grant: &Grant| secret.is_some() || *grant != Grant::ClientCredentials;
            let grants = grants.map(|grants| grants.into_iter().filter(may).collect());
            ClientFile { secret: secret.clone().map(Into::into), grants, redirect_uris, ..ClientFile::new(id) }
        },
    )
}

fn user() -> impl Strategy<Value = UserFile> {
    (name(), name(), of(text()), of(text()), vec(name(), 0..3)).prop_map(|(username, password, name, email, groups)| {
        UserFile { name, email, groups, ..UserFile::new(username, password) }
    })
}

fn portal() -> impl Strategy<Value = PortalFile> {
    let plans = vec((usage_plan(), name()), 0..3).prop_map(|plans| {
        let plans = plans.into_iter().map(|(plan, name)| UsagePlanFile { name, ..plan }).collect();
        distinct(plans, |plan: &UsagePlanFile| plan.name.clone())
    });
    let audience = of(text()).prop_map(|audience| AuthFile { audience, ..AuthFile::default() });
    (family(), of(shape()), of(any::<bool>()), audience, vec(product(), 0..5), plans).prop_map(
        |(family, shape, inline_specs, auth, products, usage_plans)| {
            let mesh = family == FamilyFile::GlooMeshGateway;
            PortalFile {
                family,
                shape: shape.filter(|_| mesh),
                inline_specs: inline_specs.filter(|_| mesh),
                auth,
                products: sound(products, &usage_plans),
                usage_plans,
                ..PortalFile::default()
            }
        },
    )
}

/// A product, and for each version which of the portal's plans it names.
type Draft = (ProductFile, Vec<Option<Vec<Index>>>);

fn product() -> impl Strategy<Value = Draft> {
    (name(), product_words(), vec((version(), of(vec(any::<Index>(), 0..3))), 0..4)).prop_map(
        |(id, words, versions)| {
            let (versions, plans) = versions.into_iter().unzip();
            (ProductFile { id: ProductId::from(id), versions, ..words }, plans)
        },
    )
}

fn version() -> impl Strategy<Value = VersionFile> {
    let version_name = prop_oneof![3 => "v[1-9]", 1 => name()];
    (version_name, of(name()), of(inline_spec()), version_words()).prop_map(|(name, id, spec, words)| VersionFile {
        name,
        id: id.map(ApiId::from),
        spec: spec.map(SpecFile::Inline),
        ..words
    })
}

/// Leaves the first of each product and API id, and names plans that there are.
fn sound(drafts: Vec<Draft>, plans: &[UsagePlanFile]) -> Vec<ProductFile> {
    let mut apis = HashSet::new();
    distinct(drafts, |(product, _)| product.id.clone())
        .into_iter()
        .map(|(product, picks)| {
            let mut versions = product.versions;
            for (version, pick) in versions.iter_mut().zip(picks) {
                version.usage_plans = pick
                    .filter(|_| !plans.is_empty())
                    .map(|pick| pick.iter().map(|index| index.get(plans).name.clone()).collect());
            }
            versions.retain(|version| {
                apis.insert(version.id.clone().unwrap_or_else(|| ApiId::of(&product.id, &version.name)))
            });
            ProductFile { versions, ..product }
        })
        .collect()
}
