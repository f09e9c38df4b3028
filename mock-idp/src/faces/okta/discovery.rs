//! Okta's discovery document: the members and values of a custom authorization server, in the recorded order.

use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;
use understudy_scenarios::Note;

use super::error::Error;
use super::{Server, cache_for};
use crate::answer::{self, json};
use crate::cors;
use crate::dispatch::Call;
use crate::form::Form;
use crate::note::printable;

/// How long a discovery document may be kept, in seconds.
const MAX_AGE: i64 = 86_400;

const CLIENT_AUTHENTICATION: &[&str] =
    &["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"];
const REQUEST_SIGNING: &[&str] = &["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];

/// The members in Okta's order. `client_credentials` is not among the grants, and works.
#[derive(Serialize)]
struct Discovery<'a> {
    issuer: &'a str,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    registration_endpoint: String,
    jwks_uri: String,
    response_types_supported: &'static [&'static str],
    response_modes_supported: &'static [&'static str],
    grant_types_supported: &'static [&'static str],
    subject_types_supported: &'static [&'static str],
    id_token_signing_alg_values_supported: &'static [&'static str],
    id_token_encryption_alg_values_supported: &'static [&'static str],
    id_token_encryption_enc_values_supported: &'static [&'static str],
    scopes_supported: &'static [&'static str],
    token_endpoint_auth_methods_supported: &'static [&'static str],
    claims_supported: &'static [&'static str],
    code_challenge_methods_supported: &'static [&'static str],
    introspection_endpoint: String,
    introspection_endpoint_auth_methods_supported: &'static [&'static str],
    revocation_endpoint: String,
    revocation_endpoint_auth_methods_supported: &'static [&'static str],
    end_session_endpoint: String,
    request_parameter_supported: bool,
    request_object_signing_alg_values_supported: &'static [&'static str],
    device_authorization_endpoint: String,
    pushed_authorization_request_endpoint: String,
    backchannel_token_delivery_modes_supported: &'static [&'static str],
    backchannel_authentication_request_signing_alg_values_supported: &'static [&'static str],
    dpop_signing_alg_values_supported: &'static [&'static str],
}

/// The document of the server at `issuer`, whose endpoints are under `protocol`, in the org at `org`.
pub(super) fn render(issuer: &str, protocol: &str, org: &str) -> Bytes {
    answer::render(&Discovery {
        issuer,
        authorization_endpoint: format!("{protocol}/authorize"),
        token_endpoint: format!("{protocol}/token"),
        userinfo_endpoint: format!("{protocol}/userinfo"),
        registration_endpoint: format!("{org}/oauth2/v1/clients"),
        jwks_uri: format!("{protocol}/keys"),
        response_types_supported: &[
            "code",
            "id_token",
            "code id_token",
            "code token",
            "id_token token",
            "code id_token token",
        ],
        response_modes_supported: &["query", "fragment", "form_post", "okta_post_message"],
        grant_types_supported: &[
            "authorization_code",
            "implicit",
            "refresh_token",
            "password",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:openid:params:grant-type:ciba",
            "urn:okta:params:oauth:grant-type:otp",
            "http://auth0.com/oauth/grant-type/mfa-otp",
            "urn:okta:params:oauth:grant-type:oob",
            "http://auth0.com/oauth/grant-type/mfa-oob",
        ],
        subject_types_supported: &["public"],
        id_token_signing_alg_values_supported: &["RS256"],
        id_token_encryption_alg_values_supported: &["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"],
        id_token_encryption_enc_values_supported: &["A256GCM"],
        scopes_supported: super::token::OPENID_SCOPES,
        token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
        claims_supported: &[
            "iss",
            "ver",
            "sub",
            "aud",
            "iat",
            "exp",
            "jti",
            "auth_time",
            "amr",
            "idp",
            "nonce",
            "name",
            "nickname",
            "preferred_username",
            "given_name",
            "middle_name",
            "family_name",
            "email",
            "email_verified",
            "profile",
            "zoneinfo",
            "locale",
            "address",
            "phone_number",
            "picture",
            "website",
            "gender",
            "birthdate",
            "updated_at",
            "at_hash",
            "c_hash",
        ],
        code_challenge_methods_supported: &["S256"],
        introspection_endpoint: format!("{protocol}/introspect"),
        introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
        revocation_endpoint: format!("{protocol}/revoke"),
        revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
        end_session_endpoint: format!("{protocol}/logout"),
        request_parameter_supported: true,
        request_object_signing_alg_values_supported: REQUEST_SIGNING,
        device_authorization_endpoint: format!("{protocol}/device/authorize"),
        pushed_authorization_request_endpoint: format!("{protocol}/par"),
        backchannel_token_delivery_modes_supported: &["poll"],
        backchannel_authentication_request_signing_alg_values_supported: REQUEST_SIGNING,
        dpop_signing_alg_values_supported: &["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
    })
}

/// Answers with the document; a `?client_id=` must be one that the org knows.
pub(super) fn answer(call: &Call<'_>, server: &Server, note: Note) -> Response {
    let query = Form::parse(call.request.uri.query().unwrap_or_default().as_bytes());
    if let Some(id) = query.get("client_id")
        && call.directory.client(id).is_none()
    {
        return Error::UnknownClient.answer(call, note.caller(printable(id)));
    }
    let mut response = json(StatusCode::OK, server.discovery.clone(), note);
    cache_for(call, MAX_AGE, &mut response);
    cors::allow_origin(&call.request.headers, response.headers_mut());
    response
}
