//! Scenario files: anything that the model can hold, sound or not.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::spec::inline_spec;
use super::step::step;
use super::text::text;
use crate::file::{
    AuthFile, ClientFile, FaceFile, FamilyFile, GroupFile, IdentityFile, IssuerFile, PortalFile, ProductFile,
    RateLimitFile, ScenarioFile, SpecFile, UsagePlanFile, UserFile, VersionFile, Visibility,
};
use crate::{ApiId, Grant, ProductId, RateUnit, Shape, SpecForm, Status};

/// Any scenario file that the model can hold. Most hold mistakes: they can be written and read, not played.
///
/// Numbers within inline documents are such as serde_json writes them, since those are values and not digits.
pub fn scenario_file() -> impl Strategy<Value = ScenarioFile> {
    (text(), text(), identity(), portal(), vec(step(), 0..4)).prop_map(
        |(name, description, identity, portal, steps)| ScenarioFile { name, description, identity, portal, steps },
    )
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..3)
}

fn identity() -> BoxedStrategy<IdentityFile> {
    let group = text().prop_map(|name| GroupFile { name });
    (of(vec(issuer(), 0..4)), of(vec(client(), 0..3)), of(vec(user(), 0..3)), of(vec(group, 0..3)))
        .prop_map(|(issuers, clients, users, groups)| IdentityFile { issuers, clients, users, groups })
        .boxed()
}

fn issuer() -> BoxedStrategy<IssuerFile> {
    let face = select(&[FaceFile::Okta, FaceFile::OktaOrg, FaceFile::Keycloak][..]);
    let names = (of(text()), of(text()), of(text()), of(text()), of(text()));
    let lifetime =
        of((any::<i64>(), -999_999_999..=999_999_999_i32)
            .prop_map(|(seconds, nanos)| SignedDuration::new(seconds, nanos)));
    let tokens = (lifetime, any::<bool>(), texts());
    (face, names, of(texts()), of(texts()), tokens)
        .prop_map(|(face, (name, server, realm, path, audience), scopes, default_scopes, tokens)| IssuerFile {
            face,
            name,
            server,
            realm,
            path,
            scopes,
            default_scopes,
            audience,
            access_token_lifetime: tokens.0,
            opaque_tokens: tokens.1,
            drop_claims: tokens.2,
        })
        .boxed()
}

fn client() -> impl Strategy<Value = ClientFile> {
    (text(), of(text()), of(vec(grant(), 0..4)), texts()).prop_map(|(id, secret, grants, redirect_uris)| ClientFile {
        id,
        secret: secret.map(Into::into),
        grants,
        redirect_uris,
    })
}

pub(super) fn grant() -> impl Strategy<Value = Grant> {
    select(&[Grant::ClientCredentials, Grant::AuthorizationCode, Grant::RefreshToken][..])
}

fn user() -> impl Strategy<Value = UserFile> {
    (text(), text(), of(text()), of(text()), texts()).prop_map(|(username, password, name, email, groups)| UserFile {
        username,
        password: password.into(),
        name,
        email,
        groups,
    })
}

fn portal() -> BoxedStrategy<PortalFile> {
    let auth = (of(texts()), of(text())).prop_map(|(issuers, audience)| AuthFile { issuers, audience });
    let visibility = select(&[Visibility::Public, Visibility::Restricted][..]);
    (family(), of(shape()), of(any::<bool>()), visibility, auth, vec(product(), 0..4), vec(usage_plan(), 0..3))
        .prop_map(|(family, shape, inline_specs, visibility, auth, products, usage_plans)| PortalFile {
            family,
            shape,
            inline_specs,
            visibility,
            auth,
            products,
            usage_plans,
        })
        .boxed()
}

pub(super) fn family() -> impl Strategy<Value = FamilyFile> {
    select(&[FamilyFile::GlooMeshGateway, FamilyFile::GlooGateway][..])
}

pub(super) fn shape() -> impl Strategy<Value = Shape> {
    select(&[Shape::Grouped, Shape::Flat][..])
}

pub(super) fn product() -> BoxedStrategy<ProductFile> {
    (text(), product_words(), vec(version(), 0..3))
        .prop_map(|(id, words, versions)| ProductFile { id: ProductId::from(id), versions, ..words })
        .boxed()
}

/// A product without an id of its own and without versions.
pub(super) fn product_words() -> impl Strategy<Value = ProductFile> {
    (of(text()), of(text()), of(text()), any::<bool>(), metadata(), of(time()), of(time())).prop_map(
        |(name, description, contact_email, auto_approval, custom_metadata, created_at, updated_at)| ProductFile {
            name,
            description,
            contact_email,
            auto_approval,
            custom_metadata,
            created_at,
            updated_at,
            ..ProductFile::new("")
        },
    )
}

pub(super) fn version() -> BoxedStrategy<VersionFile> {
    let served = (of(spec_file()), spec_form(), of(text()));
    (text(), of(text()), of(texts()), served, version_words())
        .prop_map(|(name, id, usage_plans, (spec, spec_form, spec_fetch_error), words)| VersionFile {
            name,
            id: id.map(ApiId::from),
            usage_plans,
            spec,
            spec_form,
            spec_fetch_error,
            ..words
        })
        .boxed()
}

pub(super) fn spec_file() -> impl Strategy<Value = SpecFile> {
    prop_oneof![inline_spec().prop_map(SpecFile::Inline), text().prop_map(SpecFile::Path)]
}

pub(super) fn spec_form() -> impl Strategy<Value = SpecForm> {
    select(&[SpecForm::Object, SpecForm::JsonText, SpecForm::YamlText, SpecForm::Missing][..])
}

pub(super) fn rate_unit() -> impl Strategy<Value = RateUnit> {
    select(&[RateUnit::Second, RateUnit::Minute, RateUnit::Hour, RateUnit::Day][..])
}

/// A version without a name and id of its own, without plans and without a document.
pub(super) fn version_words() -> impl Strategy<Value = VersionFile> {
    let status = select(&[Status::Published, Status::Draft, Status::Deprecated][..]);
    let words = (of(text()), of(text()), of(text()), of(text()), of(text()), of(text()));
    (words, of(status), metadata(), of(time()), of(time())).prop_map(
        |(
            (title, description, contact, license, terms_of_service, lifecycle),
            status,
            custom_metadata,
            created_at,
            updated_at,
        )| {
            VersionFile {
                title,
                description,
                contact,
                license,
                terms_of_service,
                lifecycle,
                status,
                custom_metadata,
                created_at,
                updated_at,
                ..VersionFile::new("")
            }
        },
    )
}

pub(super) fn usage_plan() -> impl Strategy<Value = UsagePlanFile> {
    let rate_limit = (any::<u32>(), rate_unit()).prop_map(|(requests, per)| RateLimitFile { requests, per });
    (text(), of(texts()), of(rate_limit)).prop_map(|(name, auth_types, rate_limit)| UsagePlanFile {
        name,
        auth_types,
        rate_limit,
    })
}

pub(super) fn metadata() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(text(), text(), 0..3)
}

/// Any time that RFC 3339 can write: from the year 0 on.
pub(super) fn time() -> impl Strategy<Value = Timestamp> {
    let seconds = -62_167_219_200..Timestamp::MAX.as_second();
    let nanos = prop_oneof![Just(0), 0..1_000_000_000_i32];
    (seconds, nanos).prop_map(|(second, nanos)| {
        Timestamp::new(second, nanos).expect("the seconds are between those of the first and the last time")
    })
}
