//! Steps: anything that the model can hold, sound or not.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::file::{metadata, product, rate_unit, spec_file, spec_form, time, usage_plan, version};
use super::text::text;
use crate::{
    ApiId, BodyText, CatalogWish, Change, ClockMove, Delay, DelaySpread, EncodingFault, EntityWish, ErrorWish, Expect,
    Fault, FaultKind, Growth, ItemFault, KeyChange, Lapse, NewVersion, Padding, Probability, ProductEdit, ProductId,
    Quota, RedirectFault, RequestWish, Restart, Server, Skew, SlowBody, StatusFault, Step, TlsFault, TokenChange,
    Truncation, VendorError, VersionEdit, When,
};

/// Any step that the model can hold. Many can't be played.
pub fn step() -> BoxedStrategy<Step> {
    // Boxed, as are the larger ones in it: by itself each would hold all of its parts on the stack.
    prop_oneof![
        Just(Step::Sync),
        change().prop_map(|change| Step::Change(Box::new(change))),
        fault().prop_map(|fault| Step::Fault(Box::new(fault))),
        text().prop_map(Step::Lift),
        clock().prop_map(Step::Clock),
        text().prop_map(|issuer| Step::Keys(KeyChange::Rotate(issuer))),
        text().prop_map(|issuer| Step::Keys(KeyChange::Retire(issuer))),
        tokens().prop_map(Step::Tokens),
        select(&[Restart::Portal, Restart::Idp, Restart::Subject][..]).prop_map(Step::Restart),
        expect().prop_map(|expect| Step::Expect(Box::new(expect))),
    ]
    .boxed()
}

/// A length of time of any size, to the nanosecond.
fn lapse() -> impl Strategy<Value = Lapse> {
    let any = (any::<i64>(), -999_999_999..=999_999_999_i32);
    prop_oneof![
        3 => (-90_000_000..90_000_000_i64).prop_map(|millis| Lapse(SignedDuration::from_millis(millis))),
        1 => any.prop_map(|(seconds, nanos)| Lapse(SignedDuration::new(seconds, nanos))),
    ]
}

fn server() -> impl Strategy<Value = Server> {
    select(&[Server::Portal, Server::Idp][..])
}

fn api() -> impl Strategy<Value = ApiId> {
    text().prop_map(ApiId::from)
}

fn change() -> BoxedStrategy<Change> {
    let removals = (vec(text().prop_map(ProductId::from), 0..3), vec(api(), 0..3), any::<bool>());
    let edits = (vec(product_edit(), 0..2), vec(version_edit(), 0..2));
    let new_version =
        (text(), version()).prop_map(|(product, version)| NewVersion { product: product.into(), version });
    let additions = (vec(product(), 0..2), vec(new_version, 0..2));
    let growth = (any::<u32>(), any::<u32>());
    let growth = growth.prop_map(|(products, versions_each)| Growth { products, versions_each });
    (removals, edits, additions, of(vec(usage_plan(), 0..2)), of(growth))
        .prop_map(|(removals, edits, additions, usage_plans, grow)| Change {
            remove_products: removals.0,
            remove_versions: removals.1,
            remove_all: removals.2,
            edit_products: edits.0,
            edit_versions: edits.1,
            add_products: additions.0,
            add_versions: additions.1,
            usage_plans,
            grow,
        })
        .boxed()
}

fn product_edit() -> BoxedStrategy<ProductEdit> {
    (text(), of(text()), of(text()), of(text()), of(text()), of(metadata()))
        .prop_map(|(id, new_id, name, description, contact_email, custom_metadata)| ProductEdit {
            id: id.into(),
            new_id: new_id.map(ProductId::from),
            name,
            description,
            contact_email,
            custom_metadata,
        })
        .boxed()
}

fn version_edit() -> BoxedStrategy<VersionEdit> {
    let words = (of(text()), of(text()), of(text()), of(vec(text(), 0..3)), of(metadata()));
    (api(), of(api()), words, of(spec_file()), of(spec_form()), of(text()))
        .prop_map(|(id, new_id, words, spec, spec_form, spec_fetch_error)| {
            let (title, description, lifecycle, usage_plans, custom_metadata) = words;
            VersionEdit {
                id,
                new_id,
                title,
                description,
                lifecycle,
                usage_plans,
                custom_metadata,
                spec,
                spec_form,
                spec_fetch_error,
            }
        })
        .boxed()
}

fn fault() -> BoxedStrategy<Fault> {
    let which = (of(text()), of(server()), of(text()), of(text()), of(text()));
    (which, fault_kind(), when(), of(lapse()))
        .prop_map(|((name, server, method, path, caller), does, when, time_to_live)| Fault {
            name,
            server,
            method,
            path,
            caller,
            does,
            when,
            time_to_live,
        })
        .boxed()
}

fn when() -> impl Strategy<Value = When> {
    let counts = (of(any::<u64>()), of(any::<u64>()), of(any::<u64>()));
    let millionths = (0..=1_000_000_u32).prop_map(|millionths| {
        Probability::new(f64::from(millionths) / 1e6).expect("no more than a million of a million")
    });
    (counts, of(millionths), of(any::<u64>()), of(lapse()), of(lapse())).prop_map(
        |((nth, first, every), probability, seed, from, until)| When {
            nth,
            first,
            every,
            probability,
            seed,
            from,
            until,
        },
    )
}

fn fault_kind() -> BoxedStrategy<FaultKind> {
    let tls = select(&[TlsFault::Expired, TlsFault::WrongHost, TlsFault::UnknownCa][..]);
    let items = prop_oneof![
        Just(ItemFault::Stale),
        Just(ItemFault::Duplicate),
        any::<u32>().prop_map(ItemFault::First),
        Just(ItemFault::None),
    ];
    let encoding = select(&[EncodingFault::Gzip, EncodingFault::GzipInName][..]);
    let bare = [
        FaultKind::Html,
        FaultKind::MalformedJson,
        FaultKind::EmptyBody,
        FaultKind::NullInList,
        FaultKind::Reset,
        FaultKind::Refuse,
        FaultKind::Close,
    ];
    prop_oneof![
        2 => select(bare.to_vec()),
        2 => status().prop_map(FaultKind::Status),
        1 => delay().prop_map(FaultKind::Latency),
        1 => (any::<u32>(), lapse()).prop_map(|(bytes, every)| FaultKind::SlowBody(SlowBody { bytes, every })),
        1 => any::<u64>().prop_map(|after| FaultKind::Truncate(Truncation { after })),
        1 => text().prop_map(FaultKind::ContentType),
        1 => encoding.prop_map(FaultKind::ContentEncoding),
        1 => (of(text()), of(any::<u16>())).prop_map(|(to, code)| FaultKind::Redirect(RedirectFault { to, code })),
        1 => tls.prop_map(FaultKind::Tls),
        1 => items.prop_map(FaultKind::Items),
        1 => (any::<u32>(), rate_unit()).prop_map(|(requests, per)| FaultKind::RateLimit(Quota { requests, per })),
        1 => any::<u64>().prop_map(|bytes| FaultKind::Pad(Padding { bytes })),
    ]
    .boxed()
}

fn status() -> BoxedStrategy<StatusFault> {
    use VendorError as V;
    let error = select(
        &[
            V::OktaRateLimit,
            V::OktaInternal,
            V::OktaInvalidClient,
            V::KeycloakUnauthorizedClient,
            V::KeycloakInternal,
            V::Portal,
            V::EnvoyNoUpstream,
            V::EnvoyReset,
        ][..],
    );
    let plain = any::<u16>().prop_map(StatusFault::new);
    let full = (any::<u16>(), of(text().prop_map(BodyText)), of(error), btree_map(text(), text(), 0..3));
    prop_oneof![plain, full.prop_map(|(code, body, error, headers)| StatusFault { code, body, error, headers })].boxed()
}

fn delay() -> impl Strategy<Value = Delay> {
    let spread = select(&[DelaySpread::Fixed, DelaySpread::Uniform, DelaySpread::LogNormal][..]);
    (lapse(), spread, of(lapse()), of(any::<u32>())).prop_map(|(by, spread, to, sigma_percent)| Delay {
        by,
        spread,
        to,
        sigma_percent,
    })
}

fn clock() -> impl Strategy<Value = ClockMove> {
    prop_oneof![
        lapse().prop_map(ClockMove::Advance),
        time().prop_map(ClockMove::Set),
        Just(ClockMove::Freeze),
        Just(ClockMove::Run),
        (server(), lapse()).prop_map(|(server, by)| ClockMove::Skew(Skew { server, by })),
    ]
}

fn tokens() -> impl Strategy<Value = TokenChange> {
    prop_oneof![
        Just(TokenChange::Expire),
        Just(TokenChange::Revoke),
        any::<bool>().prop_map(TokenChange::Opaque),
        vec(text(), 0..3).prop_map(TokenChange::Drop),
        lapse().prop_map(TokenChange::Lifetime),
    ]
}

fn expect() -> BoxedStrategy<Expect> {
    let catalog = select(&[CatalogWish::Same, CatalogWish::Exactly, CatalogWish::Valid][..]);
    let error = select(&[ErrorWish::Told, ErrorWish::None][..]);
    let has = btree_map(text(), text(), 0..3);
    let entity = (api(), has).prop_map(|(api, has): (ApiId, BTreeMap<String, String>)| EntityWish { api, has });
    (of(catalog), vec(api(), 0..3), vec(api(), 0..3), vec(entity, 0..2), vec(requests(), 0..2), of(error))
        .prop_map(|(catalog, contains, lacks, entities, requests, error)| Expect {
            catalog,
            contains,
            lacks,
            entities,
            requests,
            error,
        })
        .boxed()
}

fn requests() -> impl Strategy<Value = RequestWish> {
    let counts = (of(any::<u32>()), of(any::<u32>()));
    (server(), of(text()), of(text()), counts, of(lapse())).prop_map(
        |(server, method, path, (at_most, at_least), not_before)| RequestWish {
            server,
            method,
            path,
            at_most,
            at_least,
            not_before,
        },
    )
}
