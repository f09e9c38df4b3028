//! What is known of Okta's and Keycloak's addresses.

use url::Url;

use crate::check::facts::Vendor;

/// The issuer that a token endpoint belongs to, by its vendor's shape.
pub(super) fn issuer_of(token_endpoint: &Url) -> Option<String> {
    let path = token_endpoint.path();
    let issuer = match Vendor::of_token_endpoint(token_endpoint) {
        Vendor::Okta => path.strip_suffix("/v1/token")?,
        Vendor::OktaOrg => "",
        Vendor::Keycloak => path.strip_suffix("/protocol/openid-connect/token")?,
        Vendor::Other => return None,
    };
    let mut url = token_endpoint.clone();
    url.set_path(issuer);
    url.set_query(None);
    url.set_fragment(None);
    let text = String::from(url);
    Some(text.trim_end_matches('/').to_owned())
}

/// The other address that a Keycloak's realm may have: with `/auth` before `/realms`, or without.
pub(super) fn other_keycloak(issuer: &str) -> Option<String> {
    let url = Url::parse(issuer).ok()?;
    let path = url.path();
    let other = match path.strip_prefix("/auth/realms/") {
        Some(realm) => format!("/realms/{realm}"),
        None if path.starts_with("/realms/") => format!("/auth{path}"),
        None => return None,
    };
    let mut url = url;
    url.set_path(&other);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_known_by_its_token_endpoint() {
        for (endpoint, issuer) in [
            ("https://a.okta.com/oauth2/default/v1/token", Some("https://a.okta.com/oauth2/default")),
            ("https://a.okta.com/oauth2/v1/token", Some("https://a.okta.com")),
            ("http://k:8080/realms/gloo/protocol/openid-connect/token", Some("http://k:8080/realms/gloo")),
            ("https://k/auth/realms/gloo/protocol/openid-connect/token", Some("https://k/auth/realms/gloo")),
            ("https://login.example.com/token", None),
        ] {
            assert_eq!(issuer_of(&Url::parse(endpoint).unwrap()).as_deref(), issuer, "{endpoint}");
        }
    }

    #[test]
    fn a_keycloak_has_another_address() {
        assert_eq!(other_keycloak("https://k/auth/realms/a").as_deref(), Some("https://k/realms/a"));
        assert_eq!(other_keycloak("https://k/realms/a").as_deref(), Some("https://k/auth/realms/a"));
        assert_eq!(other_keycloak("https://k/oauth2/default"), None);
    }
}
