//! The checks of the token, each with what it fails by and what to do then.

use super::super::catalogue::{Check, Part};

/// The checks of this part, in the order in which they are made.
pub(in crate::check) static CHECKS: &[&Check] =
    &[&JWT, &ALGORITHM, &SIGNATURE, &ISSUER, &AUDIENCE, &EXPIRY, &LIFETIME, &CLOCK, &GROUP];

pub(in crate::check) static JWT: Check = Check {
    id: "token.jwt",
    part: Part::Token,
    title: "The access token is a JWT",
    fails_when: "The token is opaque or encrypted. A portal that validates JWTs turns it away, and the plugin, which reads \
                 `exp` in it, never schedules a sync.",
    remedies: &[
        "Okta: take tokens from a custom authorization server, such as https://ORG/oauth2/default.",
        "Another provider: have the identity provider issue signed JWTs (RFC 9068) for the portal's audience.",
    ],
    needs: &["client.token"],
};

pub(in crate::check) static ALGORITHM: Check = Check {
    id: "token.algorithm",
    part: Part::Token,
    title: "The token is signed in a way that published keys can check",
    fails_when: "The header's `alg` is none, a shared secret's (HS256) or unknown, or there is no `kid` to choose a key by.",
    remedies: &[
        "Keycloak: Clients > the client > Advanced > Fine grain OpenID Connect configuration > Access token signature \
         algorithm: RS256.",
        "Another provider: have the identity provider sign with RS256, and name the key in `kid`.",
    ],
    needs: &["token.jwt"],
};

pub(in crate::check) static SIGNATURE: Check = Check {
    id: "token.signature",
    part: Part::Token,
    title: "The signature is by one of the issuer's published keys",
    fails_when: "The token's key is not among those at the issuer's `jwks_uri`, or the signature does not hold.",
    remedies: &[
        "Take issuer, token endpoint and keys of one authorization server: ISSUER_URL and TOKEN_ENDPOINT must be of the same \
         one, and the portal's `remoteJwks.url` must be its `jwks_uri`.",
        "Right after a rotation of keys: wait until all nodes and caches have the new ones.",
    ],
    needs: &["token.algorithm", "issuer.signing-key"],
};

pub(in crate::check) static ISSUER: Check = Check {
    id: "token.issuer",
    part: Part::Token,
    title: "The token's `iss` is the issuer",
    fails_when: "`iss` is not, character by character, the issuer of the discovery document, or is not there.",
    remedies: &[
        "Okta: Security > API > Authorization Servers > the server > Settings > Issuer says which of the org's URLs is used; \
         ask for the token at the same host.",
        "Keycloak: set KC_HOSTNAME, so that the issuer is the same from inside and outside the cluster; else it follows the \
         host that is asked.",
        "Another provider: ask for the token, and configure the portal, at the issuer that the token names.",
    ],
    needs: &["token.jwt", "issuer.discovery"],
};

pub(in crate::check) static AUDIENCE: Check = Check {
    id: "token.audience",
    part: Part::Token,
    title: "The token's `aud` is one that a portal can ask for",
    fails_when: "`aud` lacks the audience that the configuration asks for, is the Okta org itself, or is not there.",
    remedies: &[
        "Okta: use a custom authorization server; its audience is under Security > API > Authorization Servers > the server \
         > Settings > Audience.",
        "Keycloak: add an Audience mapper: Client scopes > a scope of the client > Mappers > Audience.",
        "Another provider: have the identity provider put the audience that the portal's policy asks for into `aud`.",
    ],
    needs: &["token.jwt"],
};

pub(in crate::check) static EXPIRY: Check = Check {
    id: "token.expiry",
    part: Part::Token,
    title: "The token's `exp` is a time that is still to come",
    fails_when: "`exp` is not there, is no number, or has passed by this machine's clock.",
    remedies: &[
        "Set the clocks of the identity provider and of this machine by NTP.",
        "Have the identity provider put `exp` into the token, as RFC 9068 section 2.2 wants it.",
    ],
    needs: &["token.jwt"],
};

pub(in crate::check) static LIFETIME: Check = Check {
    id: "token.lifetime",
    part: Part::Token,
    title: "The token lives long enough for syncs, and not too long",
    fails_when: "The token ends before a sync may, or before the next one, or lives longer than the plugin's timer can hold \
                 (24.8 days), or `expires_in` says something else than `exp`.",
    remedies: &[
        "Okta: set Access token lifetime in the rule, under Security > API > Authorization Servers > the server > Access \
         Policies.",
        "Keycloak: set Realm settings > Tokens > Access Token Lifespan, or that of the client under Clients > the client > \
         Advanced > Advanced settings.",
        "Another provider: set the lifetime of access tokens for this client; an hour is usual.",
    ],
    needs: &["token.expiry"],
};

pub(in crate::check) static CLOCK: Check = Check {
    id: "token.clock",
    part: Part::Token,
    title: "The identity provider's clock and this machine's agree",
    fails_when: "`iat`, `nbf` or the answer's Date differ from this machine's clock by so much that a token is used after its \
                 end, or not yet good.",
    remedies: &["Set the clocks by NTP: of this machine, of Backstage's, and of the identity provider."],
    needs: &["token.jwt"],
};

pub(in crate::check) static GROUP: Check = Check {
    id: "token.portal-group",
    part: Part::Token,
    title: "A claim names the client, by which a PortalGroup can let it see APIs",
    fails_when: "None of `cid` (Okta), `client_id` and `azp` (Keycloak) holds the client id.",
    remedies: &[
        "Keycloak: add a mapper that puts the client id into the access token: Clients > the client > Client scopes > the \
         dedicated scope > Add mapper > By configuration > User Session Note, `client_id`.",
        "Another provider: have the identity provider put the client id into `client_id` (RFC 9068 section 2.2), or match the PortalGroup by \
         another claim.",
    ],
    needs: &["token.jwt"],
};
