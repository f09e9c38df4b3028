//! The checks of what the portal shows, each with what it fails by and what to do then.

use super::super::catalogue::{Check, Part};

/// The checks of this part, in the order in which they are made.
pub(in crate::check) static CHECKS: &[&Check] = &[&LIST, &READ, &OPENAPI, &NAMES, &ENTITIES, &TIME, &STEADY];

pub(in crate::check) static LIST: Check = Check {
    id: "content.list",
    part: Part::Content,
    title: "Each item of the portal's list can be understood",
    fails_when: "An item has no id, or a member of another type than the contract says: no sync can go by such a list.",
    remedies: &[
        "Correct the resource that the item comes from: the RouteTable's `portalMetadata` (Gloo Mesh Gateway), or the \
                 ApiProduct (Gloo Gateway).",
    ],
    needs: &["portal.shows-apis"],
};

pub(in crate::check) static READ: Check = Check {
    id: "content.documents-read",
    part: Part::Content,
    title: "Every OpenAPI document can be fetched",
    fails_when: "An API's document, or the versions of a product, can't be read, or not in time.",
    remedies: &[
        "Look at the ApiDoc of the API's Service: `kubectl get apidocs -A`; the portal shows what is in its \
         `spec.openapi.inlineString`.",
        "Look at the portal server's log for this API or product.",
    ],
    needs: &["content.list"],
};

pub(in crate::check) static OPENAPI: Check = Check {
    id: "content.documents-openapi",
    part: Part::Content,
    title: "Every API has a document, and it is an OpenAPI document",
    fails_when: "The portal has no document for an API, or one that says no version of OpenAPI or can't be parsed.",
    remedies: &[
        "Let the portal find the document: an ApiSchemaDiscovery that names where the Service serves it, or an ApiDoc with it.",
        "Correct the document: it needs `openapi: 3.x.y` or `swagger: \"2.0\"` at its top.",
    ],
    needs: &["content.list"],
};

pub(in crate::check) static NAMES: Check = Check {
    id: "content.names",
    part: Part::Content,
    title: "Every API has a name of its own in Backstage, and its whole id is in it",
    fails_when: "An API's id makes a name that Backstage refuses, that another's makes too, or that is cut at 62 characters.",
    remedies: &[
        "Give the API an id of lower-case letters, digits and dashes, of 62 characters at most: `apiProductId` and \
                 `apiVersion` in the RouteTable's `portalMetadata`, or the ApiProduct's `spec.id` and the version's `apiVersion`.",
    ],
    needs: &["content.list"],
};

pub(in crate::check) static ENTITIES: Check = Check {
    id: "content.entities-valid",
    part: Part::Content,
    title: "Everything becomes an entity that Backstage takes",
    fails_when: "An entity breaks one of Backstage's rules, or something of an API had to be left out or mended for it not to.",
    remedies: &[
        "Correct what the message names in the API's resource; until then the catalog gets the nearest that is valid.",
    ],
    needs: &["content.list"],
};

pub(in crate::check) static TIME: Check = Check {
    id: "content.sync-time",
    part: Part::Content,
    title: "A sync ends well within its time",
    fails_when: "Reading everything takes more than half of syncTimeout, or does not end within nine tenths of it.",
    remedies: &["Raise `syncTimeout` in the app-config, such as `{minutes: 2}`, and let more requests run at once."],
    needs: &["content.list"],
};

pub(in crate::check) static STEADY: Check = Check {
    id: "content.steady",
    part: Part::Content,
    title: "A second sync changes nothing",
    fails_when: "The portal shows something else the second time, so that the catalog changes with every sync.",
    remedies: &[
        "Look for two portal servers behind the same host that show different things, and at documents that are made \
                 anew for each request, such as with a time in them.",
    ],
    needs: &["content.documents-read"],
};
