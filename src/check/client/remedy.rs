//! What to do where a client gets no token, in the words of whoever's identity provider it is.

use super::super::configuration::Names;
use super::super::facts::Vendor;
use super::answer::{Reason, Unusable};

/// Where Okta's settings of the authorization server are.
const OKTA_SERVER: &str = "Security > API > Authorization Servers > the server";

/// What to do about a refusal.
pub(super) fn of(reason: Reason, vendor: Option<Vendor>, names: &Names) -> String {
    let is_okta = vendor.is_some_and(Vendor::is_okta);
    let is_keycloak = vendor == Some(Vendor::Keycloak);
    let Names { client_id, client_secret, scope, .. } = names;
    match reason {
        Reason::UnknownClient if is_okta => format!(
            "Copy the client id again into {client_id}: in Okta, Applications > the app > General > Client Credentials > \
             Client ID. The app must be in the org that the token endpoint is of."
        ),
        Reason::UnknownClient if is_keycloak => format!(
            "Set {client_id} to the client's Client ID, not its internal id: in Keycloak, Clients > the client > Settings > \
             Client ID, in the realm that the token endpoint names."
        ),
        Reason::UnknownClient => format!("Set {client_id} to a client id that the identity provider knows."),
        Reason::Credentials { .. } if is_okta => format!(
            "Copy the client secret again into {client_secret}: in Okta, Applications > the app > General > Client \
             Credentials > Client Secrets; it must be Active."
        ),
        Reason::Credentials { .. } if is_keycloak => format!(
            "Copy the client secret again into {client_secret}: in Keycloak, Clients > the client > Credentials > Client \
             Secret."
        ),
        Reason::Credentials { .. } => format!(
            "Copy the client's id and secret again from the identity provider, into {client_id} and {client_secret}."
        ),
        Reason::Grant if is_okta => {
            "In Okta, tick Client Credentials under Applications > the app > General > General Settings > Edit > Grant \
             type. Only apps of the types Web and API Services have it."
                .to_owned()
        }
        Reason::PublicClient | Reason::ServiceAccount => {
            let both = "switch on Client authentication and tick Service accounts roles";
            format!("In Keycloak, under Clients > the client > Settings > Capability config, {both}, and save.")
        }
        Reason::Grant if is_keycloak => {
            "In Keycloak, tick Service accounts roles under Clients > the client > Settings > Capability config."
                .to_owned()
        }
        Reason::Grant => "Let the client use the grant client_credentials, at the identity provider.".to_owned(),
        Reason::DefaultScope => format!(
            "In Okta, under {OKTA_SERVER} > Scopes, edit a scope (or add one, such as portal) and tick Set as a default \
             scope. The plugin asks for no scope, so that it needs one; `understudy serve` can ask for one by {scope}."
        ),
        Reason::Scope if is_okta => format!(
            "In Okta, {OKTA_SERVER} > Scopes lists the scopes: set {scope} to one of them, or leave it out where one is the \
             default. openid and the other OpenID scopes are for people, not for clients."
        ),
        Reason::Scope if is_keycloak => format!(
            "In Keycloak, Clients > the client > Client scopes lists the scopes that it can have: set {scope} to some of \
             them, or leave it out."
        ),
        Reason::Scope => format!("Set {scope} to a scope that the client may have, or leave it out."),
        Reason::Policy if is_okta => format!(
            "In Okta, under {OKTA_SERVER} > Access Policies, have a policy that is assigned to this client (or All clients) \
             with an active rule that ticks Client Credentials, and Any scopes or the default one."
        ),
        Reason::Policy => {
            "Let the client in, in the identity provider's policies for the grant client_credentials.".to_owned()
        }
        Reason::Other => {
            "Look at the identity provider's log at this time: in Okta, Reports > System Log; in Keycloak, \
                          Realm settings > Events, and Events > User events."
                .to_owned()
        }
    }
}

/// What to do about a method that is refused while the other one works.
pub(super) fn of_method(vendor: Option<Vendor>) -> String {
    let here = match vendor {
        Some(vendor) if vendor.is_okta() => {
            "In Okta, set the app's `token_endpoint_auth_method` to `client_secret_post` (by the Apps API: \
             credentials.oauthClient)"
        }
        Some(Vendor::Keycloak) => {
            "In Keycloak, set Clients > the client > Credentials > Client Authenticator to Client Id and Secret, which takes \
             both"
        }
        _ => "Let the client use client_secret_post at the identity provider",
    };
    format!("{here}. `understudy serve` can also do it by the header: `clientAuth: basic` in its app-config.")
}

/// What to do about an endpoint that answers what no token endpoint does.
pub(super) fn of_endpoint(why: Unusable, vendor: Option<Vendor>, names: &Names) -> String {
    let endpoint = &names.token_endpoint;
    let right = match vendor {
        Some(Vendor::Okta) => "https://ORG/oauth2/default/v1/token",
        Some(Vendor::OktaOrg) => "https://ORG/oauth2/v1/token",
        Some(Vendor::Keycloak) => "https://HOST/realms/REALM/protocol/openid-connect/token",
        _ => "the `token_endpoint` in the issuer's /.well-known/openid-configuration",
    };
    match why {
        Unusable::RateLimited => {
            let where_to_look = match vendor {
                Some(vendor) if vendor.is_okta() => " In Okta, Reports > Rate Limits tells who asks so often.",
                _ => "",
            };
            format!(
                "Wait a minute and try again. A plugin whose token has no `exp`, or one more than 24.8 days away, asks \
                 hundreds of times a second: see `plugin.token-refresh`.{where_to_look}"
            )
        }
        Unusable::NoRealm => {
            format!("Correct the realm in {endpoint}: it is the part after /realms/, with its capitals as in Keycloak.")
        }
        Unusable::OldPath => format!("Leave /auth out of {endpoint}: since Keycloak 17 it is {right}."),
        Unusable::Page => format!("That is a web page: set {endpoint} to {right}."),
        Unusable::Redirect => {
            format!(
                "Set {endpoint} to where it leads, if that is the token endpoint: a secret is not sent after a redirect."
            )
        }
        Unusable::NotFound | Unusable::Method => format!("Set {endpoint} to the token endpoint: {right}."),
        Unusable::Server => "Look at the log of the identity provider, and of what is before it.".to_owned(),
        Unusable::Token => {
            "Let the identity provider answer as RFC 6749 section 5.1 has it, with a Bearer token.".to_owned()
        }
        Unusable::Other => format!("Make sure that {endpoint} is the token endpoint: {right}."),
    }
}
