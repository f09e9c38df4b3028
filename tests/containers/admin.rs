//! As much of Keycloak's admin API as makes a fresh one fit for tests: a realm, clients, users.

use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::KeycloakError;

/// An administrator who has logged in. The login lasts for a minute.
pub(crate) struct Admin {
    http: Client,
    base: String,
    token: String,
}

impl Admin {
    pub(crate) async fn log_in(base: &str, username: &str, password: &str) -> Result<Self, KeycloakError> {
        let http = Client::builder().no_proxy().build()?;
        let form =
            [("grant_type", "password"), ("client_id", "admin-cli"), ("username", username), ("password", password)];
        let token = http.post(format!("{base}/realms/master/protocol/openid-connect/token")).form(&form).send().await?;
        let token: Value = done("the administrator's login", token).await?.json().await?;
        let token = token["access_token"].as_str().unwrap_or_default().to_owned();
        Ok(Self { http, base: base.to_owned(), token })
    }

    pub(crate) async fn create_realm(&self, realm: &str) -> Result<(), KeycloakError> {
        self.create("", &json!({"realm": realm, "enabled": true})).await
    }

    /// A client with logins by code, confidential where there is a secret.
    pub(crate) async fn create_client(
        &self,
        realm: &str,
        id: &str,
        secret: Option<&str>,
        service_account: bool,
        redirect_uri: &str,
    ) -> Result<(), KeycloakError> {
        let mut client = json!({
            "clientId": id,
            "enabled": true,
            "protocol": "openid-connect",
            "publicClient": secret.is_none(),
            "serviceAccountsEnabled": service_account,
            "standardFlowEnabled": true,
            "directAccessGrantsEnabled": false,
            "redirectUris": [redirect_uri],
        });
        if let Some(secret) = secret {
            client["secret"] = secret.into();
        }
        self.create(&format!("/{realm}/clients"), &client).await
    }

    pub(crate) async fn create_user(&self, realm: &str, name: &str, password: &str) -> Result<(), KeycloakError> {
        let user = json!({
            "username": name,
            "enabled": true,
            "email": format!("{name}@example.com"),
            "emailVerified": true,
            "firstName": name,
            "lastName": "of the portal",
            "credentials": [{"type": "password", "value": password, "temporary": false}],
        });
        self.create(&format!("/{realm}/users"), &user).await
    }

    async fn create(&self, path: &str, what: &Value) -> Result<(), KeycloakError> {
        let url = format!("{}/admin/realms{path}", self.base);
        let answer = self.http.post(&url).bearer_auth(&self.token).json(what).send().await?;
        done(&format!("POST /admin/realms{path}"), answer).await.map(drop)
    }
}

async fn done(what: &str, answer: Response) -> Result<Response, KeycloakError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    Err(KeycloakError::Refused { what: what.to_owned(), status, body: answer.text().await.unwrap_or_default() })
}
