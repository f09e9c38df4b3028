//! The block of a Backstage `app-config.local.yaml` that points the plugin at a stage.

use std::fmt;

use secrecy::ExposeSecret as _;
use understudy_provider::{Config, TokenEndpoint};
use understudy_scenarios::Secret;

use crate::stage::{Controls, IssuerAddress, Stage, StageError};

/// All seven keys of `glooPlatformPortal.backend`, with this stage's values, as YAML to paste: see its `Display`.
///
/// It holds the client secret in the clear, as Backstage needs it, unless that is left to a variable
/// ([`secret_from`](Self::secret_from)); its `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct AppConfig {
    portal_server_url: String,
    issuer: IssuerAddress,
    other_issuers: Vec<IssuerAddress>,
    client_id: String,
    client_secret: ClientSecret,
}

/// How the secret is written.
#[derive(Clone, Debug)]
enum ClientSecret {
    Itself(Secret),
    /// As a variable that Backstage substitutes.
    Variable(&'static str),
}

/// Measured with the plugin 0.0.74 in a real Backstage.
const WHY_SHORT: &str = "    \
    # Short on purpose: a token endpoint as quick as this one may answer before Backstage has\n    \
    # connected the plugin. Its first sync then fails with \"Not initialized\", and the catalog\n    \
    # stays empty until the next one, a syncFrequency later.\n";

impl AppConfig {
    /// The configuration that points the plugin at servers that are there; none where the token endpoint is to be
    /// discovered, which the plugin can't.
    pub(crate) fn of(config: &Config) -> Option<Self> {
        let TokenEndpoint::At(token_endpoint) = &config.token_endpoint else { return None };
        let issuer = IssuerAddress {
            name: String::new(),
            kind: "",
            issuer: String::new(),
            token_endpoint: token_endpoint.to_string(),
            jwks_uri: String::new(),
        };
        Some(Self {
            portal_server_url: config.portal.to_string(),
            issuer,
            other_issuers: Vec::new(),
            client_id: config.client_id.clone(),
            client_secret: ClientSecret::Itself(config.client_secret.expose_secret().into()),
        })
    }

    /// With the secret left to an environment variable, which Backstage substitutes: for one that is nobody's business.
    #[must_use]
    pub fn secret_from(mut self, variable: &'static str) -> Self {
        self.client_secret = ClientSecret::Variable(variable);
        self
    }
}

impl Stage {
    /// The configuration that points the plugin at this stage: its token from the first issuer, the others in comments.
    ///
    /// # Errors
    /// When a change of the world has left no issuer or no service account.
    pub fn app_config(&self) -> Result<AppConfig, StageError> {
        self.controls().app_config()
    }
}

impl Controls {
    /// What [`Stage::app_config`] answers.
    pub(crate) fn app_config(&self) -> Result<AppConfig, StageError> {
        let issuer = self.issuer()?;
        // One other of each kind is enough to choose from: an Okta's own org is seldom what a plugin is pointed at.
        let mut other_issuers: Vec<IssuerAddress> = Vec::new();
        for other in self.issuers() {
            if other.kind != issuer.kind && other_issuers.iter().all(|seen| seen.kind != other.kind) {
                other_issuers.push(other);
            }
        }
        let client = self.service_account()?;
        Ok(AppConfig {
            portal_server_url: self.portal_server_url(),
            issuer,
            other_issuers,
            client_id: client.id,
            client_secret: ClientSecret::Itself(client.secret.ok_or(StageError::NoServiceAccount)?),
        })
    }
}

impl fmt::Display for AppConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "glooPlatformPortal:")?;
        writeln!(formatter, "  backend:")?;
        writeln!(formatter, "    portalServerUrl: {}", Scalar(&self.portal_server_url))?;
        writeln!(formatter, "    tokenEndpoint: {}", Scalar(&self.issuer.token_endpoint))?;
        for other in &self.other_issuers {
            writeln!(formatter, "    # {}: {}", other.name.escape_debug(), Scalar(&other.token_endpoint))?;
        }
        writeln!(formatter, "    clientId: {}", Scalar(&self.client_id))?;
        match &self.client_secret {
            ClientSecret::Itself(secret) => writeln!(formatter, "    clientSecret: {}", Scalar(secret.expose()))?,
            ClientSecret::Variable(name) => writeln!(formatter, "    clientSecret: ${{{name}}}")?,
        }
        formatter.write_str(WHY_SHORT)?;
        duration(formatter, "syncFrequency", 10)?;
        duration(formatter, "syncTimeout", 5)?;
        writeln!(formatter, "    debugLogging: false")
    }
}

/// The form that the plugin reads: four members, summed up.
fn duration(formatter: &mut fmt::Formatter<'_>, key: &str, seconds: u32) -> fmt::Result {
    writeln!(formatter, "    {key}:")?;
    for (unit, amount) in [("hours", 0), ("minutes", 0), ("seconds", seconds), ("milliseconds", 0)] {
        writeln!(formatter, "      {unit}: {amount}")?;
    }
    Ok(())
}

/// A text as a YAML scalar that Backstage reads as that very text.
struct Scalar<'a>(&'a str);

impl fmt::Display for Scalar<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Backstage substitutes `${NAME}` in any text, and takes `$${` for a literal `${`.
        let text = self.0.replace("${", "$${");
        if is_plain(&text) {
            formatter.write_str(&text)
        } else {
            // A JSON string is a double-quoted YAML scalar.
            write!(formatter, "{}", serde_json::Value::from(text))
        }
    }
}

/// Whether YAML takes `text` without quotes for a text, and for no other.
fn is_plain(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@".contains(&byte);
    let reserved = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(word)
        && !text.ends_with(':')
        && !reserved.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_yaml_would_take_for_something_else_is_quoted() {
        for text in ["true", "No", "12", "", "a: b", "#x", "a b", "ends:", "\"", "é", "http://[::1]:1"] {
            assert!(Scalar(text).to_string().starts_with('"'), "{text}");
        }
        assert_eq!(Scalar("http://localhost:31080/v1").to_string(), "http://localhost:31080/v1");
    }

    #[test]
    fn what_backstage_would_substitute_is_escaped() {
        assert_eq!(Scalar("a${HOME}").to_string(), r#""a$${HOME}""#);
    }
}
