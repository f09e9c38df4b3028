//! Which hazards there are, and what a subject needs to show each.

use super::{Hazard, Need};

/// Makes a hazard of its two files.
macro_rules! hazard {
    ($id:literal, $quick:expr, $need:ident) => {
        Hazard {
            id: $id,
            text: include_str!(concat!("../../hazards/", $id, ".yaml")),
            page: include_str!(concat!("../../hazards/", $id, ".md")),
            is_quick: $quick,
            need: Need::$need,
        }
    };
    ($id:literal) => {
        hazard!($id, false, Nothing)
    };
    ($id:literal, quick) => {
        hazard!($id, true, Nothing)
    };
    ($id:literal, $need:ident) => {
        hazard!($id, false, $need)
    };
}

/// All of them, by what goes wrong.
pub(super) static ALL: &[Hazard] = &[
    // The list can't be read.
    hazard!("list-unreachable", quick),
    hazard!("list-answers-401", quick),
    hazard!("list-answers-403"),
    hazard!("list-answers-5xx", quick),
    hazard!("list-answers-html", quick),
    hazard!("first-item-null"),
    // Products and documents can't be read.
    hazard!("versions-of-one-product-fail", quick),
    hazard!("spec-fails-with-json"),
    hazard!("spec-fails-with-text", quick),
    hazard!("spec-as-json-text"),
    hazard!("spec-as-yaml-text"),
    hazard!("version-without-spec", quick),
    hazard!("products-read-one-by-one"),
    // What the portal shows.
    hazard!("ids-that-make-one-name"),
    hazard!("id-ends-in-a-refused-character"),
    // Tokens.
    hazard!("token-endpoint-unreachable-at-start"),
    hazard!("token-endpoint-fails-at-start", quick),
    hazard!("opaque-access-token"),
    hazard!("token-already-expired"),
    hazard!("token-refresh-fails-once", Clock),
    hazard!("token-without-exp", Keep),
    hazard!("token-lifetime-beyond-timers", Keep),
    // Clocks, keys, restarts and the log.
    hazard!("subjects-clock-ahead"),
    hazard!("secrets-in-the-log"),
    hazard!("first-sync-after-start", Backstage),
];
