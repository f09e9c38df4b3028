//! Who and what a world's identity provider knows, looked up by path and by client id. Made once per generation of the
//! world, so that a request looks up and never searches.

use std::borrow::Cow;
use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use understudy_scenarios::{Endpoints, Grant, Secret, World};
use url::Url;

use crate::faces::{Destination, Face, Nowhere, keycloak, okta};

/// Where RFC 8414 section 3.1 puts an authorization server's metadata: before the issuer's own path.
const METADATA: &str = "/.well-known/oauth-authorization-server";

/// One generation of the world, by path and by client id.
pub(crate) struct Directory {
    /// The path of the public base URL, decoded as all paths here are.
    base_path: Box<str>,
    issuers: HashMap<Box<str>, Face>,
    /// The length of the longest issuer path: longer prefixes of a request's path need no look-up.
    longest: usize,
    /// What comes before `/realms/` in the realms' paths, the longest first.
    keycloak_roots: Vec<Box<str>>,
    clients: HashMap<Box<str>, Client>,
}

/// A registered client, with what is derived from it.
pub(crate) struct Client {
    pub(crate) id: Box<str>,
    /// Without one, the client is public.
    pub(crate) secret: Option<Secret>,
    pub(crate) grants: Vec<Grant>,
    /// The origins of its redirect URIs, each once.
    pub(crate) origins: Vec<String>,
}

impl Directory {
    pub(crate) fn new(world: &World, endpoints: &Endpoints) -> Self {
        let issuers: HashMap<Box<str>, Face> = world
            .identity
            .issuers
            .iter()
            .map(|issuer| (decoded(&issuer.path).into(), Face::new(issuer, endpoints)))
            .collect();
        let clients =
            world.identity.clients.iter().rev().map(|client| (client.id.as_str().into(), Client::new(client)));
        let mut keycloak_roots: Vec<Box<str>> = issuers
            .iter()
            .filter(|(_, face)| matches!(face, Face::Keycloak(_)))
            .filter_map(|(path, _)| keycloak::server_root(path).map(Into::into))
            .collect();
        keycloak_roots.sort_by_key(|root| std::cmp::Reverse(root.len()));
        Self {
            base_path: decoded(endpoints.idp_path()).into(),
            longest: issuers.keys().map(|path| path.len()).max().unwrap_or_default(),
            keycloak_roots,
            issuers,
            clients: clients.collect(),
        }
    }

    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.get(id)
    }

    /// What a request's path leads to: under the path of the public base URL, or without it.
    pub(crate) fn destination(&self, path: &str) -> Destination<'_> {
        let path = &*decoded(path);
        let inner = self.without_base(path);
        [inner, Some(path)]
            .into_iter()
            .flatten()
            .find_map(|path| self.endpoint(path))
            .unwrap_or_else(|| Destination::Nowhere(self.nowhere(inner.unwrap_or(path))))
    }

    fn endpoint(&self, path: &str) -> Option<Destination<'_>> {
        let (face, rest) = self.metadata(path).or_else(|| self.issuer(path))?;
        face.endpoint(rest)
    }

    /// The issuer with the longest path that `path` starts with, and what comes after it.
    fn issuer<'p>(&self, path: &'p str) -> Option<(&Face, &'p str)> {
        path.match_indices('/')
            .map(|(slash, _)| slash)
            .take_while(|slash| *slash <= self.longest)
            .chain((path.len() <= self.longest).then_some(path.len()))
            .filter_map(|end| self.issuers.get(&path[..end]).map(|face| (face, &path[end..])))
            .last()
    }

    /// The issuer whose path comes after the well-known one.
    fn metadata(&self, path: &str) -> Option<(&Face, &'static str)> {
        let issuer = path.strip_prefix(METADATA).filter(|issuer| issuer.starts_with('/'))?;
        let issuer = self.without_base(issuer).unwrap_or(issuer);
        self.issuers.get(issuer).filter(|face| matches!(face, Face::Okta(_))).map(|face| (face, METADATA))
    }

    fn without_base<'p>(&self, path: &'p str) -> Option<&'p str> {
        let inner = path.strip_prefix(&*self.base_path)?;
        (!self.base_path.is_empty() && (inner.is_empty() || inner.starts_with('/'))).then_some(inner)
    }

    /// Whose words are said where nothing is. A Keycloak has its realms; an Okta org has the whole of its host.
    fn nowhere(&self, path: &str) -> Nowhere {
        if matches!(self.issuer(path), Some((Face::Keycloak(_), _))) {
            return Nowhere::KeycloakEndpoint;
        }
        if let Some(nowhere) =
            self.keycloak_roots.iter().find_map(|root| keycloak::nowhere(path.strip_prefix(&**root)?))
        {
            return nowhere;
        }
        if self.issuers.values().any(|face| matches!(face, Face::Okta(_))) {
            return okta::nowhere(path, |issuer| self.issuers.contains_key(issuer));
        }
        if self.issuers.is_empty() { Nowhere::NoIssuers } else { Nowhere::KeycloakPath }
    }
}

impl Client {
    fn new(client: &understudy_scenarios::Client) -> Self {
        let mut origins: Vec<String> = Vec::new();
        for uri in &client.redirect_uris {
            let origin = Url::parse(uri).map(|uri| uri.origin()).ok().filter(url::Origin::is_tuple);
            let origin = origin.map(|origin| origin.ascii_serialization());
            origins.extend(origin.filter(|origin| !origins.contains(origin)));
        }
        Self { id: client.id.as_str().into(), secret: client.secret.clone(), grants: client.grants.clone(), origins }
    }
}

/// A path as it was before it was percent-encoded (RFC 3986 section 2.1), so that all its spellings are one. A path
/// that hides a slash, or that is no text, stays as it is.
fn decoded(path: &str) -> Cow<'_, str> {
    let hides_a_slash = path.as_bytes().windows(3).any(|escape| escape.eq_ignore_ascii_case(b"%2f"));
    let text = if hides_a_slash { None } else { percent_decode_str(path).decode_utf8().ok() };
    text.unwrap_or(Cow::Borrowed(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use understudy_scenarios::{Scenario, World};

    fn world(issuers: &str) -> World {
        Scenario::from_yaml("test", &format!("identity: {{issuers: {issuers}}}")).unwrap().world().clone()
    }

    fn directory(base: &str, issuers: &str) -> Directory {
        directory_of(base, &world(issuers))
    }

    fn directory_of(base: &str, world: &World) -> Directory {
        let url = Url::parse(base).unwrap();
        Directory::new(world, &Endpoints::new(&url, &url))
    }

    fn found(directory: &Directory, path: &str) -> String {
        match directory.destination(path) {
            Destination::Okta(server, endpoint) => format!("{} {endpoint:?}", server.url),
            Destination::Keycloak(realm, endpoint) => format!("{} {endpoint:?}", realm.url),
            Destination::Nowhere(nowhere) => format!("{nowhere:?}"),
        }
    }

    #[test]
    fn the_longest_issuer_path_wins() {
        let directory = directory("http://idp", "[{face: okta-org}, {face: okta}, {face: keycloak}]");
        assert_eq!(found(&directory, "/oauth2/default/v1/keys"), "http://idp/oauth2/default Keys");
        assert_eq!(found(&directory, "/oauth2/v1/keys"), "http://idp Keys");
        assert_eq!(found(&directory, "/realms/gloo"), "http://idp/realms/gloo Realm");
    }

    #[test]
    fn an_issuer_is_found_with_and_without_the_path_of_the_public_base_url() {
        let directory = directory("http://h/idp", "[{face: okta-org}, {face: okta}]");
        for path in ["/idp/oauth2/default/v1/token", "/oauth2/default/v1/token"] {
            assert_eq!(found(&directory, path), "http://h/idp/oauth2/default Token");
        }
        for path in ["/.well-known/oauth-authorization-server/idp", "/idp/.well-known/oauth-authorization-server"] {
            assert_eq!(found(&directory, path), "http://h/idp AuthorizationServer");
        }
    }

    #[test]
    fn a_base_path_that_looks_like_an_issuers_hides_no_issuer() {
        let directory = directory("http://h/oauth2", "[{face: okta-org}, {face: okta}]");
        assert_eq!(found(&directory, "/oauth2/default/v1/keys"), "http://h/oauth2/oauth2/default Keys");
    }

    #[test]
    fn where_nothing_is_the_owner_of_the_path_speaks() {
        let both = directory("http://idp", "[{face: okta-org}, {face: okta}, {face: keycloak}]");
        assert_eq!(found(&both, "/realms/nope/protocol/openid-connect/token"), "KeycloakRealm");
        assert_eq!(found(&both, "/realms/gloo/nope"), "KeycloakEndpoint");
        assert_eq!(found(&both, "/auth/realms/gloo"), "KeycloakPath");
        assert_eq!(found(&both, "/oauth2/nope/v1/token"), r#"OktaServer("nope")"#);
        assert_eq!(found(&both, "/nope"), "OktaPath");
        assert_eq!(found(&both, "/oauth2/"), "OktaPath");
        assert_eq!(found(&both, "/oauth2/default/nope"), "OktaPath");
        assert_eq!(found(&both, "/api/v1/apps"), r#"OktaManagement("api/v1")"#);
        assert_eq!(found(&both, "/admin/realms/gloo/clients"), "KeycloakAdmin");
        assert_eq!(found(&directory("http://idp", "[{face: keycloak}]"), "/nope"), "KeycloakPath");
        assert_eq!(found(&directory_of("http://idp", &World::default()), "/"), "NoIssuers");
    }

    #[test]
    fn a_realm_from_before_keycloak_17_sits_under_auth() {
        let directory = directory("http://idp", "[{face: keycloak, path: /auth/realms/gloo}]");
        assert_eq!(found(&directory, "/auth/realms/gloo"), "http://idp/auth/realms/gloo Realm");
        assert_eq!(found(&directory, "/auth/realms/nope"), "KeycloakRealm");
    }

    #[test]
    fn an_encoded_path_is_the_path_that_it_stands_for() {
        let encoded = "/realms/m%c3%bcller%20gmbh";
        let directory = directory("http://idp", &format!("[{{face: okta-org}}, {{face: keycloak, path: {encoded}}}]"));
        for path in [encoded, "/realms/m%C3%BCller%20gmbh", "/re%61lms/m%c3%BCller%20gmbh"] {
            assert_eq!(found(&directory, path), format!("http://idp{encoded} Realm"));
        }
        assert_eq!(found(&directory, "/oauth2/v1%2Fkeys"), r#"OktaServer("v1%2Fkeys")"#);
        assert_eq!(found(&directory, "/oauth2/%FF/v1/keys"), r#"OktaServer("%FF")"#);
    }
}
