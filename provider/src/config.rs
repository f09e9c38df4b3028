//! Where the portal and the token endpoint are, and who asks: all that a provider needs to know.

mod error;
mod server_url;
mod vars;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::entity::Profile;
use crate::retries::Retries;
use crate::schedule::Schedule;
use crate::token::AssertionKey;

pub use error::{ConfigError, MissingVariable, UrlProblem};
pub use server_url::ServerUrl;
pub(crate) use server_url::web_url;

/// What a [`Provider`](crate::Provider) needs to know. [`Config::new`] sets the defaults; the fields change them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The portal's REST server.
    pub portal: ServerUrl,
    /// Where tokens come from.
    pub token_endpoint: TokenEndpoint,
    /// The OAuth client's id.
    pub client_id: String,
    /// The OAuth client's secret.
    pub client_secret: SecretString,
    /// How the client proves itself; by the secret in the body by default, as the plugin does.
    pub client_auth: ClientAuth,
    /// The scopes to ask for, separated by spaces; none by default, as with the plugin.
    pub scope: Option<String>,
    /// The audience to ask for, where the identity provider takes one: the form's `audience`; none by default.
    pub audience: Option<String>,
    /// A PEM file of root certificates that are trusted besides the system's; a server on this machine by them alone.
    pub ca_file: Option<PathBuf>,
    /// Root certificates in PEM that are trusted like those of `ca_file`, for who has them in memory.
    pub ca_pem: Option<String>,
    /// How many requests to the portal may be under way at once; 16 by default.
    pub concurrency: NonZeroUsize,
    /// How long one request may take, its body included, in real time; 30 s by default.
    pub request_timeout: Duration,
    /// How many bytes one answer's body may have; 100 MB (10^8 bytes) by default.
    pub body_limit: u64,
    /// How failed requests are repeated; twice at most by default.
    pub retries: Retries,
    /// How often a running provider syncs, and for how long a sync may go on.
    pub schedule: Schedule,
    /// A file for the last good state, so that a provider that is started anew while the portal is down still gives the
    /// catalog; none by default. It holds what the portal shows, and none of the secrets here.
    pub state_file: Option<PathBuf>,
    /// What entities are made to show; what the plugin's do by default.
    pub profile: Profile,
}

impl Config {
    /// A configuration with the defaults for everything that has one.
    #[must_use]
    pub fn new(
        portal: ServerUrl,
        token_endpoint: TokenEndpoint,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
    ) -> Self {
        Self {
            portal,
            token_endpoint,
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            client_auth: ClientAuth::default(),
            scope: None,
            audience: None,
            ca_file: None,
            ca_pem: None,
            concurrency: NonZeroUsize::new(16).expect("16 is not 0"),
            request_timeout: Duration::from_secs(30),
            body_limit: 100_000_000,
            retries: Retries::default(),
            schedule: Schedule::default(),
            state_file: None,
            profile: Profile::default(),
        }
    }

    /// Reads the variables of the Gloo guide, through a function such as `|name| std::env::var(name).ok()`.
    ///
    /// | variable | what it is |
    /// |---|---|
    /// | `PORTAL_SERVER_URL` | the portal's REST server, with `/v1`; taken as it is but for one trailing slash |
    /// | `PORTAL_URL` | the same, with or without `/v1` |
    /// | `TOKEN_ENDPOINT` | where tokens come from; wins over `ISSUER_URL` |
    /// | `ISSUER_URL` | the issuer, whose token endpoint is then discovered |
    /// | `CLIENT_ID`, `CLIENT_SECRET` | the OAuth client |
    /// | `SCOPE` | optional: the scopes to ask for |
    /// | `CA_FILE` | optional: a PEM file of further root certificates |
    ///
    /// A variable that is empty or only white space counts as not set.
    ///
    /// # Errors
    /// When a variable is missing (all that are, at once, with where to find their values), when a URL cannot be used,
    /// or when `PORTAL_URL` and `PORTAL_SERVER_URL` name two servers.
    pub fn from_vars(vars: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        vars::read(vars)
    }
}

/// Where tokens come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenEndpoint {
    /// The token endpoint itself.
    At(Url),
    /// The issuer; its token endpoint is discovered at `<issuer>/.well-known/openid-configuration` (OpenID Connect
    /// Discovery 1.0, section 4). The text is compared with the `issuer` found there, character by character.
    Issuer(String),
}

impl TokenEndpoint {
    /// The token endpoint's own URL.
    ///
    /// # Errors
    /// When it is no http or https URL, or holds credentials.
    pub fn at(url: &str) -> Result<Self, UrlProblem> {
        web_url(url).map(Self::At)
    }

    /// The issuer whose token endpoint is to be discovered.
    ///
    /// # Errors
    /// When it is no http or https URL, or holds credentials.
    pub fn issuer(url: &str) -> Result<Self, UrlProblem> {
        web_url(url).map(|_| Self::Issuer(url.trim().to_owned()))
    }
}

/// How the client proves itself to the token endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuth {
    /// By the secret, as `client_secret` in the form (RFC 6749 section 2.3.1), as the plugin does.
    #[default]
    Body,
    /// By the secret, in the `Authorization: Basic` header.
    Basic,
    /// By a signature of its private key, `private_key_jwt` (RFC 7523 section 2.2); the secret is then not used.
    PrivateKeyJwt(AssertionKey),
}
