//! What is looked at in a running catalog, and what to do where it is not as it should be.

use crate::check::catalogue::{Check, Part};

pub(super) const BACKEND: &str = "Name the backend's URL, such as http://localhost:7007: in development the frontend has a port of its own \
     (3000), and in Kubernetes `kubectl port-forward deploy/backstage 7007` makes it reachable.";
pub(super) const STATIC_TOKEN: &str = "Set BACKSTAGE_TOKEN to a static token that Backstage allows: `backend.auth.externalAccess` in its \
     app-config, with `type: static` and `options: {token: ${…}, subject: understudy}`.";
pub(super) const PERMISSION: &str = "The caller is known and not allowed to read the catalog: have the permission policy \
     allow `catalog.entity.read`, or take a token of a subject that may.";
pub(super) const REGISTER: &str = "Register the plugin in packages/backend/src/index.ts (`createBackendModule` with `pluginId: \
     'catalog'`, which calls `catalog.addEntityProvider`), and deploy that build.";
pub(super) const LOAD_CONFIG: &str = "Have Backstage load the file with `glooPlatformPortal.backend` (each `--config` of its command; with \
     one, no app-config.local.yaml is loaded by itself).";
pub(super) const FIRST_TOKEN: &str =
    "Mend what `client` and `token` say, and restart Backstage: the plugin asks for its first token once.";
pub(super) const SEE_LOG: &str = "`kubectl logs deploy/backstage | understudy check --log -` tells which it is.";
pub(super) const PORTAL_URL: &str = "Set glooPlatformPortal.backend.portalServerUrl, with /v1, in a file that Backstage loads. Where it says \
     `${VARIABLE}` and that is not set, the key is left out, and the plugin silently takes http://localhost:31080/v1.";
pub(super) const LIST: &str = "The plugin takes a list that is refused (401, 403, a login page, 5xx) for an empty one and \
     says nothing: mend what `portal` says, or have a PortalGroup match the token's claims; the next sync brings the APIs.";
pub(super) const RENAME: &str = "Change the API's id or document in the portal so that the rule holds, or serve the entities by \
     `understudy serve`, which gives the nearest that Backstage takes.";
pub(super) const TAKEN: &str = "Remove the other one (its page in Backstage > ⋮ > Unregister entity, or its `catalog.locations` entry), \
     or rename the API in the portal.";
pub(super) const WAIT: &str = "Wait for one syncFrequency and look again. Where it is still so, the catalog refused it without a word \
     here: its log has `Policy check failed for` that entity.";
pub(super) const STALE: &str = "Wait for one syncFrequency and look again. Where it stays, the plugin syncs no more: restart Backstage, and \
     look at its log.";
pub(super) const AS_OBJECT: &str = "The portal gives the document as a text, and the plugin puts that into quotes: have the portal give it as a JSON \
     object, or serve the entities by `understudy serve`.";
pub(super) const ORPHANS: &str = "Delete them (the entity's page > ⋮ > Unregister entity), or let Backstage do so with \
     `catalog.orphanStrategy: delete`.";
pub(super) const ONE_OF_TWO: &str = "Take one of the two ways: the plugin, or a `catalog.locations` entry such as of `understudy serve`; remove \
     the other, and unregister what it gave.";
pub(super) const ERRORS: &str = "Do what the message says; where it names a rule, mend the API in the portal.";

pub(super) static REACHABLE: Check = Check {
    id: "backstage.reachable",
    part: Part::Backstage,
    title: "The Backstage backend answers, and its catalog can be read",
    fails_when: "Nothing answers, or what answers is no catalog of a Backstage backend.",
    remedies: &[BACKEND],
    needs: &[],
};
pub(super) static LETS_IN: Check = Check {
    id: "backstage.lets-in",
    part: Part::Backstage,
    title: "Backstage lets the doctor read its catalog",
    fails_when: "The catalog answers 401 or 403, to no token, a guest's, or that of BACKSTAGE_TOKEN.",
    remedies: &[STATIC_TOKEN, PERMISSION],
    needs: &["backstage.reachable"],
};
pub(super) static OWNERS: Check = Check {
    id: "backstage.owners",
    part: Part::Backstage,
    title: "The Group, the User and the System of the portal are there",
    fails_when: "None of the three is there: the plugin is not registered, its configuration is not loaded, or it never got \
                 a token. Or some are missing: the name is taken, or the catalog refused it.",
    remedies: &[REGISTER, LOAD_CONFIG, FIRST_TOKEN, SEE_LOG, TAKEN],
    needs: &["backstage.lets-in"],
};
pub(super) static SOURCE: Check = Check {
    id: "backstage.portal",
    part: Part::Backstage,
    title: "They come from the portal that is meant",
    fails_when: "The entities come from another portal than the configuration names, such as http://localhost:31080/v1, which \
                 the plugin takes where it finds no portalServerUrl.",
    remedies: &[PORTAL_URL],
    needs: &["backstage.owners"],
};
pub(super) static APIS: Check = Check {
    id: "backstage.apis",
    part: Part::Backstage,
    title: "There are APIs of the portal",
    fails_when: "The three are there and no API: the list was refused, or is empty for the service account.",
    remedies: &[LIST],
    needs: &["backstage.owners"],
};
pub(super) static MISSING: Check = Check {
    id: "backstage.apis-missing",
    part: Part::Backstage,
    title: "Each API that the portal shows is there",
    fails_when: "An API is missing: the catalog refuses what the plugin makes of it, or another provider or location has taken its \
                 name.",
    remedies: &[RENAME, TAKEN, WAIT],
    needs: &["content.list", "backstage.apis"],
};
pub(super) static EXTRA: Check = Check {
    id: "backstage.stale",
    part: Part::Backstage,
    title: "No API is there that the portal shows no more",
    fails_when: "An entity of the portal's is there for which the portal shows no API.",
    remedies: &[STALE],
    needs: &["content.list", "backstage.apis"],
};
pub(super) static DEFINITIONS: Check = Check {
    id: "backstage.definitions",
    part: Part::Backstage,
    title: "The definitions are the portal's documents",
    fails_when: "An API's definition differs from the document that the portal has now, or is that in quotes.",
    remedies: &[STALE, AS_OBJECT],
    needs: &["content.list", "backstage.apis"],
};
pub(super) static ORPHANED: Check = Check {
    id: "backstage.orphans",
    part: Part::Backstage,
    title: "None of the portal's APIs is an orphan",
    fails_when: "An entity is marked as an orphan: who gave it gives it no more, and Backstage keeps it.",
    remedies: &[ORPHANS],
    needs: &["backstage.lets-in"],
};
pub(super) static DUPLICATES: Check = Check {
    id: "backstage.duplicates",
    part: Part::Backstage,
    title: "Each API of the portal is there once",
    fails_when: "Two entities have the document of one API of the portal.",
    remedies: &[ONE_OF_TWO],
    needs: &["backstage.apis"],
};
pub(super) static REFUSALS: Check = Check {
    id: "backstage.errors",
    part: Part::Backstage,
    title: "The catalog has nothing against the portal's entities",
    fails_when: "The catalog tells an error in the status of one of the portal's entities.",
    remedies: &[ERRORS],
    needs: &["backstage.lets-in"],
};
