//! Errors in the vendors' own words.
//!
//! The bodies of Okta and Keycloak are as recorded from real ones, where there is a recording. As far as is remembered
//! and not recorded: Okta's `E0000009`, Keycloak's `unknown_error`, and all of Envoy's. A status for which no words are
//! known is said by its name: as `{"message": …}` by the portal, as `{"error": …}` by an Okta issuer, and as Keycloak
//! names all that it has no words for, `{"error": "HTTP 503 Service Unavailable"}`.

use http::{HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde_json::json;
use understudy_scenarios::{Face, Ids, Server, VendorError, World};

/// What an answer says, apart from its status.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) body: String,
    pub(super) content_type: HeaderValue,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

/// Whose words a server uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    Portal,
    Okta,
    Keycloak,
    /// An identity provider without issuers.
    Nobody,
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain");

impl Voice {
    /// Who speaks at `path` of `server`: at the identity provider, the issuer whose path it is under.
    pub(super) fn at(server: Server, path: &str, world: &World) -> Self {
        if server == Server::Portal {
            return Self::Portal;
        }
        let issuers = world.identity.issuers.iter();
        let speaking = issuers.filter(|issuer| path.contains(&*issuer.path)).max_by_key(|issuer| issuer.path.len());
        match speaking.map(|issuer| &issuer.face) {
            Some(Face::OktaOrg | Face::OktaCustom { .. }) => Self::Okta,
            Some(Face::Keycloak { .. }) => Self::Keycloak,
            None => Self::Nobody,
        }
    }

    /// What is said with this status.
    pub(super) fn words(self, status: StatusCode, ids: &Ids, now: Timestamp) -> Words {
        let name = name(status);
        match (self, status) {
            (Self::Portal, _) => said(VendorError::Portal, status, ids, now),
            (Self::Okta, StatusCode::TOO_MANY_REQUESTS) => said(VendorError::OktaRateLimit, status, ids, now),
            (Self::Okta, StatusCode::INTERNAL_SERVER_ERROR) => said(VendorError::OktaInternal, status, ids, now),
            (Self::Keycloak, StatusCode::INTERNAL_SERVER_ERROR) => {
                said(VendorError::KeycloakInternal, status, ids, now)
            }
            (Self::Keycloak, _) => words(JSON, json!({ "error": format!("HTTP {} {name}", status.as_u16()) })),
            (Self::Okta | Self::Nobody, _) => words(JSON, json!({ "error": name })),
        }
    }
}

/// A vendor's error by name.
pub(super) fn said(error: VendorError, status: StatusCode, ids: &Ids, now: Timestamp) -> Words {
    match error {
        VendorError::OktaRateLimit => {
            let summary = "API call exceeded rate limit due to too many requests.";
            let reset = now.as_second().saturating_add(60);
            let limits = [
                (HeaderName::from_static("x-rate-limit-limit"), HeaderValue::from(600)),
                (HeaderName::from_static("x-rate-limit-remaining"), HeaderValue::from(0)),
                (HeaderName::from_static("x-rate-limit-reset"), HeaderValue::from(reset)),
            ];
            let mut words = okta("E0000047", summary, ids);
            words.headers.extend(limits);
            words
        }
        VendorError::OktaInternal => okta("E0000009", "Internal Server Error", ids),
        VendorError::OktaInvalidClient => {
            let description = "The client secret supplied for a confidential client is invalid.";
            oauth("invalid_client", description)
        }
        VendorError::KeycloakUnauthorizedClient => {
            oauth("unauthorized_client", "Invalid client or Invalid client credentials")
        }
        VendorError::KeycloakInternal => oauth("unknown_error", "For more on this error consult the server log."),
        VendorError::Portal => words(JSON, json!({ "message": name(status) })),
        VendorError::EnvoyNoUpstream => envoy("no healthy upstream"),
        VendorError::EnvoyReset => {
            envoy("upstream connect error or disconnect/reset before headers. reset reason: connection termination")
        }
    }
}

/// What a status is called.
pub(super) fn name(status: StatusCode) -> String {
    status.canonical_reason().map_or_else(|| format!("Status {}", status.as_u16()), str::to_owned)
}

/// Whether text is JSON, and so what is said of it.
pub(super) fn content_type(text: &str) -> HeaderValue {
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if is_json { JSON } else { HeaderValue::from_static("text/plain; charset=utf-8") }
}

fn words(content_type: HeaderValue, body: impl ToString) -> Words {
    Words { body: body.to_string(), content_type, headers: Vec::new() }
}

/// RFC 6749 section 5.2. Written out, for the members' order.
fn oauth(error: &str, description: &str) -> Words {
    words(JSON, format!(r#"{{"error":"{error}","error_description":"{description}"}}"#))
}

/// The shape of Okta's management API, which some errors of its token endpoint have too.
fn okta(code: &str, summary: &str, ids: &Ids) -> Words {
    let id = ids.base64url(22);
    let body = format!(
        r#"{{"errorCode":"{code}","errorSummary":"{summary}","errorLink":"{code}","errorId":"oae{id}","errorCauses":[]}}"#
    );
    let mut words = words(JSON, body);
    let request_id = HeaderValue::from_str(&ids.hex(32)).expect("hexadecimal digits make a header value");
    words.headers.push((HeaderName::from_static("x-okta-request-id"), request_id));
    words
}

fn envoy(text: &str) -> Words {
    let mut words = words(TEXT, text);
    words.headers.push((header::SERVER, HeaderValue::from_static("envoy")));
    words
}

#[cfg(test)]
mod tests {
    use understudy_scenarios::Scenario;

    use super::*;

    fn body(error: VendorError, status: u16) -> String {
        let words = said(error, StatusCode::from_u16(status).unwrap(), &Ids::seeded(0), Timestamp::UNIX_EPOCH);
        format!("{} {}", words.content_type.to_str().unwrap(), words.body)
    }

    #[test]
    fn each_vendor_says_it_in_its_own_words() {
        use VendorError::*;
        let all = [
            (OktaRateLimit, 429),
            (OktaInternal, 500),
            (OktaInvalidClient, 401),
            (KeycloakUnauthorizedClient, 401),
            (KeycloakInternal, 500),
            (Portal, 503),
            (EnvoyNoUpstream, 503),
            (EnvoyReset, 503),
        ];
        let said: Vec<String> = all.into_iter().map(|(error, status)| body(error, status)).collect();
        insta::assert_snapshot!(said.join("\n"), @r#"
        application/json {"errorCode":"E0000047","errorSummary":"API call exceeded rate limit due to too many requests.","errorLink":"E0000047","errorId":"oaevNd75ogi0l5hqe4uPFJAYd","errorCauses":[]}
        application/json {"errorCode":"E0000009","errorSummary":"Internal Server Error","errorLink":"E0000009","errorId":"oaevNd75ogi0l5hqe4uPFJAYd","errorCauses":[]}
        application/json {"error":"invalid_client","error_description":"The client secret supplied for a confidential client is invalid."}
        application/json {"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}
        application/json {"error":"unknown_error","error_description":"For more on this error consult the server log."}
        application/json {"message":"Service Unavailable"}
        text/plain no healthy upstream
        text/plain upstream connect error or disconnect/reset before headers. reset reason: connection termination
        "#);
    }

    #[test]
    fn the_issuer_under_whose_path_it_is_speaks() {
        let world = Scenario::find("quickstart").unwrap().world().clone();
        let at = |path| Voice::at(Server::Idp, path, &world);
        assert_eq!(at("/oauth2/default/v1/token"), Voice::Okta);
        assert_eq!(at("/realms/gloo/protocol/openid-connect/token"), Voice::Keycloak);
        assert_eq!(at("/identity/realms/gloo/protocol/openid-connect/token"), Voice::Keycloak);
        assert_eq!(Voice::at(Server::Portal, "/v1/apis", &world), Voice::Portal);
        assert_eq!(Voice::at(Server::Idp, "/oauth2/default/v1/token", &World::default()), Voice::Nobody);
    }

    #[test]
    fn a_status_without_words_is_said_by_its_name() {
        let said = |voice: Voice, status| {
            voice.words(StatusCode::from_u16(status).unwrap(), &Ids::seeded(0), Timestamp::UNIX_EPOCH).body
        };
        assert_eq!(said(Voice::Portal, 503), r#"{"message":"Service Unavailable"}"#);
        assert_eq!(said(Voice::Okta, 503), r#"{"error":"Service Unavailable"}"#);
        assert_eq!(said(Voice::Keycloak, 503), r#"{"error":"HTTP 503 Service Unavailable"}"#);
        assert_eq!(said(Voice::Nobody, 599), r#"{"error":"Status 599"}"#);
        assert!(said(Voice::Okta, 429).contains("E0000047"));
    }
}
