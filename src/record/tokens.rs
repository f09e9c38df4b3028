//! The tokens that a portal was asked with, remembered, so that they can be looked for in what it answered.

use std::sync::{Arc, Mutex, PoisonError};

use secrecy::ExposeSecret as _;
use understudy_provider::{AccessToken, ClientCredentials, Config, HttpClient, SystemClock, TokenFuture, TokenSource};

/// A source of tokens that remembers each.
#[derive(Debug)]
pub(super) struct Remembering {
    source: ClientCredentials,
    given: Mutex<Vec<AccessToken>>,
}

impl Remembering {
    pub(super) fn new(config: &Config, http: HttpClient) -> Self {
        Self { source: ClientCredentials::new(config, http, Arc::new(SystemClock)), given: Mutex::default() }
    }

    /// Calls `see` with each token that was given.
    pub(super) fn each(&self, mut see: impl FnMut(&str)) {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.iter().for_each(|token| see(token.secret().expose_secret()));
    }
}

impl TokenSource for Remembering {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            let token = self.source.token().await?;
            let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
            if given.last().is_none_or(|last| last.secret().expose_secret() != token.secret().expose_secret()) {
                given.push(token.clone());
            }
            Ok(token)
        })
    }

    fn turned_away(&self, token: &AccessToken) {
        self.source.turned_away(token);
    }
}
