//! The tokens of a client's service account: what `client_credentials` gives at a Keycloak.

use std::net::IpAddr;

use bytes::Bytes;
use serde::Serialize;
use understudy_scenarios::{Grant, uuid_of};

use super::super::Realm;
use super::super::error::Error;
use crate::answer::render;
use crate::directory::Client;
use crate::dispatch::Call;
use crate::form::Form;
use crate::keys::at_hash;

/// The client scopes of a fresh realm that every client has and that tokens tell of, in the order they do.
const TOLD: [&str; 2] = ["profile", "email"];
/// The client scopes of a fresh realm that every client has and that tokens do not tell of.
const UNTOLD: [&str; 5] = ["acr", "basic", "roles", "service_account", "web-origins"];
/// The client scopes of a fresh realm that a client may ask for.
const OPTIONAL: [&str; 5] = ["address", "phone", "offline_access", "organization", "microprofile-jwt"];

/// A granted token, ready to be sent, and the scope that it is for.
pub(super) struct Issued {
    pub(super) body: Bytes,
    pub(super) scope: String,
}

/// The claims of an access token, in Keycloak's order.
#[derive(Serialize)]
struct AccessToken<'a> {
    exp: i64,
    iat: i64,
    jti: String,
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    typ: &'static str,
    azp: &'a str,
    acr: &'static str,
    #[serde(rename = "allowed-origins", skip_serializing_if = "<[String]>::is_empty")]
    allowed_origins: &'a [String],
    realm_access: Roles<'a>,
    resource_access: ResourceAccess<'a>,
    scope: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
    #[serde(flatten)]
    client: ClientClaims<'a>,
}

/// The claims of an ID token, in Keycloak's order.
#[derive(Serialize)]
struct IdToken<'a> {
    exp: i64,
    iat: i64,
    jti: String,
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    typ: &'static str,
    azp: &'a str,
    at_hash: String,
    acr: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
    #[serde(flatten)]
    client: ClientClaims<'a>,
}

/// A service account lives nowhere.
#[derive(Clone, Copy, Serialize)]
struct Address {}

/// What both tokens say of the client behind a service account.
#[derive(Clone, Copy, Serialize)]
struct ClientClaims<'a> {
    #[serde(rename = "clientHost")]
    client_host: IpAddr,
    email_verified: bool,
    preferred_username: &'a str,
    #[serde(rename = "clientAddress")]
    client_address: IpAddr,
    client_id: &'a str,
}

#[derive(Serialize)]
struct Roles<'a> {
    roles: [&'a str; 3],
}

#[derive(Serialize)]
struct ResourceAccess<'a> {
    account: Roles<'a>,
}

/// The members in Keycloak's order.
#[derive(Serialize)]
struct TokenAnswer<'a> {
    access_token: &'a str,
    expires_in: i64,
    refresh_expires_in: i64,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
    #[serde(rename = "not-before-policy")]
    not_before_policy: i64,
    scope: &'a str,
}

/// Grants a token to the client's service account, if it has one.
pub(super) fn client_credentials(
    call: &Call<'_>,
    realm: &Realm,
    client: &Client,
    form: &Form,
) -> Result<Issued, Error> {
    if client.secret.is_none() {
        return Err(Error::PublicClient);
    }
    if !client.grants.contains(&Grant::ClientCredentials) {
        return Err(Error::NoServiceAccount);
    }
    let asked = asked(form.given("scope"));
    let scope = scope(realm, &asked)?;
    let address = asked.contains(&"address").then_some(Address {});

    let iat = call.idp.clock.now().as_second();
    let exp = iat.saturating_add(realm.lifetime);
    let username = format!("service-account-{}", client.id.to_lowercase());
    // The account was made with the client, so it has the same id as long as there is a client of this name.
    let sub = uuid_of(&format!("{}/{username}", realm.name));
    let peer = call.peer();
    let client_claims = ClientClaims {
        client_host: peer,
        email_verified: false,
        preferred_username: &username,
        client_address: peer,
        client_id: &client.id,
    };
    let signing = call.idp.keycloak_keys.signing(realm.keys);
    let claims = AccessToken {
        exp,
        iat,
        jti: format!("trrtcc:{}", call.idp.ids.uuid()),
        iss: &realm.url,
        aud: &realm.audience,
        sub: &sub,
        typ: "Bearer",
        azp: &client.id,
        acr: "1",
        allowed_origins: &client.origins,
        realm_access: Roles { roles: [&realm.default_roles, "offline_access", "uma_authorization"] },
        resource_access: ResourceAccess {
            account: Roles { roles: ["manage-account", "manage-account-links", "view-profile"] },
        },
        scope: &scope,
        address,
        client: client_claims,
    };
    let access_token = if realm.opaque { call.idp.ids.base64url(43) } else { signing.sign(&claims, &realm.dropped) };
    let id_token = asked.contains(&"openid").then(|| {
        let claims = IdToken {
            exp,
            iat,
            jti: call.idp.ids.uuid(),
            iss: &realm.url,
            aud: &client.id,
            sub: &sub,
            typ: "ID",
            azp: &client.id,
            at_hash: at_hash(&access_token),
            acr: "1",
            address,
            client: client_claims,
        };
        signing.sign(&claims, &[])
    });
    let body = render(&TokenAnswer {
        access_token: &access_token,
        expires_in: realm.lifetime,
        refresh_expires_in: 0,
        token_type: "Bearer",
        id_token: id_token.as_deref(),
        not_before_policy: 0,
        scope: &scope,
    });
    Ok(Issued { body, scope })
}

/// The scopes asked for as Keycloak parts them, at each space: an empty one is none that it knows, but for those at the end.
fn asked(scope: Option<&str>) -> Vec<&str> {
    let mut asked: Vec<&str> = scope.map(|scope| scope.split(' ').collect()).unwrap_or_default();
    while asked.len() > 1 && asked.last().is_some_and(|last| last.is_empty()) {
        asked.pop();
    }
    // Nothing but spaces.
    if scope.is_some_and(|scope| !scope.is_empty()) && asked == [""] {
        asked.clear();
    }
    asked
}

/// The scope that is granted: `openid` if asked for, what every client has, and then what was asked for beside it.
fn scope(realm: &Realm, asked: &[&str]) -> Result<String, Error> {
    let known = |asked: &str| {
        let built_in = TOLD.iter().chain(&UNTOLD).chain(&OPTIONAL).chain(&["openid"]);
        built_in.copied().chain(realm.scopes.iter().map(String::as_str)).any(|scope| scope == asked)
    };
    if !asked.iter().copied().all(known) {
        return Err(Error::UnknownScopes(asked.join(" ")));
    }
    let is_asked_for = |scope: &&str| asked.contains(scope);
    let openid = ["openid"].into_iter().filter(is_asked_for);
    let default = TOLD.into_iter().chain(realm.default_scopes.iter().map(String::as_str));
    let optional = OPTIONAL.into_iter().chain(realm.scopes.iter().map(String::as_str)).filter(is_asked_for);
    let mut granted: Vec<&str> = Vec::new();
    for scope in openid.chain(default).chain(optional) {
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    Ok(granted.join(" "))
}
