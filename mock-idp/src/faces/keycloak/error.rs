//! What Keycloak refuses, and how it says so.

use std::borrow::Cow;

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use understudy_scenarios::Note;

use crate::answer::{json, render};
use crate::client_authentication::Failure;
use crate::form::FormError;

/// What Keycloak says of every client that fails to prove itself.
const INVALID_CLIENT: &str = "Invalid client or Invalid client credentials";

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Error {
    BodyTooLong,
    BodyBroken,
    NoGrantType,
    UnsupportedGrant,
    DuplicateParameter,
    GarbledHeader,
    NoClientId,
    UnknownClient,
    NoSecret,
    WrongSecret,
    NoServiceAccount,
    PublicClient,
    UnknownScopes(String),
    NoCode,
    BadCode,
    NoRefreshToken,
    BadRefreshToken,
    NoDirectAccess,
    NoDeviceGrant,
    NoCiba,
    NoTokenExchange,
    BadTicket,
    NoAudience,
    UnknownAudience(String),
    NoAuthorizationServices,
    Method,
    UnknownRealm,
    UnknownEndpoint,
    UnknownPath,
    NotServed(&'static str),
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'a str>,
}

impl Error {
    /// The refusal, with its reason in the note.
    pub(super) fn answer(&self, note: Note) -> Response {
        let (status, error, description) = self.parts();
        let body = render(&Body { error, error_description: description.as_deref() });
        json(status, body, note.refused(self.reason()))
    }

    fn parts(&self) -> (StatusCode, &'static str, Option<Cow<'static, str>>) {
        let bad = |error, description: &'static str| (StatusCode::BAD_REQUEST, error, Some(description.into()));
        let denied = |error, description: &'static str| (StatusCode::UNAUTHORIZED, error, Some(description.into()));
        match self {
            Self::BodyTooLong => (StatusCode::PAYLOAD_TOO_LARGE, "HTTP 413 Request Entity Too Large", None),
            Self::BodyBroken => (StatusCode::BAD_REQUEST, "HTTP 400 Bad Request", None),
            Self::NoGrantType => bad("invalid_request", "Missing form parameter: grant_type"),
            Self::UnsupportedGrant => bad("unsupported_grant_type", "Unsupported grant_type"),
            Self::DuplicateParameter => bad("invalid_request", "duplicated parameter"),
            Self::GarbledHeader => bad("unauthorized_client", "Unexpected error when authenticating client"),
            Self::NoClientId | Self::UnknownClient => denied("invalid_client", INVALID_CLIENT),
            Self::NoSecret | Self::WrongSecret => denied("unauthorized_client", INVALID_CLIENT),
            Self::NoServiceAccount => denied("unauthorized_client", "Client not enabled to retrieve service account"),
            Self::PublicClient => {
                denied("unauthorized_client", "Public client not allowed to retrieve service account")
            }
            Self::UnknownScopes(scopes) => {
                (StatusCode::BAD_REQUEST, "invalid_scope", Some(format!("Invalid scopes: {scopes}").into()))
            }
            Self::NoCode => bad("invalid_request", "Missing parameter: code"),
            Self::BadCode => bad("invalid_grant", "Code not valid"),
            Self::NoRefreshToken => bad("invalid_request", "No refresh token"),
            Self::BadRefreshToken => bad("invalid_grant", "Invalid refresh token"),
            Self::NoDirectAccess => bad("unauthorized_client", "Client not allowed for direct access grants"),
            Self::NoDeviceGrant => bad("invalid_grant", "Client not allowed OAuth 2.0 Device Authorization Grant"),
            Self::NoCiba => bad("invalid_grant", "Client not allowed OIDC CIBA Grant"),
            Self::NoTokenExchange => {
                bad("invalid_request", "Standard token exchange is not enabled for the requested client")
            }
            Self::BadTicket => (StatusCode::FORBIDDEN, "invalid_ticket", Some("Ticket verification failed".into())),
            Self::NoAudience => bad("invalid_request", "You must provide the issuedFor"),
            Self::UnknownAudience(id) => {
                (StatusCode::BAD_REQUEST, "invalid_request", Some(format!("Unknown resource server id: [{id}]").into()))
            }
            Self::NoAuthorizationServices => bad("invalid_request", "Client does not support permissions"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "HTTP 405 Method Not Allowed", None),
            Self::UnknownRealm => (StatusCode::NOT_FOUND, "Realm does not exist", None),
            Self::UnknownEndpoint => (StatusCode::NOT_FOUND, "HTTP 404 Not Found", None),
            Self::UnknownPath => (StatusCode::NOT_FOUND, "Unable to find matching target resource method", None),
            Self::NotServed(_) => {
                (StatusCode::NOT_FOUND, "Unable to find matching target resource method", Some(self.reason()))
            }
        }
    }

    /// The reason for people.
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Self::BodyTooLong => FormError::TooLong.to_string().into(),
            Self::BodyBroken => FormError::Broken.to_string().into(),
            Self::NoGrantType => "no grant type".into(),
            Self::UnsupportedGrant => "unsupported grant type".into(),
            Self::DuplicateParameter => "a parameter twice".into(),
            Self::GarbledHeader => "an Authorization header that is no base64".into(),
            Self::NoClientId => "no client id".into(),
            Self::UnknownClient => "unknown client".into(),
            Self::NoSecret => "no client secret".into(),
            Self::WrongSecret => "wrong client secret".into(),
            Self::NoServiceAccount => "client without a service account".into(),
            Self::PublicClient => "public client".into(),
            Self::UnknownScopes(_) => "unknown scope".into(),
            Self::NoCode => "no code".into(),
            Self::BadCode => "no such code was issued".into(),
            Self::NoRefreshToken => "no refresh token".into(),
            Self::BadRefreshToken => "no such refresh token was issued".into(),
            Self::NoDirectAccess | Self::NoDeviceGrant | Self::NoCiba | Self::NoTokenExchange => {
                "grant not enabled for the client".into()
            }
            Self::BadTicket => "no such ticket was issued".into(),
            Self::NoAudience => "no audience".into(),
            Self::UnknownAudience(_) => "unknown audience".into(),
            Self::NoAuthorizationServices => "client without authorization services".into(),
            Self::Method => "wrong method".into(),
            Self::UnknownRealm => "no such realm".into(),
            Self::UnknownEndpoint | Self::UnknownPath => "no such path".into(),
            Self::NotServed(name) => format!("this mock does not serve {name} yet").into(),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoClientId => Self::NoClientId,
            // Of an assertion, Keycloak's form-first reading knows nothing.
            Failure::UnknownClient | Failure::Assertion => Self::UnknownClient,
            Failure::NoSecret => Self::NoSecret,
            Failure::WrongSecret => Self::WrongSecret,
        }
    }
}
