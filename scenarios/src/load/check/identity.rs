//! What issuers, clients, users and groups must hold to.

use jiff::SignedDuration;
use url::Url;

use super::{Taken, item, not_empty};
use crate::Grant;
use crate::file::{ClientFile, FaceFile, IdentityFile, IssuerFile, UserFile};
use crate::load::error::Mistake;
use crate::load::trail::{Trail, trail};
use crate::load::wording::{did_you_mean, listed, quoted};
use crate::scenario::default_path;
use crate::step::{is_lifetime, unknown_claim};

pub(super) fn check(file: &IdentityFile) -> Result<(), Mistake> {
    if let Some(issuers) = &file.issuers {
        check_issuers(issuers)?;
    }
    if let Some(clients) = &file.clients {
        check_clients(clients)?;
    }
    let groups = file.groups.as_deref();
    if let Some(groups) = groups {
        let mut names = Taken::new("the group");
        for (position, group) in groups.iter().enumerate() {
            let name = || item(&["identity", "groups"], position).then("name");
            not_empty(&group.name, name, "a group's name")?;
            names.take(&group.name, name())?;
        }
    }
    let groups: Option<Vec<&str>> = groups.map(|groups| groups.iter().map(|group| &*group.name).collect());
    check_users(file.users.as_deref().unwrap_or_default(), groups.as_deref())
}

fn check_issuers(issuers: &[IssuerFile]) -> Result<(), Mistake> {
    if issuers.is_empty() {
        return Err(Mistake::at(trail!["identity", "issuers"], "there is no issuer: nobody could get a token")
            .help("without `issuers` there are an Okta server `default`, its org and a Keycloak realm `gloo`"));
    }
    let names: Vec<&str> = issuers.iter().map(name).collect();
    let paths: Vec<String> =
        issuers.iter().map(|issuer| issuer.path.clone().unwrap_or_else(|| default_path(issuer))).collect();
    let (mut taken_names, mut taken_paths) = (Taken::new("the issuer"), Taken::new("the issuer's path"));
    for (position, issuer) in issuers.iter().enumerate() {
        let at = item(&["identity", "issuers"], position);
        check_issuer(issuer, &paths[position], &at)?;
        taken_names
            .take(names[position], if issuer.name.is_some() { at.then("name") } else { at.clone() })
            .map_err(|mistake| mistake.help("issuers of one face are told apart by `name`"))?;
        taken_paths
            .take(&paths[position], path_at(issuer, &at))
            .map_err(|mistake| mistake.help("issuers are told apart by `path`, `server` or `realm`"))?;
    }
    Ok(())
}

/// What the issuers are called, those of the default included.
pub(super) fn issuer_names(file: &IdentityFile) -> Vec<&str> {
    file.issuers
        .as_ref()
        .map_or_else(|| vec!["okta", "okta-org", "keycloak"], |issuers| issuers.iter().map(name).collect())
}

fn name(issuer: &IssuerFile) -> &str {
    issuer.name.as_deref().unwrap_or(match issuer.face {
        FaceFile::Okta => "okta",
        FaceFile::OktaOrg => "okta-org",
        FaceFile::Keycloak => "keycloak",
    })
}

/// Where the file says what an issuer's path is.
fn path_at(issuer: &IssuerFile, at: &Trail) -> Trail {
    match issuer {
        IssuerFile { path: Some(_), .. } => at.then("path"),
        IssuerFile { server: Some(_), .. } => at.then("server"),
        IssuerFile { realm: Some(_), .. } => at.then("realm"),
        _ => at.clone(),
    }
}

fn check_issuer(issuer: &IssuerFile, path: &str, at: &Trail) -> Result<(), Mistake> {
    if let Some(name) = &issuer.name {
        not_empty(name, || at.then("name"), "the issuer's name")?;
    }
    if issuer.server.is_some() && issuer.face != FaceFile::Okta {
        return Err(Mistake::at_key(at.then("server"), format!("{} has no `server`", vendor(issuer.face)))
            .help("a `server` is an Okta custom authorization server: `face: okta`"));
    }
    if issuer.realm.is_some() && issuer.face != FaceFile::Keycloak {
        return Err(Mistake::at_key(at.then("realm"), format!("{} has no `realm`", vendor(issuer.face)))
            .help("a `realm` is Keycloak's: `face: keycloak`"));
    }
    if let Some(server) = &issuer.server {
        one_segment(server, "server", at)?;
    }
    if let Some(realm) = &issuer.realm {
        one_segment(realm, "realm", at)?;
    }
    check_path(path, || path_at(issuer, at))?;
    if let Some(lifetime) = issuer.access_token_lifetime {
        check_lifetime(lifetime, || at.then("accessTokenLifetime"))?;
    }
    for (position, claim) in issuer.drop_claims.iter().enumerate() {
        if let Some((message, help)) = unknown_claim(claim) {
            return Err(Mistake::at(at.then("dropClaims").then(position), message).help(help));
        }
    }
    check_scopes(issuer, at)
}

fn vendor(face: FaceFile) -> &'static str {
    match face {
        FaceFile::Okta => "an Okta custom authorization server",
        FaceFile::OktaOrg => "an Okta org",
        FaceFile::Keycloak => "a Keycloak realm",
    }
}

fn one_segment(id: &str, key: &str, at: &Trail) -> Result<(), Mistake> {
    not_empty(id, || at.then(key), &format!("`{key}`"))?;
    if id.contains('/') {
        return Err(Mistake::at(at.then(key), format!("`{key}` is one part of a path: it can't hold `/`"))
            .help("a whole path goes to `path`"));
    }
    Ok(())
}

/// RFC 3986, section 3.3: a path is made of these characters; any other goes as `%XX`.
fn check_path(path: &str, at: impl Fn() -> Trail) -> Result<(), Mistake> {
    if path.is_empty() {
        return Ok(());
    }
    if !path.starts_with('/') || path.ends_with('/') {
        let message = format!("an issuer's path starts with `/` and does not end with one, found {}", quoted(path));
        return Err(
            Mistake::at(at(), message).help("an empty path (`\"\"`) is the identity provider's base URL itself")
        );
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%".contains(c);
    if let Some(odd) = path.chars().find(|c| !allowed(*c)) {
        let odd = if odd == ' ' { "a space".to_owned() } else { quoted(&odd.to_string()) };
        return Err(Mistake::at(at(), format!("an issuer's path is part of a URL: it can't hold {odd}")));
    }
    if path[1..].split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(Mistake::at(
            at(),
            format!("no part of an issuer's path is empty, `.` or `..`, found {}", quoted(path)),
        ));
    }
    Ok(())
}

fn check_lifetime(lifetime: SignedDuration, at: impl FnOnce() -> Trail) -> Result<(), Mistake> {
    if is_lifetime(lifetime) {
        return Ok(());
    }
    let message = format!("a token's lifetime is in whole seconds, from `1s` to a hundred years, found `{lifetime:#}`");
    Err(Mistake::at(at(), message))
}

fn check_scopes(issuer: &IssuerFile, at: &Trail) -> Result<(), Mistake> {
    let own = ["portal".to_owned()];
    let scopes = issuer.scopes.as_deref().unwrap_or(if issuer.face == FaceFile::Keycloak { &[] } else { &own });
    for (position, scope) in issuer.scopes.iter().flatten().enumerate() {
        // RFC 6749, section 3.3: scopes are sent in one text, with spaces between.
        let allowed = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
        if scope.is_empty() || !scope.chars().all(allowed) {
            let message = "a scope is one word of ASCII letters, digits and signs, without spaces and quotes";
            return Err(Mistake::at(at.then("scopes").then(position), message));
        }
    }
    for (position, scope) in issuer.default_scopes.iter().flatten().enumerate() {
        if !scopes.contains(scope) {
            let known = || scopes.iter().map(String::as_str);
            let message =
                format!("the default scope {} is not one of `scopes`{}", quoted(scope), did_you_mean(scope, known()));
            let mistake = Mistake::at(at.then("defaultScopes").then(position), message);
            return Err(if scopes.is_empty() {
                mistake.help("this issuer has no scopes: list them in `scopes`")
            } else {
                mistake.help(format!("its scopes: {}", listed(known())))
            });
        }
    }
    Ok(())
}

fn check_clients(clients: &[ClientFile]) -> Result<(), Mistake> {
    if clients.is_empty() {
        return Err(Mistake::at(trail!["identity", "clients"], "there is no client: nobody could ask for a token")
            .help("without `clients` there is one, `backstage`"));
    }
    let mut ids = Taken::new("the client id");
    for (position, client) in clients.iter().enumerate() {
        let at = item(&["identity", "clients"], position);
        not_empty(&client.id, || at.then("id"), "the client's id")?;
        ids.take(&client.id, at.then("id"))?;
        check_client(client, &at)?;
    }
    Ok(())
}

fn check_client(client: &ClientFile, at: &Trail) -> Result<(), Mistake> {
    match &client.secret {
        Some(secret) => not_empty(secret.expose(), || at.then("secret"), "the client's secret")
            .map_err(|mistake| mistake.help("a public client is one without `secret`"))?,
        None => {
            let grants = client.grants.as_deref().unwrap_or_default();
            if let Some(position) = grants.iter().position(|grant| *grant == Grant::ClientCredentials) {
                let message = format!(
                    "the client {} has no secret, and `client_credentials` is for those that have one",
                    quoted(&client.id)
                );
                return Err(Mistake::at(at.then("grants").then(position), message).help("give it a `secret`"));
            }
        }
    }
    for (position, uri) in client.redirect_uris.iter().enumerate() {
        // RFC 6749, section 3.1.2: absolute, without a fragment.
        let problem = match Url::parse(uri) {
            Ok(url) if url.fragment().is_none() => continue,
            Ok(_) => "has no fragment (`#…`)",
            Err(_) => "is an absolute URL",
        };
        let message = format!("a redirect URI {problem}, found {}", quoted(uri));
        return Err(Mistake::at(at.then("redirectUris").then(position), message)
            .help("such as `http://localhost:7007/api/auth/okta/handler/frame`"));
    }
    Ok(())
}

fn check_users(users: &[UserFile], groups: Option<&[&str]>) -> Result<(), Mistake> {
    let mut names = Taken::new("the user");
    for (position, user) in users.iter().enumerate() {
        let at = item(&["identity", "users"], position);
        not_empty(&user.username, || at.then("username"), "the username")?;
        names.take(&user.username, at.then("username"))?;
        not_empty(user.password.expose(), || at.then("password"), "the password")?;
        for (position, group) in user.groups.iter().enumerate() {
            let trail = || at.then("groups").then(position);
            not_empty(group, trail, "a group's name")?;
            if let Some(groups) = groups
                && !groups.contains(&&**group)
            {
                let meant = did_you_mean(group, groups.iter().copied());
                return Err(Mistake::at(trail(), format!("there is no group {}{meant}", quoted(group)))
                    .help(format!("the groups in `identity.groups`: {}", listed(groups.iter().copied()))));
            }
        }
    }
    Ok(())
}
