//! Which hazards there are, and what a subject needs to show each.

use super::{Hazard, Need, Part};

/// Makes a hazard of its two files.
macro_rules! hazard {
    ($part:ident, $id:literal, $quick:expr, $need:ident) => {
        Hazard {
            id: $id,
            part: Part::$part,
            text: include_str!(concat!("../../hazards/", $id, ".yaml")),
            page: include_str!(concat!("../../hazards/", $id, ".md")),
            is_quick: $quick,
            need: Need::$need,
        }
    };
    ($part:ident, $id:literal) => {
        hazard!($part, $id, false, Nothing)
    };
    ($part:ident, $id:literal, quick) => {
        hazard!($part, $id, true, Nothing)
    };
    ($part:ident, $id:literal, $need:ident) => {
        hazard!($part, $id, false, $need)
    };
}

/// All of them, by what goes wrong.
pub(super) static ALL: &[Hazard] = &[
    hazard!(List, "list-unreachable", quick),
    hazard!(List, "list-answers-401", quick),
    hazard!(List, "list-answers-403"),
    hazard!(List, "list-answers-5xx", quick),
    hazard!(List, "list-answers-html", quick),
    hazard!(List, "first-item-null"),
    hazard!(List, "product-list-fails"),
    hazard!(List, "list-rate-limited"),
    hazard!(List, "list-empty-for-one-sync"),
    hazard!(List, "list-halved"),
    hazard!(List, "list-items-twice"),
    hazard!(List, "list-stale"),
    hazard!(List, "list-shows-removed-api"),
    hazard!(List, "list-redirects-without-end"),
    hazard!(List, "list-redirects-elsewhere"),
    hazard!(List, "list-redirects-to-a-login"),
    hazard!(List, "list-truncated"),
    hazard!(List, "list-malformed"),
    hazard!(List, "list-empty-body"),
    hazard!(List, "list-content-type-wrong"),
    hazard!(List, "list-error-with-200"),
    hazard!(List, "list-of-other-things"),
    hazard!(List, "list-null-later"),
    hazard!(List, "list-hangs"),
    hazard!(List, "list-body-trickles"),
    hazard!(List, "list-reset"),
    hazard!(List, "list-closed"),
    hazard!(List, "list-fails-once", quick),
    hazard!(List, "portal-not-configured"),
    hazard!(List, "portal-restarted"),
    hazard!(List, "portal-down-at-start"),
    hazard!(List, "everything-unreachable"),
    hazard!(Documents, "versions-of-one-product-fail", quick),
    hazard!(Documents, "spec-fails-with-json"),
    hazard!(Documents, "spec-fails-with-text", quick),
    hazard!(Documents, "spec-as-json-text"),
    hazard!(Documents, "spec-as-yaml-text"),
    hazard!(Documents, "version-without-spec", quick),
    hazard!(Documents, "products-read-one-by-one"),
    hazard!(Documents, "spec-answers-html"),
    hazard!(Documents, "spec-not-found"),
    hazard!(Documents, "spec-truncated"),
    hazard!(Documents, "spec-empty"),
    hazard!(Documents, "spec-null"),
    hazard!(Documents, "spec-hangs"),
    hazard!(Documents, "spec-fetch-error"),
    hazard!(Documents, "spec-of-64-mb"),
    hazard!(Documents, "one-broken-document-holds-back-the-rest"),
    hazard!(Documents, "one-broken-product-holds-back-the-rest"),
    hazard!(Documents, "requests-stay-bounded"),
    hazard!(Changes, "ids-that-make-one-name"),
    hazard!(Changes, "id-ends-in-a-refused-character"),
    hazard!(Changes, "product-removed", quick),
    hazard!(Changes, "owner-removes-everything"),
    hazard!(Changes, "product-renamed"),
    hazard!(Changes, "version-renamed"),
    hazard!(Changes, "document-changed", quick),
    hazard!(Changes, "description-changed"),
    hazard!(Changes, "usage-plans-changed"),
    hazard!(Changes, "ids-with-path-characters"),
    hazard!(Changes, "long-ids-cut-to-one-name"),
    hazard!(Changes, "non-ascii-ids"),
    hazard!(Changes, "version-makes-a-bad-tag"),
    hazard!(Changes, "five-thousand-versions"),
    hazard!(Tokens, "token-endpoint-unreachable-at-start"),
    hazard!(Tokens, "token-endpoint-fails-at-start", quick),
    hazard!(Tokens, "opaque-access-token"),
    hazard!(Tokens, "token-already-expired"),
    hazard!(Tokens, "token-refresh-fails-once", Clock),
    hazard!(Tokens, "token-without-exp", Keep),
    hazard!(Tokens, "token-lifetime-beyond-timers", Keep),
    hazard!(Tokens, "token-revoked"),
    hazard!(Tokens, "token-expires-early"),
    hazard!(Tokens, "token-short-lived"),
    hazard!(Tokens, "token-endpoint-rate-limited"),
    hazard!(Tokens, "token-endpoint-html"),
    hazard!(Tokens, "token-endpoint-error-with-200"),
    hazard!(Tokens, "token-endpoint-hangs"),
    hazard!(Tokens, "token-slower-than-its-life"),
    hazard!(Tokens, "token-endpoint-redirects"),
    hazard!(Tokens, "client-secret-rotated"),
    hazard!(Around, "subjects-clock-ahead"),
    hazard!(Around, "secrets-in-the-log"),
    hazard!(Around, "first-sync-after-start", Backstage),
    hazard!(Around, "signing-keys-rotated"),
    hazard!(Around, "signing-key-retired"),
    hazard!(Around, "portal-cannot-get-keys"),
    hazard!(Around, "idp-restarted"),
    hazard!(Around, "idp-clock-ahead"),
    hazard!(Around, "portal-clock-ahead"),
    hazard!(Around, "clock-set-back", Clock),
    hazard!(Around, "long-idle", Clock),
];
