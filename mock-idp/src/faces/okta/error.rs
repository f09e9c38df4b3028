//! What Okta refuses, and how it says so: the token endpoint in OAuth's shape (RFC 6749 section 5.2), all else and an
//! unknown client in the management API's.

use std::borrow::Cow;

use axum::response::Response;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use understudy_scenarios::{Grant, Note};

use crate::answer::{json, render};
use crate::client_authentication::Failure;
use crate::dispatch::Call;
use crate::form::FormError;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Error {
    NotAForm,
    BodyTooLong,
    BodyBroken,
    DuplicateParameter,
    MultipleCredentials,
    NoClientId,
    UnknownClient,
    NoSecret,
    WrongSecret,
    Assertion,
    NoGrantType,
    UnsupportedGrant,
    /// The grants that the client has instead.
    GrantNotEnabled(Vec<Grant>),
    NoCode,
    BadCode,
    NoRefreshToken,
    BadRefreshToken,
    NoDefaultScope,
    UnknownScope,
    OpenidScope,
    Method,
    UnknownPath,
    UnknownServer(String),
    NotServed(&'static str),
}

enum Shape {
    OAuth { error: &'static str, description: Cow<'static, str> },
    Api { code: &'static str, summary: Cow<'static, str>, cause: Option<String> },
}

#[derive(Serialize)]
struct OAuthBody<'a> {
    error: &'a str,
    error_description: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApiBody<'a> {
    error_code: &'a str,
    error_summary: &'a str,
    error_link: &'a str,
    error_id: String,
    error_causes: Vec<ApiCause<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApiCause<'a> {
    error_summary: &'a str,
}

impl Error {
    /// The refusal, with its reason in the note.
    pub(super) fn answer(&self, call: &Call<'_>, note: Note) -> Response {
        let (status, shape) = self.shape();
        let body = match &shape {
            Shape::OAuth { error, description } => render(&OAuthBody { error, error_description: description }),
            Shape::Api { code, summary, cause } => render(&ApiBody {
                error_code: code,
                error_summary: summary,
                error_link: code,
                error_id: format!("oae{}", call.idp.ids.base64url(22)),
                error_causes: cause.iter().map(|cause| ApiCause { error_summary: cause }).collect(),
            }),
        };
        json(status, body, note.refused(self.reason()))
    }

    /// Asks for HTTP Basic where a client failed to prove itself by it (RFC 6749 section 5.2).
    pub(super) fn challenge(&self, response: &mut Response) {
        if response.status() == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(r#"Basic realm="Okta""#));
        }
    }

    fn shape(&self) -> (StatusCode, Shape) {
        use Shape::OAuth;
        let (bad, denied) = (StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED);
        let oauth = |error, description: &'static str| OAuth { error, description: description.into() };
        let api = |code, summary: &'static str| Shape::Api { code, summary: summary.into(), cause: None };
        match self {
            Self::NotAForm => {
                let summary = "Bad request.  Accept and/or Content-Type headers likely do not match supported values.";
                (bad, api("E0000021", summary))
            }
            Self::BodyTooLong => {
                (StatusCode::PAYLOAD_TOO_LARGE, api("E0000003", "The request body was not well-formed."))
            }
            Self::BodyBroken => (bad, api("E0000003", "The request body was not well-formed.")),
            Self::DuplicateParameter => (bad, oauth("invalid_request", "A parameter is included more than once.")),
            Self::MultipleCredentials => {
                let description = "Cannot supply multiple client credentials. Use one of the following: credentials in \
                                   the Authorization header, credentials in the post body, or a client_assertion in \
                                   the post body.";
                (bad, oauth("invalid_request", description))
            }
            Self::NoClientId => (bad, oauth("invalid_client", "A client_id must be provided in the request.")),
            Self::UnknownClient => (bad, api("invalid_client", "Invalid value for 'client_id' parameter.")),
            Self::NoSecret => (denied, oauth("invalid_client", "No client credentials found.")),
            Self::WrongSecret => {
                let description = "The client secret supplied for a confidential client is invalid.";
                (denied, oauth("invalid_client", description))
            }
            Self::Assertion => (denied, oauth("invalid_client", "The client_assertion signature is invalid.")),
            Self::NoGrantType => (bad, oauth("invalid_request", "The 'grant_type' parameter is missing.")),
            Self::UnsupportedGrant => {
                (bad, oauth("unsupported_grant_type", "The authorization grant type is not supported."))
            }
            Self::GrantNotEnabled(grants) => {
                let grants: Vec<&str> = grants.iter().map(|grant| grant.as_str()).collect();
                let description = format!(
                    "The client is not authorized to use the provided grant type. Configured grant types: [{}].",
                    grants.join(", ")
                );
                (bad, OAuth { error: "unauthorized_client", description: description.into() })
            }
            Self::NoCode => (bad, oauth("invalid_request", "The 'code' parameter is missing.")),
            Self::BadCode => (bad, oauth("invalid_grant", "The authorization code is invalid or has expired.")),
            Self::NoRefreshToken => (bad, oauth("invalid_request", "The 'refresh_token' parameter is missing.")),
            Self::BadRefreshToken => (bad, oauth("invalid_grant", "The refresh token is invalid or expired.")),
            Self::NoDefaultScope => {
                let description = "The authorization server resource does not have any configured default scopes, \
                                   'scope' must be provided.";
                (bad, oauth("invalid_scope", description))
            }
            Self::UnknownScope | Self::OpenidScope => {
                let description = "One or more scopes are not configured for the authorization server resource.";
                (bad, oauth("invalid_scope", description))
            }
            Self::Method => {
                let summary = "The endpoint does not support the provided HTTP method";
                (StatusCode::METHOD_NOT_ALLOWED, api("E0000022", summary))
            }
            Self::UnknownPath => (StatusCode::NOT_FOUND, api("E0000008", "The requested path was not found")),
            Self::UnknownServer(server) => {
                let summary = format!("Not found: Resource not found: {server} (AuthorizationServer)");
                (StatusCode::NOT_FOUND, Shape::Api { code: "E0000007", summary: summary.into(), cause: None })
            }
            Self::NotServed(_) => {
                let cause = Some(self.reason().into_owned());
                let summary = "The requested path was not found".into();
                (StatusCode::NOT_FOUND, Shape::Api { code: "E0000008", summary, cause })
            }
        }
    }

    /// The reason for people.
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Self::NotAForm => "not a form".into(),
            Self::BodyTooLong => FormError::TooLong.to_string().into(),
            Self::BodyBroken => FormError::Broken.to_string().into(),
            Self::DuplicateParameter => "a parameter twice".into(),
            Self::MultipleCredentials => "client credentials twice".into(),
            Self::NoClientId => "no client id".into(),
            Self::UnknownClient => "unknown client".into(),
            Self::NoSecret => "no client secret".into(),
            Self::WrongSecret => "wrong client secret".into(),
            Self::Assertion => "a client assertion, but no client has a key".into(),
            Self::NoGrantType => "no grant type".into(),
            Self::UnsupportedGrant => "unsupported grant type".into(),
            Self::GrantNotEnabled(_) => "grant not enabled for the client".into(),
            Self::NoCode => "no code".into(),
            Self::BadCode => "no such code was issued".into(),
            Self::NoRefreshToken => "no refresh token".into(),
            Self::BadRefreshToken => "no such refresh token was issued".into(),
            Self::NoDefaultScope => "no default scope".into(),
            Self::UnknownScope => "unknown scope".into(),
            Self::OpenidScope => "an OpenID scope with client credentials".into(),
            Self::Method => "wrong method".into(),
            Self::UnknownPath => "no such path".into(),
            Self::UnknownServer(_) => "no such authorization server".into(),
            Self::NotServed(name) => format!("this mock does not serve {name} yet").into(),
        }
    }
}

impl From<FormError> for Error {
    fn from(error: FormError) -> Self {
        match error {
            FormError::NotAForm => Self::NotAForm,
            FormError::TooLong => Self::BodyTooLong,
            FormError::Broken => Self::BodyBroken,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoClientId => Self::NoClientId,
            Failure::UnknownClient => Self::UnknownClient,
            Failure::NoSecret => Self::NoSecret,
            Failure::WrongSecret => Self::WrongSecret,
            Failure::Assertion => Self::Assertion,
        }
    }
}
