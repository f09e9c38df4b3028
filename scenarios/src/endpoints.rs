//! Where the two mocks are known to be.

use std::sync::Arc;

use url::Url;

/// The base URLs that the mocks are known by. Each may have a path, and none ends in `/`.
///
/// Every absolute URL that a mock prints comes from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    portal: String,
    idp: String,
    idp_direct: String,
    idp_authority: Option<Arc<str>>,
    outside_issuer: Option<Arc<OutsideIssuer>>,
}

/// An issuer of an identity provider that is no mock, such as a real Keycloak's realm or an Okta's authorization server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideIssuer {
    /// Its identifier, the `iss` of its tokens, character by character.
    pub issuer: String,
    /// Where clients ask for tokens.
    pub token_endpoint: String,
    /// Where its public keys are.
    pub jwks_uri: String,
    /// Root certificates in PEM by which the portal trusts it besides the system's, where its keys are served by TLS; on
    /// this machine by them alone.
    pub ca_pem: Option<String>,
}

impl Endpoints {
    /// The portal and the identity provider by the names that clients use, which are also where they listen.
    #[must_use]
    pub fn new(portal: &Url, idp: &Url) -> Self {
        Self { portal: base(portal), idp: base(idp), idp_direct: base(idp), idp_authority: None, outside_issuer: None }
    }

    /// Sets where the portal itself reaches the identity provider, when that is not by its public name: the address
    /// that it is bound to.
    #[must_use]
    pub fn with_idp_direct(mut self, idp: &Url) -> Self {
        self.idp_direct = base(idp);
        self
    }

    /// Sets the certificate authority by which the portal trusts the identity provider at its direct URL, in PEM.
    #[must_use]
    pub fn with_idp_authority(mut self, pem: impl Into<Arc<str>>) -> Self {
        self.idp_authority = Some(pem.into());
        self
    }

    /// The certificate authority by which the portal trusts the identity provider, in PEM; none where no TLS is served.
    #[must_use]
    pub fn idp_authority(&self) -> Option<&str> {
        self.idp_authority.as_deref()
    }

    /// Has the portal trust this issuer in place of those that its world trusts. Where the world trusts none, neither is this.
    #[must_use]
    pub fn with_outside_issuer(mut self, issuer: OutsideIssuer) -> Self {
        self.outside_issuer = Some(Arc::new(issuer));
        self
    }

    /// The issuer that the portal trusts in place of the world's, if there is one.
    #[must_use]
    pub fn outside_issuer(&self) -> Option<&OutsideIssuer> {
        self.outside_issuer.as_deref()
    }

    /// The portal's public base URL, without `/v1` and without a slash at the end.
    #[must_use]
    pub fn portal(&self) -> &str {
        &self.portal
    }

    /// The identity provider's public base URL, without a slash at the end. An issuer is this and the issuer's path.
    #[must_use]
    pub fn idp(&self) -> &str {
        &self.idp
    }

    /// Where the portal fetches the identity provider's keys, without a slash at the end.
    #[must_use]
    pub fn idp_direct(&self) -> &str {
        &self.idp_direct
    }

    /// The path of the portal's base URL: empty, or `/…` without a slash at the end.
    #[must_use]
    pub fn portal_path(&self) -> &str {
        path(&self.portal)
    }

    /// The path of the identity provider's base URL: empty, or `/…` without a slash at the end.
    #[must_use]
    pub fn idp_path(&self) -> &str {
        path(&self.idp)
    }
}

fn base(url: &Url) -> String {
    // Paths are put after it: a query or a fragment has no place there.
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.as_str().trim_end_matches('/').to_owned()
}

fn path(base: &str) -> &str {
    let authority = base.find("://").map_or(0, |scheme| scheme + 3);
    base[authority..].find('/').map_or("", |slash| &base[authority + slash..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_ends_without_a_slash_and_knows_its_path() {
        let portal = Url::parse("https://portal.example.com/gloo/?a=/b#c").unwrap();
        let idp = Url::parse("http://localhost:31090/").unwrap();
        let endpoints = Endpoints::new(&portal, &idp);
        assert_eq!((endpoints.portal(), endpoints.portal_path()), ("https://portal.example.com/gloo", "/gloo"));
        assert_eq!((endpoints.idp(), endpoints.idp_path()), ("http://localhost:31090", ""));
        assert_eq!(endpoints.idp_direct(), "http://localhost:31090");
    }
}
