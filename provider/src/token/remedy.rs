//! What to do about the refusals that Okta and Keycloak are known to give.

use http::StatusCode;

/// A refusal as it is known by its code and a part of its description, and what to do about it.
struct Known {
    code: &'static str,
    description: &'static str,
    remedy: &'static str,
}

/// The first that fits is taken, so the special ones come before the general ones.
const KNOWN: &[Known] = &[
    // Okta
    Known {
        code: "invalid_scope",
        description: "default scopes",
        remedy: "In Okta, mark a scope as the default one (Security > API > Authorization Servers > the server > Scopes > \
                 Set as a default scope), or name one in SCOPE. The Backstage plugin sends no scope, so it needs the default",
    },
    Known {
        code: "invalid_client",
        description: "client secret supplied",
        remedy: "Copy the client secret again: Okta, Applications > the app > General > Client Credentials > Client Secrets",
    },
    Known {
        code: "invalid_client",
        description: "'client_id'",
        remedy: "Okta does not know this client id. It is under Applications > the app > General > Client Credentials > \
                 Client ID",
    },
    Known {
        code: "invalid_client",
        description: "client_assertion",
        remedy: "The identity provider must know the public half of the client's key, by the same key id: Okta, Applications \
                 > the app > General > Client Credentials > Public keys",
    },
    Known {
        code: "unauthorized_client",
        description: "provided grant type",
        remedy: "In Okta, let the app use the grant: Applications > the app > General > Grant type > Client Credentials",
    },
    Known {
        code: "access_denied",
        description: "Policy evaluation failed",
        remedy: "In Okta, add an access policy with a rule that lets this client use Client Credentials: Security > API > \
                 Authorization Servers > the server > Access Policies",
    },
    // Keycloak
    Known {
        code: "unauthorized_client",
        description: "retrieve service account",
        remedy: "In Keycloak, switch on Client authentication and Service accounts roles: Clients > the client > Settings \
                 > Capability config",
    },
    Known {
        code: "unauthorized_client",
        description: "client credentials",
        remedy: "Copy the client secret again: Keycloak, Clients > the client > Credentials > Client Secret",
    },
    Known {
        code: "invalid_client",
        description: "client credentials",
        remedy: "Keycloak does not know this client id in this realm. It is under Clients > the client > Settings > Client \
                 ID",
    },
    Known {
        code: "Realm does not exist",
        description: "",
        remedy: "The realm is the part after /realms/ in the token endpoint; check its spelling",
    },
    Known {
        code: "Unable to find matching target resource method",
        description: "",
        remedy: "Since version 17, Keycloak's token endpoint is HOST/realms/REALM/protocol/openid-connect/token, without \
                 /auth before /realms",
    },
    // Both, by RFC 6749 section 5.2
    Known {
        code: "invalid_scope",
        description: "",
        remedy: "The identity provider has no such scope for this client; check SCOPE, or leave it out",
    },
    Known {
        code: "invalid_client",
        description: "",
        remedy: "Check CLIENT_ID and CLIENT_SECRET: Okta, Applications > the app > General > Client Credentials; Keycloak, \
                 Clients > the client > Credentials",
    },
    Known {
        code: "unauthorized_client",
        description: "",
        remedy: "Check that the client may use the client-credentials grant",
    },
];

/// What to do about a refusal, where that is known.
pub(super) fn of(status: StatusCode, code: &str, description: &str) -> Option<&'static str> {
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Some("Too many requests: wait a minute and try again");
    }
    let fits = |known: &&Known| known.code == code && description.contains(known.description);
    KNOWN.iter().find(fits).map(|known| known.remedy)
}
