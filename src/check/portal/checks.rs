//! The checks of the portal's door, each with what it fails by and what to do then.

use super::super::catalogue::{Check, Part};

/// The checks of this part, in the order in which they are made.
pub(in crate::check) static CHECKS: &[&Check] =
    &[&ANSWERS, &LETS_IN, &PATH, &CONFIGURED, &FAMILY, &SHOWS, &CLOCK, &ASKS, &FORGED];

pub(in crate::check) static ANSWERS: Check = Check {
    id: "portal.answers",
    part: Part::Portal,
    title: "The portal's URL answers, and not by a web page or an error of its own",
    fails_when: "The portal can't be reached, answers 429, 5xx or a web page, or sends elsewhere.",
    remedies: &[
        "Set PORTAL_URL (portalServerUrl) to the portal's REST server, not to the developer portal's web pages.",
        "After 5xx, look at the logs of the portal server and of the gateway before it; after 429, at the RateLimitPolicy.",
    ],
    needs: &["client.token"],
};

pub(in crate::check) static LETS_IN: Check = Check {
    id: "portal.lets-in",
    part: Part::Portal,
    title: "The portal lets the token in",
    fails_when: "The portal answers 401 or 403, or sends the token's bearer to a login page: then an authorization-code policy \
                 stands before the API alone.",
    remedies: &[
        "Put accessTokenValidation beside oidcAuthorizationCode, in the ExtAuthPolicy (Gloo Mesh Gateway) or AuthConfig (Gloo \
         Gateway) of the portal server's route, with `jwt.remoteJwks.url` set to the issuer's `jwks_uri`.",
        "After 403, look at the policies after authentication, such as OPA, and at required scopes.",
    ],
    needs: &["portal.answers"],
};

pub(in crate::check) static PATH: Check = Check {
    id: "portal.path",
    part: Part::Portal,
    title: "The portal's URL has the right path",
    fails_when: "Both lists answer 404: /v1 is missing, twice there, or the route has another prefix.",
    remedies: &["Set portalServerUrl (PORTAL_SERVER_URL) to the URL that ends in /v1; nothing adds it."],
    needs: &["portal.lets-in"],
};

pub(in crate::check) static CONFIGURED: Check = Check {
    id: "portal.configured",
    part: Part::Portal,
    title: "A Portal resource names the host by which the portal is asked",
    fails_when: "The portal server says `portal config not found`.",
    remedies: &[
        "Gloo Mesh Gateway: put the host into `spec.domains` of the Portal (apimanagement.gloo.solo.io/v2), and check that its \
         `spec.portalBackendSelectors` select this portal server.",
        "Gloo Gateway: create the Portal (portal.gloo.solo.io/v1), and look at its status.",
    ],
    needs: &["portal.path"],
};

pub(in crate::check) static FAMILY: Check = Check {
    id: "portal.family",
    part: Part::Portal,
    title: "It is a portal of a known family and shape",
    fails_when: "Neither /apis (Gloo Mesh Gateway) nor /api-products (Gloo Gateway) answers a list of API products.",
    remedies: &["Set PORTAL_URL (portalServerUrl) to the portal's REST server: some other server answers there."],
    needs: &["portal.configured"],
};

pub(in crate::check) static SHOWS: Check = Check {
    id: "portal.shows-apis",
    part: Part::Portal,
    title: "The portal shows APIs to this client",
    fails_when: "The list is empty: no PortalGroup matches the token's claims, or the Portal selects no API.",
    remedies: &[
        "Apply a PortalGroup that matches the client's claim, `cid` with Okta and `client_id` with Keycloak.",
        "Check that the Portal selects the APIs: by `spec.apis[].labels` (Gloo Mesh Gateway) or `spec.apiProducts` (Gloo \
         Gateway, with a ReferenceGrant for those of other namespaces).",
    ],
    needs: &["portal.family", "token.jwt"],
};

pub(in crate::check) static CLOCK: Check = Check {
    id: "portal.clock",
    part: Part::Portal,
    title: "By the portal's clock, the token is good",
    fails_when: "By the portal's Date, the token was issued in the future, or has ended.",
    remedies: &["Set the clocks of the cluster's nodes and of the identity provider by NTP."],
    needs: &["token.jwt", "portal.answers"],
};

pub(in crate::check) static ASKS: Check = Check {
    id: "portal.asks-for-token",
    part: Part::Portal,
    title: "The portal does not let callers in without a token",
    fails_when: "Whoever asks without a token is shown APIs: the portal is public.",
    remedies: &[
        "If it is not meant to be: have an ExtAuthPolicy (Gloo Mesh Gateway) or AuthConfig (Gloo Gateway) select the \
                 portal server's route, and set the Portal's `spec.visibility` to private.",
    ],
    needs: &[],
};

pub(in crate::check) static FORGED: Check = Check {
    id: "portal.refuses-forged",
    part: Part::Portal,
    title: "The portal refuses a token whose signature does not hold",
    fails_when: "A token with a broken signature is let in: anybody could make one.",
    remedies: &[
        "Have the policy check signatures: `accessTokenValidation.jwt.remoteJwks.url` must be the issuer's `jwks_uri`.",
    ],
    needs: &["portal.family", "token.jwt"],
};
