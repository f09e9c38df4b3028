//! Who there is, with every default filled in.

use std::time::Duration;

use crate::file::{ClientFile, FaceFile, IdentityFile, IssuerFile, UserFile};
use crate::{Client, Face, Grant, Group, Identity, Issuer, IssuerKeys, User};

pub(super) fn resolve(file: &IdentityFile) -> Identity {
    let issuers = file.issuers.as_ref().map_or_else(default_issuers, |issuers| issuers.iter().map(issuer).collect());
    let clients = file.clients.as_ref().map_or_else(default_clients, |clients| clients.iter().map(client).collect());
    let users: Vec<User> = file.users.as_ref().map_or_else(default_users, |users| users.iter().map(user).collect());
    let groups = match &file.groups {
        Some(groups) => groups.iter().map(|group| Group { name: group.name.clone() }).collect(),
        None => groups_of(&users),
    };
    Identity { issuers, clients, users, groups }
}

fn default_issuers() -> Vec<Issuer> {
    [FaceFile::Okta, FaceFile::OktaOrg, FaceFile::Keycloak].map(|face| issuer(&IssuerFile::new(face))).into()
}

fn issuer(file: &IssuerFile) -> Issuer {
    let (name, face, audience, minutes) = match file.face {
        FaceFile::Okta => {
            let server = file.server.clone().unwrap_or_else(|| "default".to_owned());
            ("okta", Face::OktaCustom { server }, "api://default", 60)
        }
        FaceFile::OktaOrg => ("okta-org", Face::OktaOrg, "", 60),
        FaceFile::Keycloak => {
            let realm = file.realm.clone().unwrap_or_else(|| "gloo".to_owned());
            ("keycloak", Face::Keycloak { realm }, "account", 5)
        }
    };
    // A fresh Okta has no scope of its own, and then refuses a client that asks for none: what every newcomer meets
    // first. The default here is an Okta that has been set up for the plugin.
    let own = if matches!(face, Face::Keycloak { .. }) { Vec::new() } else { vec!["portal".to_owned()] };
    let scopes = file.scopes.clone().unwrap_or(own);
    Issuer {
        name: file.name.clone().unwrap_or_else(|| name.to_owned()),
        default_scopes: file.default_scopes.clone().unwrap_or_else(|| scopes.clone()),
        scopes,
        audience: file.audience.clone().unwrap_or_else(|| audience.to_owned()),
        access_token_lifetime: file
            .access_token_lifetime
            .and_then(|lifetime| lifetime.try_into().ok())
            .unwrap_or(Duration::from_secs(minutes * 60)),
        path: file.path.clone().unwrap_or_else(|| default_path(file)),
        opaque_tokens: file.opaque_tokens,
        dropped_claims: file.drop_claims.clone(),
        keys: IssuerKeys::default(),
        face,
    }
}

/// Where an issuer sits whose file does not say it.
pub(crate) fn default_path(file: &IssuerFile) -> String {
    match file.face {
        FaceFile::Okta => format!("/oauth2/{}", file.server.as_deref().unwrap_or("default")),
        FaceFile::OktaOrg => String::new(),
        FaceFile::Keycloak => format!("/realms/{}", file.realm.as_deref().unwrap_or("gloo")),
    }
}

fn default_clients() -> Vec<Client> {
    vec![client(&ClientFile {
        secret: Some("backstage-dev-secret".into()),
        redirect_uris: ["okta", "oidc"]
            .map(|provider| format!("http://localhost:7007/api/auth/{provider}/handler/frame"))
            .into(),
        ..ClientFile::new("backstage")
    })]
}

fn client(file: &ClientFile) -> Client {
    let grants = file.grants.clone().unwrap_or_else(|| {
        let service = file.secret.as_ref().map(|_| Grant::ClientCredentials);
        service.into_iter().chain([Grant::AuthorizationCode, Grant::RefreshToken]).collect()
    });
    Client { id: file.id.clone(), secret: file.secret.clone(), grants, redirect_uris: file.redirect_uris.clone() }
}

fn default_users() -> Vec<User> {
    vec![user(&UserFile {
        name: Some("Dana Developer".to_owned()),
        ..UserFile::new("developer", "developer-dev-password")
    })]
}

fn user(file: &UserFile) -> User {
    User {
        username: file.username.clone(),
        password: file.password.clone(),
        name: file.name.clone().unwrap_or_else(|| file.username.clone()),
        email: file.email.clone().unwrap_or_else(|| format!("{}@example.com", file.username)),
        groups: file.groups.clone(),
    }
}

/// The groups that the users name, each once, in order.
fn groups_of(users: &[User]) -> Vec<Group> {
    let mut names: Vec<&String> = users.iter().flat_map(|user| &user.groups).collect();
    names.sort();
    names.dedup();
    names.into_iter().map(|name| Group { name: name.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::{Face, Grant, Scenario};

    #[test]
    fn identity_left_out_is_okta_its_org_and_keycloak_with_one_client() {
        let scenario = Scenario::from_yaml("test", "portal: {}").unwrap();
        let identity = &scenario.world().identity;
        let issuers: Vec<_> = identity.issuers.iter().map(|issuer| (&*issuer.name, &*issuer.path)).collect();
        assert_eq!(issuers, [("okta", "/oauth2/default"), ("okta-org", ""), ("keycloak", "/realms/gloo")]);
        assert_eq!(identity.issuers[0].default_scopes, ["portal"]);
        assert_eq!(identity.issuers[0].access_token_lifetime, Duration::from_secs(3600));
        assert_eq!(identity.issuers[2].access_token_lifetime, Duration::from_secs(300));
        assert_eq!(identity.clients[0].id, "backstage");
        assert_eq!(identity.clients[0].secret.as_ref().unwrap().expose(), "backstage-dev-secret");
        assert_eq!(identity.users[0].email, "developer@example.com");
        assert!(identity.groups.is_empty());
    }

    #[test]
    fn a_server_and_a_realm_are_part_of_the_path() {
        let text = "identity: {issuers: [{face: okta, server: portal}, {face: keycloak, realm: dev}]}";
        let scenario = Scenario::from_yaml("test", text).unwrap();
        let issuers = &scenario.world().identity.issuers;
        assert_eq!(issuers[0].face, Face::OktaCustom { server: "portal".to_owned() });
        assert_eq!((&*issuers[0].path, &*issuers[1].path), ("/oauth2/portal", "/realms/dev"));
    }

    #[test]
    fn a_client_without_a_secret_cannot_ask_for_itself() {
        let scenario = Scenario::from_yaml("test", "identity: {clients: [{id: ui}]}").unwrap();
        let grants = &scenario.world().identity.clients[0].grants;
        assert_eq!(*grants, [Grant::AuthorizationCode, Grant::RefreshToken]);
    }

    #[test]
    fn groups_left_out_are_those_that_users_name() {
        let text =
            "identity: {users: [{username: a, password: p, groups: [z, b]}, {username: c, password: p, groups: [b]}]}";
        let scenario = Scenario::from_yaml("test", text).unwrap();
        let groups: Vec<_> = scenario.world().identity.groups.iter().map(|group| &*group.name).collect();
        assert_eq!(groups, ["b", "z"]);
    }
}
