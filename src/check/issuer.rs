//! The issuer: its discovery document, its keys, and whether the configuration means it.

mod discovery;
mod keys;
mod known;

use url::Url;

use super::catalogue::{Check, Part};
use super::examination::Examination;

/// The checks of this part, in the order in which they are made.
pub(super) static CHECKS: &[&Check] = &[&DISCOVERY, &IDENTIFIER, &TOKEN_ENDPOINT, &JWKS, &SIGNING_KEY];

pub(super) static DISCOVERY: Check = Check {
    id: "issuer.discovery",
    part: Part::Issuer,
    title: "The issuer has a discovery document",
    fails_when: "`<issuer>/.well-known/openid-configuration` is not there, is a redirect, a web page or no JSON, or lacks what \
                 it must have.",
    remedies: &[
        "Okta: the issuer is at Security > API > Authorization Servers > the server > Issuer URI.",
        "Keycloak: the issuer is https://HOST/realms/REALM, without /auth since version 17; the realm's name minds case.",
        "A redirect from http to https: write https.",
        "A web page: the address is that of the console or of a login page, not of the issuer.",
    ],
    needs: &[],
};

pub(super) static IDENTIFIER: Check = Check {
    id: "issuer.identifier",
    part: Part::Issuer,
    title: "The issuer calls itself what it is called here",
    fails_when: "The document's `issuer` is not, character by character, the issuer that was asked (OpenID Connect Discovery \
                 1.0, section 4.3): tokens then have another `iss` than whoever trusts this one expects.",
    remedies: &[
        "Write the issuer as the document has it: a slash at the end, the port and the case count.",
        "Okta: Security > API > Authorization Servers > the server > Settings > Issuer decides between the org's URL and the \
         custom one.",
        "Keycloak: `hostname` (KC_HOSTNAME) decides by which name the realm calls itself.",
    ],
    needs: &["issuer.discovery"],
};

pub(super) static TOKEN_ENDPOINT: Check = Check {
    id: "issuer.token-endpoint",
    part: Part::Issuer,
    title: "The token endpoint is the issuer's own",
    fails_when: "The configured token endpoint is not the document's `token_endpoint`, or the document names none that a secret \
                 may be sent to.",
    remedies: &["Write the token endpoint as the document has it, or name the issuer alone."],
    needs: &["issuer.discovery"],
};

pub(super) static JWKS: Check = Check {
    id: "issuer.jwks",
    part: Part::Issuer,
    title: "The issuer's keys can be fetched",
    fails_when: "The document's `jwks_uri` is not there, or answers no set of keys: whoever checks tokens refuses them all.",
    remedies: &["Make the address reachable for the portal's external auth service too: it fetches the keys itself."],
    needs: &["issuer.discovery"],
};

pub(super) static SIGNING_KEY: Check = Check {
    id: "issuer.signing-key",
    part: Part::Issuer,
    title: "There is a key that tokens are signed with",
    fails_when: "The set has no key for signatures, two of one `kid`, or an RSA key below 2048 bits.",
    remedies: &[
        "Keycloak: Realm settings > Keys > Add provider, `rsa-generated`, for signatures.",
        "Okta: Security > API > Authorization Servers > the server > Settings > Signing Key Rotation.",
    ],
    needs: &["issuer.jwks"],
};

pub(super) async fn examine(exam: &mut Examination) {
    let Some(issuer) = named(exam) else {
        exam.skip(
            &DISCOVERY,
            format!(
                "no issuer is named, and the token endpoint has neither Okta's shape nor Keycloak's, from which it would be \
                 known; {} would name it",
                exam.names.issuer
            ),
        );
        return;
    };
    if let Some(document) = discovery::examine(exam, &issuer).await {
        discovery::identifier(exam, &issuer, &document);
        discovery::token_endpoint(exam, &issuer, &document);
        keys::examine(exam, &issuer, &document).await;
    }
}

/// The issuer that is looked at.
struct Issuer {
    /// Its identifier, without a slash that was not there.
    text: String,
    /// Whether it was named, and not made from the token endpoint.
    is_named: bool,
}

fn named(exam: &Examination) -> Option<Issuer> {
    use understudy_provider::TokenEndpoint;
    if let Some(issuer) = &exam.issuer {
        return Some(Issuer { text: issuer.clone(), is_named: true });
    }
    match exam.token_endpoint.as_ref()? {
        TokenEndpoint::Issuer(issuer) => Some(Issuer { text: issuer.clone(), is_named: true }),
        TokenEndpoint::At(url) => Some(Issuer { text: known::issuer_of(url)?, is_named: false }),
    }
}

impl Issuer {
    /// Section 4.1: a slash at the end goes before the path is added.
    fn discovery_url(&self) -> Option<Url> {
        discovery_url(&self.text)
    }
}

fn discovery_url(issuer: &str) -> Option<Url> {
    let base = issuer.strip_suffix('/').unwrap_or(issuer);
    Url::parse(&format!("{base}/.well-known/openid-configuration")).ok()
}
