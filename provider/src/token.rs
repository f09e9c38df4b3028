//! Access tokens: what they are, and where they come from.

mod answer;
mod assertion;
mod client_credentials;
mod discovery;
mod error;
mod grant;
mod kept;
#[cfg(test)]
mod properties;
mod remedy;

use std::fmt;
use std::pin::Pin;
use std::time::SystemTime;

use secrecy::{ExposeSecret, SecretString};

pub use assertion::{AssertionKey, InvalidKey};
pub use client_credentials::ClientCredentials;
pub use discovery::Discovery;
pub use error::TokenError;

/// What [`TokenSource::token`] returns.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// Where access tokens come from.
///
/// [`ClientCredentials`] is the usual one. Another may read a file, or ask a token broker:
///
/// ```
/// use understudy_provider::{AccessToken, InvalidToken, TokenFuture, TokenSource};
///
/// /// A token that somebody else got.
/// #[derive(Debug)]
/// struct Given(AccessToken);
///
/// impl TokenSource for Given {
///     fn token(&self) -> TokenFuture<'_> {
///         Box::pin(async { Ok(self.0.clone()) })
///     }
/// }
///
/// let source = Given(AccessToken::new("eyJhbGciOi…".replace('…', ""), None)?);
/// # Ok::<(), InvalidToken>(())
/// ```
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// A token that is good now. It is asked for before every request to the portal, so a source keeps its token and
    /// gets a new one only shortly before that ends.
    fn token(&self) -> TokenFuture<'_>;

    /// Takes it that the portal answered 401 to this token, before a token is asked for again. A source that can get
    /// another one then drops this one; the request is repeated once if the next token is another. One that can't, the
    /// default, does nothing.
    fn turned_away(&self, token: &AccessToken) {
        let _ = token;
    }
}

/// An access token, which is secret, and when it ends.
#[derive(Clone)]
pub struct AccessToken {
    secret: SecretString,
    expires_at: Option<SystemTime>,
}

impl AccessToken {
    /// A token and when it ends, where that is known.
    ///
    /// # Errors
    /// When the token is empty or has characters that a bearer token can't have: anything but visible ASCII
    /// (RFC 6749 appendix A.12).
    pub fn new(token: impl Into<SecretString>, expires_at: Option<SystemTime>) -> Result<Self, InvalidToken> {
        let secret = token.into();
        let token = secret.expose_secret();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidToken);
        }
        Ok(Self { secret, expires_at })
    }

    /// When the token ends, where that is known.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }

    /// The token itself, for who must show it to a server, or look that it is nowhere.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }

    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AccessToken").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// A text that can't be an access token. It is not told, since it may be one after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the access token is empty, or has characters other than visible ASCII")]
pub struct InvalidToken;
