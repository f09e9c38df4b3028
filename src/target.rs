//! Where a sync goes: to mocks that are started for it, to servers that are there, or to one of each.

use secrecy::ExposeSecret as _;
use understudy_provider::{
    ClientAuth, Config, ConfigError, Discovery, HttpClient, SyncError, TokenEndpoint, TokenError,
};
use understudy_scenarios::OutsideIssuer;

use crate::{Stage, StageBuilder, StageError};

/// Where the portal and the identity provider are. A server that is there is only read: its portal is asked for lists and
/// documents, its identity provider for tokens.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Target {
    /// Both are mocks, started for it.
    #[default]
    Mocks,
    /// Both are there.
    Real(Box<Config>),
    /// The portal is there, and the identity provider is a mock, which that portal must trust. What the configuration says
    /// of tokens and clients is not looked at.
    RealPortal(Box<Config>),
    /// The identity provider is there, and the portal is a mock that trusts it. What the configuration says of the portal
    /// is not looked at.
    RealIdp {
        /// Where tokens come from, and who asks.
        config: Box<Config>,
        /// The issuer, where it is known besides the token endpoint.
        issuer: Option<String>,
    },
}

/// A target that can be asked: the mocks in it are up for as long as this value is there.
#[derive(Debug)]
pub struct Opened {
    /// The mocks; none where both servers are there. Where one is, the other mock of the stage is up too, and not asked.
    pub stage: Option<Stage>,
    /// How our provider reaches the portal and the token endpoint.
    pub config: Config,
}

/// Why a target can't be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// The configuration can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The mocks can't be started.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// The identity provider does not tell what the mock portal must know of it.
    #[error(transparent)]
    Issuer(#[from] TokenError),
    /// The token endpoint does not tell whose it is.
    #[error(
        "the mock portal must know whose tokens it is to trust, and the token endpoint does not tell: set ISSUER_URL \
         (Okta: Security > API > Authorization Servers > the server > Issuer URI; Keycloak: https://HOST/realms/REALM)"
    )]
    NoIssuer,
    /// The issuer has no keys to be trusted by.
    #[error(
        "the OpenID configuration of {0} names no jwks_uri, so that the mock portal has no keys to check its tokens by"
    )]
    NoKeys(String),
}

impl Target {
    /// Servers that are there.
    #[must_use]
    pub fn real(config: Config) -> Self {
        Self::Real(Box::new(config))
    }

    /// Whether the portal is one that is there, and so can't be changed.
    #[must_use]
    pub fn is_portal_real(&self) -> bool {
        matches!(self, Self::Real(_) | Self::RealPortal(_))
    }

    /// Whether the identity provider is one that is there.
    #[must_use]
    pub fn is_idp_real(&self) -> bool {
        matches!(self, Self::Real(_) | Self::RealIdp { .. })
    }

    /// Starts the mocks that are in it, set up as `stage` says.
    ///
    /// # Errors
    /// When they can't be started, or a mock portal can't learn whose tokens to trust.
    pub async fn open(&self, stage: StageBuilder) -> Result<Opened, TargetError> {
        match self {
            Self::Mocks => {
                let stage = stage.start().await?;
                let config = stage.provider_config(&stage.issuer()?)?;
                Ok(Opened { stage: Some(stage), config })
            }
            Self::Real(config) => Ok(Opened { stage: None, config: Config::clone(config) }),
            Self::RealPortal(real) => {
                let stage = stage.start().await?;
                let mock = stage.provider_config(&stage.issuer()?)?;
                let mut config = Config::clone(real);
                config.token_endpoint = mock.token_endpoint;
                config.client_id = mock.client_id;
                config.client_secret = mock.client_secret;
                config.client_auth = ClientAuth::Body;
                (config.scope, config.audience) = (None, None);
                Ok(Opened { stage: Some(stage), config: trusting(config, mock.ca_pem) })
            }
            Self::RealIdp { config: real, issuer } => {
                let outside = outside(real, issuer.as_deref()).await?;
                let secret = real.client_secret.expose_secret();
                let stage = stage.issuer_at(outside).service_account(&*real.client_id, secret).start().await?;
                let mock = stage.provider_config(&stage.issuer()?)?;
                let mut config = Config::clone(real);
                config.portal = mock.portal;
                Ok(Opened { stage: Some(stage), config: trusting(config, mock.ca_pem) })
            }
        }
    }
}

/// With the certificates of a mock trusted too.
fn trusting(mut config: Config, mock: Option<String>) -> Config {
    config.ca_pem = match (config.ca_pem, mock) {
        (Some(own), Some(mock)) => Some(format!("{own}\n{mock}")),
        (own, mock) => own.or(mock),
    };
    config
}

/// What a mock portal must know of a real identity provider.
async fn outside(config: &Config, issuer: Option<&str>) -> Result<OutsideIssuer, TargetError> {
    let issuer = match (&config.token_endpoint, issuer) {
        (_, Some(issuer)) => issuer.to_owned(),
        (TokenEndpoint::Issuer(issuer), None) => issuer.clone(),
        (TokenEndpoint::At(endpoint), None) => issuer_of(endpoint.as_str()).ok_or(TargetError::NoIssuer)?,
    };
    let found = Discovery::read(&HttpClient::new(config)?, &issuer).await?;
    let jwks_uri = found.jwks_uri.ok_or(TargetError::NoKeys(found.issuer.clone()))?;
    let mut roots = config.ca_pem.clone().unwrap_or_default();
    if let Some(path) = &config.ca_file {
        let told = |problem: std::io::Error| ConfigError::CaFile { path: path.clone(), problem: problem.to_string() };
        roots.push_str(&std::fs::read_to_string(path).map_err(told)?);
    }
    Ok(OutsideIssuer {
        issuer: found.issuer,
        token_endpoint: found.token_endpoint.to_string(),
        jwks_uri: jwks_uri.to_string(),
        ca_pem: (!roots.is_empty()).then_some(roots),
    })
}

/// The issuer whose token endpoint this is, by the paths that Keycloak and Okta have: Okta's org authorization server has
/// `/oauth2/v1/token` under its issuer, its others `/v1/token`.
fn issuer_of(token_endpoint: &str) -> Option<String> {
    let paths = ["/protocol/openid-connect/token", "/oauth2/v1/token", "/v1/token"];
    paths.iter().find_map(|path| token_endpoint.strip_suffix(path)).map(str::to_owned)
}

impl TargetError {
    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> understudy_provider::FailureKind {
        match self {
            Self::Config(_) | Self::Stage(_) | Self::NoIssuer => understudy_provider::FailureKind::Configuration,
            Self::NoKeys(_) => understudy_provider::FailureKind::Invalid,
            Self::Issuer(error) => SyncError::Token(error.clone()).kind(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_told_by_its_token_endpoint() {
        for (endpoint, issuer) in [
            ("https://kc.example/realms/gloo/protocol/openid-connect/token", Some("https://kc.example/realms/gloo")),
            ("https://a.okta.com/oauth2/default/v1/token", Some("https://a.okta.com/oauth2/default")),
            ("https://a.okta.com/oauth2/v1/token", Some("https://a.okta.com")),
            ("https://login.example/token", None),
        ] {
            assert_eq!(issuer_of(endpoint).as_deref(), issuer, "{endpoint}");
        }
    }
}
