//! What to do where the portal's door is shut, in the words of Gloo's resources.

use http::StatusCode;
use serde_json::Value;
use understudy_provider::{Config, Family};

use super::super::examination::Examination;
use super::super::token;
use super::member;

pub(super) fn rate_limited() -> &'static str {
    "Wait a minute and try again, or raise the limit in the RateLimitPolicy (Gloo Mesh Gateway) or RateLimitConfig (Gloo \
     Gateway) of the portal server's route: a sync makes one request for each product or API."
}

pub(super) fn server(status: StatusCode) -> &'static str {
    match status {
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
            "Look whether the portal server's pods run and are Ready, and whether the route's destination names its Service \
             and port; then at the gateway's log."
        }
        _ => "Look at the logs of the portal server and of the external auth service before it.",
    }
}

pub(super) fn page(portal: &str) -> String {
    format!(
        "Set {portal} to the portal's REST server. The developer portal's web pages are another server, often on the same host."
    )
}

pub(super) fn elsewhere(portal: &str) -> String {
    format!("If that is another address of the portal, such as https in place of http, set {portal} to it.")
}

/// What to do about a token that is not let in.
pub(super) fn unauthorized(exam: &Examination) -> String {
    format!(
        "Have the ExtAuthPolicy (Gloo Mesh Gateway) or AuthConfig (Gloo Gateway) of the portal server's route trust this \
         issuer, and look at its `status` for REJECTED; the external auth service's log says why it refuses a token:\n{}",
        validation(exam)
    )
}

pub(super) fn forbidden() -> &'static str {
    "The token is trusted, and something after that refuses it: look at `requiredScopes` of accessTokenValidation, at OPA \
     rules, and at other policies of the portal server's route."
}

pub(super) fn login(exam: &Examination) -> String {
    format!(
        "Put accessTokenValidation beside oidcAuthorizationCode, and before it, in the ExtAuthPolicy (Gloo Mesh Gateway) or \
         AuthConfig (Gloo Gateway) of the portal server's route, as two configs of which either is enough:\n{}\n    \
         booleanExpr: token || login",
        validation(exam)
    )
}

/// The part of an external auth policy that takes this issuer's tokens.
fn validation(exam: &Examination) -> String {
    let keys = exam.facts.discovery.as_ref().and_then(|discovery| discovery.get("jwks_uri")).and_then(Value::as_str);
    let keys = Value::from(keys.unwrap_or("JWKS_URI")).to_string();
    format!(
        "    configs:\n    - name: token\n      oauth2:\n        accessTokenValidation:\n          jwt:\n            \
         remoteJwks: {{url: {keys}}}"
    )
}

pub(super) fn path(base: &str, other: Option<&str>, portal: &str) -> String {
    match other {
        Some(other) => {
            format!("Set {portal} so that the portal is asked at {other}; in Backstage, `portalServerUrl: {other}`.")
        }
        None if base.ends_with("/v1") => {
            format!(
                "Check {portal} against the portal server's route: its prefix comes before /v1, and is there once. If it is right, another server than the portal answers there."
            )
        }
        None => {
            format!("Set {portal} to the URL of the portal's REST server that ends in /v1; the plugin adds nothing.")
        }
    }
}

/// What to do about an empty list.
pub(super) fn nothing_shown(exam: &Examination, config: &Config, url: &str) -> String {
    let family = if url.ends_with(Family::GlooGateway.path()) { Family::GlooGateway } else { Family::GlooMesh };
    let selects = match family {
        Family::GlooMesh => "that the Portal selects the APIs' RouteTables by `spec.apis[].labels`",
        Family::GlooGateway => {
            "that the Portal names the products in `spec.apiProducts`, with a ReferenceGrant for those of other namespaces"
        }
    };
    match member(exam, config) {
        Some((claim, value)) => format!(
            "Check {selects}, and apply a PortalGroup that matches the client, such as this one, which shows it all APIs:\n{}",
            token::yaml(family, claim, value)
        ),
        None => format!("Check {selects}, and apply a PortalGroup that matches a claim of the token."),
    }
}
