//! The checks of the client, each with what it fails by and what to do then.

use super::super::catalogue::{Check, Part};

/// The checks of this part, in the order in which they are made.
pub(in crate::check) static CHECKS: &[&Check] =
    &[&ENDPOINT, &KNOWN, &IN_BODY, &IN_HEADER, &KEY, &GRANT, &SCOPE, &POLICY, &TOKEN];

pub(in crate::check) static ENDPOINT: Check = Check {
    id: "client.endpoint",
    part: Part::Client,
    title: "What is asked for tokens is a token endpoint, and in order",
    fails_when: "The token endpoint can't be reached, answers 404, 405, 429 or 5xx, sends a web page or a redirect, or gives \
                 something that is neither a token nor a refusal.",
    remedies: &[
        "Set TOKEN_ENDPOINT (tokenEndpoint) to `token_endpoint` of the issuer's /.well-known/openid-configuration: in Okta \
         https://ORG/oauth2/default/v1/token, in Keycloak https://HOST/realms/REALM/protocol/openid-connect/token.",
        "After 429, wait a minute, and look for who asks so often: in Okta, Reports > Rate Limits.",
    ],
    needs: &["issuer.token-endpoint"],
};

pub(in crate::check) static KNOWN: Check = Check {
    id: "client.known",
    part: Part::Client,
    title: "The identity provider knows the client id",
    fails_when: "The identity provider does not know the client. Okta says so without an `error` member, so that the plugin \
                 logs nothing of it.",
    remedies: &[
        "Okta: copy Applications > the app > General > Client Credentials > Client ID.",
        "Keycloak: copy Clients > the client > Settings > Client ID, in the realm that the token endpoint names.",
    ],
    needs: &["client.endpoint"],
};

pub(in crate::check) static IN_BODY: Check = Check {
    id: "client.secret-in-body",
    part: Part::Client,
    title: "The client proves itself by its secret in the request's body, as the plugin does",
    fails_when: "The secret is wrong, or the identity provider takes it by HTTP Basic only, which the plugin can't do.",
    remedies: &[
        "Okta: copy the secret again, Applications > the app > General > Client Credentials > Client Secrets.",
        "Keycloak: copy the secret again, Clients > the client > Credentials > Client Secret.",
        "Where only Basic works, let the client use client_secret_post; `understudy serve` can also do `clientAuth: basic`.",
    ],
    needs: &["client.endpoint"],
};

pub(in crate::check) static IN_HEADER: Check = Check {
    id: "client.secret-in-header",
    part: Part::Client,
    title: "The client proves itself by its secret in the header, by HTTP Basic",
    fails_when: "The secret is wrong, or is taken in the body only, which is enough for the plugin and a failure only where \
                 the configuration says `clientAuth: basic`.",
    remedies: &["Leave `clientAuth` out of the configuration, so that the secret goes in the body."],
    needs: &["client.endpoint"],
};

pub(in crate::check) static KEY: Check = Check {
    id: "client.private-key",
    part: Part::Client,
    title: "The client proves itself by its private key, where the configuration says so",
    fails_when: "The identity provider does not take the client's assertion.",
    remedies: &[
        "Okta: add the public half under Applications > the app > General > Client Credentials > Public keys, by the same key \
         id (`clientKeyId`).",
        "Keycloak: set Clients > the client > Credentials > Client Authenticator to Signed JWT, and the keys under Keys.",
    ],
    needs: &["client.endpoint"],
};

pub(in crate::check) static GRANT: Check = Check {
    id: "client.grant",
    part: Part::Client,
    title: "The client may use the grant client_credentials",
    fails_when: "The grant is not enabled for the client, or the client is public or has no service account.",
    remedies: &[
        "Okta: tick Client Credentials under Applications > the app > General > General Settings > Edit > Grant type.",
        "Keycloak: switch on Client authentication and tick Service accounts roles under Clients > the client > Settings > \
         Capability config.",
    ],
    needs: &["client.endpoint"],
};

pub(in crate::check) static SCOPE: Check = Check {
    id: "client.default-scope",
    part: Part::Client,
    title: "A token comes without a scope being asked for, since the plugin asks for none",
    fails_when: "The authorization server has no default scope, or not the scope that the configuration asks for.",
    remedies: &[
        "Okta: Security > API > Authorization Servers > the server > Scopes > a scope > Set as a default scope.",
        "Keycloak: Clients > the client > Client scopes.",
    ],
    needs: &["client.endpoint"],
};

pub(in crate::check) static POLICY: Check = Check {
    id: "client.policy",
    part: Part::Client,
    title: "The authorization server's policies let the client in",
    fails_when: "No policy with a rule for Client Credentials is assigned to the client.",
    remedies: &[
        "Okta: Security > API > Authorization Servers > the server > Access Policies: a policy that is assigned to the \
                 client, with an active rule that ticks Client Credentials.",
    ],
    needs: &["client.endpoint"],
};

pub(in crate::check) static TOKEN: Check = Check {
    id: "client.token",
    part: Part::Client,
    title: "The client gets a token",
    fails_when: "No token came, whatever the client proved itself by.",
    remedies: &["Do what the first check of the client that failed says."],
    needs: &["client.endpoint"],
};
