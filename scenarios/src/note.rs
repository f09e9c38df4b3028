//! What a mock tells its stage about an answer, beside the answer.

use std::borrow::Cow;
use std::sync::Arc;

/// Left in the extensions of every response of a mock. The stage's journal and the line on the terminal are made of
/// it; it never reaches the wire, and holds no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// The route that matched, in the contract's words: `GET /v1/apis/{id}/schema`.
    pub route: Option<&'static str>,
    /// The client id that the caller named, or that its token names.
    pub caller: Option<Arc<str>>,
    /// What the answer holds, in a few words: `2 products`.
    pub outcome: Option<Cow<'static, str>>,
    /// Why the caller was turned away.
    pub refusal: Option<Refusal>,
}

/// Why a caller was turned away, for a person to read: `token expired 12 s ago`. Never holds what was presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub Cow<'static, str>);

impl Note {
    /// A note about a request that matched `route`.
    #[must_use]
    pub fn of(route: &'static str) -> Self {
        Self { route: Some(route), ..Self::default() }
    }

    /// Adds who called.
    #[must_use]
    pub fn caller(mut self, client_id: impl Into<Arc<str>>) -> Self {
        self.caller = Some(client_id.into());
        self
    }

    /// Adds what the answer holds.
    #[must_use]
    pub fn outcome(mut self, words: impl Into<Cow<'static, str>>) -> Self {
        self.outcome = Some(words.into());
        self
    }

    /// Adds why the caller was turned away.
    #[must_use]
    pub fn refused(mut self, why: impl Into<Cow<'static, str>>) -> Self {
        self.refusal = Some(Refusal(why.into()));
        self
    }
}
