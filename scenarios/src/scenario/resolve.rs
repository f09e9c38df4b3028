//! From what a file says to a world in which nothing is left out.

use std::time::Duration;

use jiff::Timestamp;

use super::file::{
    ClientFile, FaceFile, FamilyFile, IssuerFile, PortalFile, ProductFile, ScenarioFile, SpecFile, UserFile,
    VersionFile,
};
use crate::{
    Access, ApiId, Client, Face, Family, Grant, Group, Identity, Issuer, Portal, Product, RateLimit, Shape, Spec,
    Status, UsagePlan, User, Version, World,
};

impl ScenarioFile {
    pub(super) fn resolve(&self) -> Result<World, String> {
        let identity = identity(self);
        let portal = portal(&self.portal, &identity)?;
        Ok(World { identity, portal })
    }
}

fn identity(file: &ScenarioFile) -> Identity {
    let file = &file.identity;
    let issuers = file.issuers.as_ref().map_or_else(default_issuers, |issuers| issuers.iter().map(issuer).collect());
    let clients = file.clients.as_ref().map_or_else(default_clients, |clients| clients.iter().map(client).collect());
    let users: Vec<User> = file.users.as_ref().map_or_else(default_users, |users| users.iter().map(user).collect());
    let groups = match &file.groups {
        Some(groups) => groups.iter().map(|group| Group { name: group.name.clone() }).collect(),
        None => {
            let mut names: Vec<&String> = users.iter().flat_map(|user| &user.groups).collect();
            names.sort();
            names.dedup();
            names.into_iter().map(|name| Group { name: name.clone() }).collect()
        }
    };
    Identity { issuers, clients, users, groups }
}

fn default_issuers() -> Vec<Issuer> {
    [FaceFile::Okta, FaceFile::OktaOrg, FaceFile::Keycloak]
        .map(|face| {
            issuer(&IssuerFile {
                face,
                name: None,
                server: None,
                realm: None,
                path: None,
                scopes: None,
                default_scopes: None,
                audience: None,
                access_token_lifetime: None,
            })
        })
        .into()
}

fn issuer(file: &IssuerFile) -> Issuer {
    let (name, face, path, audience, minutes) = match file.face {
        FaceFile::Okta => {
            let server = file.server.as_deref().unwrap_or("default");
            let path = format!("/oauth2/{server}");
            ("okta", Face::OktaCustom { server: server.to_owned() }, path, "api://default", 60)
        }
        FaceFile::OktaOrg => ("okta-org", Face::OktaOrg, String::new(), "", 60),
        FaceFile::Keycloak => {
            let realm = file.realm.as_deref().unwrap_or("gloo");
            let path = format!("/realms/{realm}");
            ("keycloak", Face::Keycloak { realm: realm.to_owned() }, path, "account", 5)
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
        face,
        path: file.path.clone().unwrap_or(path),
    }
}

fn default_clients() -> Vec<Client> {
    vec![client(&ClientFile {
        id: "backstage".to_owned(),
        secret: Some("backstage-dev-secret".into()),
        grants: None,
        redirect_uris: vec!["http://localhost:7007/api/auth/okta/handler/frame".to_owned()],
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
        username: "developer".to_owned(),
        password: "developer-dev-password".into(),
        name: Some("Dana Developer".to_owned()),
        email: None,
        groups: Vec::new(),
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

fn portal(file: &PortalFile, identity: &Identity) -> Result<Portal, String> {
    let family = match file.family {
        FamilyFile::GlooMeshGateway => {
            let shape = file.shape.unwrap_or(Shape::Grouped);
            let inline_specs = file.inline_specs.unwrap_or(shape == Shape::Flat);
            Family::GlooMeshGateway { shape, inline_specs }
        }
        FamilyFile::GlooGateway => Family::GlooGateway,
    };
    let access = Access {
        issuers: file
            .auth
            .issuers
            .clone()
            .unwrap_or_else(|| identity.issuers.iter().map(|issuer| issuer.name.clone()).collect()),
        audience: file.auth.audience.clone(),
    };
    let usage_plans: Vec<UsagePlan> = file
        .usage_plans
        .iter()
        .map(|plan| UsagePlan {
            name: plan.name.clone(),
            auth_types: plan.auth_types.clone().unwrap_or_else(|| vec!["apiKeyAuth".to_owned()]),
            rate_limit: plan.rate_limit.map(|limit| RateLimit { requests_per_unit: limit.requests, unit: limit.per }),
        })
        .collect();
    let products = file.products.iter().map(|file| product(file, &usage_plans)).collect::<Result<_, _>>()?;
    Ok(Portal { family, access, products, usage_plans })
}

fn product(file: &ProductFile, plans: &[UsagePlan]) -> Result<Product, String> {
    let name = file.name.clone().unwrap_or_else(|| file.id.to_string());
    let created_at = file.created_at.unwrap_or_else(start_of_2026);
    let product = Product {
        id: file.id.clone(),
        name,
        description: file.description.clone(),
        contact_email: file.contact_email.clone(),
        auto_approval: file.auto_approval,
        metadata: file.custom_metadata.clone(),
        created_at,
        updated_at: file.updated_at.unwrap_or(created_at),
        versions: Vec::new(),
    };
    let versions = file.versions.iter().map(|file| version(file, &product, plans)).collect::<Result<_, _>>()?;
    Ok(Product { versions, ..product })
}

fn version(file: &VersionFile, product: &Product, plans: &[UsagePlan]) -> Result<Version, String> {
    let title = file.title.clone().unwrap_or_else(|| product.name.clone());
    let created_at = file.created_at.unwrap_or(product.created_at);
    let spec = match &file.spec {
        Some(SpecFile::Inline(spec)) => spec.clone(),
        Some(SpecFile::Path(path)) => return Err(format!("{path}: files are read by the loader")),
        None => Spec::placeholder(&title, &file.name),
    };
    Ok(Version {
        id: file.id.clone().unwrap_or_else(|| ApiId::from(format!("{}-{}", product.id, file.name))),
        name: file.name.clone(),
        description: file.description.clone().or_else(|| product.description.clone()),
        contact: file.contact.clone().or_else(|| product.contact_email.clone()),
        license: file.license.clone(),
        terms_of_service: file.terms_of_service.clone(),
        lifecycle: file.lifecycle.clone(),
        status: file.status.unwrap_or(Status::Published),
        usage_plans: file.usage_plans.clone().unwrap_or_else(|| plans.iter().map(|plan| plan.name.clone()).collect()),
        metadata: file.custom_metadata.clone(),
        created_at,
        updated_at: file.updated_at.unwrap_or(created_at),
        title,
        spec,
    })
}

fn start_of_2026() -> Timestamp {
    Timestamp::from_second(1_767_225_600).expect("a second of 2026 is a time")
}

#[cfg(test)]
mod tests {
    use crate::Scenario;

    #[test]
    fn the_smallest_scenario_is_one_product_with_one_version() {
        let text = "portal: {products: [{id: petstore, versions: [{name: v1}]}]}";
        let scenario = Scenario::from_yaml("smallest", text).unwrap();
        let world = scenario.world();
        assert_eq!(world.portal.products[0].versions[0].id.as_str(), "petstore-v1");
        assert_eq!(world.identity.issuers.len(), 3);
        assert_eq!(world.identity.clients[0].id, "backstage");
    }
}
