//! Keycloak's discovery document, its members in the order that version 26.4 has them.

use axum::response::Response;
use bytes::Bytes;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use understudy_scenarios::Note;

use super::{PROTOCOL, Realm};
use crate::answer::{self, json};
use crate::cors;
use crate::dispatch::Call;

type List = &'static [&'static str];

const CLIENT_AUTHENTICATION: List =
    &["private_key_jwt", "client_secret_basic", "client_secret_post", "tls_client_auth", "client_secret_jwt"];
const SIGNING: List = &[
    "PS384", "RS384", "EdDSA", "ES384", "HS256", "HS512", "ES256", "RS256", "HS384", "ES512", "PS256", "PS512", "RS512",
];
const SIGNING_OR_NONE: List = &[
    "PS384", "RS384", "EdDSA", "ES384", "HS256", "HS512", "ES256", "RS256", "HS384", "ES512", "PS256", "PS512",
    "RS512", "none",
];
const ASYMMETRIC_SIGNING: List =
    &["PS384", "RS384", "EdDSA", "ES384", "ES256", "RS256", "ES512", "PS256", "PS512", "RS512"];
const KEY_ENCRYPTION: List =
    &["ECDH-ES+A256KW", "ECDH-ES+A192KW", "ECDH-ES+A128KW", "RSA-OAEP", "RSA-OAEP-256", "RSA1_5", "ECDH-ES"];
const CONTENT_ENCRYPTION: List = &["A256GCM", "A192GCM", "A128GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"];
const SCOPES: List = &[
    "openid",
    "service_account",
    "email",
    "address",
    "basic",
    "offline_access",
    "profile",
    "organization",
    "roles",
    "phone",
    "microprofile-jwt",
    "acr",
    "web-origins",
];

/// The members in Keycloak's order.
#[derive(Serialize)]
struct Discovery<'a> {
    issuer: &'a str,
    authorization_endpoint: String,
    token_endpoint: String,
    introspection_endpoint: String,
    userinfo_endpoint: String,
    end_session_endpoint: String,
    frontchannel_logout_session_supported: bool,
    frontchannel_logout_supported: bool,
    jwks_uri: String,
    check_session_iframe: String,
    grant_types_supported: List,
    acr_values_supported: List,
    response_types_supported: List,
    subject_types_supported: List,
    prompt_values_supported: List,
    id_token_signing_alg_values_supported: List,
    id_token_encryption_alg_values_supported: List,
    id_token_encryption_enc_values_supported: List,
    userinfo_signing_alg_values_supported: List,
    userinfo_encryption_alg_values_supported: List,
    userinfo_encryption_enc_values_supported: List,
    request_object_signing_alg_values_supported: List,
    request_object_encryption_alg_values_supported: List,
    request_object_encryption_enc_values_supported: List,
    response_modes_supported: List,
    registration_endpoint: String,
    token_endpoint_auth_methods_supported: List,
    token_endpoint_auth_signing_alg_values_supported: List,
    introspection_endpoint_auth_methods_supported: List,
    introspection_endpoint_auth_signing_alg_values_supported: List,
    authorization_signing_alg_values_supported: List,
    authorization_encryption_alg_values_supported: List,
    authorization_encryption_enc_values_supported: List,
    claims_supported: List,
    claim_types_supported: List,
    claims_parameter_supported: bool,
    scopes_supported: Vec<&'a str>,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    require_request_uri_registration: bool,
    code_challenge_methods_supported: List,
    tls_client_certificate_bound_access_tokens: bool,
    dpop_signing_alg_values_supported: List,
    revocation_endpoint: String,
    revocation_endpoint_auth_methods_supported: List,
    revocation_endpoint_auth_signing_alg_values_supported: List,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    device_authorization_endpoint: String,
    backchannel_token_delivery_modes_supported: List,
    backchannel_authentication_endpoint: String,
    backchannel_authentication_request_signing_alg_values_supported: List,
    require_pushed_authorization_requests: bool,
    pushed_authorization_request_endpoint: String,
    mtls_endpoint_aliases: MtlsAliases,
    authorization_response_iss_parameter_supported: bool,
}

/// RFC 8705 section 5. A Keycloak without a host name for mutual TLS lists the ordinary endpoints.
#[derive(Serialize)]
struct MtlsAliases {
    token_endpoint: String,
    revocation_endpoint: String,
    introspection_endpoint: String,
    device_authorization_endpoint: String,
    registration_endpoint: String,
    userinfo_endpoint: String,
    pushed_authorization_request_endpoint: String,
    backchannel_authentication_endpoint: String,
}

/// The document of the realm at `issuer`, which has `scopes` beside those of a fresh one.
pub(super) fn render(issuer: &str, scopes: &[String]) -> Bytes {
    let at = |endpoint: &str| format!("{issuer}{PROTOCOL}/{endpoint}");
    let own = scopes.iter().map(String::as_str);
    let registration = format!("{issuer}/clients-registrations/openid-connect");
    answer::render(&Discovery {
        issuer,
        authorization_endpoint: at("auth"),
        token_endpoint: at("token"),
        introspection_endpoint: at("token/introspect"),
        userinfo_endpoint: at("userinfo"),
        end_session_endpoint: at("logout"),
        frontchannel_logout_session_supported: true,
        frontchannel_logout_supported: true,
        jwks_uri: at("certs"),
        check_session_iframe: at("login-status-iframe.html"),
        grant_types_supported: &[
            "authorization_code",
            "client_credentials",
            "implicit",
            "password",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "urn:ietf:params:oauth:grant-type:uma-ticket",
            "urn:openid:params:grant-type:ciba",
        ],
        acr_values_supported: &["0", "1"],
        response_types_supported: &[
            "code",
            "none",
            "id_token",
            "token",
            "id_token token",
            "code id_token",
            "code token",
            "code id_token token",
        ],
        subject_types_supported: &["public", "pairwise"],
        prompt_values_supported: &["none", "login", "consent"],
        id_token_signing_alg_values_supported: SIGNING,
        id_token_encryption_alg_values_supported: KEY_ENCRYPTION,
        id_token_encryption_enc_values_supported: CONTENT_ENCRYPTION,
        userinfo_signing_alg_values_supported: SIGNING_OR_NONE,
        userinfo_encryption_alg_values_supported: KEY_ENCRYPTION,
        userinfo_encryption_enc_values_supported: CONTENT_ENCRYPTION,
        request_object_signing_alg_values_supported: SIGNING_OR_NONE,
        request_object_encryption_alg_values_supported: KEY_ENCRYPTION,
        request_object_encryption_enc_values_supported: CONTENT_ENCRYPTION,
        response_modes_supported: &[
            "query",
            "fragment",
            "form_post",
            "query.jwt",
            "fragment.jwt",
            "form_post.jwt",
            "jwt",
        ],
        registration_endpoint: registration.clone(),
        token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
        token_endpoint_auth_signing_alg_values_supported: SIGNING,
        introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
        introspection_endpoint_auth_signing_alg_values_supported: SIGNING,
        authorization_signing_alg_values_supported: SIGNING,
        authorization_encryption_alg_values_supported: KEY_ENCRYPTION,
        authorization_encryption_enc_values_supported: CONTENT_ENCRYPTION,
        claims_supported: &[
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "name",
            "given_name",
            "family_name",
            "preferred_username",
            "email",
            "acr",
            "azp",
            "nonce",
        ],
        claim_types_supported: &["normal"],
        claims_parameter_supported: true,
        scopes_supported: SCOPES.iter().copied().chain(own.filter(|scope| !SCOPES.contains(scope))).collect(),
        request_parameter_supported: true,
        request_uri_parameter_supported: true,
        require_request_uri_registration: true,
        code_challenge_methods_supported: &["plain", "S256"],
        tls_client_certificate_bound_access_tokens: true,
        dpop_signing_alg_values_supported: ASYMMETRIC_SIGNING,
        revocation_endpoint: at("revoke"),
        revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
        revocation_endpoint_auth_signing_alg_values_supported: SIGNING,
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
        device_authorization_endpoint: at("auth/device"),
        backchannel_token_delivery_modes_supported: &["poll", "ping"],
        backchannel_authentication_endpoint: at("ext/ciba/auth"),
        backchannel_authentication_request_signing_alg_values_supported: ASYMMETRIC_SIGNING,
        require_pushed_authorization_requests: false,
        pushed_authorization_request_endpoint: at("ext/par/request"),
        mtls_endpoint_aliases: MtlsAliases {
            token_endpoint: at("token"),
            revocation_endpoint: at("revoke"),
            introspection_endpoint: at("token/introspect"),
            device_authorization_endpoint: at("auth/device"),
            registration_endpoint: registration,
            userinfo_endpoint: at("userinfo"),
            pushed_authorization_request_endpoint: at("ext/par/request"),
            backchannel_authentication_endpoint: at("ext/ciba/auth"),
        },
        authorization_response_iss_parameter_supported: true,
    })
}

/// Answers with the document.
pub(super) fn answer(call: &Call<'_>, realm: &Realm, note: Note) -> Response {
    let mut response = json(StatusCode::OK, realm.discovery.clone(), note);
    let never = HeaderValue::from_static("no-cache, must-revalidate, no-transform, no-store");
    response.headers_mut().insert(CACHE_CONTROL, never);
    cors::allow_credentials(&call.request.headers, response.headers_mut());
    response
}
