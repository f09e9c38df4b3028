//! Keycloak's token endpoint: who asks, for which grant, with which scopes.

mod service_account;

use axum::body::Body;
use axum::response::Response;
use http::header::{ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, ORIGIN, PRAGMA};
use http::{HeaderValue, StatusCode};
use understudy_scenarios::{Grant, Note};

use self::service_account::{Issued, client_credentials};
use super::Realm;
use super::error::Error;
use crate::answer::json;
use crate::client_authentication::{Presented, is_garbled};
use crate::cors;
use crate::directory::Client;
use crate::dispatch::Call;
use crate::form::{Form, FormError};
use crate::note::printable;

/// The grants of Keycloak's discovery document.
enum GrantType {
    Known(Grant),
    Password,
    Device,
    Ciba,
    TokenExchange,
    UmaTicket,
}

impl GrantType {
    fn parse(grant_type: &str) -> Option<Self> {
        Some(match grant_type {
            "client_credentials" => Self::Known(Grant::ClientCredentials),
            "authorization_code" => Self::Known(Grant::AuthorizationCode),
            "refresh_token" => Self::Known(Grant::RefreshToken),
            "password" => Self::Password,
            "urn:ietf:params:oauth:grant-type:device_code" => Self::Device,
            "urn:openid:params:grant-type:ciba" => Self::Ciba,
            "urn:ietf:params:oauth:grant-type:token-exchange" => Self::TokenExchange,
            "urn:ietf:params:oauth:grant-type:uma-ticket" => Self::UmaTicket,
            _ => return None,
        })
    }
}

/// Answers a token request.
pub(super) async fn answer(call: &Call<'_>, realm: &Realm, note: Note, body: Body) -> Response {
    let headers = &call.request.headers;
    let mut response = match Form::read(headers, body).await {
        Err(FormError::TooLong) => Error::BodyTooLong.answer(note),
        Err(FormError::Broken) => Error::BodyBroken.answer(note),
        // Keycloak looks for a form and finds none, whatever else the body is.
        Err(FormError::NotAForm) => answer_form(call, realm, note, &Form::EMPTY),
        Ok(form) => answer_form(call, realm, note, &form),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

fn answer_form(call: &Call<'_>, realm: &Realm, note: Note, form: &Form) -> Response {
    let presented = Presented::form_first(&call.request.headers, form);
    let note = match presented.client_id() {
        Some(id) => note.caller(printable(id)),
        None => note,
    };
    let mut response = match grant(call, realm, form, &presented) {
        Ok(issued) => json(StatusCode::OK, issued.body, note.outcome(format!("scope {}", issued.scope))),
        Err(error) => error.answer(note),
    };
    if let Some(client) = presented.client_id().and_then(|id| call.directory.client(id)) {
        allow_origin_of(call, client, &mut response);
    }
    response
}

/// Lets the pages of a client's redirect URIs read the answer.
fn allow_origin_of(call: &Call<'_>, client: &Client, response: &mut Response) {
    let origin = call.request.headers.get(ORIGIN).map(HeaderValue::as_bytes);
    if origin.is_some_and(|origin| client.origins.iter().any(|allowed| allowed.as_bytes() == origin)) {
        cors::allow_credentials(&call.request.headers, response.headers_mut());
        let exposed = HeaderValue::from_static("Access-Control-Allow-Methods");
        response.headers_mut().insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
}

/// Checks in Keycloak's order: the grant type, the client, repeated parameters, and then what the grant needs.
fn grant(call: &Call<'_>, realm: &Realm, form: &Form, presented: &Presented<'_>) -> Result<Issued, Error> {
    let grant_type = form.given("grant_type").ok_or(Error::NoGrantType)?;
    let grant_type = GrantType::parse(grant_type).ok_or(Error::UnsupportedGrant)?;
    if is_garbled(&call.request.headers) {
        return Err(Error::GarbledHeader);
    }
    let client = presented.authenticate(call.directory)?;
    if form.has_duplicates() {
        return Err(Error::DuplicateParameter);
    }
    Err(match grant_type {
        GrantType::Known(Grant::ClientCredentials) => return client_credentials(call, realm, client, form),
        // No code and no refresh token was ever issued, so whatever comes is none.
        GrantType::Known(Grant::AuthorizationCode) => form.get("code").map_or(Error::NoCode, |_| Error::BadCode),
        GrantType::Known(Grant::RefreshToken) => {
            form.get("refresh_token").map_or(Error::NoRefreshToken, |_| Error::BadRefreshToken)
        }
        // No client of a world can have the others.
        GrantType::Password => Error::NoDirectAccess,
        GrantType::Device => Error::NoDeviceGrant,
        GrantType::Ciba => Error::NoCiba,
        GrantType::TokenExchange => Error::NoTokenExchange,
        GrantType::UmaTicket => ticket(call, form),
    })
}

/// Why there is no token for a ticket: none was ever issued, and no client has authorization services.
fn ticket(call: &Call<'_>, form: &Form) -> Error {
    match (form.get("ticket"), form.get("audience")) {
        (Some(_), _) => Error::BadTicket,
        (None, None) => Error::NoAudience,
        (None, Some(audience)) if call.directory.client(audience).is_some() => Error::NoAuthorizationServices,
        (None, Some(audience)) => Error::UnknownAudience(audience.to_owned()),
    }
}
