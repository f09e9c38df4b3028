//! The checks of what the published plugin would do wrong, each with what to do then.
//!
//! They are about `@solo.io/platform-portal-backstage-plugin-backend` 0.0.74, as it was measured. All of them only warn: who
//! does not use the plugin is not concerned.

use super::super::catalogue::{Check, Part};

/// The checks of this part, in the order in which they are made.
pub(in crate::check) static CHECKS: &[&Check] =
    &[&CLIENT, &JWT, &REFRESH, &FIRST, &LOGGING, &LIST, &TEXT, &MISSING, &FAILING, &NAMES, &TIME];

/// What helps against most of what the plugin does wrong.
pub(in crate::check) const INSTEAD: &str =
    "Or let `understudy serve` give Backstage the same entities without the plugin: it does none of this.";

pub(in crate::check) static CLIENT: Check = Check {
    id: "plugin.client",
    part: Part::Plugin,
    title: "The plugin can ask for a token as the configuration does",
    fails_when: "The token needs Basic, a private key, a scope or an audience: the plugin sends the secret in the body and \
                 nothing else.",
    remedies: &[
        "Let the client use client_secret_post, with a default scope.",
        "Or let `understudy serve` give Backstage the same entities without the plugin.",
    ],
    needs: &["client.token"],
};

pub(in crate::check) static JWT: Check = Check {
    id: "plugin.token-jwt",
    part: Part::Plugin,
    title: "The plugin can read the token",
    fails_when: "The token is opaque: the plugin then never schedules a sync, and the catalog stays empty.",
    remedies: &[
        "Have the identity provider issue JWTs: in Okta, by a custom authorization server such as /oauth2/default.",
        "Or let `understudy serve` give Backstage the same entities: it does not look into the token.",
    ],
    needs: &["client.token", "token.jwt"],
};

pub(in crate::check) static REFRESH: Check = Check {
    id: "plugin.token-refresh",
    part: Part::Plugin,
    title: "The plugin can time its next token",
    fails_when: "The token has no `exp`, or one more than 24.8 days away, or one that has passed: the plugin then asks for \
                 tokens hundreds of times a second, or never gets one that it takes.",
    remedies: &[
        "Set the clocks of the identity provider and of Backstage's machine by NTP.",
        "Okta: set the access token's lifetime in the rule under Access Policies. Keycloak: Realm settings > Tokens > Access \
         Token Lifespan.",
        "Or let `understudy serve` give Backstage the same entities: it asks once a second at most, and once a day at least.",
    ],
    needs: &["client.token", "token.jwt"],
};

pub(in crate::check) static FIRST: Check = Check {
    id: "plugin.first-sync",
    part: Part::Plugin,
    title: "The plugin's first sync after a start does something",
    fails_when: "The token endpoint answers before Backstage's catalog is ready: the first sync fails with `Not initialized`, \
                 and the catalog stays empty for one syncFrequency, after each start.",
    remedies: &["Set `syncFrequency: {seconds: 30}` in the app-config, or wait that long after a start."],
    needs: &["client.token"],
};

pub(in crate::check) static LOGGING: Check = Check {
    id: "plugin.debug-logging",
    part: Part::Plugin,
    title: "The plugin does not write the token to the log",
    fails_when: "`debugLogging: true`: the plugin logs the bearer token, and who reads the log can use it.",
    remedies: &["Set `debugLogging: false`, and take the tokens that were logged for known."],
    needs: &[],
};

pub(in crate::check) static LIST: Check = Check {
    id: "plugin.list",
    part: Part::Plugin,
    title: "The plugin takes the portal's list for what it is",
    fails_when: "The list is flat (2.4), and /api-products answers JSON too, which the plugin takes in place of the list. Or \
                 an API of it has no `apiProductId`, and the plugin leaves it out.",
    remedies: &[
        "Upgrade Gloo Mesh Gateway to 2.5 or later, whose list is grouped, or have the route answer /api-products with 404 and \
         no JSON.",
        "Or let `understudy serve` give Backstage the same entities without the plugin.",
    ],
    needs: &["content.list"],
};

pub(in crate::check) static TEXT: Check = Check {
    id: "plugin.text-documents",
    part: Part::Plugin,
    title: "The plugin hands documents over as they are",
    fails_when: "The portal gives documents as strings: the plugin quotes them once more, and Backstage can't render them.",
    remedies: &["Let `understudy serve` give Backstage the same entities: it unpacks such documents."],
    needs: &["content.list"],
};

pub(in crate::check) static MISSING: Check = Check {
    id: "plugin.missing-documents",
    part: Part::Plugin,
    title: "The plugin gives every API a definition",
    fails_when: "An API has no document: the plugin's entity has no definition, and Backstage refuses it.",
    remedies: &[
        "Give the API a document, by an ApiDoc or an ApiSchemaDiscovery.",
        "Or let `understudy serve` give Backstage a document in its place that says what is missing.",
    ],
    needs: &["content.list"],
};

pub(in crate::check) static FAILING: Check = Check {
    id: "plugin.failing-documents",
    part: Part::Plugin,
    title: "The plugin loses nothing by a document that fails",
    fails_when: "A document or a product's versions can't be read: the plugin takes an error for the document, or deletes this \
                 API and all that come after it, or the product's APIs, without a word.",
    remedies: &[
        "Repair what `content.documents-read` names.",
        "Or let `understudy serve` give Backstage the entities: it keeps what it had.",
    ],
    needs: &["content.list"],
};

pub(in crate::check) static NAMES: Check = Check {
    id: "plugin.names",
    part: Part::Plugin,
    title: "The plugin gives each API a name of its own that Backstage takes",
    fails_when: "Two ids make one name, of which Backstage keeps one, or an id makes a name that Backstage refuses.",
    remedies: &[
        "Give these APIs ids of lower-case letters, digits and dashes.",
        "Or let `understudy serve` give Backstage the same entities: it gives such APIs a name with a hash.",
    ],
    needs: &["content.list"],
};

pub(in crate::check) static TIME: Check = Check {
    id: "plugin.sync-time",
    part: Part::Plugin,
    title: "The plugin's sync ends in time, though it makes its requests one after the other",
    fails_when: "By the answers' median, all requests one after the other take more than half of syncTimeout.",
    remedies: &[
        "Raise `syncTimeout` in the app-config, such as `{minutes: 5}`.",
        "Or let `understudy serve` give Backstage the same entities: it makes 16 requests at a time.",
    ],
    needs: &["content.list"],
};
