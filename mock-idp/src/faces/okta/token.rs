//! Okta's token endpoint: who asks, for which grant, with which scopes, and the token that comes of it.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, EXPIRES, PRAGMA, SET_COOKIE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use understudy_scenarios::{Grant, Note};

use super::error::Error;
use super::{Server, text};
use crate::answer::{json, render};
use crate::client_authentication::Presented;
use crate::directory::Client;
use crate::dispatch::Call;
use crate::form::Form;
use crate::note::printable;

/// The scopes that are about people, and therefore not for a client on its own.
pub(super) const OPENID_SCOPES: &[&str] =
    &["openid", "profile", "email", "address", "phone", "offline_access", "device_sso", "interclient_access"];

/// Okta's grants that no client of a world can have.
const OTHER_GRANTS: &[&str] = &[
    "password",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:saml2-bearer",
    "urn:openid:params:grant-type:ciba",
    "urn:okta:params:oauth:grant-type:otp",
    "urn:okta:params:oauth:grant-type:oob",
    "http://auth0.com/oauth/grant-type/mfa-otp",
    "http://auth0.com/oauth/grant-type/mfa-oob",
];

/// How many requests a minute Okta would take, and how many seconds its counting goes on.
const RATE_LIMIT: i64 = 1000;
const RATE_WINDOW: i64 = 60;

/// The claims of a client's own access token, in Okta's order.
#[derive(Serialize)]
struct Claims<'a> {
    ver: u8,
    jti: String,
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    cid: &'a str,
    scp: &'a [&'a str],
    sub: &'a str,
}

/// The members in Okta's order.
#[derive(Serialize)]
struct TokenAnswer<'a> {
    token_type: &'static str,
    expires_in: i64,
    access_token: &'a str,
    scope: &'a str,
}

struct Issued {
    body: Bytes,
    scope: String,
}

/// Answers a token request.
pub(super) async fn answer(call: &Call<'_>, server: &Server, note: Note, body: Body) -> Response {
    let headers = &call.request.headers;
    let mut response = match Form::read(headers, body).await {
        Err(error) => Error::from(error).answer(call, note),
        Ok(form) => {
            let presented = Presented::new(headers, &form);
            let note = match presented.client_id() {
                Some(id) => note.caller(printable(id)),
                None => note,
            };
            match grant(call, server, &form, &presented) {
                Ok(issued) => json(StatusCode::OK, issued.body, note.outcome(format!("scope {}", issued.scope))),
                Err(error) => {
                    let mut response = error.answer(call, note);
                    if presented.by_header() {
                        error.challenge(&mut response);
                    }
                    response
                }
            }
        }
    };
    add_headers(call, &mut response);
    response
}

fn grant(call: &Call<'_>, server: &Server, form: &Form, presented: &Presented<'_>) -> Result<Issued, Error> {
    if form.has_duplicates() {
        return Err(Error::DuplicateParameter);
    }
    if presented.has_two_proofs() || presented.names_itself_twice() {
        return Err(Error::MultipleCredentials);
    }
    let client = presented.authenticate(call.directory)?;
    let grant = match form.get("grant_type").ok_or(Error::NoGrantType)? {
        "client_credentials" => Grant::ClientCredentials,
        "authorization_code" => Grant::AuthorizationCode,
        "refresh_token" => Grant::RefreshToken,
        other if OTHER_GRANTS.contains(&other) => return Err(Error::GrantNotEnabled(client.grants.clone())),
        _ => return Err(Error::UnsupportedGrant),
    };
    if !client.grants.contains(&grant) {
        return Err(Error::GrantNotEnabled(client.grants.clone()));
    }
    match grant {
        Grant::ClientCredentials => client_credentials(call, server, client, form),
        // No code and no refresh token was ever issued, so whatever comes is none.
        Grant::AuthorizationCode => Err(form.get("code").map_or(Error::NoCode, |_| Error::BadCode)),
        Grant::RefreshToken => Err(form.get("refresh_token").map_or(Error::NoRefreshToken, |_| Error::BadRefreshToken)),
    }
}

fn client_credentials(call: &Call<'_>, server: &Server, client: &Client, form: &Form) -> Result<Issued, Error> {
    // Only for clients that can keep a secret (RFC 6749 section 4.4).
    if client.secret.is_none() {
        return Err(Error::NoSecret);
    }
    let scopes = scopes(server, form)?;
    let scope = scopes.join(" ");
    let now = call.idp.clock.now().as_second();
    let claims = Claims {
        ver: 1,
        jti: format!("AT.{}", call.idp.ids.base64url(43)),
        iss: &server.url,
        aud: &server.audience,
        iat: now,
        exp: now.saturating_add(server.lifetime),
        cid: &client.id,
        scp: &scopes,
        sub: &client.id,
    };
    let access_token = if server.opaque {
        call.idp.ids.base64url(43)
    } else {
        call.idp.okta_keys.signing(server.keys).sign(&claims, &server.dropped)
    };
    let body = render(&TokenAnswer {
        token_type: "Bearer",
        expires_in: server.lifetime,
        access_token: &access_token,
        scope: &scope,
    });
    Ok(Issued { body, scope })
}

/// The scopes that are granted, in the server's order.
fn scopes<'s>(server: &'s Server, form: &Form) -> Result<Vec<&'s str>, Error> {
    let asked = form.scopes();
    if asked.iter().any(|scope| OPENID_SCOPES.contains(scope)) {
        return Err(Error::OpenidScope);
    }
    if !asked.iter().all(|scope| server.scopes.iter().any(|known| known == scope)) {
        return Err(Error::UnknownScope);
    }
    let granted = |scope: &&String| match asked.as_slice() {
        [] => server.default_scopes.contains(scope),
        asked => asked.contains(&scope.as_str()),
    };
    let granted: Vec<&str> = server.scopes.iter().filter(granted).map(String::as_str).collect();
    if granted.is_empty() { Err(Error::NoDefaultScope) } else { Ok(granted) }
}

/// The headers that every answer of the token endpoint has.
fn add_headers(call: &Call<'_>, response: &mut Response) {
    const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit-limit");
    const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
    const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");
    const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
    let reset = call.idp.clock.now().as_second().saturating_add(RATE_WINDOW);
    let session = call.idp.ids.hex(32).to_uppercase();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(EXPIRES, HeaderValue::from_static("0"));
    headers.insert(LIMIT, HeaderValue::from(RATE_LIMIT));
    headers.insert(REMAINING, HeaderValue::from(RATE_LIMIT - 1));
    headers.insert(RESET, HeaderValue::from(reset));
    headers.insert(ROBOTS, HeaderValue::from_static("noindex,nofollow"));
    headers.append(SET_COOKIE, HeaderValue::from_static("sid=\"\";Version=1;Path=/;Max-Age=0"));
    headers.append(SET_COOKIE, text(format!("JSESSIONID={session}; Path=/; Secure; HttpOnly")));
}
